/* search-fixture.h - a database, its search index, and what a search finds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <string.h>

#include "folder.h"
#include "index-fixture.h"

#define PATIENCE_MS 20000

typedef struct
{
  char              *root;
  char              *path; /* of search.sqlite */
  ValiseDatabase    *database;
  ValiseSearchIndex *index;
} Fixture;

static inline ValiseDatabase *
open_database (Fixture *fixture, const char *name)
{
  g_autofree char   *file = g_strconcat (name, ".sqlite", NULL);
  g_autofree char   *path = g_build_filename (fixture->root, file, NULL);
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_database_open (path, name, TRUE, &error);

  g_assert_no_error (error);

  return database;
}

static inline void
open_index (Fixture *fixture, guint version)
{
  g_autoptr (GError) error = NULL;

  fixture->index =
      valise_search_index_open (fixture->path, version, extract_test_entry, NULL, &error);
  g_assert_no_error (error);
  valise_search_index_add (fixture->index, fixture->database);
}

static inline void
close_index (Fixture *fixture)
{
  valise_search_index_close (fixture->index);
  g_assert_finalize_object (g_steal_pointer (&fixture->index));
}

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "search.sqlite", NULL);
  fixture->database = open_database (fixture, "public");
  open_index (fixture, 1);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  close_index (fixture);
  g_assert_finalize_object (fixture->database);
  remove_folder (fixture->root);
  g_free (fixture->path);
  g_free (fixture->root);
}

/* Writes @text, a JSON object with ' for ", over what is there. */
static inline void
put_in (ValiseDatabase *database, const char *id, const char *text)
{
  g_autofree char           *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GBytes)         body = g_bytes_new (json, strlen (json));
  g_autoptr (ValiseDocument) old = valise_database_get (database, id, NULL, NULL);
  g_autoptr (GError)         error = NULL;
  g_autofree char           *rev =
      valise_database_put (database, id, old == NULL ? NULL : old->rev, FALSE, body, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rev);
}

static inline void
put (Fixture *fixture, const char *id, const char *text)
{
  put_in (fixture->database, id, text);
}

static inline void
delete_text (Fixture *fixture, const char *id)
{
  g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
  g_autoptr (ValiseDocument) old = valise_database_get (fixture->database, id, NULL, NULL);
  g_autoptr (GError)         error = NULL;
  g_autofree char           *rev =
      valise_database_put (fixture->database, id, old->rev, TRUE, body, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rev);
}

/* As it comes from a peer: known by its id and revision, @body NULL: not here. */
static inline void
merge (Fixture *fixture, const char *id, const char *text)
{
  g_autoptr (GBytes)         body = text == NULL ? NULL : g_bytes_new (text, strlen (text));
  g_autoptr (ValiseDocument) document =
      valise_document_new (id, "1-0123456789abcdef0123456789abcdef", FALSE, body);
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (fixture->database, &error);

  g_assert_no_error (error);
  document->size = text == NULL ? 1234 : (gint64) strlen (text);
  valise_batch_merge (batch, document, NULL, &error);
  g_assert_no_error (error);
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
}

static inline void
catch_up (Fixture *fixture)
{
  g_assert_true (valise_search_index_catch_up (fixture->index, PATIENCE_MS));
}

static inline GPtrArray *
search_with (Fixture *fixture, const char *query, const ValiseIndexFilter *filter)
{
  g_autoptr (GError) error = NULL;
  guint              total = 0;
  GPtrArray         *hits =
      valise_search_index_search (fixture->index, query, filter, 0, &total, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (total, <=, hits->len);
  g_assert_cmpint (total > 0, ==, hits->len > 0);

  return hits;
}

/* The ids found, best first, by spaces. */
static inline void
assert_finds_with (Fixture                 *fixture,
                   const char              *query,
                   const ValiseIndexFilter *filter,
                   const char              *expected)
{
  g_autoptr (GPtrArray) hits = search_with (fixture, query, filter);
  g_autoptr (GString)   ids = g_string_new (NULL);

  for (guint i = 0; i < hits->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            ((ValiseHit *) hits->pdata[i])->record->id);
  g_assert_cmpstr (ids->str, ==, expected);
}

static inline void
assert_finds (Fixture *fixture, const char *query, const char *expected)
{
  assert_finds_with (fixture, query, NULL, expected);
}

static inline void
put_text (Fixture *fixture, const char *id, const char *language, const char *text)
{
  g_autofree char *json = g_strdup_printf ("{'type':'text','group':'%s','language':'%s',"
                                           "'paragraphs':[{'key':'k','number':'1','text':'%s'}]}",
                                           id, language, text);

  put (fixture, id, json);
}
