/* valise-gates.h - the gates that a run puts documents to, and as what
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer.
 */

#pragma once

#include "valise-gate.h"

G_BEGIN_DECLS

/* A gate, and as what a document is put to it. */
typedef struct
{
  ValiseGate  *gate;
  char        *database;
  ValiseSource source;
} ValisePipelineGate;

/* Returns: (transfer full) (element-type ValisePipelineGate): none yet */
GPtrArray *valise_gates_new (void);

void valise_gates_add (GPtrArray   *gates,
                       ValiseGate  *gate,
                       const char  *database,
                       ValiseSource source);

/* The gates for one source: what the account's own server passed is not put to every rule again;
 * unless that is a CouchDB, whose gate sees less than ours: @lax. */
GPtrArray *valise_gates_copy (GPtrArray *gates, gboolean lax);

/* Whether to one of them documents are put as from @source. */
gboolean valise_gates_have (GPtrArray *gates, ValiseSource source);

/* FALSE: one of them refuses every tombstone, whatever it says. */
gboolean valise_gates_take_tombstones (GPtrArray *gates);

G_END_DECLS
