/* test-outline.c - blocks become numbered paragraphs with keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "valise-outline.h"

/* "kind|text" lines, kinds by their first letter: t o p b h r c, A for an annex. */
static ValiseReading *
make (const char *const *lines)
{
  static const char         letters[] = "topbhrc";
  ValiseReading            *reading = valise_reading_new ();
  g_autoptr (ValiseOutline) outline = valise_outline_new ();
  g_autoptr (GError)        error = NULL;

  for (; *lines != NULL; lines++)
    {
      if (**lines == 'A')
        valise_outline_begin_annex (outline);
      else if (**lines == 'n')
        valise_outline_add_note (outline, "1", *lines + 2);
      else
        valise_outline_add (outline, (ValiseBlockKind) (strchr (letters, **lines) - letters), NULL,
                            *lines + 2, 0);
    }

  valise_outline_finish (outline, reading, &error);
  g_assert_no_error (error);

  return reading;
}

/* @expected: "key number level" joined by "; ", "-" for no number. */
static void
assert_outline (const char *const *lines, const char *expected, const char *notices)
{
  g_autoptr (ValiseReading) reading = make (lines);
  g_autoptr (GString)       found = g_string_new (NULL);
  g_autoptr (GString)       noticed = g_string_new (NULL);

  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *p = g_ptr_array_index (reading->paragraphs, i);

      g_string_append_printf (found, "%s%s %s %u", found->len > 0 ? "; " : "", p->key,
                              p->number != NULL ? p->number : "-", p->level);
    }
  for (guint i = 0; i < reading->notices->len; i++)
    g_string_append_printf (noticed, "%s%s", noticed->len > 0 ? "; " : "",
                            (char *) g_ptr_array_index (reading->notices, i));

  g_assert_cmpstr (found->str, ==, expected);
  g_assert_cmpstr (noticed->str, ==, notices);
}

#define LINES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
a_resolution_is_numbered (void)
{
  assert_outline (LINES ("t|Title", "o|The General Assembly,", "p|Noting x,", "p|Noting y,",
                         "b|1. Requests:", "b|(a) X;", "b|(b) Y:", "b|(i) One;", "b|(ii) Two;",
                         "b|(c) Z;", "b|2. Decides.", "c|46th meeting", "n|See x."),
                  "t - 0; p1 - 0; p2 PP2 0; p3 PP3 0; o1 1 0; o1.a 1 (a) 1; o1.b 1 (b) 1; "
                  "o1.b.i 1 (b) (i) 2; o1.b.ii 1 (b) (ii) 2; o1.c 1 (c) 1; o2 2 0; c1 - 0; n1 1 0",
                  "");
}

static void
a_letter_i_is_a_letter_after_h_and_a_numeral_before_ii (void)
{
  assert_outline (LINES ("b|1. x:", "b|(g) x;", "b|(h) x;", "b|(i) x;", "b|(j) x."),
                  "o1 1 0; o1.g 1 (g) 1; o1.h 1 (h) 1; o1.i 1 (i) 1; o1.j 1 (j) 1", "");
  assert_outline (LINES ("b|1. x:", "b|(h) x:", "b|(i) x;", "b|(ii) x;", "b|(iii) x."),
                  "o1 1 0; o1.h 1 (h) 1; o1.h.i 1 (h) (i) 2; o1.h.ii 1 (h) (ii) 2; "
                  "o1.h.iii 1 (h) (iii) 2",
                  "");
  assert_outline (LINES ("b|1. x:", "b|(hh) x;", "b|(ii) x;", "b|(jj) x."),
                  "o1 1 0; o1.hh 1 (hh) 1; o1.ii 1 (ii) 1; o1.jj 1 (jj) 1", "");
  assert_outline (LINES ("b|1. x:", "b|(i) x;", "b|(ii) x;", "b|(iii) x;", "b|(iv) x;", "b|(v) x;",
                         "b|(vi) x."),
                  "o1 1 0; o1.i 1 (i) 1; o1.ii 1 (ii) 1; o1.iii 1 (iii) 1; o1.iv 1 (iv) 1; "
                  "o1.v 1 (v) 1; o1.vi 1 (vi) 1",
                  "");
  assert_outline (
      LINES ("b|1. x:", "b|(a) x:", "b|(i) x;", "b|(ii) x;", "b|(b) x:", "b|(i) x;", "b|(ii) x."),
      "o1 1 0; o1.a 1 (a) 1; o1.a.i 1 (a) (i) 2; o1.a.ii 1 (a) (ii) 2; o1.b 1 (b) 1; "
      "o1.b.i 1 (b) (i) 2; o1.b.ii 1 (b) (ii) 2",
      "");
}

static void
a_cyrillic_c_is_what_comes_next (void)
{
  assert_outline (LINES ("b|1. x:", "b|а) x;", "b|b) x;", "b|с) x."),
                  "o1 1 0; o1.a 1 (a) 1; o1.b 1 (b) 1; o1.c 1 (c) 1", "");
  assert_outline (LINES ("b|1. x:", "b|а) x;", "b|б) x;", "b|в) x."),
                  "o1 1 0; o1.a 1 (a) 1; o1.b 1 (b) 1; o1.c 1 (c) 1", "");
}

static void
the_same_number_twice_stays (void)
{
  assert_outline (LINES ("b|17. x.", "h|IV", "b|17. y:", "b|1) z.", "b|18. w."),
                  "o17 17 0; h1 - 0; o17~2 17 0; o17~2.1 17 (1) 1; o18 18 0",
                  "two paragraphs numbered 17");
}

