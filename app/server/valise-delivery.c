/* valise-delivery.c - an answer on its way: who makes it and who sends it take turns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-delivery"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "valise-delivery.h"

/* With less than that left to send, the next piece is made. */
#define READY_MAX (512 * 1024)

#define NEAR_US 50000 /* µs, there and back */

void
valise_delivery_init (ValiseDelivery *self, struct MHD_Connection *connection)
{
  g_mutex_init (&self->lock);
  valise_outlet_init (&self->outlet);
  self->connection = connection;
}

void
valise_delivery_clear (ValiseDelivery *self)
{
  valise_outlet_clear (&self->outlet);
  g_mutex_clear (&self->lock);
}

/* With the lock held. */
static void
suspend (ValiseDelivery *self)
{
  self->suspended = TRUE;
  MHD_suspend_connection (self->connection);
}

/* With the lock held. */
static void
resume (ValiseDelivery *self)
{
  if (!self->suspended)
    return;

  self->suspended = FALSE;
  MHD_resume_connection (self->connection);
}

void
valise_delivery_suspend (ValiseDelivery *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->producing = TRUE;
  suspend (self);
}

ssize_t
valise_delivery_read (ValiseDelivery *self, char *out, size_t maximum, gboolean *produce)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gsize                    taken = valise_outlet_take (&self->outlet, out, maximum);

  *produce = !self->finished && !self->producing && self->outlet.queued < READY_MAX;
  self->producing = self->producing || *produce;
  if (taken > 0)
    return (ssize_t) taken;
  if (self->failed)
    return MHD_CONTENT_READER_END_WITH_ERROR;
  if (self->finished)
    return MHD_CONTENT_READER_END_OF_STREAM;

  suspend (self);
  return 0;
}

gboolean
valise_delivery_get_length (ValiseDelivery *self, gint64 announced, uint64_t *length)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->finished)
    *length = self->outlet.queued;
  else
    *length = announced >= 0 ? (uint64_t) announced : MHD_SIZE_UNKNOWN;

  return !self->failed;
}

char *
valise_delivery_dup_short (ValiseDelivery *self, gsize maximum)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gsize                    length = self->outlet.queued, taken = 0, n = 0;
  char                    *body = NULL;

  if (!self->finished || self->failed || length == 0 || length > maximum)
    return NULL;
  body = g_malloc (length);
  while (taken < length
         && (n = valise_outlet_take (&self->outlet, body + taken, length - taken)) > 0)
    taken += n;
  return body;
}

void
valise_delivery_close (ValiseDelivery *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->closed = TRUE;
}

/* Sends what is encoded while the rest is. */
static void
emit_parts (ValiseDelivery *self)
{
  GBytes *part = NULL;

  while ((part = valise_outlet_encode_part (&self->outlet)) != NULL)
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

      valise_outlet_push (&self->outlet, part);
      g_bytes_unref (part);
      self->begun = TRUE;
      resume (self);
    }
}

GPtrArray *
valise_delivery_emit (ValiseDelivery *self, gboolean last, gboolean producing)
{
  g_autoptr (GBytes)       piece = NULL;
  g_autoptr (GPtrArray)    recorded = NULL;
  g_autoptr (GMutexLocker) locker = NULL;

  emit_parts (self);
  piece = valise_outlet_encode (&self->outlet, last);
  recorded = last ? valise_outlet_take_recorded (&self->outlet) : NULL;
  locker = g_mutex_locker_new (&self->lock);
  if (self->begun && self->suspended)
    valise_outlet_ran_dry (&self->outlet);
  if (piece != NULL)
    valise_outlet_push (&self->outlet, piece);
  self->finished = last;
  self->producing = producing;
  self->begun = TRUE;
  resume (self);

  return g_steal_pointer (&recorded);
}

void
valise_delivery_emit_recorded (ValiseDelivery *self, GPtrArray *pieces)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < pieces->len; i++)
    valise_outlet_push (&self->outlet, g_ptr_array_index (pieces, i));
  self->finished = TRUE;
  self->producing = FALSE;
  self->begun = TRUE;
  resume (self);
}

void
valise_delivery_fail (ValiseDelivery *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->failed = TRUE;
  self->finished = TRUE;
  self->producing = FALSE;
  self->begun = TRUE;
  resume (self);
}

gboolean
valise_delivery_has_begun (ValiseDelivery *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->begun;
}

gboolean
valise_delivery_is_closed (ValiseDelivery *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->closed;
}

gboolean
valise_delivery_wait (ValiseDelivery   *self,
                      ValiseWatch      *watch,
                      const ValiseWait *wait,
                      ValiseWakeFunc    func,
                      gpointer          user_data,
                      ValiseWake       *wake)
{
  g_autoptr (GMutexLocker)        locker = g_mutex_locker_new (&self->lock);
  const union MHD_ConnectionInfo *info = NULL;

  *wake = VALISE_WAKE_HUNG_UP;
  if (self->closed)
    return FALSE;

  info = MHD_get_connection_info (self->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return valise_watch_add (watch, wait, info != NULL ? info->connect_fd : -1, func, user_data,
                           wake);
}

gboolean
valise_delivery_is_near (ValiseDelivery *self)
{
  g_autoptr (GMutexLocker)        locker = g_mutex_locker_new (&self->lock);
  const union MHD_ConnectionInfo *info = NULL;
  struct tcp_info                 line = { 0 };
  socklen_t                       length = sizeof line;

  if (self->closed)
    return FALSE;

  info = MHD_get_connection_info (self->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info != NULL && getsockopt (info->connect_fd, IPPROTO_TCP, TCP_INFO, &line, &length) == 0
         && line.tcpi_rtt < NEAR_US;
}
