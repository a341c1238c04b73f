/* test-replicator-seals.c - what a replicator lets pass, by seal and by revision
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "replicator-fixture.h"
#include "valise-key.h"
#include "valise-seal.h"
#include "valise-trust.h"

#define PROGRAMME "poa-test"

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

#define ADD(test) g_test_add ("/replicator-seals/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (sealed_documents_pass_and_forged_ones_are_named);
  ADD (a_new_key_is_fetched_when_it_is_needed);
  ADD (an_older_keys_document_brings_no_key_back);
  ADD (a_stranger_may_not_withdraw_nor_write_unsealed);
  ADD (a_revision_that_its_content_does_not_make_is_refused);

  return g_test_run ();
}
