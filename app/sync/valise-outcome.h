/* valise-outcome.h - what became of the documents of a run: stored, known, refused
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; whoever has it guards it.
 */

#pragma once

#include "valise-peer.h"
#include "valise-quarantine.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 stored; /* documents that are durable at the target */
  guint64 known;  /* recorded there as known, not here */
  guint64 refused;
} ValisePipelineCount;

typedef struct
{
  ValiseQuarantine   *quarantine; /* lent */
  char               *log;        /* (nullable): the newest whose documents are durable */
  char               *away;       /* (nullable): the one for far away, of the same moment */
  GPtrArray          *refusals;   /* (element-type ValiseRefusal) since they were taken last */
  ValisePipelineCount count;
} ValiseOutcome;

/* @quarantine: takes what is refused. */
void valise_outcome_init (ValiseOutcome *self, ValiseQuarantine *quarantine);
void valise_outcome_clear (ValiseOutcome *self);

/* One document was refused; @id and @rev: (nullable): not known. */
void valise_outcome_refuse (ValiseOutcome *self,
                            const char    *id,
                            const char    *rev,
                            const char    *code,
                            const char    *reason);

/* @documents (element-type ValiseDocument) are durable, but for @refusals (element-type
 * ValiseRefusal); *@log and *@away speak of them and are taken, where the first is not NULL. */
void valise_outcome_take (ValiseOutcome *self,
                          GPtrArray     *documents,
                          GPtrArray     *refusals,
                          char         **log,
                          char         **away);

/* Those since the last time. Transfer full. */
GPtrArray *valise_outcome_take_refusals (ValiseOutcome *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
