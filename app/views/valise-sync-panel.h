/* valise-sync-panel.h - what moves between this laptop and the secretariat
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-context.h"
#include "valise-queue-list.h"
#include "valise-ways.h"

G_BEGIN_DECLS

#define VALISE_TYPE_SYNC_PANEL (valise_sync_panel_get_type ())

G_DECLARE_FINAL_TYPE (ValiseSyncPanel, valise_sync_panel, VALISE, SYNC_PANEL, AdwBin)

GtkWidget *valise_sync_panel_new (void);

/* @context: (nullable): shows nothing. */
void valise_sync_panel_set_context (ValiseSyncPanel *self, ValiseContext *context);

/* What waits to be sent, or to be fetched. */
ValiseQueueList *valise_sync_panel_get_queue (ValiseSyncPanel *self, gboolean outgoing);

/* The sentence about what is wrong, or waits by the user's own policy, with its remedy; NULL where
 * nothing does. */
const char *valise_sync_panel_get_problem (ValiseSyncPanel *self);

G_END_DECLS
