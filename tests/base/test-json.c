/* test-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "valise-json.h"

typedef struct
{
  const char *text;
  gssize      length; /* 0 for a terminated text */
} Sample;

#define BYTES(literal)                                                                             \
  {                                                                                                \
    literal, sizeof literal - 1                                                                    \
  }

static gssize
measure (const Sample *sample)
{
  return sample->length == 0 ? -1 : sample->length;
}

static void
assert_refused (const Sample *sample, ValiseJsonFlags flags, ValiseJsonError code)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json =
      valise_json_scan_text (sample->text, measure (sample), flags, &error);

  if (json != NULL)
    g_error ("Accepted: %s", sample->text);
  if (!g_error_matches (error, VALISE_JSON_ERROR, (int) code))
    g_error ("%s: refused with code %d: %s", sample->text, error->code, error->message);
}

static ValiseJson *
scan (const char *text)
{
  g_autoptr (GError) error = NULL;
  ValiseJson        *json = valise_json_scan_text (text, -1, VALISE_JSON_ANY, &error);

  if (json == NULL)
    g_error ("Refused: %s: %s", text, error->message);
  return json;
}

static void
what_the_grammar_allows_is_accepted (void)
{
  static const char *const texts[] = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "10",
    "1.0",
    "0.5",
    "-0.5e1",
    "1e3",
    "1E+3",
    "1e-3",
    "0e0",
    "0e+01",
    "123456789012345678901234567890",
    "1e400",
    "-1e-400",
    "\"\"",
    "\"a\"",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "[1,2]",
    "{\"a\":1}",
    "{\"\":0}",
    "{\"a\":{\"a\":1},\"b\":[1]}",
    " [ ] ",
    "\t{\n\"a\"\r: 1 , \"b\" :2}\n",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u0061\"",
    "\"\\u00e9\\u00E9\"",
    "\"\\ud83d\\ude00\"",
    "\"\\uD83D\\uDE00\"",
    "\"\\uffff\"",
    "\"/\"",
    "\"\x7f\"",
    "\"\xc2\x80\"",
    "\"\xdf\xbf\"",
    "\"\xe0\xa0\x80\"",
    "\"\xed\x9f\xbf\"",
    "\"\xee\x80\x80\"",
    "\"\xef\xbf\xbf\"",
    "\"\xf0\x90\x80\x80\"",
    "\"\xf4\x8f\xbf\xbf\"",
    "{\"a\":1,\"A\":2}",
    "{\"b\":1,\"a\":2,\"c\":3}",
    "{\"\\u0061\":1,\"\\u0062\":2}",
    "\"\\u0001\"",
    "\"{[,:]}\"",
    "[\"a\",\"a\"]",
    "\"\xef\xbb\xbf\"",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ValiseJson) json = scan (texts[i]);

      g_assert_nonnull (json);
    }
}

