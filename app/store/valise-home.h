/* valise-home.h - one account's folder: its databases, files, index, and the lock on them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     DIR/NAME.sqlite  a database     DIR/files.sqlite   file bytes
 *     DIR/search.sqlite  the index    DIR/lock           held while open; names the holder
 *     DIR/journal/NAME.edits  edits of NAME not yet acknowledged
 *     DIR/backups/       see valise-keeper.h         DIR/damaged/       see valise-salvage.h
 *     DIR/identity       see valise-identity.h       DIR/incident       see valise-mend.h
 *
 * The secretariat's server keeps its folder the same way.
 */

#pragma once

#include "valise-database.h"
#include "valise-file-store.h"
#include "valise-mend.h"
#include "valise-search-index.h"

G_BEGIN_DECLS

#define VALISE_HOME_ERROR (valise_home_error_quark ())

/**
 * ValiseHomeError:
 * @VALISE_HOME_ERROR_LOCKED: another program has the folder open; the message names its pid
 * @VALISE_HOME_ERROR_NO_DATABASE: no such database, and not asked to make one
 * @VALISE_HOME_ERROR_BAD_NAME: not a name for a database: [a-z][a-z0-9_$()+-]*, ≤ 200
 */
typedef enum
{
  VALISE_HOME_ERROR_LOCKED,
  VALISE_HOME_ERROR_NO_DATABASE,
  VALISE_HOME_ERROR_BAD_NAME,
} ValiseHomeError;

GQuark valise_home_error_quark (void);

#define VALISE_TYPE_HOME (valise_home_get_type ())

G_DECLARE_FINAL_TYPE (ValiseHome, valise_home, VALISE, HOME, GObject)

/* Makes @directory (mode 0700) where it is missing, and takes its lock. */
ValiseHome *valise_home_open (const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes all; safe to call twice. */
void valise_home_close (ValiseHome *self);

const char *valise_home_get_directory (ValiseHome *self);

/* Every database opened from now on keeps a journal of the edits made here: for a laptop,
 * whose server acknowledges them. To be called before any is open. */
void valise_home_keep_journals (ValiseHome *self);

/* Told when a database that is open was damaged and has been mended; one that is damaged when
 * it is opened is mended without. */
void valise_home_watch_mending (ValiseHome *self, ValiseMendFunc func, gpointer user_data);

/* Reads the pages of every file (quick_check), and has what is damaged mended. Blocks, in
 * proportion to what is there; any thread but one that reads or writes here. */
void valise_home_look_for_damage (ValiseHome *self);

/* Whether the folder was last used in another place or on another machine: it was restored,
 * copied, or moved. Until it is settled. */
gboolean valise_home_is_copy (ValiseHome *self);
gboolean valise_home_settle (ValiseHome *self, GError **error);

/* Returns: (transfer full): opened, or the one already open. Any thread. */
ValiseDatabase *valise_home_get_database (ValiseHome *self,
                                          const char *name,
                                          gboolean    create,
                                          GError    **error);
gboolean        valise_home_delete_database (ValiseHome *self, const char *name, GError **error);
char          **valise_home_list_databases (ValiseHome *self); /* sorted names */

ValiseFileStore *valise_home_get_files (ValiseHome *self, GError **error); /* transfer none */

/* Files' words are found, too: @reader, which outlives the home, reads them. To be called before
 * the index is started. */
void valise_home_set_reader (ValiseHome *self, const ValiseIndexReader *reader);

/* Opens search.sqlite and follows every database open now or later. */
ValiseSearchIndex *valise_home_start_index (ValiseHome     *self,
                                            guint           version,
                                            ValiseIndexFunc func,
                                            gpointer        user_data,
                                            GError        **error); /* transfer none */
ValiseSearchIndex *valise_home_get_index (ValiseHome *self); /* NULL before */

G_END_DECLS
