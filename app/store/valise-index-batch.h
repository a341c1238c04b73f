/* valise-index-batch.h - one transaction's worth of a database's changes into the index
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-index-originals.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseSearchStore    *store;
  ValiseSearchColumns  *columns;
  ValiseIndexFunc       extract;
  gpointer              extract_data;
  const int            *closing;   /* read atomically: TRUE ends the batch early */
  ValiseIndexOriginals *originals; /* told which files are named; NULL: none are read */
} ValiseIndexBatchParts;

typedef struct
{
  gint64   last_seq; /* searchable up to here */
  gboolean whole;    /* the feed was read to its end */
  gboolean changed;  /* an entry came or went */
} ValiseIndexBatchResult;

/* Reads on in @database's feed from the store's checkpoint, for at most a second or 16 MiB;
 * commits entries, words and checkpoint together, then brings the columns up. Fails with any
 * #ValiseDbError, of either file: nothing is written then, but the store is to be opened anew,
 * since it has counted words that are not in the file. */
gboolean valise_index_batch_run (const ValiseIndexBatchParts *parts,
                                 ValiseDatabase              *database,
                                 ValiseIndexBatchResult      *result,
                                 GError                     **error);

G_END_DECLS
