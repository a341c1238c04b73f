/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "database-fixture.h"
#include "valise-canonical.h"

static ValiseDocument *
get (Fixture *fixture, const char *id, const char *rev)
{
  g_autoptr (GError) error = NULL;
  ValiseDocument    *document = valise_database_get (fixture->database, id, rev, &error);

  g_assert_no_error (error);
  return document;
}

static void
assert_body (Fixture *fixture, const char *id, const char *rev, const char *text)
{
  g_autoptr (ValiseDocument) document = get (fixture, id, rev);

  g_assert_cmpmem (g_bytes_get_data (document->body, NULL), g_bytes_get_size (document->body), text,
                   strlen (text));
}

static void
assert_missing (Fixture *fixture, const char *id, const char *rev)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (fixture->database, id, rev, &error);

  g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING);
  g_assert_null (document);
}

/* --- edits --------------------------------------------------------------------------- */

static void
edit_has_the_revision_its_content_makes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseJson) one = valise_json_scan_text ("{\"a\":1}", -1, VALISE_JSON_ANY, NULL);
  g_autoptr (ValiseJson) two = valise_json_scan_text ("{\"a\":2}", -1, VALISE_JSON_ANY, NULL);
  g_autofree char       *first = put (fixture, "paper:1", NULL, "{\"a\":1}");
  g_autofree char       *second = put (fixture, "paper:1", first, " {\"a\":2} ");
  g_autofree char       *expected_first = valise_canonical_revision (NULL, FALSE, one);
  g_autofree char       *expected_second = valise_canonical_revision (first, FALSE, two);

  g_assert_cmpstr (first, ==, expected_first);
  g_assert_cmpstr (second, ==, expected_second);
  assert_body (fixture, "paper:1", NULL, "{\"a\":2}");
  assert_body (fixture, "paper:1", second, "{\"a\":2}");
  assert_missing (fixture, "paper:1", first);
}

static void
edit_of_what_is_no_leaf_is_a_conflict (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = put (fixture, "a", NULL, "{\"n\":1}");
  g_autofree char *second = put (fixture, "a", first, "{\"n\":2}");
  const char      *parents[] = { NULL, first, "1-abc", "rubbish" };

  for (gsize i = 0; i < G_N_ELEMENTS (parents); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (try_put (fixture, "a", parents[i], "{\"n\":3}", &error));
      g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_CONFLICT);
    }
  assert_body (fixture, "a", NULL, "{\"n\":2}");
  g_assert_cmpint (get_seq (fixture), ==, 2);
}

static void
new_document_extends_its_tombstone (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = put (fixture, "a", NULL, "{}");
  g_autofree char *second = delete (fixture, "a", first);
  g_autofree char *third = NULL;

  g_assert_true (g_str_has_prefix (second, "2-"));
  assert_missing (fixture, "a", NULL);
  {
    g_autoptr (ValiseDocument) tombstone = get (fixture, "a", second);

    g_assert_true (tombstone->deleted);
  }

  third = put (fixture, "a", NULL, "{\"again\":true}");
  g_assert_true (g_str_has_prefix (third, "3-"));
  assert_body (fixture, "a", NULL, "{\"again\":true}");
}

static void
what_is_no_document_is_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const bodies[] = {
    "[]", "1", "{\"_id\":\"a\"}", "{\"\\u005frev\":1}", "{\"a\":1,\"a\":2}", "{", ""
  };
  static const char *const ids[] = { "", "_a", "_local/x", "\xff" };
  g_autofree char         *long_id = g_strnfill (4097, 'a');
  g_autoptr (GError)       error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_assert_null (try_put (fixture, "a", NULL, bodies[i], &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == VALISE_JSON_ERROR);
      g_clear_error (&error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_assert_null (try_put (fixture, ids[i], NULL, "{}", &error));
      g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_BAD_ID);
      g_clear_error (&error);
    }
  g_assert_null (try_put (fixture, long_id, NULL, "{}", &error));
  g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_BAD_ID);
  g_assert_cmpint (get_seq (fixture), ==, 0);
}

