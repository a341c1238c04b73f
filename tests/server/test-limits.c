/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-fixture.h"

#include <poll.h>

#include "valise-gzip.h"
#include "valise-range.h"

/* Small enough to be reached in a test. */
#define LIMITS                                                                                     \
  {                                                                                                \
    .connections = 40, .connections_address = 10, .idle_s = 2, .head_s = 1, .grace_s = 1,          \
    .rate = 100, .body = 300000, .bodies = 2000000, .cache = 1000000,                              \
    .room = G_GUINT64_CONSTANT (1) << 62, .waiting = 100                                           \
  }

typedef struct
{
  Secretariat secretariat;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  const ValiseLimits limits = LIMITS;

  secretariat_init (&fixture->secretariat, &limits, NULL);
  g_free (secretariat_expect (&fixture->secretariat, fixture->secretariat.admin, "PUT", "/db", NULL,
                              201));
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  secretariat_clear (&fixture->secretariat);
}

static GByteArray *
gzip (const char *text, gsize length)
{
  ValiseDeflater deflater = { 0 };
  GByteArray    *out = g_byte_array_new ();

  valise_deflater_append (&deflater, text, length, TRUE, out);
  return out;
}

static Reply *
post_gzip (Fixture *fixture, const char *who, const char *path, const char *text, gsize length)
{
  g_autoptr (GByteArray) body = gzip (text, length);

  return secretariat_ask_bytes (&fixture->secretariat, who, "POST", path,
                                "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
                                body->data, body->len);
}

static char *
make_docs (guint count)
{
  GString *docs = g_string_new ("{\"docs\":[");

  for (guint i = 0; i < count; i++)
    g_string_append_printf (docs,
                            "%s{\"_id\":\"doc-%u\",\"text\":\"the same words again and again\"}",
                            i > 0 ? "," : "", i);
  g_string_append (docs, "]}");
  return g_string_free (docs, FALSE);
}

static void
bodies_may_be_compressed_both_ways (Fixture *fixture, gconstpointer data)
{
  Secretariat      *secretariat = &fixture->secretariat;
  g_autofree char  *docs = make_docs (200);
  g_autoptr (Reply) written =
      post_gzip (fixture, secretariat->admin, "/db/_bulk_docs", docs, strlen (docs));
  g_autoptr (Reply) plain = secretariat_ask_bytes (
      secretariat, secretariat->admin, "GET", "/db/_all_docs?include_docs=true", NULL, NULL, 0);

  g_assert_cmpuint (written->status, ==, 201);
  g_assert_null (g_hash_table_lookup (plain->headers, "content-encoding"));
  /* The second time it comes from what was kept. */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Reply) small = secretariat_ask_bytes (secretariat, secretariat->admin, "GET",
                                                       "/db/_all_docs?include_docs=true",
                                                       "Accept-Encoding: gzip\r\n", NULL, 0);

      g_assert_cmpstr (g_hash_table_lookup (small->headers, "content-encoding"), ==, "gzip");
      g_assert_cmpstr (small->body->str, ==, plain->body->str);
      g_assert_cmpuint (small->carried, <, plain->carried / 5);
    }
}

/* What is kept is kept for one state of the database. */
static void
what_is_kept_never_hides_a_change (Fixture *fixture, gconstpointer data)
{
  Secretariat     *secretariat = &fixture->secretariat;
  g_autofree char *docs = make_docs (50);

  g_free (
      secretariat_expect (secretariat, secretariat->admin, "POST", "/db/_bulk_docs", docs, 201));
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char  *path = g_strdup_printf ("/db/new-%u", i);
      g_autofree char  *id = g_strdup_printf ("\"new-%u\"", i);
      g_autoptr (Reply) reply = NULL;

      g_free (secretariat_expect (secretariat, secretariat->admin, "PUT", path, "{}", 201));
      reply = secretariat_ask_bytes (secretariat, secretariat->admin, "GET", "/db/_changes",
                                     "Accept-Encoding: gzip\r\n", NULL, 0);
      g_assert_nonnull (strstr (reply->body->str, id));
    }
}

static void
a_short_answer_is_not_compressed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Reply) reply = secretariat_ask_bytes (&fixture->secretariat, NULL, "GET", "/_up",
                                                   "Accept-Encoding: gzip\r\n", NULL, 0);

  g_assert_null (g_hash_table_lookup (reply->headers, "content-encoding"));
}

