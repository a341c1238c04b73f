/* test-json-fuzz.c - the scanner against a plain reader of the same grammar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain reader is slow and short, and shares no code with the scanner: regular
 * expressions take the tokens, GLib converts the text, a hash table holds the names. Broken
 * documents must get the same verdict from both.
 */

#include <string.h>

#include "valise-canonical.h"
#include "valise-seal.h"
#include "valise-test.h"

#define MAX_SAFE (G_GUINT64_CONSTANT (1) << 53)

typedef struct
{
  const char     *text;
  gsize           length;
  gsize           at;
  guint           depth;
  ValiseJsonFlags flags;
} Plain;

static gboolean read_plain_value (Plain *plain);

/* Moves past @pattern where it stands; gives its text, unless @token is %NULL. */
static gboolean
take (Plain *plain, const char *pattern, char **token)
{
  static GHashTable     *compiled;
  GRegex                *regex = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  int                    start, end;

  if (compiled == NULL)
    compiled =
        g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_regex_unref);
  regex = g_hash_table_lookup (compiled, pattern);
  if (regex == NULL)
    {
      regex =
          g_regex_new (pattern, G_REGEX_RAW | G_REGEX_ANCHORED | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
      g_assert_nonnull (regex);
      g_hash_table_insert (compiled, (gpointer) pattern, regex);
    }

  if (!g_regex_match_full (regex, plain->text, (gssize) plain->length, (int) plain->at, 0, &match,
                           NULL))
    return FALSE;
  g_match_info_fetch_pos (match, 0, &start, &end);
  plain->at = (gsize) end;
  if (token != NULL)
    *token = g_strndup (plain->text + start, (gsize) (end - start));
  return TRUE;
}

static gboolean
take_space (Plain *plain)
{
  return take (plain, "[ \\t\\r\\n]*+", NULL);
}

/* A string as UTF-16 and then as UTF-8, so that GLib finds the lone surrogates. */
static char *
read_plain_string (Plain *plain)
{
  g_autofree char   *token = NULL;
  g_autoptr (GArray) units = g_array_new (TRUE, FALSE, sizeof (gunichar2));

  if (!take (plain, "\"(?:[^\"\\\\\\x00-\\x1f]++|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4})*+\"",
             &token))
    return NULL;

  for (const char *p = token + 1; p[1] != '\0';)
    {
      gunichar2 unit;

      if (p[0] == '\\' && p[1] == 'u')
        {
          g_autofree char *digits = g_strndup (p + 2, 4);

          unit = (gunichar2) g_ascii_strtoull (digits, NULL, 16);
          p += 6;
          if (unit == 0)
            return NULL;
          g_array_append_val (units, unit);
          continue;
        }

      g_autofree char      *one = NULL;
      g_autofree gunichar2 *converted = NULL;

      if (p[0] == '\\')
        {
          one = g_strndup (p, 2);
          p += 2;
          if (one[1] == '/')
            memmove (one, one + 1, 2); /* the one escape of JSON that C lacks */
        }
      else
        {
          one = g_strndup (p, (gsize) (g_utf8_next_char (p) - p));
          p = g_utf8_next_char (p);
        }
      g_autofree char *unescaped = one[0] == '\\' ? g_strcompress (one) : g_strdup (one);

      converted = g_utf8_to_utf16 (unescaped, -1, NULL, NULL, NULL);
      for (guint i = 0; converted[i] != 0; i++)
        g_array_append_val (units, converted[i]);
    }

  return g_utf16_to_utf8 ((gunichar2 *) units->data, units->len, NULL, NULL, NULL);
}

static gboolean
read_plain_number (Plain *plain)
{
  g_autofree char *token = NULL;

  if (!take (plain, "-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][-+]?[0-9]++)?", &token))
    return FALSE;
  if ((plain->flags & VALISE_JSON_INTEGERS) == 0)
    return TRUE;

  return strpbrk (token, ".eE") == NULL
         && g_ascii_string_to_unsigned (token + (token[0] == '-' ? 1 : 0), 10, 0, MAX_SAFE, NULL,
                                        NULL);
}

static gboolean
read_plain_member (Plain *plain, GHashTable *names)
{
  char *name = read_plain_string (plain);

  if (name == NULL || g_hash_table_contains (names, name))
    {
      g_free (name);
      return FALSE;
    }
  g_hash_table_add (names, name);

  return take_space (plain) && take (plain, ":", NULL) && read_plain_value (plain);
}

