/* valise-file-mover.h - moves the files of the queue, one after another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * On a thread of its own, once the words have moved. What goes out goes first, the smallest
 * before the others; then what is wanted, in the queue's order. A cut costs nothing that was
 * received: it goes on where it was, as long as something comes.
 */

#pragma once

#include "valise-file-queue.h"
#include "valise-peer.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseHome      *home;
  ValiseFileQueue *queue;

  /* The peer that has the database @name. */
  ValisePeer *(*open_peer) (const char *name, gpointer user_data, GError **error);
  /* Whether documents are on their way, which files let by. */
  gboolean (*has_words) (gpointer user_data);
  gpointer user_data;
} ValiseFileMoverSource;

typedef struct _ValiseFileMover ValiseFileMover;

/* @source: copied; what it lends must outlast the mover. @continuous: goes on until cancelled;
 * else it ends when nothing more can be moved. */
ValiseFileMover *valise_file_mover_start (const ValiseFileMoverSource *source,
                                          gboolean                     continuous,
                                          GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for its end and frees it. FALSE where the peer could not be reached; a file that cannot
 * be had is no failure of the mover's: the queue tells of it. */
gboolean valise_file_mover_finish (ValiseFileMover *self, GError **error);

G_END_DECLS
