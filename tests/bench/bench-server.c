/* bench-server.c - how fast the server hands documents over, and takes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A real listener on loopback over TLS 1.3, one client on one connection in the same process.
 * Prints documents a second, bytes on the socket, and documents a second of processor time,
 * client included. Usage: bench-server [DOCUMENTS]; of a release build.
 */

#include "config.h"

#include <sys/resource.h>

#include "server-fixture.h"

#define DOCUMENT_SIZE 9500 /* bytes */
#define AT_ONCE       500  /* documents a request */

static const char *const words[] = { "States",       "measures", "région",     "sécurité",
                                     "Государствам", "应考虑",   "الأمن",      "information",
                                     "capacity",     "norms",    "considérer", "paragraph" };

typedef struct
{
  gint64 wall_us;
  gint64 cpu_us;
} Moment;

static Moment
now (void)
{
  struct rusage usage = { 0 };
  Moment        moment = { .wall_us = g_get_monotonic_time () };

  getrusage (RUSAGE_SELF, &usage);
  moment.cpu_us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC
                  + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
  return moment;
}

static void
report (const char *what, guint count, gsize carried, Moment start)
{
  Moment end = now ();
  double wall = (double) (end.wall_us - start.wall_us) / G_USEC_PER_SEC;
  double cpu = (double) (end.cpu_us - start.cpu_us) / G_USEC_PER_SEC;

  g_print ("%-44s %8.0f/s %8.0f/s of processor %12" G_GSIZE_FORMAT " bytes\n", what, count / wall,
           count / cpu, carried);
}

static void
append_document (GString *out, GRand *rand, guint number)
{
  gsize start = out->len;

  /* Words drawn so that gzip finds about what it finds in papers. */
  g_string_append_printf (out, "{\"_id\":\"text:A/X/%u:fr\",\"paragraphs\":[\"", number);
  while (out->len - start < DOCUMENT_SIZE)
    g_string_append_printf (out, "%s%x ",
                            words[g_rand_int_range (rand, 0, (int) G_N_ELEMENTS (words))],
                            g_rand_int_range (rand, 0, 4096));
  g_string_append (out, "\"]}");
}

static void
fill (Secretariat *secretariat, guint count)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  Moment            start = { 0 };
  gsize             carried = 0;
  GPtrArray        *batches = g_ptr_array_new ();

  for (guint first = 0; first < count; first += AT_ONCE)
    {
      GString *docs = g_string_new ("{\"docs\":[");

      for (guint i = first; i < MIN (first + AT_ONCE, count); i++)
        {
          if (i > first)
            g_string_append_c (docs, ',');
          append_document (docs, rand, i);
        }
      g_string_append (docs, "]}");
      g_ptr_array_add (batches, docs);
      carried += docs->len;
    }
  start = now ();
  for (guint i = 0; i < batches->len; i++)
    {
      GString *docs = g_ptr_array_index (batches, i);

      g_free (secretariat_expect (secretariat, secretariat->admin, "POST", "/bench/_bulk_docs",
                                  docs->str, 201));
      g_string_free (docs, TRUE);
    }
  report ("_bulk_docs, 500 a request", count, carried, start);
  g_ptr_array_unref (batches);
}

static char *
make_question (guint first, guint count)
{
  GString *question = g_string_new ("{\"docs\":[");

  for (guint i = first; i < first + count; i++)
    g_string_append_printf (question, "%s{\"id\":\"text:A/X/%u:fr\"}", i > first ? "," : "", i);
  g_string_append (question, "]}");
  return g_string_free (question, FALSE);
}

/* Takes the answer off the wire without inflating it, as the server's rate is asked for. */
static void
fetch (Secretariat *secretariat, const char *what, guint count, gboolean gzip)
{
  g_autofree char *headers = g_strconcat (secretariat->admin, "Content-Type: application/json\r\n",
                                          gzip ? "Accept-Encoding: gzip\r\n" : "", NULL);
  g_autoptr (Wire) wire = wire_open (secretariat->port);
  GPtrArray       *questions = g_ptr_array_new_with_free_func (g_free);
  Moment           start = { 0 };
  gsize            carried = 0;

  for (guint first = 0; first < count; first += AT_ONCE)
    g_ptr_array_add (questions, make_question (first, MIN (AT_ONCE, count - first)));
  start = now ();
  for (guint i = 0; i < questions->len; i++)
    {
      const char            *question = g_ptr_array_index (questions, i);
      g_autoptr (GByteArray) raw = g_byte_array_new ();
      g_autofree char       *status = NULL;
      gsize                  length = 0;
      gboolean               chunked = FALSE;

      g_assert_true (wire_request (wire, "POST", "/bench/_bulk_get?revs=true", headers, question,
                                   strlen (question)));
      status = wire_read_line (wire);
      g_assert_cmpstr (status, ==, "HTTP/1.1 200 OK");
      for (;;)
        {
          g_autofree char *line = wire_read_line (wire);

          if (line == NULL || *line == '\0')
            break;
          if (g_ascii_strncasecmp (line, "Content-Length:", 15) == 0)
            length = g_ascii_strtoull (line + 15, NULL, 10);
          chunked = chunked || g_ascii_strncasecmp (line, "Transfer-Encoding:", 18) == 0;
        }
      g_assert_true (chunked ? wire_read_chunks (wire, raw) : wire_read_bytes (wire, raw, length));
      carried += raw->len;
    }
  report (what, count, carried, start);
  g_ptr_array_unref (questions);
}

static void
ask_often (Secretariat *secretariat, guint count)
{
  Moment start = now ();
  gsize  carried = 0;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (Reply) reply = secretariat_ask (secretariat, secretariat->admin, "GET",
                                                 "/bench/text:A%2FX%2F7:fr", NULL);

      carried += reply->carried;
    }
  report ("GET of one document, one connection", count, carried, start);
}

int
main (int argc, char *argv[])
{
  guint       count = argc > 1 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 5000;
  Secretariat secretariat = { 0 };
  Moment      start = { 0 };

  secretariat_init (&secretariat, NULL, NULL);
  g_free (secretariat_expect (&secretariat, secretariat.admin, "PUT", "/bench", NULL, 201));
  fill (&secretariat, count);
  fetch (&secretariat, "_bulk_get, 500 a request", count, FALSE);
  fetch (&secretariat, "the same, again", count, FALSE);
  fetch (&secretariat, "the same, gzip, first time", count, TRUE);
  fetch (&secretariat, "the same, gzip, kept", count, TRUE);
  start = now ();
  {
    g_autofree char *text = secretariat_expect (&secretariat, secretariat.admin, "GET",
                                                "/bench/_changes?style=all_docs", NULL, 200);

    report ("_changes, whole", count, strlen (text), start);
  }
  ask_often (&secretariat, 2000);
  secretariat_clear (&secretariat);

  return 0;
}
