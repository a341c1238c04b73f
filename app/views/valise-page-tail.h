/* valise-page-tail.h - what stands below a paper's last paragraph
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-context.h"
#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PAGE_TAIL (valise_page_tail_get_type ())

/* Signal "link-activated" (uri: string): see valise-markup.h. */
G_DECLARE_FINAL_TYPE (ValisePageTail, valise_page_tail, VALISE, PAGE_TAIL, GtkBox)

GtkWidget *valise_page_tail_new (void);

/* Whose files the originals are; (nullable): none are shown. */
void valise_page_tail_set_context (ValisePageTail *self, ValiseContext *context);

/* The files of @paper, the papers that it names, and where its words come from. */
void valise_page_tail_show (ValisePageTail *self, ValisePaper *paper);

G_END_DECLS
