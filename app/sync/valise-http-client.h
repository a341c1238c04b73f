/* valise-http-client.h - plain exchanges of JSON with one server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For what is not replication: its connection, identity, sign-in and errors are those of
 * valise-http-peer.h.
 */

#pragma once

#include "valise-http-peer.h"

G_BEGIN_DECLS

typedef struct _ValiseHttpClient ValiseHttpClient;

/* Fails with %VALISE_PEER_ERROR_PROTOCOL where the address is none, and with
 * %VALISE_PEER_ERROR_IDENTITY where it is plain HTTP to another machine. */
ValiseHttpClient *valise_http_client_new (const ValiseServerAddress *address,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void              valise_http_client_free (ValiseHttpClient *self);

/* @path: escaped, from its slash; @body: (nullable): JSON. Returns: the answer's body, at most
 * 1 MiB; %NULL with any #ValisePeerError: MISSING where there is no such thing. Blocks. */
ValiseJson *valise_http_client_exchange (ValiseHttpClient *self,
                                         const char       *method,
                                         const char       *path,
                                         const char       *body,
                                         GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseHttpClient, valise_http_client_free)

G_END_DECLS
