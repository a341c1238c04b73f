/* fuzz-json.c - any bytes as JSON
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is accepted has a canonical form, which is JSON, and its own canonical form.
 */

#include <string.h>

#include "fuzz.h"
#include "valise-canonical.h"

static void
walk (const ValiseJson *json, guint container)
{
  gboolean members = valise_json_get_kind (json, container) == VALISE_JSON_KIND_OBJECT;
  guint    n = 0;

  for (guint token = valise_json_first (json, container); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *name = members ? valise_json_dup_name (json, token) : NULL;
      g_autofree char *text = valise_json_dup_string (json, token);
      gint64           value = 0;

      n++;
      g_assert_true (!members || valise_json_find (json, container, name) == token);
      g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
      valise_json_get_int (json, token, &value);
      if (valise_json_get_kind (json, token) >= VALISE_JSON_KIND_ARRAY)
        walk (json, token);
    }
  g_assert_cmpuint (n, ==, valise_json_count (json, container));
}

static void
check_canonical (const ValiseJson *json)
{
  g_autoptr (GString)    once = g_string_new (NULL), twice = g_string_new (NULL);
  g_autoptr (ValiseJson) again = NULL;
  const char            *raw = NULL;
  gsize                  length = 0;

  valise_canonical_append (once, json, 0);
  again = valise_json_scan_text (once->str, (gssize) once->len, VALISE_JSON_ANY, NULL);
  g_assert_nonnull (again);
  valise_canonical_append (twice, again, 0);
  g_assert_true (g_string_equal (once, twice));

  raw = valise_json_get_raw (json, 0, &length);
  if (valise_json_is_canonical (json, 0))
    g_assert_cmpmem (raw, length, once->str, once->len);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char       *text = fuzz_dup_text (data, size);
  g_autoptr (ValiseJson) strict =
      valise_json_scan_text (text, (gssize) size, VALISE_JSON_INTEGERS, NULL);
  g_autoptr (ValiseJson) json = valise_json_scan_text (text, (gssize) size, VALISE_JSON_ANY, NULL);

  g_assert_true (strict == NULL || json != NULL);
  if (json == NULL)
    return 0;
  if (valise_json_get_kind (json, 0) >= VALISE_JSON_KIND_ARRAY)
    walk (json, 0);
  check_canonical (json);
  if (strict != NULL && valise_json_get_kind (strict, 0) == VALISE_JSON_KIND_OBJECT)
    {
      g_autofree char *rev = valise_canonical_revision (NULL, FALSE, strict);

      g_assert_true (g_str_has_prefix (rev, "1-"));
    }
  return 0;
}
