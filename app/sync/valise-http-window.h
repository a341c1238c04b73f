/* valise-http-window.h - how much a peer may send unasked over a slow, long line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is under way when a program is killed was paid for in vain; and what waits in a router's
 * queue delays whatever else is asked. TCP by itself lets as much be sent as the queues along the
 * line will hold: seconds of it. So where the peer is far and the line slow, the window that the
 * kernel promises (TCP_WINDOW_CLAMP) is kept at what fills the line and little more: a third
 * and two packets more than what is carried in the time of the shortest round trip. It begins at
 * what a peer sends unasked first (RFC 6928), and doubles as long as it is what holds the peer
 * back, as TCP's own slow start does; once it is large it is let go. Where packets come out of
 * order, as after a loss, it is wider: what comes behind the gap needs room.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  gint64   since_us; /* monotonic; of what is being measured; 0: nothing */
  gint64   looked_us;
  guint64  received; /* bytes, by then */
  double   rates[8]; /* bytes a second, the newest last measurements, going round */
  guint    measured; /* how many so far */
  guint32  disorder; /* packets out of order, by then */
  gint64   lossy_us; /* monotonic; when there was one last; 0: never */
  guint    size;     /* bytes of the window; 0: not set */
  gboolean free;     /* it is let go for good */
} ValiseHttpWindow;

/* To be called whenever something was read from the TCP socket @fd. */
void valise_http_window_look (ValiseHttpWindow *self, int fd);

G_END_DECLS
