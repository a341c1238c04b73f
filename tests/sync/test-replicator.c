/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "replicator-fixture.h"
#include "valise-policy.h"

static void
assert_text (ValiseDatabase *database, const char *id, const char *expected)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (document->body, NULL), g_bytes_get_size (document->body),
                   expected, strlen (expected));
}

/* Both have the same leaves of every document. */
static void
assert_same_leaves (Fixture *fixture, const char *id, guint n)
{
  g_autoptr (GPtrArray) here = valise_database_get_leaves (fixture->here, id, NULL);
  g_autoptr (GPtrArray) there = valise_database_get_leaves (fixture->there, id, NULL);

  g_assert_nonnull (here);
  g_assert_nonnull (there);
  g_assert_cmpuint (here->len, ==, n);
  g_assert_cmpuint (there->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (((ValiseRevisionLeaf *) g_ptr_array_index (here, i))->rev, ==,
                     ((ValiseRevisionLeaf *) g_ptr_array_index (there, i))->rev);
}

static void
all_comes_once_and_then_only_news (Fixture *fixture, gconstpointer data)
{
  ValiseProgress   progress = { 0 };
  g_autofree char *rev = NULL;

  put_many (fixture->there, "note", 300);
  run (fixture);
  g_assert_cmpint (count (fixture->here), ==, 300);
  g_assert_cmpuint (fixture->source->fetched, ==, 300);
  valise_replicator_get_progress (fixture->replicator, &progress);
  g_assert_cmpuint (progress.listed, ==, 300);
  g_assert_cmpuint (progress.expected, ==, 300);
  g_assert_cmpuint (progress.stored, ==, 300);

  fixture->source->rows = 0;
  run (fixture);
  g_assert_cmpuint (fixture->source->rows, ==, 0);
  g_assert_cmpuint (fixture->source->fetched, ==, 300);

  rev = put (fixture->there, "note:new", NULL, "{\"n\":1}");
  run (fixture);
  g_assert_cmpuint (fixture->source->rows, ==, 1);
  g_assert_cmpuint (fixture->source->fetched, ==, 301);
  assert_text (fixture->here, "note:new", "{\"n\":1}");
}

static void
edits_on_both_sides_meet_as_a_conflict (Fixture *fixture, gconstpointer data)
{
  g_autofree char             *first = put (fixture->there, "note:a", NULL, "{\"n\":1}");
  g_autofree char             *ours = NULL, *theirs = NULL;
  g_autoptr (ValisePeer)       source = valise_store_peer_new (fixture->here);
  g_autoptr (ValisePeer)       target = valise_store_peer_new (fixture->there);
  g_autoptr (ValiseReplicator) back = valise_replicator_new (source, target, "device-a");
  g_autoptr (GError)           error = NULL;

  run (fixture);
  ours = put (fixture->here, "note:a", first, "{\"n\":2}");
  theirs = put (fixture->there, "note:a", first, "{\"n\":3}");
  run (fixture);
  valise_replicator_run (back, FALSE, NULL, &error);
  g_assert_no_error (error);
  assert_same_leaves (fixture, "note:a", 2);
}

static void
a_deletion_arrives (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = put (fixture->there, "note:a", NULL, "{\"n\":1}");
  g_autofree char *second = NULL;

  run (fixture);
  second = put (fixture->there, "note:a", first, "{}");
  run (fixture);
  g_assert_cmpint (count (fixture->here), ==, 0);
  assert_same_leaves (fixture, "note:a", 1);
}

static void
what_is_not_wanted_is_known_and_fetched_on_demand (Fixture *fixture, gconstpointer data)
{
  const char *const          languages[] = { "en", NULL };
  const char *const          ids[] = { "text:A/1:fr", NULL };
  const char *const          absent[] = { "text:A/9:fr", NULL };
  g_autoptr (ValisePolicy)   policy = valise_policy_new (languages);
  g_autofree char           *en = put (fixture->there, "text:A/1:en", NULL, "{\"t\":\"peace\"}");
  g_autofree char           *fr = put (fixture->there, "text:A/1:fr", NULL, "{\"t\":\"paix\"}");
  ValiseDatabaseInfo         info = { 0 };
  g_autoptr (ValiseDocument) known = NULL;
  g_autoptr (GError)         error = NULL;

  valise_replicator_set_want (fixture->replicator, valise_policy_want, valise_policy_ref (policy),
                              (GDestroyNotify) valise_policy_unref);
  valise_replicator_set_want_version (fixture->replicator, valise_policy_get_version (policy));
  run (fixture);
  g_assert_cmpuint (fixture->source->fetched, ==, 1);
  valise_database_get_info (fixture->here, &info, NULL);
  g_assert_cmpint (info.absent, ==, 1);
  known = valise_database_get (fixture->here, "text:A/1:fr", NULL, &error);
  g_assert_no_error (error);
  g_assert_null (known->body);
  g_assert_cmpint (known->size, ==, (gint64) strlen ("{\"t\":\"paix\"}"));

  valise_replicator_fetch (fixture->replicator, ids, NULL, &error);
  g_assert_no_error (error);
  assert_text (fixture->here, "text:A/1:fr", "{\"t\":\"paix\"}");

  g_assert_false (valise_replicator_fetch (fixture->replicator, absent, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING);
}

static void
another_language_brings_what_was_only_known (Fixture *fixture, gconstpointer data)
{
  const char *const one[] = { "en", NULL }, *const two[] = { "fr", "en", NULL };
  g_autoptr (ValisePolicy) first = valise_policy_new (one), second = valise_policy_new (two);
  g_autofree char         *en = put (fixture->there, "text:A/1:en", NULL, "{\"t\":\"peace\"}");
  g_autofree char         *fr = put (fixture->there, "text:A/1:fr", NULL, "{\"t\":\"paix\"}");

  valise_replicator_set_want (fixture->replicator, valise_policy_want, first, NULL);
  valise_replicator_set_want_version (fixture->replicator, valise_policy_get_version (first));
  run (fixture);
  g_assert_cmpuint (fixture->source->fetched, ==, 1);

  valise_replicator_set_want (fixture->replicator, valise_policy_want, second, NULL);
  valise_replicator_set_want_version (fixture->replicator, valise_policy_get_version (second));
  run (fixture);
  g_assert_cmpuint (fixture->source->fetched, ==, 2);
  assert_text (fixture->here, "text:A/1:fr", "{\"t\":\"paix\"}");
  valise_replicator_set_want (fixture->replicator, NULL, NULL, NULL);
}

static void
a_run_cut_at_any_document_loses_nothing_and_repeats_nothing (Fixture *fixture, gconstpointer data)
{
  put_many (fixture->there, "note", 40);
  for (guint k = 1; k <= 40; k++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError)       error = NULL;

      fixture->source->cancel_after = k;
      fixture->source->cancellable = k % 2 == 0 ? cancellable : NULL;
      if (k < 40)
        {
          g_assert_false (valise_replicator_run (fixture->replicator, FALSE, cancellable, &error));
          g_assert_nonnull (error);
        }
      else
        run (fixture);
      g_assert_cmpint (count (fixture->here), ==, k);
    }
  g_assert_cmpuint (fixture->source->fetched, ==, 40);
  g_assert_cmpuint (fixture->source->twice, ==, 0);
}

static void
a_source_made_anew_is_read_from_its_beginning (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rev = NULL;

  put_many (fixture->there, "note", 20);
  run (fixture);

  /* Another database under the same name: its sequences begin anew, and are lower. */
  g_clear_object (&fixture->replicator);
  g_clear_object (&fixture->source);
  g_clear_object (&fixture->there);
  fixture->there = open_database (fixture, "elsewhere.sqlite");
  fixture->source = counting_peer_new (valise_store_peer_new (fixture->there));
  rev = put (fixture->there, "note:other", NULL, "{\"n\":7}");
  make_replicator (fixture, "device-a");
  run (fixture);
  assert_text (fixture->here, "note:other", "{\"n\":7}");
}

static void
a_copied_folder_under_another_device_starts_anew (Fixture *fixture, gconstpointer data)
{
  put_many (fixture->there, "note", 20);
  run (fixture);
  make_replicator (fixture, "device-b");
  fixture->source->rows = 0;
  run (fixture);
  g_assert_cmpuint (fixture->source->rows, ==, 20);
  g_assert_cmpuint (fixture->source->fetched, ==, 20);
}

static void
a_source_that_takes_no_log_is_not_read_again (Fixture *fixture, gconstpointer data)
{
  fixture->source->refuses_local = TRUE;
  put_many (fixture->there, "note", 20);
  run (fixture);
  fixture->source->rows = 0;
  run (fixture);
  g_assert_cmpuint (fixture->source->rows, ==, 0);
}

/* A line that lasts for three documents carries the keys, the meeting and its agenda. */
static void
a_page_brings_the_agenda_before_the_rest (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *text = put (fixture->there, "text:A/1:en", NULL, "{\"n\":1}");
  g_autofree char   *paper = put (fixture->there, "paper:A/1", NULL, "{\"n\":2}");
  g_autofree char   *agenda = put (fixture->there, "agenda:m", NULL, "{\"n\":3}");
  g_autofree char   *meeting = put (fixture->there, "meeting:m", NULL, "{\"n\":4}");
  g_autofree char   *keys = put (fixture->there, "keys", NULL, "{\"n\":5}");
  g_autoptr (GError) error = NULL;

  fixture->source->cancel_after = 3;
  g_assert_false (valise_replicator_run (fixture->replicator, FALSE, NULL, &error));
  assert_text (fixture->here, "keys", "{\"n\":5}");
  assert_text (fixture->here, "meeting:m", "{\"n\":4}");
  assert_text (fixture->here, "agenda:m", "{\"n\":3}");
  fixture->source->cancel_after = 0;
  run (fixture);
  g_assert_cmpint (count (fixture->here), ==, 5);
  g_assert_cmpuint (fixture->source->twice, ==, 0);
}

/* Outwards, of three submissions the largest waits. */
static void
the_smallest_submission_leaves_first (Fixture *fixture, gconstpointer data)
{
  g_autofree char             *long_text = g_strnfill (5000, 'x');
  g_autofree char             *large = g_strdup_printf ("{\"t\":\"%s\"}", long_text);
  g_autofree char             *first = put (fixture->there, "submission:a", NULL, large);
  g_autofree char             *second = put (fixture->there, "submission:b", NULL, "{\"n\":22}");
  g_autofree char             *third = put (fixture->there, "submission:c", NULL, "{\"n\":3}");
  CountingPeer                *far = counting_peer_new (g_object_ref (fixture->target));
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (VALISE_PEER (fixture->source), VALISE_PEER (far), "device-a");
  g_autoptr (GError) error = NULL;

  far->far = TRUE;
  fixture->source->cancel_after = 2;
  g_assert_false (valise_replicator_run (replicator, FALSE, NULL, &error));
  g_assert_cmpint (count (fixture->here), ==, 2);
  assert_text (fixture->here, "submission:b", "{\"n\":22}");
  assert_text (fixture->here, "submission:c", "{\"n\":3}");
  g_clear_object (&replicator);
  g_object_unref (far);
}

#define ADD(test) g_test_add ("/replicator/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (all_comes_once_and_then_only_news);
  ADD (edits_on_both_sides_meet_as_a_conflict);
  ADD (a_deletion_arrives);
  ADD (what_is_not_wanted_is_known_and_fetched_on_demand);
  ADD (another_language_brings_what_was_only_known);
  ADD (a_run_cut_at_any_document_loses_nothing_and_repeats_nothing);
  ADD (a_source_made_anew_is_read_from_its_beginning);
  ADD (a_copied_folder_under_another_device_starts_anew);
  ADD (a_source_that_takes_no_log_is_not_read_again);
  ADD (a_page_brings_the_agenda_before_the_rest);
  ADD (the_smallest_submission_leaves_first);

  return g_test_run ();
}
