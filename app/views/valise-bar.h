/* valise-bar.h - one lasting sentence between the header bar and the page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define VALISE_TYPE_BAR (valise_bar_get_type ())

/* Signal "activated": its button was pressed. */
G_DECLARE_FINAL_TYPE (ValiseBar, valise_bar, VALISE, BAR, AdwBin)

/* @sentence NULL: the bar closes. @button NULL: none. @warning: something is at risk. */
void valise_bar_say (ValiseBar  *self,
                     const char *icon,
                     const char *sentence,
                     const char *button,
                     gboolean    warning);

/* The sentence, or NULL where the bar is closed. */
const char *valise_bar_get_sentence (ValiseBar *self);

G_END_DECLS
