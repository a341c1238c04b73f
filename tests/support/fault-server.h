/* fault-server.h - a server that fails as the tests want it to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP/1.1 on loopback, plain or with TLS under a certificate of its own, each connection on a
 * thread. It answers from a database (see couch-answers.h), or by the fault that is set; what
 * goes over the socket is composed here byte by byte, so that it can be cut anywhere.
 */

#pragma once

#include <gio/gio.h>
#include <stdlib.h>

#include "couch-answers.h"
#include "fault-identity.h"
#include "fault-question.h"

typedef enum
{
  FAULT_NONE,
  FAULT_STATUS,    /* answers `status`, with Retry-After: `number` where that is not 0 */
  FAULT_HTML,      /* a sign-in page, `status` */
  FAULT_REDIRECT,  /* to a sign-in page */
  FAULT_JUNK,      /* 200 and no JSON */
  FAULT_CUT,       /* closes after `number` bytes of its answer, head included */
  FAULT_SHORT,     /* a gzip body that ends after `number` bytes, as if it were whole */
  FAULT_LONG,      /* promises `number` bytes more than it has */
  FAULT_DRIP,      /* a byte each `number` µs */
  FAULT_SILENT,    /* takes the question and says nothing */
  FAULT_NO_GZIP,   /* 415 to a compressed question */
  FAULT_SIGNED_OUT /* 401, until one signs in anew */
} Fault;

typedef struct
{
  ValiseDatabase  *database;
  GSocketService  *service;
  GTlsCertificate *certificate;
  char            *pin;
  char            *url;
  GMainContext    *context;
  GThread         *thread;

  GMutex      mutex;
  Fault       fault;
  guint       times; /* that it still happens */
  guint       status;
  guint       number;
  char       *only;    /* on paths that hold this; NULL: any */
  GPtrArray  *asked;   /* "METHOD /path", in order */
  guint       gzipped; /* questions that came compressed */
  guint       logins;
  guint       login_needed;
  const char *name;           /* the database goes by this name: lent */
  guint       sessions;       /* valid: the newest alone */
  guint64     received, sent; /* bytes of plain connections */
  char       *device;         /* that the token was traded for */
  gboolean    compress;       /* answers */
  gboolean    tags;           /* feeds, as CouchDB does: by the database, whatever was asked */
  gint        connections;    /* open now; atomic */
  gint        over;           /* atomic */
} FaultServer;

static char *
fault_dup_session (FaultServer *self)
{
  return g_strdup_printf ("AuthSession=s%u", self->sessions);
}

/* What our server adds to CouchDB. */
static void
fault_answer_server (FaultServer *self, CouchCall *call)
{
  g_autoptr (ValiseJson) json =
      g_bytes_get_size (call->body) > 0 ? valise_json_scan (call->body, 0, NULL) : NULL;

  if (g_str_equal (call->path, "/"))
    g_string_append (call->answer, "{\"couchdb\":\"Welcome\",\"uuid\":\"0123\"}\n");
  else if (g_str_equal (call->path, "/_session"))
    {
      g_autofree char *password = valise_json_dup_member (json, 0, "password");

      self->logins++;
      if (g_strcmp0 (password, "right") != 0)
        couch_fail (call, 401, "unauthorized");
      else
        {
          self->sessions++;
          g_string_append (call->answer, "{\"ok\":true}\n");
        }
    }
  else if (g_str_equal (call->path, "/_valise/account"))
    g_string_append_printf (
        call->answer,
        "{\"databases\":[{\"name\":\"%s\",\"read\":true,\"write\":true}],\"time\":1}\n",
        self->name);
  else if (g_str_equal (call->path, "/_valise/join"))
    {
      g_autofree char *device = valise_json_dup_member (json, 0, "device");

      if (self->device == NULL)
        self->device = g_strdup (device);
      if (!g_str_equal (self->device, device))
        {
          couch_fail (call, 403, "invitation_used");
          return;
        }
      call->status = 201;
      g_string_append_printf (
          call->answer,
          "{\"account\":\"xke-1\",\"password\":\"right\",\"participant\":\"xke\","
          "\"person\":\"Ada\",\"role\":\"delegate\",\"languages\":[\"en\"],"
          "\"databases\":[{\"name\":\"%s\",\"read\":true,\"write\":true}],"
          "\"certificate\":{\"by\":\"nobody\"}}\n",
          self->name);
    }
  else
    couch_fail (call, 404, "not_found");
}

