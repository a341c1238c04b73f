/* test-reader.c - files that nobody should have written, and files cut or turned at random
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "valise-reader.h"
#include "valise-test.h"

#define AKN  "<akomaNtoso xmlns='http://docs.oasis-open.org/legaldocml/ns/akn/3.0'>"
#define OPEN AKN "<statement name='resolution'><mainBody>"
#define SHUT "</mainBody></statement></akomaNtoso>"

static void
assert_bytes_refused (const char *data, gsize length, ValiseReaderError code)
{
  g_autoptr (GBytes)        bytes = g_bytes_new (data, length);
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseReading) reading = valise_reader_read (bytes, "the-file", &error);

  if (reading != NULL || !g_error_matches (error, VALISE_READER_ERROR, (int) code))
    g_error ("“%.60s”: %s", data, error != NULL ? error->message : "taken");

  /* The message names the file and says why. */
  g_assert_true (g_str_has_prefix (error->message, "the-file: "));
  g_assert_cmpuint (strlen (error->message), >, strlen ("the-file: ") + 5);
}

static void
assert_refused (const char *text, ValiseReaderError code)
{
  assert_bytes_refused (text, strlen (text), code);
}

static char *
repeat (const char *before, const char *piece, guint times, const char *after)
{
  GString *text = g_string_new (before);

  for (guint i = 0; i < times; i++)
    g_string_append (text, piece);
  g_string_append (text, after);

  return g_string_free (text, FALSE);
}

static void
a_document_type_is_refused (void)
{
  static const char *const texts[] = {
    "<!DOCTYPE akomaNtoso>" OPEN "<p>x</p>" SHUT,
    "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'http://example.org/a.dtd'>" OPEN "<p>x</p>" SHUT,
    "<!DOCTYPE a PUBLIC '-//x' 'file:///etc/passwd'>" OPEN "<p>x</p>" SHUT,
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" OPEN "<p>&x;</p>" SHUT,
    "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://example.org/x'> %x;]>" OPEN "<p>x</p>" SHUT,
    "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
    "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>"
    "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;'>]>" OPEN "<p>&e;&e;&e;&e;</p>" SHUT,
    "<!DOCTYPE a [<!ENTITY a '&b;'><!ENTITY b '&a;'>]>" OPEN "<p>&a;</p>" SHUT,
    "\n <!DOCTYPE html><html><body>x</body></html>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i], VALISE_READER_ERROR_UNSAFE);
}

static void
an_inclusion_is_refused (void)
{
  assert_refused (
      OPEN
      "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>"
      "<p>x</p>" SHUT,
      VALISE_READER_ERROR_UNSAFE);
  assert_refused (OPEN
                  "<p><include xmlns='http://www.w3.org/2003/XInclude' href='a.xml'/></p>" SHUT,
                  VALISE_READER_ERROR_UNSAFE);
}

static void
an_undeclared_entity_is_malformed (void)
{
  assert_refused (OPEN "<p>&nbsp;</p>" SHUT, VALISE_READER_ERROR_MALFORMED);
}

static void
depth_and_number_of_elements_are_limited (void)
{
  g_autofree char *deep = repeat (OPEN, "<p>", 300, "x");
  g_autofree char *deeper = repeat (OPEN, "<p>", 100000, "x");
  g_autofree char *wide = repeat (OPEN "<p>x", "<b/>", VALISE_READER_MAX_ELEMENTS, "</p>" SHUT);

  assert_refused (deep, VALISE_READER_ERROR_LIMIT);
  assert_refused (deeper, VALISE_READER_ERROR_LIMIT);
  assert_refused (wide, VALISE_READER_ERROR_LIMIT);
}

static void
attributes_are_limited (void)
{
  g_autoptr (GString) many = g_string_new (OPEN "<p");
  g_autofree char *comments = repeat (OPEN "<p>x</p>", "<!-- a='=' \" <b c='d'> -->", 100000, SHUT);
  g_autoptr (GBytes)        bytes = g_bytes_new (comments, strlen (comments));
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseReading) reading = NULL;

  for (guint i = 0; i < 500000; i++)
    g_string_append_printf (many, " a%u='>'", i);
  g_string_append (many, ">x</p>" SHUT);
  assert_refused (many->str, VALISE_READER_ERROR_LIMIT);

  g_string_assign (many, OPEN);
  for (guint i = 0; i < 1100; i++)
    g_string_append_printf (many, "<p xmlns:n%u='u'>x</p>", i);
  g_string_append (many, SHUT);
  assert_refused (many->str, VALISE_READER_ERROR_LIMIT);

  /* Comments may say what they like. */
  reading = valise_reader_read (bytes, "comments", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reading->paragraphs->len, ==, 1);
}

