/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-judge"

#include "config.h"

#include "valise-judge.h"

static gboolean
keep_document (ValiseDocument *document, gpointer user_data, GError **error)
{
  ValiseDocument **kept = user_data;

  if (*kept == NULL)
    *kept = valise_document_ref (document);
  return TRUE;
}

/* The winner at @target now; NULL where there is none, or it is not here to be compared. */
static ValiseDocument *
find_previous (ValisePeer *target, const char *id)
{
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  ValiseDocument *previous = NULL;

  if (!valise_peer_is_atomic (target))
    return NULL;
  g_ptr_array_add (wants, valise_peer_want_new (id, NULL));
  if (!valise_peer_fetch (target, wants, keep_document, &previous, NULL, NULL))
    g_clear_pointer (&previous, valise_document_unref);
  return previous;
}

gboolean
valise_judge_has_winner (ValisePeer *target, const char *id)
{
  g_autoptr (ValiseDocument) winner = find_previous (target, id);

  return winner != NULL && !winner->deleted;
}

/* What the account's own server sends is judged by itself, so the look-up is saved. */
static gboolean
needs_previous (GPtrArray *gates)
{
  for (guint i = 0; i < gates->len; i++)
    if (((ValisePipelineGate *) g_ptr_array_index (gates, i))->source != VALISE_SOURCE_SERVER)
      return TRUE;

  return FALSE;
}

gboolean
valise_judge (const ValiseDocument *document, GPtrArray *gates, ValisePeer *target, GError **error)
{
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (ValiseDocument) previous = NULL;

  if (gates->len == 0)
    return TRUE;
  json = valise_json_scan (document->body, VALISE_JSON_INTEGERS, error);
  if (json == NULL)
    return FALSE;
  if (needs_previous (gates))
    previous = find_previous (target, document->id);

  for (guint i = 0; i < gates->len; i++)
    {
      const ValisePipelineGate *gate = g_ptr_array_index (gates, i);
      ValiseWrite               write = { 0 };

      write.database = gate->database;
      write.document = document;
      write.json = json;
      write.previous = previous;
      write.source = gate->source;
      if (!valise_gate_judge (gate->gate, &write, error))
        return FALSE;
    }
  return TRUE;
}

const char *
valise_judge_get_code (const GError *error)
{
  if (error->domain != VALISE_GATE_ERROR)
    return VALISE_REFUSAL_MALFORMED;

  switch ((ValiseGateError) error->code)
    {
    case VALISE_GATE_ERROR_SEAL:
      return "seal";
    case VALISE_GATE_ERROR_UNKNOWN_KEY:
      return VALISE_REFUSAL_UNKNOWN_KEY;
    case VALISE_GATE_ERROR_REVISION:
      return "revision";
    case VALISE_GATE_ERROR_FORBIDDEN:
    default:
      return "forbidden";
    }
}
