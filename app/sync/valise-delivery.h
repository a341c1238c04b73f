/* valise-delivery.h - writes to a target, whatever it takes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * To a store of this machine: one transaction, the log with it. To a server: tries again
 * where that may help, and halves what is too large. For the pipeline's writer.
 */

#pragma once

#include "valise-peer.h"

G_BEGIN_DECLS

typedef struct _ValiseDelivery ValiseDelivery;

ValiseDelivery *valise_delivery_new (ValisePeer   *target,
                                     const char   *local_id,
                                     GCancellable *cancellable);

/* How much at once. */
gsize valise_delivery_get_bytes (ValiseDelivery *self);
guint valise_delivery_get_documents (ValiseDelivery *self);

/* Durable when it returns. @log: (nullable): to be stored with them, where the target is a
 * store; otherwise left to the replicator. Returns: (element-type ValiseRefusal): those
 * refused, or %NULL. */
GPtrArray *valise_delivery_send (ValiseDelivery *self,
                                 GPtrArray      *documents,
                                 const char     *log,
                                 GError        **error);

void valise_delivery_free (ValiseDelivery *self);

G_END_DECLS
