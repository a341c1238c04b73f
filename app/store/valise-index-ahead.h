/* valise-index-ahead.h - documents made ready to be indexed, a thread ahead of writing them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scanning a document, asking the extractor and finding its words is half of an indexer's work,
 * and writing them is the other half, which FTS5 does on one thread. So while one round of
 * documents is written, the next is made ready.
 */

#pragma once

#include "valise-search-store.h"

G_BEGIN_DECLS

/* A document that is ready, and, once it is written, what the columns need of it. */
typedef struct
{
  ValiseDocument   *document; /* NULL once written */
  gboolean          indexed;  /* there is something to list or to find in it */
  ValiseIndexEntry  entry;    /* zeroed where it isn't; without paragraphs */
  ValiseWords      *words;    /* NULL where its body is not here */
  ValisePlaceChange change;   /* the writer's; strings lent from @entry */
  gint64            old_place;
} ValiseIndexItem;

void valise_index_item_free (ValiseIndexItem *item); /* nullable */

typedef struct
{
  const char      *database; /* its name */
  ValiseIndexFunc  extract;
  gpointer         extract_data;
  ValiseSearchFts *fts;  /* whose tokenizers are used */
} ValiseIndexAheadParts; /* all lent */

typedef struct _ValiseIndexAhead ValiseIndexAhead; /* one thread at a time */

/* Until it is freed, @parts's tokenizers belong to it. */
ValiseIndexAhead *valise_index_ahead_new (const ValiseIndexAheadParts *parts)
    G_GNUC_WARN_UNUSED_RESULT;
void valise_index_ahead_free (ValiseIndexAhead *self);

/* Begins to make @round (element-type ValiseDocument) ready, on a thread of its own where it is of
 * more than a few or another went there before. Takes it. */
void valise_index_ahead_give (ValiseIndexAhead *self, GPtrArray *round);

/* How many documents were given and not taken. */
guint valise_index_ahead_get_n_left (ValiseIndexAhead *self);

/* The next document, waited for; NULL: none is left. Of a round, one language comes after the
 * other: the words of one, and what FTS5 has of them, stay in the processor's cache, those of six
 * don't. */
ValiseIndexItem *valise_index_ahead_take (ValiseIndexAhead *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseIndexItem, valise_index_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseIndexAhead, valise_index_ahead_free)

G_END_DECLS
