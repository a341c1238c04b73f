/* valise-salvage.h - a database again, from what can still be read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ladder (SYNC, "SQLite practice"): the newest sound backup, then every row of the damaged
 * file that proves itself, then the edits of the journal; what is still missing the server has,
 * and the new file's epoch makes every replication begin anew. A row proves itself by its
 * revision, which is the digest of what it says; one whose revision another program made is
 * kept as known and not here, so that it is fetched again.
 *
 * The damaged file stays, in FOLDER/damaged/. The new one is built beside it, and takes its
 * place by steps that the next program to open the folder finishes, should this one be killed.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The name that stands for the files, which are salvaged as valise-file-salvage.h says. */
#define VALISE_SALVAGE_FILES "files"

typedef struct
{
  char  backup[40]; /* when the backup was made, as in "2026-11-27T03:33:06Z"; "": none served */
  guint documents;  /* in the new file */
  guint rows;       /* documents read from the damaged file */
  guint doubtful;   /* of these, leaves without proof: to be fetched again */
  guint edits;      /* from the journal */
} ValiseSalvageReport;

/* Nobody has the file FOLDER/NAME.sqlite open. Blocks. Fails with any #ValiseDbError or
 * %G_IO_ERROR where the disk does not allow it; then the damaged file is where it was. */
gboolean valise_salvage_database (const char          *folder,
                                  const char          *name,
                                  ValiseSalvageReport *report,
                                  GError             **error);

/* Finishes what a killed program began, before NAME is opened. */
gboolean valise_salvage_finish (const char *folder, const char *name, GError **error);

/* The backups in FOLDER/backups, newest first (transfer full). */
char **valise_salvage_list_backups (const char *folder);

G_END_DECLS