static void
what_the_grammar_forbids_is_a_syntax_error (void)
{
  static const Sample samples[] = {
    { "" },
    { " " },
    { "\n" },
    { "nul" },
    { "nulll" },
    { "True" },
    { "NaN" },
    { "Infinity" },
    { "-Infinity" },
    { "undefined" },
    { "'a'" },
    { "a" },
    { "\"" },
    { "\"a" },
    { "\"\\\"" },
    { "\"\\" },
    { "\"\\u" },
    { "\"\\u12\"" },
    { "\"\\u123g\"" },
    { "\"\\x41\"" },
    { "\"\\a\"" },
    { "\"\\'\"" },
    { "\"\\U0041\"" },
    { "\"\\\n\"" },
    { "\"\t\"" },
    { "\"\n\"" },
    { "\"\x1f\"" },
    { "\"é\x01\"" },
    { "0x10" },
    { "01" },
    { "-01" },
    { "00" },
    { "+1" },
    { "-" },
    { "--1" },
    { "1." },
    { ".5" },
    { "-.5" },
    { "1.e3" },
    { "1e" },
    { "1e+" },
    { "1_000" },
    { "1,2" },
    { "1 2" },
    { "0 0" },
    { "[" },
    { "]" },
    { "[1" },
    { "[1," },
    { "[1,]" },
    { "[,]" },
    { "[,1]" },
    { "[1,,2]" },
    { "[1 2]" },
    { "[1}" },
    { "[1]]" },
    { "[1:2]" },
    { "{" },
    { "}" },
    { "{\"a\"" },
    { "{\"a\":" },
    { "{\"a\":1" },
    { "{\"a\":1," },
    { "{\"a\":1,}" },
    { "{,}" },
    { "{\"a\"}" },
    { "{\"a\",1}" },
    { "{\"a\"::1}" },
    { "{a:1}" },
    { "{1:1}" },
    { "{'a':1}" },
    { "{null:1}" },
    { "{\"a\":1 \"b\":2}" },
    { "{\"a\":1]" },
    { "{\"a\":}" },
    { "[1] x" },
    { "{}{}" },
    { "// c\n1" },
    { "/* c */1" },
    { "[1/* c */]" },
    { "1 # c" },
    { "\xef\xbb\xbf{}" },
    { "\xa0"
      "1" },
    { "\f1" },
    { "\v1" },
    { "\xc2\xa0"
      "1" },
    { "[1,\xe2\x80\xa8"
      "2]" },
    BYTES ("1\0"),
    BYTES ("\0"),
    BYTES ("[1,\0]"),
    BYTES ("{\"a\"\0:1}"),
    { "tru" },
    { "[tru]" },
    { "-a" },
    { "\"a\\" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      assert_refused (&samples[i], VALISE_JSON_ANY, VALISE_JSON_ERROR_SYNTAX);
      assert_refused (&samples[i], VALISE_JSON_INTEGERS, VALISE_JSON_ERROR_SYNTAX);
    }
}

static void
a_number_ends_once (void)
{
  assert_refused (&(Sample){ "1e1.5" }, VALISE_JSON_ANY, VALISE_JSON_ERROR_SYNTAX);
  assert_refused (&(Sample){ "1.5.5" }, VALISE_JSON_ANY, VALISE_JSON_ERROR_SYNTAX);
  assert_refused (&(Sample){ "[1e1e1]" }, VALISE_JSON_ANY, VALISE_JSON_ERROR_SYNTAX);
}

/* Each is tried at every distance from the end of the text that the scanner treats apart. */
static void
text_that_is_no_unicode_is_refused (void)
{
  static const Sample samples[] = {
    BYTES ("\0"),
    BYTES ("\\u0000"),
    BYTES ("\\ud800"),
    BYTES ("\\udc00"),
    BYTES ("\\ud800x"),
    BYTES ("\\ud800\\u12"),
    BYTES ("\\ud800\\n"),
    BYTES ("\\ud800\\u0041"),
    BYTES ("\\ud800\\ud800"),
    BYTES ("\\uDFFF"),
    BYTES ("\\udc00\\ud800"),
    BYTES ("\x80"),
    BYTES ("\xbf"),
    BYTES ("\xc0\x80"),
    BYTES ("\xc1\xbf"),
    BYTES ("\xc2"),
    BYTES ("\xc2"
           "a"),
    BYTES ("\xe0\x80\x80"),
    BYTES ("\xe0\x9f\xbf"),
    BYTES ("\xe2\x82"),
    BYTES ("\xe2\x82"
           "a"),
    BYTES ("\xe2"
           "aa"),
    BYTES ("\xed\xa0\x80"),
    BYTES ("\xed\xbf\xbf"),
    BYTES ("\xf0\x80\x80\x80"),
    BYTES ("\xf0\x8f\xbf\xbf"),
    BYTES ("\xf0\x9f\x98"),
    BYTES ("\xf0\x9f\x98"
           "a"),
    BYTES ("\xf4\x90\x80\x80"),
    BYTES ("\xf5\x80\x80\x80"),
    BYTES ("\xfe"),
    BYTES ("\xff"),
    BYTES ("\xf8\x88\x80\x80\x80"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    for (guint padding = 0; padding < 20; padding++)
      {
        g_autoptr (GString) text = g_string_new ("[\"");
        Sample              whole;

        g_string_append_len (text, "abcdefghij", padding / 2);
        g_string_append_len (text, samples[i].text, samples[i].length);
        g_string_append_len (text, "klmnopqrst", (padding + 1) / 2);
        g_string_append (text, "\"]");
        whole = (Sample){ text->str, (gssize) text->len };
        assert_refused (&whole, VALISE_JSON_ANY, VALISE_JSON_ERROR_TEXT);
      }
}

static void
names_must_differ_however_they_are_written (void)
{
  static const Sample samples[] = {
    { "{\"a\":1,\"a\":2}" },
    { "{\"\":1,\"\":2}" },
    { "{\"a\":1,\"\\u0061\":2}" },
    { "{\"\\u0061\":1,\"b\":2,\"a\":3}" },
    { "{\"\\n\":1,\"\\u000a\":2}" },
    { "{\"\\u000A\":1,\"\\u000a\":2}" },
    { "{\"/\":1,\"\\/\":2}" },
    { "{\"\xc3\xa9\":1,\"x\":0,\"\\u00e9\":2}" },
    { "{\"\\ud83d\\ude00\":1,\"a\":0,\"\xf0\x9f\x98\x80\":2}" },
    { "[{\"x\":{\"b\":1,\"a\":2,\"b\":3}}]" },
    { "{\"z\":1,\"y\":2,\"x\":3,\"z\":4}" },
    { "{\"a\\\\\":1,\"a\\u005c\":2}" },
    { "{\"_id\":\"a\",\"\\u005fid\":\"b\"}" },
    { "{\"a\":{},\"b\":[],\"a\":null}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    assert_refused (&samples[i], VALISE_JSON_INTEGERS, VALISE_JSON_ERROR_DUPLICATE);
}

/* Names that fall, so that the object is sorted, and more of them than are sorted by hand. */
static void
one_name_twice_is_found_among_thousands (void)
{
  g_autoptr (GString)    text = g_string_new ("{");
  g_autoptr (ValiseJson) json = NULL;
  Sample                 sample;

  for (guint i = 5000; i > 0; i--)
    g_string_append_printf (text, "\"doc:%u\":[%u],", i, i);
  g_string_append (text, "\"zero\":0}");
  json = scan (text->str);
  g_assert_cmpuint (valise_json_count (json, 0), ==, 5001);
  g_assert_cmpuint (valise_json_find (json, 0, "doc:1"), !=, VALISE_JSON_NONE);

  g_string_truncate (text, text->len - 1);
  g_string_append (text, ",\"doc:\\u0032500\":1}");
  sample = (Sample){ text->str, (gssize) text->len };
  assert_refused (&sample, VALISE_JSON_ANY, VALISE_JSON_ERROR_DUPLICATE);
}

static char *
nest (guint depth, const char *open, const char *inner, const char *close)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, open);
  g_string_append (text, inner);
  for (guint i = 0; i < depth; i++)
    g_string_append (text, close);

  return g_string_free (text, FALSE);
}

static void
sixty_four_levels_are_the_limit (void)
{
  g_autofree char       *arrays = nest (64, "[", "1", "]");
  g_autofree char       *objects = nest (64, "{\"a\":", "1", "}");
  g_autofree char       *deep_arrays = nest (65, "[", "", "]");
  g_autofree char       *deep_objects = nest (65, "{\"a\":", "1", "}");
  g_autofree char       *endless = nest (100000, "[", "", "");
  g_autoptr (ValiseJson) first = scan (arrays);
  g_autoptr (ValiseJson) second = scan (objects);

  g_assert_cmpuint (valise_json_count (first, 63), ==, 1);
  g_assert_cmpuint (valise_json_count (second, 0), ==, 1);
  assert_refused (&(Sample){ deep_arrays }, VALISE_JSON_ANY, VALISE_JSON_ERROR_DEPTH);
  assert_refused (&(Sample){ deep_objects }, VALISE_JSON_ANY, VALISE_JSON_ERROR_DEPTH);
  assert_refused (&(Sample){ endless }, VALISE_JSON_ANY, VALISE_JSON_ERROR_DEPTH);
}

static void
depth_counts_what_is_open_not_what_was (void)
{
  g_autofree char       *pair = g_strdup_printf ("[%s]", "[[]],[{}],{\"a\":[]}");
  g_autofree char       *many = nest (100, "[],", "0", "");
  g_autofree char       *flat = g_strdup_printf ("[%s,%s]", many, pair);
  g_autoptr (ValiseJson) json = scan (flat);

  g_assert_cmpuint (valise_json_count (json, 0), ==, 102);
}

static void
our_documents_hold_safe_integers_only (void)
{
  static const char *const good[] = {
    "0", "-0", "7", "-7", "9007199254740992", "-9007199254740992", "[9007199254740991]"
  };
  static const Sample bad[] = {
    { "1.0" },
    { "1e3" },
    { "1E3" },
    { "0.1" },
    { "-0.0" },
    { "0e0" },
    { "9007199254740993" },
    { "-9007199254740993" },
    { "10000000000000000" },
    { "9223372036854775808" },
    { "18446744073709551617" },
    { "99999999999999999999999999" },
    { "[1,2.5]" },
    { "{\"a\":1e1}" },
    { "18446744073709551616" },
    { "1e400" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError)     error = NULL;
      g_autoptr (ValiseJson) json =
          valise_json_scan_text (good[i], -1, VALISE_JSON_INTEGERS, &error);

      g_assert_no_error (error);
      g_assert_nonnull (json);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (ValiseJson) any = scan (bad[i].text);

      g_assert_nonnull (any);
      assert_refused (&bad[i], VALISE_JSON_INTEGERS, VALISE_JSON_ERROR_NUMBER);
    }
}

static void
text_beyond_32_bits_of_offset_is_refused_unread (void)
{
  gsize                  length = (gsize) 1 << 31;
  g_autoptr (GBytes)     bytes = g_bytes_new_static ("", length + 1);
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = valise_json_scan (bytes, VALISE_JSON_ANY, &error);

  g_assert_error (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_SIZE);
  g_assert_null (json);
}

/* A text that is not terminated, in a block of its own, so that one byte too many is seen. */
static void
no_byte_beyond_the_text_is_read (void)
{
  static const char whole[] = "{\"a\":[true,false,null,-1.5e+3,\"\\ud83d\\ude00\xe2\x82\xac\"]}";

  for (gsize length = 0; length < sizeof whole - 1; length++)
    {
      g_autoptr (GBytes)     bytes = g_bytes_new_take (g_memdup2 (whole, length), length);
      g_autoptr (GError)     error = NULL;
      g_autoptr (ValiseJson) json = valise_json_scan (bytes, VALISE_JSON_ANY, &error);

      g_assert_null (json);
      g_assert_true (g_error_matches (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_SYNTAX)
                     || g_error_matches (error, VALISE_JSON_ERROR, VALISE_JSON_ERROR_TEXT));
    }
}

static void
error_names_the_byte (void)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = valise_json_scan_text ("[1, 0x10]", -1, VALISE_JSON_ANY, &error);

  g_assert_null (json);
  g_assert_nonnull (strstr (error->message, "at byte 5"));
}

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

#define ADD(test) g_test_add_func ("/json/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (what_the_grammar_allows_is_accepted);
  ADD (what_the_grammar_forbids_is_a_syntax_error);
  ADD (a_number_ends_once);
  ADD (text_that_is_no_unicode_is_refused);
  ADD (names_must_differ_however_they_are_written);
  ADD (one_name_twice_is_found_among_thousands);
  ADD (sixty_four_levels_are_the_limit);
  ADD (depth_counts_what_is_open_not_what_was);
  ADD (our_documents_hold_safe_integers_only);
  ADD (text_beyond_32_bits_of_offset_is_refused_unread);
  ADD (no_byte_beyond_the_text_is_read);
  ADD (error_names_the_byte);
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
