/* valise-originals.h - the files of a paper: what they are, whether they are here, and what to do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-context.h"
#include "valise-paper.h"

G_BEGIN_DECLS

#define VALISE_TYPE_ORIGINALS (valise_originals_get_type ())

/* A row a file. One that is here opens by win.original. Hidden where a paper has none. */
G_DECLARE_FINAL_TYPE (ValiseOriginals, valise_originals, VALISE, ORIGINALS, GtkBox)

GtkWidget *valise_originals_new (void);

/* @context: (nullable): nothing is shown. */
void valise_originals_set_context (ValiseOriginals *self, ValiseContext *context);
void valise_originals_show (ValiseOriginals *self, ValisePaper *paper);

/* Writes a file that is here to @file, as somebody chose; says where it fails. */
void valise_originals_save (ValiseOriginals *self, const char *sha256, GFile *file);

G_END_DECLS
