/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-fixture.h"

typedef struct
{
  Secretariat secretariat;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  secretariat_init (&fixture->secretariat, NULL, NULL);
  g_free (secretariat_expect (&fixture->secretariat, fixture->secretariat.admin, "PUT", "/feed",
                              NULL, 201));
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  secretariat_clear (&fixture->secretariat);
}

static void
write_one (Fixture *fixture, const char *id)
{
  g_autofree char *path = g_strconcat ("/feed/", id, NULL);

  g_free (secretariat_expect (&fixture->secretariat, fixture->secretariat.admin, "PUT", path, "{}",
                              201));
}

/* A feed that waits, on a connection of its own. */
static Wire *
ask_feed (Fixture *fixture, const char *query, const char *headers)
{
  g_autofree char *path = g_strconcat ("/feed/_changes?", query, NULL);
  g_autofree char *all = g_strconcat (fixture->secretariat.admin, headers, NULL);
  Wire            *wire = wire_open (fixture->secretariat.port);

  g_assert_true (wire_request (wire, "GET", path, all, NULL, 0));
  return wire;
}

static guint
count_waiters (Fixture *fixture)
{
  return valise_watch_count (
      valise_office_get_watch (valise_server_get_office (fixture->secretariat.server)));
}

/* Those that a hang-up could leave behind; a database keeps as many readers open as it once had use
 * for, and how many that were depends on who asked when. */
static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint            count = 0;

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      if (target == NULL || strstr (target, ".sqlite") == NULL)
        count++;
    }

  return count;
}

/* Waits, at most ten seconds, until @count waiters are there. */
static void
await_waiters (Fixture *fixture, guint count)
{
  for (guint i = 0; i < 1000 && count_waiters (fixture) != count; i++)
    g_usleep (10 * 1000);
  g_assert_cmpuint (count_waiters (fixture), ==, count);
}

static void
a_longpoll_answers_at_a_write (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire)  wire = ask_feed (fixture, "feed=longpoll&since=now&timeout=60000", NULL);
  g_autoptr (Reply) reply = NULL;
  gint64            start = 0;

  await_waiters (fixture, 1);
  start = g_get_monotonic_time ();
  write_one (fixture, "a");
  reply = wire_read (wire, FALSE);
  g_assert_nonnull (reply);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body->str, "\"id\":\"a\""));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

static void
a_longpoll_with_news_answers_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire)  wire = NULL;
  g_autoptr (Reply) reply = NULL;

  write_one (fixture, "a");
  wire = ask_feed (fixture, "feed=longpoll&since=0&timeout=60000", NULL);
  reply = wire_read (wire, FALSE);
  g_assert_nonnull (strstr (reply->body->str, "\"id\":\"a\""));
}

/* One is answered; of the other, which has begun, the rest does not come. */
static void
who_is_revoked_hears_no_more_of_any_feed (Fixture *fixture, gconstpointer data)
{
  static const char *const kinds[] = { "longpoll", "continuous" };
  Secretariat             *self = &fixture->secretariat;
  gint64                   start = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char  *path = g_strdup_printf ("/public/_changes?feed=%s&since=now&timeout=60000"
                                                 "&heartbeat=30000",
                                                kinds[i]);
      g_autofree char  *again = secretariat_add (self, "xke", "delegate");
      g_autoptr (Wire)  wire = wire_open (self->port);
      g_autoptr (Reply) reply = NULL;

      g_assert_true (wire_request (wire, "GET", path, again, NULL, 0));
      await_waiters (fixture, 1);
      secretariat_revoke (self, "xke");
      reply = wire_read (wire, FALSE);
      g_assert_true (reply == NULL || reply->cut || reply->status == 401);
      g_assert_true (reply == NULL || strstr (reply->body->str, "last_seq") == NULL);
      await_waiters (fixture, 0);
      g_free (secretariat_expect (self, again, "GET", "/public", NULL, 401));
    }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 15 * G_USEC_PER_SEC);
}

static void
a_longpoll_ends_at_its_timeout (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire)  wire = ask_feed (fixture, "feed=longpoll&since=now&timeout=300", NULL);
  g_autoptr (Reply) reply = wire_read (wire, FALSE);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (g_str_has_prefix (reply->body->str, "{\"results\":[\n\n],\"last_seq\":\"0-"));
}

static void
heartbeats_keep_a_waiting_client_warm (Fixture *fixture, gconstpointer data)
{
  const char *headers[] = { NULL, "Accept-Encoding: gzip\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *id = g_strdup_printf ("beat-%u", i);
      g_autoptr (Wire) wire =
          ask_feed (fixture, "feed=longpoll&since=now&heartbeat=1000", headers[i]);
      g_autoptr (Reply) reply = NULL;

      g_usleep (2500 * 1000);
      write_one (fixture, id);
      reply = wire_read (wire, FALSE);
      g_assert_false (reply->cut);
      g_assert_true (g_str_has_prefix (reply->body->str, "\n\n{\"results\":["));
      g_assert_nonnull (strstr (reply->body->str, id));
    }
}

static void
a_continuous_feed_goes_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire)  wire = NULL;
  g_autoptr (Reply) reply = NULL;

  write_one (fixture, "a");
  wire = ask_feed (fixture, "feed=continuous&since=0&timeout=1500", NULL);
  await_waiters (fixture, 1);
  write_one (fixture, "b");
  g_usleep (100 * 1000);
  write_one (fixture, "c");
  reply = wire_read (wire, FALSE);
  g_assert_false (reply->cut);
  g_assert_nonnull (strstr (reply->body->str, "\"id\":\"a\""));
  g_assert_nonnull (strstr (reply->body->str, "\"id\":\"b\""));
  g_assert_nonnull (strstr (reply->body->str, "\"id\":\"c\""));
  g_assert_nonnull (strstr (reply->body->str, "{\"last_seq\":\"3-"));
}

