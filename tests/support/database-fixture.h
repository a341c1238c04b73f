/* database-fixture.h - one database in a folder of its own, written and read in a line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib/gstdio.h>
#include <string.h>

#include "valise-database.h"

typedef struct
{
  char           *root;
  char           *path;
  ValiseDatabase *database;
} Fixture;

static inline void
open_database (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->database = valise_database_open (fixture->path, "public", TRUE, &error);
  g_assert_no_error (error);
}

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "public.sqlite", NULL);
  open_database (fixture);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  if (fixture->database != NULL)
    g_assert_finalize_object (fixture->database);
  g_assert_no_errno (g_unlink (fixture->path)); /* closed last, it has left no log */
  g_assert_no_errno (g_rmdir (fixture->root));
  g_free (fixture->path);
  g_free (fixture->root);
}

static inline void
reopen (Fixture *fixture)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->database));
  open_database (fixture);
}

static inline char *
try_put (Fixture *fixture, const char *id, const char *parent, const char *text, GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return valise_database_put (fixture->database, id, parent, FALSE, body, NULL, error);
}

static inline char *
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
static inline ValiseMerge
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

static inline ValiseMerge
merge (Fixture *fixture, const char *id, const char *path, const char *text)
{
  return merge_full (fixture, id, path, FALSE, text, 0);
}

static inline gint64
get_seq (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabaseInfo info = { 0 };

  valise_database_get_info (fixture->database, &info, &error);
  g_assert_no_error (error);
  return info.update_seq;
}
