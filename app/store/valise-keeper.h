/* valise-keeper.h - backups that are made by themselves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * FOLDER/backups/YYYYMMDD-HHMMSS.backup (see valise-backup.h), at most one a day and only where
 * something changed; kept are the newest seven days' and, of the weeks before, four weeks'.
 * Each is read whole and its databases opened before it counts. Without the bytes of files,
 * which can be fetched again. On a thread of its own, of low priority.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ValiseKeeper ValiseKeeper;

/* @about: `backup.json` of a backup that was verified; or %NULL: none could be made, for a database
 * is damaged, which this is the day to mend. On the keeper's thread. */
typedef void (*ValiseKeptFunc) (const char *about, gpointer user_data);

/* Looks after @first_s seconds, then every hour. @kept: (nullable). */
ValiseKeeper *valise_keeper_start (const char    *folder,
                                   guint          first_s,
                                   ValiseKeptFunc kept,
                                   gpointer       user_data);
/* Gives up what is under way, and returns when the thread has ended. */
void valise_keeper_stop (ValiseKeeper *self);

/* One look, at @now_us (µs since 1970). @made: (out): the backup, or %NULL where none was due.
 * Blocks. Fails as valise_backup_write() and valise_backup_check() do; then nothing is left of
 * it; and with %VALISE_DB_ERROR_FULL where the disk has not three times the room of what goes
 * into it. */
gboolean valise_keeper_run (const char   *folder,
                            gint64        now_us,
                            GCancellable *cancellable,
                            char        **made,
                            GError      **error);

G_END_DECLS
