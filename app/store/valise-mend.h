/* valise-mend.h - opens a database, and makes it whole again where it is damaged
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-home. Damage is found when a file is opened (by its header, or by quick_check
 * where the last program did not close it) or when a page is read; then valise-salvage.h is
 * asked, and what it did is added to FOLDER/incident, a line of JSON each, until the user has
 * seen it.
 */

#pragma once

#include "valise-database.h"
#include "valise-file-store.h"
#include "valise-salvage.h"

G_BEGIN_DECLS

/* What was done, in the form that the file has. */
typedef struct
{
  char  *database;
  char  *backup; /* when the backup that was used was made; NULL: there was none */
  gint64 at_us;  /* when it was done */
  gint64 documents;
  gint64 edits; /* that the journal gave back */
  gint64 again; /* leaves or files that are to be fetched again */
} ValiseIncident;

/* Of files.sqlite `database` is %VALISE_SALVAGE_FILES, and its documents are files. */

void valise_incident_free (ValiseIncident *self);

/* (element-type ValiseIncident): what the user has not seen yet, oldest first. */
GPtrArray *valise_incident_list (const char *folder);
void       valise_incident_clear (const char *folder); /* they were seen */

/* Told when a running program mended a file; any thread. */
typedef void (*ValiseMendFunc) (gpointer user_data);

/* @journal: (nullable): the journal's file. @func: (nullable). Fails as
 * valise_database_open(), and with %VALISE_DB_ERROR_CORRUPT where mending did not help. */
ValiseDatabase *valise_mend_open (const char    *folder,
                                  const char    *name,
                                  gboolean       create,
                                  const char    *journal,
                                  ValiseMendFunc func,
                                  gpointer       user_data,
                                  GError       **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of the files of FOLDER, which are made where there are none. */
ValiseFileStore *valise_mend_open_files (const char    *folder,
                                         ValiseMendFunc func,
                                         gpointer       user_data,
                                         GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
