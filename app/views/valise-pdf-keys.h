/* valise-pdf-keys.h - the keys of the page of an original
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-pdf-view.h"

G_BEGIN_DECLS

/* Page keys by page, Home and End, Space by screen, Up and Down by a line or two. */
void valise_pdf_keys_attach (ValisePdfView *view);

G_END_DECLS
