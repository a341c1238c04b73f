/* test-http-window.c - who is near may be sent as much as ever
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a slow, long line makes of it is held by tests/link: that it is full, and what is under way.
 */

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "valise-http-window.h"

#define BLOCK  65536
#define BLOCKS 32

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72
#endif

/* Two ends of a connection over loopback, of which @window (nullable) knows before it stands. */
static void
connect_ends (int ends[2], ValiseHttpWindow *window)
{
  struct sockaddr_in where = { .sin_family = AF_INET };
  socklen_t          length = sizeof where;
  int                listening = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  where.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_no_errno (bind (listening, (struct sockaddr *) &where, sizeof where));
  g_assert_no_errno (listen (listening, 1));
  g_assert_no_errno (getsockname (listening, (struct sockaddr *) &where, &length));
  ends[0] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (window != NULL)
    valise_http_window_open (window, ends[0]);
  g_assert_no_errno (connect (ends[0], (struct sockaddr *) &where, sizeof where));
  ends[1] = accept (listening, NULL, NULL);
  close (listening);
}

static int
get_clamp (int fd)
{
  int       clamp = 0;
  socklen_t length = sizeof clamp;

  g_assert_no_errno (getsockopt (fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, &clamp, &length));
  return clamp;
}

static int
get_option (int fd, int option)
{
  int       value = 0;
  socklen_t length = sizeof value;

  g_assert_no_errno (getsockopt (fd, SOL_SOCKET, option, &value, &length));
  return value;
}

static void
who_is_near_is_left_alone (void)
{
  ValiseHttpWindow window = { 0 };
  g_autofree char *block = g_malloc0 (BLOCK);
  int              ends[2], clamp = 0;

  connect_ends (ends, NULL);
  clamp = get_clamp (ends[0]);
  for (guint i = 0; i < BLOCKS; i++)
    {
      gsize got = 0;

      g_assert_cmpint (send (ends[1], block, BLOCK, 0), ==, BLOCK);
      while (got < BLOCK)
        {
          gssize n = recv (ends[0], block, BLOCK - got, 0);

          g_assert_cmpint (n, >, 0);
          got += (gsize) n;
          valise_http_window_look (&window, ends[0]);
        }
    }
  g_assert_cmpuint (window.size, ==, 0);
  g_assert_cmpint (get_clamp (ends[0]), >=, clamp);
  close (ends[0]);
  close (ends[1]);
}

/* What a connection is given to begin with is little, and for who is far; for good it would be a
 * window of 64 kB at the most. */
static void
who_is_near_has_all_of_the_memory (void)
{
  ValiseHttpWindow window = { 0 };
  int              fresh = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), ends[2];
  int              usual = get_option (fresh, SO_RCVBUF), length = sizeof usual, value = 0;

  if (getsockopt (fresh, SOL_SOCKET, SO_BUF_LOCK, &value, (socklen_t *) &length) != 0)
    {
      g_test_skip ("this kernel cannot");
      close (fresh);
      return;
    }
  valise_http_window_open (&window, fresh);
  g_assert_cmpint (get_option (fresh, SO_RCVBUF), <, usual);
  g_assert_cmpint (get_option (fresh, SO_BUF_LOCK), ==, 0);
  close (fresh);

  window = (ValiseHttpWindow){ 0 };
  connect_ends (ends, &window);
  valise_http_window_look (&window, ends[0]);
  g_assert_cmpint (get_option (ends[0], SO_RCVBUF), >=, usual);
  g_assert_cmpint (get_option (ends[0], SO_BUF_LOCK), ==, 0);
  g_assert_true (window.free);
  close (ends[0]);
  close (ends[1]);
}

static void
what_is_no_connection_is_no_matter (void)
{
  ValiseHttpWindow window = { 0 };
  int              ends[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM, 0, ends));
  valise_http_window_open (&window, ends[0]);
  valise_http_window_look (&window, ends[0]);
  close (ends[0]);
  close (ends[1]);
  valise_http_window_look (&window, ends[0]);
  valise_http_window_open (&window, -1);
  valise_http_window_look (&window, -1);
  g_assert_cmpuint (window.size, ==, 0);
}

#define ADD(test) g_test_add_func ("/http-window/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (who_is_near_is_left_alone);
  ADD (who_is_near_has_all_of_the_memory);
  ADD (what_is_no_connection_is_no_matter);

  return g_test_run ();
}