static void
paragraphs_are_limited_in_number_and_length (void)
{
  g_autofree char *many = repeat (OPEN, "<p>x</p>", VALISE_READER_MAX_PARAGRAPHS + 1, SHUT);
  g_autofree char *lines = repeat ("", "x.\n\n", VALISE_READER_MAX_PARAGRAPHS + 10, "");
  g_autofree char *notes = repeat (OPEN "<p>x", "<authorialNote><p>y</p></authorialNote>",
                                   VALISE_READER_MAX_PARAGRAPHS + 1, "</p>" SHUT);
  g_autofree char *long_one = repeat (OPEN "<p>", "é", VALISE_READER_MAX_LENGTH + 1, "</p>" SHUT);
  g_autofree char *long_line = repeat ("", "x", VALISE_READER_MAX_LENGTH + 1, "");
  g_autofree char *run = repeat (OPEN "<p>", "x", 2 * 1024 * 1024, "</p>" SHUT);

  assert_refused (many, VALISE_READER_ERROR_LIMIT);
  assert_refused (lines, VALISE_READER_ERROR_LIMIT);
  assert_refused (notes, VALISE_READER_ERROR_LIMIT);
  assert_refused (long_one, VALISE_READER_ERROR_LIMIT);
  assert_refused (long_line, VALISE_READER_ERROR_LIMIT);
  assert_refused (run, VALISE_READER_ERROR_LIMIT);
}

static void
what_is_just_within_the_limits_is_read (void)
{
  g_autofree char          *text = repeat (OPEN "<p>", "é", VALISE_READER_MAX_LENGTH, "</p>" SHUT);
  g_autofree char          *deep = repeat (OPEN, "<x>", VALISE_READER_MAX_DEPTH - 4, "<p>y</p>");
  g_autofree char          *closed = repeat (deep, "</x>", VALISE_READER_MAX_DEPTH - 4, SHUT);
  g_autoptr (GBytes)        first = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes)        second = g_bytes_new (closed, strlen (closed));
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseReading) reading = valise_reader_read (first, "long", &error);
  g_autoptr (ValiseReading) nested = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (reading->paragraphs->len, ==, 1);
  nested = valise_reader_read (second, "deep", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (nested->paragraphs->len, ==, 1);
}

static void
a_file_beyond_the_size_is_not_looked_at (void)
{
  gsize            length = VALISE_READER_MAX_SIZE + 1;
  g_autofree char *data = g_malloc (length);

  memset (data, 'x', length);
  assert_bytes_refused (data, length, VALISE_READER_ERROR_LIMIT);
}

static void
other_formats_are_named (void)
{
  static const char utf16[] = "\xff\xfe<\0a\0>\0";
  static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0";
  static const char zip[] = "PK\x03\x04\x14\0\0\0";

  assert_bytes_refused ("", 0, VALISE_READER_ERROR_FORMAT);
  assert_refused (" \n\t\n", VALISE_READER_ERROR_FORMAT);
  assert_refused ("%PDF-1.7\n", VALISE_READER_ERROR_FORMAT);
  assert_refused ("{\\rtf1 x}", VALISE_READER_ERROR_FORMAT);
  assert_bytes_refused (zip, sizeof zip, VALISE_READER_ERROR_FORMAT);
  assert_bytes_refused (utf16, sizeof utf16, VALISE_READER_ERROR_FORMAT);
  assert_bytes_refused (png, sizeof png, VALISE_READER_ERROR_FORMAT);
  assert_refused ("words\x01words", VALISE_READER_ERROR_FORMAT);
  assert_refused ("\xef\xbb\xbf", VALISE_READER_ERROR_FORMAT);
  assert_refused ("caf\xe9 au lait", VALISE_READER_ERROR_FORMAT);
  assert_bytes_refused ("a\0b", 3, VALISE_READER_ERROR_FORMAT);
  assert_refused ("<html><body>x</body></html>", VALISE_READER_ERROR_FORMAT);
  assert_refused ("<?xml version='1.0'?><office/>", VALISE_READER_ERROR_FORMAT);
}

