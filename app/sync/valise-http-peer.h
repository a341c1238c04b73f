/* valise-http-peer.h - a database of a CouchDB, PouchDB or valise-server, over HTTPS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-peer.h"

G_BEGIN_DECLS

/* How to reach and to know a server; copied. */
typedef struct
{
  const char *url;  /* of the server: "https://host:port"; http only to loopback */
  const char *user; /* NULL: nobody */
  const char *password;
  const char *pin;        /* SHA-256 of its public key (SPKI) in 64 hex digits, or NULL: the
                           * system's authorities decide */
  const char *backup_pin; /* a second key, or NULL */
  guint       timeout_s;  /* of silence on the socket; 0: 60 */
} ValiseServerAddress;

#define VALISE_TYPE_HTTP_PEER (valise_http_peer_get_type ())

G_DECLARE_FINAL_TYPE (ValiseHttpPeer, valise_http_peer, VALISE, HTTP_PEER, GObject)

ValisePeer *valise_http_peer_new (const ValiseServerAddress *address,
                                  const char                *database,
                                  GError                   **error) G_GNUC_WARN_UNUSED_RESULT;

/* One exchange outside the replication protocol, such as joining: JSON in, JSON out. */
ValiseJson *valise_http_exchange (const ValiseServerAddress *address,
                                  const char                *method,
                                  const char                *path,
                                  const char                *body,
                                  GCancellable              *cancellable,
                                  GError                   **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
