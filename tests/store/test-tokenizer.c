/* test-tokenizer.c - text as the words one searches for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "recall-cases.h"
#include "valise-exceptions.h"
#include "valise-tokenizer.h"

/* "stem[start-end]", a colocated one after a bar. */
static gboolean
print_token (const ValiseToken *token, gpointer user_data)
{
  GString *out = user_data;

  g_string_append (out, token->colocated ? "|" : out->len > 0 ? " " : "");
  g_string_append_len (out, token->text, token->length);
  g_string_append_printf (out, "[%u-%u]", token->start, token->end);

  return TRUE;
}

static void
assert_tokens (const char          *language,
               ValiseTokenizerFlags flags,
               const char          *text,
               const char          *expected)
{
  g_autoptr (ValiseTokenizer) tokenizer = valise_tokenizer_new (language);
  g_autoptr (GString)         out = g_string_new (NULL);

  g_assert_true (valise_tokenizer_run (tokenizer, text, -1, flags, print_token, out));
  g_assert_cmpstr (out->str, ==, expected);
}

static void
words_are_folded_and_stemmed_where_they_stand (void)
{
  assert_tokens ("en", 0, "States, stressed", "state[0-6] stress[8-16]");
  assert_tokens ("fr", 0, "Décidées", "decid[0-10]");
  assert_tokens ("ru", 0, "Ещё", "ещ[0-6]");
  assert_tokens (NULL, 0, "States", "state[0-6]");
}

static void
elided_articles_are_left_out (void)
{
  assert_tokens ("fr", 0, "l’Assemblée", "assembl[4-14]");
  assert_tokens ("fr", 0, "d'un", "un[2-4]");
  assert_tokens ("fr", 0, "jusqu'à", "a[6-8]");
  assert_tokens ("en", 0, "Côte d'Ivoire", "cote[0-5] ivoir[8-14]");
  assert_tokens ("en", 0, "O'Brien's l'", "obrien[0-7] l[10-11]");
}

static void
hyphenated_words_are_found_joined_too (void)
{
  assert_tokens ("en", 0, "multi-sector", "multi[0-5] sector[6-12]|multisector[0-12]");
  assert_tokens ("en", VALISE_TOKENIZER_QUERY, "multi-sector", "multi[0-5] sector[6-12]");
  assert_tokens ("en", 0, "a- b -c", "a[0-1] b[3-4] c[6-7]");
  assert_tokens ("en", 0, "so\u00adft", "soft[0-6]");
}

static void
symbols_fall_into_their_parts (void)
{
  assert_tokens ("en", 0, "A/AC.292/WP.17", "a[0-1] ac[2-4] 292[5-8] wp[9-11] 17[12-14]");
  assert_tokens ("zh", 0, "第77号", "第[0-3] 77[3-5] 号[5-8]");
  assert_tokens ("en", 0, "WP17", "wp[0-2] 17[2-4]");
}

static void
han_is_cut_into_overlapping_pairs (void)
{
  assert_tokens ("zh", 0, "秘书长", "秘书[0-6] 书长[3-9] 长[6-9]");
  assert_tokens ("zh", VALISE_TOKENIZER_QUERY, "秘书长", "秘书[0-6] 书长[3-9]");
  assert_tokens ("zh", VALISE_TOKENIZER_QUERY, "长", "长[0-3]");
  assert_tokens ("zh", VALISE_TOKENIZER_QUERY, "决议77", "决议[0-6] 议[3-6] 77[6-8]");
}

static void
arabic_particles_are_read_both_ways (void)
{
  assert_tokens ("ar", 0, "وزارة", "وزار[0-10]|زار[0-10]");
  assert_tokens ("ar", 0, "والدول", "دول[0-12]");
  assert_tokens ("ar", 0, "المتحـدة", "متحد[0-16]");
}

static void
digits_of_any_script_are_ascii (void)
{
  assert_tokens ("ar", 0, "٢٠٢٦", "2026[0-8]");
  assert_tokens ("en", 0, "７７", "77[0-6]");
  assert_tokens ("en", 0, "۵", "5[0-2]");
}

static void
marks_may_stand_alone_or_be_part_of_a_letter (void)
{
  assert_tokens ("ru", 0, "\u0438\u0306", "й[0-4]");
  assert_tokens ("ru", 0, "\u0439", "й[0-2]");
  assert_tokens ("fr", 0, "e\u0301te\u0301", "ete[0-7]");
}

