/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "counting-peer.h"
#include "folder.h"
#include "valise-canonical.h"
#include "valise-key.h"
#include "valise-policy.h"
#include "valise-replicator.h"
#include "valise-seal.h"
#include "valise-store-peer.h"
#include "valise-trust.h"

#define PROGRAMME "poa-test"

typedef struct
{
  char             *root;
  ValiseDatabase   *here;
  ValiseDatabase   *there;
  CountingPeer     *source; /* there */
  ValisePeer       *target; /* here */
  ValiseReplicator *replicator;
  GPtrArray        *refused; /* "id: reason" */
} Fixture;

static ValiseDatabase *
open_database (Fixture *fixture, const char *file)
{
  g_autofree char   *path = g_build_filename (fixture->root, file, NULL);
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_database_open (path, "public", TRUE, &error);

  g_assert_no_error (error);
  return database;
}

static void
refused_cb (ValiseReplicator *replicator,
            const char       *id,
            const char       *rev,
            const char       *reason,
            Fixture          *fixture)
{
  g_ptr_array_add (fixture->refused, g_strdup_printf ("%s: %s", id, reason));
}

static void
make_replicator (Fixture *fixture, const char *device)
{
  g_clear_object (&fixture->replicator);
  fixture->replicator =
      valise_replicator_new (VALISE_PEER (fixture->source), fixture->target, device);
  g_signal_connect (fixture->replicator, "refused", G_CALLBACK (refused_cb), fixture);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->here = open_database (fixture, "here.sqlite");
  fixture->there = open_database (fixture, "there.sqlite");
  fixture->source = counting_peer_new (valise_store_peer_new (fixture->there));
  fixture->target = valise_store_peer_new (fixture->here);
  fixture->refused = g_ptr_array_new_with_free_func (g_free);
  make_replicator (fixture, "device-a");
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->replicator);
  g_assert_finalize_object (fixture->source);
  g_assert_finalize_object (fixture->target);
  g_assert_finalize_object (fixture->here);
  g_assert_finalize_object (fixture->there);
  g_ptr_array_unref (fixture->refused);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

static char *
put (ValiseDatabase *database, const char *id, const char *parent, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  char              *rev =
      valise_database_put (database, id, parent, g_str_equal (text, "{}"), body, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

static void
put_many (ValiseDatabase *database, const char *prefix, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s:%03u", prefix, i);
      g_autofree char *text = g_strdup_printf ("{\"type\":\"note\",\"n\":%u}", i);
      g_autofree char *rev = put (database, id, NULL, text);
    }
}

static void
run (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  valise_replicator_run (fixture->replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
}

static gint64
count (ValiseDatabase *database)
{
  ValiseDatabaseInfo info = { 0 };
  g_autoptr (GError) error = NULL;

  valise_database_get_info (database, &info, &error);
  g_assert_no_error (error);
  return info.documents;
}

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

/* --- seals ------------------------------------------------------------------------------- */

static ValiseJson *
scan (const char *text)
{
  ValiseJson *json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);

  g_assert_nonnull (json);
  return json;
}

static char *
put_sealed (ValiseDatabase *database,
            const char     *id,
            const char     *parent,
            const char     *text,
            ValiseKey      *key,
            gint64          issue)
{
  ValiseSealScope        scope = { PROGRAMME, "public", id };
  g_autoptr (ValiseJson) json = scan (text);
  g_autofree char       *sealed = valise_seal_apply (&scope, json, key, issue);

  return put (database, id, parent, sealed);
}

static char *
put_keys (ValiseDatabase *database,
          const char     *parent,
          ValiseKey      *root,
          ValiseKey      *issuing,
          gint64          issue)
{
  g_autofree char *text =
      g_strdup_printf ("{\"type\":\"keys\",\"keys\":[{\"use\":\"issuing\",\"public\":\"%s\"}]}",
                       valise_key_get_public (issuing));

  return put_sealed (database, "keys", parent, text, root, issue);
}

static void
add_trust (Fixture *fixture, ValiseKey *root, ValiseSource source)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (ValiseTrust) trust =
      valise_trust_new (PROGRAMME, valise_key_get_public (root), &error);

  g_assert_no_error (error);
  make_replicator (fixture, "device-a");
  valise_replicator_add_gate (fixture->replicator, VALISE_GATE (trust), "public", source);
}

static void
sealed_documents_pass_and_forged_ones_are_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseKey)  root = valise_key_generate (NULL), issuing = valise_key_generate (NULL);
  g_autoptr (ValiseKey)  thief = valise_key_generate (NULL);
  g_autofree char       *a = put_sealed (fixture->there, "paper:A", NULL, "{\"n\":1}", issuing, 2);
  g_autofree char       *b = put_sealed (fixture->there, "paper:B", NULL, "{\"n\":2}", thief, 3);
  ValiseSealScope        scope = { PROGRAMME, "public", "paper:C" };
  g_autoptr (ValiseJson) json = scan ("{\"n\":3}");
  g_autofree char       *sealed = valise_seal_apply (&scope, json, issuing, 4);
  g_autofree char       *keys = NULL, *c = NULL, *list = NULL;

  strchr (sealed, '3')[0] = '4'; /* another number under the same seal */
  c = put (fixture->there, "paper:C", NULL, sealed);
  keys = put_keys (fixture->there, NULL, root, issuing, 1); /* last in the feed */
  add_trust (fixture, root, VALISE_SOURCE_SERVER);
  run (fixture);

  g_assert_cmpint (count (fixture->here), ==, 2); /* keys and A */
  g_assert_cmpuint (fixture->refused->len, ==, 2);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (fixture->refused, 0), "paper:"));
  list = valise_database_get_local (fixture->here, "quarantine", NULL, NULL);
  g_assert_nonnull (list);
  g_assert_nonnull (strstr (list, "paper:B"));
  g_assert_nonnull (strstr (list, "paper:C"));

  /* The forged one is not fetched again; that by an unknown key is, in case it is known now. */
  fixture->source->fetched = 0;
  run (fixture);
  g_assert_cmpuint (fixture->source->fetched, ==, 1 + 1); /* and the keys are asked for */
}