static void
a_bomb_is_refused (Fixture *fixture, gconstpointer data)
{
  Secretariat      *secretariat = &fixture->secretariat;
  gsize             length = 20 * 1000 * 1000;
  g_autofree char  *zeros = g_malloc0 (length);
  g_autoptr (Reply) member =
      post_gzip (fixture, secretariat->admin, "/db/_bulk_docs", zeros, length);
  g_autoptr (Reply) stranger = post_gzip (fixture, NULL, "/_session", zeros, length);

  g_assert_cmpuint (member->status, ==, 413);
  g_assert_cmpuint (stranger->status, ==, 413);
  g_free (secretariat_expect (secretariat, secretariat->admin, "GET", "/db", NULL, 200));
}

static void
a_body_too_long_is_refused_before_it_comes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *headers =
      g_strconcat (fixture->secretariat.admin, "Content-Length: 400000000\r\n\r\n", NULL);
  g_autofree char *head =
      g_strconcat ("POST /db/_bulk_docs HTTP/1.1\r\nHost: x\r\n", headers, NULL);
  g_autoptr (Wire)  wire = wire_open (fixture->secretariat.port);
  g_autoptr (Reply) reply = NULL;

  g_assert_true (wire_send (wire, head, strlen (head)));
  reply = wire_read (wire, FALSE);
  g_assert_nonnull (reply);
  g_assert_cmpuint (reply->status, ==, 413);
}

static void
what_is_not_gzip_is_refused (Fixture *fixture, gconstpointer data)
{
  Secretariat           *secretariat = &fixture->secretariat;
  const char            *headers = "Content-Encoding: gzip\r\n";
  g_autoptr (GByteArray) whole = gzip ("{\"docs\":[]}", 11);
  g_autoptr (Reply)      nonsense = secretariat_ask_bytes (secretariat, secretariat->admin, "POST",
                                                           "/db/_bulk_docs", headers, "nonsense", 8);
  g_autoptr (Reply)      truncated =
      secretariat_ask_bytes (secretariat, secretariat->admin, "POST", "/db/_bulk_docs", headers,
                             whole->data, whole->len - 6);
  g_autoptr (Reply) unknown =
      secretariat_ask_bytes (secretariat, secretariat->admin, "POST", "/db/_bulk_docs",
                             "Content-Encoding: br\r\n", "x", 1);

  g_assert_cmpuint (nonsense->status, ==, 400);
  g_assert_cmpuint (truncated->status, ==, 400);
  g_assert_cmpuint (unknown->status, ==, 415);
}

static void
a_chunked_body_is_limited_too (Fixture *fixture, gconstpointer data)
{
  g_autofree char *head =
      g_strconcat ("POST /db/_bulk_docs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n",
                   fixture->secretariat.admin, "\r\n", NULL);
  g_autofree char *block = g_strnfill (10000, ' ');
  g_autoptr (Wire) wire = wire_open (fixture->secretariat.port);
  gboolean         open = wire_send (wire, head, strlen (head));

  for (guint i = 0; i < 2000 && open; i++)
    open = wire_send (wire, "2710\r\n", 6) && wire_send (wire, block, 10000)
           && wire_send (wire, "\r\n", 2);
  g_assert_false (open);
}

static void
a_header_too_long_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char  *filler = g_strnfill (200000, 'x');
  g_autofree char  *head = g_strconcat ("GET / HTTP/1.1\r\nX-Long: ", filler, "\r\n\r\n", NULL);
  g_autoptr (Wire)  wire = wire_open (fixture->secretariat.port);
  g_autoptr (Reply) reply = wire_send (wire, head, strlen (head)) ? wire_read (wire, FALSE) : NULL;

  g_assert_true (reply == NULL || reply->status >= 400);
}

/* Whether the server closes @wire within @seconds, while it is given a byte now and then. */
static gboolean
is_cut (Wire *wire, const char *drip, guint seconds)
{
  struct pollfd one = { .fd = wire->fd, .events = POLLRDHUP };

  for (guint i = 0; i < seconds * 2; i++)
    {
      if (drip != NULL && drip[i] != '\0' && !wire_send (wire, drip + i, 1))
        return TRUE;
      if (poll (&one, 1, 500) == 1)
        return TRUE;
    }

  return FALSE;
}

