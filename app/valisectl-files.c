/* valisectl-files.c - the commands for the originals of papers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <stdlib.h>

#include "valise-file-queue.h"
#include "valise-file-transfer.h"
#include "valise-file-upload.h"
#include "valise-home.h"
#include "valise-scheduler.h"

#include "valisectl-print.h"
#include "valisectl.h"

static const char *const states[] = {
  [VALISE_FILE_KNOWN] = "known",     [VALISE_FILE_WANTED] = "wanted",
  [VALISE_FILE_PARTIAL] = "partial", [VALISE_FILE_PRESENT] = "present",
  [VALISE_FILE_EVICTED] = "evicted",
};

static const char *const reasons[] = {
  [VALISE_FILE_MOVES] = "",
  [VALISE_FILE_NOT_ASKED] = "not asked for",
  [VALISE_FILE_IN_LINE] = "others go first",
  [VALISE_FILE_WORDS_FIRST] = "texts go first",
  [VALISE_FILE_HELD] = "held",
  [VALISE_FILE_OFFLINE] = "until the next sync",
  [VALISE_FILE_TEXT_ONLY] = "text only",
  [VALISE_FILE_METERED] = "the connection is metered",
  [VALISE_FILE_BUDGET] = "the day's budget is spent",
  [VALISE_FILE_HOURS] = "not at this hour",
  [VALISE_FILE_PROBLEM] = "a problem",
};

/* --- files ------------------------------------------------------------------------------- */

static void
print_item (JsonBuilder *builder, ValiseFileItem *item)
{
  ValiseFileReason reason = valise_file_item_get_reason (item);
  const char      *problem = valise_file_item_get_problem (item);
  const char      *symbol = valise_file_item_get_symbol (item);

  if (builder == NULL)
    {
      g_print ("%s\t%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\t%s\t%s\t%s\n",
               states[valise_file_item_get_state (item)], valise_file_item_get_present (item),
               valise_file_item_get_length (item), symbol != NULL ? symbol : "-",
               valise_file_item_get_name (item), problem != NULL ? problem : reasons[reason]);
      return;
    }
  json_builder_begin_object (builder);
  valisectl_add_string (builder, "sha256", valise_file_item_get_sha256 (item));
  valisectl_add_string (builder, "name", valise_file_item_get_name (item));
  valisectl_add_string (builder, "symbol", symbol);
  valisectl_add_string (builder, "meeting", valise_file_item_get_meeting (item));
  valisectl_add_string (builder, "language", valise_file_item_get_language (item));
  valisectl_add_int (builder, "length", valise_file_item_get_length (item));
  valisectl_add_int (builder, "present", valise_file_item_get_present (item));
  valisectl_add_string (builder, "state", states[valise_file_item_get_state (item)]);
  valisectl_add_string (builder, "waits", reasons[reason][0] != '\0' ? reasons[reason] : NULL);
  valisectl_add_string (builder, "problem", problem);
  valisectl_add_string (builder, "direction", valise_file_item_is_outgoing (item) ? "out" : "in");
  json_builder_end_object (builder);
}

static void
print_counts (const ValiseFileCounts *counts)
{
  g_print ("%u to fetch, %" G_GINT64_FORMAT " bytes; %u to send, %" G_GINT64_FORMAT
           " bytes; %u here, %" G_GINT64_FORMAT " bytes\n",
           counts->n_waiting, counts->bytes_waiting, counts->n_outgoing, counts->bytes_outgoing,
           counts->n_here, counts->bytes_here);
}

static int
list_files (ValiseAccount *account)
{
  g_autoptr (ValiseFileQueue) queue = NULL;
  g_autoptr (GPtrArray)       all = NULL;
  g_autoptr (JsonBuilder)     builder = valisectl_options.json ? json_builder_new () : NULL;
  ValiseFileCounts            counts = { 0 };

  queue = valise_file_queue_for_account (account);
  valise_file_queue_flush (queue);
  all = valise_file_queue_list_all (queue);
  if (builder != NULL)
    json_builder_begin_array (builder);
  for (guint i = 0; i < all->len; i++)
    print_item (builder, all->pdata[i]);
  if (builder != NULL)
    {
      json_builder_end_array (builder);
      valisectl_print_json (builder);
    }
  else
    {
      valise_file_queue_get_counts (queue, &counts);
      print_counts (&counts);
    }
  return EXIT_SUCCESS;
}