static void
body_past_the_limit_is_too_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)  error = NULL;
  g_autoptr (GString) text = g_string_new ("{\"a\":\"");
  gsize               overhead = strlen ("{\"a\":\"\"}");
  g_autofree char    *rev = NULL;

  for (gsize i = 0; i < VALISE_DOCUMENT_MAX_SIZE - overhead; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, "\"}");
  rev = put (fixture, "a", NULL, text->str);
  g_string_insert_c (text, 7, 'x');
  g_assert_null (try_put (fixture, "b", NULL, text->str, &error));
  g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_TOO_LARGE);
}

/* --- replicated revisions ------------------------------------------------------------ */

static void
losing_leaf_keeps_its_body (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) leaves = NULL;

  g_assert_cmpint (merge (fixture, "a", "2-bb aa", "{\"n\":\"bb\"}"), ==, VALISE_MERGE_LEAF);
  g_assert_cmpint (merge (fixture, "a", "2-cc aa", "{\"n\":\"cc\"}"), ==, VALISE_MERGE_CONFLICT);
  g_assert_cmpint (merge (fixture, "a", "2-ab aa", "{\"n\":\"ab\"}"), ==, VALISE_MERGE_CONFLICT);
  g_assert_cmpint (merge (fixture, "a", "2-ab aa", "{\"n\":\"ab\"}"), ==, VALISE_MERGE_KNOWN);
  reopen (fixture);

  assert_body (fixture, "a", NULL, "{\"n\":\"cc\"}");
  assert_body (fixture, "a", "2-bb", "{\"n\":\"bb\"}");
  assert_body (fixture, "a", "2-ab", "{\"n\":\"ab\"}");
  leaves = valise_database_get_leaves (fixture->database, "a", NULL);
  g_assert_cmpuint (leaves->len, ==, 3);
  g_assert_cmpint (get_seq (fixture), ==, 3);
}

static void
deleting_the_winner_brings_back_the_other (Fixture *fixture, gconstpointer data)
{
  merge (fixture, "a", "2-bb aa", "{\"n\":\"bb\"}");
  merge (fixture, "a", "2-cc aa", "{\"n\":\"cc\"}");
  merge_full (fixture, "a", "3-dd cc aa", TRUE, "{}", 0);

  assert_body (fixture, "a", NULL, "{\"n\":\"bb\"}");
  assert_body (fixture, "a", "3-dd", "{}");
  assert_missing (fixture, "a", "2-cc");
}

static void
known_document_is_filled_by_its_body (Fixture *fixture, gconstpointer data)
{
  ValiseDatabaseInfo info = { 0 };

  g_assert_cmpint (merge_full (fixture, "a", "1-aa", FALSE, NULL, 1234), ==, VALISE_MERGE_LEAF);
  g_assert_cmpint (merge_full (fixture, "a", "1-aa", FALSE, NULL, 1234), ==, VALISE_MERGE_KNOWN);
  {
    g_autoptr (ValiseDocument) document = get (fixture, "a", NULL);

    g_assert_null (document->body);
    g_assert_cmpint (document->size, ==, 1234);
  }
  valise_database_get_info (fixture->database, &info, NULL);
  g_assert_cmpint (info.absent, ==, 1);
  g_assert_cmpint (info.documents, ==, 1);
  g_assert_cmpint (info.update_seq, ==, 1);

  g_assert_cmpint (merge (fixture, "a", "1-aa", "{\"n\":1}"), ==, VALISE_MERGE_INNER);
  assert_body (fixture, "a", NULL, "{\"n\":1}");
  g_assert_cmpint (merge_full (fixture, "a", "1-aa", FALSE, NULL, 1234), ==, VALISE_MERGE_KNOWN);
  assert_body (fixture, "a", NULL, "{\"n\":1}");
  valise_database_get_info (fixture->database, &info, NULL);
  g_assert_cmpint (info.absent, ==, 0);
  g_assert_cmpint (info.update_seq, ==, 2);
}

/* A tombstone that was known beside the winner comes whole, and by its history takes the winner's
 * place: then it is kept once. Twice, and the next to win could not put it beside itself. */
