/* test-search-index.c - what is on this laptop, by word and by place
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "search-fixture.h"

/* --- tests ----------------------------------------------------------------------------- */

static void
a_saved_edit_is_found_and_the_old_words_are_not (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "a", "en", "One paragraph on ransomware.");
  catch_up (fixture);
  assert_finds (fixture, "ransomware", "a");

  put_text (fixture, "a", "en", "One paragraph on botnets.");
  g_assert_true (valise_search_index_catch_up (fixture->index, 1000));
  assert_finds (fixture, "ransomware", "");
  assert_finds (fixture, "botnet", "a");

  delete_text (fixture, "a");
  catch_up (fixture);
  assert_finds (fixture, "botnet", "");
  g_assert_null (valise_search_index_get (fixture->index, "public", "a", NULL));
}

static void
words_come_in_any_order_and_all_of_them (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "a", "en", "Critical infrastructure and its protection.");
  put_text (fixture, "b", "en", "Infrastructure for roads.");
  catch_up (fixture);
  assert_finds (fixture, "infrastructure critical", "a");
  assert_finds (fixture, "critical roads", "");
  assert_finds (fixture, "", "");
  assert_finds (fixture, " \t", "");
  assert_finds (fixture, "…!\"(*^:", "");
}

static void
quotes_ask_for_a_phrase (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "a", "en", "The peaceful settlement of disputes.");
  put_text (fixture, "b", "en", "A settlement that is peaceful.");
  catch_up (fixture);
  assert_finds (fixture, "\"peaceful settlement\"", "a");
  assert_finds (fixture, "“peaceful settlement” disputes", "a");
  assert_finds (fixture, "«settlement peaceful»", "");
}

static void
a_phrase_does_not_reach_into_the_next_paragraph (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a",
       "{'type':'text','language':'en','paragraphs':[{'key':'1','text':'peaceful'},"
       "{'key':'2','text':'settlement'}]}");
  catch_up (fixture);
  assert_finds (fixture, "peaceful settlement", "a");
  assert_finds (fixture, "\"peaceful settlement\"", "");
}

static void
the_last_word_may_be_half_typed (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "a", "en", "Critical infrastructures of States.");
  put_text (fixture, "b", "ar", "الهياكل الأساسية الحيوية");
  catch_up (fixture);
  assert_finds (fixture, "critical infrastr", "a");
  assert_finds (fixture, "infrastructures", "a");
  assert_finds (fixture, "critical i", "a");
  assert_finds (fixture, "infrastr critical", "");
  assert_finds (fixture, "infrastr ", "");
  assert_finds (fixture, "الهيا", "b");
  assert_finds (fixture, "هياك", "b");
}

static void
a_symbol_is_found_whole_and_in_parts (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a", "{'type':'text','language':'en','symbol':'A/RES/77/37','title':'One'}");
  put (fixture, "b",
       "{'type':'text','language':'en','symbol':'A/RES/77/36','title':'Two',"
       "'paragraphs':[{'key':'1','text':'Recalling resolution 77/37,'}]}");
  put (fixture, "c", "{'type':'paper','symbol':'A/AC.292/2026/WP.17','title':'Three'}");
  catch_up (fixture);
  assert_finds (fixture, "A/RES/77/37", "a");
  assert_finds (fixture, "a/res/77/3", "a b");
  assert_finds (fixture, "77/37", "a b");
  assert_finds (fixture, "res 77 36", "b");
  assert_finds (fixture, "WP.17", "c");
  assert_finds (fixture, "wp17", "c");
  assert_finds (fixture, "AC.292", "c");
  assert_finds (fixture, "7/37", "");
}

static void
title_and_symbol_outweigh_the_text (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a",
       "{'type':'text','language':'en','title':'Report','paragraphs':"
       "[{'key':'1','text':'On norms and norms and norms of behaviour.'}]}");
  put (fixture, "b",
       "{'type':'text','language':'en','title':'Norms','paragraphs':"
       "[{'key':'1','text':'A report with several other words in it.'}]}");
  catch_up (fixture);
  assert_finds (fixture, "norms", "b a");
}

static void
of_equals_the_newer_comes_first (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a", "{'type':'text','language':'en','title':'Norms','date':'2016-01-02'}");
  put (fixture, "b", "{'type':'text','language':'en','title':'Norms','date':'2026-01-02'}");
  put (fixture, "c", "{'type':'text','language':'en','title':'Norms','date':'2020-01-02'}");
  catch_up (fixture);
  assert_finds (fixture, "norms", "b c a");
}