static void
a_misprint_keeps_its_place (void)
{
  assert_outline (LINES ("b|21. x.", "b|22. y.", "b|22. z.", "b|24. w."),
                  "o21 21 0; o22 22 0; o23 22 0; o24 24 0", "paragraph 23 is numbered 22");
  assert_outline (LINES ("b|1. x.", "b|3. y."), "o1 1 0; o3 3 0",
                  "paragraph 1 is followed by paragraph 3");
}

static void
annexes_have_numbers_of_their_own (void)
{
  assert_outline (LINES ("b|1. x.", "A", "h|Annex", "b|1. y:", "b|(a) z.", "b|2. v."),
                  "o1 1 0; a1.h1 - 0; a1.o1 annex, 1 0; a1.o1.a annex, 1 (a) 1; a1.o2 annex, 2 0",
                  "");
  assert_outline (LINES ("b|1. x.", "A", "b|1. y.", "A", "b|1. z.", "b|text."),
                  "o1 1 0; a1.o1 annex I, 1 0; a2.o1 annex II, 1 0; a2.o1.t1 - 0", "");
}

static void
a_list_of_numbers_stands_under_its_paragraph (void)
{
  assert_outline (LINES ("b|7. The objectives:", "b|1. x;", "b|2. y;", "b|3. z.",
                         "b|8. The principles:", "b|(a) w."),
                  "o7 7 0; o7.1 7 (1) 1; o7.2 7 (2) 1; o7.3 7 (3) 1; o8 8 0; o8.a 8 (a) 1", "");
}

static void
what_stands_before_paragraph_1_is_of_the_preamble (void)
{
  assert_outline (
      LINES ("o|The Assembly,", "p|Noting x,", "b|وإذ تسلط الضوء على،", "b|1. Decides."),
      "p1 - 0; p2 PP2 0; p3 PP3 0; o1 1 0", "");
  assert_outline (
      LINES ("o|The Assembly,", "p|Noting x,", "b|Adopts the following:", "b|1. Decides."),
      "p1 - 0; p2 PP2 0; x1 - 0; o1 1 0", "");
}

static void
a_single_decision_is_paragraph_1_without_a_number (void)
{
  assert_outline (LINES ("o|The Assembly,", "p|Noting x,", "b|Takes note of y."),
                  "p1 - 0; p2 PP2 0; o1 - 0", "");
}

static void
a_broken_sentence_is_joined (void)
{
  g_autoptr (ValiseReading) reading =
      make (LINES ("b|53. цифровых и", "b|новейших технологий.", "b|54. y."));

  g_assert_cmpuint (reading->paragraphs->len, ==, 2);
  g_assert_cmpstr (valise_reading_find (reading, "o53")->text, ==,
                   "цифровых и новейших технологий.");
  g_assert_cmpuint (reading->notices->len, ==, 1);

  /* But a line that begins like a paragraph is one. */
  assert_outline (LINES ("b|1. The list", "b|Algeria", "b|Brazil"), "o1 1 0; o1.t1 - 0; o1.t2 - 0",
                  "");
}

static void
a_doubtful_number_counts_only_where_it_is_due (void)
{
  assert_outline (LINES ("b|15. x.", "b|16, y.", "b|17. z."), "o15 15 0; o16 16 0; o17 17 0", "");
  assert_outline (LINES ("b|15. x.", "b|30, as was said, y.", "b|16. z."),
                  "o15 15 0; o15.t1 - 0; o16 16 0", "");
}

static void
items_without_a_paragraph_stand (void)
{
  assert_outline (LINES ("b|(a) x;", "b|(b) y."), "x1.a (a) 1; x1.b (b) 1", "");
  assert_outline (LINES ("b|Text:", "b|(a) x;", "b|- z", "b|(b) y."),
                  "x1 - 0; x1.a (a) 1; x2 - 2; x1.b (b) 1", "");
}

static void
too_many_paragraphs_are_refused (void)
{
  g_autoptr (ValiseOutline) outline = valise_outline_new ();
  g_autoptr (ValiseReading) reading = valise_reading_new ();
  g_autoptr (GError)        error = NULL;

  for (guint i = 0; i <= VALISE_READER_MAX_PARAGRAPHS; i++)
    valise_outline_add (outline, VALISE_BLOCK_BODY, NULL, "x", 0);

  g_assert_false (valise_outline_finish (outline, reading, &error));
  g_assert_error (error, VALISE_READER_ERROR, VALISE_READER_ERROR_LIMIT);
}

#define ADD(test) g_test_add_func ("/outline/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_resolution_is_numbered);
  ADD (a_letter_i_is_a_letter_after_h_and_a_numeral_before_ii);
  ADD (a_cyrillic_c_is_what_comes_next);
  ADD (the_same_number_twice_stays);
  ADD (a_misprint_keeps_its_place);
  ADD (annexes_have_numbers_of_their_own);
  ADD (a_list_of_numbers_stands_under_its_paragraph);
  ADD (what_stands_before_paragraph_1_is_of_the_preamble);
  ADD (a_single_decision_is_paragraph_1_without_a_number);
  ADD (a_broken_sentence_is_joined);
  ADD (a_doubtful_number_counts_only_where_it_is_due);
  ADD (items_without_a_paragraph_stand);
  ADD (too_many_paragraphs_are_refused);

  return g_test_run ();
}