static void
paragraphs_end_in_a_word_of_their_own (void)
{
  assert_tokens ("en", 0, "one\x1etwo", "one[0-3] \x1e[3-4] two[4-7]");
}

static void
bytes_that_are_not_text_separate_words (void)
{
  assert_tokens ("en", 0, "one\xfftwo\xe4\xb8", "one[0-3] two[4-7]");
  assert_tokens ("en", 0, "", "");
  assert_tokens ("en", 0, "…, — !", "");
}

static void
long_words_are_cut_between_letters (void)
{
  g_autoptr (ValiseTokenizer) tokenizer = valise_tokenizer_new ("ru");
  g_autoptr (GString)         text = g_string_new (NULL);
  g_autoptr (GString)         out = g_string_new (NULL);

  for (int i = 0; i < 1000; i++)
    g_string_append (text, i % 2 == 0 ? "щ" : "-x");
  g_assert_true (valise_tokenizer_run (tokenizer, text->str, text->len, 0, print_token, out));
  g_assert_true (g_utf8_validate (out->str, out->len, NULL));

  g_string_assign (text, "x");
  for (int i = 0; i < 1000; i++)
    g_string_append (text, "щ");
  g_string_truncate (out, 0);
  g_assert_true (valise_tokenizer_run (tokenizer, text->str, text->len, 0, print_token, out));
  g_assert_true (g_utf8_validate (out->str, out->len, NULL));
  g_assert_true (g_str_has_suffix (out->str, "[0-2001]"));
}

static gboolean
stop_at_once (const ValiseToken *token, gpointer user_data)
{
  ++*(guint *) user_data;

  return FALSE;
}

static void
the_caller_may_stop (void)
{
  g_autoptr (ValiseTokenizer) tokenizer = valise_tokenizer_new ("en");
  guint                       n = 0;

  g_assert_false (valise_tokenizer_run (tokenizer, "one two", -1, 0, stop_at_once, &n));
  g_assert_cmpuint (n, ==, 1);
}

static gboolean
print_word (const char *word, const char *stem, guint documents, gpointer user_data)
{
  g_string_append_printf (user_data, "%s>%s:%u ", word, stem, documents);

  return TRUE;
}

static gboolean
ignore_token (const ValiseToken *token, gpointer user_data)
{
  return TRUE;
}

static void
words_are_counted_once_a_document (void)
{
  g_autoptr (ValiseTokenizer) tokenizer = valise_tokenizer_new ("en");
  g_autoptr (GString)         out = g_string_new (NULL);

  valise_tokenizer_begin_document (tokenizer);
  valise_tokenizer_run (tokenizer, "States states", -1, 0, ignore_token, NULL);
  g_assert_cmpuint (valise_tokenizer_get_length (tokenizer), ==, 2);
  valise_tokenizer_begin_document (tokenizer);
  valise_tokenizer_run (tokenizer, "states norms", -1, 0, ignore_token, NULL);

  g_assert_true (valise_tokenizer_drain_words (tokenizer, FALSE, print_word, out));
  g_assert_cmpstr (out->str, ==, "states>state:2 norms>norm:1 ");
  g_string_truncate (out, 0);
  g_assert_true (valise_tokenizer_drain_words (tokenizer, TRUE, print_word, out));
  g_assert_cmpstr (out->str, ==, "");
}

/* --- recall -------------------------------------------------------------------------- */

static gboolean
keep_stem (const ValiseToken *token, gpointer user_data)
{
  char *stem = g_strndup (token->text, token->length);

  g_ptr_array_add (user_data, stem);

  return TRUE;
}

/* Whether each word of @query, or the pair of characters it begins, is among those of @text:
 * a phrase's order is the index's business. */
static gboolean
finds (const RecallCase *recall)
{
  g_autoptr (ValiseTokenizer) tokenizer = valise_tokenizer_new (recall->language);
  g_autoptr (GPtrArray)       wanted = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray)       there = g_ptr_array_new_with_free_func (g_free);

  valise_tokenizer_run (tokenizer, recall->query, -1, VALISE_TOKENIZER_QUERY, keep_stem, wanted);
  valise_tokenizer_run (tokenizer, recall->text, -1, 0, keep_stem, there);
  for (guint i = 0; i < wanted->len; i++)
    if (!g_ptr_array_find_with_equal_func (there, wanted->pdata[i], g_str_equal, NULL))
      return FALSE;

  return wanted->len > 0;
}

