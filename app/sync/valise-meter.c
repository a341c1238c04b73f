/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-meter"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "valise-meter.h"

#define BURST_S    0.25 /* seconds' worth that may run ahead of the rate */
#define WINDOW_MIN 4096 /* bytes a peer may send unasked, at the least, */
#define WINDOW_MAX (256 << 10)

typedef struct
{
  ValiseMeterLook look;
  gpointer        user_data;
} Source;

struct _ValiseMeter
{
  gatomicrefcount refs;

  GMutex  sources_mutex; /* held while they look; taken before the other */
  GArray *sources;       /* (element-type Source) */

  GMutex          telling; /* held while the listener runs */
  ValiseMeterFunc func;
  gpointer        user_data;

  GMutex  mutex; /* of all below */
  guint64 received;
  guint64 sent;
  guint64 rate;
  double  debt;    /* bytes carried that are not paid for in time yet */
  gint64  paid_us; /* monotonic; the debt is as of then */
};

ValiseMeter *
valise_meter_new (void)
{
  ValiseMeter *self = g_new0 (ValiseMeter, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->sources_mutex);
  g_mutex_init (&self->telling);
  g_mutex_init (&self->mutex);
  self->sources = g_array_new (FALSE, FALSE, sizeof (Source));
  return self;
}

ValiseMeter *
valise_meter_ref (ValiseMeter *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_meter_unref (ValiseMeter *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_array_unref (self->sources);
  g_mutex_clear (&self->sources_mutex);
  g_mutex_clear (&self->telling);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
valise_meter_set_listener (ValiseMeter *self, ValiseMeterFunc func, gpointer user_data)
{
  g_mutex_lock (&self->telling);
  self->func = func;
  self->user_data = user_data;
  g_mutex_unlock (&self->telling);
}

/* --- counting -------------------------------------------------------------------------------- */

void
valise_meter_add_source (ValiseMeter *self, ValiseMeterLook look, gpointer user_data)
{
  Source source = { look, user_data };

  g_mutex_lock (&self->sources_mutex);
  g_array_append_val (self->sources, source);
  g_mutex_unlock (&self->sources_mutex);
}

void
valise_meter_remove_source (ValiseMeter *self, gpointer user_data)
{
  g_mutex_lock (&self->sources_mutex);
  for (guint i = self->sources->len; i > 0; i--)
    if (g_array_index (self->sources, Source, i - 1).user_data == user_data)
      g_array_remove_index_fast (self->sources, i - 1);
  g_mutex_unlock (&self->sources_mutex);
}

void
valise_meter_sample (ValiseMeter *self)
{
  g_mutex_lock (&self->sources_mutex);
  for (guint i = 0; i < self->sources->len; i++)
    {
      const Source *source = &g_array_index (self->sources, Source, i);

      source->look (source->user_data);
    }
  g_mutex_unlock (&self->sources_mutex);
}

/* What time has paid for is no debt any more. Holds the mutex. */
static void
pay (ValiseMeter *self)
{
  gint64 now_us = g_get_monotonic_time ();
  double paid = (double) (now_us - self->paid_us) / G_USEC_PER_SEC * (double) self->rate;

  self->debt = MAX (self->debt - paid, 0);
  self->paid_us = now_us;
}

void
valise_meter_count (ValiseMeter *self, guint64 received, guint64 sent)
{
  if (received == 0 && sent == 0)
    return;

  g_mutex_lock (&self->mutex);
  self->received += received;
  self->sent += sent;
  if (self->rate > 0)
    {
      pay (self);
      self->debt += (double) (received + sent);
    }
  g_mutex_unlock (&self->mutex);

  g_mutex_lock (&self->telling);
  if (self->func != NULL)
    self->func (received, sent, self->user_data);
  g_mutex_unlock (&self->telling);
}

void
valise_meter_get (ValiseMeter *self, guint64 *received, guint64 *sent)
{
  g_mutex_lock (&self->mutex);
  *received = self->received;
  *sent = self->sent;
  g_mutex_unlock (&self->mutex);
}

/* --- the pace -------------------------------------------------------------------------------- */

void
valise_meter_set_rate (ValiseMeter *self, guint64 rate)
{
  g_mutex_lock (&self->mutex);
  self->rate = rate;
  self->debt = 0;
  self->paid_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
}

guint64
valise_meter_get_rate (ValiseMeter *self)
{
  guint64 rate = 0;

  g_mutex_lock (&self->mutex);
  rate = self->rate;
  g_mutex_unlock (&self->mutex);
  return rate;
}

/* What a peer has sent is on the line already, read or not: so it is promised no more room than
 * half a second's worth. What is sent goes out evenly by the kernel's own pacing. A kernel that
 * does not know an option leaves the pace to valise_meter_get_delay(). */
void
valise_meter_fit (ValiseMeter *self, GSocket *socket)
{
  guint64 rate = valise_meter_get_rate (self);
  int     window = (int) CLAMP (rate / 2, WINDOW_MIN, WINDOW_MAX);
  guint   pacing = (guint) MIN (rate, G_MAXUINT / 2);
  int     fd = g_socket_get_fd (socket);

  if (rate == 0)
    return;
  if (setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof window) != 0
      || setsockopt (fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, &window, sizeof window) != 0
      || setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &window, sizeof window) != 0
      || setsockopt (fd, SOL_SOCKET, SO_MAX_PACING_RATE, &pacing, sizeof pacing) != 0)
    g_debug ("A socket cannot be paced");
}

gint64
valise_meter_get_delay (ValiseMeter *self)
{
  double delay_s = 0;

  g_mutex_lock (&self->mutex);
  if (self->rate > 0)
    {
      pay (self);
      delay_s = self->debt / (double) self->rate - BURST_S;
    }
  g_mutex_unlock (&self->mutex);
  return delay_s > 0 ? (gint64) (delay_s * G_USEC_PER_SEC) : 0;
}
