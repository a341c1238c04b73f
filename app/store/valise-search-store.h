/* valise-search-store.h - the tables of search.sqlite
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-search-fts.h"
#include "valise-words.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseDb        *db;
  ValiseSearchFts *fts;
  gint64           place; /* of a writer: the last one given */
} ValiseSearchStore;      /* one connection, one thread at a time */

/* A reader, or with @writer the one that writes and makes the file. @version: of the
 * extractor's meaning. Fails with any #ValiseDbError; %VALISE_DB_ERROR_CORRUPT also where the
 * file is not what this Valise and this @version would make: it is to be dropped. */
ValiseSearchStore *valise_search_store_open (const char *path,
                                             gboolean    writer,
                                             guint       version,
                                             GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void               valise_search_store_close (ValiseSearchStore *self);

/* --- writing, between begin and commit ------------------------------------------------- */

/* How far @database is indexed: 0 where it never was, or was another file of that name, whose
 * entries are then gone; their places are added to @gone (of gint64). */
gboolean valise_search_store_follow (ValiseSearchStore *self,
                                     const char        *database,
                                     const char        *uuid,
                                     gint64            *seq,
                                     GArray            *gone,
                                     GError           **error);
gboolean valise_search_store_set_seq (ValiseSearchStore *self,
                                      const char        *database,
                                      gint64             seq,
                                      GError           **error);

/* Takes the entry of @id out; @place: (out): where it was, 0: nowhere. */
gboolean valise_search_store_remove (ValiseSearchStore *self,
                                     const char        *database,
                                     const char        *id,
                                     gint64            *place,
                                     GError           **error);

/* Puts @entry in, or in place of the one there. @words: (nullable): what it is found by; @change:
 * (out): where these are, its strings lent from @entry; @old_place: (out): where they were, 0:
 * nowhere. */
gboolean valise_search_store_put (ValiseSearchStore      *self,
                                  const char             *database,
                                  const ValiseDocument   *document,
                                  const ValiseIndexEntry *entry,
                                  const ValiseWords      *words,
                                  ValisePlaceChange      *change,
                                  gint64                 *old_place,
                                  GError                **error);

/* What valise_search_store_put() would say of @entry, its row and place apart. */
ValisePlaceChange valise_search_store_describe (const ValiseIndexEntry *entry);

/* @words go to a new place in the tables of an entry's language. @change: (inout): as described;
 * the place and the length are set. */
gboolean valise_search_store_put_words (ValiseSearchStore *self,
                                        const ValiseWords *words,
                                        ValisePlaceChange *change,
                                        GError           **error);

/* Keeps the words that are new or much more frequent: what the last word is completed from. */
gboolean valise_search_store_flush_words (ValiseSearchStore *self, gboolean all, GError **error);

/* Keeps the last place given. To be called last in every transaction. */
gboolean valise_search_store_finish (ValiseSearchStore *self, GError **error);

/* A piece of merging what was written at different times, in a transaction of its own: a search
 * looks into one segment sooner than into many. @more: (out): there is more of it to do. */
gboolean valise_search_store_merge (ValiseSearchStore *self, gboolean *more, GError **error);

/* --- reading --------------------------------------------------------------------------- */

/* Every place that leads somewhere; @alive: (out): how many of the places given do. */
gboolean valise_search_store_load (ValiseSearchStore   *self,
                                   ValiseSearchColumns *columns,
                                   guint               *alive,
                                   GError             **error);

/* Stems of @table's words that begin with @prefix, the most frequent first; NULL: none. */
char **valise_search_store_complete (ValiseSearchStore *self, const char *prefix, guint table);

/* What @match finds in @table goes to @collector. */
gboolean valise_search_store_search (ValiseSearchStore *self,
                                     guint              table,
                                     const char        *match,
                                     ValiseCollector   *collector,
                                     GCancellable      *cancellable,
                                     GError           **error);

GArray *valise_search_store_list (ValiseSearchStore       *self,
                                  const ValiseIndexFilter *filter,
                                  GError                 **error);
GArray *valise_search_store_count (ValiseSearchStore       *self,
                                   const char              *column,
                                   const ValiseIndexFilter *filter,
                                   GError                 **error);
GArray *valise_search_store_count_here (ValiseSearchStore *self, const char *type, GError **error);
ValiseIndexRecord *valise_search_store_get_row (ValiseSearchStore *self,
                                                gint64             row,
                                                GError           **error);
ValiseIndexRecord *valise_search_store_get (ValiseSearchStore *self,
                                            const char        *database,
                                            const char        *id,
                                            GError           **error);
GPtrArray         *valise_search_store_get_rows (ValiseSearchStore *self,
                                                 const gint64      *rows,
                                                 guint              n_rows,
                                                 GError           **error);
GPtrArray         *valise_search_store_get_group (ValiseSearchStore *self,
                                                  const char        *group,
                                                  GError           **error);

G_END_DECLS
