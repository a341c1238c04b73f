/* count-relay.c - stands between a peer and the server, counts the bytes, and can cut
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints the address that it listens on. For each line of standard input: "target PORT" says
 * where the server is, "zero" begins to count anew, "cut BYTES" breaks everything once so many
 * more have come down, "get" does nothing. Every line is answered by {"down", "up",
 * "connections", "armed"}; armed: a cut was asked for, and has not come yet.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relay.h"

static gboolean
is_armed (Relay *relay)
{
  gboolean armed = FALSE;

  g_mutex_lock (&relay->mutex);
  armed = relay->cut_at > 0;
  g_mutex_unlock (&relay->mutex);
  return armed;
}

int
main (int argc, char *argv[])
{
  Relay             *relay = relay_new (relay_pass_bytes, NULL);
  guint64            down = 0, up = 0;
  guint              connections = 0;
  unsigned long long number = 0;
  char               line[64];

  g_print ("{\"url\":\"%s\"}\n", relay->url);
  fflush (stdout);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      if (sscanf (line, "target %llu", &number) == 1)
        relay_set_target (relay, (guint16) number);
      else if (sscanf (line, "cut %llu", &number) == 1)
        relay_cut_after (relay, number, NULL);
      else if (strcmp (line, "zero\n") == 0)
        {
          down = relay_get_down (relay);
          up = relay_get_up (relay);
          connections = g_atomic_int_get (&relay->connections);
        }
      g_print ("{\"down\":%" G_GUINT64_FORMAT ",\"up\":%" G_GUINT64_FORMAT
               ",\"connections\":%u,\"armed\":%s}\n",
               relay_get_down (relay) - down, relay_get_up (relay) - up,
               g_atomic_int_get (&relay->connections) - connections,
               is_armed (relay) ? "true" : "false");
      fflush (stdout);
    }
  relay_free (relay);
  return EXIT_SUCCESS;
}