static GHashTable *
fault_parse_query (const char *query)
{
  return query != NULL ? g_uri_parse_params (query, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;
}

/* The honest answer. */
static void
fault_compose (FaultServer *self, FaultQuestion *question, CouchCall *call)
{
  g_auto (GStrv)         parts = g_strsplit (question->target, "?", 2);
  g_autoptr (GHashTable) query = fault_parse_query (parts[1]);
  g_autofree char       *path = g_uri_unescape_string (parts[0], NULL);
  g_autofree char       *base = g_strconcat ("/", self->name, NULL);
  g_autofree char       *session = fault_dup_session (self);

  call->method = question->method;
  call->path = path;
  call->query = query;
  call->body = question->body;
  if (self->login_needed && !g_str_has_prefix (path, "/_") && strlen (path) > 1
      && g_strcmp0 (question->cookie, session) != 0)
    couch_fail (call, 401, "unauthorized");
  else if (!g_str_has_prefix (path, base))
    fault_answer_server (self, call);
  else
    couch_answer (call, self->database, path[strlen (base)] == '/' ? path + strlen (base) + 1 : "");
  call->path = NULL;
  call->query = NULL;
}

/* Whether the fault that is set happens to this question; counts it. */
static Fault
fault_take (FaultServer *self, FaultQuestion *question)
{
  if (self->fault == FAULT_NONE || self->times == 0
      || (self->only != NULL && strstr (question->target, self->only) == NULL)
      || (self->fault == FAULT_NO_GZIP && !question->gzip))
    return FAULT_NONE;

  self->times--;
  return self->fault;
}

/* What names a database as it is. */
static char *
fault_dup_tag (FaultServer *self, const FaultQuestion *question)
{
  ValiseDatabaseInfo info = { 0 };

  if (!self->tags || strstr (question->target, "/_changes") == NULL)
    return NULL;
  g_assert_true (valise_database_get_info (self->database, &info, NULL));
  return g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", info.update_seq);
}

static GBytes *
fault_make_answer (FaultServer *self, FaultQuestion *question, Fault fault, gboolean *ends)
{
  CouchCall              call = { .status = 200, .answer = g_string_new (NULL) };
  g_autofree char       *tag = fault_dup_tag (self, question);
  const char            *type = "application/json";
  g_autoptr (GBytes)     body = NULL;
  GString               *out = g_string_new (NULL);
  g_autoptr (GConverter) gzip =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));

  if (fault == FAULT_STATUS)
    couch_fail (&call, self->status, "fault");
  else if (fault == FAULT_NO_GZIP)
    couch_fail (&call, 415, "bad_content_type");
  else if (fault == FAULT_SIGNED_OUT)
    {
      self->sessions++; /* the old cookie counts no longer */
      couch_fail (&call, 401, "unauthorized");
    }
  else if (fault == FAULT_JUNK)
    g_string_append (call.answer, "peace, security and stability");
  else if (fault == FAULT_HTML || fault == FAULT_REDIRECT)
    {
      type = "text/html; charset=utf-8";
      call.status = fault == FAULT_HTML ? self->status : 302;
      g_string_append (call.answer, "<!DOCTYPE html><title>Hotel</title>");
    }
  else if (tag != NULL && g_strcmp0 (question->match, tag) == 0)
    call.status = 304;
  else
    fault_compose (self, question, &call);

  if (self->compress || fault == FAULT_SHORT)
    body = fault_convert (gzip, call.answer->str, call.answer->len);
  else
    body = g_bytes_new (call.answer->str, call.answer->len);

  g_string_append_printf (out, "HTTP/1.1 %u Said\r\nContent-Type: %s\r\n", call.status, type);
  if (self->compress || fault == FAULT_SHORT)
    g_string_append (out, "Content-Encoding: gzip\r\n");
  if (tag != NULL)
    g_string_append_printf (out, "ETag: %s\r\n", tag);
  if (fault == FAULT_STATUS && self->number > 0)
    g_string_append_printf (out, "Retry-After: %u\r\n", self->number);
  if (fault == FAULT_REDIRECT)
    g_string_append (out, "Location: http://127.0.0.1:1/login\r\n");
  if (g_str_equal (question->target, "/_session") && call.status == 200)
    {
      g_autofree char *session = fault_dup_session (self);

      g_string_append_printf (out, "Set-Cookie: %s; Path=/; HttpOnly\r\n", session);
    }
  if (fault == FAULT_SHORT)
    {
      GBytes *part = g_bytes_new_from_bytes (body, 0, MIN (self->number, g_bytes_get_size (body)));

      g_bytes_unref (body);
      body = part;
    }
  *ends = fault == FAULT_CUT || fault == FAULT_SHORT || fault == FAULT_LONG;
  if (fault != FAULT_SHORT) /* that one ends with its connection */
    g_string_append_printf (out, "Content-Length: %" G_GSIZE_FORMAT "\r\n",
                            g_bytes_get_size (body) + (fault == FAULT_LONG ? self->number : 0));
  g_string_append_printf (out, "Connection: %s\r\n\r\n", *ends ? "close" : "keep-alive");
  g_string_append_len (out, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body));
  if (fault == FAULT_CUT)
    g_string_truncate (out, MIN (self->number, out->len));
  g_string_free (call.answer, TRUE);
  return g_string_free_to_bytes (out);
}

