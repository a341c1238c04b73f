/* valise-pdf-rtl.h - the words of a page that is written from right to left
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Poppler gives a page's words as a selection from one corner to another, drawn as if by hand:
 * a line from right to left ends where one from left to right begins, so no one selection has
 * all of a page in both; and it sets each word, or each letter where a layout placed letters one
 * by one, between two marks of direction, with spaces a word late.
 */

#pragma once

#include <poppler.h>

G_BEGIN_DECLS

/* All words of @page, marks and all. Returns: (transfer full) (nullable) */
char *valise_pdf_rtl_select (PopplerPage *page) G_GNUC_WARN_UNUSED_RESULT;

/* @text, valid UTF-8, without marks, its words in their order with a space between two. */
char *valise_pdf_rtl_clean (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