/* The children, after the opening bracket; @names is %NULL for an array. */
static gboolean
read_plain_children (Plain *plain, GHashTable *names)
{
  const char *close = names != NULL ? "\\}" : "\\]";

  take_space (plain);
  if (take (plain, close, NULL))
    return TRUE;

  do
    {
      take_space (plain);
      if (names != NULL ? !read_plain_member (plain, names) : !read_plain_value (plain))
        return FALSE;
      take_space (plain);
    }
  while (take (plain, ",", NULL));

  return take (plain, close, NULL);
}

static gboolean
read_plain_value (Plain *plain)
{
  gboolean good = FALSE;

  take_space (plain);
  if (take (plain, "true|false|null", NULL))
    return TRUE;
  if (plain->at < plain->length && plain->text[plain->at] == '"')
    {
      g_autofree char *string = read_plain_string (plain);

      return string != NULL;
    }

  if (++plain->depth <= VALISE_JSON_MAX_DEPTH && take (plain, "\\[", NULL))
    good = read_plain_children (plain, NULL);
  else if (plain->depth <= VALISE_JSON_MAX_DEPTH && take (plain, "\\{", NULL))
    {
      g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      good = read_plain_children (plain, names);
    }
  else
    good = read_plain_number (plain);
  plain->depth--;

  return good;
}

static gboolean
is_plainly_good (GString *text, ValiseJsonFlags flags)
{
  Plain plain = { text->str, text->len, 0, 0, flags };

  if (!g_utf8_validate_len (text->str, text->len, NULL) || !read_plain_value (&plain))
    return FALSE;
  take_space (&plain);
  return plain.at == plain.length;
}

/* A string's canonical form is that of what it says, however it is written. */
static void
check_string (const ValiseJson *json, guint token, const char *string)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) canonical = g_string_new (NULL);

  g_assert_true (g_utf8_validate (string, -1, NULL));
  valise_json_append_string (expected, string, -1);
  valise_canonical_append (canonical, json, token);
  g_assert_cmpstr (canonical->str, ==, expected->str);
}

/* What must hold of any document that the scanner takes. */
static void
check_accepted (const ValiseJson *json, ValiseJsonFlags flags)
{
  g_autoptr (GString)    once = g_string_new (NULL);
  g_autoptr (GString)    twice = g_string_new (NULL);
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) again = NULL;
  g_autofree char       *digest = valise_canonical_digest (json);
  g_autofree char       *digest_again = NULL;

  valise_canonical_append (once, json, 0);
  again = valise_json_scan_text (once->str, (gssize) once->len, flags, &error);
  g_assert_no_error (error);
  valise_canonical_append (twice, again, 0);
  digest_again = valise_canonical_digest (again);
  g_assert_cmpstr (once->str, ==, twice->str);
  g_assert_cmpstr (digest, ==, digest_again);

  for (guint token = valise_json_first (json, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char       *raw = valise_json_dup_raw (json, token);
      g_autofree char       *name = valise_json_dup_name (json, token);
      g_autofree char       *string = valise_json_dup_string (json, token);
      g_autoptr (ValiseJson) slice = valise_json_scan_text (raw, -1, flags, &error);

      g_assert_no_error (error);
      g_assert_cmpint (valise_json_get_kind (slice, 0), ==, valise_json_get_kind (json, token));
      g_assert_true (name == NULL || g_utf8_validate (name, -1, NULL));
      if (string != NULL)
        check_string (json, token, string);
      g_assert_true (name == NULL || valise_json_find (json, 0, name) == token);
    }
}

static void
check_verdict (GString *text, ValiseJsonFlags flags)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (GBytes)     bytes = g_bytes_new (text->str, text->len); /* not terminated */
  g_autoptr (ValiseJson) json = valise_json_scan (bytes, flags, &error);
  gboolean               good = is_plainly_good (text, flags);

  if (good != (json != NULL))
    {
      g_autofree char *shown = g_strescape (text->str, NULL);

      g_error ("%s, though the plain reader %s it: %s", json != NULL ? "Accepted" : error->message,
               good ? "accepts" : "refuses", shown);
    }
  g_assert_true ((json == NULL) == (error != NULL));
  if (json != NULL)
    check_accepted (json, flags);
}

static const char *const seeds[] = {
  "{\"_id\":\"text:A/RES/77/"
  "37:fr\",\"_rev\":\"1-ab\",\"type\":\"text\",\"paragraphs\":[{\"key\":\"a\","
  "\"number\":\"1\",\"text\":\"\\u0420еш\\n\\\"x\\\" 中文 "
  "\\ud83d\\ude00😀\"},{\"key\":\"b\",\"text\":\"\"}],"
  "\"seal\":{\"issue\":7,\"key\":\"0123456789abcdef\",\"signature\":\"AA\"}}",
  "[1,-0,1.5e+3,9007199254740992,-9007199254740993,true,false,null,[],{},[[[]]],\"\\\\\\/\"]",
  "{\"b\":1,\"a\":2,\"\\u0063\":3,\"\xee\x80\x80\":4,\"\xf0\x90\x80\x80\":5,\"\":6}",
  " { \"x\" : [ 1 , 2 ] , \"y\" : \"z\" } ",
};

