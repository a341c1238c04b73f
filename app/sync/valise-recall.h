/* valise-recall.h - what a store remembers of a far peer, and what is to be offered to it again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A store remembers which documents came from which peer, so that nothing pulled is offered back
 * (see valise-peer.h, ValisePeerOrigin). A far peer that turns out to remember less than it had
 * said may have lost documents, too; those are offered like anything else. For the files of this
 * layer; one thread.
 */

#pragma once

#include "valise-checkpoint.h"
#include "valise-peer.h"

G_BEGIN_DECLS

typedef struct
{
  ValisePeer *near; /* lent: the store */
  const char *far;  /* lent: the far peer's name */
  char       *id;   /* of the `_local` document below */
  gboolean    remembers;
  gint64      redo; /* the store's sequence from which all is to be offered again */
} ValiseRecall;

/* @log: the id of the logs; @remembers: whether the store remembers this peer at all. */
void valise_recall_init (ValiseRecall *self,
                         ValisePeer   *near,
                         const char   *far,
                         const char   *log,
                         gboolean      remembers);
void valise_recall_clear (ValiseRecall *self);

/* The near sequence up to which the far peer had said that it remembers giving what it gave, if
 * that is where this run goes on from by @checkpoint; 0: it may have forgotten anything. */
gint64 valise_recall_read_settled (ValiseRecall *self, ValiseCheckpoint *checkpoint);

/* The log @away has reached the far peer: it remembers what was given up to @seq (nullable: not
 * known) here. */
gboolean valise_recall_write_settled (ValiseRecall *self,
                                      const char   *away,
                                      const char   *seq,
                                      GError      **error);

/* A run begins in the far peer's @epoch; what came from it after @trusted may be lost there. */
gboolean valise_recall_begin (ValiseRecall *self,
                              const char   *epoch,
                              gint64        trusted,
                              GError      **error);

/* @found: (out): whether a run the other way found out meanwhile that more is to be offered. */
gboolean valise_recall_look (ValiseRecall *self,
                             const char   *epoch,
                             gboolean     *found,
                             GError      **error);

/* All that was to be offered again has been. */
gboolean valise_recall_settle (ValiseRecall *self, const char *epoch, GError **error);

G_END_DECLS
