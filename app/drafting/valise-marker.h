/* valise-marker.h - the number or letter that a paragraph begins with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same paragraph is "3." in English, "3 -" in Arabic; its item is "(a)", "a)", "(أ)", "а)",
 * "(子)". Reading gives one value for all, so a reference is the same in every language.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ValiseMarkerStyle:
 * @VALISE_MARKER_NONE: no marker
 * @VALISE_MARKER_DECIMAL: "3.", "3 -", "3、"
 * @VALISE_MARKER_PARENTHESIS: "3)", "(3)"
 * @VALISE_MARKER_LETTER: "(a)", "a)"; "(i)" too: whether letter or numeral, its place decides
 * @VALISE_MARKER_ROMAN: can be nothing else: "㈠", "(一)", "‘1’"
 * @VALISE_MARKER_BULLET: "-", "•"
 */
typedef enum
{
  VALISE_MARKER_NONE,
  VALISE_MARKER_DECIMAL,
  VALISE_MARKER_PARENTHESIS,
  VALISE_MARKER_LETTER,
  VALISE_MARKER_ROMAN,
  VALISE_MARKER_BULLET,
} ValiseMarkerStyle;

#define VALISE_MARKER_LETTERS 8 /* bytes, with the terminator */

typedef struct
{
  ValiseMarkerStyle style;
  guint             value;                          /* of DECIMAL, PARENTHESIS, ROMAN: from 1 */
  char              suffix[VALISE_MARKER_LETTERS];  /* "bis", "ter", or empty */
  char              letters[VALISE_MARKER_LETTERS]; /* of LETTER: Latin, "a", "aa", "iv" */
  char              other[VALISE_MARKER_LETTERS]; /* what a Cyrillic letter looks like, or empty */
  gboolean          doubtful; /* "16,": a marker only where 16 is what comes next */
  gboolean          open;     /* had an opening parenthesis */
  gsize             length;   /* bytes of the text it takes, with the space after it */
} ValiseMarker;

/**
 * valise_marker_read:
 * @text: what a paragraph begins with
 * @marker: (out): its marker; NONE where it has none
 *
 * Returns: whether there is a marker
 */
gboolean valise_marker_read (const char *text, ValiseMarker *marker);

/* The same where the marker is all there is, as in an element of its own; forgives more. */
gboolean valise_marker_read_alone (const char *text, ValiseMarker *marker);

/* 1 of "a", 26 of "z", 27 of "aa", 28 of "bb"; 0 where it is no such letter. */
guint valise_marker_get_alphabetic (const char *letters);

/* 4 of "iv", at most 39; 0 where it is no small roman numeral. */
guint valise_marker_get_roman (const char *letters);

char *valise_marker_format_alphabetic (guint value) G_GNUC_WARN_UNUSED_RESULT;
char *valise_marker_format_roman (guint value) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