/* --- put --------------------------------------------------------------------------------- */

/* "desk-xke" or "team-xke"; NULL with a message where that is not a place for files. */
static char *
dup_place (ValiseAccount *account)
{
  const char *const *given = (const char *const *) valisectl_options.databases;
  const char        *participant = valise_account_get_participant (account);
  const char        *place = given != NULL ? given[0] : "desk";

  if ((g_str_equal (place, "desk") || g_str_equal (place, "team")) && participant != NULL)
    return g_strdup_printf ("%s-%s", place, participant);
  g_printerr (participant == NULL ? "valisectl: this account has no delegation, and so no desk\n"
                                  : "valisectl: --database takes desk or team\n");
  return NULL;
}

static char *
guess_media (const char *path, GBytes *bytes)
{
  gsize            length = 0;
  const guchar    *data = g_bytes_get_data (bytes, &length);
  g_autofree char *type = g_content_type_guess (path, data, MIN (length, 4096), NULL);
  char            *media = g_content_type_get_mime_type (type);

  return media != NULL ? media : g_strdup ("application/octet-stream");
}

/* Read as it is needed: a large one takes no memory. */
static GBytes *
map_file (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  if (file == NULL)
    return NULL;
  if (g_mapped_file_get_length (file) > 0
      && g_mapped_file_get_length (file) <= VALISE_UPLOAD_MAX_LENGTH)
    return g_mapped_file_get_bytes (file);
  g_set_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_LIMIT,
               "%s: a file has from 1 to %lld bytes", path, VALISE_UPLOAD_MAX_LENGTH);
  return NULL;
}

static int
put_file (ValiseAccount *account, const char *path)
{
  ValiseHome                *home = valise_account_get_home (account);
  g_autoptr (GError)         error = NULL;
  g_autofree char           *name = dup_place (account), *media = NULL, *sha256 = NULL;
  g_autoptr (GBytes)         bytes = NULL;
  g_autoptr (ValiseDatabase) database = NULL;
  ValiseFileStore           *files = NULL;

  if (name == NULL)
    return VALISECTL_USAGE;
  bytes = map_file (path, &error);
  if (bytes != NULL)
    database = valise_home_get_database (home, name, TRUE, &error);
  if (database != NULL)
    files = valise_home_get_files (home, &error);
  if (files != NULL)
    {
      media = guess_media (path, bytes);
      sha256 = valise_file_transfer_put (files, database, bytes, media, &error);
    }
  if (sha256 == NULL)
    return valisectl_fail (error);
  g_print ("%s\t%" G_GSIZE_FORMAT "\t%s\t%s\n", sha256, g_bytes_get_size (bytes), media, name);
  return EXIT_SUCCESS;
}

int
valisectl_run_files (void)
{
  char                    **arguments = valisectl_options.arguments;
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = NULL;
  int                       status = EXIT_SUCCESS;
  gboolean                  puts = arguments != NULL && g_str_equal (arguments[0], "put");

  if (arguments != NULL && (!puts || g_strv_length (arguments) != 2))
    {
      g_printerr ("valisectl: files takes nothing, or put and a file\n");
      return VALISECTL_USAGE;
    }
  account = valisectl_open_account (&error);
  if (account == NULL)
    return valisectl_fail (error);
  status = puts ? put_file (account, arguments[1]) : list_files (account);
  valise_account_close (account);
  return status;
}

/* --- fetch ------------------------------------------------------------------------------- */

static gboolean
is_named (ValisePaperFile *file, const char *argument)
{
  const char *language = valise_paper_file_get_language (file);

  if (g_str_equal (argument, valise_paper_file_get_sha256 (file)))
    return TRUE;
  return g_ascii_strcasecmp (argument, valise_paper_file_get_symbol (file)) == 0
         && (valisectl_options.languages == NULL || language == NULL
             || g_strv_contains ((const char *const *) valisectl_options.languages, language));
}

/* The files that the arguments name (element-type ValisePaperFile); NULL with @error where one
 * names none. */
