/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>

#include "valise-file-transfer.h"
#include "valise-http-peer.h"

#define LENGTH (5 * VALISE_FILE_CHUNK + 1000) /* bytes */

/* How the made-up server answers: as CouchDB 3 does, but for what is set. */
typedef struct
{
  gboolean    whole;     /* 200 to every Range, as PouchDB's server */
  gboolean    misplaced; /* 206 of another part than was asked for */
  const char *name;      /* of the attachment; NULL: ours */
  const char *tag;       /* ETag */
  gint64      total;     /* length that it says; 0: that of the bytes */
  gsize       cut_after; /* bytes of the body; 0: none is cut */
} Manner;

typedef struct
{
  char            *root;
  char            *path;
  ValiseFileStore *store;
  GBytes          *bytes; /* the file */
  char            *sha256;

  GSocketService *service;
  char           *url;
  GThread        *thread;
  GMainLoop      *loop;
  GBytes         *served; /* what is there under the file's name */
  Manner          manner;
  guint           n_requests;
  gint64          sent;  /* bytes of bodies */
  GString        *asked; /* what was asked: a line each */
} Fixture;

/* --- the server ------------------------------------------------------------------------------ */

static void
say (GOutputStream *out, const char *format, ...)
{
  va_list          arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_output_stream_write_all (out, text, strlen (text), NULL, NULL, NULL);
}

static void
answer_text (GOutputStream *out, const char *status, const char *text)
{
  say (out,
       "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
       "Connection: close\r\n\r\n%s",
       status, strlen (text), text);
}

/* `bytes=0-` is answered 200 by CouchDB. */
static gint64
read_start (const Fixture *fixture, const char *head)
{
  const char *range = strstr (head, "Range: bytes=");

  return range != NULL && !fixture->manner.whole
             ? g_ascii_strtoll (range + strlen ("Range: bytes="), NULL, 10)
             : 0;
}

static void
answer_file (Fixture *fixture, GOutputStream *out, const char *head)
{
  gint64 start = read_start (fixture, head);
  gsize  length = g_bytes_get_size (fixture->served);
  gint64 total = fixture->manner.total > 0 ? fixture->manner.total : (gint64) length;
  gsize  count = length - (gsize) start;
  gsize  sent = fixture->manner.cut_after > 0 ? MIN (count, fixture->manner.cut_after) : count;
  g_autofree char *range = NULL;

  if (start >= (gint64) length && length > 0)
    {
      answer_text (out, "416 Range Not Satisfiable", "{\"error\":\"range\"}");
      return;
    }
  if (start > 0)
    range = g_strdup_printf ("Content-Range: bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                             "/%" G_GINT64_FORMAT "\r\n",
                             start + fixture->manner.misplaced, (gint64) length - 1, total);
  say (out,
       "HTTP/1.1 %s\r\nContent-Type: application/pdf\r\nContent-Length: %zu\r\n%sETag: %s\r\n"
       "Accept-Ranges: bytes\r\nConnection: close\r\n\r\n",
       start > 0 ? "206 Partial Content" : "200 OK", start > 0 ? count : (gsize) total,
       range != NULL ? range : "", fixture->manner.tag);
  g_output_stream_write_all (out, (const char *) g_bytes_get_data (fixture->served, NULL) + start,
                             sent, NULL, NULL, NULL);
  fixture->sent += (gint64) sent;
}

