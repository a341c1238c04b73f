/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-tombstones"

#include "config.h"

#include "valise-gates.h"
#include "valise-judge.h"
#include "valise-tombstones.h"

static void
refuse (const ValisePeerWant *want, ValisePipeline *pipeline)
{
  g_autofree char *reason = g_strconcat (want->id, ": only the secretariat withdraws here", NULL);

  for (guint i = 0; want->revs[i] != NULL; i++)
    valise_pipeline_refuse (pipeline, want->id, want->revs[i], "seal", reason);
}

GPtrArray *
valise_tombstones_settle (const ValiseFeedPage *page,
                          GPtrArray            *missing,
                          GPtrArray            *gates,
                          ValisePeer           *target,
                          ValisePipeline       *pipeline)
{
  GPtrArray *rest = NULL;

  if (g_hash_table_size (page->deleted) == 0 || !valise_peer_is_atomic (target)
      || valise_gates_take_tombstones (gates))
    return g_ptr_array_ref (missing);

  rest = g_ptr_array_new ();
  for (guint i = 0; i < missing->len; i++)
    {
      ValisePeerWant *want = g_ptr_array_index (missing, i);

      /* A row whose winner is a tombstone has no other leaves. */
      if (!g_hash_table_contains (page->deleted, want->id))
        g_ptr_array_add (rest, want);
      else if (valise_judge_has_winner (target, want->id))
        refuse (want, pipeline);
    }
  return rest;
}
