/* valise-file-queue-parts.h - what the queue is for whoever moves its files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer. Any thread, but for the items.
 */

#pragma once

#include "valise-file-queue.h"
#include "valise-file-wishes.h"

G_BEGIN_DECLS

ValiseFileState valise_file_wish_get_state (const ValiseFileWish *wish);

/* Its state is not filled yet. */
ValiseFileItem *valise_file_item_new (const ValiseFileWish *wish, gboolean outgoing);
void            valise_file_item_take (ValiseFileItem       *self,
                                       const ValiseFileWish *wish,
                                       ValiseFileReason      reason);
void            valise_file_item_set_present (ValiseFileItem *self, gint64 present);

/* What a worker read at one moment. */
typedef struct
{
  GPtrArray       *wishes;  /* (element-type ValiseFileWish) */
  GPtrArray       *parcels; /* (element-type ValiseFileParcel) */
  GHashTable      *here;    /* digest → ValiseFileHere */
  ValiseFileCounts counts;
} ValiseFileSnapshot;

ValiseFileSnapshot *valise_file_snapshot_read (ValiseFileStore *files, GError **error);
void                valise_file_snapshot_free (ValiseFileSnapshot *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseFileSnapshot, valise_file_snapshot_free)

/* The items of @snapshot in their order (element-type ValiseFileItem), taken from @before where
 * they are the same files. @standing: what keeps them all from moving. */
GPtrArray *valise_file_snapshot_make_items (const ValiseFileSnapshot *self,
                                            GPtrArray                *before,
                                            ValiseFileReason          standing);

/* The bytes; (transfer none). Fails with any #ValiseDbError. */
ValiseFileStore *valise_file_queue_get_store (ValiseFileQueue *self, GError **error);

/* What is shown; NULL before the first reading. Main thread. */
const ValiseFileSnapshot *valise_file_queue_get_shown (ValiseFileQueue *self);
GPtrArray                *valise_file_queue_get_items (ValiseFileQueue *self);

/* Something in the store changed: it is read again soon. */
void valise_file_queue_changed (ValiseFileQueue *self);

/* --- how the files stand as a whole ---------------------------------------------------------- */

typedef struct _ValiseFileControl ValiseFileControl;

ValiseFileControl *valise_file_control_new (void);
void               valise_file_control_free (ValiseFileControl *self);
ValiseFileControl *valise_file_queue_get_control (ValiseFileQueue *self);

/* What keeps all files from moving, or MOVES. OFFLINE until somebody says otherwise. */
void valise_file_control_set_standing (ValiseFileControl *self, ValiseFileReason standing);

/* How far the file that moves has come: shown before it is read from the store again.
 * @sha256: (nullable): none moves. */
void valise_file_control_set_progress (ValiseFileControl *self, const char *sha256, gint64 moved);

/* @moving: (out) (transfer full) (nullable); @moved: (out). Returns: the standing */
ValiseFileReason valise_file_control_get (ValiseFileControl *self, char **moving, gint64 *moved);

void valise_file_control_set_guard (ValiseFileControl *self,
                                    ValiseFileGuard    func,
                                    gpointer           user_data,
                                    GDestroyNotify     destroy);

/* What the user's policy says. */
ValiseFileReason valise_file_control_ask_guard (ValiseFileControl *self,
                                                gboolean           outgoing,
                                                int                priority,
                                                gint64             bytes);

/* Something was asked, or the guard changed: whoever waits looks again. */
void    valise_file_control_turn (ValiseFileControl *self);
guint64 valise_file_control_get_turn (ValiseFileControl *self);

/* Waits until there was a turn after @turn, or half a minute. FALSE where cancelled first. */
gboolean valise_file_control_wait (ValiseFileControl *self,
                                   guint64            turn,
                                   GCancellable      *cancellable);

G_END_DECLS
