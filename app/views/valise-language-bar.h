/* valise-language-bar.h - the languages of a paper, one click each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_LANGUAGE_BAR (valise_language_bar_get_type ())

/* Signal "picked" (version: ValiseVersion, beside: gboolean): a language was clicked; beside:
 * with Ctrl, so as to stand beside the one shown. */
G_DECLARE_FINAL_TYPE (ValiseLanguageBar, valise_language_bar, VALISE, LANGUAGE_BAR, GtkBox)

/* Shows @versions (of ValiseVersion); @language and @other (nullable) are on the page. */
void valise_language_bar_show (ValiseLanguageBar *self,
                               GListModel        *versions,
                               const char        *language,
                               const char        *other);

/* "French is not on this laptop: 41 kB, fetch", or the language's own name. */
char *valise_language_bar_describe (ValiseVersion *version);

G_END_DECLS