static GPtrArray *
find_files (ValiseAccount *account, GError **error)
{
  g_autoptr (ValiseLibrary) library = valisectl_open_library (account, error);
  g_autoptr (GAsyncResult)  result = NULL;
  g_autoptr (GPtrArray)     all = NULL;
  g_autoptr (GPtrArray)     found = g_ptr_array_new_with_free_func (g_object_unref);

  if (library == NULL)
    return NULL;
  valise_library_list_files_async (library, NULL, NULL, NULL, valisectl_keep_result, &result);
  valisectl_wait_for (&result);
  all = valise_library_list_files_finish (library, result, error);
  if (all == NULL)
    return NULL;

  for (guint i = 0; valisectl_options.arguments[i] != NULL; i++)
    {
      guint before = found->len;

      for (guint j = 0; j < all->len; j++)
        if (is_named (all->pdata[j], valisectl_options.arguments[i]))
          g_ptr_array_add (found, g_object_ref (all->pdata[j]));
      if (found->len > before)
        continue;
      g_set_error (error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_MISSING,
                   "%s: no paper here names such a file", valisectl_options.arguments[i]);
      return NULL;
    }
  return g_steal_pointer (&found);
}

static void
want_files (ValiseFileQueue *queue, GPtrArray *files)
{
  for (guint i = 0; i < files->len; i++)
    {
      ValisePaperFile       *file = files->pdata[i];
      const ValiseFileWanted wanted = {
        .sha256 = valise_paper_file_get_sha256 (file),
        .database = valise_paper_file_get_database (file),
        .name = valise_paper_file_get_name (file),
        .symbol = valise_paper_file_get_symbol (file),
        .meeting = valise_paper_file_get_meeting (file),
        .language = valise_paper_file_get_language (file),
        .length = valise_paper_file_get_length (file),
      };

      valise_file_queue_want (queue, &wanted, 1, VALISE_FILE_ASKED_FOR);
    }
  valise_file_queue_flush (queue);
}

static void
evict_files (ValiseFileQueue *queue, GPtrArray *files)
{
  for (guint i = 0; i < files->len; i++)
    {
      const char *const one[] = { valise_paper_file_get_sha256 (files->pdata[i]), NULL };

      valise_file_queue_evict (queue, one);
    }
  valise_file_queue_flush (queue);
}

/* How many of @files are not here; each with why. */
static guint
report_files (ValiseFileQueue *queue, GPtrArray *files)
{
  guint missing = 0;

  valise_file_queue_flush (queue);
  for (guint i = 0; i < files->len; i++)
    {
      ValisePaperFile *file = files->pdata[i];
      const char      *sha256 = valise_paper_file_get_sha256 (file);
      gint64           present = 0;
      ValiseFileState  state = valise_file_queue_get_state (queue, sha256, &present);
      ValiseFileItem  *item = valise_file_queue_find (queue, sha256);
      const char      *problem = item != NULL ? valise_file_item_get_problem (item) : NULL;

      g_print ("%s\t%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\t%s\t%s\n", states[state], present,
               valise_paper_file_get_length (file), sha256, valise_paper_file_get_name (file));
      if (problem != NULL)
        g_printerr ("valisectl: %s\n", problem);
      missing += state != VALISE_FILE_PRESENT;
    }
  return missing;
}

static int
fetch (ValiseAccount *account, ValiseFileQueue *queue, GPtrArray *files)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseScheduler) scheduler = NULL;
  gboolean                    reached = TRUE;
  guint                       missing = 0;

  want_files (queue, files);
  scheduler = valise_scheduler_new (account);
  reached = valise_scheduler_sync_once (scheduler, NULL, &error);
  missing = report_files (queue, files);
  if (missing == 0)
    return EXIT_SUCCESS;
  return reached ? VALISECTL_FAILED : valisectl_fail (error);
}

int
valisectl_run_fetch (void)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseAccount)   account = valisectl_open_account (&error);
  g_autoptr (ValiseFileQueue) queue = NULL;
  g_autoptr (GPtrArray)       files = account != NULL ? find_files (account, &error) : NULL;
  int                         status = EXIT_SUCCESS;

  if (files == NULL)
    return valisectl_fail (error);

  queue = valise_file_queue_for_account (account);
  if (valisectl_options.evict)
    {
      evict_files (queue, files);
      report_files (queue, files);
    }
  else
    status = fetch (account, queue, files);
  g_clear_object (&queue);
  valise_account_close (account);
  return status;
}
