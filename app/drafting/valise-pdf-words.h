/* valise-pdf-words.h - lets a record find the words of PDFs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValiseHome ValiseHome; /* whoever calls this need not know the store */

/* From its start on, the index of @home has the words of the PDFs that are here, by page. Their
 * spaces are single ones, and the joined forms of letters are taken apart, as "ﬁ" and those of
 * Arabic. A PDF that asks for a password is not read. To be called before the index is started. */
void valise_pdf_words_read_for (ValiseHome *home);

G_END_DECLS
