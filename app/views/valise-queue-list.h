/* valise-queue-list.h - what waits to move one way, a row each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-scheduler.h"

G_BEGIN_DECLS

#define VALISE_TYPE_QUEUE_LIST (valise_queue_list_get_type ())

/* Signal "hold" (name, held: string, boolean): the user wants that. */
G_DECLARE_FINAL_TYPE (ValiseQueueList, valise_queue_list, VALISE, QUEUE_LIST, GtkBox)

/* Shows those of @items (element-type ValiseQueueItem) that go out, or those that come in. */
void valise_queue_list_show (ValiseQueueList *self,
                             ValiseScheduler *scheduler,
                             GPtrArray       *items,
                             gboolean         outgoing);

guint       valise_queue_list_get_n_items (ValiseQueueList *self);
const char *valise_queue_list_get_subtitle (ValiseQueueList *self, guint index);

/* Presses the button of a row. */
void valise_queue_list_press (ValiseQueueList *self, guint index);

/* A short bar that says how much of something is here, with its name. */
GtkWidget *valise_queue_list_make_progress (void);

G_END_DECLS
