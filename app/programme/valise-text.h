/* valise-text.h - a paper's words in one language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Never changes once made, so any thread may read it.
 */

#pragma once

#include <gio/gio.h>

#include "valise-json.h"

G_BEGIN_DECLS

typedef struct
{
  char *key;
  char *kind;   /* see valise-reading.h */
  char *number; /* "3", "PP2", NULL */
  char *text;   /* with the closed set of inline tags */
  int   level;
} ValiseLine;

#define VALISE_TYPE_TEXT (valise_text_get_type ())

G_DECLARE_FINAL_TYPE (ValiseText, valise_text, VALISE, TEXT, GObject)

/* From the body of a `text` document, scanned; what is not a text has no lines. */
ValiseText *valise_text_new (const ValiseJson *json) G_GNUC_WARN_UNUSED_RESULT;

const char       *valise_text_get_symbol (ValiseText *self);
const char       *valise_text_get_language (ValiseText *self);
const char       *valise_text_get_title (ValiseText *self);
guint             valise_text_get_n_lines (ValiseText *self);
const ValiseLine *valise_text_get_line (ValiseText *self, guint index);

/* The exact reference: "A/RES/77/37, para. 3", in the text's language; of a line without a
 * number the symbol alone. */
char *valise_text_dup_reference (ValiseText *self, guint index);

/* Line @index of one language beside another's: the line of @other with the same key, or -1. */
int valise_text_pair (ValiseText *self, guint index, ValiseText *other);

/* The line of that key, or -1. */
int valise_text_find (ValiseText *self, const char *key);

G_END_DECLS
