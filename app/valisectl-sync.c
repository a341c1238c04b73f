/* valisectl-sync.c - the commands that join and sync
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>

#include "valise-clock.h"
#include "valise-home.h"
#include "valise-scheduler.h"

#include "valisectl-print.h"
#include "valisectl.h"

int
valisectl_run_join (void)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValiseInvitation) invitation = NULL;
  g_autoptr (ValiseAccount)    account = NULL;
  g_autofree char             *fallback = valise_account_default_data_dir ();
  g_autofree char             *text = NULL;
  g_autoptr (GBytes)           bytes = NULL;
  gsize                        length = 0;

  if (!g_file_get_contents (valisectl_options.arguments[0], &text, &length, &error))
    return valisectl_fail (error);
  bytes = g_bytes_new (text, length);
  invitation = valise_invitation_parse (bytes, &error);
  if (invitation == NULL)
    return valisectl_fail (error);
  account = valise_account_join (valisectl_options.data != NULL ? valisectl_options.data : fallback,
                                 invitation, (const char *const *) valisectl_options.languages,
                                 NULL, &error);
  if (account == NULL)
    return valisectl_fail (error);

  g_print ("Joined %s as %s, %s.\n", valise_account_get_programme_name (account),
           valise_account_get_person (account), valise_account_get_role (account));
  if (valise_account_secrets_in_file (account))
    g_print ("No keyring was found: the password is in a file that only you can read.\n");
  valise_account_close (account);
  return EXIT_SUCCESS;
}

static void
print_figures (ValiseScheduler *scheduler, gint64 started_us, gint64 ended_us, gint64 searchable_us)
{
  guint64 documents, received, sent;
  double  seconds = (double) (ended_us - started_us) / G_USEC_PER_SEC;

  g_object_get (scheduler, "documents-received", &documents, "bytes-received", &received,
                "bytes-sent", &sent, NULL);
  if (valisectl_options.json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      valisectl_add_int (builder, "documents", (gint64) documents);
      valisectl_add_int (builder, "received", (gint64) received);
      valisectl_add_int (builder, "sent", (gint64) sent);
      valisectl_add_int (builder, "milliseconds", (gint64) (seconds * 1000));
      if (searchable_us > 0)
        valisectl_add_int (builder, "searchable_milliseconds", (searchable_us - started_us) / 1000);
      json_builder_end_object (builder);
      valisectl_print_json (builder);
      return;
    }
  g_print ("%" G_GUINT64_FORMAT " documents; %" G_GUINT64_FORMAT
           " bytes received, %" G_GUINT64_FORMAT " sent; %.1f s\n",
           documents, received, sent, seconds);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
phase_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  static const char *const words[] = { "local",   "stopped", "reaching", "receiving",
                                       "sending", "current", "waiting",  "paused" };
  ValiseScheduler         *scheduler = VALISE_SCHEDULER (object);
  guint64                  documents, received;

  g_object_get (object, "documents-received", &documents, "bytes-received", &received, NULL);
  g_print ("%s: %" G_GUINT64_FORMAT " documents, %" G_GUINT64_FORMAT " bytes\n",
           words[valise_scheduler_get_phase (scheduler)], documents, received);
}

static int
watch (ValiseAccount *account, ValiseScheduler *scheduler)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_signal_connect (scheduler, "notify::phase", G_CALLBACK (phase_cb), NULL);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  valise_account_keep_backups (account);
  valise_scheduler_start (scheduler);
  g_main_loop_run (loop);
  valise_scheduler_stop (scheduler);
  return EXIT_SUCCESS;
}

static int
sync_once (ValiseAccount *account, ValiseScheduler *scheduler)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseLibrary) library = NULL;
  gint64                    started_us, ended_us, searchable_us = 0;

  if (valisectl_options.index)
    library = valisectl_open_library (account, &error);
  started_us = g_get_monotonic_time ();
  if (error != NULL || !valise_scheduler_sync_once (scheduler, NULL, &error))
    return valisectl_fail (error);

  ended_us = g_get_monotonic_time ();
  if (library != NULL)
    {
      valisectl_wait_for_index (account);
      searchable_us = g_get_monotonic_time ();
    }
  print_figures (scheduler, started_us, ended_us, searchable_us);
  fflush (stdout);
  if (!valise_scheduler_settle (scheduler, NULL, &error))
    g_info ("The server does not know how far this laptop came: %s", error->message);
  return EXIT_SUCCESS;
}

int
valisectl_run_sync (void)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseAccount)   account = valisectl_open_account (&error);
  g_autoptr (ValiseScheduler) scheduler = NULL;
  int                         status;

  if (account == NULL)
    return valisectl_fail (error);

  if (valisectl_options.with != NULL)
    {
      status = valisectl_sync_with (account, valisectl_options.with);
      valise_account_close (account);
      return status;
    }
  scheduler = valise_scheduler_new (account);
  status = valisectl_options.watch ? watch (account, scheduler) : sync_once (account, scheduler);
  valise_account_close (account);
  return status;
}