static void
languages_of_one_paper_stand_together (Fixture *fixture, gconstpointer data)
{
  ValiseIndexFilter french = { .language = "fr" };
  ValiseIndexFilter papers = { .type = "paper" };

  put (fixture, "p", "{'type':'paper','group':'S/1','symbol':'S/1','title':'Internet'}");
  put (fixture, "p:en",
       "{'type':'text','group':'S/1','symbol':'S/1','language':'en',"
       "'title':'Internet','paragraphs':[{'key':'1','text':'internet'}]}");
  put (fixture, "q",
       "{'type':'text','group':'S/2','language':'en','title':'Internet use and other matters'}");
  put (fixture, "p:fr",
       "{'type':'text','group':'S/1','symbol':'S/1','language':'fr',"
       "'paragraphs':[{'key':'1','number':'4','text':'Sur l’Internet'}]}");
  catch_up (fixture);
  assert_finds (fixture, "internet", "p:en p:fr q");
  assert_finds_with (fixture, "internet", &french, "p:fr");
  assert_finds_with (fixture, "internet", &papers, "p");
}

static void
what_the_extractor_refuses_leaves (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "a", "en", "Words.");
  catch_up (fixture);
  put (fixture, "a", "{'type':'secret'}");
  catch_up (fixture);
  assert_finds (fixture, "words", "");
  g_assert_null (valise_search_index_get (fixture->index, "public", "a", NULL));
}

static void
count_changed (ValiseSearchIndex *index, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
changes_are_announced_a_few_times_a_second (Fixture *fixture, gconstpointer data)
{
  guint  n = 0;
  gint64 until_us = g_get_monotonic_time () + G_TIME_SPAN_SECOND;

  g_signal_connect (fixture->index, "changed", G_CALLBACK (count_changed), &n);
  for (guint i = 0; g_get_monotonic_time () < until_us; i++)
    {
      g_autofree char *id = g_strdup_printf ("d%u", i);

      put_text (fixture, id, "en", "Words.");
      catch_up (fixture);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  g_assert_cmpuint (n, >=, 2);
  g_assert_cmpuint (n, <=, 6);
}

static void
several_databases_make_one_ranking (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDatabase) team = open_database (fixture, "team-kor");
  ValiseIndexRecord         *record = NULL;

  valise_search_index_add (fixture->index, team);
  put (fixture, "a", "{'type':'text','language':'en','title':'A report on norms'}");
  put_in (team, "n", "{'type':'note','language':'en','title':'Norms'}");
  catch_up (fixture);
  assert_finds (fixture, "norms", "n a");
  record = valise_search_index_get (fixture->index, "team-kor", "n", NULL);
  g_assert_cmpstr (record->database, ==, "team-kor");
  valise_index_record_free (record);
  close_index (fixture);
  open_index (fixture, 1);
}

static void
a_search_may_be_called_off (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError)       error = NULL;

  put_text (fixture, "a", "en", "Words.");
  catch_up (fixture);
  g_cancellable_cancel (cancellable);
  g_assert_null (
      valise_search_index_search (fixture->index, "words", NULL, 10, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
any_bytes_may_be_typed (Fixture *fixture, gconstpointer data)
{
  static const char *const queries[] = {
    "\xff\xfe", "\"",     "\"\"\"",       "a\"b",          "NEAR(a b)", "AND", "title:words",
    "words*",   "^words", "-words",       "(words",        "words)",    "'",   "''words''",
    "\xe7\xa7", "|",      "words|others", "words\x1e\x1e", "{title}",   "*",   "\"words\"*",
  };
  g_autofree char *long_one = g_strnfill (100000, 'w');

  put_text (fixture, "a", "en", "Words.");
  catch_up (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GPtrArray) hits = search_with (fixture, queries[i], NULL);

      g_assert_nonnull (hits);
    }
  assert_finds (fixture, long_one, "");
  for (guint i = 0; i < 100000; i += 2)
    long_one[i] = ' ';
  assert_finds (fixture, long_one, "");
}

#define ADD(test) g_test_add ("/search-index/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (a_saved_edit_is_found_and_the_old_words_are_not);
  ADD (words_come_in_any_order_and_all_of_them);
  ADD (quotes_ask_for_a_phrase);
  ADD (a_phrase_does_not_reach_into_the_next_paragraph);
  ADD (the_last_word_may_be_half_typed);
  ADD (a_symbol_is_found_whole_and_in_parts);
  ADD (title_and_symbol_outweigh_the_text);
  ADD (of_equals_the_newer_comes_first);
  ADD (languages_of_one_paper_stand_together);
  ADD (what_the_extractor_refuses_leaves);
  ADD (changes_are_announced_a_few_times_a_second);
  ADD (several_databases_make_one_ranking);
  ADD (a_search_may_be_called_off);
  ADD (any_bytes_may_be_typed);

  return g_test_run ();
}
