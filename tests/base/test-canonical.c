/* test-canonical.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "scanned-json.h"
#include "untidy-json.h"
#include "valise-canonical.h"
#include "valise-test.h"

static char *
canonicalise (const char *text)
{
  g_autoptr (ValiseJson) json = scan (text);
  GString               *out = g_string_new (NULL);

  valise_canonical_append (out, json, 0);
  return g_string_free (out, FALSE);
}

/* Also that the canonical form is its own, and that the scan knows it when it sees it. */
static void
assert_canonical (const char *text, const char *expected)
{
  g_autofree char       *once = canonicalise (text);
  g_autofree char       *twice = canonicalise (once);
  g_autoptr (ValiseJson) json = scan (text);
  g_autofree char       *raw = valise_json_dup_raw (json, 0);

  g_assert_cmpstr (once, ==, expected);
  g_assert_cmpstr (twice, ==, expected);
  if (valise_json_is_canonical (json, 0))
    g_assert_cmpstr (raw, ==, expected);
}

/* The vectors that the authors of RFC 8785 publish with it. */
static void
published_vectors_are_met (void)
{
  static const char *const vectors[][2] = {
    { "[\n  56,\n  {\n    \"d\": true,\n    \"10\": null,\n    \"1\": [ ]\n  }\n]",
      "[56,{\"1\":[],\"10\":null,\"d\":true}]" },
    { "{\n  \"peach\": \"This sorting order\",\n  \"péché\": \"is wrong according to French\",\n"
      "  \"pêche\": \"but canonicalization MUST\",\n  \"sin\":   \"ingnore locale\"\n}\n",
      "{\"peach\":\"This sorting order\",\"péché\":\"is wrong according to French\","
      "\"pêche\":\"but canonicalization MUST\",\"sin\":\"ingnore locale\"}" },
    { "{\n  \"1\": {\"f\": {\"f\": \"hi\",\"F\": 5} ,\"\\n\": 56.0},\n  \"10\": { },\n"
      "  \"\": \"empty\",\n  \"a\": { },\n  \"111\": [ { } ],\n  \"A\": { }\n}",
      "{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":{},\"111\":[{}],"
      "\"A\":{},\"a\":{}}" },
    { "{\n  \"Unnormalized Unicode\":\"\\u1e0d\\u0307\"\n}\n",
      "{\"Unnormalized Unicode\":\"\xe1\xb8\x8d\xcc\x87\"}" },
    { "{\n  \"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],\n"
      "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
      "  \"literals\": [null, true, false]\n}",
      "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
      "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}" },
    { "{\n  \"\\u20ac\": \"Euro Sign\",\n  \"\\r\": \"Carriage Return\",\n"
      "  \"\\u000a\": \"Newline\",\n  \"1\": \"One\",\n  \"\\u0080\": \"Control\\u007f\",\n"
      "  \"\\ud83d\\ude02\": \"Smiley\",\n  \"\\u00f6\": \"Latin Small Letter O With Diaeresis\",\n"
      "  \"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\",\n"
      "  \"</script>\": \"Browser Challenge\"\n}\n",
      "{\"\\n\":\"Newline\",\"\\r\":\"Carriage Return\",\"1\":\"One\","
      "\"</script>\":\"Browser Challenge\",\"\xc2\x80\":\"Control\x7f\","
      "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😂\":\"Smiley\","
      "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    assert_canonical (vectors[i][0], vectors[i][1]);
}

/* RFC 8785, appendix B, by the bits of the double; then powers of two, where the shortest
 * digits are not the nearest, and the bounds of ECMAScript's layouts. */
static const struct
{
  guint64     bits;
  const char *text;
} numbers[] = {
  { 0x0000000000000000, "0" },
  { 0x8000000000000000, "0" },
  { 0x0000000000000001, "5e-324" },
  { 0x8000000000000001, "-5e-324" },
  { 0x7fefffffffffffff, "1.7976931348623157e+308" },
  { 0xffefffffffffffff, "-1.7976931348623157e+308" },
  { 0x4340000000000000, "9007199254740992" },
  { 0xc340000000000000, "-9007199254740992" },
  { 0x4430000000000000, "295147905179352830000" },
  { 0x44b52d02c7e14af5, "9.999999999999997e+22" },
  { 0x44b52d02c7e14af6, "1e+23" },
  { 0x44b52d02c7e14af7, "1.0000000000000001e+23" },
  { 0x444b1ae4d6e2ef4e, "999999999999999700000" },
  { 0x444b1ae4d6e2ef4f, "999999999999999900000" },
  { 0x444b1ae4d6e2ef50, "1e+21" },
  { 0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7" },
  { 0x3eb0c6f7a0b5ed8d, "0.000001" },
  { 0x41b3de4355555553, "333333333.3333332" },
  { 0x41b3de4355555554, "333333333.33333325" },
  { 0x41b3de4355555555, "333333333.3333333" },
  { 0x41b3de4355555556, "333333333.3333334" },
  { 0x41b3de4355555557, "333333333.33333343" },
  { 0xbecbf647612f3696, "-0.0000033333333333333333" },
  { 0x43143ff3c1cb0959, "1424953923781206.2" },
  { 0x3d30000000000000, "5.684341886080802e-14" },
  { 0x0010000000000000, "2.2250738585072014e-308" },
  { 0x000fffffffffffff, "2.225073858507201e-308" },
  { 0x3ff0000000000000, "1" },
  { 0x3fb999999999999a, "0.1" },
  { 0x3e7ad7f29abcaf48, "1e-7" },
  { 0x4415af1d78b58c40, "100000000000000000000" },
  { 0x7e37e43c8800759c, "1e+300" },
};

static double
read_bits (guint64 bits)
{
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static void
numbers_are_written_as_ecmascript_does (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      char text[40];

      g_ascii_formatd (text, sizeof text, "%.17g", read_bits (numbers[i].bits));
      assert_canonical (text, numbers[i].text);
    }
}

static void
one_number_has_one_form (void)
{
  static const char *const cases[][2] = {
    { "-0", "0" },
    { "-0.0", "0" },
    { "0e5", "0" },
    { "1.0", "1" },
    { "1e3", "1000" },
    { "1E+3", "1000" },
    { "10e-1", "1" },
    { "1.50", "1.5" },
    { "100e18", "100000000000000000000" },
    { "1e21", "1e+21" },
    { "1e-6", "0.000001" },
    { "1e-7", "1e-7" },
    { "123e-9", "1.23e-7" },
    { "1e-400", "0" },
    { "-1e-400", "0" },
    { "9007199254740993", "9007199254740992" },
    { "-12.5e1", "-125" },
    { "0.00001", "0.00001" },
    { "123456789012345680000", "123456789012345680000" },
    { "1e400", "1e400" }, /* no double: as it stands */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_canonical (cases[i][0], cases[i][1]);
}

static gsize
count_digits (const char *text)
{
  g_autofree char *digits = g_strndup (text, strcspn (text, "e"));
  char            *end = NULL;
  gsize            n = 0;
  char            *p = digits + strspn (digits, "-0.");

  if (strchr (digits, '.') == NULL)
    for (end = digits + strlen (digits); end > p && end[-1] == '0';)
      *--end = '\0';
  for (; *p != '\0'; p++)
    n += g_ascii_isdigit (*p) ? 1 : 0;

  return n;
}

/* Whether fewer digits read back as the same double; the nearest of so many, that is. */
static gboolean
has_shorter_form (double value, gsize digits)
{
  char format[16], text[40];

  if (digits < 2)
    return FALSE;
  g_snprintf (format, sizeof format, "%%.%de", (int) digits - 2);
  g_ascii_formatd (text, sizeof text, format, value);

  return g_ascii_strtod (text, NULL) == value;
}

static void
any_double_survives_in_the_fewest_digits (void)
{
  guint count = valise_test_count (3000);

  for (guint i = 0; i < count; i++)
    {
      guint64 bits = (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
      double  value = read_bits (i % 8 == 0 ? bits & ~G_GUINT64_CONSTANT (0xfffffffffffff) : bits);
      char    text[40];
      g_autofree char *canonical = NULL;

      if (!isfinite (value) || value == 0)
        continue;
      g_ascii_formatd (text, sizeof text, "%.17g", value);
      canonical = canonicalise (text);
      assert_canonical (text, canonical);
      g_assert_cmpfloat (g_ascii_strtod (canonical, NULL), ==, value);
      g_assert_false (has_shorter_form (value, count_digits (canonical)));
    }
}

static void
names_are_sorted_by_code_units_not_by_bytes (void)
{
  assert_canonical ("{\"\xee\x80\x80\":1,\"\xf0\x90\x80\x80\":2,\"\xed\x9f\xbf\":3}",
                    "{\"\xed\x9f\xbf\":3,\"\xf0\x90\x80\x80\":2,\"\xee\x80\x80\":1}");
  assert_canonical ("{\"\xf0\x9f\x98\x81\":1,\"\\ud83d\\ude00\":2}",
                    "{\"\xf0\x9f\x98\x80\":2,\"\xf0\x9f\x98\x81\":1}");
  assert_canonical ("{\"ab\":1,\"a\":2,\"\":3,\"a\\u0001\":4,\"B\":5}",
                    "{\"\":3,\"B\":5,\"a\":2,\"a\\u0001\":4,\"ab\":1}");
}

static void
untidy_documents_become_tidy (void)
{
  guint count = valise_test_count (500);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GString)    tidy = g_string_new (NULL);
      g_autoptr (GString)    untidy = g_string_new (NULL);
      g_autoptr (ValiseJson) json = NULL;
      Pair                   pair = { tidy, untidy };

      append_any (&pair, 0);
      assert_canonical (untidy->str, tidy->str);
      json = scan (tidy->str);
      g_assert_true (valise_json_is_canonical (json, 0));
    }
}

static char *
get_body (const char *text)
{
  g_autoptr (ValiseJson) json = scan (text);
  GString               *out = g_string_new (NULL);

  valise_canonical_append_body (out, json);
  return g_string_free (out, FALSE);
}

static void
body_is_without_transport_and_proofs (void)
{
  static const char *const cases[][2] = {
    { "{}", "{}" },
    { "{\"_id\":\"x\"}", "{}" },
    { "{\"_id\":\"x\",\"_rev\":\"1-a\",\"b\":1,\"seal\":{},\"a\":2,\"signed\":{}}",
      "{\"a\":2,\"b\":1}" },
    { "{\"\\u005fid\":1,\"s\\u0065al\":2,\"\\u0073igned\":3,\"x\":4}", "{\"x\":4}" },
    { "{\"a\":{\"_id\":1,\"seal\":2,\"signed\":3}}",
      "{\"a\":{\"_id\":1,\"seal\":2,\"signed\":3}}" },
    { "{\"sea\":1,\"seals\":2,\"sign\":3,\"signed_\":4,\"Seal\":5,\"\":6,\"a_\":7}",
      "{\"\":6,\"Seal\":5,\"a_\":7,\"sea\":1,\"seals\":2,\"sign\":3,\"signed_\":4}" },
    { "{\"_\":1,\"b\":[ 1 , 2 ]}", "{\"b\":[1,2]}" },
    { "[1, {\"_id\":1}]", "[1,{\"_id\":1}]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = get_body (cases[i][0]);

      g_assert_cmpstr (body, ==, cases[i][1]);
    }
}

static void
digest_is_that_of_the_body (void)
{
  g_autoptr (ValiseJson) json = scan ("{ \"b\" : 1, \"_rev\":\"2-b\", \"a\":\"\\u00e9\" }");
  g_autofree char       *digest = valise_canonical_digest (json);
  g_autofree char       *expected =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, "{\"a\":\"\xc3\xa9\",\"b\":1}", -1);

  g_assert_cmpstr (digest, ==, expected);
}

static void
revision_follows_from_parent_deletion_and_body (void)
{
  g_autoptr (ValiseJson) json = scan ("{\"b\":1,\"a\":2}");
  g_autoptr (ValiseJson) same = scan ("{\"_id\":\"x\", \"a\":2,\"b\":1,\"signed\":{}}");
  g_autofree char       *first = valise_canonical_revision (NULL, FALSE, json);
  g_autofree char       *again = valise_canonical_revision (NULL, FALSE, same);
  g_autofree char       *second = valise_canonical_revision (first, FALSE, json);
  g_autofree char       *dead = valise_canonical_revision (first, TRUE, json);
  g_autofree char       *tenth = valise_canonical_revision ("9-abc", FALSE, json);
  g_autofree char       *digest =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, "\n0\n{\"a\":2,\"b\":1}", -1);
  g_autofree char *of_tenth =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, "9-abc\n0\n{\"a\":2,\"b\":1}", -1);
  g_autofree char *expected = g_strdup_printf ("1-%.32s", digest);
  g_autofree char *expected_tenth = g_strdup_printf ("10-%.32s", of_tenth);

  g_assert_cmpstr (first, ==, expected);
  g_assert_cmpstr (again, ==, expected);
  g_assert_cmpstr (tenth, ==, expected_tenth);
  g_assert_true (g_str_has_prefix (second, "2-"));
  g_assert_true (g_str_has_prefix (dead, "2-"));
  g_assert_cmpstr (second, !=, dead);
  g_assert_cmpstr (second + 2, !=, first + 2);
}

#define ADD(test) g_test_add_func ("/canonical/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (published_vectors_are_met);
  ADD (numbers_are_written_as_ecmascript_does);
  ADD (one_number_has_one_form);
  ADD (any_double_survives_in_the_fewest_digits);
  ADD (names_are_sorted_by_code_units_not_by_bytes);
  ADD (untidy_documents_become_tidy);
  ADD (body_is_without_transport_and_proofs);
  ADD (digest_is_that_of_the_body);
  ADD (revision_follows_from_parent_deletion_and_body);

  return g_test_run ();
}
