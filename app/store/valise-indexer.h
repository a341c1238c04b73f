/* valise-indexer.h - the thread that keeps search.sqlite in step with the databases
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-reader-pool.h"
#include "valise-search-index.h"

G_BEGIN_DECLS

/* Entries came or went; on the indexer's thread. */
typedef void (*ValiseIndexerFunc) (gpointer user_data);

typedef struct
{
  const char          *path;
  guint                version;
  ValiseIndexFunc      extract;
  gpointer             extract_data;
  ValiseSearchColumns *columns;
  ValiseReaderPool    *pool; /* shut while the file is dropped */
  ValiseIndexerFunc    changed;
  gpointer             changed_data;
} ValiseIndexerParts; /* all lent for the indexer's life, @path for the call */

typedef struct _ValiseIndexer ValiseIndexer;

/* Opens or makes the file, and starts. Fails with any #ValiseDbError but CORRUPT and TOO_NEW:
 * such a file is dropped. */
ValiseIndexer *valise_indexer_new (const ValiseIndexerParts *parts,
                                   GError                  **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stops; what was read but not committed is read again next time. */
void valise_indexer_free (ValiseIndexer *self);

/* Any thread from here on. */
void            valise_indexer_add (ValiseIndexer *self, ValiseDatabase *database);
void            valise_indexer_read_files (ValiseIndexer           *self,
                                           const ValiseIndexReader *reader,
                                           ValiseIndexFiles         files,
                                           gpointer                 user_data);                      /* once */
ValiseDatabase *valise_indexer_dup_database (ValiseIndexer *self, const char *name); /* or NULL */
gboolean        valise_indexer_catch_up (ValiseIndexer *self, guint timeout_ms);
gboolean        valise_indexer_is_behind (ValiseIndexer *self);

/* Waits until nothing is left to be merged, either, or @timeout_ms passed: FALSE then. */
gboolean valise_indexer_wait_tidy (ValiseIndexer *self, guint timeout_ms);

/* Waits until the columns are what the file has. */
void valise_indexer_wait_loaded (ValiseIndexer *self);

/* A reader found the file damaged: drops it and begins again. */
void valise_indexer_rebuild (ValiseIndexer *self);

G_END_DECLS
