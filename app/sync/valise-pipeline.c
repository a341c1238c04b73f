/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pipeline"

#include "config.h"

#include "valise-delivery.h"
#include "valise-item.h"
#include "valise-judge.h"
#include "valise-outcome.h"
#include "valise-pipeline.h"

#define JUDGES       2                     /* threads */
#define MAX_QUEUED   (8 << 20)             /* bytes that wait to be judged and written */
#define KNOWN_SIZE   256                   /* bytes that a document without a body counts */
#define COMMIT_US    G_USEC_PER_SEC        /* the longest that a judged document waits, … */
#define QUIET_US     (G_USEC_PER_SEC / 20) /* … and the longest while none follows, … */
#define RARE_US      QUIET_US              /* … or where so long none had come before, … */
#define QUIET_RARE   (QUIET_US / 10)       /* … that, to a store: a server is a request */
#define STALL_GAP_US (60 * G_USEC_PER_SEC) /* between two questions for new keys */

/**
 * ValisePipeline:
 *
 * Everything below the mutex is guarded by it; one condition serves all who wait. `items`
 * keeps the order of arrival; the writer takes from its head what is judged. A document by an
 * unknown key is judged again once all before it are, since the keys may have been among
 * them; if that does not help, the writer stalls until the pusher has asked for them.
 */
struct _ValisePipeline
{
  GPtrArray      *gates;
  ValiseDelivery *delivery; /* the writer's */
  ValisePeer     *target;
  GThreadPool    *judges;
  GThread        *writer;

  ValisePipelineLogFunc log_func; /* (nullable): set before the first mark */
  gpointer              log_data;

  GMutex        mutex;
  GCond         cond;
  GQueue        items;
  gsize         queued;  /* bytes of items */
  guint         pending; /* items pushed and not yet written or refused */
  gboolean      flushing;
  gboolean      stalled;
  gboolean      stopping;
  gint64        taken_us;   /* monotonic; when the writer took the last */
  gint64        next_stall; /* monotonic µs; before, an unknown key is refused at once */
  GError       *failure;    /* of the writer; final */
  ValiseOutcome outcome;
};

/* --- judging ----------------------------------------------------------------------------- */

