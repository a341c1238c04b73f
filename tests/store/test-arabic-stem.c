/* test-arabic-stem.c - a light stemmer for Arabic
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "valise-arabic-stem.h"

/* Each word is folded already: ه for ة, ا for أ. @other: NULL where there is one reading. */
static void
assert_stem (const char *word, const char *stem, const char *other)
{
  gsize            start = 0;
  gsize            particle = 0;
  gsize            end = valise_arabic_stem (word, strlen (word), &start, &particle);
  g_autofree char *found = g_strndup (word + start, end - start);
  g_autofree char *found_other = g_strndup (word + particle, end - particle);

  g_assert_cmpstr (found, ==, stem);
  if (other == NULL)
    g_assert_cmpuint (particle, ==, start);
  else
    g_assert_cmpstr (found_other, ==, other);
}

static void
the_article_goes_with_what_is_written_onto_it (void)
{
  assert_stem ("الدول", "دول", NULL);
  assert_stem ("والدول", "دول", NULL);
  assert_stem ("بالدول", "دول", NULL);
  assert_stem ("كالدول", "دول", NULL);
  assert_stem ("فالدول", "دول", NULL);
  assert_stem ("وللدول", "دول", NULL);
  assert_stem ("للدول", "دول", "لدول");
}

static void
endings_go (void)
{
  assert_stem ("دوله", "دول", NULL);
  assert_stem ("حكومات", "حكوم", NULL);
  assert_stem ("حكومتها", "حكومت", NULL);
  assert_stem ("مندوبون", "مندوب", NULL);
  assert_stem ("مندوبين", "مندوب", NULL);
  assert_stem ("دولي", "دول", NULL);
  assert_stem ("دوليه", "دول", NULL);
}

static void
a_particle_may_be_part_of_the_word (void)
{
  assert_stem ("وزاره", "وزار", "زار");
  assert_stem ("لجنه", "لجن", NULL);
  assert_stem ("للجنه", "جن", "لجن");
  assert_stem ("ودول", "ودول", "دول");
}

static void
short_words_stay (void)
{
  assert_stem ("", "", NULL);
  assert_stem ("و", "و", NULL);
  assert_stem ("ال", "ال", NULL);
  assert_stem ("الى", "الى", NULL);
  assert_stem ("هي", "هي", NULL);
  assert_stem ("ان", "ان", NULL);
  assert_stem ("بين", "بين", NULL);
}

#define ADD(test) g_test_add_func ("/arabic-stem/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (the_article_goes_with_what_is_written_onto_it);
  ADD (endings_go);
  ADD (a_particle_may_be_part_of_the_word);
  ADD (short_words_stay);

  return g_test_run ();
}
