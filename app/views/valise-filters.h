/* valise-filters.h - chips that narrow the library: meeting, item, author, language, kind
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_FILTERS (valise_filters_get_type ())

/* Signal "changed": the filter is another. */
G_DECLARE_FINAL_TYPE (ValiseFilters, valise_filters, VALISE, FILTERS, GtkWidget)

void valise_filters_set_library (ValiseFilters *self, ValiseLibrary *library);

/* Lent until the filter changes; its members are NULL where nothing is chosen. */
const ValiseLibraryFilter *valise_filters_get (ValiseFilters *self);
gboolean                   valise_filters_is_set (ValiseFilters *self);

/* @column: "meeting", "item", "author", "language", "kind"; @value NULL: any. @label: what the
 * chip shows; NULL: the value. */
void valise_filters_choose (ValiseFilters *self,
                            const char    *column,
                            const char    *value,
                            const char    *label);
void valise_filters_set_unread (ValiseFilters *self, gboolean unread);
void valise_filters_clear (ValiseFilters *self);

G_END_DECLS
