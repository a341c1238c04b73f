/* test-json-values.c - what was scanned, read and written anew
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "scanned-json.h"

static void
slices_survive_byte_for_byte (void)
{
  static const char *const members[] = {
    "1.50",
    "-0",
    "1E400",
    " [ 1 ,\t2 ]",
    "\"\\u00E9 \\/ \\u0061\"",
    "{ \"z\" : 1, \"a\":{} }",
    "12345678901234567890123",
    "\"\xd0\xaf\xe4\xb8\xad\xf0\x9f\x98\x80\"",
    "true",
    "null",
  };
  g_autoptr (GString)    text = g_string_new ("{");
  g_autoptr (ValiseJson) json = NULL;
  guint                  token;

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    g_string_append_printf (text, "%s\"m%" G_GSIZE_FORMAT "\":%s", i > 0 ? " , " : " ", i,
                            members[i]);
  g_string_append (text, " }");
  json = scan (text->str);

  token = valise_json_first (json, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++, token = valise_json_next (json, token))
    {
      g_autofree char *expected = g_strstrip (g_strdup (members[i]));
      g_autofree char *raw = valise_json_dup_raw (json, token);
      g_autofree char *name = valise_json_dup_name (json, token);
      g_autofree char *expected_name = g_strdup_printf ("m%" G_GSIZE_FORMAT, i);

      g_assert_cmpstr (raw, ==, expected);
      g_assert_cmpstr (name, ==, expected_name);
      g_assert_cmpuint (valise_json_find (json, 0, name), ==, token);
    }
  g_assert_cmpuint (token, ==, VALISE_JSON_NONE);
}

static void
text_is_kept_by_reference (void)
{
  g_autoptr (GBytes)     bytes = g_bytes_new_static ("[1]", 3);
  g_autoptr (ValiseJson) json = valise_json_scan (bytes, VALISE_JSON_ANY, NULL);
  g_autoptr (ValiseJson) again = valise_json_ref (json);
  gsize                  length;

  g_assert_true (valise_json_get_text (again) == bytes);
  g_assert_true (valise_json_get_raw (json, 0, &length) == g_bytes_get_data (bytes, NULL));
  g_assert_cmpuint (length, ==, 3);
}

static void
strings_are_unescaped (void)
{
  g_autoptr (ValiseJson) json =
      scan ("{\"s\":\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC\\uD83D\\ude00z\","
            "\"plain\":\"\xd9\x81\",\"empty\":\"\",\"n\":1,\"\\u0065sc\":\"x\"}");
  g_autofree char *escaped = valise_json_dup_member (json, 0, "s");
  g_autofree char *plain = valise_json_dup_member (json, 0, "plain");
  g_autofree char *empty = valise_json_dup_member (json, 0, "empty");
  g_autofree char *named = valise_json_dup_member (json, 0, "esc");

  g_assert_cmpstr (escaped, ==, "a\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z");
  g_assert_cmpstr (plain, ==, "\xd9\x81");
  g_assert_cmpstr (empty, ==, "");
  g_assert_cmpstr (named, ==, "x");
  g_assert_null (valise_json_dup_member (json, 0, "n"));
  g_assert_null (valise_json_dup_member (json, 0, "absent"));
}

static void
values_of_another_kind_are_absent (void)
{
  g_autoptr (ValiseJson) json =
      scan ("{\"t\":true,\"f\":false,\"z\":null,\"i\":-42,\"d\":1.5,\"e\":1e2,\"s\":\"1\","
            "\"max\":9223372036854775807,\"min\":-9223372036854775808,"
            "\"over\":9223372036854775808,\"under\":-9223372036854775809,\"a\":[],\"o\":{}}");
  gint64 value = 0;

  g_assert_true (valise_json_get_member_true (json, 0, "t"));
  g_assert_false (valise_json_get_member_true (json, 0, "f"));
  g_assert_false (valise_json_get_member_true (json, 0, "s"));
  g_assert_false (valise_json_get_member_true (json, 0, "absent"));
  g_assert_cmpint (valise_json_get_member_int (json, 0, "i", 7), ==, -42);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "d", 7), ==, 7);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "e", 7), ==, 7);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "s", 7), ==, 7);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "absent", 7), ==, 7);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "max", 7), ==, G_MAXINT64);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "min", 7), ==, G_MININT64);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "over", 7), ==, 7);
  g_assert_cmpint (valise_json_get_member_int (json, 0, "under", 7), ==, 7);
  g_assert_false (valise_json_get_int (json, VALISE_JSON_NONE, &value));
  g_assert_false (valise_json_get_true (json, VALISE_JSON_NONE));
  g_assert_null (valise_json_dup_string (json, VALISE_JSON_NONE));
  g_assert_null (valise_json_dup_raw (json, VALISE_JSON_NONE));
  g_assert_null (valise_json_dup_name (json, VALISE_JSON_NONE));
  g_assert_null (valise_json_dup_name (json, 0));
}

static void
strings_of_an_array_are_listed (void)
{
  g_autoptr (ValiseJson) json =
      scan ("{\"a\":[\"x\",1,null,\"\\u00e9\",[\"z\"]],\"o\":{\"b\":\"c\"}}");
  g_auto (GStrv)    strings = valise_json_dup_strings (json, valise_json_find (json, 0, "a"));
  g_auto (GStrv)    none = valise_json_dup_strings (json, valise_json_find (json, 0, "o"));
  g_auto (GStrv)    absent = valise_json_dup_strings (json, VALISE_JSON_NONE);
  const char *const expected[] = { "x", "é", NULL };

  g_assert_true (g_strv_equal ((const char *const *) strings, expected));
  g_assert_null (none[0]);
  g_assert_null (absent[0]);
}

static void
empty_containers_have_no_children (void)
{
  g_autoptr (ValiseJson) json = scan ("[{},[],{\"a\":[]},[[]],\"x\",1]");
  guint                  token = valise_json_first (json, 0);

  g_assert_cmpint (valise_json_get_kind (json, 0), ==, VALISE_JSON_KIND_ARRAY);
  g_assert_cmpuint (valise_json_count (json, 0), ==, 6);
  g_assert_cmpint (valise_json_get_kind (json, token), ==, VALISE_JSON_KIND_OBJECT);
  g_assert_cmpuint (valise_json_first (json, token), ==, VALISE_JSON_NONE);
  g_assert_cmpuint (valise_json_count (json, token), ==, 0);
  token = valise_json_next (json, token);
  g_assert_cmpint (valise_json_get_kind (json, token), ==, VALISE_JSON_KIND_ARRAY);
  g_assert_cmpuint (valise_json_first (json, token), ==, VALISE_JSON_NONE);
  token = valise_json_next (json, token);
  g_assert_cmpuint (valise_json_count (json, token), ==, 1);
  g_assert_cmpuint (valise_json_count (json, valise_json_find (json, token, "a")), ==, 0);
  token = valise_json_next (json, token);
  g_assert_cmpuint (valise_json_count (json, token), ==, 1);
  token = valise_json_next (json, token);
  g_assert_cmpuint (valise_json_first (json, token), ==, VALISE_JSON_NONE);
  g_assert_cmpuint (valise_json_find (json, token, "a"), ==, VALISE_JSON_NONE);
  g_assert_cmpuint (valise_json_find (json, VALISE_JSON_NONE, "a"), ==, VALISE_JSON_NONE);
  g_assert_cmpuint (valise_json_first (json, VALISE_JSON_NONE), ==, VALISE_JSON_NONE);
}

static void
appended_strings_read_back (void)
{
  static const char      text[] = "\x01\x1f\b\t\n\f\r\"\\/\x7f\xc2\x80\xe4\xb8\xad\xf0\x9f\x98\x80";
  g_autoptr (GString)    out = g_string_new (NULL);
  g_autoptr (ValiseJson) json = NULL;
  g_autofree char       *back = NULL;

  valise_json_append_string (out, text, -1);
  g_assert_cmpstr (
      out->str, ==,
      "\"\\u0001\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\x7f\xc2\x80\xe4\xb8\xad\xf0\x9f\x98\x80\"");
  json = scan (out->str);
  back = valise_json_dup_string (json, 0);
  g_assert_cmpstr (back, ==, text);
  g_assert_true (valise_json_is_canonical (json, 0));

  g_string_truncate (out, 0);
  valise_json_append_string (out, text, 2);
  g_assert_cmpstr (out->str, ==, "\"\\u0001\\u001f\"");
}

static void
a_member_is_replaced_and_the_rest_stays_as_it_was (void)
{
  static const struct
  {
    const char *text, *value, *expected;
  } cases[] = {
    { "{}", "1", "{\"a\":1}" },
    { "{}", NULL, "{}" },
    { "{\"a\":0}", NULL, "{}" },
    { "{ \"b\" : 1.50, \"a\":0 }", NULL, "{\"b\":1.50}" },
    { "{\"a\":0,\"\\u0062\":[ 1 ]}", "\"x\"", "{\"\\u0062\":[ 1 ],\"a\":\"x\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)     error = NULL;
      g_autoptr (ValiseJson) json =
          valise_json_scan_text (cases[i].text, -1, VALISE_JSON_ANY, &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = valise_json_dup_with (json, "a", cases[i].value);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
members_are_set_apart_by_commas (void)
{
  g_autoptr (GString) out = g_string_new ("{");

  valise_json_append_member (out, "first", "a\"b");
  valise_json_append_member (out, "none", NULL);
  g_string_append (out, ",\"inner\":{");
  valise_json_append_member (out, "last", "");
  g_string_append (out, "}}");
  g_assert_cmpstr (out->str, ==, "{\"first\":\"a\\\"b\",\"none\":null,\"inner\":{\"last\":\"\"}}");
}

#define ADD(test) g_test_add_func ("/json-values/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (slices_survive_byte_for_byte);
  ADD (text_is_kept_by_reference);
  ADD (strings_are_unescaped);
  ADD (values_of_another_kind_are_absent);
  ADD (strings_of_an_array_are_listed);
  ADD (empty_containers_have_no_children);
  ADD (appended_strings_read_back);
  ADD (a_member_is_replaced_and_the_rest_stays_as_it_was);
  ADD (members_are_set_apart_by_commas);

  return g_test_run ();
}
