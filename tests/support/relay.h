/* relay.h - stands between a laptop and its server on an address that stays, and can cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A thread a connection. What a connection is given to decides what the relay is: here, one
 * that passes bytes and breaks after so many; in fault-relay.h, one that reads the requests.
 */

#pragma once

#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

typedef struct _Relay Relay;

/* One connection of a laptop's, until it ends; on a thread of its own. */
typedef void (*RelayHandler) (Relay *relay, GSocket *laptop);

struct _Relay
{
  RelayHandler  handler;
  gpointer      data; /* the handler's */
  GSocket      *socket;
  GThread      *thread;
  GCancellable *stop;
  char         *url;
  GMutex        mutex;
  GCond         cond;
  guint         running; /* connections */

  /* Under the mutex */
  guint16       target;      /* the server's port; 0: nobody is there */
  guint         connections; /* so far */
  guint64       down;        /* bytes from the server to the laptop, so far */
  guint64       up;          /* and the other way */
  guint64       cut_at;      /* such bytes after which everything breaks; 0: never */
  guint64       cut_up_at;   /* the same of bytes to the server */
  GCancellable *cut;         /* ends the connections there are; a new one after each cut */
  GCancellable *tell;        /* (nullable): cancelled by a cut, as by a user who goes */
};

/* What now passes is broken; what comes later may pass. */
static inline void
relay_cut (Relay *self)
{
  g_mutex_lock (&self->mutex);
  g_cancellable_cancel (self->cut);
  g_object_unref (self->cut);
  self->cut = g_cancellable_new ();
  self->cut_at = self->cut_up_at = 0;
  if (self->tell != NULL)
    g_cancellable_cancel (self->tell);
  g_mutex_unlock (&self->mutex);
}

/* Breaks once, after @bytes more from the server; @tell: (nullable): is then cancelled. */
static inline void
relay_cut_after (Relay *self, guint64 bytes, GCancellable *tell)
{
  g_mutex_lock (&self->mutex);
  self->cut_at = bytes > 0 ? self->down + bytes : 0;
  g_set_object (&self->tell, tell);
  g_mutex_unlock (&self->mutex);
}

/* The same of what the laptop sends. */
static inline void
relay_cut_up_after (Relay *self, guint64 bytes)
{
  g_mutex_lock (&self->mutex);
  self->cut_up_at = bytes > 0 ? self->up + bytes : 0;
  g_set_object (&self->tell, NULL);
  g_mutex_unlock (&self->mutex);
}

static inline guint64
relay_get_down (Relay *self)
{
  guint64 down = 0;

  g_mutex_lock (&self->mutex);
  down = self->down;
  g_mutex_unlock (&self->mutex);
  return down;
}

static inline guint64
relay_get_up (Relay *self)
{
  guint64 up = 0;

  g_mutex_lock (&self->mutex);
  up = self->up;
  g_mutex_unlock (&self->mutex);
  return up;
}

/* @port: of the server that stands behind it from now on; 0: none, and what is open breaks. */
static inline void
relay_set_target (Relay *self, guint16 port)
{
  g_mutex_lock (&self->mutex);
  self->target = port;
  g_mutex_unlock (&self->mutex);
  if (port == 0)
    relay_cut (self);
}

/* What comes goes on at once: a relay that waits to fill a packet adds 40 ms to a round trip. */
static inline void
relay_hurry (GSocket *socket)
{
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
}

/* A connection to the server, or NULL. */
static inline GSocket *
relay_connect (Relay *self)
{
  g_autoptr (GInetAddress)   loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket)        socket = NULL;
  guint16                    port = 0;

  g_mutex_lock (&self->mutex);
  port = self->target;
  g_mutex_unlock (&self->mutex);
  if (port == 0)
    return NULL;
  address = g_inet_socket_address_new (loopback, port);
  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  relay_hurry (socket);
  return g_socket_connect (socket, address, NULL, NULL) ? g_steal_pointer (&socket) : NULL;
}

/* --- passing bytes ------------------------------------------------------------------------- */

/* How many of @n bytes, @down or up, may pass; less than @n: then it breaks. */
static inline gsize
relay_count (Relay *self, gboolean down, gsize n)
{
  gsize    allowed = n;
  guint64 *count = down ? &self->down : &self->up;
  guint64  cut_at = 0;

  g_mutex_lock (&self->mutex);
  cut_at = down ? self->cut_at : self->cut_up_at;
  if (cut_at > 0 && *count + n > cut_at)
    allowed = (gsize) (cut_at - *count);
  *count += allowed;
  g_mutex_unlock (&self->mutex);
  return allowed;
}

