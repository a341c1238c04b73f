/* valisectl-replicate.c - from any database to any other, by the one replicator
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <glib-unix.h>
#include <stdlib.h>

#include "valise-replicator.h"

#include "valisectl-place.h"
#include "valisectl-print.h"
#include "valisectl.h"

#define TELL_US   G_USEC_PER_SEC /* between two lines of progress */
#define MAX_NAMED 20             /* refusals that are named one by one */

/* A run, on a thread of its own, and what it came to. */
typedef struct
{
  ValiseReplicator *replicator;
  GCancellable     *cancellable;
  GMainLoop        *loop;
  gint64            started_us;
  gint64            told_us;
  guint             named; /* of those refused */
  gboolean          ok;
  GError           *error;
} Run;

static void
progress_cb (ValiseReplicator *replicator, Run *run)
{
  gint64         now = g_get_monotonic_time ();
  ValiseProgress progress = { 0 };

  if (now - run->told_us < TELL_US)
    return;
  run->told_us = now;
  valise_replicator_get_progress (replicator, &progress);
  g_printerr ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " documents; %" G_GUINT64_FORMAT
              " bytes received, %" G_GUINT64_FORMAT " sent\n",
              progress.stored, progress.expected, progress.received, progress.sent);
}

static void
refused_cb (ValiseReplicator *replicator,
            const char       *id,
            const char       *rev,
            const char       *reason,
            Run              *run)
{
  if (run->named++ < MAX_NAMED)
    g_printerr ("refused: %s %s: %s\n", id, rev, reason);
}

static void
caught_up_cb (ValiseReplicator *replicator, Run *run)
{
  ValiseProgress progress = { 0 };

  valise_replicator_get_progress (replicator, &progress);
  g_printerr ("caught up: %" G_GUINT64_FORMAT " documents\n", progress.stored);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static gpointer
run_thread (gpointer data)
{
  Run *run = data;

  run->ok = valise_replicator_run (run->replicator, valisectl_options.continuous, run->cancellable,
                                   &run->error);
  g_idle_add (quit_cb, run->loop);
  return NULL;
}

static gboolean
interrupt_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_CONTINUE;
}

/* Runs until it ends or is interrupted; what has arrived by then is durable. */
static void
perform (Run *run)
{
  guint    interrupt = g_unix_signal_add (SIGINT, interrupt_cb, run->cancellable);
  guint    end = g_unix_signal_add (SIGTERM, interrupt_cb, run->cancellable);
  GThread *thread = NULL;

  run->started_us = run->told_us = g_get_monotonic_time ();
  g_signal_connect (run->replicator, "progress", G_CALLBACK (progress_cb), run);
  g_signal_connect (run->replicator, "refused", G_CALLBACK (refused_cb), run);
  if (valisectl_options.continuous)
    g_signal_connect (run->replicator, "caught-up", G_CALLBACK (caught_up_cb), run);

  thread = g_thread_new ("valise-replicate", run_thread, run);
  g_main_loop_run (run->loop);
  g_thread_join (thread);
  g_source_remove (interrupt);
  g_source_remove (end);
}

static void
print_figures (const Run *run, const ValiseProgress *progress)
{
  gint64                  elapsed_ms = (g_get_monotonic_time () - run->started_us) / 1000;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!valisectl_options.json)
    {
      g_print ("%" G_GUINT64_FORMAT " documents written, %" G_GUINT64_FORMAT
               " refused, of %" G_GUINT64_FORMAT " listed; %" G_GUINT64_FORMAT
               " bytes received, %" G_GUINT64_FORMAT " sent; %.1f s\n",
               progress->stored, progress->refused, progress->listed, progress->received,
               progress->sent, (double) elapsed_ms / 1000);
      return;
    }
  json_builder_begin_object (builder);
  valisectl_add_int (builder, "listed", (gint64) progress->listed);
  valisectl_add_int (builder, "written", (gint64) progress->stored);
  valisectl_add_int (builder, "refused", (gint64) progress->refused);
  valisectl_add_int (builder, "received", (gint64) progress->received);
  valisectl_add_int (builder, "sent", (gint64) progress->sent);
  valisectl_add_int (builder, "milliseconds", elapsed_ms);
  json_builder_end_object (builder);
  valisectl_print_json (builder);
}

