/* valise-json-string.h - the strings of JSON: checked, unescaped, compared, written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A "raw" string here is what stands between the quotes, checked by the scan.
 */

#pragma once

#include "valise-json.h"

G_BEGIN_DECLS

/**
 * ValiseJsonStringTraits:
 * @VALISE_JSON_STRING_ESCAPED: it holds a backslash
 * @VALISE_JSON_STRING_LOOSE: RFC 8785 would write it otherwise
 */
typedef enum
{
  VALISE_JSON_STRING_ESCAPED = 1 << 0,
  VALISE_JSON_STRING_LOOSE = 1 << 1,
} ValiseJsonStringTraits;

/* Checks the string whose opening quote is at @text[*@at], and moves *@at past its closing
 * one. Fails with %VALISE_JSON_ERROR_SYNTAX or _TEXT, *@at at the fault. */
gboolean valise_json_string_scan (const char             *text,
                                  gsize                   length,
                                  gsize                  *at,
                                  ValiseJsonStringTraits *traits,
                                  GError                **error) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full): @raw without its escapes, terminated */
char *valise_json_string_unescape (const char *raw, gsize length);

/* Negative, 0 or positive, by UTF-16 code units (RFC 8785, 3.2.3), escapes resolved. */
int valise_json_string_compare (const char *a, gsize a_length, const char *b, gsize b_length);

G_END_DECLS
