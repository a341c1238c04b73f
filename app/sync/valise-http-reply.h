/* valise-http-reply.h - the body of an answer: as JSON, as an error, or dropped
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer. Blocks until the body has ended or @cancellable is cancelled.
 */

#pragma once

#include "valise-http-line.h"
#include "valise-json.h"

G_BEGIN_DECLS

/**
 * valise_http_reply_read_json:
 * @max: how long the body may be, in bytes
 *
 * Fails with %VALISE_PEER_ERROR_PROTOCOL where the body is longer or no JSON,
 * %VALISE_PEER_ERROR_PORTAL where it is a page, %VALISE_PEER_ERROR_NETWORK where it was cut short,
 * or %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): what the body says
 */
ValiseJson *valise_http_reply_read_json (ValiseHttpReply *self,
                                         gsize            max,
                                         GCancellable    *cancellable,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads what is left of an answer of at most 64 KiB, so that its connection can be used again. */
void valise_http_reply_drain (ValiseHttpReply *self, GCancellable *cancellable);

/* Says why the answer is not 2xx, with what its body says. Always sets @error, to any
 * #ValisePeerError or %G_IO_ERROR_CANCELLED. */
void valise_http_reply_set_error (ValiseHttpReply *self, GCancellable *cancellable, GError **error);

G_END_DECLS
