/* valise-backup.h - a folder's record in one file, and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Of an account's folder or of the secretariat's, while programs use it. A backup is an
 * archive (valise-archive.h) whose first part is `backup.json`: {"made": TIME, "state": TEXT,
 * "databases": [{"name", "uuid", "update_seq"}, …]}; then come copies of the databases, each
 * one moment and read whole, and the folder's other files. Left out: what is derived
 * (search.sqlite), what is of this machine (lock, control, identity, journal, backups,
 * damaged), and an account's password and device key (secrets.json): those never travel, so
 * that a copy cannot write in another's name. The secretariat's keys are in its backup: guard
 * it as you guard the folder.
 */

#pragma once

#include "valise-archive.h"

G_BEGIN_DECLS

typedef enum
{
  VALISE_BACKUP_WHOLE = 0,
  VALISE_BACKUP_WITHOUT_FILES = 1 << 0, /* files.sqlite, whose bytes can be fetched again */
} ValiseBackupFlags;

typedef struct
{
  guint  databases;
  guint  files; /* others */
  gint64 bytes; /* of the backup */
} ValiseBackupReport;

/* Writes @file whole, or not at all. Blocks; any thread. Fails with any #ValiseDbError,
 * %VALISE_DB_ERROR_CORRUPT where a database is damaged, or any #GIOError. */
gboolean valise_backup_write (const char         *folder,
                              const char         *file,
                              ValiseBackupFlags   flags,
                              GCancellable       *cancellable,
                              ValiseBackupReport *report,
                              GError            **error);

/* @bytes: (out): what of @folder a backup takes, about: the logs of databases aside. */
gboolean valise_backup_measure (const char       *folder,
                                ValiseBackupFlags flags,
                                guint64          *bytes,
                                GError          **error);

/* Reads @file whole: every digest, and every database opened and read (quick_check), in a
 * folder beside it that is then removed. Fails with #ValiseArchiveError, #ValiseDbError. */
gboolean valise_backup_check (const char *file, GCancellable *cancellable, GError **error);

/* Puts @file in the place of @folder. What was there goes to @aside, but for the parts @carry
 * (NULL-terminated names of files and folders), which are copied into the new one. At every
 * moment @folder is whole: what was, or what the backup has. Who opens it then finds that it
 * is a copy (valise-identity.h). Nobody may have @folder open. Fails as valise_backup_check()
 * does; then @folder is as it was. */
gboolean valise_backup_restore (const char        *file,
                                const char        *folder,
                                const char        *aside,
                                const char *const *carry,
                                GError           **error);

/* `backup.json`, without reading on. */
char *valise_backup_read_about (const char *file, GError **error);

/* What the databases of @folder hold now, in a word that changes with it; as "state" has it. */
char *valise_backup_make_state (const char *folder, GError **error);

G_END_DECLS
