/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-traffic"

#include "config.h"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "valise-http-traffic.h"
#include "valise-http-window.h"
#include "valise-retry.h"

/* The descriptor is one of our own: what a connection says as it closes counts as well. */
typedef struct
{
  GSocket *socket;
  int      fd;
  guint64  received; /* as of the last look */
  guint64  sent;

  ValiseHttpWindow window;
  gboolean         paced; /* by the user's own rate */
} Line;

struct _ValiseHttpTraffic
{
  gatomicrefcount refs;
  ValiseMeter    *meter; /* nullable */

  GMutex     mutex;
  GPtrArray *lines; /* (element-type Line): connections that are open */
  guint64    received;
  guint64    sent;
};

static void
free_line (gpointer data)
{
  Line *line = data;

  if (line->fd >= 0)
    close (line->fd);
  g_object_unref (line->socket);
  g_free (line);
}

static void
look_cb (gpointer user_data)
{
  valise_http_traffic_sample (user_data);
}

ValiseHttpTraffic *
valise_http_traffic_new (ValiseMeter *meter)
{
  ValiseHttpTraffic *self = g_new0 (ValiseHttpTraffic, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->lines = g_ptr_array_new_with_free_func (free_line);
  if (meter != NULL)
    {
      self->meter = valise_meter_ref (meter);
      valise_meter_add_source (meter, look_cb, self);
    }
  return self;
}

ValiseHttpTraffic *
valise_http_traffic_ref (ValiseHttpTraffic *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_http_traffic_unref (ValiseHttpTraffic *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  if (self->meter != NULL)
    valise_meter_remove_source (self->meter, self);
  g_clear_pointer (&self->meter, valise_meter_unref);
  g_ptr_array_unref (self->lines);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* What the kernel counted: payload of TCP, TLS included, without what was sent twice. A kernel
 * before 4.19 does not count what it sent, only what was acknowledged. */
static gboolean
read_counters (int fd, guint64 *received, guint64 *sent)
{
  struct tcp_info info = { 0 };
  socklen_t       length = sizeof info;

  if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0
      || length < offsetof (struct tcp_info, tcpi_bytes_received) + sizeof (__u64))
    return FALSE;

  *received = info.tcpi_bytes_received;
  *sent = length >= offsetof (struct tcp_info, tcpi_bytes_retrans) + sizeof (__u64)
              ? info.tcpi_bytes_sent - info.tcpi_bytes_retrans
              : info.tcpi_bytes_acked;
  return TRUE;
}

/* A program that ends, or is killed, tells the peer so by a reset (RFC 9293, 3.10.7) and not by a
 * farewell: that would be answered, and has the peer go on sending until what it sends is refused,
 * a round trip later. Nothing is lost by it: who closes a connection waits for no answer. */
static void
end_at_once (int fd)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  (void) setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

void
valise_http_traffic_add (ValiseHttpTraffic *self, GSocket *socket)
{
  Line *line = NULL;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; line == NULL && i < self->lines->len; i++)
    {
      Line *known = g_ptr_array_index (self->lines, i);

      if (known->socket == socket)
        line = known;
    }
  if (line == NULL)
    {
      line = g_new0 (Line, 1);
      line->socket = g_object_ref (socket);
      line->fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0);
      g_ptr_array_add (self->lines, line);
      line->paced = self->meter != NULL && valise_meter_get_rate (self->meter) > 0;
      if (line->paced)
        valise_meter_fit (self->meter, socket);
      else
        valise_http_window_open (&line->window, line->fd);
      end_at_once (line->fd);
    }
  else if (!line->paced)
    valise_http_window_look (&line->window, line->fd);
  g_mutex_unlock (&self->mutex);
}

void
valise_http_traffic_hold (ValiseHttpTraffic *self, gboolean held)
{
  int value = held;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (self->lines, i);

      (void) setsockopt (line->fd, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
    }
  g_mutex_unlock (&self->mutex);
}

void
valise_http_traffic_sample (ValiseHttpTraffic *self)
{
  guint64 more_received = 0, more_sent = 0;

  g_mutex_lock (&self->mutex);
  for (guint i = self->lines->len; i > 0; i--)
    {
      Line   *line = g_ptr_array_index (self->lines, i - 1);
      guint64 received = 0, sent = 0;

      if (line->fd >= 0 && read_counters (line->fd, &received, &sent))
        {
          more_received += received - line->received;
          more_sent += sent - line->sent;
          if (received > line->received && !line->paced)
            valise_http_window_look (&line->window, line->fd);
          line->received = received;
          line->sent = sent;
        }
      if (g_socket_is_closed (line->socket))
        g_ptr_array_remove_index_fast (self->lines, i - 1);
    }
  self->received += more_received;
  self->sent += more_sent;
  g_mutex_unlock (&self->mutex);
  if (self->meter != NULL)
    valise_meter_count (self->meter, more_received, more_sent);
}

gboolean
valise_http_traffic_keep_rate (ValiseHttpTraffic *self, GCancellable *cancellable, GError **error)
{
  gint64 wait_us = self->meter != NULL ? valise_meter_get_delay (self->meter) : 0;

  return wait_us == 0 || valise_retry_sleep (wait_us, cancellable, error);
}

void
valise_http_traffic_get (ValiseHttpTraffic *self, guint64 *received, guint64 *sent)
{
  g_mutex_lock (&self->mutex);
  *received = self->received;
  *sent = self->sent;
  g_mutex_unlock (&self->mutex);
}

gboolean
valise_http_traffic_is_silent (int fd)
{
  guint64 received = 0, sent = 0;

  /* The kernel counts the end of the stream as a byte. */
  return fd >= 0 && read_counters (fd, &received, &sent) && received <= 1;
}