static const char *const words[] = {
  "\"",
  "\\",
  "\\u",
  "\\u0000",
  "\\ud83d",
  "\\ude00",
  "\\u0061",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "0",
  "-",
  ".",
  "e",
  "E+",
  "1",
  "9",
  "true",
  "null",
  " ",
  "\n",
  "\t",
  "\x01",
  "\x7f",
  "\xc3\xa9",
  "\xe4",
  "\xf0\x9f\x98\x80",
  "\x80",
  "\xff",
  "\xed\xa0\x80",
  "//",
  "a",
  "\"a\":",
  "\"a\":1,",
  "{\"a\":1}",
  "[[[[[[[[[[[[[[[[",
  "]]]]]]]]]]]]]]]]",
  "9007199254740992",
  "\xef\xbb\xbf",
};

static void
break_once (GString *text)
{
  gsize at = (gsize) g_test_rand_int_range (0, (gint32) text->len + 1);
  gsize n = (gsize) g_test_rand_int_range (0, 12);

  n = MIN (n, text->len - at);
  switch (g_test_rand_int_range (0, 6))
    {
    case 0:
      if (at < text->len)
        text->str[at] = (char) g_test_rand_int_range (0, 256);
      break;
    case 1:
      g_string_erase (text, (gssize) at, (gssize) n);
      break;
    case 2:
      g_string_truncate (text, g_test_rand_int_range (0, 8) == 0 ? at : text->len);
      break;
    case 3: /* a span once more, somewhere else */
      {
        g_autofree char *span = g_strndup (text->str + at, n);

        g_string_insert (text, g_test_rand_int_range (0, (gint32) text->len + 1), span);
      }
      break;
    default:
      g_string_insert (text, (gssize) at,
                       words[g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (words))]);
    }
}

static void
broken_documents_get_the_plain_readers_verdict (void)
{
  guint count = valise_test_count (4000);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GString) text = g_string_new (seeds[i % G_N_ELEMENTS (seeds)]);

      for (int breaks = g_test_rand_int_range (0, 5); breaks > 0; breaks--)
        break_once (text);
      check_verdict (text, VALISE_JSON_ANY);
      check_verdict (text, VALISE_JSON_INTEGERS);
    }
}

/* From words alone, so that deep and odd nesting is met with. */
static void
texts_of_random_words_get_the_plain_readers_verdict (void)
{
  guint count = valise_test_count (4000);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (int n = g_test_rand_int_range (0, 14); n > 0; n--)
        g_string_append (text, words[g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (words))]);
      check_verdict (text, VALISE_JSON_ANY);
      check_verdict (text, VALISE_JSON_INTEGERS);
    }
}

/* A broken document is refused by its seal, unless what broke is outside the seal. */
static void
broken_seals_never_pass (void)
{
  static const ValiseSealScope scope = { "poa", "public", "text:A/RES/77/37:fr" };
  g_autoptr (ValiseKey)        key = valise_key_generate (NULL);
  g_autoptr (ValisePublicKey)  public_key =
      valise_public_key_new (valise_key_get_public (key), NULL);
  g_autoptr (ValiseJson) plain = valise_json_scan_text (seeds[0], -1, VALISE_JSON_INTEGERS, NULL);
  g_autofree char       *sealed = valise_seal_apply (&scope, plain, key, 8);
  g_autofree char       *digest = valise_canonical_digest (plain);
  guint                  count = valise_test_count (2000);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GString)    text = g_string_new (sealed);
      g_autoptr (GError)     error = NULL;
      g_autoptr (ValiseJson) json = NULL;
      g_autofree char       *digest_now = NULL;

      break_once (text);
      json = valise_json_scan_text (text->str, (gssize) text->len, VALISE_JSON_INTEGERS, NULL);
      if (json == NULL)
        continue;

      digest_now = valise_canonical_digest (json);
      if (valise_seal_check (&scope, json, public_key, &error))
        {
          g_assert_cmpstr (digest_now, ==, digest);
          g_assert_cmpint (valise_seal_get_issue (json), ==, 8);
        }
      else
        g_assert_true (error->domain == VALISE_SEAL_ERROR);
    }
}

#define ADD(test) g_test_add_func ("/json-fuzz/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (broken_documents_get_the_plain_readers_verdict);
  ADD (texts_of_random_words_get_the_plain_readers_verdict);
  ADD (broken_seals_never_pass);

  return g_test_run ();
}
