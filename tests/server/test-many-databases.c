/* test-many-databases.c - as many databases as a programme has participants, few descriptors
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The server and all its clients are one process here, so that its 1,024 descriptors serve both
 * ends of every connection.
 */

#include <sys/resource.h>

#include "server-fixture.h"
#include "valise-db-pool.h"
#include "valise-test.h"

#define DATABASES   250
#define DESCRIPTORS 1024

typedef struct
{
  Secretariat server;
  Wire       *feeds[DATABASES];
} Fixture;

static char *
make_path (guint number, const char *rest)
{
  return g_strdup_printf ("/many-%03u%s", number, rest);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  ValiseLimits limits = VALISE_LIMITS_DEFAULT;

  limits.connections_address = DATABASES + 10;
  secretariat_init (&fixture->server, &limits, NULL);
  for (guint i = 0; i < DATABASES; i++)
    {
      g_autofree char *path = make_path (i, "");

      g_free (secretariat_expect (&fixture->server, fixture->server.admin, "PUT", path, NULL, 201));
    }
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < DATABASES; i++)
    g_clear_pointer (&fixture->feeds[i], wire_close);
  secretariat_clear (&fixture->server);
}

static void
watch_all (Fixture *fixture, guint since)
{
  for (guint i = 0; i < DATABASES; i++)
    {
      g_autofree char *first = make_path (i, "/_changes?limit=1000");
      g_autofree char *answer =
          secretariat_expect (&fixture->server, fixture->server.admin, "GET", first, NULL, 200);
      g_autofree char *seq = json_member (answer, "last_seq");
      g_autofree char *path = NULL;

      g_assert_cmpint (g_ascii_strtoll (seq, NULL, 10), ==, since);
      path = g_strdup_printf ("/many-%03u/_changes?feed=longpoll&timeout=60000&since=%s", i, seq);
      if (fixture->feeds[i] == NULL)
        fixture->feeds[i] = wire_open (fixture->server.port);
      g_assert_true (wire_request (fixture->feeds[i], "GET", path, fixture->server.admin, NULL, 0));
    }
}

static void
write_all (Fixture *fixture, guint round)
{
  for (guint i = 0; i < DATABASES; i++)
    {
      /* Not in their order, so that those used last are not those asked next. */
      g_autofree char *rest = g_strdup_printf ("/note:%u", round);
      g_autofree char *path = make_path (i * 7 % DATABASES, rest);
      g_autofree char *body = g_strdup_printf ("{\"type\":\"note\",\"round\":%u}", round);

      g_free (secretariat_expect (&fixture->server, fixture->server.admin, "PUT", path, body, 201));
    }
}

/* Every feed that waited was told of its own database's note. */
static void
assert_all_woken (Fixture *fixture, guint round)
{
  g_autofree char *id = g_strdup_printf ("note:%u", round);

  for (guint i = 0; i < DATABASES; i++)
    {
      g_autoptr (Reply) reply = wire_read (fixture->feeds[i], FALSE);

      g_assert_nonnull (reply);
      g_assert_cmpuint (reply->status, ==, 200);
      g_assert_nonnull (strstr (reply->body->str, id));
    }
}

static void
read_all (Fixture *fixture, guint round)
{
  for (guint i = 0; i < DATABASES; i++)
    {
      g_autofree char *rest = g_strdup_printf ("/note:%u", round);
      g_autofree char *path = make_path (i, rest);

      g_free (secretariat_expect (&fixture->server, fixture->server.admin, "GET", path, NULL, 200));
    }
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint            count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
all_are_read_written_and_watched_at_once (Fixture *fixture, gconstpointer data)
{
  for (guint round = 1; round <= valise_test_count (1); round++)
    {
      watch_all (fixture, round - 1);
      write_all (fixture, round);
      assert_all_woken (fixture, round);
      read_all (fixture, round);
      g_assert_cmpuint (valise_db_pool_count_awake (), <, DATABASES / 2);
      g_test_message ("%u descriptors, both ends of %u connections among them",
                      count_descriptors (), DATABASES + 1);
    }
}

#define ADD(test) g_test_add ("/many-databases/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  struct rlimit limit = { DESCRIPTORS, DESCRIPTORS };

  g_test_init (&argc, &argv, NULL);
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &limit));

  ADD (all_are_read_written_and_watched_at_once);

  return g_test_run ();
}