static void
judge_cb (gpointer data, gpointer user_data)
{
  ValisePipeline    *self = user_data;
  ValiseItem        *item = data;
  g_autoptr (GError) reason = NULL;
  ValiseItemVerdict  verdict = VALISE_ITEM_GOOD;

  if (!valise_judge (item->document, self->gates, self->target, &reason))
    verdict = g_error_matches (reason, VALISE_GATE_ERROR, VALISE_GATE_ERROR_UNKNOWN_KEY)
                  ? VALISE_ITEM_UNKNOWN_KEY
                  : VALISE_ITEM_REFUSED;

  g_mutex_lock (&self->mutex);
  g_clear_error (&item->reason);
  item->reason = g_steal_pointer (&reason);
  item->verdict = verdict;
  item->judged++;
  if (g_queue_peek_head (&self->items) == item)
    g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* --- the writer -------------------------------------------------------------------------- */

/* What the writer takes to the target at once. */
typedef struct
{
  GPtrArray *documents; /* (element-type ValiseDocument) */
  char      *seq;       /* the last mark among them; NULL: none */
  char      *log;       /* what it comes to */
  char      *away;
  gsize      bytes;
  guint      items; /* that it stands for */
  gint64     since; /* monotonic µs of the first … */
  gint64     last;  /* … and of the last */
  gboolean   rare;  /* long after those before */
} Load;

static void
clear_load (Load *load)
{
  g_clear_pointer (&load->documents, g_ptr_array_unref);
  g_clear_pointer (&load->seq, g_free);
  g_clear_pointer (&load->log, g_free);
  g_clear_pointer (&load->away, g_free);
}

/* Moves the judged @item, the head, into @load. */
static void
take_item (ValisePipeline *self, ValiseItem *item, Load *load)
{
  g_queue_pop_head (&self->items);
  self->queued -= item->size;
  load->last = g_get_monotonic_time ();
  if (load->items++ == 0)
    {
      load->since = load->last;
      load->rare = load->last - self->taken_us >= RARE_US && valise_peer_is_atomic (self->target);
    }
  self->taken_us = load->last;

  if (item->seq != NULL)
    {
      g_free (load->seq);
      load->seq = g_steal_pointer (&item->seq);
    }
  if (item->document != NULL && item->verdict == VALISE_ITEM_GOOD)
    {
      load->bytes += item->size;
      g_ptr_array_add (load->documents, g_steal_pointer (&item->document));
    }
  else if (item->document != NULL)
    valise_outcome_refuse (&self->outcome, item->document->id, item->document->rev,
                           valise_judge_get_code (item->reason), item->reason->message);
  valise_item_free (item);
  g_cond_broadcast (&self->cond);
}

/* Whether the head, by an unknown key, can be taken now: refused. */
static gboolean
settle_unknown (ValisePipeline *self, ValiseItem *item)
{
  if (item->judged < 2)
    {
      item->verdict = VALISE_ITEM_NONE;
      g_thread_pool_push (self->judges, item, NULL);
      return FALSE;
    }
  if (g_get_monotonic_time () < self->next_stall)
    return TRUE;
  self->stalled = TRUE;
  g_cond_broadcast (&self->cond);
  return FALSE;
}

static gboolean
can_take (ValisePipeline *self, ValiseItem *item)
{
  if (item == NULL || item->verdict == VALISE_ITEM_NONE || self->stalled)
    return FALSE;
  return item->verdict != VALISE_ITEM_UNKNOWN_KEY || settle_unknown (self, item);
}

/* On a slow line documents come in bursts with seconds between: each is kept before the next, so
 * that who is killed has lost little. On a quick one they come without a pause. */
static gint64
get_due (const Load *load)
{
  return MIN (load->since + COMMIT_US, load->last + (load->rare ? QUIET_RARE : QUIET_US));
}

/* Gathers until it is time to write; FALSE where there will be nothing more. */
static gboolean
gather (ValisePipeline *self, Load *load)
{
  gsize limit = valise_delivery_get_bytes (self->delivery);
  guint most = valise_delivery_get_documents (self->delivery);

  while (!self->stopping)
    {
      ValiseItem *head = g_queue_peek_head (&self->items);

      if (can_take (self, head))
        {
          take_item (self, head, load);
          if (load->bytes >= limit || load->documents->len >= most)
            return TRUE;
        }
      else if (load->items == 0)
        g_cond_wait (&self->cond, &self->mutex);
      else if ((self->flushing && head == NULL) || self->stalled
               || g_get_monotonic_time () >= get_due (load))
        return TRUE;
      else
        g_cond_wait_until (&self->cond, &self->mutex, get_due (load));
    }
  return FALSE;
}

/* Without the mutex. NULL: it failed. */
static GPtrArray *
deliver (ValisePipeline *self, Load *load, GError **error)
{
  /* A refusal must be on disk before the checkpoint that goes past it. */
  if (!valise_quarantine_save (self->outcome.quarantine, error))
    return NULL;
  if (load->seq != NULL && self->log_func != NULL)
    load->log = self->log_func (load->seq, &load->away, self->log_data);
  return valise_delivery_send (self->delivery, load->documents, load->log, error);
}

static gpointer
write_thread (gpointer data)
{
  ValisePipeline *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->stopping && self->failure == NULL)
    {
      Load                  load = { 0 };
      g_autoptr (GPtrArray) refusals = NULL;
      g_autoptr (GError)    failure = NULL;

      load.documents = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
      if (gather (self, &load))
        {
          g_mutex_unlock (&self->mutex);
          refusals = deliver (self, &load, &failure);
          g_mutex_lock (&self->mutex);

          if (refusals != NULL)
            valise_outcome_take (&self->outcome, load.documents, refusals, &load.log, &load.away);
          else
            self->failure = g_steal_pointer (&failure);
          self->pending -= load.items;
          g_cond_broadcast (&self->cond);
        }
      clear_load (&load);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* --- the pusher's side ------------------------------------------------------------------- */

ValisePipeline *
valise_pipeline_new (ValisePeer       *target,
                     GPtrArray        *gates,
                     ValiseQuarantine *quarantine,
                     const char       *local_id,
                     GCancellable     *cancellable)
{
  ValisePipeline *self = g_new0 (ValisePipeline, 1);

  self->target = target;
  self->gates = gates;
  self->delivery = valise_delivery_new (target, local_id, cancellable);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  g_queue_init (&self->items);
  valise_outcome_init (&self->outcome, quarantine);
  /* A pool that is not exclusive shares its threads and so cannot fail to start. */
  self->judges = g_thread_pool_new (judge_cb, self, JUDGES, FALSE, NULL);
  self->writer = g_thread_new ("valise-writer", write_thread, self);
  return self;
}

void
valise_pipeline_free (ValisePipeline *self)
{
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);

  g_thread_join (self->writer);
  g_thread_pool_free (self->judges, TRUE, TRUE);
  g_queue_clear_full (&self->items, valise_item_free);
  valise_delivery_free (self->delivery);
  valise_outcome_clear (&self->outcome);
  g_clear_error (&self->failure);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
valise_pipeline_set_log (ValisePipeline *self, ValisePipelineLogFunc func, gpointer user_data)
{
  self->log_func = func;
  self->log_data = user_data;
}

/* Queues @item, which is freed where that fails. Holds the mutex. */
static gboolean
push_item (ValisePipeline *self, ValiseItem *item, GError **error)
{
  while (self->queued > MAX_QUEUED && self->failure == NULL && !self->stalled)
    g_cond_wait (&self->cond, &self->mutex);
  if (self->failure != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      valise_item_free (item);
      return FALSE;
    }

  self->queued += item->size;
  self->pending++;
  self->flushing = FALSE;
  g_queue_push_tail (&self->items, item);
  if (item->verdict == VALISE_ITEM_NONE)
    g_thread_pool_push (self->judges, item, NULL);
  else
    g_cond_broadcast (&self->cond);
  return TRUE;
}

/* Takes @item. */
static gboolean
push (ValisePipeline *self, ValiseItem *item, GError **error)
{
  gboolean ok = FALSE;

  g_mutex_lock (&self->mutex);
  ok = push_item (self, item, error);
  g_mutex_unlock (&self->mutex);
  return ok;
}

gboolean
valise_pipeline_push (ValisePipeline *self,
                      ValiseDocument *document,
                      const char     *seq,
                      GError        **error)
{
  ValiseItemVerdict verdict = self->gates->len > 0 ? VALISE_ITEM_NONE : VALISE_ITEM_GOOD;
  gsize             size = KNOWN_SIZE + valise_document_get_weight (document);

  return push (self, valise_item_new (document, seq, size, verdict), error);
}

gboolean
valise_pipeline_push_known (ValisePipeline *self,
                            ValiseDocument *document,
                            const char     *seq,
                            GError        **error)
{
  return push (self, valise_item_new (document, seq, KNOWN_SIZE, VALISE_ITEM_GOOD), error);
}

gboolean
valise_pipeline_push_mark (ValisePipeline *self, const char *seq, GError **error)
{
  return push (self, valise_item_new (NULL, seq, 0, VALISE_ITEM_GOOD), error);
}

gboolean
valise_pipeline_flush (ValisePipeline *self, GError **error)
{
  gboolean ok = TRUE;

  g_mutex_lock (&self->mutex);
  self->flushing = TRUE;
  g_cond_broadcast (&self->cond);
  while (self->pending > 0 && self->failure == NULL && !self->stalled)
    g_cond_wait (&self->cond, &self->mutex);
  if (self->failure != NULL)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      ok = FALSE;
    }
  g_mutex_unlock (&self->mutex);
  return ok && valise_quarantine_save (self->outcome.quarantine, error);
}

gboolean
valise_pipeline_is_stalled (ValisePipeline *self)
{
  gboolean stalled = FALSE;

  g_mutex_lock (&self->mutex);
  stalled = self->stalled;
  g_mutex_unlock (&self->mutex);
  return stalled;
}

/* The keys go before all that wait for them. Holds the mutex. */
static void
push_keys (ValisePipeline *self, ValiseDocument *keys)
{
  ValiseItem *item =
      valise_item_new (keys, NULL, KNOWN_SIZE + g_bytes_get_size (keys->body), VALISE_ITEM_GOOD);

  self->queued += item->size;
  self->pending++;
  g_queue_push_head (&self->items, item);
}

void
valise_pipeline_unstall (ValisePipeline *self, ValiseDocument *keys)
{
  g_autoptr (GError) reason = NULL;
  gboolean           good = keys != NULL && keys->body != NULL;

  /* Judging `keys` is what makes the gate learn them. */
  if (good)
    good = valise_judge (keys, self->gates, self->target, &reason);

  g_mutex_lock (&self->mutex);
  if (reason != NULL)
    valise_outcome_refuse (&self->outcome, keys->id, keys->rev, valise_judge_get_code (reason),
                           reason->message);
  for (GList *l = self->items.head; l != NULL; l = l->next)
    {
      ValiseItem *item = l->data;

      if (item->verdict != VALISE_ITEM_UNKNOWN_KEY)
        continue;
      item->verdict = VALISE_ITEM_NONE;
      g_thread_pool_push (self->judges, item, NULL);
    }
  if (good)
    push_keys (self, keys);
  self->stalled = FALSE;
  self->next_stall = g_get_monotonic_time () + STALL_GAP_US;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

gboolean
valise_pipeline_dup_logs (ValisePipeline *self, char **log, char **away)
{
  g_mutex_lock (&self->mutex);
  *log = g_strdup (self->outcome.log);
  *away = g_strdup (self->outcome.away);
  g_mutex_unlock (&self->mutex);
  return *log != NULL;
}

GPtrArray *
valise_pipeline_take_refusals (ValisePipeline *self)
{
  GPtrArray *refusals = NULL;

  g_mutex_lock (&self->mutex);
  refusals = valise_outcome_take_refusals (&self->outcome);
  g_mutex_unlock (&self->mutex);
  return refusals;
}

void
valise_pipeline_get_count (ValisePipeline *self, ValisePipelineCount *count)
{
  g_mutex_lock (&self->mutex);
  *count = self->outcome.count;
  g_mutex_unlock (&self->mutex);
}

void
valise_pipeline_refuse (ValisePipeline *self,
                        const char     *id,
                        const char     *rev,
                        const char     *code,
                        const char     *reason)
{
  g_mutex_lock (&self->mutex);
  valise_outcome_refuse (&self->outcome, id, rev, code, reason);
  g_mutex_unlock (&self->mutex);
}
