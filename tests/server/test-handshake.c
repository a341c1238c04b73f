/* test-handshake.c - how few packets a connection is made of, and a short answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "server-fixture.h"

#include <linux/tcp.h>

#define TRIES 5
#define HELD  (150 * 1000) /* µs; the kernel holds back what waits for more for 200 ms */

typedef struct
{
  Secretariat secretariat;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  secretariat_init (&fixture->secretariat, NULL, NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  secretariat_clear (&fixture->secretariat);
}

/* Packets with something in them that came. */
static guint
count_packets (const Wire *wire)
{
  struct tcp_info info = { 0 };
  socklen_t       length = sizeof info;

  g_assert_cmpint (getsockopt (wire->fd, IPPROTO_TCP, TCP_INFO, &info, &length), ==, 0);
  return info.tcpi_data_segs_in;
}

static void
the_servers_part_is_one_packet (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire) wire = wire_open (fixture->secretariat.port);

  g_assert_cmpuint (count_packets (wire), ==, 1);
}

/* A client that begins with a group that the server does not know is asked to begin anew, and then
 * nothing more is to come: that is not held back. */
static void
who_is_to_begin_anew_hears_so_at_once (Fixture *fixture, gconstpointer data)
{
  gint64 best_us = G_MAXINT64;

  for (guint i = 0; i < TRIES; i++)
    {
      g_autoptr (Wire) wire = wire_connect (fixture->secretariat.port);
      gint64           start_us = g_get_monotonic_time ();

      g_assert_true (wire_handshake (wire, "NORMAL:-GROUP-ALL:+GROUP-FFDHE2048:+GROUP-X25519"));
      g_assert_cmpint (gnutls_group_get (wire->session), ==, GNUTLS_GROUP_X25519);
      best_us = MIN (best_us, g_get_monotonic_time () - start_us);
    }
  g_assert_cmpint (best_us, <, HELD);
}

static void
a_short_answer_is_one_packet (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire)  wire = wire_open (fixture->secretariat.port);
  g_autoptr (Reply) reply = NULL;
  guint             before = count_packets (wire);

  g_assert_true (wire_request (wire, "GET", "/", NULL, NULL, 0));
  reply = wire_read (wire, FALSE);
  g_assert_nonnull (reply);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (reply->body->len, >, 0);
  g_assert_cmpuint (count_packets (wire) - before, ==, 1);
}

static void
a_head_without_its_body_is_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Wire)  wire = wire_open (fixture->secretariat.port);
  g_autoptr (Reply) head = NULL, reply = NULL;

  g_assert_true (wire_request (wire, "HEAD", "/", NULL, NULL, 0));
  head = wire_read (wire, TRUE);
  g_assert_nonnull (head);
  g_assert_true (wire_request (wire, "GET", "/", NULL, NULL, 0));
  reply = wire_read (wire, FALSE);
  g_assert_nonnull (reply);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (g_hash_table_lookup (head->headers, "content-length"), ==,
                   g_hash_table_lookup (reply->headers, "content-length"));
}

#define ADD(test) g_test_add ("/handshake/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (the_servers_part_is_one_packet);
  ADD (who_is_to_begin_anew_hears_so_at_once);
  ADD (a_short_answer_is_one_packet);
  ADD (a_head_without_its_body_is_whole);

  return g_test_run ();
}
