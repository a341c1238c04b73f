/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-account-verify"

#include "config.h"

#include "valise-account-trust.h"
#include "valise-account-verify.h"
#include "valise-home.h"
#include "valise-verify.h"

typedef struct
{
  ValiseAccountProblemFunc func;
  gpointer                 user_data;
  ValiseTrust             *trust;
  const char              *database; /* the one being read */
  ValiseAccountReport     *report;
  ValiseIndexFunc          extract;
  GPtrArray               *damaged; /* files: SHA-256 */
} Check;

static void
problem_cb (const char *what, gpointer user_data)
{
  Check           *check = user_data;
  g_autofree char *line =
      check->database != NULL ? g_strdup_printf ("%s: %s", check->database, what) : g_strdup (what);

  check->report->problems++;
  if (check->func != NULL)
    check->func (line, check->user_data);
}

static gboolean
leaf_cb (const ValiseDocument *leaf, const ValiseJson *json, gpointer user_data, GError **error)
{
  Check      *check = user_data;
  ValiseWrite write = {
    .database = check->database, .document = leaf, .json = json, .source = VALISE_SOURCE_SERVER
  };

  check->report->sealed += valise_json_find (json, 0, "seal") != VALISE_JSON_NONE;
  return valise_gate_judge (VALISE_GATE (check->trust), &write, error);
}

/* What it says is judged above, as a leaf of its own server's. */
static gboolean
proves_cb (const ValiseDocument *leaf, const ValiseJson *json, gpointer user_data)
{
  return valise_json_find (json, 0, "seal") != VALISE_JSON_NONE;
}

static void
damaged_cb (const char *sha256, gpointer user_data)
{
  Check *check = user_data;

  g_ptr_array_add (check->damaged, g_strdup (sha256));
}

static gboolean
verify_database (Check      *check,
                 ValiseHome *home,
                 const char *name,
                 const char *index,
                 GError    **error)
{
  const ValiseVerifier       verifier = { problem_cb, leaf_cb, check, proves_cb, NULL };
  g_autoptr (ValiseDatabase) database = valise_home_get_database (home, name, FALSE, error);
  ValiseVerifyReport         found = { 0 };
  gint64                     problems = 0;

  check->database = name;
  if (database == NULL || !valise_verify_database (database, &verifier, &found, error)
      || !valise_verify_index (index, database, check->extract, &verifier, &check->report->entries,
                               &problems, error))
    return FALSE;

  check->report->databases++;
  check->report->documents += found.documents;
  check->report->leaves += found.leaves;
  check->report->here += found.here;
  check->report->digested += found.digested;
  check->report->unsafe += valise_database_get_unsafe_bytes (database);
  return TRUE;
}

static void
verify_databases (Check *check, ValiseHome *home, const char *index)
{
  const ValiseVerifier verifier = { problem_cb, NULL, check };
  g_auto (GStrv)       names = valise_home_list_databases (home);
  g_autoptr (GError)   unread = NULL;
  gint64               problems = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) failure = NULL;

      if (!verify_database (check, home, names[i], index, &failure))
        problem_cb (failure->message, check);
    }
  check->database = NULL;
  if (!valise_verify_index_pages (index, &verifier, &problems, &unread))
    problem_cb (unread->message, check);
}

/* A file that cannot be opened is mended by that; one whose bytes are others is dropped and put
 * into the queue again, since nothing of it can be shown. */
static gboolean
verify_files (Check *check, ValiseHome *home, const char *path, GError **error)
{
  const ValiseVerifier verifier = { problem_cb, NULL, check, NULL, damaged_cb };
  ValiseFileStore     *files = NULL;
  gint64               problems = 0, before = check->report->problems;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  files = valise_home_get_files (home, error);
  if (files == NULL
      || !valise_verify_files (path, &verifier, &check->report->files, &problems, error))
    return FALSE;
  for (guint i = 0; i < check->damaged->len; i++)
    {
      g_autoptr (GError) failure = NULL;
      gboolean           wanted = FALSE;

      if (valise_file_store_doubt (files, g_ptr_array_index (check->damaged, i), &wanted, &failure)
          || wanted)
        check->report->again++;
      else
        g_message ("%s", failure->message);
    }
  if (check->report->problems > before)
    valise_home_look_for_damage (home);
  return TRUE;
}

gboolean
valise_account_verify (ValiseAccount           *account,
                       ValiseAccountProblemFunc func,
                       gpointer                 user_data,
                       ValiseIndexFunc          extract,
                       ValiseAccountReport     *report,
                       GError                 **error)
{
  ValiseHome             *home = valise_account_get_home (account);
  g_autoptr (ValiseTrust) trust = valise_account_make_trust (account, error);
  g_autoptr (GPtrArray)   damaged = g_ptr_array_new_with_free_func (g_free);
  Check                   check = { func, user_data, trust, NULL, report, extract, damaged };
  const char             *folder = valise_home_get_directory (home);
  g_autofree char        *index = g_build_filename (folder, "search.sqlite", NULL);
  g_autofree char        *files = g_build_filename (folder, "files.sqlite", NULL);

  *report = (ValiseAccountReport){ 0 };
  if (trust == NULL)
    return FALSE;
  verify_databases (&check, home, index);
  return verify_files (&check, home, files, error);
}
