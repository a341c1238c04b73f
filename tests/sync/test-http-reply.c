/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "valise-http-reply.h"
#include "valise-peer-error.h"

typedef struct
{
  ValiseHttpTraffic *traffic;
  ValiseHttpLine    *line;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  static const char *const pins[] = { NULL, NULL };

  fixture->traffic = valise_http_traffic_new (NULL);
  fixture->line = valise_http_line_new (pins, 1, fixture->traffic);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  valise_http_line_free (fixture->line);
  valise_http_traffic_unref (fixture->traffic);
}

/* An answer whose head has come, and whose body is @text. */
static ValiseHttpReply *
answer (Fixture *fixture, const char *text)
{
  ValiseHttpReply *reply = g_new0 (ValiseHttpReply, 1);

  reply->line = fixture->line;
  reply->message = soup_message_new ("GET", "http://127.0.0.1/public");
  reply->stream =
      g_memory_input_stream_new_from_data (g_strdup (text), (gssize) strlen (text), g_free);
  return reply;
}

static void
assert_no_json (Fixture *fixture, const char *text, gsize max, ValisePeerError code)
{
  g_autoptr (ValiseHttpReply) reply = answer (fixture, text);
  g_autoptr (GError)          error = NULL;

  g_assert_null (valise_http_reply_read_json (reply, max, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, (int) code);
}

static void
a_body_within_its_limit_is_read (Fixture *fixture, gconstpointer data)
{
  static const char           text[] = "{\"ok\":true}\n";
  g_autoptr (ValiseHttpReply) reply = answer (fixture, text);
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseJson) json = valise_http_reply_read_json (reply, strlen (text), NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (json);
}

static void
what_is_no_json_is_told_apart (Fixture *fixture, gconstpointer data)
{
  assert_no_json (fixture, "{\"ok\":true}\n", strlen ("{\"ok\":true}"), VALISE_PEER_ERROR_PROTOCOL);
  assert_no_json (fixture, "<html>Sign in</html>", 100, VALISE_PEER_ERROR_PORTAL);
  assert_no_json (fixture, "{\"ok\":tr", 100, VALISE_PEER_ERROR_NETWORK);
  assert_no_json (fixture, "", 100, VALISE_PEER_ERROR_NETWORK);
  assert_no_json (fixture, "{\"ok\":01}", 100, VALISE_PEER_ERROR_PROTOCOL);
}

static void
a_cancelled_refusal_is_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseHttpReply) reply = answer (fixture, "{}");
  g_autoptr (GCancellable)    cancellable = g_cancellable_new ();
  g_autoptr (GError)          error = NULL;

  g_cancellable_cancel (cancellable);
  valise_http_reply_set_error (reply, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
what_nobody_wants_is_read_to_its_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseHttpReply) reply = answer (fixture, "{\"error\":\"unauthorized\"}");
  char                        byte = 0;

  valise_http_reply_drain (reply, NULL);
  g_assert_cmpint (valise_http_reply_read (reply, &byte, 1, NULL, NULL), ==, 0);
}

#define ADD(test) g_test_add ("/http-reply/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_body_within_its_limit_is_read);
  ADD (what_is_no_json_is_told_apart);
  ADD (a_cancelled_refusal_is_cancelled);
  ADD (what_nobody_wants_is_read_to_its_end);

  return g_test_run ();
}
