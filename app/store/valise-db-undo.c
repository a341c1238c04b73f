/* valise-db-undo.c - a file whose making was cut short
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <sqlite3.h>

#include "valise-db-parts.h"

void
valise_db_undo (const char *path, guint timeout_ms)
{
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);
  sqlite3         *handle = NULL;

  if (!g_file_test (journal, G_FILE_TEST_EXISTS))
    return;

  /* To read it in a connection that may write undoes what it names. */
  if (sqlite3_open_v2 (path, &handle, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL)
      == SQLITE_OK)
    {
      sqlite3_db_config (handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
      sqlite3_busy_timeout (handle, (int) MIN (timeout_ms, G_MAXINT));
      sqlite3_exec (handle, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
    }
  sqlite3_close (handle);
}
