/* valise-json-tape.h - the flat list of tokens that a scan leaves behind
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of the scanner only: valise-json-tape.c fills the tape, valise-json.c reads it.
 */

#pragma once

#include "valise-json.h"

G_BEGIN_DECLS

/* A token's traits: its kind in the low bits, and: */
enum
{
  VALISE_JSON_KIND_MASK = 7,
  VALISE_JSON_TRAIT_ESCAPED = 1 << 3, /* a string or a name with a backslash */
  VALISE_JSON_TRAIT_LOOSE = 1 << 4,   /* RFC 8785 would write it otherwise */
  VALISE_JSON_TRAIT_MEMBER = 1 << 5,  /* the token before this one is its name */
  VALISE_JSON_TRAIT_MIXED = 1 << 6,   /* an object whose names do not rise */
  VALISE_JSON_TRAIT_FILLED = 1 << 7,  /* a container with children */
};

typedef struct
{
  guint32 start; /* offset of the first byte */
  guint32 end;   /* offset past the last byte */
  guint32 next;  /* the next child of the same container; 0 after the last, and in a name */
  guint32 traits;
} ValiseJsonToken;

/**
 * ValiseJson:
 *
 * The text and its tokens. A container's first child follows it at once, but for a member's
 * name, which stands one token before its value.
 */
struct _ValiseJson
{
  gatomicrefcount  refs;
  GBytes          *bytes;
  const char      *text; /* of bytes; not terminated */
  gsize            length;
  ValiseJsonToken *tape;
};

/* Scans @self's text into its tape. Fails with any #ValiseJsonError. */
gboolean valise_json_tape_fill (ValiseJson     *self,
                                ValiseJsonFlags flags,
                                GError        **error) G_GNUC_WARN_UNUSED_RESULT;

/* Orders two members' values (pointers to guint) by name; @json is a #ValiseJson. */
int valise_json_tape_compare (gconstpointer a, gconstpointer b, gpointer json);

G_END_DECLS
