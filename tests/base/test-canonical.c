/* test-canonical.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "valise-canonical.h"

static ValiseJson *
scan (const char *text)
{
  g_autoptr (GError) error = NULL;
  ValiseJson        *json = valise_json_scan_text (text, -1, VALISE_JSON_ANY, &error);

  if (json == NULL)
    g_error ("Refused: %s: %s", text, error->message);
  return json;
}

static char *
canonicalise (const char *text)
{
  g_autoptr (ValiseJson) json = scan (text);
  GString               *out = g_string_new (NULL);

  valise_canonical_append (out, json, 0);
  return g_string_free (out, FALSE);
}

/* Also that the canonical form is its own, and known to be so without being written anew. */
static void
assert_canonical (const char *text, const char *expected)
{
  g_autofree char       *once = canonicalise (text);
  g_autofree char       *twice = canonicalise (once);
  g_autoptr (ValiseJson) json = scan (text);

  g_assert_cmpstr (once, ==, expected);
  g_assert_cmpstr (twice, ==, expected);
  if (valise_json_is_canonical (json, 0))
    g_assert_cmpstr (text, ==, expected);
}

static void
members_are_sorted_by_code_units (void)
{
  assert_canonical ("{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}");
}

#define ADD(test) g_test_add_func ("/canonical/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (members_are_sorted_by_code_units);

  return g_test_run ();
}
