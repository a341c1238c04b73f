/* valise-http-traffic.h - the bytes that sockets carried, as the kernel counted them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Neither libsoup's metrics nor Content-Length know of TLS, of compression or of headers. The
 * kernel does (TCP_INFO): it is what a user pays for, but for IP's own headers.
 */

#pragma once

#include "valise-meter.h"

G_BEGIN_DECLS

typedef struct _ValiseHttpTraffic ValiseHttpTraffic; /* counted; any thread */

/* @meter: (nullable): of the account, where all is counted once more and which sets the pace. */
ValiseHttpTraffic *valise_http_traffic_new (ValiseMeter *meter);
ValiseHttpTraffic *valise_http_traffic_ref (ValiseHttpTraffic *self);
void               valise_http_traffic_unref (ValiseHttpTraffic *self);

/* Counts @socket from now on, and fits it to the meter's pace; one known already is left alone. */
void valise_http_traffic_add (ValiseHttpTraffic *self, GSocket *socket);

/* While held, what is sent goes out in whole packets: a request's head and its body, two writes,
 * are one packet to pay for, and to be acknowledged. The kernel holds nothing longer than 200 ms.
 */
void valise_http_traffic_hold (ValiseHttpTraffic *self, gboolean held);

/* Looks at every socket. One that was closed ends for its peer only now, so this is called after
 * every answer, and once all are closed. */
void valise_http_traffic_sample (ValiseHttpTraffic *self);

/* Sleeps as long as the meter's rate asks for; FALSE where cancelled. */
gboolean valise_http_traffic_keep_rate (ValiseHttpTraffic *self,
                                        GCancellable      *cancellable,
                                        GError           **error);

void valise_http_traffic_get (ValiseHttpTraffic *self, guint64 *received, guint64 *sent);

/* Whether the other end of the TCP socket @fd, open or closed by it, never said a byte. */
gboolean valise_http_traffic_is_silent (int fd);

G_END_DECLS