static void
a_new_key_is_fetched_when_it_is_needed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseKey) root = valise_key_generate (NULL), old = valise_key_generate (NULL);
  g_autoptr (ValiseKey) new = valise_key_generate (NULL);
  g_autofree char *first = put_keys (fixture->there, NULL, root, old, 1);
  g_autofree char *second = NULL, *paper = NULL, *late = NULL;

  add_trust (fixture, root, VALISE_SOURCE_SERVER);
  run (fixture);

  /* The paper stands before the keys that it needs, and on another page of the feed. */
  paper = put_sealed (fixture->there, "paper:A", NULL, "{\"n\":1}", new, 3);
  put_many (fixture->there, "note", 300);
  second = put_keys (fixture->there, first, root, new, 2);
  run (fixture);
  g_assert_cmpint (count (fixture->here), ==, 302);
  g_assert_cmpuint (fixture->refused->len, ==, 0);
}

static void
an_older_keys_document_brings_no_key_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseKey) root = valise_key_generate (NULL), old = valise_key_generate (NULL);
  g_autoptr (ValiseKey) new = valise_key_generate (NULL);
  g_autofree char        *first = put_keys (fixture->there, NULL, root, new, 2);
  g_autofree char        *second = put_keys (fixture->here, NULL, root, old, 1);
  g_autoptr (ValiseTrust) trust = valise_trust_new (PROGRAMME, valise_key_get_public (root), NULL);
  g_autoptr (ValiseDocument) newer = valise_database_get (fixture->there, "keys", NULL, NULL);
  g_autoptr (ValiseDocument) older = valise_database_get (fixture->here, "keys", NULL, NULL);
  g_autoptr (ValiseJson)     newer_json = valise_document_scan (newer, NULL);
  g_autoptr (ValiseJson)     older_json = valise_document_scan (older, NULL);
  g_autofree char           *rev = NULL;
  g_autoptr (GError)         error = NULL;

  g_assert_true (valise_trust_load_keys (trust, newer_json, &error));
  g_assert_true (valise_trust_load_keys (trust, older_json, &error));
  rev = put_sealed (fixture->there, "paper:A", NULL, "{\"n\":1}", old, 3);
  valise_replicator_add_gate (fixture->replicator, VALISE_GATE (trust), "public",
                              VALISE_SOURCE_SERVER);
  run (fixture);
  g_assert_cmpuint (fixture->refused->len, ==, 1);
}

static void
a_stranger_may_not_withdraw_nor_write_unsealed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseKey) root = valise_key_generate (NULL), issuing = valise_key_generate (NULL);
  g_autofree char      *keys = put_keys (fixture->there, NULL, root, issuing, 1);
  g_autofree char      *a = put_sealed (fixture->there, "paper:A", NULL, "{\"n\":1}", issuing, 2);
  g_autofree char      *gone = NULL, *bare = NULL;

  add_trust (fixture, root, VALISE_SOURCE_PEER);
  run (fixture);
  g_assert_cmpint (count (fixture->here), ==, 2);

  gone = put (fixture->there, "paper:A", a, "{}");
  bare = put (fixture->there, "paper:B", NULL, "{\"n\":2}");
  run (fixture);
  g_assert_cmpint (count (fixture->here), ==, 2);
  g_assert_cmpuint (fixture->refused->len, ==, 2);

  /* From the account's own server both are let through. */
  add_trust (fixture, root, VALISE_SOURCE_SERVER);
  valise_replicator_retry_refused (fixture->replicator);
  run (fixture);
  g_assert_cmpint (count (fixture->here), ==, 2); /* keys and B */
}

static void
a_revision_that_its_content_does_not_make_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseKey)  root = valise_key_generate (NULL), issuing = valise_key_generate (NULL);
  g_autofree char       *keys = put_keys (fixture->there, NULL, root, issuing, 1);
  ValiseSealScope        scope = { PROGRAMME, "public", "paper:A" };
  g_autoptr (ValiseJson) json = scan ("{\"n\":1}");
  g_autofree char       *sealed = valise_seal_apply (&scope, json, issuing, 2);
  g_autoptr (GBytes)     body = g_bytes_new (sealed, strlen (sealed));
  g_autoptr (ValiseDocument) document =
      valise_document_new ("paper:A", "1-00000000000000000000000000000000", FALSE, body);
  ValiseBatch *batch = valise_database_begin (fixture->there, NULL);
  ValiseMerge  merge = VALISE_MERGE_KNOWN;

  g_assert_true (valise_batch_merge (batch, document, &merge, NULL));
  g_assert_true (valise_batch_commit (batch, NULL));
  add_trust (fixture, root, VALISE_SOURCE_PEER);
  run (fixture);
  g_assert_cmpint (count (fixture->here), ==, 1);
  g_assert_cmpuint (fixture->refused->len, ==, 1);
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
  ADD (sealed_documents_pass_and_forged_ones_are_named);
  ADD (a_new_key_is_fetched_when_it_is_needed);
  ADD (an_older_keys_document_brings_no_key_back);
  ADD (a_stranger_may_not_withdraw_nor_write_unsealed);
  ADD (a_revision_that_its_content_does_not_make_is_refused);
  ADD (a_page_brings_the_agenda_before_the_rest);
  ADD (the_smallest_submission_leaves_first);

  return g_test_run ();
}
