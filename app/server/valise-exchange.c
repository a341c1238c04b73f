/* valise-exchange.c - one request and its answer, between the network and the workers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-exchange"

#include "config.h"

#include <string.h>

#include "valise-exchange.h"
#include "valise-gzip.h"
#include "valise-log.h"

/* Shorter answers are not worth the work. */
#define GZIP_FROM 512 /* bytes */

/* A client that is refused by its head may send so much more; then it is cut off. */
#define DISCARD_MAX (64 * 1024)

/* As much of an answer is kept ready while the client reads. */
#define READY_MAX (512 * 1024)

struct _ValiseExchange
{
  gatomicrefcount        refs; /* MHD's, its response's, a worker's or waiter's */
  ValiseExchangeHost    *host;
  struct MHD_Connection *connection; /* valid while suspended, and on MHD's thread */
  gint64                 started_us;

  /* The head and the body: MHD's thread; then a worker reads them. */
  char              *target;
  ValiseRequest     *request;
  const ValiseRoute *route;
  gboolean           admitted; /* the head was judged */
  gboolean           refused;  /* by the head; the body is discarded */
  gboolean           ended;    /* the body is whole */
  GByteArray        *body;
  ValiseInflater    *inflater;
  gsize              held; /* of the host's bodies */
  guint64            received;

  /* Whose turn it is: MHD's thread until the body is whole, then whoever produces. */
  ValiseAnswer  *answer;
  gboolean       answered; /* the handler has run */
  gboolean       gzip;
  ValiseDeflater deflater;
  GString       *pending;  /* produced and not yet encoded */
  GByteArray    *recorded; /* for the cache */

  /* Everything below under the lock. */
  GMutex   lock;
  gboolean closed;    /* MHD is done with it */
  gboolean suspended; /* so it is valid, and waits to be resumed */
  gboolean producing; /* a worker or a waiter has it */
  gboolean ready;     /* the answer may begin */
  gboolean finished;  /* no piece will follow */
  gboolean failed;    /* and the answer is not whole */
  GQueue   pieces;    /* of GBytes */
  gsize    offset;    /* in the first of them */
  gsize    queued;    /* bytes */
  guint64  sent;
  gint64   body_us; /* when the body began; 0: none is being read */
};

static void
set_bodies (ValiseExchange *self, gsize held)
{
  g_mutex_lock (&self->host->lock);
  self->host->bodies += (gint64) held - (gint64) self->held;
  g_mutex_unlock (&self->host->lock);
  self->held = held;
}

