/* link-laptop.c - a laptop whose program stays open, told when to exchange
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: link-laptop DIR. For each line of standard input one exchange of the account in DIR,
 * both ways, every database, by the scheduler that the window uses; answered by one line of JSON:
 * {"ok", "milliseconds", "documents", "received", "sent"}, or "error". What a program that was
 * just started cannot show: the next exchange over a connection that is kept.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "valise-scheduler.h"

static void
exchange (ValiseScheduler *scheduler)
{
  g_autoptr (GError) error = NULL;
  gint64             start = g_get_monotonic_time ();
  gboolean           ok = valise_scheduler_sync_once (scheduler, NULL, &error);
  gint64             elapsed_ms = (g_get_monotonic_time () - start) / 1000;
  guint64            documents = 0, received = 0, sent = 0;
  g_autofree char   *reason = error != NULL ? g_strescape (error->message, NULL) : NULL;

  g_object_get (scheduler, "documents-received", &documents, "bytes-received", &received,
                "bytes-sent", &sent, NULL);
  g_print ("{\"ok\":%s,\"milliseconds\":%" G_GINT64_FORMAT ",\"documents\":%" G_GUINT64_FORMAT
           ",\"received\":%" G_GUINT64_FORMAT ",\"sent\":%" G_GUINT64_FORMAT ",\"error\":\"%s\"}\n",
           ok ? "true" : "false", elapsed_ms, documents, received, sent,
           reason != NULL ? reason : "");
  fflush (stdout);
  if (!valise_scheduler_settle (scheduler, NULL, &error))
    g_printerr ("link-laptop: %s\n", error->message);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseAccount)   account = NULL;
  g_autoptr (ValiseScheduler) scheduler = NULL;
  char                        line[16];

  if (argc != 2)
    {
      g_printerr ("usage: link-laptop DIR\n");
      return 2;
    }
  account = valise_account_open (argv[1], &error);
  if (account == NULL)
    {
      g_printerr ("link-laptop: %s\n", error->message);
      return EXIT_FAILURE;
    }
  scheduler = valise_scheduler_new (account);
  while (fgets (line, sizeof line, stdin) != NULL)
    exchange (scheduler);
  g_clear_object (&scheduler);
  valise_account_close (account);
  return EXIT_SUCCESS;
}
