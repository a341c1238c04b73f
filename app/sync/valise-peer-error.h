/* valise-peer-error.h - how a peer fails, apart from what a peer is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Views turn these codes into sentences, and do not see the store that valise-peer.h names.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_PEER_ERROR (valise_peer_error_quark ())

/**
 * ValisePeerError:
 * @VALISE_PEER_ERROR_NETWORK: no route, no name, reset, stalled: try again later
 * @VALISE_PEER_ERROR_PORTAL: a sign-in page or another stranger answered in its place
 * @VALISE_PEER_ERROR_IDENTITY: the server's key is not the one pinned, nor certified
 * @VALISE_PEER_ERROR_CREDENTIALS: 401, after signing in anew
 * @VALISE_PEER_ERROR_FORBIDDEN: 403 for the database
 * @VALISE_PEER_ERROR_MISSING: 404: no such database, document or `_local` document
 * @VALISE_PEER_ERROR_TOO_LARGE: 413
 * @VALISE_PEER_ERROR_BUSY: 429, or 503 with Retry-After
 * @VALISE_PEER_ERROR_SERVER: 408, 5xx
 * @VALISE_PEER_ERROR_PROTOCOL: an answer that is not the protocol's
 */
typedef enum
{
  VALISE_PEER_ERROR_NETWORK,
  VALISE_PEER_ERROR_PORTAL,
  VALISE_PEER_ERROR_IDENTITY,
  VALISE_PEER_ERROR_CREDENTIALS,
  VALISE_PEER_ERROR_FORBIDDEN,
  VALISE_PEER_ERROR_MISSING,
  VALISE_PEER_ERROR_TOO_LARGE,
  VALISE_PEER_ERROR_BUSY,
  VALISE_PEER_ERROR_SERVER,
  VALISE_PEER_ERROR_PROTOCOL,
} ValisePeerError;

GQuark valise_peer_error_quark (void);

G_END_DECLS
