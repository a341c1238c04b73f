/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "replicator-fixture.h"
#include "valise-logbook.h"

#define WRITTEN_US (20 * G_USEC_PER_SEC) /* the longest that what came waits to be written */

/* What a run has, between a server and the laptop. */
typedef struct
{
  ValiseLogbook    *logbook;
  ValiseQuarantine *quarantine;
  GPtrArray        *gates;
  ValisePipeline   *pipeline;
  ValiseTransfer   *transfer;
} Run;

static void
begin (Run *run, Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ValisePeer        *source = VALISE_PEER (fixture->source);

  fixture->source->far = TRUE;
  run->logbook =
      valise_logbook_open (source, fixture->target, "device-a", NULL, FALSE, NULL, &error);
  g_assert_no_error (error);
  run->quarantine = valise_quarantine_load (fixture->target, "quarantine", NULL, &error);
  g_assert_no_error (error);
  run->gates = valise_gates_new ();
  run->pipeline = valise_pipeline_new (fixture->target, run->gates, run->quarantine,
                                       valise_logbook_get_id (run->logbook), NULL);
  valise_pipeline_set_log (run->pipeline, valise_logbook_make, run->logbook);
  run->transfer = valise_transfer_new (source, run->pipeline, NULL, NULL, NULL);
}

static void
end (Run *run)
{
  valise_transfer_free (run->transfer);
  valise_pipeline_free (run->pipeline);
  g_ptr_array_unref (run->gates);
  valise_quarantine_free (run->quarantine);
  valise_logbook_free (run->logbook);
}

static void
push (Run *run, const char *id, const char *seq)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
  g_autoptr (ValiseDocument) document =
      valise_document_new (id, "1-0123456789abcdef0123456789abcdef", FALSE, body);

  valise_pipeline_push (run->pipeline, document, seq, &error);
  g_assert_no_error (error);
}

static void
assert_log (Fixture *fixture, Run *run, const char *seq)
{
  g_autofree char *expected = g_strdup_printf ("\"source_last_seq\":\"%s\"", seq);
  g_autofree char *log =
      valise_database_get_local (fixture->here, valise_logbook_get_id (run->logbook), NULL, NULL);

  g_assert_nonnull (log);
  g_assert_nonnull (strstr (log, expected));
}

/* A slow server: two documents are written while it is told of one. */
static void
wait_for_two (gpointer data)
{
  Fixture           *fixture = data;
  ValiseDatabaseInfo info = { 0 };
  gint64             until_us = g_get_monotonic_time () + WRITTEN_US;

  while (info.documents < 2 && g_get_monotonic_time () < until_us)
    {
      g_usleep (1000);
      g_assert_true (valise_database_get_info (fixture->here, &info, NULL));
    }
  g_assert_cmpint (info.documents, ==, 2);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void
each_transaction_says_how_far_its_documents_came (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Run                run = { 0 };

  begin (&run, fixture);
  push (&run, "note:a", "1");
  g_assert_true (valise_transfer_flush (run.transfer, &error));
  assert_log (fixture, &run, "1");
  push (&run, "note:b", NULL);
  push (&run, "note:c", "3");
  g_assert_true (valise_transfer_flush (run.transfer, &error));
  assert_log (fixture, &run, "3");
  end (&run);
}

static void
telling_the_server_does_not_put_the_laptop_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Run                run = { 0 };

  begin (&run, fixture);
  push (&run, "note:a", "1");
  g_assert_true (valise_transfer_flush (run.transfer, &error));

  fixture->source->put_func = wait_for_two;
  fixture->source->put_data = fixture;
  push (&run, "note:b", "2");
  valise_logbook_keep (run.logbook, run.pipeline, run.transfer, TRUE, &error);
  g_assert_no_error (error);
  assert_log (fixture, &run, "2");
  end (&run);
}

#define ADD(test) g_test_add ("/logbook/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (each_transaction_says_how_far_its_documents_came);
  ADD (telling_the_server_does_not_put_the_laptop_back);

  return g_test_run ();
}