/* What to do about it, where that is not plain from what failed. */
static int
fail (const GError *error)
{
  int         status = valisectl_fail (error);
  const char *remedy = NULL;

  if (error->domain != VALISE_PEER_ERROR)
    return status;
  switch ((ValisePeerError) error->code)
    {
    case VALISE_PEER_ERROR_CREDENTIALS:
      remedy = "the server lets nobody in by that name and password: set VALISE_USER and "
               "VALISE_PASSWORD, or VALISE_SOURCE_USER and the like for one of two";
      break;
    case VALISE_PEER_ERROR_FORBIDDEN:
      remedy = "the server knows this user, who may not do this there";
      break;
    case VALISE_PEER_ERROR_IDENTITY:
      remedy = "this may be another server in its place: ask its operator for the fingerprint of "
               "its key, and give that with --trust; of two servers, both";
      break;
    case VALISE_PEER_ERROR_NETWORK:
    case VALISE_PEER_ERROR_BUSY:
    case VALISE_PEER_ERROR_SERVER:
      remedy = "try again later: the same command goes on from where it stopped";
      break;
    case VALISE_PEER_ERROR_PORTAL:
      remedy = "a sign-in page of this network answered: sign in with a browser first";
      break;
    case VALISE_PEER_ERROR_MISSING:
    case VALISE_PEER_ERROR_TOO_LARGE:
    case VALISE_PEER_ERROR_PROTOCOL:
    default:
      return status;
    }
  g_printerr ("%s\n", remedy);
  return status;
}

/* What a script is told. */
static int
conclude (Run *run)
{
  ValiseProgress progress = { 0 };
  gboolean       interrupted = g_error_matches (run->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  valise_replicator_get_progress (run->replicator, &progress);
  if (!run->ok && !interrupted)
    return fail (run->error);

  print_figures (run, &progress);
  if (interrupted && !valisectl_options.continuous)
    {
      g_printerr ("valisectl: interrupted; the same command goes on from here\n");
      return VALISECTL_FAILED;
    }
  if (run->named > MAX_NAMED)
    g_printerr ("and %u more were refused\n", run->named - MAX_NAMED);
  return progress.refused > 0 ? VALISECTL_REFUSED : EXIT_SUCCESS;
}

/* No database is worth a name of its own: the two places together name their checkpoint. */
static int
replicate (ValisectlPlace *source, ValisectlPlace *target)
{
  g_autofree char *pair = g_strconcat (source->name, "\n", target->name, NULL);
  Run              run = { 0 };
  int              status = EXIT_SUCCESS;

  run.cancellable = g_cancellable_new ();
  run.loop = g_main_loop_new (NULL, FALSE);
  run.replicator = valise_replicator_new (source->peer, target->peer, pair);
  valise_replicator_retry_refused (run.replicator);
  perform (&run);
  status = conclude (&run);

  g_clear_object (&run.replicator);
  g_clear_object (&run.cancellable);
  g_clear_pointer (&run.loop, g_main_loop_unref);
  g_clear_error (&run.error);
  return status;
}

static int
fail_open (const GError *error)
{
  int status = fail (error);

  if (g_error_matches (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING)
      || g_error_matches (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE))
    return VALISECTL_NOT_FOUND;
  return error->domain == G_OPTION_ERROR || error->domain == G_URI_ERROR ? VALISECTL_USAGE : status;
}

int
valisectl_run_replicate (void)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValisectlPlace) source =
      valisectl_place_open (valisectl_options.arguments[0], "SOURCE", NULL, FALSE, &error);
  g_autoptr (ValisectlPlace) target = NULL;

  if (source != NULL)
    target = valisectl_place_open (valisectl_options.arguments[1], "TARGET", source,
                                   valisectl_options.create, &error);
  if (target == NULL)
    return fail_open (error);
  if (g_str_equal (source->name, target->name))
    {
      g_printerr ("valisectl: source and target are the same database\n");
      return VALISECTL_USAGE;
    }
  return replicate (source, target);
}
