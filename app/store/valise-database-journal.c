/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-database-journal"

#include "config.h"

#include "valise-batch.h"
#include "valise-meta-table.h"

static gboolean
renew (ValiseDb *db, gpointer user_data, GError **error)
{
  return valise_meta_renew (db, error);
}

/**
 * valise_database_renew_epoch:
 *
 * Waits until nobody else writes. Any thread. Every replication then starts at the beginning
 * of the feed, which costs revisions and no documents (SYNC: "rewinds, never skips").
 *
 * Fails with any #ValiseDbError.
 */
gboolean
valise_database_renew_epoch (ValiseDatabase *self, GError **error)
{
  ValiseDbPool *pool = valise_database_get_pool (self);
  ValiseDb     *writer = valise_db_pool_take_writer (pool, error);
  gboolean      ok = FALSE;

  if (writer == NULL)
    return FALSE;

  ok = valise_db_write (writer, renew, NULL, error);
  valise_db_pool_give_writer (pool, writer);
  return ok;
}

/* --- replaying --------------------------------------------------------------------------- */

/* What the journal says, beside what the file says of itself. */
typedef struct
{
  const char *uuid;
  gint64      update_seq;
  GPtrArray  *edits;
  gboolean    foreign; /* edits of another epoch: not known to be here */
  gboolean    behind;  /* edits of this one that it has not come to: an earlier copy */
} Survey;

static gboolean
survey_edit (const char *epoch, const ValiseDocument *document, gpointer user_data)
{
  Survey *survey = user_data;

  if (!g_str_equal (epoch, survey->uuid))
    survey->foreign = TRUE;
  else if (document->seq > survey->update_seq)
    survey->behind = TRUE;
  g_ptr_array_add (survey->edits, valise_document_ref ((ValiseDocument *) document));
  return TRUE;
}

/* The same revisions as when they were made, so that twice is once. */
static gboolean
merge_edits (ValiseDatabase *self, GPtrArray *edits, GError **error)
{
  g_autoptr (ValiseBatch) batch = valise_database_begin (self, error);

  if (batch == NULL)
    return FALSE;
  for (guint i = 0; i < edits->len; i++)
    {
      const ValiseDocument *document = g_ptr_array_index (edits, i);
      g_autoptr (GError)    failure = NULL;

      if (valise_batch_merge (batch, document, NULL, &failure))
        continue;
      if (failure->domain != VALISE_DATABASE_ERROR)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      g_info ("An edit of %s cannot be replayed: %s", document->id, failure->message);
    }
  return valise_batch_commit (g_steal_pointer (&batch), error);
}

static gboolean
replay (ValiseDatabase *self, ValiseJournal *journal, const Survey *survey, GError **error)
{
  ValiseDatabaseInfo info = { 0 };

  if (survey->behind && !valise_database_renew_epoch (self, error))
    return FALSE;
  if (!merge_edits (self, survey->edits, error) || !valise_database_get_info (self, &info, error))
    return FALSE;

  g_info ("%s: %u edits replayed from the journal", valise_database_get_name (self),
          survey->edits->len);
  return valise_journal_rebase (journal, info.uuid, info.update_seq, error);
}

/**
 * valise_database_start_journal:
 * @path: its file, made where it is missing
 *
 * Where the journal has edits that this file has not (it was lost, salvaged or restored) they
 * are merged as they were made, with their revisions.
 *
 * Fails with any #ValiseDbError.
 */
gboolean
valise_database_start_journal (ValiseDatabase *self, const char *path, GError **error)
{
  g_autoptr (ValiseJournal) journal = valise_journal_open (path, error);
  g_autoptr (GPtrArray)     edits =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  ValiseDatabaseInfo info = { 0 };
  Survey             survey = { info.uuid, 0, edits, FALSE, FALSE };
  guint              damaged = 0;

  if (journal == NULL || !valise_database_get_info (self, &info, error))
    return FALSE;

  survey.update_seq = info.update_seq;
  if (!valise_journal_read (journal, survey_edit, &survey, &damaged, error))
    return FALSE;
  if (damaged > 0)
    g_info ("%s cannot be read in %u places", path, damaged);
  if ((survey.foreign || survey.behind) && !replay (self, journal, &survey, error))
    return FALSE;

  valise_database_take_journal (self, g_steal_pointer (&journal));
  return TRUE;
}

static gboolean
collect_edit (const char *epoch, const ValiseDocument *document, gpointer user_data)
{
  g_ptr_array_add (user_data, valise_document_ref ((ValiseDocument *) document));
  return TRUE;
}

/**
 * valise_database_merge_journal:
 * @path: a journal that another file's edits are in
 * @count: (out): the edits found
 *
 * For a salvage: the edits come in as they were made, and stay in the journal.
 *
 * Fails with any #ValiseDbError.
 */
gboolean
valise_database_merge_journal (ValiseDatabase *self, const char *path, guint *count, GError **error)
{
  g_autoptr (ValiseJournal) journal = valise_journal_open (path, error);
  g_autoptr (GPtrArray)     edits =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);

  if (journal == NULL || !valise_journal_read (journal, collect_edit, edits, NULL, error)
      || !merge_edits (self, edits, error))
    return FALSE;
  *count = edits->len;
  return TRUE;
}

/* --- trimming ---------------------------------------------------------------------------- */

typedef struct
{
  ValiseKeepFunc keep;
  gpointer       user_data;
} Keep;

static gboolean
keep_edit (const char *epoch, const ValiseDocument *document, gpointer user_data)
{
  Keep *job = user_data;

  return job->keep (document->id, document->rev, job->user_data);
}

/**
 * valise_database_trim_journal:
 * @uuid: of the file when that was so
 * @seq: the last sequence that is safe elsewhere
 * @keep: (nullable): called in this thread
 *
 * Any thread. Fails with any #ValiseDbError, and then more is kept than need be.
 */
gboolean
valise_database_trim_journal (ValiseDatabase *self,
                              const char     *uuid,
                              gint64          seq,
                              ValiseKeepFunc  keep,
                              gpointer        user_data,
                              GError        **error)
{
  ValiseJournal *journal = valise_database_get_journal (self);
  Keep           job = { keep, user_data };

  return journal == NULL
         || valise_journal_trim (journal, uuid, seq, FALSE, keep != NULL ? keep_edit : NULL, &job,
                                 error);
}

gint64
valise_database_get_unsafe_bytes (ValiseDatabase *self)
{
  ValiseJournal *journal = valise_database_get_journal (self);

  return journal != NULL ? valise_journal_get_size (journal) : 0;
}