static inline gboolean
relay_send_all (GSocket *to, const char *bytes, gsize n, GCancellable *cut)
{
  while (n > 0)
    {
      gssize sent = g_socket_send (to, bytes, n, cut, NULL);

      if (sent <= 0)
        return FALSE;
      bytes += sent;
      n -= (gsize) sent;
    }
  return TRUE;
}

/* What has come of one side to the other; FALSE where it ended or breaks. */
static inline gboolean
relay_pass (Relay *self, GSocket *from, GSocket *to, gboolean down, GCancellable *cut)
{
  char   buffer[4096];
  gssize n = g_socket_receive (from, buffer, sizeof buffer, cut, NULL);
  gsize  allowed = n > 0 ? relay_count (self, down, (gsize) n) : 0;

  if (n <= 0 || !relay_send_all (to, buffer, allowed, cut))
    return FALSE;
  if (allowed == (gsize) n)
    return TRUE;
  relay_cut (self);
  return FALSE;
}

/* A #RelayHandler. */
static inline void
relay_pass_bytes (Relay *self, GSocket *laptop)
{
  g_autoptr (GSocket)      server = relay_connect (self);
  g_autoptr (GCancellable) cut = NULL;
  GPollFD                  fds[3] = { 0 };
  gboolean                 open = server != NULL;

  g_mutex_lock (&self->mutex);
  cut = g_object_ref (self->cut);
  g_mutex_unlock (&self->mutex);
  open = open && g_cancellable_make_pollfd (cut, &fds[2]);
  while (open)
    {
      fds[0] = (GPollFD){ g_socket_get_fd (laptop), G_IO_IN, 0 };
      fds[1] = (GPollFD){ g_socket_get_fd (server), G_IO_IN, 0 };
      g_poll (fds, G_N_ELEMENTS (fds), -1);
      open = !g_cancellable_is_cancelled (cut)
             && (fds[0].revents == 0 || relay_pass (self, laptop, server, FALSE, cut))
             && (fds[1].revents == 0 || relay_pass (self, server, laptop, TRUE, cut));
    }
  if (fds[2].fd > 0)
    g_cancellable_release_fd (cut);
  if (server != NULL)
    g_socket_close (server, NULL);
}

/* --- listening ----------------------------------------------------------------------------- */

typedef struct
{
  Relay   *relay;
  GSocket *laptop;
} RelayConnection;

static inline gpointer
relay_connection_thread (gpointer data)
{
  RelayConnection *connection = data;
  Relay           *self = connection->relay;

  self->handler (self, connection->laptop);
  g_socket_close (connection->laptop, NULL);
  g_object_unref (connection->laptop);
  g_free (connection);
  g_mutex_lock (&self->mutex);
  self->running--;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static inline gpointer
relay_thread (gpointer data)
{
  Relay   *self = data;
  GSocket *laptop = NULL;

  while ((laptop = g_socket_accept (self->socket, self->stop, NULL)) != NULL)
    {
      RelayConnection *connection = g_new0 (RelayConnection, 1);

      relay_hurry (laptop);
      connection->relay = self;
      connection->laptop = laptop;
      g_mutex_lock (&self->mutex);
      self->connections++;
      self->running++;
      g_mutex_unlock (&self->mutex);
      g_thread_unref (g_thread_new ("relay", relay_connection_thread, connection));
    }
  return NULL;
}

static inline Relay *
relay_new (RelayHandler handler, gpointer data)
{
  g_autoptr (GInetAddress)   loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError)         error = NULL;
  Relay                     *self = g_new0 (Relay, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->handler = handler;
  self->data = data;
  self->stop = g_cancellable_new ();
  self->cut = g_cancellable_new ();
  self->socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (self->socket, any, TRUE, NULL));
  g_assert_true (g_socket_listen (self->socket, NULL));
  bound = g_socket_get_local_address (self->socket, NULL);
  self->url = g_strdup_printf ("https://127.0.0.1:%u",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  self->thread = g_thread_new ("relay", relay_thread, self);
  return self;
}

/* Ends what is open, and returns when its threads have ended. */
static inline void
relay_free (Relay *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  relay_set_target (self, 0);
  g_mutex_lock (&self->mutex);
  while (self->running > 0)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_object_unref (self->stop);
  g_object_unref (self->cut);
  g_clear_object (&self->tell);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self->url);
  g_free (self);
}
