/* valise-page-keys.h - the keys of the reading page
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-page-view.h"

G_BEGIN_DECLS

/* Up and Down by paragraph, Space and Page keys by screen, Home and End, Enter follows the
 * paragraph's first link, Ctrl+C copies the words selected or the paragraph. */
void valise_page_keys_attach (ValisePageView *page);

/* What Enter does; FALSE: the paragraph chosen links to no paper. */
gboolean valise_page_keys_follow_link (ValisePageView *page);

G_END_DECLS