static gboolean
serve_cb (GThreadedSocketService *service,
          GSocketConnection      *connection,
          GObject                *source,
          Fixture                *fixture)
{
  GOutputStream   *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GInputStream    *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autofree char *head = g_malloc0 (8192);
  g_autofree char *file = NULL, *document = NULL, *text = NULL;
  const char      *name = fixture->manner.name != NULL ? fixture->manner.name : "original";
  gsize            n = 0;

  while (n < 8000 && strstr (head, "\r\n\r\n") == NULL)
    {
      gssize more = g_input_stream_read (in, head + n, 8000 - n, NULL, NULL);

      if (more <= 0)
        return TRUE;
      n += (gsize) more;
    }
  fixture->n_requests++;
  g_string_append_len (fixture->asked, head, (gssize) strcspn (head, "\r"));
  g_string_append_c (fixture->asked, '\n');
  file = g_strdup_printf ("GET /db/file%%3A%s/%s", fixture->sha256, name);
  document = g_strdup_printf ("GET /db/file%%3A%s HTTP", fixture->sha256);
  text = g_strdup_printf ("{\"_id\":\"file:%s\",\"_rev\":\"1-aa\",\"_attachments\":{\"%s\":"
                          "{\"content_type\":\"application/pdf\",\"stub\":true}}}",
                          fixture->sha256, name);
  if (g_str_has_prefix (head, file))
    answer_file (fixture, out, head);
  else if (g_str_has_prefix (head, document))
    answer_text (out, "200 OK", text);
  else
    answer_text (out, "404 Object Not Found",
                 "{\"error\":\"not_found\",\"reason\":\"Document is missing attachment\"}");
  return TRUE;
}

static gpointer
serve_thread (gpointer data)
{
  Fixture                 *fixture = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  guint16                  port = 0;

  g_main_context_push_thread_default (context);
  fixture->service = g_threaded_socket_service_new (4);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (fixture->service), NULL, NULL);
  g_signal_connect (fixture->service, "run", G_CALLBACK (serve_cb), fixture);
  fixture->loop = g_main_loop_new (context, FALSE);
  g_socket_service_start (fixture->service);
  g_atomic_pointer_set (&fixture->url, g_strdup_printf ("http://127.0.0.1:%u", port));
  g_main_loop_run (fixture->loop);
  g_socket_service_stop (fixture->service);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_object_unref (fixture->service);
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* --- the laptop ------------------------------------------------------------------------------ */

static GBytes *
make_bytes (gsize length, guint seed)
{
  guint8 *data = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 7 + i / 251 + seed);
  return g_bytes_new_take (data, length);
}

static void
set_file (Fixture *fixture, gsize length)
{
  g_clear_pointer (&fixture->bytes, g_bytes_unref);
  g_clear_pointer (&fixture->served, g_bytes_unref);
  g_free (fixture->sha256);
  fixture->bytes = make_bytes (length, 0);
  fixture->served = g_bytes_ref (fixture->bytes);
  fixture->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, fixture->bytes);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "files.sqlite", NULL);
  fixture->store = valise_file_store_open (fixture->path, &error);
  g_assert_no_error (error);
  fixture->manner.tag = "\"tag-of-one\"";
  fixture->asked = g_string_new (NULL);
  set_file (fixture, LENGTH);
  fixture->thread = g_thread_new ("server", serve_thread, fixture);
  while (g_atomic_pointer_get (&fixture->url) == NULL)
    g_usleep (1000);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_main_loop_quit (fixture->loop);
  g_thread_join (fixture->thread);
  g_main_loop_unref (fixture->loop);
  g_assert_finalize_object (fixture->store);
  g_assert_no_errno (g_unlink (fixture->path));
  g_assert_no_errno (g_rmdir (fixture->root));
  g_bytes_unref (fixture->bytes);
  g_bytes_unref (fixture->served);
  g_string_free (fixture->asked, TRUE);
  g_free (fixture->sha256);
  g_free (fixture->path);
  g_free (fixture->root);
  g_free (fixture->url);
}

static ValiseFileWish *
find_wish (Fixture *fixture)
{
  g_autoptr (GPtrArray) wishes = valise_file_wishes_list (fixture->store, NULL);

  for (guint i = 0; i < wishes->len; i++)
    if (g_str_equal (((ValiseFileWish *) wishes->pdata[i])->sha256, fixture->sha256))
      return valise_file_wish_copy (wishes->pdata[i]);
  return NULL;
}