static void
who_waits_holds_no_thread (Fixture *fixture, gconstpointer data)
{
  Wire *wires[60] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (wires); i++)
    wires[i] = ask_feed (fixture, "feed=longpoll&since=now&timeout=60000", NULL);
  await_waiters (fixture, G_N_ELEMENTS (wires));
  /* With all of them waiting, the server answers others, and then all of them. */
  write_one (fixture, "news");
  for (guint i = 0; i < G_N_ELEMENTS (wires); i++)
    {
      g_autoptr (Reply) reply = wire_read (wires[i], FALSE);

      g_assert_nonnull (reply);
      g_assert_nonnull (strstr (reply->body->str, "news"));
      wire_close (wires[i]);
    }
}

static void
a_hundred_hang_ups_leave_nothing (Fixture *fixture, gconstpointer data)
{
  guint before = 0;

  write_one (fixture, "a"); /* whatever is opened once is open */
  g_clear_pointer (&fixture->secretariat.wire, wire_close);
  g_usleep (200 * 1000);
  before = count_descriptors ();
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (Wire) wire =
          i % 2 == 0 ? ask_feed (fixture, "feed=longpoll&since=now&timeout=3600000", NULL)
                     : ask_feed (fixture, "feed=continuous&since=0&timeout=3600000", NULL);

      g_assert_nonnull (wire);
    }
  for (guint i = 0; i < 1500; i++)
    {
      if (valise_server_get_n_connections (fixture->secretariat.server) == 0)
        break;
      g_usleep (10 * 1000);
    }
  g_assert_cmpuint (count_waiters (fixture), ==, 0);
  g_assert_cmpuint (valise_server_get_n_connections (fixture->secretariat.server), ==, 0);
  g_assert_cmpuint (count_descriptors (), <=, before);
}

static void
a_deleted_database_ends_its_feeds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire)  wire = ask_feed (fixture, "feed=longpoll&since=now&timeout=60000", NULL);
  g_autoptr (Reply) reply = NULL;

  await_waiters (fixture, 1);
  g_free (secretariat_expect (&fixture->secretariat, fixture->secretariat.admin, "DELETE", "/feed",
                              NULL, 200));
  reply = wire_read (wire, FALSE);
  g_assert_nonnull (reply);
  g_assert_cmpuint (count_waiters (fixture), ==, 0);
}

static void
stopping_ends_waiting_feeds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire)  waiting = ask_feed (fixture, "feed=longpoll&since=now&timeout=60000", NULL);
  g_autoptr (Wire)  running = ask_feed (fixture, "feed=continuous&since=now&timeout=60000", NULL);
  g_autoptr (Reply) one = NULL;
  g_autoptr (Reply) other = NULL;

  await_waiters (fixture, 2);
  secretariat_stop (&fixture->secretariat);
  one = wire_read (waiting, FALSE);
  other = wire_read (running, FALSE);
  g_assert_nonnull (one);
  g_assert_cmpuint (one->status, ==, 200);
  g_assert_nonnull (strstr (one->body->str, "last_seq"));
  g_assert_nonnull (other);
  g_assert_false (other->cut);
}

/* --- stopping in the middle of writes --------------------------------------------------------- */

typedef struct
{
  Secretariat *secretariat;
  guint        first;
  guint        acknowledged; /* documents from @first on that the server said it has */
} Writer;

static gpointer
write_until_stopped (gpointer data)
{
  Writer          *writer = data;
  g_autoptr (Wire) wire = wire_open (writer->secretariat->port);

  for (guint i = writer->first;; i++)
    {
      g_autofree char  *path = g_strdup_printf ("/feed/doc-%u", i);
      g_autoptr (Reply) reply = NULL;

      if (wire_request (wire, "PUT", path, writer->secretariat->admin, "{}", 2))
        reply = wire_read (wire, FALSE);
      if (reply == NULL || reply->cut || reply->status != 201)
        return NULL;
      writer->acknowledged++;
    }
}

static void
stopping_in_mid_write_loses_nothing_acknowledged (Fixture *fixture, gconstpointer data)
{
  Secretariat *secretariat = &fixture->secretariat;
  Writer       writers[4] = { 0 };
  GThread     *threads[4] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    {
      writers[i].secretariat = secretariat;
      writers[i].first = i * 1000000;
      threads[i] = g_thread_new ("writer", write_until_stopped, &writers[i]);
    }
  g_usleep (500 * 1000);
  secretariat_stop (secretariat);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  secretariat_start (secretariat, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (writers); i++)
    {
      g_assert_cmpuint (writers[i].acknowledged, >, 0);
      for (guint n = 0; n < writers[i].acknowledged; n++)
        {
          g_autofree char *path = g_strdup_printf ("/feed/doc-%u", writers[i].first + n);

          g_free (secretariat_expect (secretariat, secretariat->admin, "GET", path, NULL, 200));
        }
    }
}

#define ADD(test) g_test_add ("/feeds/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_longpoll_answers_at_a_write);
  ADD (a_longpoll_with_news_answers_at_once);
  ADD (who_is_revoked_hears_no_more_of_any_feed);
  ADD (a_longpoll_ends_at_its_timeout);
  ADD (heartbeats_keep_a_waiting_client_warm);
  ADD (a_continuous_feed_goes_on);
  ADD (who_waits_holds_no_thread);
  ADD (a_hundred_hang_ups_leave_nothing);
  ADD (a_deleted_database_ends_its_feeds);
  ADD (stopping_ends_waiting_feeds);
  ADD (stopping_in_mid_write_loses_nothing_acknowledged);

  return g_test_run ();
}
