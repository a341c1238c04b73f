/* valisectl-disk.c - the commands that keep the record safe: backup, restore, verify
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <stdlib.h>

#include "valise-account-verify.h"
#include "valise-backup.h"
#include "valise-index-extract.h"
#include "valise-mend.h"

#include "valisectl-print.h"
#include "valisectl.h"

static char *
dup_data_dir (void)
{
  return valisectl_options.data != NULL ? g_strdup (valisectl_options.data)
                                        : valise_account_default_data_dir ();
}

/* Without opening the account: the window may have it open, and sync meanwhile. */
int
valisectl_run_backup (void)
{
  const char        *file = valisectl_options.arguments[0];
  g_autoptr (GError) error = NULL;
  g_autofree char   *data_dir = dup_data_dir ();
  g_autofree char   *folder = valise_account_find_folder (data_dir, &error);
  ValiseBackupReport report = { 0 };

  if (folder == NULL
      || !valise_backup_write (folder, file, VALISE_BACKUP_WHOLE, NULL, &report, &error)
      || !valise_backup_check (file, NULL, &error))
    return valisectl_fail (error);

  g_print ("%s: %u databases and %u other files, %" G_GINT64_FORMAT " bytes; read back and sound.\n"
           "The password and the key of this laptop are not in it.\n",
           file, report.databases, report.files, report.bytes);
  return EXIT_SUCCESS;
}

int
valisectl_run_restore (void)
{
  g_autoptr (GError)        error = NULL;
  g_autofree char          *data_dir = dup_data_dir ();
  g_autofree char          *folder = NULL;
  g_autoptr (ValiseAccount) account = NULL;

  if (!valise_account_restore (data_dir, valisectl_options.arguments[0], &folder, &error))
    return valisectl_fail (error);
  account = valise_account_open (data_dir, &error); /* which makes it another device */
  if (account == NULL)
    return valisectl_fail (error);

  g_print ("Restored %s for %s. What was there before is in %s%creplaced.\n",
           valise_account_get_programme_name (account), valise_account_get_person (account),
           data_dir, G_DIR_SEPARATOR);
  valise_account_close (account);
  return EXIT_SUCCESS;
}

static void
problem_cb (const char *what, gpointer user_data)
{
  g_printerr ("wrong: %s\n", what);
}

static void
print_report (const ValiseAccountReport *report)
{
  g_print ("%" G_GINT64_FORMAT " databases, %" G_GINT64_FORMAT " documents, %" G_GINT64_FORMAT
           " leaves (%" G_GINT64_FORMAT " here)\n",
           report->databases, report->documents, report->leaves, report->here);
  g_print ("%" G_GINT64_FORMAT " digests match, %" G_GINT64_FORMAT " do not, %" G_GINT64_FORMAT
           " seals checked\n",
           report->digested, report->here - report->digested, report->sealed);
  g_print ("%" G_GINT64_FORMAT " entries of the index, %" G_GINT64_FORMAT
           " files, %" G_GINT64_FORMAT " bytes of edits not yet acknowledged\n",
           report->entries, report->files, report->unsafe);
  if (report->again > 0)
    g_print ("%" G_GINT64_FORMAT " damaged files come again with the next sync.\n", report->again);
  g_print (report->problems == 0 ? "All is sound.\n" : "%" G_GINT64_FORMAT " things are wrong.\n",
           report->problems);
}

static void
print_report_json (const ValiseAccountReport *report)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  valisectl_add_int (builder, "databases", report->databases);
  valisectl_add_int (builder, "documents", report->documents);
  valisectl_add_int (builder, "leaves", report->leaves);
  valisectl_add_int (builder, "here", report->here);
  valisectl_add_int (builder, "digested", report->digested);
  valisectl_add_int (builder, "sealed", report->sealed);
  valisectl_add_int (builder, "entries", report->entries);
  valisectl_add_int (builder, "files", report->files);
  valisectl_add_int (builder, "unacknowledged_bytes", report->unsafe);
  valisectl_add_int (builder, "again", report->again);
  valisectl_add_int (builder, "problems", report->problems);
  json_builder_end_object (builder);
  valisectl_print_json (builder);
}

static void
print_incidents (ValiseAccount *account)
{
  g_autoptr (GPtrArray) incidents = valise_account_list_incidents (account);

  for (guint i = 0; i < incidents->len; i++)
    {
      const ValiseIncident *incident = g_ptr_array_index (incidents, i);
      gboolean              files = g_str_equal (incident->database, VALISE_SALVAGE_FILES);

      g_printerr (
          "%s was damaged and has been mended: %" G_GINT64_FORMAT " %s are here, %" G_GINT64_FORMAT
          " more come with the next sync; backup of %s, %" G_GINT64_FORMAT " %s from the journal\n",
          incident->database, incident->documents, files ? "files" : "documents", incident->again,
          incident->backup != NULL ? incident->backup : "no day", incident->edits,
          files ? "files" : "edits");
    }
}

int
valisectl_run_verify (void)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = valisectl_open_account (&error);
  ValiseAccountReport       report = { 0 };

  if (account == NULL
      || !valise_account_verify (account, problem_cb, NULL, valise_index_extract, &report, &error))
    return valisectl_fail (error);

  if (valisectl_options.json)
    print_report_json (&report);
  else
    print_report (&report);
  print_incidents (account);
  valise_account_close (account);
  return report.problems == 0 ? EXIT_SUCCESS : VALISECTL_FAILED;
}