static void
leaf_that_wins_by_what_it_brings_is_kept_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) leaves = NULL;

  merge (fixture, "a", "1-aa", "{\"n\":1}");
  g_assert_cmpint (merge_full (fixture, "a", "2-bb", TRUE, NULL, 2), ==, VALISE_MERGE_CONFLICT);
  assert_body (fixture, "a", NULL, "{\"n\":1}");
  merge_full (fixture, "a", "2-bb aa", TRUE, "{}", 0);
  assert_missing (fixture, "a", "1-aa");
  assert_missing (fixture, "a", NULL);

  merge (fixture, "a", "2-cc aa", "{\"n\":2}");
  assert_body (fixture, "a", NULL, "{\"n\":2}");
  assert_body (fixture, "a", "2-bb", "{}");
  merge (fixture, "a", "3-dd bb aa", "{\"n\":3}");
  leaves = valise_database_get_leaves (fixture->database, "a", NULL);
  g_assert_cmpuint (leaves->len, ==, 2);
  assert_body (fixture, "a", NULL, "{\"n\":3}");
  assert_body (fixture, "a", "2-cc", "{\"n\":2}");
}

/* --- what a batch does --------------------------------------------------------------- */

static void
merge_in (ValiseBatch *batch, const char *id, const char *rev, const char *text)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
  g_autoptr (ValiseDocument) document = valise_document_new (id, rev, FALSE, body);

  valise_batch_merge (batch, document, NULL, &error);
  g_assert_no_error (error);
}

static void
batch_given_up_leaves_nothing (Fixture *fixture, gconstpointer data)
{
  ValiseBatch *batch = valise_database_begin (fixture->database, NULL);

  merge_in (batch, "a", "1-aa", "{}");
  g_assert_true (valise_batch_put_local (batch, "checkpoint", "{\"seq\":1}", NULL));
  valise_batch_cancel (batch);
  assert_missing (fixture, "a", NULL);
  g_assert_null (valise_database_get_local (fixture->database, "checkpoint", NULL, NULL));
  g_assert_cmpint (get_seq (fixture), ==, 0);

  reopen (fixture);
  assert_missing (fixture, "a", NULL);
  merge (fixture, "a", "1-aa", "{}");
  g_assert_cmpint (get_seq (fixture), ==, 1);
}

static void
batch_and_its_checkpoint_come_together (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = NULL;
  ValiseBatch       *batch = valise_database_begin (fixture->database, NULL);

  merge_in (batch, "a", "1-aa", "{}");
  g_assert_true (valise_batch_put_local (batch, "checkpoint", "{\"seq\":1}", NULL));
  /* Readers neither wait nor see it yet. */
  assert_missing (fixture, "a", NULL);
  g_assert_true (valise_batch_commit (batch, &error));
  text = valise_database_get_local (fixture->database, "checkpoint", NULL, &error);
  g_assert_cmpstr (text, ==, "{\"seq\":1}");
  assert_body (fixture, "a", NULL, "{}");
}

static void
document_refused_leaves_the_batch_as_it_was (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *id;
    const char *path;
    int         code;
  } cases[] = {
    { "_a", "1-aa", VALISE_DATABASE_ERROR_BAD_ID },
    { "", "1-aa", VALISE_DATABASE_ERROR_BAD_ID },
    { "a", "aa", VALISE_DATABASE_ERROR_BAD_REVISION },
    { "a", "0-aa", VALISE_DATABASE_ERROR_BAD_REVISION },
    { "a", "1-bb aa", VALISE_DATABASE_ERROR_BAD_REVISION },
    { "a", "3-bb aa ", VALISE_DATABASE_ERROR_BAD_REVISION },
  };
  ValiseBatch *batch = valise_database_begin (fixture->database, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)         error = NULL;
      g_auto (GStrv)             words = g_strsplit (cases[i].path, " ", -1);
      g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
      g_autoptr (ValiseDocument) document =
          valise_document_new (cases[i].id, words[0], FALSE, body);

      document->ancestors = g_strdupv (words + 1);
      g_assert_false (valise_batch_merge (batch, document, NULL, &error));
      g_assert_error (error, VALISE_DATABASE_ERROR, cases[i].code);
    }
  merge_in (batch, "good", "1-aa", "{}");
  g_assert_true (valise_batch_commit (batch, NULL));
  g_assert_cmpint (get_seq (fixture), ==, 1);
}