static void
damaged_xml_is_malformed (void)
{
  static const char *const texts[] = { "<",
                                       "<akomaNtoso",
                                       AKN,
                                       OPEN "<p>x</p>",
                                       OPEN "<p>x</q>" SHUT,
                                       OPEN "<p a='1' a='2'>x</p>" SHUT,
                                       OPEN "<p>x</p>" SHUT "<more/>",
                                       AKN "</akomaNtoso>",
                                       OPEN "<p> </p>" SHUT,
                                       "<?xml version='1.0' encoding='UTF-8'?>" OPEN
                                       "<p>caf\xe9</p>" SHUT,
                                       OPEN "<p>\x01</p>" SHUT,
                                       OPEN "<p>&#0;</p>" SHUT,
                                       OPEN "<p>&#xFFFFFFFF;</p>" SHUT,
                                       "<<>>",
                                       "< a paper that begins so",
                                       OPEN "<undeclared:p>x</undeclared:p" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i], VALISE_READER_ERROR_MALFORMED);
  assert_bytes_refused (OPEN "<p>x\0y</p>" SHUT, sizeof (OPEN "<p>x\0y</p>" SHUT) - 1,
                        VALISE_READER_ERROR_MALFORMED);
}

static void
a_declared_encoding_does_not_mislead (void)
{
  static const char text[] =
      "<?xml version='1.0' encoding='UTF-7'?>" OPEN "<p>+ADw-b+AD4- é</p>" SHUT;
  g_autoptr (GBytes)        bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseReading) reading = valise_reader_read (bytes, "utf-7", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (valise_reading_find (reading, "x1")->text, ==, "+ADw-b+AD4- é");
}

/* Reads what may be anything; whatever comes of it must be whole. */
static void
try_bytes (const char *data, gsize length)
{
  g_autoptr (GBytes)        bytes = g_bytes_new (data, length);
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseReading) reading = valise_reader_read (bytes, "any", &error);
  g_autoptr (GHashTable)    keys = g_hash_table_new (g_str_hash, g_str_equal);

  if (reading == NULL)
    {
      g_assert_nonnull (error);
      g_assert_true (error->domain == VALISE_READER_ERROR);
      return;
    }

  g_assert_no_error (error);
  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (reading->paragraphs, i);

      if (!valise_markup_is_valid (p->text) || !g_hash_table_add (keys, p->key))
        g_error ("%s: %s", p->key, p->text);
    }
}

/* Cuts, doubles, swaps and overwrites pieces of @data. */
static void
mutate (GString *data)
{
  static const char *const words[] = { "<p>",
                                       "</p>",
                                       "<num>",
                                       "</num>",
                                       "&lt;",
                                       "(a)",
                                       "1.",
                                       "\xd8\xa7",
                                       "<sup>(</sup>",
                                       "*",
                                       "¹ ",
                                       "\n\n",
                                       "<authorialNote marker='1'>",
                                       "</authorialNote>",
                                       "<![CDATA[",
                                       "]]>",
                                       "<!--",
                                       "-->",
                                       "I. ",
                                       ":" };
  guint                    changes = (guint) g_test_rand_int_range (1, 8);

  for (guint i = 0; i < changes && data->len > 0; i++)
    {
      gsize at = (gsize) g_test_rand_int_range (0, (gint) data->len);
      gsize length = (gsize) g_test_rand_int_range (1, 200);

      length = MIN (length, data->len - at);
      switch (g_test_rand_int_range (0, 5))
        {
        case 0:
          g_string_erase (data, (gssize) at, (gssize) length);
          break;
        case 1:
          data->str[at] = (char) g_test_rand_int_range (1, 256);
          break;
        case 2:
          g_string_insert (data, (gssize) at,
                           words[g_test_rand_int_range (0, G_N_ELEMENTS (words))]);
          break;
        case 3:
          {
            g_autofree char *piece = g_strndup (data->str + at, length);

            g_string_insert (data, (gssize) ((gsize) g_test_rand_int_range (0, (gint) data->len)),
                             piece);
            break;
          }
        default:
          g_string_truncate (data, at + 1);
        }
    }
}

