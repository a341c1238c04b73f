/* valise-indexer-parts.h - what the indexer's files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-index-originals.h"
#include "valise-indexer.h"

G_BEGIN_DECLS

/* One database. */
typedef struct
{
  ValiseDatabase *database;
  guint           watch;
  guint64         written; /* commits seen by the watch */
  guint64         read;    /* of those, covered by what is indexed */
  gint64          seq;     /* searchable up to here */
} Followed;

/**
 * ValiseIndexer:
 *
 * The store belongs to the thread. What is under the mutex is touched by all.
 */
struct _ValiseIndexer
{
  ValiseIndexerParts parts;
  char              *path;
  ValiseSearchStore *store; /* NULL after a failure, until opened again */
  GThread           *thread;

  GMutex                mutex;
  GCond                 wake;      /* the thread: there is work */
  GCond                 progress;  /* others: something is searchable, or loaded */
  GPtrArray            *followed;  /* of Followed; grows only */
  ValiseIndexOriginals *originals; /* set once; NULL: no file is read */
  gboolean              loaded;
  gboolean              wanted; /* someone waits for it to be loaded */
  gboolean              damaged;
  gboolean              untidy; /* what was written may still be merged */
  gboolean              closing;
};

/* Under the mutex: what was put off is done now. */
void valise_indexer_want (ValiseIndexer *self);

/* Whether there are files to be read, or about to be. */
gboolean valise_indexer_has_originals (ValiseIndexer *self);

G_END_DECLS
