/* valise-akn-inline.h - the inline elements of Akoma Ntoso become markup
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-xml.h"

G_BEGIN_DECLS

/* Stands in markup where two paragraphs ran into one: after a comma, a tab and italics. */
#define VALISE_AKN_BREAK "\u2029"

typedef struct
{
  /* Of a footnote: the marker to refer to it by, or NULL to leave it out. */
  char *(*take_note) (const xmlNode *note, gpointer user_data);
  /* Of a link: where it leads. */
  void (*take_link) (const char *href, gpointer user_data);
  gpointer user_data;
} ValiseAknSink;

/**
 * valise_akn_render:
 * @node: a paragraph, or any element of which all text is one
 *
 * White space is layout there, so a run of it is one space, and none stays before a comma that
 * stood on a line of its own. The parentheses that Arabic sets around a note mark are dropped:
 * the mark alone is the same in all languages.
 *
 * Returns: (transfer full): markup, empty where there are no words
 */
char *valise_akn_render (const xmlNode *node, const ValiseAknSink *sink) G_GNUC_WARN_UNUSED_RESULT;

/* Of a footnote: without the empty parentheses or the mark that some files repeat. */
char *valise_akn_trim_note (char *markup, const char *marker) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
