/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-inflow"

#include "config.h"

#include <string.h>

#include "valise-id.h"
#include "valise-inflow.h"
#include "valise-known.h"
#include "valise-language.h"

#define KEEP_US      (G_USEC_PER_SEC / 4) /* between two looks whether a log is due far away */
#define DEFERRED_MAX 500                  /* rows whose documents have to be asked for */
#define SAMPLE       "A/1"                /* a symbol, to ask the policy with */
#define NEWS_KNOWN   16                   /* documents that are named to the source before news, */
#define NEWS_BYTES   (96 << 10)           /* and bytes of them */
#define FILE_PREFIX  "file:"

/* One answer, while it is read. */
typedef struct
{
  const ValiseInflow *inflow;
  GHashTable         *ahead;    /* set of "id rev": what came before its turn; lent */
  char               *seq;      /* of the last row in the pipeline; NULL: none yet */
  GPtrArray          *deferred; /* (element-type ValisePeerWant) */
  gint64              kept_us;  /* when it was looked whether a log is due */
  gboolean            paused;   /* ended by us, to go on */
} Pass;

/* --- what need not travel ---------------------------------------------------------------- */

static gboolean
is_fetched (const ValiseFeedFilter *filter, const char *id)
{
  return filter->want == NULL || filter->want (id, FALSE, filter->want_data) == VALISE_WANT_FETCH;
}

/* The policy judges by the id, so it is asked with one of each language. Whatever it wants
 * beyond that, a meeting's papers say, is fetched by name. NULL: all. */
static char **
dup_languages (const ValiseFeedFilter *filter)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *const       *all = valise_language_list ();
  gboolean                 everything = TRUE;

  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    {
      g_autofree char *id = valise_id_for_text (SAMPLE, all[i]);

      if (is_fetched (filter, id))
        g_strv_builder_add (builder, all[i]);
      else
        everything = FALSE;
    }
  return everything ? NULL : g_strv_builder_end (builder);
}

/* --- rows -------------------------------------------------------------------------------- */

static gboolean
pause_stream (Pass *pass, GError **error)
{
  pass->paused = TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, "The stream is taken up again");
  return FALSE;
}

static ValiseDocument *
new_known (const ValisePeerChange *row, const char *rev)
{
  ValiseDocument *document = valise_document_new (row->id, rev, row->deleted, NULL);

  document->size = row->size;
  return document;
}

static ValiseDocument *
find_document (GPtrArray *documents, const char *rev)
{
  for (guint i = 0; i < documents->len; i++)
    if (g_str_equal (((ValiseDocument *) g_ptr_array_index (documents, i))->rev, rev))
      return g_ptr_array_index (documents, i);
  return NULL;
}

/* Whether @rev came before its turn, by this stream or by one that was cut. */
static gboolean
is_here (Pass *pass, const ValisePeerChange *row, const char *rev)
{
  const char *const     revs[] = { rev, NULL };
  g_autoptr (GPtrArray) wants = NULL, missing = NULL;
  g_autofree char      *key = g_strconcat (row->id, " ", rev, NULL);

  if (g_hash_table_contains (pass->ahead, key))
    return TRUE;
  wants = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  g_ptr_array_add (wants, valise_peer_want_new (row->id, revs));
  missing = valise_peer_diff (pass->inflow->target, wants, pass->inflow->cancellable, NULL);
  return missing != NULL && missing->len == 0;
}

/* Those of @row's revisions that are wanted and here, into @taken; what did not come with it is
 * deferred. */
