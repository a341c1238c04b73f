/* valise-numbering.h - where a paragraph stands: the degrees of numbering above it, and keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the outline. Belongs to one thread.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_NUMBERING_DEPTH 8 /* degrees: 3 (a) (i) a. is four */

typedef enum
{
  VALISE_DEGREE_BASE,   /* a paragraph: numbered, of the preamble, or neither */
  VALISE_DEGREE_NESTED, /* 1., 2. under a paragraph that ends in a colon */
  VALISE_DEGREE_PARENTHESIS,
  VALISE_DEGREE_ALPHABETIC,
  VALISE_DEGREE_ROMAN,
} ValiseDegreeKind;

/* One degree of numbering: the item of it that was read last. */
typedef struct
{
  ValiseDegreeKind kind;
  guint            value;
  char            *key;
  char            *number; /* or NULL */
  guint            texts;  /* unnumbered paragraphs under it */
} ValiseDegree;

typedef struct
{
  ValiseDegree degrees[VALISE_NUMBERING_DEPTH];
  guint        depth;
  guint        annex;   /* 0: the main text */
  guint        annexes; /* in all */
  GHashTable  *keys;    /* key → how often */
} ValiseNumbering;

void valise_numbering_init (ValiseNumbering *self);
void valise_numbering_clear (ValiseNumbering *self);

/* Leaves the degrees below the @n-th. */
void valise_numbering_leave (ValiseNumbering *self, guint n);
/* Makes @key and @number, which it takes, the item read last in the @at-th degree. */
void valise_numbering_enter (ValiseNumbering *self,
                             guint            at,
                             ValiseDegreeKind kind,
                             guint            value,
                             char            *key,
                             char            *number);

/* The deepest degree of @kind below the base, or -1; and the value that would follow in it. */
int   valise_numbering_find (const ValiseNumbering *self, ValiseDegreeKind kind);
guint valise_numbering_expect (const ValiseNumbering *self, ValiseDegreeKind kind);
/* The degree at which an item of @kind and @value stands. */
guint valise_numbering_place (const ValiseNumbering *self, ValiseDegreeKind kind, guint value);

/* Takes @key, and returns it or, where it was given before, "KEY~2". */
char *valise_numbering_make_unique (ValiseNumbering *self, char *key);
/* @letter, @number and @suffix as a key that is unique, "a2." before one of the second annex. */
char *valise_numbering_make_key (ValiseNumbering *self,
                                 const char      *letter,
                                 guint            number,
                                 const char      *suffix);
/* @number as a reader cites it: "annex, " or "annex II, " before one of an annex. */
char *valise_numbering_make_number (const ValiseNumbering *self, const char *number);

G_END_DECLS
