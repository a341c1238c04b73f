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

#include "valisectl-print.h"
#include "valisectl.h"

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
               valisectl_state_name (valise_file_item_get_state (item)),
               valise_file_item_get_present (item), valise_file_item_get_length (item),
               symbol != NULL ? symbol : "-", valise_file_item_get_name (item),
               problem != NULL ? problem : reasons[reason]);
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
  valisectl_add_string (builder, "state", valisectl_state_name (valise_file_item_get_state (item)));
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
