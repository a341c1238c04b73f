/* valisectl-fetch.c - the command that fetches what is known, and not here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A symbol stands for the text of the paper, in the languages that were asked for, and for its
 * original files; a digest for one file.
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <stdlib.h>

#include "valise-file-queue.h"
#include "valise-scheduler.h"

#include "valisectl-print.h"
#include "valisectl.h"

/* What the arguments name. */
typedef struct
{
  GPtrArray *files; /* (element-type ValisePaperFile) */
  GPtrArray *texts; /* (element-type ValiseVersion): of these, what is not here */
} Named;

static void
named_clear (Named *self)
{
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Named, named_clear)

/* --- what is meant ----------------------------------------------------------------------- */

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

/* The texts of the paper @symbol, in the languages that were asked for or, without any, in the
 * reader's. Returns: whether there are such, here or not. */
static gboolean
add_texts (ValiseLibrary *library, const char *symbol, const char *own, Named *named)
{
  const char *const       *asked = (const char *const *) valisectl_options.languages;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ValisePaper)  paper = NULL;
  gboolean                 found = FALSE;

  valise_library_open_async (library, symbol, NULL, valisectl_keep_result, &result);
  valisectl_wait_for (&result);
  paper = valise_library_open_finish (library, result, NULL);
  if (paper == NULL)
    return FALSE; /* a digest, or unknown */

  for (guint i = 0; i < g_list_model_get_n_items (valise_paper_get_versions (paper)); i++)
    {
      g_autoptr (ValiseVersion) version =
          g_list_model_get_item (valise_paper_get_versions (paper), i);
      const char *language = valise_version_get_language (version);

      if (asked != NULL ? !g_strv_contains (asked, language) : !g_str_equal (own, language))
        continue;
      found = TRUE;
      if (!valise_version_get_here (version))
        g_ptr_array_add (named->texts, g_steal_pointer (&version));
    }
  return found;
}

static gboolean
add_files (GPtrArray *all, const char *argument, Named *named)
{
  guint before = named->files->len;

  for (guint i = 0; i < all->len; i++)
    if (is_named (all->pdata[i], argument))
      g_ptr_array_add (named->files, g_object_ref (all->pdata[i]));
  return named->files->len > before;
}

static gboolean
find_named (ValiseAccount *account, Named *named, GError **error)
{
  g_autoptr (ValiseLibrary) library = valisectl_open_library (account, error);
  g_autoptr (GAsyncResult)  result = NULL;
  g_autoptr (GPtrArray)     all = NULL;
  g_autofree char          *own = valisectl_dup_language (account);

  if (library == NULL)
    return FALSE;
  valise_library_list_files_async (library, NULL, NULL, NULL, valisectl_keep_result, &result);
  valisectl_wait_for (&result);
  all = valise_library_list_files_finish (library, result, error);
  if (all == NULL)
    return FALSE;

  named->files = g_ptr_array_new_with_free_func (g_object_unref);
  named->texts = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; valisectl_options.arguments[i] != NULL; i++)
    {
      const char *argument = valisectl_options.arguments[i];
      gboolean    text = !valisectl_options.evict && add_texts (library, argument, own, named);

      if (add_files (all, argument, named) || text)
        continue;
      g_set_error (error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_MISSING,
                   "%s: no paper here has such a text or file", argument);
      return FALSE;
    }
  return TRUE;
}

/* --- texts ------------------------------------------------------------------------------- */

/* Each by itself: they are few, and may be of several databases. */
static gboolean
fetch_texts (ValiseScheduler *scheduler, GPtrArray *texts, GError **error)
{
  for (guint i = 0; i < texts->len; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      ValiseVersion           *version = texts->pdata[i];
      const char *const        ids[] = { valise_version_get_id (version), NULL };

      valise_scheduler_fetch_async (scheduler, valise_version_get_database (version), ids, NULL,
                                    valisectl_keep_result, &result);
      valisectl_wait_for (&result);
      if (!valise_scheduler_fetch_finish (scheduler, result, error))
        return FALSE;
      g_print ("%s\t%s\n", valisectl_state_name (VALISE_FILE_PRESENT), ids[0]);
    }
  return TRUE;
}

/* --- files ------------------------------------------------------------------------------- */

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

      g_print ("%s\t%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\t%s\t%s\n",
               valisectl_state_name (state), present, valise_paper_file_get_length (file), sha256,
               valise_paper_file_get_name (file));
      if (problem != NULL)
        g_printerr ("valisectl: %s\n", problem);
      missing += state != VALISE_FILE_PRESENT;
    }
  return missing;
}

/* The files of @queue are those that were asked for; a run takes them with what else is new. */
static int
fetch_files (ValiseScheduler *scheduler, ValiseFileQueue *queue, GPtrArray *files)
{
  g_autoptr (GError) error = NULL;
  gboolean           reached = TRUE;

  want_files (queue, files);
  reached = valise_scheduler_sync_once (scheduler, NULL, &error);
  if (report_files (queue, files) == 0)
    return EXIT_SUCCESS;
  return reached ? VALISECTL_FAILED : valisectl_fail (error);
}

/* Texts first: they are what is read, and small. */
static int
fetch (ValiseAccount *account, ValiseFileQueue *queue, const Named *named)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseScheduler) scheduler = valise_scheduler_new (account);

  if (!fetch_texts (scheduler, named->texts, &error))
    return valisectl_fail (error);
  return named->files->len > 0 ? fetch_files (scheduler, queue, named->files) : EXIT_SUCCESS;
}

int
valisectl_run_fetch (void)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseAccount)   account = valisectl_open_account (&error);
  g_autoptr (ValiseFileQueue) queue = NULL;
  g_auto (Named)              named = { NULL };
  int                         status = EXIT_SUCCESS;

  if (account == NULL || !find_named (account, &named, &error))
    return valisectl_fail (error);

  queue = valise_file_queue_for_account (account);
  if (valisectl_options.evict)
    {
      evict_files (queue, named.files);
      report_files (queue, named.files);
    }
  else
    status = fetch (account, queue, &named);
  g_clear_object (&queue);
  valise_account_close (account);
  return status;
}
