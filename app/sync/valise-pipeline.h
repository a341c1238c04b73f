/* valise-pipeline.h - from a document that arrived to one that is durable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The replicator's thread pushes; a small pool judges by the gates; a writer of its own
 * commits in the order of arrival, at most a second or 4 MiB at once, while the next answer
 * is already on its way. For the files of this layer.
 */

#pragma once

#include "valise-gates.h"
#include "valise-outcome.h"

G_BEGIN_DECLS

typedef struct _ValisePipeline ValisePipeline;

/* @gates: (element-type ValisePipelineGate), not changed while the pipeline lives.
 * @quarantine: takes what is refused. @local_id: of the log that rides with the marks.
 * @cancellable: of writes to a target that is not a store of this machine: what arrived is
 * written there even after it was cancelled. All are borrowed. */
ValisePipeline *valise_pipeline_new (ValisePeer       *target,
                                     GPtrArray        *gates,
                                     ValiseQuarantine *quarantine,
                                     const char       *local_id,
                                     GCancellable     *cancellable);

/* Of a mark that is about to be written: the log which says that all up to @seq is done, transfer
 * full, and @away (out) that for the other peer. In the writer's thread. */
typedef char *(*ValisePipelineLogFunc) (const char *seq, char **away, gpointer user_data);

/* Who makes logs of marks; before the first one. Without, marks say nothing. */
void valise_pipeline_set_log (ValisePipeline *self, ValisePipelineLogFunc func, gpointer user_data);

/* The pusher's thread; each waits while much is queued. FALSE with what the writer failed
 * with. Of valise_pipeline_push_known(), @document has no body. @seq: (nullable): marks that with
 * it all up to there is pushed: of what is written in one transaction, the last mark's log is
 * written in the same, and it never waits for a mark that is to follow. */
gboolean valise_pipeline_push (ValisePipeline *self,
                               ValiseDocument *document,
                               const char     *seq,
                               GError        **error);
gboolean valise_pipeline_push_known (ValisePipeline *self,
                                     ValiseDocument *document,
                                     const char     *seq,
                                     GError        **error);

/* A mark without a document. */
gboolean valise_pipeline_push_mark (ValisePipeline *self, const char *seq, GError **error);

/* Waits until all is written; FALSE with what failed. Stops early where stalled. */
gboolean valise_pipeline_flush (ValisePipeline *self, GError **error);

/* Whether it waits for a key that nobody knows yet. The `keys` document is to be fetched and
 * given to valise_pipeline_unstall() (nullable: there is none), which judges anew; what then
 * still is by an unknown key is refused. */
gboolean valise_pipeline_is_stalled (ValisePipeline *self);
void     valise_pipeline_unstall (ValisePipeline *self, ValiseDocument *keys);

/* The newest logs whose documents are durable; FALSE where there are none. */
gboolean valise_pipeline_dup_logs (ValisePipeline *self, char **log, char **away);

/* What was refused since the last call (element-type ValiseRefusal). */
GPtrArray *valise_pipeline_take_refusals (ValisePipeline *self);

void valise_pipeline_get_count (ValisePipeline *self, ValisePipelineCount *count);

/* Refuses for another reason than a gate's: it could not be read, or was too large. */
void valise_pipeline_refuse (ValisePipeline *self,
                             const char     *id,
                             const char     *rev,
                             const char     *code,
                             const char     *reason);

/* Drops what is still queued, ends the threads. */
void valise_pipeline_free (ValisePipeline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePipeline, valise_pipeline_free)

G_END_DECLS
