/* bulk-insert.c - the floor of storing: the same lines into one table of SQLite's, at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: bulk-insert FILE DATABASE. FILE is an answer of _all_docs?include_docs=true, a row a
 * line. One transaction, WAL, flushed at its end. Prints {"rows", "milliseconds"}.
 */

#include "config.h"

#include <gio/gio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW "{\"id\":\""

static void
run (sqlite3 *db, const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
}

/* One row of the answer; FALSE where the line is none. */
static gboolean
insert (sqlite3_stmt *stmt, const char *line, gsize length)
{
  const char *id = line + strlen (ROW);
  const char *end = NULL;

  if (length < strlen (ROW) || memcmp (line, ROW, strlen (ROW)) != 0)
    return FALSE;
  end = memchr (id, '"', length - strlen (ROW));
  if (end == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, id, (int) (end - id), SQLITE_STATIC);
  sqlite3_bind_blob (stmt, 2, line, (int) length, SQLITE_STATIC);
  if (sqlite3_step (stmt) != SQLITE_DONE || sqlite3_reset (stmt) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (sqlite3_db_handle (stmt)));
  return TRUE;
}

static guint
insert_all (sqlite3 *db, GMappedFile *file)
{
  const char   *at = g_mapped_file_get_contents (file);
  const char   *end = at + g_mapped_file_get_length (file);
  sqlite3_stmt *stmt = NULL;
  guint         rows = 0;

  run (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
           "CREATE TABLE document (id TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID; BEGIN;");
  if (sqlite3_prepare_v2 (db, "INSERT INTO document VALUES (?, ?)", -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  while (at < end)
    {
      const char *next = memchr (at, '\n', (gsize) (end - at));
      gsize       length = (gsize) ((next != NULL ? next : end) - at);

      rows += insert (stmt, at, length);
      at += length + 1;
    }
  sqlite3_finalize (stmt);
  run (db, "COMMIT");
  return rows;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (GMappedFile) file = argc == 3 ? g_mapped_file_new (argv[1], FALSE, &error) : NULL;
  sqlite3                *db = NULL;
  gint64                  start = g_get_monotonic_time ();
  guint                   rows = 0;

  if (file == NULL || sqlite3_open (argv[2], &db) != SQLITE_OK)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "usage: bulk-insert FILE DATABASE");
      return EXIT_FAILURE;
    }
  rows = insert_all (db, file);
  g_print ("{\"rows\":%u,\"milliseconds\":%.1f}\n", rows,
           (double) (g_get_monotonic_time () - start) / 1000);
  sqlite3_close (db);
  return EXIT_SUCCESS;
}
