/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-transfer"

#include "config.h"

#include "valise-batch-size.h"
#include "valise-judge.h"
#include "valise-retry.h"
#include "valise-transfer.h"

#define KEYS_ID    "keys"
#define MAX_BROKEN 3 /* unreadable documents in a row before the source is thought broken */

struct _ValiseTransfer
{
  ValisePeer        *source;
  ValisePipeline    *pipeline;
  GCancellable      *cancellable;
  ValiseTransferFunc func;
  gpointer           user_data;

  ValiseBatchSize size;
  GHashTable     *asked;     /* set of ids of the batch: nothing else is taken */
  GHashTable     *arrived;   /* set of ids, and of "id\nrev" */
  guint64         bytes;     /* of bodies, of the request that runs */
  guint           documents; /* the same */
  guint           broken;    /* unreadable documents in a row */
  gboolean        reached;
  gboolean        shaken;  /* something was tried again */
  gboolean        clogged; /* the pipeline failed: no use in asking again */
};

ValiseTransfer *
valise_transfer_new (ValisePeer        *source,
                     ValisePipeline    *pipeline,
                     GCancellable      *cancellable,
                     ValiseTransferFunc func,
                     gpointer           user_data)
{
  ValiseTransfer *self = g_new0 (ValiseTransfer, 1);

  self->source = source;
  self->pipeline = pipeline;
  self->cancellable = cancellable;
  self->func = func;
  self->user_data = user_data;
  self->asked = g_hash_table_new (g_str_hash, g_str_equal);
  self->arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  valise_batch_size_init (&self->size);
  return self;
}

void
valise_transfer_free (ValiseTransfer *self)
{
  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->arrived);
  g_free (self);
}

void
valise_transfer_set_reached (ValiseTransfer *self)
{
  self->reached = TRUE;
}

gboolean
valise_transfer_take_shaken (ValiseTransfer *self)
{
  gboolean shaken = self->shaken;

  self->shaken = FALSE;
  return shaken;
}

gboolean
valise_transfer_has (ValiseTransfer *self, const char *id)
{
  return g_hash_table_contains (self->arrived, id);
}

void
valise_transfer_forget (ValiseTransfer *self)
{
  g_hash_table_remove_all (self->arrived);
}

gboolean
valise_transfer_retry (ValiseTransfer *self, guint *attempt, GError *failure, GError **error)
{
  gboolean unreachable =
      !self->reached && g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);

  if (*attempt >= VALISE_RETRY_MAX || unreachable || self->clogged
      || !valise_retry_may_help (failure))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_debug ("Trying again: %s", failure->message);
  g_error_free (failure);
  self->shaken = TRUE;
  return valise_retry_pause ((*attempt)++, self->cancellable, error);
}

static char *
make_key (const char *id, const char *rev)
{
  return g_strconcat (id, "\n", rev, NULL);
}

static gboolean
take_document (ValiseDocument *document, gpointer user_data, GError **error)
{
  ValiseTransfer *self = user_data;

  if (!g_hash_table_contains (self->asked, document->id) || document->body == NULL)
    return TRUE;
  if (!valise_pipeline_push (self->pipeline, document, NULL, error))
    {
      self->clogged = TRUE;
      return FALSE;
    }
  g_hash_table_add (self->arrived, make_key (document->id, document->rev));
  g_hash_table_add (self->arrived, g_strdup (document->id));
  self->bytes += valise_document_get_weight (document);
  self->documents++;
  self->broken = 0;
  if (self->func != NULL)
    self->func (self->user_data);
  return TRUE;
}

/* What of @want has not arrived, or NULL. */
static ValisePeerWant *
dup_rest (ValiseTransfer *self, const ValisePeerWant *want)
{
  g_autoptr (GPtrArray) revs = g_ptr_array_new ();

  if (want->revs[0] == NULL)
    return valise_transfer_has (self, want->id) ? NULL : valise_peer_want_new (want->id, NULL);

  for (guint i = 0; want->revs[i] != NULL; i++)
    {
      g_autofree char *key = make_key (want->id, want->revs[i]);

      if (!g_hash_table_contains (self->arrived, key))
        g_ptr_array_add (revs, want->revs[i]);
    }
  if (revs->len == 0)
    return NULL;
  g_ptr_array_add (revs, NULL);
  return valise_peer_want_new (want->id, (const char *const *) revs->pdata);
}

static GPtrArray *
dup_rests (ValiseTransfer *self, GPtrArray *wants)
{
  GPtrArray *rests = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);

  for (guint i = 0; i < wants->len; i++)
    {
      ValisePeerWant *rest = dup_rest (self, g_ptr_array_index (wants, i));

      if (rest != NULL)
        g_ptr_array_add (rests, rest);
    }
  return rests;
}

static gboolean
request (ValiseTransfer *self, GPtrArray *wants, GError **error)
{
  gint64   start = g_get_monotonic_time ();
  gboolean ok = FALSE;

  self->bytes = 0;
  self->documents = 0;
  g_hash_table_remove_all (self->asked);
  for (guint i = 0; i < wants->len; i++)
    g_hash_table_add (self->asked, ((ValisePeerWant *) g_ptr_array_index (wants, i))->id);

  ok = valise_peer_fetch (self->source, wants, take_document, self, self->cancellable, error);
  if (ok)
    self->reached = TRUE;
  valise_batch_size_learn (&self->size, self->documents, self->bytes,
                           g_get_monotonic_time () - start);
  return ok;
}

