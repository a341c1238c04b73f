/* valise-json.h - a strict JSON scanner that never rewrites what it read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The text is kept as it came, and beside it a flat list of tokens: token 0 is the whole
 * value, a container's children follow it. So a member can be looked up, sliced out byte
 * for byte, or written canonically, without building a tree. RFC 8259, with the limits of
 * Valise's documents: depth at most 64, no duplicate members, no U+0000, valid UTF-8.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_JSON_ERROR (valise_json_error_quark ())

/**
 * ValiseJsonError:
 * @VALISE_JSON_ERROR_SYNTAX: not JSON as RFC 8259 has it
 * @VALISE_JSON_ERROR_DEPTH: nested deeper than %VALISE_JSON_MAX_DEPTH
 * @VALISE_JSON_ERROR_DUPLICATE: an object names a member twice
 * @VALISE_JSON_ERROR_NUMBER: with %VALISE_JSON_INTEGERS, not an integer within ±2⁵³
 * @VALISE_JSON_ERROR_TEXT: invalid UTF-8, a lone surrogate, or U+0000
 * @VALISE_JSON_ERROR_SIZE: longer than 2³¹ bytes
 */
typedef enum
{
  VALISE_JSON_ERROR_SYNTAX,
  VALISE_JSON_ERROR_DEPTH,
  VALISE_JSON_ERROR_DUPLICATE,
  VALISE_JSON_ERROR_NUMBER,
  VALISE_JSON_ERROR_TEXT,
  VALISE_JSON_ERROR_SIZE,
} ValiseJsonError;

GQuark valise_json_error_quark (void);

#define VALISE_JSON_MAX_DEPTH 64
#define VALISE_JSON_NONE      G_MAXUINT /* no such token */

/**
 * ValiseJsonFlags:
 * @VALISE_JSON_ANY: numbers as RFC 8259 allows them (foreign peers' protocol answers)
 * @VALISE_JSON_INTEGERS: our documents: integers within ±2⁵³ only
 */
typedef enum
{
  VALISE_JSON_ANY = 0,
  VALISE_JSON_INTEGERS = 1 << 0,
} ValiseJsonFlags;

typedef enum
{
  VALISE_JSON_KIND_NULL,
  VALISE_JSON_KIND_FALSE,
  VALISE_JSON_KIND_TRUE,
  VALISE_JSON_KIND_NUMBER,
  VALISE_JSON_KIND_STRING,
  VALISE_JSON_KIND_ARRAY,
  VALISE_JSON_KIND_OBJECT,
} ValiseJsonKind;

typedef struct _ValiseJson ValiseJson; /* immutable, so any thread may read it */

/* Scans @text whole; fails with any #ValiseJsonError. @text is kept by reference. */
ValiseJson *valise_json_scan (GBytes         *text,
                              ValiseJsonFlags flags,
                              GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a copy; @length may be -1 for a terminated string. */
ValiseJson *valise_json_scan_text (const char     *text,
                                   gssize          length,
                                   ValiseJsonFlags flags,
                                   GError        **error) G_GNUC_WARN_UNUSED_RESULT;
ValiseJson *valise_json_ref (ValiseJson *self);
void        valise_json_unref (ValiseJson *self);

GBytes        *valise_json_get_text (const ValiseJson *self);
ValiseJsonKind valise_json_get_kind (const ValiseJson *self, guint token);

/* Members and elements in order; %VALISE_JSON_NONE past the last. Of an object, the values. */
guint valise_json_first (const ValiseJson *self, guint container);
guint valise_json_next (const ValiseJson *self, guint token);
guint valise_json_count (const ValiseJson *self, guint container);

/* The value of member @name, or %VALISE_JSON_NONE where @object is no object or lacks it. */
guint valise_json_find (const ValiseJson *self, guint object, const char *name);

/* Of a token that is a member's value: the member's name, unescaped. */
char *valise_json_dup_name (const ValiseJson *self, guint token);

/* The value as it stands in the text. */
const char *valise_json_get_raw (const ValiseJson *self, guint token, gsize *length);
char       *valise_json_dup_raw (const ValiseJson *self, guint token);

/* NULL, FALSE where the token is %VALISE_JSON_NONE or of another kind. */
char    *valise_json_dup_string (const ValiseJson *self, guint token);
gboolean valise_json_get_int (const ValiseJson *self, guint token, gint64 *value);
gboolean valise_json_get_true (const ValiseJson *self, guint token);

/* Shorthands for a member of @object. */
char    *valise_json_dup_member (const ValiseJson *self, guint object, const char *name);
gint64   valise_json_get_member_int (const ValiseJson *self,
                                     guint             object,
                                     const char       *name,
                                     gint64            otherwise);
gboolean valise_json_get_member_true (const ValiseJson *self, guint object, const char *name);

/* Returns: (transfer full): the strings of the array, NULL-terminated, anything else in it passed
 * over; none where @array is %VALISE_JSON_NONE or no array */
char **valise_json_dup_strings (const ValiseJson *self, guint array);

/* Of a member's value: the member's name as it stands between its quotes, escapes and all. */
const char *valise_json_get_raw_name (const ValiseJson *self, guint token, gsize *length);

/* Whether the bytes of the value already are its canonical form (RFC 8785). */
gboolean valise_json_is_canonical (const ValiseJson *self, guint token);

/* Returns: (transfer full) (array length=n): the values of @object's members, by their names'
 * UTF-16 code units; %NULL where there are none */
guint *valise_json_dup_sorted (const ValiseJson *self, guint object, guint *n);

/* Returns: (transfer full): the text of the object that this is, its member @name (re)placed last
 * with the JSON text @value, or %NULL: left out; every other byte of its members as it was */
char *valise_json_dup_with (const ValiseJson *self, const char *name, const char *value);

/* Appends @text as a JSON string, quotes included; @length may be -1. */
void valise_json_append_string (GString *out, const char *text, gssize length);

/* Appends a member to the object that @out ends within, a comma before it unless it is the first;
 * @text: %NULL is `null`. */
void valise_json_append_member (GString *out, const char *name, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseJson, valise_json_unref)

G_END_DECLS
