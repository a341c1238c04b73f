/* valise-ticker.h - something done again and again while something else blocks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValiseTicker ValiseTicker;

/* Calls @func after @first_ms, and again after the ms that it returns each time, on a thread of
 * its own, until stopped. */
ValiseTicker *valise_ticker_start (guint first_ms,
                                   guint (*func) (gpointer user_data),
                                   gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;

/* Returns when @func is not running and won't run again. */
void valise_ticker_stop (ValiseTicker *self);

G_END_DECLS