static void
sort_revisions (Pass                   *pass,
                const ValisePeerChange *row,
                GPtrArray              *documents,
                ValiseWant              want,
                GPtrArray              *taken)
{
  g_autoptr (GPtrArray) absent = g_ptr_array_new ();

  for (guint i = 0; row->revs[i] != NULL; i++)
    {
      ValiseDocument *document = find_document (documents, row->revs[i]);

      if (valise_quarantine_contains (pass->inflow->filter->quarantine, row->id, row->revs[i]))
        continue;
      if (want == VALISE_WANT_KNOW)
        g_ptr_array_add (taken, new_known (row, row->revs[i]));
      else if (document != NULL)
        g_ptr_array_add (taken, valise_document_ref (document));
      else if (!row->given || !is_here (pass, row, row->revs[i]))
        g_ptr_array_add (absent, (gpointer) row->revs[i]);
    }
  pass->inflow->func (1, want == VALISE_WANT_FETCH ? taken->len + absent->len : 0,
                      pass->inflow->user_data);
  if (absent->len == 0)
    return;
  g_ptr_array_add (absent, NULL);
  g_ptr_array_add (pass->deferred,
                   valise_peer_want_new (row->id, (const char *const *) absent->pdata));
}

/* Marks what is in the pipeline, unless some of it is still to be asked for. */
static gboolean
mark (Pass *pass, const char *seq, GError **error)
{
  return pass->deferred->len > 0 || valise_pipeline_push_mark (pass->inflow->pipeline, seq, error);
}

/* A row's last document is its mark: whatever the writer takes of the stream, and whenever, the log
 * beside it says so. A mark that followed would be late where a processor is busy, and who is
 * killed in between would have the same documents sent again. */
static gboolean
push_row (Pass                   *pass,
          const ValisePeerChange *row,
          GPtrArray              *taken,
          ValiseWant              want,
          GError                **error)
{
  ValisePipeline *pipeline = pass->inflow->pipeline;

  for (guint i = 0; i < taken->len; i++)
    {
      ValiseDocument *document = g_ptr_array_index (taken, i);
      const char     *seq = i + 1 == taken->len && pass->deferred->len == 0 ? row->seq : NULL;

      if (want == VALISE_WANT_KNOW ? !valise_pipeline_push_known (pipeline, document, seq, error)
                                   : !valise_pipeline_push (pipeline, document, seq, error))
        return FALSE;
      if (row->ahead)
        g_hash_table_add (pass->ahead, g_strconcat (row->id, " ", document->rev, NULL));
    }
  return taken->len > 0 || mark (pass, row->seq, error);
}

/* Until the source has a log at all, ours alone counts: no need of another connection. */
static gboolean
keep_logs (Pass *pass, GError **error)
{
  const ValiseInflow *inflow = pass->inflow;
  gint64              now_us = g_get_monotonic_time ();

  if (now_us - pass->kept_us < KEEP_US || valise_logbook_is_lone (inflow->logbook))
    return TRUE;
  pass->kept_us = now_us;
  return valise_logbook_keep (inflow->logbook, inflow->pipeline, inflow->transfer, FALSE, error);
}

static gboolean
take_row (const ValisePeerChange *row, GPtrArray *documents, gpointer user_data, GError **error)
{
  Pass                 *pass = user_data;
  ValiseWant            want = valise_feed_filter_decide (pass->inflow->filter, row);
  g_autoptr (GPtrArray) taken =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);

  valise_transfer_set_reached (pass->inflow->transfer);
  /* The key that it lacks has to be asked for, which this answer stands in the way of. */
  if (valise_pipeline_is_stalled (pass->inflow->pipeline) || pass->deferred->len >= DEFERRED_MAX)
    return pause_stream (pass, error);
  if (want != VALISE_WANT_SKIP)
    sort_revisions (pass, row, documents, want, taken);
  if (!push_row (pass, row, taken, want, error))
    return FALSE;

  g_free (pass->seq);
  pass->seq = g_strdup (row->seq);
  return keep_logs (pass, error);
}

/* --- a pass ------------------------------------------------------------------------------ */