static void
want (Fixture *fixture)
{
  g_autoptr (GPtrArray) wishes = g_ptr_array_new ();
  ValiseFileWish        wish = { .sha256 = fixture->sha256,
                                 .database = (char *) "db",
                                 .name = (char *) "paper.pdf",
                                 .length = (gint64) g_bytes_get_size (fixture->bytes) };

  g_ptr_array_add (wishes, &wish);
  g_assert_true (valise_file_wishes_add (fixture->store, wishes, 0, NULL));
}

static gboolean
fetch (Fixture *fixture, GError **error)
{
  const ValiseServerAddress  address = { .url = fixture->url, .timeout_s = 10 };
  g_autoptr (ValisePeer)     peer = valise_http_peer_new (&address, "db", NULL);
  g_autoptr (ValiseFileWish) wish = NULL;

  want (fixture);
  wish = find_wish (fixture);
  return valise_file_transfer_fetch (peer, fixture->store, wish, "1-aa", NULL, NULL, NULL, error);
}

/* As if a fetch by tag @tag had stopped; with bytes of another file where @other. */
static void
begin (Fixture *fixture, gsize count, const char *tag, gboolean other)
{
  g_autofree char   *source = g_strconcat (fixture->url, "/db", NULL);
  g_autoptr (GBytes) foreign = make_bytes (LENGTH, 3);
  g_autoptr (GBytes) piece = g_bytes_new_from_bytes (other ? foreign : fixture->bytes, 0, count);

  want (fixture);
  g_assert_true (
      valise_file_store_append (fixture->store, fixture->sha256, LENGTH, 0, piece, NULL));
  g_assert_true (
      valise_file_wishes_set_source (fixture->store, fixture->sha256, source, tag, NULL));
}

static gint64
get_present (Fixture *fixture)
{
  return valise_file_store_get_present (fixture->store, fixture->sha256, NULL, NULL);
}

static void
assert_here (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  gsize              length = g_bytes_get_size (fixture->bytes);
  g_autoptr (GBytes) bytes =
      valise_file_store_read (fixture->store, fixture->sha256, 0, (gint64) length, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, fixture->bytes));
}

static void
assert_fetched (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fetch (fixture, &error);
  g_assert_no_error (error);
  assert_here (fixture);
}

static void
assert_refused (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fetch (fixture, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, fixture->sha256));
}

/* --- tests ----------------------------------------------------------------------------------- */

static void
files_of_every_edge_arrive_whole (Fixture *fixture, gconstpointer data)
{
  static const gsize lengths[] = {
    0, 1, VALISE_FILE_CHUNK - 1, VALISE_FILE_CHUNK, VALISE_FILE_CHUNK + 1, 2 * VALISE_FILE_CHUNK
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      set_file (fixture, lengths[i]);
      assert_fetched (fixture);
    }
}

static void
file_goes_on_at_the_byte_with_its_revision (Fixture *fixture, gconstpointer data)
{
  begin (fixture, 100001, fixture->manner.tag, FALSE);
  assert_fetched (fixture);
  g_assert_cmpint (fixture->sent, ==, LENGTH - 100001);
  g_assert_cmpuint (fixture->n_requests, ==, 1);
  g_assert_nonnull (strstr (fixture->asked->str, "?rev=1-aa"));
}

static void
another_tag_starts_anew (Fixture *fixture, gconstpointer data)
{
  begin (fixture, 100001, "\"tag-of-another\"", TRUE);
  assert_fetched (fixture);
  g_assert_cmpuint (fixture->n_requests, ==, 2);
}

static void
whole_answer_to_a_range_is_taken_from_where_we_are (Fixture *fixture, gconstpointer data)
{
  fixture->manner.whole = TRUE;
  begin (fixture, 100001, fixture->manner.tag, FALSE);
  assert_fetched (fixture);
  g_assert_cmpuint (fixture->n_requests, ==, 1);
}

static void
whole_answer_by_another_tag_replaces_what_is_here (Fixture *fixture, gconstpointer data)
{
  fixture->manner.whole = TRUE;
  begin (fixture, 100001, "\"tag-of-another\"", TRUE);
  assert_fetched (fixture);
  g_assert_cmpuint (fixture->n_requests, ==, 1);
}

