/* valise-travel-parts.h - how the library gathers what a journey needs; nobody else's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-search-index.h"
#include "valise-travel.h"

G_BEGIN_DECLS

/* @languages: (nullable): all six. Any thread; blocks. Fails as the index does, or with
 * %G_IO_ERROR_CANCELLED. */
ValiseTravel *valise_travel_gather (ValiseSearchIndex *index,
                                    const char        *meeting,
                                    const char        *title,
                                    const char *const *languages,
                                    GCancellable      *cancellable,
                                    GError           **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
