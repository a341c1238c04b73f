/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>
#include <string.h>

#include "valise-canonical.h"
#include "valise-database.h"
#include "valise-db.h"

typedef struct
{
  char           *root;
  char           *path;
  ValiseDatabase *database;
} Fixture;

static void
open_database (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->database = valise_database_open (fixture->path, "public", TRUE, &error);
  g_assert_no_error (error);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "public.sqlite", NULL);
  open_database (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  if (fixture->database != NULL)
    g_assert_finalize_object (fixture->database);
  g_assert_no_errno (g_unlink (fixture->path)); /* closed last, it has left no log */
  g_assert_no_errno (g_rmdir (fixture->root));
  g_free (fixture->path);
  g_free (fixture->root);
}

static void
reopen (Fixture *fixture)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->database));
  open_database (fixture);
}

static char *
try_put (Fixture *fixture, const char *id, const char *parent, const char *text, GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return valise_database_put (fixture->database, id, parent, FALSE, body, NULL, error);
}

static char *
put (Fixture *fixture, const char *id, const char *parent, const char *text)
{
  g_autoptr (GError) error = NULL;
  char              *rev = try_put (fixture, id, parent, text, &error);

  g_assert_no_error (error);
  return rev;
}

static char *delete (Fixture *fixture, const char *id, const char *parent)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  char *rev = valise_database_put (fixture->database, id, parent, TRUE, body, NULL, &error);

  g_assert_no_error (error);
  return rev;
}

/* @path: "N-hash hash hash…", the revision and its ancestors; @text NULL: known, not here. */
static ValiseMerge
merge_full (Fixture    *fixture,
            const char *id,
            const char *path,
            gboolean    deleted,
            const char *text,
            gint64      size)
{
  g_autoptr (GError)         error = NULL;
  g_auto (GStrv)             words = g_strsplit (path, " ", -1);
  g_autoptr (GBytes)         body = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
  g_autoptr (ValiseDocument) document = valise_document_new (id, words[0], deleted, body);
  ValiseBatch               *batch = valise_database_begin (fixture->database, &error);
  ValiseMerge                merge = VALISE_MERGE_KNOWN;

  g_assert_no_error (error);
  document->ancestors = g_strdupv (words + 1);
  if (text == NULL)
    document->size = size;
  valise_batch_merge (batch, document, &merge, &error);
  g_assert_no_error (error);
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
  return merge;
}

static ValiseMerge
merge (Fixture *fixture, const char *id, const char *path, const char *text)
{
  return merge_full (fixture, id, path, FALSE, text, 0);
}

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

static gint64
get_seq (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabaseInfo info = { 0 };

  valise_database_get_info (fixture->database, &info, &error);
  g_assert_no_error (error);
  return info.update_seq;
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

/* --- questions ----------------------------------------------------------------------- */

static gboolean
collect_cb (const ValiseChange *change, gpointer user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%s%s%s", text->len > 0 ? " " : "", change->id,
                          change->deleted ? "!" : "");
  for (guint i = 1; i < change->leaves->len; i++)
    g_string_append_c (text, '+');
  if (change->document != NULL)
    g_string_append_printf (text, "=%" G_GSIZE_FORMAT, g_bytes_get_size (change->document->body));
  return !g_str_has_suffix (change->id, "stop");
}

static void
assert_changes (Fixture           *fixture,
                gint64             since,
                guint              limit,
                ValiseChangesFlags flags,
                const char        *expected,
                gint64             expected_last,
                gint64             expected_pending)
{
  g_autoptr (GError)  error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gint64              last_seq = -1;
  gint64              pending = -1;

  valise_database_changes (fixture->database, since, limit, flags, collect_cb, text, &last_seq,
                           &pending, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, expected);
  g_assert_cmpint (last_seq, ==, expected_last);
  g_assert_cmpint (pending, ==, expected_pending);
}

static void
feed_gives_each_document_at_its_last_change (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = put (fixture, "a", NULL, "{}");
  g_autofree char *b = put (fixture, "b", NULL, "{\"b\":1}");
  g_autofree char *c = put (fixture, "c", NULL, "{}");
  g_autofree char *a2 = put (fixture, "a", a, "{\"a\":22}");
  g_autofree char *c2 = delete (fixture, "c", c);

  merge (fixture, "b", "1-00", "{}");

  assert_changes (fixture, 0, 0, 0, "a c! b", 6, 0);
  assert_changes (fixture, 0, 2, 0, "a c!", 5, 1);
  assert_changes (fixture, 5, 0, 0, "b", 6, 0);
  assert_changes (fixture, 6, 0, 0, "", 6, 0);
  assert_changes (fixture, 99, 0, 0, "", 99, 0);
  assert_changes (fixture, 0, 0, VALISE_CHANGES_ALL_LEAVES, "a c! b+", 6, 0);
  assert_changes (fixture, 0, 0, VALISE_CHANGES_DOCUMENTS, "a=8 c!=2 b=7", 6, 0);
  assert_changes (fixture, 0, 1, VALISE_CHANGES_DESCENDING, "b", 6, 2);
  assert_changes (fixture, 4, 0, VALISE_CHANGES_DESCENDING | VALISE_CHANGES_ALL_LEAVES, "b+ c!", 6,
                  0);
}

