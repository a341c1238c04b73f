/* valise-exchange.c - one request and its answer, between the network and the workers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-exchange"

#include "config.h"

#include "valise-delivery.h"
#include "valise-exchange.h"
#include "valise-log.h"
#include "valise-request-reader.h"

/* Shorter answers are not worth the work. */
#define GZIP_FROM 512 /* bytes */

/* Of a dense answer or a file at once, and so in one record of TLS, which can be read only when all
 * of it has come: half a second on a slow line, and a line that breaks loses what was sent of one.
 * Costs 0.7 %. */
#define SMALL_RECORD 4096 /* bytes */

/* What finds room in a packet with its head. */
#define SHORT_BODY 1024 /* bytes */

struct _ValiseExchange
{
  gatomicrefcount        refs; /* MHD's, its response's, a worker's or waiter's */
  ValiseExchangeHost    *host;
  struct MHD_Connection *connection; /* valid while suspended, and on MHD's thread */
  gint64                 started_us;

  ValiseRequestReader reader; /* MHD's thread, until the body is whole; then a worker reads it */
  gboolean            ended;  /* and nothing more is asked of it */

  /* Whose turn it is: MHD's thread until the body is whole, then whoever produces. */
  ValiseAnswer *answer;
  gboolean      answered; /* the handler has run */

  ValiseDelivery delivery;
};

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

  valise_request_reader_clear (&self->reader);
  g_clear_pointer (&self->answer, valise_answer_free);
  valise_delivery_clear (&self->delivery);
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
  valise_request_reader_init (&self->reader, host, connection, target);
  valise_delivery_init (&self->delivery, connection);
  self->host = host;
  self->connection = connection;
  self->started_us = g_get_monotonic_time ();
  self->answer = valise_answer_new ();
  g_atomic_int_inc (&host->active);

  return self;
}

/* --- the answer ----------------------------------------------------------------------------- */

/* Sends what was written. @producing: who calls keeps the turn. */
static void
emit (ValiseExchange *self, gboolean last, gboolean producing)
{
  g_autoptr (GPtrArray) recorded = valise_delivery_emit (&self->delivery, last, producing);

  if (recorded != NULL)
    valise_cache_put (self->host->service->cache, self->answer->cache_key, recorded);
}

static gboolean
is_asked_by (const ValiseExchange *self, const char *method)
{
  return self->reader.request != NULL && strcmp (self->reader.request->method, method) == 0;
}

/* What a POST asked for is kept by no cache (RFC 9110, 9.3.3) and is JSON, which no browser takes
 * for something else: headers about that would only cost a slow line. */
static gboolean
is_posted (const ValiseExchange *self)
{
  return is_asked_by (self, "POST");
}

static void
announce_coding (ValiseExchange *self, const char *coding)
{
  if (!self->answer->stored && !is_posted (self))
    valise_answer_add_header (self->answer, "Vary", "Accept-Encoding");
  if (coding != NULL)
    valise_answer_add_header (self->answer, "Content-Encoding", coding);
}

static gboolean
is_dense (ValiseExchange *self)
{
  return self->answer->dense && valise_request_takes (self->reader.request, "zstd");
}

/* How the answer is encoded, and the headers that tell of it; once, before the first emit. */
static void
decide_encoding (ValiseExchange *self, gboolean worthwhile)
{
  ValiseOutlet *outlet = &self->delivery.outlet;
  gboolean      encodes = worthwhile && !self->answer->stored && self->reader.request != NULL;

  if (encodes && is_dense (self))
    outlet->zstd = valise_zstd_new (!outlet->apart);
  outlet->apart &= outlet->zstd != NULL;
  if (outlet->zstd != NULL && self->answer->known != NULL)
    valise_zstd_set_dictionary (outlet->zstd, self->answer->known);
  outlet->gzip =
      encodes && outlet->zstd == NULL && valise_request_takes (self->reader.request, "gzip");
  announce_coding (self, outlet->zstd != NULL ? "zstd" : outlet->gzip ? "gzip" : NULL);
  /* What is kept is kept under one coding's name. */
  if (is_dense (self) ? outlet->zstd == NULL : !outlet->gzip)
    valise_outlet_drop_recorded (outlet);
}