static void
an_idle_connection_is_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire) silent = wire_connect (fixture->secretariat.port);
  g_autoptr (Wire) idle = wire_open (fixture->secretariat.port);

  g_assert_true (is_cut (idle, NULL, 15));
  g_assert_true (is_cut (silent, NULL, 15));
}

static void
a_head_that_trickles_is_cut (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire) wire = wire_open (fixture->secretariat.port);

  g_assert_true (is_cut (wire, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: as slow as this\r\n", 20));
}

static void
a_body_that_trickles_is_cut (Fixture *fixture, gconstpointer data)
{
  g_autofree char *head =
      g_strconcat ("POST /db/_bulk_docs HTTP/1.1\r\nHost: x\r\n", fixture->secretariat.admin,
                   "Content-Length: 1000\r\n\r\n", NULL);
  g_autoptr (Wire) wire = wire_open (fixture->secretariat.port);

  g_assert_true (wire_send (wire, head, strlen (head)));
  g_assert_true (is_cut (wire, "{\"docs\":[{\"_id\":\"very-slowly\"}]}            ", 20));
}

static void
one_address_has_so_many_connections (Fixture *fixture, gconstpointer data)
{
  Wire *wires[16] = { NULL };
  guint open = 0;

  for (guint i = 0; i < G_N_ELEMENTS (wires); i++)
    {
      wires[i] = wire_connect (fixture->secretariat.port);
      open += wire_handshake (wires[i], "NORMAL") ? 1 : 0;
    }
  g_assert_cmpuint (open, >=, 8);
  g_assert_cmpuint (open, <=, 10);
  for (guint i = 0; i < G_N_ELEMENTS (wires); i++)
    wire_close (wires[i]);
}

static void
only_tls_1_3_is_spoken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire) old = wire_connect (fixture->secretariat.port);
  g_autoptr (Wire) current = wire_connect (fixture->secretariat.port);

  g_assert_false (wire_handshake (old, "NORMAL:-VERS-ALL:+VERS-TLS1.2"));
  g_assert_true (wire_handshake (current, "NORMAL:-VERS-ALL:+VERS-TLS1.3"));
}

/* Two requests sent together are answered in order. */
static void
a_connection_carries_many_requests (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire) wire = wire_open (fixture->secretariat.port);

  for (guint i = 0; i < 20; i++)
    g_assert_true (wire_request (wire, "GET", i % 2 == 0 ? "/" : "/_up", NULL, NULL, 0));
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (Reply) reply = wire_read (wire, FALSE);

      g_assert_nonnull (reply);
      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_nonnull (strstr (reply->body->str, i % 2 == 0 ? "Welcome" : "status"));
    }
}

/* A file longer than what is held in memory at once comes whole, and any part of it. */
static void
a_long_answer_comes_whole (Fixture *fixture, gconstpointer data)
{
  const char      *question = "{\"docs\":[{\"id\":\"long\"},{\"id\":\"long\"},{\"id\":\"long\"}]}";
  Secretariat     *secretariat = &fixture->secretariat;
  g_autofree char *headers = g_strconcat (secretariat->admin, NULL);
  gsize            length = 290000;
  g_autofree guint8 *bytes = g_malloc (length);
  g_autoptr (GRand)  random = g_rand_new_with_seed (7);
  g_autofree char   *rev = NULL;

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_rand_int (random);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char  *path = rev != NULL ? g_strdup_printf ("/db/long/part-%u?rev=%s", i, rev)
                                           : g_strdup_printf ("/db/long/part-%u", i);
      g_autoptr (Reply) reply = NULL;

      bytes[0] = (guint8) i;
      reply = secretariat_ask_bytes (secretariat, headers, "PUT", path, NULL, bytes, length);
      g_assert_cmpuint (reply->status, ==, 201);
      g_free (rev);
      rev = json_member (reply->body->str, "rev");
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Reply) reply = secretariat_ask_bytes (
          secretariat, headers, "GET", "/db/_all_docs?include_docs=true&limit=1",
          i == 0 ? NULL : "Accept-Encoding: gzip\r\n", NULL, 0);
      g_autoptr (Reply) inlined = secretariat_ask_bytes (
          secretariat, headers, "POST", "/db/_bulk_get?attachments=true",
          i == 0 ? NULL : "Accept-Encoding: gzip\r\n", question, strlen (question));

      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_cmpuint (inlined->status, ==, 200);
      g_assert_false (inlined->cut);
      g_assert_cmpuint (inlined->body->len, >, 3 * 20 * length * 4 / 3);
      g_assert_true (g_str_has_suffix (inlined->body->str, "]}\n"));
    }
}

