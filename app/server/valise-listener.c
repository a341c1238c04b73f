/* valise-listener.c - the socket, TLS, and what a connection may cost
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-listener"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "valise-exchange.h"
#include "valise-handshake.h"
#include "valise-listener.h"
#include "valise-log.h"

/* X25519's share is half as long as P-256's, and all who speak TLS 1.3 know one of these. */
#define PRIORITIES                                                                                 \
  "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:"      \
  "+GROUP-SECP521R1:%SERVER_PRECEDENCE"

/* Of a request's head, and of what is read and written at once. */
#define CONNECTION_MEMORY (48 * 1024)

#define BACKLOG    256
#define SWEEP_S    1
#define N_WRITERS  4
#define N_GREETERS 1
#define DRAIN_STEP (20 * 1000) /* µs */

struct _ValiseListener
{
  ValiseExchangeHost host;
  struct MHD_Daemon *daemon;
  guint16            port;
  gboolean           stopped;

  GMutex      lock;
  GHashTable *connections; /* a set of Connection */
  GSource    *sweeper;
};

/* A socket, from accept to close; under the listener's lock. */
typedef struct
{
  ValiseListener *listener;
  int             fd;
  gint64          idle_us;  /* since when no request is under way; 0: one is */
  ValiseExchange *exchange; /* the one under way; lent */
} Connection;

/* --- connections ---------------------------------------------------------------------------- */

static void
connection_cb (void                               *data,
               struct MHD_Connection              *mhd,
               void                              **socket_data,
               enum MHD_ConnectionNotificationCode code)
{
  ValiseListener *self = data;
  Connection     *connection = *socket_data;

  if (code == MHD_CONNECTION_NOTIFY_STARTED)
    {
      const union MHD_ConnectionInfo *info =
          MHD_get_connection_info (mhd, MHD_CONNECTION_INFO_CONNECTION_FD);

      connection = g_new0 (Connection, 1);
      connection->listener = self;
      connection->fd = info != NULL ? info->connect_fd : -1;
      connection->idle_us = g_get_monotonic_time ();
      valise_handshake_shorten (mhd, connection->fd);
      *socket_data = connection;
    }

  g_mutex_lock (&self->lock);
  if (code == MHD_CONNECTION_NOTIFY_STARTED)
    g_hash_table_add (self->connections, connection);
  else
    g_hash_table_remove (self->connections, connection);
  g_mutex_unlock (&self->lock);
  if (code != MHD_CONNECTION_NOTIFY_STARTED)
    g_free (connection);
}

static Connection *
get_connection (struct MHD_Connection *mhd)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info (mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

  return info != NULL ? info->socket_context : NULL;
}

/* Notes which request is under way on @mhd, or none. */
static void
set_exchange (ValiseListener *self, struct MHD_Connection *mhd, ValiseExchange *exchange)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Connection              *connection = get_connection (mhd);

  if (connection == NULL)
    return;
  connection->exchange = exchange;
  connection->idle_us = exchange == NULL ? g_get_monotonic_time () : 0;
}

static void *
target_cb (void *data, const char *target, struct MHD_Connection *mhd)
{
  ValiseListener *self = data;
  ValiseExchange *exchange = valise_exchange_new (&self->host, mhd, target);

  set_exchange (self, mhd, exchange);
  return exchange;
}

static enum MHD_Result
access_cb (void                  *data,
           struct MHD_Connection *mhd,
           const char            *url,
           const char            *method,
           const char            *version,
           const char            *upload,
           size_t                *upload_length,
           void                 **request_data)
{
  return valise_exchange_step (*request_data, method, upload, upload_length);
}

static void
completed_cb (void                           *data,
              struct MHD_Connection          *mhd,
              void                          **request_data,
              enum MHD_RequestTerminationCode code)
{
  ValiseListener *self = data;
  ValiseExchange *exchange = *request_data;

  *request_data = NULL;
  set_exchange (self, mhd, NULL);
  if (exchange != NULL)
    valise_exchange_end (exchange);
}

/* Paths are decoded segment by segment, by us: an id may hold an encoded slash. */
static size_t
keep_cb (void *data, struct MHD_Connection *mhd, char *text)
{
  return strlen (text);
}

/* Cuts connections that give a byte now and then so as never to be idle: libmicrohttpd's own
 * limit counts silence alone. */
static gboolean
sweep_cb (gpointer user_data)
{
  ValiseListener          *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const ValiseLimits      *limits = &self->host.limits;
  gint64                   now = g_get_monotonic_time ();
  gint64                   head_us = (gint64) (limits->idle_s + limits->head_s) * G_USEC_PER_SEC;
  GHashTableIter           iter;
  gpointer                 key = NULL;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      Connection *connection = key;

      if ((connection->idle_us != 0 && now - connection->idle_us > head_us)
          || (connection->exchange != NULL
              && valise_exchange_is_trickling (connection->exchange, now)))
        shutdown (connection->fd, SHUT_RDWR);
    }

  return G_SOURCE_CONTINUE;
}

/* --- starting ------------------------------------------------------------------------------- */

static void
log_cb (void *data, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  g_debug ("%s", g_strchomp (text));
}

/* Both families of "::", address reuse after a restart; -1 with @error. */
static int
open_socket (ValiseListener *self, const char *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new_from_string (address, port);
  g_autoptr (GSocket)        socket = NULL;
  g_autoptr (GSocketAddress) bound = NULL;

  if (where == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is no IP address",
                   address);
      return -1;
    }
  socket = g_socket_new (g_socket_address_get_family (where), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL)
    return -1;
  g_socket_set_listen_backlog (socket, BACKLOG);
  /* What it accepts inherits that. A handshake is several writes, and each would wait for the one
   * before it to be acknowledged: a round trip more. */
  (void) g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  if (!g_socket_bind (socket, where, TRUE, error) || !g_socket_listen (socket, error))
    return -1;
  bound = g_socket_get_local_address (socket, error);
  if (bound == NULL)
    return -1;
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  /* MHD owns its own descriptor of it, and closes that. */
  return dup (g_socket_get_fd (socket));
}