static void
feed_stops_when_told (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = put (fixture, "a", NULL, "{}");
  g_autofree char *b = put (fixture, "b-stop", NULL, "{}");
  g_autofree char *c = put (fixture, "c", NULL, "{}");

  assert_changes (fixture, 0, 0, 0, "a b-stop", 2, 1);
}

/* Reads the database from within its feed, as the replicator does. */
static gboolean
read_inside_cb (const ValiseChange *change, gpointer user_data)
{
  g_autoptr (ValiseDocument) document = valise_database_get (user_data, change->id, NULL, NULL);

  g_assert_nonnull (document);
  g_assert_cmpint (document->seq, ==, change->seq);
  return TRUE;
}

static void
feed_may_be_left_to_read (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = put (fixture, "a", NULL, "{}");
  g_autofree char *b = put (fixture, "b", NULL, "{}");

  g_assert_true (valise_database_changes (fixture->database, 0, 0, 0, read_inside_cb,
                                          fixture->database, NULL, NULL, NULL));
}

static void
list_is_by_id_without_the_deleted (Fixture *fixture, gconstpointer data)
{
  static const char *const ids[] = { "text:b", "paper:1", "text:a", "paper:2", "texu" };
  static const struct
  {
    const char        *start, *end;
    guint              limit;
    ValiseChangesFlags flags;
    const char        *expected;
  } cases[] = {
    { NULL, NULL, 0, 0, "paper:1 text:a text:b texu" },
    { "text:", "text:\xef\xbf\xbf", 0, 0, "text:a text:b" },
    { "text:a", "text:a", 0, 0, "text:a" },
    { "paper:", NULL, 2, 0, "paper:1 text:a" },
    { NULL, NULL, 2, VALISE_CHANGES_DESCENDING, "texu text:b" },
    { "text:", NULL, 1, VALISE_CHANGES_DOCUMENTS, "text:a=2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *rev = put (fixture, ids[i], NULL, "{}");

      if (g_str_equal (ids[i], "paper:2"))
        g_free (delete (fixture, ids[i], rev));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)  error = NULL;
      g_autoptr (GString) text = g_string_new (NULL);

      valise_database_list (fixture->database, cases[i].start, cases[i].end, cases[i].limit,
                            cases[i].flags, collect_cb, text, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text->str, ==, cases[i].expected);
    }
}

static void
diff_names_what_is_missing (Fixture *fixture, gconstpointer data)
{
  static const char *const revs[] = { "1-aa", "3-xx", "2-bb", "2-yy", NULL };
  g_autoptr (GError)       error = NULL;
  g_auto (GStrv)           missing = NULL;
  g_auto (GStrv)           ancestors = NULL;

  merge (fixture, "a", "2-bb aa", "{}");
  merge (fixture, "a", "5-zz", "{}");
  missing = valise_database_diff (fixture->database, "a", revs, &ancestors, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (missing, ((const char *[]){ "3-xx", "2-yy", NULL }));
  g_assert_cmpstrv (ancestors, ((const char *[]){ "2-bb", NULL }));

  g_clear_pointer (&missing, g_strfreev);
  g_clear_pointer (&ancestors, g_strfreev);
  missing = valise_database_diff (fixture->database, "none", revs, &ancestors, &error);
  g_assert_cmpuint (g_strv_length (missing), ==, 4);
  g_assert_null (ancestors);
  g_assert_null (valise_database_diff (fixture->database, "a", (const char *[]){ "2-bb", NULL },
                                       &ancestors, &error));
  g_assert_no_error (error);
  g_assert_null (
      valise_database_diff (fixture->database, "a", (const char *[]){ "bb", NULL }, NULL, &error));
  g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_BAD_REVISION);
}

static void
latest_gives_the_leaves_of_a_branch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) of_a = NULL;
  g_autoptr (GPtrArray) of_leaf = NULL;
  g_autoptr (GPtrArray) of_none = NULL;

  merge (fixture, "a", "3-cc bb aa", "{\"n\":\"cc\"}");
  merge (fixture, "a", "2-xx aa", "{\"n\":\"xx\"}");
  merge (fixture, "a", "1-yy", "{}");
  of_a = valise_database_get_latest (fixture->database, "a", "1-aa", NULL);
  g_assert_cmpuint (of_a->len, ==, 2);
  g_assert_cmpstr (((ValiseDocument *) of_a->pdata[0])->rev, ==, "3-cc");
  g_assert_cmpstr (((ValiseDocument *) of_a->pdata[1])->rev, ==, "2-xx");
  of_leaf = valise_database_get_latest (fixture->database, "a", "1-yy", NULL);
  g_assert_cmpuint (of_leaf->len, ==, 1);
  of_none = valise_database_get_latest (fixture->database, "b", "1-yy", NULL);
  g_assert_cmpuint (of_none->len, ==, 0);
}

