/* valise-listener.h - the socket, TLS, and what a connection may cost
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libmicrohttpd with epoll on a thread of its own, TLS 1.3 only.
 */

#pragma once

#include "valise-certificate.h"
#include "valise-limits.h"
#include "valise-service.h"

G_BEGIN_DECLS

typedef struct _ValiseListener ValiseListener;

/* Listens. @address: numeric; @port: 0 for any. Fails with any #GIOErrorEnum of the socket, or
 * FAILED where libmicrohttpd does not start. */
ValiseListener *valise_listener_new (ValiseService           *service,
                                     const ValiseLimits      *limits,
                                     const ValiseCertificate *certificate,
                                     const char              *address,
                                     guint16                  port,
                                     GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

guint16 valise_listener_get_port (ValiseListener *self);
guint   valise_listener_get_n_connections (ValiseListener *self);

/* No new connections, new requests are answered 503, and waiting feeds end; what runs is given
 * @grace_ms to finish. */
void valise_listener_stop (ValiseListener *self, guint grace_ms);
void valise_listener_free (ValiseListener *self); /* stops first */

G_END_DECLS
