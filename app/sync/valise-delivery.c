/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-delivery"

#include "config.h"

#include "valise-batch-size.h"
#include "valise-delivery.h"
#include "valise-judge.h"
#include "valise-retry.h"

#define COMMIT_BYTES (4 << 20)

struct _ValiseDelivery
{
  ValisePeer     *target;
  char           *local_id;
  GCancellable   *cancellable;
  gboolean        atomic;
  ValiseBatchSize size; /* of what goes to a server */
};

ValiseDelivery *
valise_delivery_new (ValisePeer *target, const char *local_id, GCancellable *cancellable)
{
  ValiseDelivery *self = g_new0 (ValiseDelivery, 1);

  self->target = target;
  self->local_id = g_strdup (local_id);
  self->atomic = valise_peer_is_atomic (target);
  /* What has arrived is kept, also by a run that is being cancelled: a store is quick. */
  self->cancellable = self->atomic ? NULL : cancellable;
  valise_batch_size_init (&self->size);
  return self;
}

void
valise_delivery_free (ValiseDelivery *self)
{
  g_free (self->local_id);
  g_free (self);
}

gsize
valise_delivery_get_bytes (ValiseDelivery *self)
{
  if (self->atomic)
    return COMMIT_BYTES;
  return (gsize) MIN (valise_batch_size_get_bytes (&self->size), COMMIT_BYTES);
}

guint
valise_delivery_get_documents (ValiseDelivery *self)
{
  return self->atomic ? G_MAXUINT : valise_batch_size_get_documents (&self->size);
}

static gboolean
is_missing (const ValiseDocument *document, GPtrArray *missing)
{
  for (guint i = 0; i < missing->len; i++)
    {
      const ValisePeerWant *want = g_ptr_array_index (missing, i);

      if (g_str_equal (want->id, document->id)
          && g_strv_contains ((const char *const *) want->revs, document->rev))
        return TRUE;
    }
  return FALSE;
}

/* Where an answer did not come, what it would have answered may have arrived all the same: what did
 * is not sent again. */
static GPtrArray *
find_rest (ValiseDelivery *self, GPtrArray *documents, GError **error)
{
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  g_autoptr (GPtrArray) missing = NULL;
  GPtrArray            *rest = NULL;

  for (guint i = 0; i < documents->len; i++)
    {
      const ValiseDocument *document = g_ptr_array_index (documents, i);
      const char *const     revs[] = { document->rev, NULL };

      g_ptr_array_add (wants, valise_peer_want_new (document->id, revs));
    }
  missing = valise_peer_diff (self->target, wants, self->cancellable, error);
  if (missing == NULL)
    return NULL;
  rest = g_ptr_array_new ();
  for (guint i = 0; i < documents->len; i++)
    if (is_missing (g_ptr_array_index (documents, i), missing))
      g_ptr_array_add (rest, g_ptr_array_index (documents, i));
  return rest;
}

static GPtrArray *
send_rest (ValiseDelivery *self, GPtrArray *documents, gboolean lost, GError **error)
{
  g_autoptr (GPtrArray) rest =
      lost ? find_rest (self, documents, error) : g_ptr_array_ref (documents);

  return rest != NULL ? valise_peer_write (self->target, rest, NULL, NULL, self->cancellable, error)
                      : NULL;
}

/* One request, tried again where that may help. */
static GPtrArray *
send_once (ValiseDelivery *self, GPtrArray *documents, GError **error)
{
  gboolean lost = FALSE;

  for (guint attempt = 0;; attempt++)
    {
      g_autoptr (GError) failure = NULL;
      GPtrArray         *refusals = send_rest (self, documents, lost, &failure);

      if (refusals != NULL)
        return refusals;
      lost |= g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
      if (attempt >= VALISE_RETRY_MAX || !valise_retry_may_help (failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      if (!valise_retry_pause (attempt, self->cancellable, error))
        return NULL;
    }
}

static GPtrArray *
slice (GPtrArray *documents, guint start, guint end)
{
  GPtrArray *part = g_ptr_array_new ();

  for (guint i = start; i < end; i++)
    g_ptr_array_add (part, g_ptr_array_index (documents, i));
  return part;
}

static void
refuse_large (const ValiseDocument *document, const GError *failure, GPtrArray *refusals)
{
  ValiseRefusal *refusal = g_new0 (ValiseRefusal, 1);

  refusal->id = g_strdup (document->id);
  refusal->rev = g_strdup (document->rev);
  refusal->error = g_strdup (VALISE_REFUSAL_TOO_LARGE);
  refusal->reason = g_strdup (failure->message);
  g_ptr_array_add (refusals, refusal);
}

static void
move_all (GPtrArray *from, GPtrArray *to)
{
  while (from->len > 0)
    g_ptr_array_add (to, g_ptr_array_steal_index (from, 0));
}

/* What the server finds too large goes in halves; a single one that is, is refused. */
static gboolean
send_halving (ValiseDelivery *self, GPtrArray *documents, GPtrArray *refusals, GError **error)
{
  g_autoptr (GError)    failure = NULL;
  g_autoptr (GPtrArray) found = send_once (self, documents, &failure);
  g_autoptr (GPtrArray) first = NULL, second = NULL;

  if (found != NULL)
    {
      move_all (found, refusals);
      return TRUE;
    }
  if (!g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_TOO_LARGE))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (documents->len == 1)
    {
      refuse_large (g_ptr_array_index (documents, 0), failure, refusals);
      return TRUE;
    }
  first = slice (documents, 0, documents->len / 2);
  second = slice (documents, documents->len / 2, documents->len);
  return send_halving (self, first, refusals, error)
         && send_halving (self, second, refusals, error);
}

static guint64
sum_weights (GPtrArray *documents)
{
  guint64 bytes = 0;

  for (guint i = 0; i < documents->len; i++)
    bytes += valise_document_get_weight (g_ptr_array_index (documents, i));
  return bytes;
}

GPtrArray *
valise_delivery_send (ValiseDelivery *self, GPtrArray *documents, const char *log, GError **error)
{
  g_autoptr (GPtrArray) refusals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_refusal_free);
  gint64 start = g_get_monotonic_time ();

  if (self->atomic)
    return valise_peer_write (self->target, documents, log != NULL ? self->local_id : NULL, log,
                              NULL, error);
  if (documents->len == 0)
    return g_steal_pointer (&refusals);

  if (!send_halving (self, documents, refusals, error))
    return NULL;
  valise_batch_size_learn (&self->size, documents->len, sum_weights (documents),
                           g_get_monotonic_time () - start);
  return g_steal_pointer (&refusals);
}