static void
cut_answer_keeps_every_byte_that_came (Fixture *fixture, gconstpointer data)
{
  guint attempts = 0;

  fixture->manner.cut_after = 77777;
  for (gint64 before = 0; get_present (fixture) < LENGTH && attempts < 20; attempts++)
    {
      g_autoptr (GError) error = NULL;

      if (fetch (fixture, &error))
        break;
      g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK);
      g_assert_cmpint (get_present (fixture), ==, before + 77777);
      before = get_present (fixture);
    }
  assert_here (fixture);
  g_assert_cmpint (fixture->sent, ==, LENGTH);
}

static void
wrong_bytes_are_refused_and_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_bytes_unref (fixture->served);
  fixture->served = make_bytes (LENGTH, 1);
  g_assert_false (fetch (fixture, &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST);
  g_assert_nonnull (strstr (error->message, fixture->sha256));
  g_assert_cmpint (get_present (fixture), ==, 0);
}

static void
digest_for_a_tag_is_believed_before_the_bytes_come (Fixture *fixture, gconstpointer data)
{
  fixture->manner.tag = "\"sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"";
  assert_refused (fixture);
  g_assert_cmpint (get_present (fixture), ==, 0);
}

static void
file_of_another_length_is_refused (Fixture *fixture, gconstpointer data)
{
  g_bytes_unref (fixture->served);
  fixture->served = make_bytes (LENGTH - 5, 0);
  assert_refused (fixture);
  begin (fixture, 1000, fixture->manner.tag, FALSE);
  assert_refused (fixture);
  g_assert_cmpint (get_present (fixture), ==, 1000);
}

static void
another_part_than_was_asked_for_is_refused (Fixture *fixture, gconstpointer data)
{
  fixture->manner.misplaced = TRUE;
  begin (fixture, 1000, fixture->manner.tag, FALSE);
  assert_refused (fixture);
  g_assert_cmpint (get_present (fixture), ==, 1000);
}

static void
attachment_by_another_name_is_found (Fixture *fixture, gconstpointer data)
{
  fixture->manner.name = "A_RES_77_37-en.pdf";
  assert_fetched (fixture);
}

static void
file_that_is_not_there_is_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *there = g_strdup (fixture->sha256);

  fixture->sha256[0] = fixture->sha256[0] == 'a' ? 'b' : 'a';
  want (fixture);
  {
    const ValiseServerAddress  address = { .url = fixture->url, .timeout_s = 10 };
    g_autoptr (ValisePeer)     peer = valise_http_peer_new (&address, "other", NULL);
    g_autoptr (ValiseFileWish) wish = find_wish (fixture);

    g_assert_false (
        valise_file_transfer_fetch (peer, fixture->store, wish, NULL, NULL, NULL, NULL, &error));
  }
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING);
}

static void
file_that_is_here_is_never_asked_for (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sha256 = valise_file_store_put (fixture->store, fixture->bytes, NULL);

  g_assert_cmpstr (sha256, ==, fixture->sha256);
  assert_fetched (fixture);
  g_assert_cmpuint (fixture->n_requests, ==, 0);
}

#define ADD(test) g_test_add ("/http-file/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (files_of_every_edge_arrive_whole);
  ADD (file_goes_on_at_the_byte_with_its_revision);
  ADD (another_tag_starts_anew);
  ADD (whole_answer_to_a_range_is_taken_from_where_we_are);
  ADD (whole_answer_by_another_tag_replaces_what_is_here);
  ADD (cut_answer_keeps_every_byte_that_came);
  ADD (wrong_bytes_are_refused_and_named);
  ADD (digest_for_a_tag_is_believed_before_the_bytes_come);
  ADD (file_of_another_length_is_refused);
  ADD (another_part_than_was_asked_for_is_refused);
  ADD (attachment_by_another_name_is_found);
  ADD (file_that_is_not_there_is_missing);
  ADD (file_that_is_here_is_never_asked_for);

  return g_test_run ();
}