static void
local_documents_count_their_revisions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *first = valise_database_put_local (fixture->database, "x", "{}", &error);
  g_autofree char *second = valise_database_put_local (fixture->database, "x", "{\"a\":1}", &error);
  g_autofree char *rev = NULL;
  g_autofree char *body = NULL;

  g_assert_cmpstr (first, ==, "0-1");
  g_assert_cmpstr (second, ==, "0-2");
  reopen (fixture);
  body = valise_database_get_local (fixture->database, "x", &rev, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (body, ==, "{\"a\":1}");
  g_assert_cmpstr (rev, ==, "0-2");
  g_assert_cmpint (get_seq (fixture), ==, 0);

  g_assert_true (valise_database_delete_local (fixture->database, "x", &error));
  g_assert_false (valise_database_delete_local (fixture->database, "x", &error));
  g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (valise_database_get_local (fixture->database, "x", NULL, &error));
  g_assert_error (error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING);
}

static void
file_keeps_its_epoch (Fixture *fixture, gconstpointer data)
{
  ValiseDatabaseInfo before = { 0 };
  ValiseDatabaseInfo after = { 0 };

  g_assert_true (valise_database_get_info (fixture->database, &before, NULL));
  reopen (fixture);
  g_assert_true (valise_database_get_info (fixture->database, &after, NULL));
  g_assert_cmpstr (before.uuid, ==, after.uuid);
  g_assert_cmpuint (strlen (before.uuid), ==, 32);
  g_assert_cmpint (before.created_us, ==, after.created_us);
  g_assert_cmpint (after.size, >, 0);
}

/* --- being told ---------------------------------------------------------------------- */

static void
count_cb (ValiseDatabase *database, gpointer user_data)
{
  g_atomic_int_inc ((int *) user_data);
}

static void
many_writes_are_announced_once (Fixture *fixture, gconstpointer data)
{
  int count = 0;

  g_signal_connect (fixture->database, "changed", G_CALLBACK (count_cb), &count);
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *id = g_strdup_printf ("a:%u", i);
      g_autofree char *rev = put (fixture, id, NULL, "{}");
    }
  g_assert_cmpint (count, ==, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (count, ==, 1);

  g_free (valise_database_put_local (fixture->database, "x", "{}", NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (count, ==, 1);
  merge (fixture, "b", "1-aa", "{}");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (count, ==, 2);
}

static void
watch_is_called_without_a_main_loop (Fixture *fixture, gconstpointer data)
{
  int   count = 0;
  guint watch = valise_database_watch (fixture->database, count_cb, &count);

  merge (fixture, "a", "1-aa", "{}");
  g_assert_cmpint (count, ==, 1);
  merge (fixture, "a", "1-aa", "{}");
  g_assert_cmpint (count, ==, 1);
  valise_database_unwatch (fixture->database, watch);
  merge (fixture, "a", "1-bb", "{}");
  g_assert_cmpint (count, ==, 1);
}

static void
closed_database_answers_with_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  valise_database_close (fixture->database);
  valise_database_close (fixture->database);
  g_assert_null (valise_database_get (fixture->database, "a", NULL, &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
  g_clear_error (&error);
  g_assert_null (try_put (fixture, "a", NULL, "{}", &error));
  g_assert_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE);
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
  ADD (batch_given_up_leaves_nothing);
  ADD (batch_and_its_checkpoint_come_together);
  ADD (document_refused_leaves_the_batch_as_it_was);
  ADD (edits_in_a_batch_are_durable_together);
  ADD (one_batch_gives_a_document_one_sequence);
  ADD (history_stemmed_away_gives_no_sequence);
  ADD (bodies_survive_untouched);
  ADD (feed_gives_each_document_at_its_last_change);
  ADD (feed_stops_when_told);
  ADD (feed_may_be_left_to_read);
  ADD (list_is_by_id_without_the_deleted);
  ADD (diff_names_what_is_missing);
  ADD (latest_gives_the_leaves_of_a_branch);
  ADD (local_documents_count_their_revisions);
  ADD (file_keeps_its_epoch);
  ADD (many_writes_are_announced_once);
  ADD (watch_is_called_without_a_main_loop);
  ADD (closed_database_answers_with_errors);

  return g_test_run ();
}
