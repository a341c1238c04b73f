/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-gates"

#include "config.h"

#include "valise-gates.h"

static void
free_gate (gpointer data)
{
  ValisePipelineGate *gate = data;

  g_object_unref (gate->gate);
  g_free (gate->database);
  g_free (gate);
}

GPtrArray *
valise_gates_new (void)
{
  return g_ptr_array_new_with_free_func (free_gate);
}

void
valise_gates_add (GPtrArray *gates, ValiseGate *gate, const char *database, ValiseSource source)
{
  ValisePipelineGate *entry = g_new0 (ValisePipelineGate, 1);

  entry->gate = g_object_ref (gate);
  entry->database = g_strdup (database);
  entry->source = source;
  g_ptr_array_add (gates, entry);
}

GPtrArray *
valise_gates_copy (GPtrArray *gates, gboolean lax)
{
  GPtrArray *copy = valise_gates_new ();

  for (guint i = 0; i < gates->len; i++)
    {
      const ValisePipelineGate *gate = g_ptr_array_index (gates, i);

      valise_gates_add (copy, gate->gate, gate->database, lax ? VALISE_SOURCE_PEER : gate->source);
    }
  return copy;
}

gboolean
valise_gates_have (GPtrArray *gates, ValiseSource source)
{
  for (guint i = 0; i < gates->len; i++)
    if (((ValisePipelineGate *) g_ptr_array_index (gates, i))->source == source)
      return TRUE;
  return FALSE;
}

gboolean
valise_gates_take_tombstones (GPtrArray *gates)
{
  for (guint i = 0; i < gates->len; i++)
    {
      const ValisePipelineGate *gate = g_ptr_array_index (gates, i);

      if (!valise_gate_takes_tombstones (gate->gate, gate->database, gate->source))
        return FALSE;
    }
  return TRUE;
}
