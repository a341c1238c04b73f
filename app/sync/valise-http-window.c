/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-window"

#include "config.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

#include "valise-http-window.h"

#define FAR_US      100000 /* of a round trip: nearer than that, nothing is limited */
#define SIZE_FIRST  16384  /* bytes: ten packets, and what a head takes */
#define SIZE_FREE   262144 /* of a window that is let go */
#define ESTABLISHED 1      /* of a connection's states, in the kernel's numbers */
#define SIZE_NONE   (1 << 30)
#define PACKET      1448
#define PACKETS     16                    /* at the least, of a measurement */
#define PACKETS_MIN 6                     /* of a window */
#define GAP_US      G_USEC_PER_SEC        /* without a byte: the peer had nothing to say */
#define LOSSY_US    (60 * G_USEC_PER_SEC) /* that a loss is remembered */
#define ROOM        0.3                   /* of what fills the line, besides, … */
#define ROOM_LOSSY  3.0
#define ROOM_LEAST  (PACKET * 13 / 4) /* … and at least that: two are acknowledged at once */
#define WIDER       3                 /* times what a line without loss has */
#define HELD_BACK   0.8 /* of a window carried in a round trip: it was what held the peer back */
#define RECEIVES    (96 * 1024) /* bytes of memory, of which a third to a half are of packets */

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72 /* Linux 5.14 */
#endif

static gboolean
read_info (int fd, struct tcp_info *info)
{
  socklen_t length = sizeof *info;

  return getsockopt (fd, IPPROTO_TCP, TCP_INFO, info, &length) == 0
         && length >= offsetof (struct tcp_info, tcpi_rcv_ooopack) + sizeof info->tcpi_rcv_ooopack;
}

/* The kernel goes past it by itself, when it learns how much memory packets take. */
static gboolean
is_kept (int fd, int size)
{
  int       held = 0;
  socklen_t length = sizeof held;

  return getsockopt (fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, &held, &length) != 0 || held <= size;
}

static void
set_size (ValiseHttpWindow *self, int fd, guint size)
{
  int value = (int) size;

  if (size == self->size && is_kept (fd, value))
    return;
  self->size = size;
  if (setsockopt (fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, &value, sizeof value) != 0)
    self->free = TRUE;
}

/* Of what the kernel keeps for what arrives, without fixing it: it grows as more comes. Half of
 * @bytes, since the kernel takes them twice. */
static gboolean
set_memory (int fd, int bytes)
{
  int half = bytes / 2, unlocked = 0;

  return setsockopt (fd, SOL_SOCKET, SO_BUF_LOCK, &unlocked, sizeof unlocked) == 0
         && setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &half, sizeof half) == 0
         && setsockopt (fd, SOL_SOCKET, SO_BUF_LOCK, &unlocked, sizeof unlocked) == 0;
}

static void
begin (ValiseHttpWindow *self, const struct tcp_info *info, gint64 now_us)
{
  self->since_us = now_us;
  self->received = info->tcpi_bytes_received;
}

static double
get_best_rate (const ValiseHttpWindow *self)
{
  double best = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->rates); i++)
    best = MAX (best, self->rates[i]);
  return best;
}

/* The window that suits a line of @carried bytes a round trip, of which the last were @last.
 * Packets go out whole, so what is less than one more is of no use, but would be one on the next
 * occasion. */
static guint
choose_size (const ValiseHttpWindow *self, double carried, double last, gint64 now_us)
{
  gboolean lossy = self->lossy_us != 0 && now_us - self->lossy_us < LOSSY_US;
  double   wanted = carried + MAX (carried * (lossy ? ROOM_LOSSY : ROOM), ROOM_LEAST);

  if (last >= self->size * HELD_BACK)
    wanted = MAX (wanted, self->size * 2.0);
  return MAX ((guint) MIN (wanted, SIZE_NONE) / PACKET, PACKETS_MIN) * PACKET;
}

static void
fit (ValiseHttpWindow *self, int fd, const struct tcp_info *info, gint64 now_us)
{
  double trip_s = (double) info->tcpi_min_rtt / G_USEC_PER_SEC;
  double rate = (double) (info->tcpi_bytes_received - self->received) * G_USEC_PER_SEC
                / (double) (now_us - self->since_us);
  guint size = 0;

  self->rates[self->measured++ % G_N_ELEMENTS (self->rates)] = rate;
  size = choose_size (self, get_best_rate (self) * trip_s, rate * trip_s, now_us);
  self->free = size >= SIZE_FREE;
  set_size (self, fd, self->free ? SIZE_NONE : size);
}

void
valise_http_window_open (ValiseHttpWindow *self, int fd)
{
  int       usual = 0;
  socklen_t length = sizeof usual;

  if (getsockopt (fd, SOL_SOCKET, SO_RCVBUF, &usual, &length) == 0 && usual > RECEIVES
      && set_memory (fd, RECEIVES))
    self->usual = usual;
}

/* At the first loss, not only when the line was measured once more: the next may come before. */
static void
widen (ValiseHttpWindow *self, int fd, gint64 now_us)
{
  gboolean known = self->lossy_us != 0 && now_us - self->lossy_us < LOSSY_US;

  self->lossy_us = now_us;
  if (!known)
    set_size (self, fd, MIN (self->size * WIDER, SIZE_FREE));
}

/* Once it is known how far the peer is. */
static void
release (ValiseHttpWindow *self, int fd)
{
  if (self->usual > 0)
    (void) set_memory (fd, self->usual);
  self->usual = 0;
}

void
valise_http_window_look (ValiseHttpWindow *self, int fd)
{
  struct tcp_info info = { 0 };
  gint64          now_us = g_get_monotonic_time ();
  gboolean        paused = now_us - self->looked_us > GAP_US;

  if (self->free || !read_info (fd, &info) || info.tcpi_state != ESTABLISHED)
    return;
  release (self, fd);
  self->free = info.tcpi_min_rtt < FAR_US;
  if (self->free)
    return;
  self->looked_us = now_us;
  set_size (self, fd, self->size != 0 ? self->size : SIZE_FIRST);
  if (info.tcpi_rcv_ooopack != self->disorder)
    widen (self, fd, now_us);
  self->disorder = info.tcpi_rcv_ooopack;
  if (self->since_us == 0 || paused)
    begin (self, &info, now_us);
  else if (info.tcpi_bytes_received - self->received >= PACKETS * PACKET
           && now_us - self->since_us >= (gint64) info.tcpi_min_rtt * 3 / 2)
    {
      fit (self, fd, &info, now_us);
      begin (self, &info, now_us);
    }
}