static void
deflated_pieces_are_one_gzip_stream (void)
{
  ValiseDeflater             deflater = { 0 };
  g_autoptr (GByteArray)     packed = g_byte_array_new ();
  g_autoptr (GByteArray)     out = g_byte_array_new ();
  g_autoptr (GString)        expected = g_string_new (NULL);
  g_autoptr (ValiseInflater) inflater = valise_inflater_new ();
  g_autoptr (GError)         error = NULL;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *piece = g_strnfill (i * i % 5000, (char) ('a' + i % 26));

      g_string_append (expected, piece);
      valise_deflater_append (&deflater, piece, strlen (piece), i == 299, packed);
    }
  for (guint i = 0; i < packed->len; i++)
    g_assert_true (valise_inflater_append (inflater, packed->data + i, 1, 10000000, out, &error));
  g_assert_true (valise_inflater_is_complete (inflater));
  g_assert_cmpmem (out->data, out->len, expected->str, expected->len);
  g_assert_false (valise_inflater_append (inflater, "x", 1, 10000000, out, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

/* Here no disk has so much room as must stay free. */
static void
a_file_that_the_disk_has_no_room_for_is_refused_before_it_comes (Fixture      *fixture,
                                                                 gconstpointer data)
{
  Secretariat     *secretariat = &fixture->secretariat;
  g_autofree char *sha256 = g_strnfill (64, 'a');
  g_autofree char *path = g_strconcat ("/db/_files/", sha256, "?offset=0&length=500000", NULL);
  g_autofree char *answer =
      secretariat_expect (secretariat, secretariat->admin, "PUT", path, "{}", 507);

  g_assert_nonnull (strstr (answer, "no room for a file of 500000 bytes"));
}

static void
ranges_never_leave_the_file (void)
{
  const char *tails[] = { "", "0", "1", "9", "10", "99999999999999999999", "-", "x" };

  for (guint i = 0; i < G_N_ELEMENTS (tails); i++)
    for (guint j = 0; j < G_N_ELEMENTS (tails); j++)
      for (gint64 length = 0; length < 12; length += 11)
        {
          g_autofree char *header = g_strdup_printf ("bytes=%s-%s", tails[i], tails[j]);
          gint64           offset = -1;
          gint64           count = -1;
          ValiseRange      range = valise_range_parse (header, length, &offset, &count);

          if (range == VALISE_RANGE_NONE)
            continue;
          g_assert_cmpint (offset, >=, 0);
          g_assert_cmpint (count, >=, 0);
          g_assert_cmpint (offset + count, <=, length);
          g_assert_true (range == VALISE_RANGE_WHOLE || count > 0);
        }
}

#define ADD(test) g_test_add ("/limits/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_file_that_the_disk_has_no_room_for_is_refused_before_it_comes);
  g_test_add_func ("/limits/deflated_pieces_are_one_gzip_stream",
                   deflated_pieces_are_one_gzip_stream);
  g_test_add_func ("/limits/ranges_never_leave_the_file", ranges_never_leave_the_file);
  ADD (bodies_may_be_compressed_both_ways);
  ADD (what_is_kept_never_hides_a_change);
  ADD (a_short_answer_is_not_compressed);
  ADD (a_bomb_is_refused);
  ADD (a_body_too_long_is_refused_before_it_comes);
  ADD (what_is_not_gzip_is_refused);
  ADD (a_chunked_body_is_limited_too);
  ADD (a_header_too_long_is_refused);
  ADD (an_idle_connection_is_closed);
  ADD (a_head_that_trickles_is_cut);
  ADD (a_body_that_trickles_is_cut);
  ADD (one_address_has_so_many_connections);
  ADD (only_tls_1_3_is_spoken);
  ADD (a_connection_carries_many_requests);
  ADD (a_long_answer_comes_whole);

  return g_test_run ();
}
