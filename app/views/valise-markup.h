/* valise-markup.h - a paragraph's markup as a label shows it, and finding words in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What links in a shown paragraph begin with; after it, the note's number or the symbol. */
#define VALISE_LINK_NOTE  "note:"
#define VALISE_LINK_PAPER "paper:"

/**
 * valise_markup_show:
 * @text: a paragraph's markup, see valise-reading.h; anything else is shown as it stands
 * @references: (nullable): symbols that become links where the words name them
 *
 * Returns: Pango markup with links, always well formed
 */
char *valise_markup_show (const char        *text,
                          const char *const *references) G_GNUC_WARN_UNUSED_RESULT;

/* The words of what valise_markup_show() gives: what gtk_label_get_text() would. */
char *valise_markup_shown_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/**
 * valise_find_in:
 * @text: what is shown
 * @query: what is sought; case and accents do not count
 *
 * Returns: (element-type guint): pairs of byte offsets into @text, start and end, in order
 */
GArray *valise_find_in (const char *text, const char *query) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