/* Those that need more than the same words: a query's alternatives, or an order. */
static gboolean
needs_the_index (const RecallCase *recall)
{
  static const char *const queries[] = { "cyber-security", "2030年", "第77/37号", "وزارة" };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    if (g_str_equal (recall->query, queries[i]))
      return TRUE;

  return FALSE;
}

static void
inflections_meet_and_strangers_do_not (void)
{
  guint wrong = 0;

  for (guint i = 0; i < G_N_ELEMENTS (recall_cases); i++)
    if (!needs_the_index (&recall_cases[i]) && finds (&recall_cases[i]) != recall_cases[i].hit)
      {
        g_test_message ("%s: '%s' %s '%s'", recall_cases[i].language, recall_cases[i].query,
                        recall_cases[i].hit ? "misses" : "finds", recall_cases[i].text);
        wrong++;
      }
  g_assert_cmpuint (wrong, ==, 0);
}

/* The tokens that are @stem, of those that stand in @text. */
typedef struct
{
  const char *stem;
  guint       n_tokens;
} Sought;

static gboolean
count_sought (const ValiseToken *token, gpointer user_data)
{
  Sought *sought = user_data;

  if (strlen (sought->stem) == token->length
      && memcmp (sought->stem, token->text, token->length) == 0)
    sought->n_tokens++;

  return TRUE;
}

static gboolean
collect_stem (const ValiseToken *token, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strndup (token->text, token->length));

  return TRUE;
}

/* Every stem of @text is met as often by who looks for it as by who takes all. */
static void
assert_stems_are_met (const char *language, const char *text)
{
  g_autoptr (ValiseTokenizer) tokenizer = valise_tokenizer_new (language);
  g_autoptr (GPtrArray)       stems = g_ptr_array_new_with_free_func (g_free);

  valise_tokenizer_run (tokenizer, text, -1, VALISE_TOKENIZER_TEXT, collect_stem, stems);
  g_assert_cmpuint (stems->len, >, 0);
  for (guint i = 0; i < stems->len; i++)
    {
      ValiseLetters letters = { 0 };
      Sought        all = { .stem = stems->pdata[i] };
      Sought        met = { .stem = stems->pdata[i] };

      valise_letters_add_stem (&letters, stems->pdata[i]);
      valise_tokenizer_run (tokenizer, text, -1, VALISE_TOKENIZER_TEXT, count_sought, &all);
      valise_tokenizer_look (tokenizer, text, &letters, count_sought, &met);
      g_assert_cmpuint (met.n_tokens, ==, all.n_tokens);
    }
}

static void
assert_exception_is_met (const char *stem, const char *word, gpointer user_data)
{
  static const char *const languages[] = { "en", "es", "fr", "ru" };

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    assert_stems_are_met (languages[i], word);
}

static void
who_looks_for_some_stems_meets_them_all (void)
{
  assert_stems_are_met ("en", "The People’s multi-sector women, 77/37, Ångström, ½ and été");
  assert_stems_are_met ("fr", "L’œil, les yeux et l'Assemblée; jusqu'à Évry; d'un château");
  assert_stems_are_met ("es", "Él es, era y será; Ñandú, acción, útiles");
  assert_stems_are_met ("ru", "Люди и человек: ещё Йорк, дети и ребёнок");
  assert_stems_are_met ("ar", "وبالأمن السيبراني والمعلومات في عام ٢٠٣٠");
  assert_stems_are_met ("zh", "请秘书长就此提交WP.17号报告");
  valise_exceptions_foreach (assert_exception_is_met, NULL);
}

#define ADD(test) g_test_add_func ("/tokenizer/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (words_are_folded_and_stemmed_where_they_stand);
  ADD (elided_articles_are_left_out);
  ADD (hyphenated_words_are_found_joined_too);
  ADD (symbols_fall_into_their_parts);
  ADD (han_is_cut_into_overlapping_pairs);
  ADD (arabic_particles_are_read_both_ways);
  ADD (digits_of_any_script_are_ascii);
  ADD (marks_may_stand_alone_or_be_part_of_a_letter);
  ADD (paragraphs_end_in_a_word_of_their_own);
  ADD (bytes_that_are_not_text_separate_words);
  ADD (long_words_are_cut_between_letters);
  ADD (the_caller_may_stop);
  ADD (words_are_counted_once_a_document);
  ADD (inflections_meet_and_strangers_do_not);
  ADD (who_looks_for_some_stems_meets_them_all);

  return g_test_run ();
}
