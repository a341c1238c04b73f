/* valise-http-peer.h - a database of a CouchDB, PouchDB or valise-server, over HTTPS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CouchDB's protocol; and where `GET /` lists them in "features", what our server adds:
 *
 * "size": a row of `_changes` carries "size", the bytes of the winner's body.
 *
 * "join": POST /_valise/join {token, device: PUBLIC-KEY, name: what the laptop is called} →
 * 201 {account, password, participant, person, role, languages: […], databases: [{name, read,
 * write}, …], certificate}, or 403 {error: "invitation_used" | "invitation_expired" |
 * "invitation_unknown", reason}. A lost answer must not lose the invitation: the server
 * remembers which device key a token was traded for, and answers the same token with the same
 * key again 201, with the same account and a new password. Only another key is "used".
 *
 * "account": GET /_valise/account (signed in) → {databases: [{name, read: true, write: BOOL},
 * …] in the order in which they should sync, time: the server's time in µs since 1970}.
 */

#pragma once

#include "valise-meter.h"
#include "valise-peer.h"

G_BEGIN_DECLS

/* How to reach and to know a server; copied. */
typedef struct
{
  const char *url;  /* of the server: "https://host:port"; http only to loopback */
  const char *user; /* NULL: nobody */
  const char *password;
  const char *pin;             /* SHA-256 of its public key (SPKI) in 64 hex digits, or NULL: the
                                * system's authorities decide */
  const char      *backup_pin; /* a second key, or NULL */
  guint            timeout_s;  /* of silence on the socket; 0: 60 */
  GTlsCertificate *identity;   /* shown where the server asks who we are, or NULL */
  ValiseMeter     *meter;      /* where its bytes count, and which sets their pace; or NULL */
} ValiseServerAddress;

#define VALISE_TYPE_HTTP_PEER (valise_http_peer_get_type ())

G_DECLARE_FINAL_TYPE (ValiseHttpPeer, valise_http_peer, VALISE, HTTP_PEER, GObject)

ValisePeer *valise_http_peer_new (const ValiseServerAddress *address,
                                  const char                *database,
                                  GError                   **error) G_GNUC_WARN_UNUSED_RESULT;

/* From now on documents are fetched with the files that they carry themselves (CouchDB's
 * attachments), inline in base64: for a target that keeps them. Before any thread asks. */
void valise_http_peer_fetch_files (ValiseHttpPeer *self);

/* One exchange outside the replication protocol, such as joining: JSON in, JSON out. */
ValiseJson *valise_http_exchange (const ValiseServerAddress *address,
                                  const char                *method,
                                  const char                *path,
                                  const char                *body,
                                  GCancellable              *cancellable,
                                  GError                   **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
