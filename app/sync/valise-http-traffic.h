/* valise-http-traffic.h - the bytes that sockets carried, as the kernel counted them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Neither libsoup's metrics nor Content-Length know of TLS, of compression or of headers. The
 * kernel does (TCP_INFO): it is what a user pays for, but for IP's own headers.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ValiseHttpTraffic ValiseHttpTraffic; /* counted; any thread */

ValiseHttpTraffic *valise_http_traffic_new (void);
ValiseHttpTraffic *valise_http_traffic_ref (ValiseHttpTraffic *self);
void               valise_http_traffic_unref (ValiseHttpTraffic *self);

/* Counts @socket from now on; one known already is left alone. */
void valise_http_traffic_add (ValiseHttpTraffic *self, GSocket *socket);

/* Looks at every socket; a closed one is dropped, so call it before a connection may close. */
void valise_http_traffic_sample (ValiseHttpTraffic *self);

void valise_http_traffic_get (ValiseHttpTraffic *self, guint64 *received, guint64 *sent);

/* Whether the other end of the TCP socket @fd, open or closed by it, never said a byte. */
gboolean valise_http_traffic_is_silent (int fd);

G_END_DECLS