static gboolean
fault_write (FaultServer *self, GOutputStream *out, GBytes *bytes, Fault fault, guint drip_us)
{
  const char *data = g_bytes_get_data (bytes, NULL);
  gsize       length = g_bytes_get_size (bytes), step = fault == FAULT_DRIP ? 16 : length;

  for (gsize at = 0; at < length; at += step)
    {
      if (!g_output_stream_write_all (out, data + at, MIN (step, length - at), NULL, NULL, NULL))
        return FALSE;
      if (fault == FAULT_DRIP)
        g_usleep (drip_us);
    }
  self->sent += length;
  return TRUE;
}

/* Answers one question; FALSE where the connection is to end. */
static gboolean
fault_serve_one (FaultServer *self, GDataInputStream *in, GOutputStream *out)
{
  FaultQuestion      question = { 0 };
  g_autoptr (GBytes) answer = NULL;
  gboolean           ends = FALSE, ok = FALSE;
  Fault              fault = FAULT_NONE;
  guint              drip_us = 0;

  if (fault_read_question (in, &question, &self->received))
    {
      g_mutex_lock (&self->mutex);
      g_ptr_array_add (self->asked, g_strdup_printf ("%s %s", question.method, question.target));
      fault = fault_take (self, &question);
      self->gzipped += question.gzip;
      if (question.gzip)
        {
          GBytes *plain = fault_gunzip (question.body);

          g_bytes_unref (question.body);
          question.body = plain;
        }
      if (fault != FAULT_SILENT)
        answer = fault_make_answer (self, &question, fault, &ends);
      drip_us = self->number;
      g_mutex_unlock (&self->mutex);
      ok = TRUE;
    }
  if (fault == FAULT_SILENT) /* until the client hangs up */
    ok = g_input_stream_skip (G_INPUT_STREAM (in), 1, NULL, NULL) > 0;
  else if (ok)
    ok = fault_write (self, out, answer, fault, drip_us) && !ends;
  fault_clear_question (&question);
  return ok;
}

