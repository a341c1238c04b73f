/* valise-search-originals.h - the files that documents name, in the tables of search.sqlite
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each has an entry as soon as its document has, and words once it is here and was read.
 * Everything here fails with any #ValiseDbError.
 */

#pragma once

#include "valise-search-store.h"

G_BEGIN_DECLS

#define VALISE_ORIGINAL_PAGE "\f" /* between two pages' words */

typedef enum
{
  VALISE_READING_NONE = -1,
  VALISE_READING_BEGUN = 0,
  VALISE_READING_DONE = 1,
  VALISE_READING_REFUSED = 2, /* it can't be read */
} ValiseReadingState;

/* One entry of a file: a document that names it. */
typedef struct
{
  gint64   row;
  gint64   place;
  gboolean looked_at; /* while it was here */
} ValiseOriginalRow;

/* --- writing, between begin and commit ------------------------------------------------- */

/* Takes out what the document @id named before; places are added to @gone (of gint64). */
gboolean valise_search_originals_forget (ValiseSearchStore *self,
                                         const char        *database,
                                         const char        *id,
                                         GArray            *gone,
                                         GError           **error);

/* Puts in the files that @entry, of the document @id, names; none has words yet. */
gboolean valise_search_originals_name (ValiseSearchStore      *self,
                                       const char             *database,
                                       const char             *id,
                                       const ValiseIndexEntry *entry,
                                       GError                **error);

/* Gives the entry at @row the words @pages, or none where that is NULL. @entry: (out): what the
 * strings of @change are lent from; to be cleared. */
gboolean valise_search_originals_put_words (ValiseSearchStore *self,
                                            gint64             row,
                                            const char        *pages,
                                            ValiseIndexEntry  *entry,
                                            ValisePlaceChange *change,
                                            GError           **error);

/* The file is not here any more, or nobody names it: its words go, and what was read of it. */
gboolean valise_search_originals_clear (ValiseSearchStore *self,
                                        const char        *sha256,
                                        GError           **error);

/* Counts a reading begun, or keeps what came of it. */
gboolean valise_search_originals_begin (ValiseSearchStore *self,
                                        const char        *sha256,
                                        GError           **error);
gboolean valise_search_originals_keep (ValiseSearchStore *self,
                                       const char        *sha256,
                                       ValiseReadingState state,
                                       const char        *pages,
                                       GError           **error);

/* --- reading --------------------------------------------------------------------------- */

/* The entries of a file (of ValiseOriginalRow). */
GArray *valise_search_originals_find (ValiseSearchStore *self,
                                      const char        *sha256,
                                      GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* @tries: (out) (optional); @pages: (out) (optional) (transfer full): of a reading that is DONE.
 * Returns: NONE also with an error. */
ValiseReadingState valise_search_originals_get_reading (ValiseSearchStore *self,
                                                        const char        *sha256,
                                                        gint64            *tries,
                                                        char             **pages,
                                                        GError           **error);

/* All files that are named: digest → whether every entry of it was looked at (1 or 0). */
GHashTable *valise_search_originals_list (ValiseSearchStore *self,
                                          GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* @pages as paragraphs, numbered by page from 1; pages without words are left out. */
GPtrArray *valise_search_originals_part (const char *pages) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
