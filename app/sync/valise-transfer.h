/* valise-transfer.h - brings documents from a source into the pipeline, through every cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; the replicator's thread.
 */

#pragma once

#include "valise-pipeline.h"

G_BEGIN_DECLS

typedef struct _ValiseTransfer ValiseTransfer;

/* Called now and then while documents arrive, so that progress can be told. */
typedef void (*ValiseTransferFunc) (gpointer user_data);

/* All are borrowed. */
ValiseTransfer *valise_transfer_new (ValisePeer        *source,
                                     ValisePipeline    *pipeline,
                                     GCancellable      *cancellable,
                                     ValiseTransferFunc func,
                                     gpointer           user_data);

/**
 * valise_transfer_fetch:
 * @wants: (element-type ValisePeerWant): in order of importance
 * @sizes: (nullable) (element-type utf8 gint64*): by id, the bytes that the feed announced
 *
 * Asks for @wants in batches, again for what a cut left out, in halves for what is too much,
 * and refuses by name what cannot be read at all. What is gone at the source is left out.
 * Nothing that arrived is asked for again.
 */
gboolean valise_transfer_fetch (ValiseTransfer *self,
                                GPtrArray      *wants,
                                GHashTable     *sizes,
                                GError        **error);

/* Whether @id arrived since valise_transfer_forget(). */
gboolean valise_transfer_has (ValiseTransfer *self, const char *id);
void     valise_transfer_forget (ValiseTransfer *self);

/* Waits until all is durable, and asks for the keys where the pipeline lacks some. */
gboolean valise_transfer_flush (ValiseTransfer *self, GError **error);

/* One more try after @failure? Sleeps, and takes @failure into @error where not. A source
 * that never answered in this run is not asked again. */
gboolean valise_transfer_retry (ValiseTransfer *self,
                                guint          *attempt,
                                GError         *failure,
                                GError        **error);

/* Whether something failed, and was tried again, since the last call. */
gboolean valise_transfer_take_shaken (ValiseTransfer *self);

/* The source has answered: what fails from now on may pass. */
void valise_transfer_set_reached (ValiseTransfer *self);

void valise_transfer_free (ValiseTransfer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseTransfer, valise_transfer_free)

G_END_DECLS