static void
edits_in_a_batch_are_durable_together (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);
  ValiseBatch       *batch = valise_database_begin (fixture->database, NULL);
  g_autofree char   *first = valise_batch_put (batch, "a", NULL, FALSE, body, NULL, &error);
  g_autofree char *second = valise_batch_put (batch, "b", NULL, FALSE, body, "{\"f\":{}}", &error);

  g_assert_null (valise_batch_put (batch, "a", NULL, FALSE, body, NULL, NULL));
  g_assert_true (valise_batch_commit (batch, &error));
  g_assert_no_error (error);
  reopen (fixture);
  assert_body (fixture, "a", first, "{\"a\":1}");
  {
    g_autoptr (ValiseDocument) document = get (fixture, "b", second);

    g_assert_cmpstr (document->attachments, ==, "{\"f\":{}}");
  }
}

static void
one_batch_gives_a_document_one_sequence (Fixture *fixture, gconstpointer data)
{
  ValiseBatch *batch = valise_database_begin (fixture->database, NULL);

  merge_in (batch, "a", "1-aa", "{}");
  merge_in (batch, "a", "1-bb", "{}");
  merge_in (batch, "b", "1-aa", "{}");
  merge_in (batch, "a", "1-cc", "{}");
  g_assert_true (valise_batch_commit (batch, NULL));
  g_assert_cmpint (get_seq (fixture), ==, 2);
  merge (fixture, "a", "1-dd", "{}");
  g_assert_cmpint (get_seq (fixture), ==, 3);
}

static void
history_stemmed_away_gives_no_sequence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) path = g_string_new ("1500-top");

  for (guint i = 1499; i > 0; i--)
    g_string_append_printf (path, " h%u", i);
  g_assert_cmpint (merge (fixture, "a", path->str, "{}"), ==, VALISE_MERGE_LEAF);
  g_assert_cmpint (merge (fixture, "a", path->str, "{}"), ==, VALISE_MERGE_KNOWN);
  g_assert_cmpint (get_seq (fixture), ==, 1);
  {
    g_autoptr (ValiseDocument) document = get (fixture, "a", NULL);

    g_assert_cmpuint (g_strv_length (document->ancestors), ==, VALISE_REVISION_MAX_DEPTH - 1);
  }
}

static void
bodies_survive_untouched (Fixture *fixture, gconstpointer data)
{
  static const char *const bodies[] = {
    "{\"z\":1e3,\"a\":1.0,\"m\":-0.0}",
    "{\"n\":12345678901234567890123456789012345678901234567890}",
    "{ \"b\" : [ 1 , 2 ] ,\n\"a\":\"\\u00e9\\/\" }",
    "{\"unknown\":{\"_inner\":true},\"\":\"\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *id = g_strdup_printf ("put:%u", (guint) i);
      g_autofree char *other = g_strdup_printf ("merge:%u", (guint) i);
      g_autofree char *rev = put (fixture, id, NULL, bodies[i]);

      merge (fixture, other, "1-aa", bodies[i]);
      reopen (fixture);
      assert_body (fixture, id, rev, bodies[i]);
      assert_body (fixture, other, NULL, bodies[i]);
    }
}

#define ADD(test) g_test_add ("/database/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (edit_has_the_revision_its_content_makes);
  ADD (edit_of_what_is_no_leaf_is_a_conflict);
  ADD (new_document_extends_its_tombstone);
  ADD (what_is_no_document_is_refused);
  ADD (body_past_the_limit_is_too_large);
  ADD (losing_leaf_keeps_its_body);
  ADD (deleting_the_winner_brings_back_the_other);
  ADD (known_document_is_filled_by_its_body);
  ADD (leaf_that_wins_by_what_it_brings_is_kept_once);
  ADD (batch_given_up_leaves_nothing);
  ADD (batch_and_its_checkpoint_come_together);
  ADD (document_refused_leaves_the_batch_as_it_was);
  ADD (edits_in_a_batch_are_durable_together);
  ADD (one_batch_gives_a_document_one_sequence);
  ADD (history_stemmed_away_gives_no_sequence);
  ADD (bodies_survive_untouched);

  return g_test_run ();
}
