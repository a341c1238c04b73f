/* valise-masthead.h - what stands above a paper's first paragraph
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_MASTHEAD (valise_masthead_get_type ())

G_DECLARE_FINAL_TYPE (ValiseMasthead, valise_masthead, VALISE, MASTHEAD, GtkBox)

GtkWidget *valise_masthead_new (void);

/* Symbol, kind, author, date, seal; and the title in the language of @text, beside the one in
 * that of @other where it is not NULL. */
void valise_masthead_show (ValiseMasthead *self,
                           ValisePaper    *paper,
                           ValiseText     *text,
                           ValiseText     *other);

/* Whether two titles stand one above the other. */
void valise_masthead_set_narrow (ValiseMasthead *self, gboolean narrow);

/* Opens what the seal says. */
void valise_masthead_show_seal (ValiseMasthead *self);

G_END_DECLS