static gboolean
start_daemon (ValiseListener *self, const ValiseCertificate *certificate, int fd, GError **error)
{
  const ValiseLimits   *limits = &self->host.limits;
  struct MHD_OptionItem more[] = { { MHD_OPTION_END, 0, NULL }, { MHD_OPTION_END, 0, NULL } };

  /* With it, libmicrohttpd asks clients for a certificate; what it holds, access judges. */
  if (certificate->ask != NULL)
    more[0] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_TRUST, 0, certificate->ask };
  self->daemon = MHD_start_daemon (
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
      NULL, NULL, access_cb, self, MHD_OPTION_EXTERNAL_LOGGER, log_cb, NULL,
      MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_HTTPS_MEM_CERT, certificate->certificate,
      MHD_OPTION_HTTPS_MEM_KEY, certificate->key, MHD_OPTION_HTTPS_PRIORITIES, PRIORITIES,
      MHD_OPTION_CONNECTION_LIMIT, limits->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
      limits->connections_address, MHD_OPTION_CONNECTION_TIMEOUT, limits->idle_s,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) CONNECTION_MEMORY, MHD_OPTION_NOTIFY_CONNECTION,
      connection_cb, self, MHD_OPTION_NOTIFY_COMPLETED, completed_cb, self,
      MHD_OPTION_URI_LOG_CALLBACK, target_cb, self, MHD_OPTION_UNESCAPE_CALLBACK, keep_cb, self,
      MHD_OPTION_ARRAY, more, MHD_OPTION_END);
  if (self->daemon != NULL)
    return TRUE;

  close (fd);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               "The HTTPS server does not start; is the certificate that of the key?");
  return FALSE;
}

static void
start_sweeper (ValiseListener *self, GMainContext *context)
{
  self->sweeper = g_timeout_source_new_seconds (SWEEP_S);
  g_source_set_callback (self->sweeper, sweep_cb, self, NULL);
  g_source_attach (self->sweeper, context);
}

/**
 * valise_listener_new:
 * @service: outlives it
 * @address: "127.0.0.1", "::"
 *
 * Returns: (transfer full): a listener that answers already
 */
ValiseListener *
valise_listener_new (ValiseService           *service,
                     const ValiseLimits      *limits,
                     const ValiseCertificate *certificate,
                     const char              *address,
                     guint16                  port,
                     GError                 **error)
{
  ValiseListener *self = g_new0 (ValiseListener, 1);
  int             n_readers = (int) MAX (2, g_get_num_processors ());
  int             fd = -1;

  g_mutex_init (&self->lock);
  g_mutex_init (&self->host.lock);
  self->connections = g_hash_table_new (NULL, NULL);
  self->host.service = service;
  self->host.limits = *limits;
  self->host.readers = g_thread_pool_new (valise_exchange_run, &self->host, n_readers, FALSE, NULL);
  self->host.writers = g_thread_pool_new (valise_exchange_run, &self->host, N_WRITERS, FALSE, NULL);
  self->host.greeters =
      g_thread_pool_new (valise_exchange_run, &self->host, N_GREETERS, FALSE, NULL);

  fd = open_socket (self, address, port, error);
  if (fd < 0 || !start_daemon (self, certificate, fd, error))
    {
      valise_listener_free (self);
      return NULL;
    }
  start_sweeper (self, valise_office_get_context (service->office));

  return self;
}

guint16
valise_listener_get_port (ValiseListener *self)
{
  return self->port;
}

guint
valise_listener_get_n_connections (ValiseListener *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_hash_table_size (self->connections);
}

/* --- stopping ------------------------------------------------------------------------------- */

/* Waits until nothing is under way, at most until @deadline. */
static void
drain (ValiseListener *self, gint64 deadline_us)
{
  while (g_atomic_int_get (&self->host.active) > 0 && g_get_monotonic_time () < deadline_us)
    g_usleep (DRAIN_STEP);
}

void
valise_listener_stop (ValiseListener *self, guint grace_ms)
{
  MHD_socket listening = MHD_INVALID_SOCKET;

  if (self->stopped)
    return;

  self->stopped = TRUE;
  g_atomic_int_set (&self->host.closing, TRUE);
  if (self->daemon != NULL)
    listening = MHD_quiesce_daemon (self->daemon);
  if (listening != MHD_INVALID_SOCKET)
    close (listening);
  valise_watch_close (valise_office_get_watch (self->host.service->office));
  if (self->daemon != NULL)
    drain (self, g_get_monotonic_time () + grace_ms * 1000LL);
  if (self->sweeper != NULL)
    g_source_destroy (self->sweeper);

  /* Whatever a worker still writes becomes durable; its client has waited long enough. The
   * workers end first: MHD may not be stopped over a suspended connection. */
  g_thread_pool_free (self->host.readers, FALSE, TRUE);
  g_thread_pool_free (self->host.writers, FALSE, TRUE);
  g_thread_pool_free (self->host.greeters, FALSE, TRUE);
  if (self->daemon != NULL)
    MHD_stop_daemon (self->daemon);
}

void
valise_listener_free (ValiseListener *self)
{
  if (self == NULL)
    return;

  valise_listener_stop (self, 0);
  g_clear_pointer (&self->sweeper, g_source_unref);
  g_hash_table_unref (self->connections);
  g_mutex_clear (&self->host.lock);
  g_mutex_clear (&self->lock);
  g_free (self);
}
