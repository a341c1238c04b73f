/* test-marker.c - numbers and letters at the beginning of paragraphs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "valise-marker.h"

typedef struct
{
  const char       *text;
  ValiseMarkerStyle style;
  guint             value;
  const char       *letters;
  const char       *rest;
} Case;

static void
assert_case (const Case *expected)
{
  ValiseMarker marker = { 0 };

  valise_marker_read (expected->text, &marker);
  if (marker.style != expected->style || marker.value != expected->value
      || strcmp (marker.letters, expected->letters) != 0
      || strcmp (expected->text + marker.length, expected->rest) != 0)
    g_error ("“%s”: style %d, value %u, letters “%s”, rest “%s”", expected->text, marker.style,
             marker.value, marker.letters, expected->text + marker.length);
}

static void
markers_of_the_six_languages_are_one (void)
{
  static const Case cases[] = {
    { "3. Requests", VALISE_MARKER_DECIMAL, 3, "", "Requests" },
    { "\t 12.\t<i>Requests</i>", VALISE_MARKER_DECIMAL, 12, "", "<i>Requests</i>" },
    { "3 - <b>تطلب</b>", VALISE_MARKER_DECIMAL, 3, "", "<b>تطلب</b>" },
    { "3 – تطلب", VALISE_MARKER_DECIMAL, 3, "", "تطلب" },
    { "٣ - تطلب", VALISE_MARKER_DECIMAL, 3, "", "تطلب" },
    { "１２．请", VALISE_MARKER_DECIMAL, 12, "", "请" },
    { "3、请", VALISE_MARKER_DECIMAL, 3, "", "请" },
    { "(a) To", VALISE_MARKER_LETTER, 0, "a", "To" },
    { "a) Las", VALISE_MARKER_LETTER, 0, "a", "Las" },
    { "(aa) To", VALISE_MARKER_LETTER, 0, "aa", "To" },
    { "iv) de", VALISE_MARKER_LETTER, 0, "iv", "de" },
    { "(أ) أن", VALISE_MARKER_LETTER, 0, "a", "أن" },
    { "(ب) أن", VALISE_MARKER_LETTER, 0, "b", "أن" },
    { "(ه) أن", VALISE_MARKER_LETTER, 0, "e", "أن" },
    { "(هـ) أن", VALISE_MARKER_LETTER, 0, "e", "أن" },
    { "(ي) أن", VALISE_MARKER_LETTER, 0, "j", "أن" },
    { "(ض) أن", VALISE_MARKER_LETTER, 0, "z", "أن" },
    { "(ق ق) أن", VALISE_MARKER_LETTER, 0, "ss", "أن" },
    { "а) усилия", VALISE_MARKER_LETTER, 0, "a", "усилия" },
    { "б) усилия", VALISE_MARKER_LETTER, 0, "b", "усилия" },
    { "в) усилия", VALISE_MARKER_LETTER, 0, "c", "усилия" },
    { "(子) 应", VALISE_MARKER_LETTER, 0, "a", "应" },
    { "（寅）应", VALISE_MARKER_LETTER, 0, "c", "应" },
    { "㈡应", VALISE_MARKER_ROMAN, 2, "", "应" },
    { "(三)应", VALISE_MARKER_ROMAN, 3, "", "应" },
    { "’1‘ أن", VALISE_MARKER_ROMAN, 1, "", "أن" },
    { "1) Maintain", VALISE_MARKER_PARENTHESIS, 1, "", "Maintain" },
    { "(2) Provide", VALISE_MARKER_PARENTHESIS, 2, "", "Provide" },
    { "- The Forum", VALISE_MARKER_BULLET, 0, "", "The Forum" },
    { "• The Forum", VALISE_MARKER_BULLET, 0, "", "The Forum" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_case (&cases[i]);
}

static void
words_are_no_markers (void)
{
  static const char *const texts[] = { "",
                                       "Requests",
                                       "3.5 million",
                                       "2011. It",
                                       "10 – 25 сентября",
                                       "(see below) x",
                                       "3 States",
                                       "1325 (2000) x",
                                       "(2016–2025) x",
                                       "a. priori",
                                       "A) x",
                                       "(A) x",
                                       "-3 degrees",
                                       "3rd of",
                                       "x) y z)",
                                       "(من) x",
                                       "0. x",
                                       "77/37. x",
                                       "(a)x",
                                       "<b>1.</b> x",
                                       "e.g. x",
                                       "16 June 2022, x" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ValiseMarker marker = { 0 };

      if (valise_marker_read (texts[i], &marker) && strcmp (texts[i], "x) y z)") != 0)
        g_error ("“%s” has style %d", texts[i], marker.style);
      if (marker.style == VALISE_MARKER_NONE)
        g_assert_cmpuint (marker.length, ==, 0);
    }
}

static void
a_comma_is_doubtful (void)
{
  ValiseMarker marker = { 0 };

  g_assert_true (valise_marker_read ("16, Invite les États", &marker));
  g_assert_true (marker.doubtful);
  g_assert_cmpuint (marker.value, ==, 16);
}

static void
a_number_alone_needs_no_point (void)
{
  static const char *const good[] = { "3",  "3.",  " 3 - ", "3 –",   "(a)",
                                      "a)", "(أ)", "\t12.", "3 bis." };
  static const char *const bad[] = { "", "Article 3", "I.", "3 and", "Objective 1.", "- x" };
  ValiseMarker             marker = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    if (!valise_marker_read_alone (good[i], &marker))
      g_error ("refused: “%s”", good[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (valise_marker_read_alone (bad[i], &marker))
      g_error ("taken: “%s”", bad[i]);
}

static void
suffixes_are_kept (void)
{
  ValiseMarker marker = { 0 };

  g_assert_true (valise_marker_read ("5 bis. Decides", &marker));
  g_assert_cmpuint (marker.value, ==, 5);
  g_assert_cmpstr (marker.suffix, ==, "bis");
}

static void
letters_and_numerals_count (void)
{
  for (guint i = 1; i <= 60; i++)
    {
      g_autofree char *letters = valise_marker_format_alphabetic (i);

      g_assert_cmpuint (valise_marker_get_alphabetic (letters), ==, i);
    }
  for (guint i = 1; i <= 39; i++)
    {
      g_autofree char *roman = valise_marker_format_roman (i);

      g_assert_cmpuint (valise_marker_get_roman (roman), ==, i);
    }

  g_assert_cmpuint (valise_marker_get_alphabetic ("bb"), ==, 28);
  g_assert_cmpuint (valise_marker_get_alphabetic ("ab"), ==, 0);
  g_assert_cmpuint (valise_marker_get_roman ("iiii"), ==, 0);
  g_assert_cmpuint (valise_marker_get_roman (""), ==, 0);
}

#define ADD(test) g_test_add_func ("/marker/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (markers_of_the_six_languages_are_one);
  ADD (words_are_no_markers);
  ADD (a_comma_is_doubtful);
  ADD (a_number_alone_needs_no_point);
  ADD (suffixes_are_kept);
  ADD (letters_and_numerals_count);

  return g_test_run ();
}