static void
fuzz (const char *path, guint times)
{
  g_autofree char *contents = NULL;
  gsize            length = 0;

  if (!g_file_get_contents (path, &contents, &length, NULL))
    {
      g_test_skip ("no corpus: set VALISE_SHARED");
      return;
    }

  for (guint i = 0; i < times; i++)
    {
      g_autoptr (GString) data = g_string_new_len (contents, (gssize) length);

      mutate (data);
      try_bytes (data->str, data->len);
    }
}

static void
files_turned_at_random_are_read_or_refused (void)
{
  static const char *const names[] = {
    "seeds/000_50884cabfe071f03.txt",      "seeds/001_f1bf3641475ea2af.txt",
    "corpus/en/A_RES_77_37-2228102E.xml",  "corpus/ar/A_RES_78_16-2324434A.xml",
    "corpus/ru/A_RES_78_188-2326044R.xml", "corpus/zh/A_RES_78_190-2326049C.xml"
  };
  const char *shared = g_getenv ("VALISE_SHARED");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (shared != NULL ? shared : "", names[i], NULL);

      fuzz (path, valise_test_count (60));
    }
}

static void
heaps_of_markers_are_read_or_refused (void)
{
  static const char *const pieces[] = {
    "1. ",   "2. ",     "(a) ", "(i) ", "(ii) ", "1) ", "- ",  "a",           "b,",
    ":",     "\n",      "\n\n", "¹ ",   "¹",     "*",   "I. ", "A/RES/77/37", "resolution 1/2",
    " and ", "5 bis. ", "16, ", "ـ",    "أ) ",   "㈠",  "(子)"
  };

  for (guint i = 0; i < valise_test_count (200); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint               n = (guint) g_test_rand_int_range (1, 400);

      for (guint j = 0; j < n; j++)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      try_bytes (text->str, text->len);
    }
}

/* What is refused or read costs what its size allows, not its square. */
static void
broken_sentences_without_end_do_not_hold_it_up (void)
{
  g_autofree char *lines = repeat ("1. ", "word\n\n", 1000000, "");
  g_autofree char *items = repeat ("1. x:\n", "(i) x\n1. y:\n", 9000, "");
  g_autofree char *stars = repeat ("1. ", "*a ", 6000, "");
  g_autofree char *marks =
      repeat (OPEN "<p>", "((<sup>)</sup><authorialNote>x</authorialNote><sup>)</sup> long words",
              19000, "</p>" SHUT);
  g_autofree char *broken = repeat (OPEN "<paragraph><num>1.</num><p>x</p></paragraph>",
                                    "<p>and so on it goes, </p>", 19000, SHUT);
  g_autofree char *open = repeat ("1. ", "A/77/5( 77/", 500000, "");
  g_autofree char *digits = repeat ("1. ", "7", 4000000, "");
  g_autofree char *by =
      repeat (AKN "<statement><meta><workflow><step outcome='draftResolution' by='(", " and and",
              200000, "'/></workflow></meta></statement></akomaNtoso>");
  gint64 start = g_get_monotonic_time ();

  try_bytes (lines, strlen (lines));
  try_bytes (items, strlen (items));
  try_bytes (stars, strlen (stars));
  try_bytes (marks, strlen (marks));
  try_bytes (broken, strlen (broken));
  try_bytes (open, strlen (open));
  try_bytes (digits, strlen (digits));
  try_bytes (by, strlen (by));

  g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
}

#define ADD(test) g_test_add_func ("/reader/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_document_type_is_refused);
  ADD (an_inclusion_is_refused);
  ADD (an_undeclared_entity_is_malformed);
  ADD (depth_and_number_of_elements_are_limited);
  ADD (attributes_are_limited);
  ADD (paragraphs_are_limited_in_number_and_length);
  ADD (what_is_just_within_the_limits_is_read);
  ADD (a_file_beyond_the_size_is_not_looked_at);
  ADD (other_formats_are_named);
  ADD (damaged_xml_is_malformed);
  ADD (a_declared_encoding_does_not_mislead);
  ADD (files_turned_at_random_are_read_or_refused);
  ADD (heaps_of_markers_are_read_or_refused);
  ADD (broken_sentences_without_end_do_not_hold_it_up);

  return g_test_run ();
}