static gboolean
fault_run_cb (GThreadedSocketService *service,
              GSocketConnection      *connection,
              GObject                *source,
              gpointer                user_data)
{
  FaultServer                 *self = user_data;
  g_autoptr (GIOStream)        stream = g_object_ref (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) in = NULL;

  g_atomic_int_inc (&self->connections);
  g_socket_set_timeout (g_socket_connection_get_socket (connection), 30);
  g_tcp_connection_set_graceful_disconnect (G_TCP_CONNECTION (connection), FALSE);
  if (self->certificate != NULL)
    {
      g_object_unref (stream);
      stream = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
    }
  in = g_data_input_stream_new (g_io_stream_get_input_stream (stream));
  g_data_input_stream_set_newline_type (in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  while (fault_serve_one (self, in, g_io_stream_get_output_stream (stream)))
    ;
  g_io_stream_close (stream, NULL, NULL);
  g_atomic_int_add (&self->connections, -1);
  return TRUE;
}

/* --- its life ---------------------------------------------------------------------------- */

static gpointer
fault_thread (gpointer data)
{
  FaultServer *self = data;

  g_main_context_push_thread_default (self->context);
  while (!g_atomic_int_get (&self->over))
    g_main_context_iteration (self->context, TRUE);
  /* Here and not by who wants it: cancelling an accept from another thread may leak it. */
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  while (g_main_context_iteration (self->context, FALSE))
    ; /* what was begun ends: the accept that waited is cancelled */
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/* On @port, or any that is free (0). */
static void
fault_listen (FaultServer *self, guint16 port)
{
  g_autoptr (GInetAddress)   loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError)         error = NULL;

  g_main_context_push_thread_default (self->context);
  self->service = g_threaded_socket_service_new (64);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "run", G_CALLBACK (fault_run_cb), self);
  g_socket_service_start (self->service);
  g_main_context_pop_thread_default (self->context);
  g_free (self->url);
  self->url = g_strdup_printf ("%s://127.0.0.1:%u", self->certificate != NULL ? "https" : "http",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_atomic_int_set (&self->over, FALSE);
  self->thread = g_thread_new ("fault-server", fault_thread, self);
}

/* @from, @to: the certificate's validity in seconds since 1970; both 0: plain HTTP. */
static FaultServer *
fault_server_new (ValiseDatabase *database, gint64 from, gint64 to)
{
  FaultServer *self = g_new0 (FaultServer, 1);

  g_mutex_init (&self->mutex);
  self->database = g_object_ref (database);
  self->name = valise_database_get_name (database);
  self->asked = g_ptr_array_new_with_free_func (g_free);
  self->context = g_main_context_new ();
  if (to > 0)
    self->certificate = fault_make_certificate (from, to, &self->pin);
  fault_listen (self, 0);
  return self;
}

static G_GNUC_UNUSED void
fault_server_set (FaultServer *self, Fault fault, guint times, const char *only, guint number)
{
  g_mutex_lock (&self->mutex);
  self->fault = fault;
  self->times = times;
  g_free (self->only);
  self->only = g_strdup (only);
  self->number = number;
  g_mutex_unlock (&self->mutex);
}

/* How many questions held @part since the last call of fault_server_forget(). */
static G_GNUC_UNUSED guint
fault_server_count (FaultServer *self, const char *part)
{
  guint n = 0;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->asked->len; i++)
    n += strstr (g_ptr_array_index (self->asked, i), part) != NULL;
  g_mutex_unlock (&self->mutex);
  return n;
}

static G_GNUC_UNUSED void
fault_server_forget (FaultServer *self)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_set_size (self->asked, 0);
  g_mutex_unlock (&self->mutex);
}

/* Takes no more connections; those open are served until their clients leave. */
static void
fault_server_hang_up (FaultServer *self)
{
  g_atomic_int_set (&self->over, TRUE);
  g_main_context_wakeup (self->context);
  g_thread_join (g_steal_pointer (&self->thread));
  g_clear_object (&self->service);
}

/* Its clients must have hung up. */
static void
fault_server_free (FaultServer *self)
{
  if (self->service != NULL)
    fault_server_hang_up (self);
  while (g_atomic_int_get (&self->connections) > 0)
    g_usleep (1000);
  g_main_context_unref (self->context);
  g_clear_object (&self->certificate);
  g_object_unref (self->database);
  g_ptr_array_unref (self->asked);
  g_free (self->pin);
  g_free (self->url);
  g_free (self->only);
  g_free (self->device);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
