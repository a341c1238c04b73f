/* valise-http-window.h - how much a peer may send unasked over a slow, long line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is under way when a program is killed was paid for in vain; and what waits in a router's
 * queue delays whatever else is asked. TCP by itself lets as much be sent as the queues along the
 * line will hold: seconds of it. So where the peer is far and the line slow, the window that the
 * kernel promises (TCP_WINDOW_CLAMP) is kept at what fills the line and little more: what is
 * carried in the time of the shortest round trip, and a third more, or on the slowest lines three
 * packets, since two are acknowledged at once. It begins at what a peer sends unasked first (RFC
 * 6928), and doubles as long as it is what holds the peer back, as TCP's own slow start does; once
 * it is large it is let go. Where packets come out of order, as after a loss, it is wider: what
 * comes behind the gap needs room.
 *
 * A window once promised cannot be taken back (RFC 9293, 3.8.6), and the first promise is made
 * before it is known how far the peer is: 64 kB, which are eight seconds of 64 kbit/s. So a
 * connection begins with less memory to receive in, which a peer who is near never notices: it is
 * given back as soon as the connection stands.
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
  int      usual;    /* bytes of memory, to be given back; 0: it was */
  gboolean free;     /* it is let go for good */
} ValiseHttpWindow;

/* Before the TCP socket @fd connects. Where the kernel is older than Linux 5.14, or has no use for
 * it, nothing happens. */
void valise_http_window_open (ValiseHttpWindow *self, int fd);

/* To be called when it stands, and then whenever something was read from it. */
void valise_http_window_look (ValiseHttpWindow *self, int fd);

G_END_DECLS