/* A body that a handler wrote whole. */
static void
emit_text (ValiseExchange *self)
{
  if (self->answer->bytes != NULL)
    g_string_append_len (self->delivery.outlet.text, g_bytes_get_data (self->answer->bytes, NULL),
                         (gssize) g_bytes_get_size (self->answer->bytes));
  else
    g_string_append_len (self->delivery.outlet.text, self->answer->text->str,
                         (gssize) self->answer->text->len);
  decide_encoding (self, self->delivery.outlet.text->len >= GZIP_FROM);
  emit (self, TRUE, FALSE);
}

/* What looks into a database may take a while; what does not, takes none. */
static gboolean
is_quick (const ValiseExchange *self)
{
  return !g_str_has_prefix (self->reader.route->pattern, "$db");
}

static void
push_job (ValiseExchange *self)
{
  GThreadPool *pool = self->reader.route->writes ? self->host->writers
                      : is_quick (self)          ? self->host->greeters
                                                 : self->host->readers;

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
      if (!valise_delivery_has_begun (&self->delivery))
        decide_encoding (self, TRUE);
      g_string_append_c (self->delivery.outlet.text, '\n');
      emit (self, FALSE, TRUE);
      return;
    }

  if (wake == VALISE_WAKE_HUNG_UP)
    valise_delivery_fail (&self->delivery);
  else
    push_job (self);
  unref_exchange (self);
}

static void
wait_for (ValiseExchange *self, ValiseWait *wait)
{
  ValiseWatch *watch = valise_office_get_watch (self->host->service->office);
  ValiseWake   wake = VALISE_WAKE_CHANGED;

  if (self->delivery.outlet.text->len > 0
      || (wait->begin && !valise_delivery_has_begun (&self->delivery)))
    {
      if (!valise_delivery_has_begun (&self->delivery))
        decide_encoding (self, TRUE);
      emit (self, FALSE, TRUE);
    }

  if (!valise_delivery_wait (&self->delivery, watch, wait, woken_cb, ref_exchange (self), &wake))
    woken_cb (wake, self);
}

/* --- on a worker ---------------------------------------------------------------------------- */

/* An answer that is kept already; FALSE where it must be made. */
static gboolean
answer_from_cache (ValiseExchange *self)
{
  ValiseCache          *cache = self->host->service->cache;
  const char           *coding = NULL;
  g_autofree char      *key = g_steal_pointer (&self->answer->cache_key);
  g_autoptr (GPtrArray) kept = NULL;

  /* Once: how far the client is may look different by the time that the answer is ready. */
  self->delivery.outlet.apart = is_dense (self) && !valise_delivery_is_near (&self->delivery);
  if (key != NULL && is_dense (self))
    coding = "zstd";
  else if (key != NULL && valise_request_takes (self->reader.request, "gzip"))
    coding = "gzip";
  if (coding == NULL)
    return FALSE;
  /* Pieces made for who is near are too large for who is far. */
  self->answer->cache_key =
      g_strconcat (coding, self->delivery.outlet.apart ? " far " : " ", key, NULL);

  kept = valise_cache_get (cache, self->answer->cache_key);
  if (kept == NULL)
    {
      valise_outlet_record (&self->delivery.outlet);
      return FALSE;
    }

  announce_coding (self, coding); /* which these bytes have already */
  valise_delivery_emit_recorded (&self->delivery, kept);
  return TRUE;
}

/* A producer that failed: an error object where nothing was sent yet, else a cut. */
static void
answer_failure (ValiseExchange *self, const GError *error)
{
  valise_outlet_drop_recorded (&self->delivery.outlet);
  if (valise_delivery_has_begun (&self->delivery))
    {
      g_message ("%s %s: %s", self->reader.request->method, self->reader.request->path,
                 error->message);
      valise_delivery_fail (&self->delivery);
      return;
    }

  g_string_truncate (self->delivery.outlet.text, 0);
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
  ValisePiece piece = answer->produce (answer->producer, self->delivery.outlet.text, &wait, &error);

  if (piece == VALISE_PIECE_FAILED)
    answer_failure (self, error);
  else if (piece == VALISE_PIECE_WAIT)
    wait_for (self, &wait);
  else
    {
      if (!valise_delivery_has_begun (&self->delivery))
        decide_encoding (self, piece == VALISE_PIECE_MORE
                                   || self->delivery.outlet.text->len >= GZIP_FROM);
      emit (self, piece == VALISE_PIECE_LAST, FALSE);
    }
  g_strfreev (wait.databases);
}