/* Brings what was deferred and what waits for keys, and marks how far this pass came. */
static gboolean
settle (Pass *pass, char **seq, GError **error)
{
  const ValiseInflow *inflow = pass->inflow;

  if (pass->deferred->len > 0)
    {
      valise_transfer_forget (inflow->transfer);
      if (!valise_transfer_fetch (inflow->transfer, pass->deferred, NULL, error))
        return FALSE;
      g_ptr_array_set_size (pass->deferred, 0);
    }
  if (pass->seq != NULL)
    {
      if (!mark (pass, pass->seq, error))
        return FALSE;
      g_free (*seq);
      *seq = g_strdup (pass->seq);
    }
  /* Also where not one row was taken: what was tried again before may wait for a key. */
  return !valise_pipeline_is_stalled (inflow->pipeline)
         || valise_transfer_flush (inflow->transfer, error);
}

/* What is here already. Before news that is a few of the last, which are most like what comes;
 * where a stream was cut, which a full stop in its sequences tells, all that its memory held. */
static GPtrArray *
list_known (const ValiseInflow *inflow, const char *since)
{
  gboolean cut = since != NULL && strchr (since, '.') != NULL;

  if (since == NULL)
    return NULL;
  return valise_peer_recent (inflow->target, cut ? VALISE_KNOWN_MOST : NEWS_KNOWN,
                             cut ? VALISE_KNOWN_BYTES : NEWS_BYTES);
}

static gboolean
read_stream (Pass *pass, const char *since, GError **error)
{
  static const char *const files[] = { FILE_PREFIX, NULL };
  const ValiseInflow      *inflow = pass->inflow;
  g_auto (GStrv)           languages = dup_languages (inflow->filter);
  g_autofree char         *last = NULL;
  g_autoptr (GDateTime)    now = g_date_time_new_now_local ();
  g_autofree char         *day = g_date_time_format (now, "%Y-%m-%d");
  g_autoptr (GPtrArray)    known = list_known (inflow, since);
  ValisePeerStreamQuery    query = { (const char *const *) languages };

  query.day = day;
  query.known = known;
  if (!is_fetched (inflow->filter, FILE_PREFIX))
    query.without = files;
  /* Who begins with nothing has nothing that they could delete. */
  query.tombstones = since != NULL || !valise_logbook_is_fresh (inflow->logbook);
  if (!valise_peer_stream (inflow->source, since, &query, take_row, pass, &last,
                           inflow->cancellable, error))
    return FALSE;
  valise_transfer_set_reached (inflow->transfer);
  if (pass->seq != NULL)
    {
      g_free (pass->seq);
      pass->seq = g_steal_pointer (&last);
    }
  return TRUE;
}

/* Something in the stream, or the stream itself, cannot be had: the pages say what. */
static gboolean
is_about_stream (const GError *failure)
{
  return failure->domain == VALISE_PEER_ERROR
         && (failure->code == VALISE_PEER_ERROR_PROTOCOL
             || failure->code == VALISE_PEER_ERROR_TOO_LARGE
             || failure->code == VALISE_PEER_ERROR_MISSING
             || failure->code == VALISE_PEER_ERROR_FORBIDDEN);
}

static void
pass_clear (Pass *pass)
{
  g_free (pass->seq);
  g_clear_pointer (&pass->deferred, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pass, pass_clear)

gboolean
valise_inflow_run (const ValiseInflow *self, char **seq, gboolean *whole, GError **error)
{
  g_autoptr (GHashTable) ahead = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint                  attempt = 0;

  *whole = FALSE;
  for (;;)
    {
      g_auto (Pass) pass = { .inflow = self, .ahead = ahead, .kept_us = g_get_monotonic_time () };
      g_autoptr (GError) failure = NULL;
      gboolean           ok = FALSE;

      pass.deferred = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
      ok = read_stream (&pass, *seq, &failure);
      if (!settle (&pass, seq, error))
        return FALSE;
      *whole = ok;
      if (ok || is_about_stream (failure))
        return TRUE;
      if (pass.seq != NULL)
        attempt = 0; /* it moves */
      if (!pass.paused
          && !valise_transfer_retry (self->transfer, &attempt, g_steal_pointer (&failure), error))
        return FALSE;
    }
}
