/* first-files.h - a file store as the first schema has it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-db-parts.h"
#include "valise-file-store.h"

#define FIRST_FILES 4
#define FIRST_BYTES 100000 /* of each file: two chunks */

/* Of file @number: all zeros, each a byte longer than the one before. */
static inline GBytes *
first_files_bytes (guint number)
{
  return g_bytes_new_take (g_malloc0 (FIRST_BYTES + number), FIRST_BYTES + number);
}

static inline char *
first_files_digest (guint number)
{
  g_autoptr (GBytes) bytes = first_files_bytes (number);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static inline void
first_files_write (const char *path)
{
  g_autofree char *script =
      g_build_filename (g_getenv ("VALISE_DATA"), "sql", "files-0001.sql", NULL);
  g_autofree char     *sql = NULL;
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db =
      valise_db_open (path, VALISE_DB_WRITER | VALISE_DB_CREATE, 1000, &error);

  g_assert_no_error (error);
  g_file_get_contents (script, &sql, NULL, &error);
  g_assert_no_error (error);
  valise_db_accept (db, &error);
  g_assert_no_error (error);
  valise_db_execute (db, sql, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < FIRST_FILES; i++)
    {
      g_autofree char *digest = first_files_digest (i);
      g_autofree char *insert = g_strdup_printf (
          "INSERT INTO file VALUES (%u, '%s', %u, %u, 1);"
          "INSERT INTO chunk VALUES (%u, 0, zeroblob (65536)), (%u, 1, zeroblob (%u))",
          i + 1, digest, FIRST_BYTES + i, FIRST_BYTES + i, i + 1, i + 1, FIRST_BYTES + i - 65536);

      valise_db_execute (db, insert, &error);
      g_assert_no_error (error);
    }
  valise_db_execute (db, "PRAGMA application_id = 0x564c4653; PRAGMA user_version = 1", &error);
  g_assert_no_error (error);
}
