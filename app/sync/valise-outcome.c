/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-outcome"

#include "config.h"

#include "valise-outcome.h"

static GPtrArray *
new_refusals (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) valise_refusal_free);
}

void
valise_outcome_init (ValiseOutcome *self, ValiseQuarantine *quarantine)
{
  self->quarantine = quarantine;
  self->refusals = new_refusals ();
}

void
valise_outcome_clear (ValiseOutcome *self)
{
  g_clear_pointer (&self->refusals, g_ptr_array_unref);
  g_clear_pointer (&self->log, g_free);
  g_clear_pointer (&self->away, g_free);
}

void
valise_outcome_refuse (ValiseOutcome *self,
                       const char    *id,
                       const char    *rev,
                       const char    *code,
                       const char    *reason)
{
  ValiseRefusal *refusal = g_new0 (ValiseRefusal, 1);

  refusal->id = g_strdup (id);
  refusal->rev = g_strdup (rev);
  refusal->error = g_strdup (code);
  refusal->reason = g_strdup (reason);
  g_ptr_array_add (self->refusals, refusal);
  self->count.refused++;
  if (id != NULL && rev != NULL)
    valise_quarantine_add (self->quarantine, id, rev, code, reason);
}

void
valise_outcome_take (ValiseOutcome *self,
                     GPtrArray     *documents,
                     GPtrArray     *refusals,
                     char         **log,
                     char         **away)
{
  guint known = 0;

  for (guint i = 0; i < documents->len; i++)
    {
      const ValiseDocument *document = g_ptr_array_index (documents, i);

      known += document->body == NULL;
      valise_quarantine_remove (self->quarantine, document->id, document->rev);
    }
  self->count.known += known;
  self->count.stored += documents->len - known - MIN (refusals->len, documents->len);
  for (guint i = 0; i < refusals->len; i++)
    {
      const ValiseRefusal *refusal = g_ptr_array_index (refusals, i);

      valise_outcome_refuse (self, refusal->id, refusal->rev, refusal->error, refusal->reason);
    }
  if (*log != NULL)
    {
      g_free (self->log);
      g_free (self->away);
      self->log = g_steal_pointer (log);
      self->away = g_steal_pointer (away);
    }
}

GPtrArray *
valise_outcome_take_refusals (ValiseOutcome *self)
{
  GPtrArray *refusals = self->refusals;

  self->refusals = new_refusals ();
  return refusals;
}
