/* test-pdf-rtl.c - the words of a page that is written from right to left
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pdf-written.h"
#include "valise-pdf-rtl.h"

#define R "\u202b" /* from right to left begins */
#define L "\u202a" /* from left to right begins */
#define P "\u202c" /* ends */

static void
assert_cleaned (const char *text, const char *expected)
{
  g_autofree char *cleaned = valise_pdf_rtl_clean (text);
  g_autofree char *trimmed = g_strdup (cleaned);

  g_assert_cmpstr (g_strchomp (trimmed), ==, expected);
}

static void
words_between_marks_are_parted (void)
{
  assert_cleaned (R "تشجع" P R "الدول" P " " R "على" P " " R "بناء" P, "تشجع الدول على بناء");
}

static void
letters_between_marks_are_joined_where_no_space_follows_the_next (void)
{
  assert_cleaned (R "ا" P R "ل" P R "د" P R "ل" P R "ع" P " " R "ل" P R "ى" P, "الدل على");
}

static void
numbers_and_symbols_stay_apart (void)
{
  assert_cleaned (R "لعام" P R L "2026" P P " " R ")" L "(WP.17" P P " " R "الفقرة" P,
                  "لعام 2026 )(WP.17 الفقرة");
}

static void
other_lines_stay_as_they_are (void)
{
  assert_cleaned ("Hello world\n" R "هنا" P " " R "الأمن" P "\nSecond  line",
                  "Hello world\nهنا الأمن \nSecond  line");
  assert_cleaned ("", "");
}

static void
marks_that_never_end_or_never_begin_do_no_harm (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);

  assert_cleaned (R R R "كلمة", "كلمة");
  assert_cleaned (P P "word" P, "word");
  for (guint i = 0; i < 100000; i++)
    g_string_append (deep, R);
  g_string_append (deep, "كلمة");
  assert_cleaned (deep->str, "كلمة");
}

static char *
select_page (const char *words)
{
  const char *const  pages[] = { words, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pdf_written (pages);
  PopplerDocument   *document = poppler_document_new_from_bytes (bytes, NULL, &error);
  PopplerPage       *page = NULL;
  char              *text = NULL;

  g_assert_no_error (error);
  page = poppler_document_get_page (document, 0);
  text = valise_pdf_rtl_select (page);
  g_object_unref (page);
  g_object_unref (document);

  return text;
}

/* Cairo places Arabic letters one by one: what is looked for is a letter of each line. */
static void
the_first_line_and_the_last_are_selected_on_either_side (void)
{
  static const struct
  {
    const char *page;
    const char *found[3];
  } pages[] = { { "الدول\nالقدرات", { "و", "ق" } },
                { "القدرات", { "ق" } },
                { "first\nlast", { "first", "last" } } };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *text = select_page (pages[i].page);

      for (guint j = 0; pages[i].found[j] != NULL; j++)
        g_assert_nonnull (strstr (text, pages[i].found[j]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pdf-rtl/words", words_between_marks_are_parted);
  g_test_add_func ("/pdf-rtl/letters",
                   letters_between_marks_are_joined_where_no_space_follows_the_next);
  g_test_add_func ("/pdf-rtl/numbers", numbers_and_symbols_stay_apart);
  g_test_add_func ("/pdf-rtl/lines", other_lines_stay_as_they_are);
  g_test_add_func ("/pdf-rtl/depth", marks_that_never_end_or_never_begin_do_no_harm);
  g_test_add_func ("/pdf-rtl/corners", the_first_line_and_the_last_are_selected_on_either_side);

  return g_test_run ();
}