static gboolean fetch_through (ValiseTransfer *self, GPtrArray *wants, GError **error);

static gboolean
fetch_slice (ValiseTransfer *self, GPtrArray *wants, guint start, guint end, GError **error)
{
  g_autoptr (GPtrArray) half = g_ptr_array_new ();

  for (guint i = start; i < end; i++)
    g_ptr_array_add (half, g_ptr_array_index (wants, i));
  return fetch_through (self, half, error);
}

/* An answer too large, or one that cannot be read: which document is it? Takes @failure. */
static gboolean
narrow_down (ValiseTransfer *self, GPtrArray *wants, GError *failure, GError **error)
{
  g_autoptr (GError)    reason = failure;
  const ValisePeerWant *want = g_ptr_array_index (wants, 0);
  const char           *code = NULL;

  if (wants->len > 1)
    return fetch_slice (self, wants, 0, wants->len / 2, error)
           && fetch_slice (self, wants, wants->len / 2, wants->len, error);

  if (++self->broken > MAX_BROKEN)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  code = g_error_matches (reason, VALISE_PEER_ERROR, VALISE_PEER_ERROR_TOO_LARGE)
             ? VALISE_REFUSAL_TOO_LARGE
             : VALISE_REFUSAL_MALFORMED;
  for (guint i = 0; want->revs[i] != NULL; i++)
    valise_pipeline_refuse (self->pipeline, want->id, want->revs[i], code, reason->message);
  return TRUE;
}

/* One batch, however often it takes. */
static gboolean
fetch_through (ValiseTransfer *self, GPtrArray *wants, GError **error)
{
  guint attempt = 0;

  for (;;)
    {
      g_autoptr (GPtrArray) rests = dup_rests (self, wants);
      GError               *failure = NULL;

      if (rests->len == 0 || request (self, rests, &failure))
        return TRUE;
      if (self->documents > 0)
        attempt = 0; /* it moves */
      if (!self->clogged
          && (g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_TOO_LARGE)
              || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL)))
        {
          g_autoptr (GPtrArray) left = dup_rests (self, wants);

          if (left->len > 0)
            return narrow_down (self, left, failure, error);
          g_error_free (failure);
          return TRUE;
        }
      if (!valise_transfer_retry (self, &attempt, failure, error))
        return FALSE;
    }
}

static gboolean
keep_document (ValiseDocument *document, gpointer user_data, GError **error)
{
  ValiseDocument **kept = user_data;

  if (*kept == NULL && g_strcmp0 (document->id, KEYS_ID) == 0)
    *kept = valise_document_ref (document);
  return TRUE;
}

/* Something is sealed by a key that the gates do not know: perhaps the source has it. */
static gboolean
fetch_keys (ValiseTransfer *self, GError **error)
{
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  g_autoptr (ValiseDocument) keys = NULL;
  guint                      attempt = 0;
  GError                    *failure = NULL;

  g_ptr_array_add (wants, valise_peer_want_new (KEYS_ID, NULL));
  while (
      !valise_peer_fetch (self->source, wants, keep_document, &keys, self->cancellable, &failure))
    {
      if (g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
        {
          g_error_free (failure);
          break;
        }
      if (!valise_transfer_retry (self, &attempt, failure, error))
        return FALSE;
      failure = NULL;
    }
  valise_pipeline_unstall (self->pipeline, keys);
  return TRUE;
}

/* How many of @wants from @start make the next batch. */
static guint
measure_batch (ValiseTransfer *self, GPtrArray *wants, guint start, GHashTable *sizes)
{
  guint  most = valise_batch_size_get_documents (&self->size);
  gint64 bytes = valise_batch_size_get_bytes (&self->size);
  guint  end = start;
  gint64 sum = 0;

  while (end < wants->len && end - start < most && (end == start || sum < bytes))
    {
      const ValisePeerWant *want = g_ptr_array_index (wants, end++);
      const gint64         *size = sizes != NULL ? g_hash_table_lookup (sizes, want->id) : NULL;

      sum += size != NULL ? *size : 0;
    }
  return end;
}

gboolean
valise_transfer_fetch (ValiseTransfer *self, GPtrArray *wants, GHashTable *sizes, GError **error)
{
  guint start = 0;

  while (start < wants->len)
    {
      guint end = measure_batch (self, wants, start, sizes);

      if (!fetch_slice (self, wants, start, end, error))
        return FALSE;
      if (valise_pipeline_is_stalled (self->pipeline) && !fetch_keys (self, error))
        return FALSE;
      start = end;
    }
  return TRUE;
}

gboolean
valise_transfer_flush (ValiseTransfer *self, GError **error)
{
  do
    {
      if (valise_pipeline_is_stalled (self->pipeline) && !fetch_keys (self, error))
        return FALSE;
      if (!valise_pipeline_flush (self->pipeline, error))
        return FALSE;
    }
  while (valise_pipeline_is_stalled (self->pipeline));
  return TRUE;
}