void
valise_exchange_run (gpointer exchange, gpointer host)
{
  ValiseExchange *self = exchange;

  if (!self->answered)
    {
      self->answered = TRUE;
      valise_routes_run (self->host->service, self->reader.route, self->reader.request,
                         self->answer);
      valise_request_reader_release (&self->reader);
      if (self->answer->produce == NULL)
        emit_text (self);
      else if (!answer_from_cache (self))
        produce (self);
    }
  else if (!valise_delivery_is_closed (&self->delivery))
    produce (self);

  unref_exchange (self);
}

/* --- sending, on MHD's thread --------------------------------------------------------------- */

static ssize_t
read_answer (void *data, uint64_t position, char *out, size_t maximum)
{
  ValiseExchange *self = data;
  gboolean        produces = FALSE;
  gboolean        small = self->answer->dense || self->answer->stored;
  size_t          most = small ? MIN (maximum, SMALL_RECORD) : maximum;
  ssize_t         taken = valise_delivery_read (&self->delivery, out, most, &produces);

  if (produces)
    push_job (self);
  return taken;
}

static void
free_answer (void *data)
{
  unref_exchange (data);
}

/* A body that is there already and short goes with its head, in one packet; any other is asked for
 * bit by bit. NULL where it failed. */
static struct MHD_Response *
create_response (ValiseExchange *self)
{
  struct MHD_Response *response = NULL;
  uint64_t             length = 0;
  char                *body = NULL;

  if (!valise_delivery_get_length (&self->delivery, self->answer->length, &length))
    return NULL;
  if (!is_asked_by (self, "HEAD"))
    body = valise_delivery_dup_short (&self->delivery, SHORT_BODY);
  if (body != NULL)
    return MHD_create_response_from_buffer_with_free_callback (length, body, g_free);

  response = MHD_create_response_from_callback (length, 64 * 1024, read_answer, ref_exchange (self),
                                                free_answer);
  if (response == NULL)
    unref_exchange (self);
  return response;
}

static enum MHD_Result
queue_answer (ValiseExchange *self)
{
  ValiseAnswer        *answer = self->answer;
  struct MHD_Response *response = create_response (self);
  enum MHD_Result      result = MHD_NO;

  if (response == NULL)
    return MHD_NO;
  if (!is_posted (self))
    {
      MHD_add_response_header (response, MHD_HTTP_HEADER_SERVER, "Valise/" VALISE_VERSION);
      MHD_add_response_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "must-revalidate");
      MHD_add_response_header (response, "X-Content-Type-Options", "nosniff");
    }
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
  if (valise_request_reader_read_head (&self->reader, method, self->answer)
      || valise_request_reader_may_discard (&self->reader))
    return MHD_YES;
  self->ended = TRUE;
  emit_text (self);
  return queue_answer (self);
}

static enum MHD_Result
step_end (ValiseExchange *self)
{
  self->ended = TRUE;
  if (!valise_request_reader_end (&self->reader, self->answer))
    {
      emit_text (self);
      return queue_answer (self);
    }

  valise_delivery_suspend (&self->delivery);
  push_job (self);
  return MHD_YES;
}

enum MHD_Result
valise_exchange_step (ValiseExchange *self,
                      const char     *method,
                      const char     *upload,
                      size_t         *upload_length)
{
  if (!self->reader.admitted)
    return step_head (self, method);

  if (*upload_length > 0)
    {
      gboolean taken =
          valise_request_reader_take (&self->reader, upload, *upload_length, self->answer);

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

  if (self->reader.request == NULL)
    return;

  line.method = self->reader.request->method;
  line.path = self->reader.request->path;
  line.account =
      self->reader.request->person != NULL ? self->reader.request->person->account : NULL;
  line.address = self->reader.request->address;
  line.status = self->answer->status;
  line.received = self->reader.received;
  line.sent = self->delivery.outlet.sent;
  line.duration_us = g_get_monotonic_time () - self->started_us;
  valise_log_request (&line);
}

void
valise_exchange_end (ValiseExchange *self)
{
  ValiseWatch *watch = valise_office_get_watch (self->host->service->office);

  valise_delivery_close (&self->delivery);
  if (valise_watch_remove (watch, self))
    unref_exchange (self);

  log_exchange (self);
  unref_exchange (self);
}

gboolean
valise_exchange_is_trickling (ValiseExchange *self, gint64 now_us)
{
  return valise_request_reader_is_trickling (&self->reader, now_us);
}