static ValiseExchange *
ref_exchange (ValiseExchange *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
unref_exchange (ValiseExchange *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  set_bodies (self, 0);
  g_free (self->target);
  g_clear_pointer (&self->answer, valise_answer_free);
  g_clear_pointer (&self->request, valise_request_free);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_pointer (&self->inflater, valise_inflater_free);
  g_clear_pointer (&self->recorded, g_byte_array_unref);
  g_string_free (self->pending, TRUE);
  g_queue_clear_full (&self->pieces, (GDestroyNotify) g_bytes_unref);
  g_mutex_clear (&self->lock);
  g_atomic_int_add (&self->host->active, -1);
  g_free (self);
}

ValiseExchange *
valise_exchange_new (ValiseExchangeHost    *host,
                     struct MHD_Connection *connection,
                     const char            *target)
{
  ValiseExchange *self = g_new0 (ValiseExchange, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_queue_init (&self->pieces);
  self->host = host;
  self->connection = connection;
  self->started_us = g_get_monotonic_time ();
  self->target = g_strdup (target);
  self->answer = valise_answer_new ();
  self->pending = g_string_new (NULL);
  g_atomic_int_inc (&host->active);

  return self;
}

/* --- the head ------------------------------------------------------------------------------- */

static enum MHD_Result
take_header (void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  if (value != NULL && g_utf8_validate (value, -1, NULL))
    valise_request_set_header (data, name, value);
  return MHD_YES;
}

static char *
dup_address (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  g_autoptr (GSocketAddress) address = NULL;

  if (info != NULL && info->client_addr != NULL)
    address =
        g_socket_address_new_from_native (info->client_addr, sizeof (struct sockaddr_storage));
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("unknown");

  return g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/* How long the body says it will be; -1: it comes in chunks. */
static gint64
get_announced_length (const ValiseRequest *request)
{
  const char *text = valise_request_get_header (request, "content-length");
  guint64     length = 0;

  if (text == NULL)
    return valise_request_get_header (request, "transfer-encoding") != NULL ? -1 : 0;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &length, NULL))
    return G_MAXINT64;

  return (gint64) length;
}

/* What the head alone decides: the route, who asks, and whether the body can be taken. */
static gboolean
judge_head (ValiseExchange *self)
{
  ValiseExchangeHost *host = self->host;
  const char         *coding = valise_request_get_header (self->request, "content-encoding");
  gint64              length = get_announced_length (self->request);

  if (g_atomic_int_get (&host->closing))
    {
      valise_answer_fail (self->answer, 503, "service_unavailable", "The server is stopping.");
      valise_answer_add_header (self->answer, "Retry-After", "10");
      return FALSE;
    }
  self->route = valise_routes_admit (host->service, self->request, self->answer);
  if (self->route == NULL)
    return FALSE;
  if (length > (gint64) host->limits.body
      || (self->request->person == NULL && length > DISCARD_MAX))
    {
      valise_answer_fail (self->answer, 413, "too_large", "The request entity is too large.");
      return FALSE;
    }
  if (coding != NULL && g_ascii_strcasecmp (coding, "gzip") == 0)
    self->inflater = valise_inflater_new ();
  else if (coding != NULL && g_ascii_strcasecmp (coding, "identity") != 0)
    {
      valise_answer_fail (self->answer, 415, "bad_content_type", "Content-Encoding may be gzip.");
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_head (ValiseExchange *self, const char *method)
{
  g_autoptr (GError) error = NULL;

  self->admitted = TRUE;
  self->body = g_byte_array_new ();
  self->request = valise_request_new (method, self->target, &error);
  if (self->request == NULL)
    {
      valise_answer_fail_with (self->answer, error);
      return FALSE;
    }

  self->request->address = dup_address (self->connection);
  MHD_get_connection_values (self->connection, MHD_HEADER_KIND, take_header, self->request);
  if (!judge_head (self))
    return FALSE;

  g_mutex_lock (&self->lock);
  self->body_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* --- the body ------------------------------------------------------------------------------- */

static void
refuse_body (ValiseExchange *self, guint status, const char *name, const char *reason)
{
  self->refused = TRUE;
  valise_answer_fail (self->answer, status, name, reason);
  g_byte_array_set_size (self->body, 0);
  set_bodies (self, 0);
}

/* FALSE: the client sends more than it may, and is cut off. */
static gboolean
take_body (ValiseExchange *self, const char *upload, gsize length)
{
  gsize              limit = self->request != NULL && self->request->person == NULL ? DISCARD_MAX
                                                                                    : self->host->limits.body;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->lock);
  self->received += length;
  g_mutex_unlock (&self->lock);
  if (self->refused)
    return self->received <= limit + DISCARD_MAX;

  if (self->inflater == NULL && self->body->len + length <= limit)
    g_byte_array_append (self->body, (const guint8 *) upload, (guint) length);
  else if (self->inflater == NULL)
    refuse_body (self, 413, "too_large", "The request entity is too large.");
  else if (!valise_inflater_append (self->inflater, upload, length, limit, self->body, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
        refuse_body (self, 413, "too_large", "The request entity inflates to too much.");
      else
        refuse_body (self, 400, "bad_request", "The request entity is not gzip.");
    }
  if (!self->refused)
    set_bodies (self, self->body->len);
  if (self->host->bodies > (gint64) self->host->limits.bodies)
    {
      refuse_body (self, 503, "service_unavailable", "The server is reading too much at once.");
      valise_answer_add_header (self->answer, "Retry-After", "5");
    }

  return TRUE;
}

static void
end_body (ValiseExchange *self)
{
  g_mutex_lock (&self->lock);
  self->body_us = 0;
  g_mutex_unlock (&self->lock);
  if (self->inflater != NULL && !self->refused && !valise_inflater_is_complete (self->inflater))
    refuse_body (self, 400, "bad_request", "The request entity is cut short.");
  if (self->refused)
    return;

  g_bytes_unref (self->request->body);
  self->request->body = g_byte_array_free_to_bytes (g_steal_pointer (&self->body));
}

/* --- the answer ----------------------------------------------------------------------------- */

/* With the lock held. */
static void
resume (ValiseExchange *self)
{
  if (!self->suspended)
    return;

  self->suspended = FALSE;
  MHD_resume_connection (self->connection);
}

/* What is pending, as it goes out: compressed where this answer is. */
static GBytes *
encode (ValiseExchange *self, gboolean last)
{
  g_autoptr (GBytes) plain = NULL;
  GByteArray        *out = NULL;

  if (!self->gzip)
    {
      plain = g_string_free_to_bytes (g_steal_pointer (&self->pending));
      self->pending = g_string_new (NULL);
      return g_steal_pointer (&plain);
    }

  out = g_byte_array_new ();
  valise_deflater_append (&self->deflater, self->pending->str, self->pending->len, last, out);
  g_string_truncate (self->pending, 0);
  if (self->recorded != NULL && self->recorded->len + out->len <= VALISE_CACHE_ENTRY_MAX)
    g_byte_array_append (self->recorded, out->data, out->len);
  else
    g_clear_pointer (&self->recorded, g_byte_array_unref);

  return g_byte_array_free_to_bytes (out);
}

/* Hands what is pending to the connection. @producing: who calls keeps the turn. */
static void
emit (ValiseExchange *self, gboolean last, gboolean producing)
{
  gboolean           anything = self->pending->len > 0 || (last && self->gzip);
  g_autoptr (GBytes) bytes = anything ? encode (self, last) : NULL;

  if (last && self->recorded != NULL)
    {
      g_autoptr (GBytes) kept = g_byte_array_free_to_bytes (g_steal_pointer (&self->recorded));

      valise_cache_put (self->host->service->cache, self->answer->cache_key, kept);
    }

  g_mutex_lock (&self->lock);
  if (bytes != NULL)
    {
      self->queued += g_bytes_get_size (bytes);
      g_queue_push_tail (&self->pieces, g_bytes_ref (bytes));
    }
  self->finished = last;
  self->producing = producing;
  self->ready = TRUE;
  resume (self);
  g_mutex_unlock (&self->lock);
}

/* The answer ends where it is: before its first byte by closing, after it by a cut. */
static void
fail (ValiseExchange *self)
{
  g_mutex_lock (&self->lock);
  self->failed = TRUE;
  self->finished = TRUE;
  self->producing = FALSE;
  self->ready = TRUE;
  resume (self);
  g_mutex_unlock (&self->lock);
}

/* The headers that tell of the encoding; once, before the first emit. */
static void
decide_encoding (ValiseExchange *self, gboolean worthwhile)
{
  self->gzip = worthwhile && !self->answer->stored && self->request != NULL
               && valise_request_takes_gzip (self->request);
  if (!self->answer->stored)
    valise_answer_add_header (self->answer, "Vary", "Accept-Encoding");
  if (self->gzip)
    valise_answer_add_header (self->answer, "Content-Encoding", "gzip");
}

/* A body that a handler wrote whole. */
static void
emit_text (ValiseExchange *self)
{
  if (self->answer->bytes != NULL)
    g_string_append_len (self->pending, g_bytes_get_data (self->answer->bytes, NULL),
                         (gssize) g_bytes_get_size (self->answer->bytes));
  else
    g_string_append_len (self->pending, self->answer->text->str, (gssize) self->answer->text->len);
  decide_encoding (self, self->pending->len >= GZIP_FROM);
  emit (self, TRUE, FALSE);
}

static gboolean
has_begun (ValiseExchange *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->ready;
}

static gboolean
is_closed (ValiseExchange *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->closed;
}

static void
push_job (ValiseExchange *self)
{
  GThreadPool *pool = self->route->writes ? self->host->writers : self->host->readers;

  g_thread_pool_push (pool, ref_exchange (self), NULL);
}

/* --- waiting -------------------------------------------------------------------------------- */

/* On the watch's thread or on one that wrote: quickly. It holds the waiter's reference. */
static void
woken_cb (ValiseWake wake, gpointer user_data)
{
  ValiseExchange *self = user_data;

  if (wake == VALISE_WAKE_HEARTBEAT)
    {
      if (!has_begun (self))
        decide_encoding (self, TRUE);
      g_string_append_c (self->pending, '\n');
      emit (self, FALSE, TRUE);
      return;
    }

  if (wake == VALISE_WAKE_HUNG_UP)
    fail (self);
  else
    push_job (self);
  unref_exchange (self);
}

static void
wait_for (ValiseExchange *self, ValiseWait *wait)
{
  const union MHD_ConnectionInfo *info = NULL;
  ValiseWatch                    *watch = valise_office_get_watch (self->host->service->office);
  ValiseWake                      wake = VALISE_WAKE_CHANGED;
  gboolean                        closed = FALSE;
  gboolean                        added = FALSE;

  if (self->pending->len > 0 || (wait->begin && !has_begun (self)))
    {
      if (!has_begun (self))
        decide_encoding (self, TRUE);
      emit (self, FALSE, TRUE);
    }

  /* Under the lock, so that either the end sees the waiter or this sees the end. */
  g_mutex_lock (&self->lock);
  closed = self->closed;
  if (!closed)
    {
      info = MHD_get_connection_info (self->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
      added = valise_watch_add (watch, wait, info != NULL ? info->connect_fd : -1, woken_cb,
                                ref_exchange (self), &wake);
    }
  g_mutex_unlock (&self->lock);

  if (!closed && !added)
    woken_cb (wake, self);
}

/* --- on a worker ---------------------------------------------------------------------------- */

/* An answer that is kept already; FALSE where it must be made. */
static gboolean
answer_from_cache (ValiseExchange *self)
{
  ValiseCache       *cache = self->host->service->cache;
  g_autoptr (GBytes) kept = NULL;

  if (self->answer->cache_key == NULL || !valise_request_takes_gzip (self->request))
    return FALSE;

  kept = valise_cache_get (cache, self->answer->cache_key);
  if (kept == NULL)
    {
      self->recorded = g_byte_array_new ();
      return FALSE;
    }

  decide_encoding (self, TRUE);
  self->gzip = FALSE; /* these bytes are */
  g_string_append_len (self->pending, g_bytes_get_data (kept, NULL),
                       (gssize) g_bytes_get_size (kept));
  emit (self, TRUE, FALSE);
  return TRUE;
}

/* A producer that failed: an error object where nothing was sent yet, else a cut. */
static void
answer_failure (ValiseExchange *self, const GError *error)
{
  g_clear_pointer (&self->recorded, g_byte_array_unref);
  if (has_begun (self))
    {
      g_message ("%s %s: %s", self->request->method, self->request->path, error->message);
      fail (self);
      return;
    }

  g_string_truncate (self->pending, 0);
  valise_answer_fail_with (self->answer, error);
  emit_text (self);
}

/* The next piece. */
static void
produce (ValiseExchange *self)
{
  ValiseAnswer      *answer = self->answer;
  ValiseWait         wait = { .hurry = g_atomic_int_get (&self->host->closing) };
  g_autoptr (GError) error = NULL;
  ValisePiece        piece = answer->produce (answer->producer, self->pending, &wait, &error);

  if (piece == VALISE_PIECE_FAILED)
    answer_failure (self, error);
  else if (piece == VALISE_PIECE_WAIT)
    wait_for (self, &wait);
  else
    {
      if (!has_begun (self))
        decide_encoding (self, piece == VALISE_PIECE_MORE || self->pending->len >= GZIP_FROM);
      if (!self->gzip)
        g_clear_pointer (&self->recorded, g_byte_array_unref);
      emit (self, piece == VALISE_PIECE_LAST, FALSE);
    }
  g_free (wait.database);
}

void
valise_exchange_run (gpointer exchange, gpointer host)
{
  ValiseExchange *self = exchange;

  if (!self->answered)
    {
      self->answered = TRUE;
      valise_routes_run (self->host->service, self->route, self->request, self->answer);
      set_bodies (self, 0);
      if (self->answer->produce == NULL)
        emit_text (self);
      else if (!answer_from_cache (self))
        produce (self);
    }
  else if (!is_closed (self))
    produce (self);

  unref_exchange (self);
}

/* --- sending, on MHD's thread --------------------------------------------------------------- */

/* Copies what is ready; with nothing ready, waits suspended. With the lock held. */
static ssize_t
take_ready (ValiseExchange *self, char *out, size_t maximum)
{
  size_t taken = 0;

  while (taken < maximum && !g_queue_is_empty (&self->pieces))
    {
      GBytes     *piece = g_queue_peek_head (&self->pieces);
      gsize       length = 0;
      const char *data = g_bytes_get_data (piece, &length);
      gsize       count = MIN (maximum - taken, length - self->offset);

      memcpy (out + taken, data + self->offset, count);
      taken += count;
      self->offset += count;
      self->queued -= count;
      if (self->offset == length)
        {
          self->offset = 0;
          g_bytes_unref (g_queue_pop_head (&self->pieces));
        }
    }
  self->sent += taken;

  return (ssize_t) taken;
}

static ssize_t
read_answer (void *data, uint64_t position, char *out, size_t maximum)
{
  ValiseExchange          *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  ssize_t                  taken = take_ready (self, out, maximum);

  if (!self->finished && !self->producing && self->queued < READY_MAX)
    {
      self->producing = TRUE;
      push_job (self);
    }
  if (taken > 0)
    return taken;
  if (self->failed)
    return MHD_CONTENT_READER_END_WITH_ERROR;
  if (self->finished)
    return MHD_CONTENT_READER_END_OF_STREAM;

  self->suspended = TRUE;
  MHD_suspend_connection (self->connection);
  return 0;
}

static void
free_answer (void *data)
{
  unref_exchange (data);
}

/* How long the body will be; with the lock held. */
static uint64_t
get_length (ValiseExchange *self)
{
  if (self->finished)
    return self->queued;

  return self->answer->length >= 0 ? (uint64_t) self->answer->length : MHD_SIZE_UNKNOWN;
}

static enum MHD_Result
queue_answer (ValiseExchange *self)
{
  ValiseAnswer        *answer = self->answer;
  struct MHD_Response *response = NULL;
  enum MHD_Result      result = MHD_NO;
  uint64_t             length = 0;
  gboolean             failed = FALSE;

  g_mutex_lock (&self->lock);
  length = get_length (self);
  failed = self->failed;
  g_mutex_unlock (&self->lock);
  if (failed)
    return MHD_NO;

  response = MHD_create_response_from_callback (length, 64 * 1024, read_answer, ref_exchange (self),
                                                free_answer);
  if (response == NULL)
    {
      unref_exchange (self);
      return MHD_NO;
    }
  MHD_add_response_header (response, MHD_HTTP_HEADER_SERVER, "Valise/" VALISE_VERSION);
  MHD_add_response_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "must-revalidate");
  MHD_add_response_header (response, "X-Content-Type-Options", "nosniff");
  if (answer->status != 304)
    MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
  for (guint i = 0; i < answer->headers->len; i += 2)
    MHD_add_response_header (response, answer->headers->pdata[i], answer->headers->pdata[i + 1]);
  if (answer->status == 401)
    MHD_add_response_header (response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Basic realm=\"Valise\"");
  result = MHD_queue_response (self->connection, answer->status, response);
  MHD_destroy_response (response);

  return result;
}

/* --- MHD's steps ---------------------------------------------------------------------------- */

static enum MHD_Result
step_head (ValiseExchange *self, const char *method)
{
  gint64 announced = 0;

  self->refused = !read_head (self, method);
  if (!self->refused)
    return MHD_YES;

  /* A short body is read and dropped, which keeps the connection; a long one is not waited for. */
  announced = self->request != NULL ? get_announced_length (self->request) : G_MAXINT64;
  if (announced >= 0 && announced <= DISCARD_MAX)
    return MHD_YES;
  self->ended = TRUE;
  emit_text (self);
  return queue_answer (self);
}

static enum MHD_Result
step_end (ValiseExchange *self)
{
  self->ended = TRUE;
  end_body (self);
  if (!self->refused
      && g_thread_pool_unprocessed (self->host->readers)
                 + g_thread_pool_unprocessed (self->host->writers)
             >= self->host->limits.waiting)
    {
      refuse_body (self, 503, "service_unavailable", "The server is busy.");
      valise_answer_add_header (self->answer, "Retry-After", "5");
    }
  if (self->refused)
    {
      emit_text (self);
      return queue_answer (self);
    }

  g_mutex_lock (&self->lock);
  self->suspended = TRUE;
  self->producing = TRUE;
  MHD_suspend_connection (self->connection);
  g_mutex_unlock (&self->lock);
  push_job (self);
  return MHD_YES;
}

enum MHD_Result
valise_exchange_step (ValiseExchange *self,
                      const char     *method,
                      const char     *upload,
                      size_t         *upload_length)
{
  if (!self->admitted)
    return step_head (self, method);

  if (*upload_length > 0)
    {
      gboolean taken = take_body (self, upload, *upload_length);

      *upload_length = 0;
      return taken ? MHD_YES : MHD_NO;
    }
  if (!self->ended)
    return step_end (self);

  return queue_answer (self);
}

static void
log_exchange (ValiseExchange *self)
{
  ValiseLogLine line = { 0 };

  if (self->request == NULL)
    return;

  line.method = self->request->method;
  line.path = self->request->path;
  line.account = self->request->person != NULL ? self->request->person->account : NULL;
  line.address = self->request->address;
  line.status = self->answer->status;
  line.received = self->received;
  line.sent = self->sent;
  line.duration_us = g_get_monotonic_time () - self->started_us;
  valise_log_request (&line);
}

void
valise_exchange_end (ValiseExchange *self)
{
  ValiseWatch *watch = valise_office_get_watch (self->host->service->office);

  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_mutex_unlock (&self->lock);
  if (valise_watch_remove (watch, self))
    unref_exchange (self);

  log_exchange (self);
  unref_exchange (self);
}

gboolean
valise_exchange_is_trickling (ValiseExchange *self, gint64 now_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64                   elapsed_us = now_us - self->body_us;

  return self->body_us != 0 && elapsed_us > self->host->limits.grace_s * G_USEC_PER_SEC
         && self->received < self->host->limits.rate * (guint64) (elapsed_us / G_USEC_PER_SEC);
}
