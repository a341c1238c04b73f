/* test-json.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "scanned-json.h"

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

  return g_test_run ();
}
