/* valise-queue-item.h - one thing that waits to move, either way
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-verdict.h"
#include "valise-wanted.h"

G_BEGIN_DECLS

typedef enum
{
  VALISE_QUEUE_SEND, /* a document that was written here */
  VALISE_QUEUE_PLAN, /* texts of a plan */
  VALISE_QUEUE_FILE, /* a file to be fetched */
} ValiseQueueKind;

typedef struct
{
  ValiseQueueKind kind;
  char           *name;       /* for valise_scheduler_hold() */
  char           *title;      /* as people know it; of what is sent, the document's id; of a file,
                               * its paper's symbol, or its own name */
  char   *language;           /* of a file, or NULL */
  guint64 size;               /* bytes: of what is sent its own; of a plan, what the sockets will
                               * carry for all of it */
  guint64          here;      /* of the size, what came already */
  guint            documents; /* of a plan */
  gboolean         held;
  ValiseWaitReason wait; /* NOT: it goes now, or did not begin for no reason but its turn */
} ValiseQueueItem;

void valise_queue_item_free (ValiseQueueItem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseQueueItem, valise_queue_item_free)

G_END_DECLS
