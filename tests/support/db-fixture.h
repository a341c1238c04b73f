/* db-fixture.h - one file of SQLite, opened and asked in a line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib/gstdio.h>

#include "valise-db.h"

typedef struct
{
  char     *root;
  char     *path;
  ValiseDb *db;
} Fixture;

static inline ValiseDb *
open_db (Fixture *fixture, ValiseDbFlags flags)
{
  g_autoptr (GError) error = NULL;
  ValiseDb          *db = valise_db_open (fixture->path, flags, 100, &error);

  g_assert_no_error (error);
  return db;
}

static inline void
execute (ValiseDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  valise_db_execute (db, sql, &error);
  g_assert_no_error (error);
}

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "t.sqlite", NULL);
  fixture->db = open_db (fixture, VALISE_DB_WRITER | VALISE_DB_CREATE);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  static const char *const suffixes[] = { "-wal", "-shm", "" };

  g_clear_pointer (&fixture->db, valise_db_close);
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      (void) g_unlink (path);
    }
  g_assert_no_errno (g_rmdir (fixture->root));
  g_free (fixture->path);
  g_free (fixture->root);
}

static inline gint64
read_number (ValiseDb *db, const char *sql)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (db, sql);

  g_assert_cmpint (valise_stmt_step (stmt, &error), ==, VALISE_STEP_ROW);
  return valise_stmt_get_int64 (stmt, 0);
}
