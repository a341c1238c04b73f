/* valise-later.h - pages of the window that a start has no use for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each has its bin in the window, which is empty until the page is first asked for.
 */

#pragma once

#include <adwaita.h>

#include "valise-context.h"
#include "valise-pdf-page.h"
#include "valise-sync-panel.h"

G_BEGIN_DECLS

/* The page of originals, as large as @settings say; made now where it was not. */
ValisePdfPage *valise_later_original (AdwBin *bin, GSettings *settings);

/* The sync panel of a narrow window; likewise. @context: (nullable) */
ValiseSyncPanel *valise_later_sync (AdwBin *bin, ValiseContext *context);

/* Another account is open, or none: what was made shows nothing of the one before. */
void valise_later_set_context (AdwBin *original, AdwBin *sync, ValiseContext *context);

void valise_later_set_zoom (AdwBin *original, int percent);

G_END_DECLS
