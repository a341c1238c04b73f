/* test-pipeline.c - how long what arrived waits to be kept
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "folder.h"
#include "valise-pipeline.h"
#include "valise-quarantine.h"
#include "valise-store-peer.h"

#define PACKET_US (187 * 1000) /* that a packet of 1,500 bytes takes at 64 kbit/s */
#define PACKETS   8
#define SOON_US   (40 * 1000)
#define LATEST_US (20 * G_USEC_PER_SEC)

static void
push (ValisePipeline *pipeline, guint number)
{
  g_autofree char           *id = g_strdup_printf ("note:%u", number);
  g_autofree char           *rev = g_strdup_printf ("1-%032x", number);
  g_autoptr (GBytes)         body = g_bytes_new_static ("{\"n\":1}", strlen ("{\"n\":1}"));
  g_autoptr (ValiseDocument) document = valise_document_new (id, rev, FALSE, body);
  g_autoptr (GError)         error = NULL;

  g_assert_true (valise_pipeline_push (pipeline, document, NULL, &error));
  g_assert_no_error (error);
}

/* Until the database holds @count documents. Returns: how long that took, in µs */
static gint64
wait_until_kept (ValiseDatabase *database, gint64 count)
{
  ValiseDatabaseInfo info = { 0 };
  gint64             start_us = g_get_monotonic_time ();

  while (info.documents < count)
    {
      g_assert_cmpint (g_get_monotonic_time () - start_us, <, LATEST_US);
      g_usleep (1000);
      g_assert_true (valise_database_get_info (database, &info, NULL));
    }
  return g_get_monotonic_time () - start_us;
}

/* Who is killed a moment after a packet has not paid for it in vain. The best of several, since the
 * machine may be busy; of the first, before which nothing had come, nothing is asked. */
static void
each_packet_of_a_slow_line_is_kept_at_once (void)
{
  g_autofree char             *folder = g_dir_make_tmp ("valise-pipeline-XXXXXX", NULL);
  g_autofree char             *path = g_build_filename (folder, "public.sqlite", NULL);
  g_autoptr (ValiseDatabase)   database = valise_database_open (path, "public", TRUE, NULL);
  g_autoptr (ValisePeer)       here = valise_store_peer_new (database);
  g_autoptr (ValiseQuarantine) quarantine = valise_quarantine_load (here, "refused", NULL, NULL);
  g_autoptr (GPtrArray)        gates = g_ptr_array_new ();
  ValisePipeline              *pipeline = NULL;
  gint64                       best_us = G_MAXINT64;

  g_assert_nonnull (quarantine);
  pipeline = valise_pipeline_new (here, gates, quarantine, "log", NULL);
  for (guint i = 1; i <= PACKETS; i++)
    {
      gint64 took_us = 0;

      push (pipeline, i);
      took_us = wait_until_kept (database, i);
      if (i > 1)
        best_us = MIN (best_us, took_us);
      g_usleep ((gulong) MAX (PACKET_US - took_us, 1));
    }
  g_test_message ("kept after %" G_GINT64_FORMAT " us", best_us);
  g_assert_cmpint (best_us, <, SOON_US);
  valise_pipeline_free (pipeline);
  remove_folder (folder);
}

#define ADD(test) g_test_add_func ("/pipeline/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (each_packet_of_a_slow_line_is_kept_at_once);

  return g_test_run ();
}
