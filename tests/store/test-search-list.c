/* test-search-list.c - what a search shows of what it found, and lists without a search
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "search-fixture.h"

/* The first hit's snippet, marks as brackets. */
static char *
show_snippet (Fixture *fixture, const char *query)
{
  g_autoptr (GPtrArray) hits = search_with (fixture, query, NULL);
  ValiseHit            *hit = NULL;
  GString              *shown = NULL;

  g_assert_cmpuint (hits->len, >, 0);
  hit = hits->pdata[0];
  shown = g_string_new (hit->snippet);
  for (guint i = hit->marks->len; i-- > 0;)
    g_string_insert (shown, g_array_index (hit->marks, guint, i), i % 2 == 0 ? "[" : "]");

  return g_string_free (shown, FALSE);
}

static void
assert_snippet (Fixture *fixture, const char *query, const char *expected)
{
  g_autofree char *shown = show_snippet (fixture, query);

  g_assert_cmpstr (shown, ==, expected);
}

static void
filters_narrow_a_search (Fixture *fixture, gconstpointer data)
{
  ValiseIndexFilter filter = { .kind = "report" };

  put (fixture, "a",
       "{'type':'text','language':'en','title':'Norms','kind':'report',"
       "'meeting':'m:1','item':'5','author':'kor'}");
  put (fixture, "b",
       "{'type':'text','language':'en','title':'Norms','kind':'resolution',"
       "'meeting':'m:2','item':'5','author':'fra'}");
  catch_up (fixture);
  assert_finds_with (fixture, "norms", &filter, "a");
  filter = (ValiseIndexFilter){ .meeting = "m:2" };
  assert_finds_with (fixture, "norms", &filter, "b");
  filter = (ValiseIndexFilter){ .item = "5", .author = "kor" };
  assert_finds_with (fixture, "norms", &filter, "a");
  filter = (ValiseIndexFilter){ .author = "usa" };
  assert_finds_with (fixture, "norms", &filter, "");
}

static void
a_snippet_marks_the_words_as_they_stand (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "zh", "zh", "请秘书长就此提交报告");
  put_text (fixture, "fr", "fr", "Rappelant que l’Assemblée générale a décidé");
  put_text (fixture, "ar", "ar", "في مجال الأَمن السيبراني والمعلومات");
  put_text (fixture, "en", "en", "Urging all cyber-security agencies");
  put_text (fixture, "ru", "ru", "Все люди рождаются свободными");
  catch_up (fixture);
  assert_snippet (fixture, "秘书长", "请[秘书长]就此提交报告");
  assert_snippet (fixture, "报", "请秘书长就此提交[报]告");
  assert_snippet (fixture, "报告 书长", "请秘[书长]就此提交[报告]");
  assert_snippet (fixture, "assemblees", "Rappelant que l’[Assemblée] générale a décidé");
  assert_snippet (fixture, "assemblée générale", "Rappelant que l’[Assemblée générale] a décidé");
  assert_snippet (fixture, "أمن", "في مجال [الأَمن] السيبراني والمعلومات");
  assert_snippet (fixture, "معلومات", "في مجال الأَمن السيبراني [والمعلومات]");
  assert_snippet (fixture, "cybersecurity", "Urging all [cyber-security] agencies");
  assert_snippet (fixture, "человек", "Все [люди] рождаются свободными");
}

static void
a_snippet_is_cut_between_words_around_the_marks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString)   text = g_string_new ("Beginning");
  g_autoptr (GPtrArray) hits = NULL;
  ValiseHit            *hit = NULL;

  for (int i = 0; i < 100; i++)
    g_string_append (text, i == 50 ? " marvellous" : " filling");
  put_text (fixture, "a", "en", text->str);
  catch_up (fixture);

  hits = search_with (fixture, "marvellous", NULL);
  hit = hits->pdata[0];
  g_assert_cmpint (g_utf8_strlen (hit->snippet, -1), <=, 200);
  g_assert_cmpint (g_utf8_strlen (hit->snippet, -1), >, 150);
  g_assert_true (g_str_has_prefix (hit->snippet, "…filling "));
  g_assert_true (g_str_has_suffix (hit->snippet, " filling…"));
  g_assert_cmpuint (hit->marks->len, ==, 2);
  g_assert_true (
      g_str_has_prefix (hit->snippet + g_array_index (hit->marks, guint, 0), "marvellous filling"));
}

static void
a_hit_names_the_paragraph_with_most_of_the_words (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) hits = NULL;
  ValiseHit            *hit = NULL;

  put (fixture, "a",
       "{'type':'text','language':'en','title':'On trust','paragraphs':["
       "{'key':'k1','number':'PP1','text':'Recalling confidence,'},"
       "{'key':'k2','number':'3 (a)','text':'Confidence-building measures help;'},"
       "{'key':'k3','text':'More on measures.'}]}");
  catch_up (fixture);

  hits = search_with (fixture, "measures confidence", NULL);
  hit = hits->pdata[0];
  g_assert_cmpstr (hit->key, ==, "k2");
  g_assert_cmpstr (hit->paragraph, ==, "3 (a)");
  g_clear_pointer (&hits, g_ptr_array_unref);

  hits = search_with (fixture, "trust", NULL);
  hit = hits->pdata[0];
  g_assert_null (hit->key);
  g_assert_cmpstr (hit->snippet, ==, "On trust");
  g_assert_cmpuint (hit->marks->len, ==, 2);
}

static void
what_is_known_and_not_here_is_listed_and_not_searched (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseIndexRecord) record = NULL;

  merge (fixture, "text:S/1:fr", NULL);
  catch_up (fixture);
  record = valise_search_index_get (fixture->index, "public", "text:S/1:fr", NULL);
  g_assert_nonnull (record);
  g_assert_false (record->here);
  g_assert_cmpint (record->size, ==, 1234);
  g_assert_null (record->title);
  g_clear_pointer (&record, valise_index_record_free);
  assert_finds (fixture, "S/1", "");

  merge (fixture, "text:S/1:fr",
         "{\"type\":\"text\",\"language\":\"fr\",\"symbol\":\"S/1\",\"title\":\"Titre\"}");
  catch_up (fixture);
  record = valise_search_index_get (fixture->index, "public", "text:S/1:fr", NULL);
  g_assert_true (record->here);
  assert_finds (fixture, "titres", "text:S/1:fr");
}

static void
assert_list (Fixture *fixture, const ValiseIndexFilter *filter, const char *expected)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (GArray)    rows = valise_search_index_list (fixture->index, filter, &error);
  g_autoptr (GArray)    numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GString)   ids = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_array_append_val (numbers, g_array_index (rows, ValiseIndexRow, i).row);
  records = valise_search_index_get_rows (fixture->index, (gint64 *) (gpointer) numbers->data,
                                          numbers->len, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < records->len; i++)
    {
      ValiseIndexRecord *record = records->pdata[i];

      g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", record->id);
      g_assert_cmpstr (record->meeting, ==, g_array_index (rows, ValiseIndexRow, i).meeting);
      g_assert_cmpstr (record->item, ==, g_array_index (rows, ValiseIndexRow, i).item);
    }
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
a_list_goes_by_meeting_item_order_and_date (Fixture *fixture, gconstpointer data)
{
  ValiseIndexFilter papers = { .type = "paper" };

  put (fixture, "m:a", "{'type':'meeting','date':'2026-03-30'}");
  put (fixture, "m:b", "{'type':'meeting','date':'2025-07-07'}");
  put (fixture, "8", "{'type':'paper'}");
  put (fixture, "7", "{'type':'paper','meeting':'m:b','item':'1'}");
  put (fixture, "3", "{'type':'paper','meeting':'m:a','item':'10'}");
  put (fixture, "1", "{'type':'paper','meeting':'m:a','item':'5'}");
  put (fixture, "2", "{'type':'paper','meeting':'m:a','item':'5 (a)'}");
  put (fixture, "6", "{'type':'paper','meeting':'m:a','item':'11','date':'2020-01-01'}");
  put (fixture, "5", "{'type':'paper','meeting':'m:a','item':'11','date':'2026-01-01'}");
  put (fixture, "4",
       "{'type':'paper','meeting':'m:a','item':'11','order':'1','date':'2000-01-01'}");
  catch_up (fixture);
  assert_list (fixture, &papers, "1 2 3 4 5 6 7 8");
  papers.meeting = "m:b";
  assert_list (fixture, &papers, "7");
  papers = (ValiseIndexFilter){ .meeting = "m:a", .item = "5" };
  assert_list (fixture, &papers, "1");
}

static void
a_paper_is_listed_under_each_language_it_is_here_in (Fixture *fixture, gconstpointer data)
{
  ValiseIndexFilter  filter = { .type = "paper", .language = "fr" };
  g_autoptr (GArray) counts = NULL;

  put (fixture, "p", "{'type':'paper','group':'S/1','kind':'report'}");
  put (fixture, "q", "{'type':'paper','group':'S/2','kind':'report'}");
  put (fixture, "p:fr", "{'type':'text','group':'S/1','language':'fr'}");
  put (fixture, "q:en", "{'type':'text','group':'S/2','language':'en'}");
  catch_up (fixture);
  assert_list (fixture, &filter, "p");
  filter.language = "ru";
  assert_list (fixture, &filter, "");

  counts = valise_search_index_count (fixture->index, "language", NULL, NULL);
  g_assert_cmpuint (counts->len, ==, 2);
  g_assert_cmpstr (g_array_index (counts, ValiseIndexCount, 0).value, ==, "en");
  g_assert_cmpuint (g_array_index (counts, ValiseIndexCount, 0).count, ==, 1);
  g_clear_pointer (&counts, g_array_unref);

  filter = (ValiseIndexFilter){ .type = "paper" };
  counts = valise_search_index_count (fixture->index, "kind", &filter, NULL);
  g_assert_cmpuint (counts->len, ==, 1);
  g_assert_cmpuint (g_array_index (counts, ValiseIndexCount, 0).count, ==, 2);
}

static void
a_group_has_the_paper_before_its_texts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) group = NULL;

  put (fixture, "t", "{'type':'text','group':'S/1','language':'fr'}");
  put (fixture, "u", "{'type':'text','group':'S/1','language':'en'}");
  put (fixture, "p", "{'type':'paper','group':'S/1'}");
  put (fixture, "q", "{'type':'paper','group':'S/2'}");
  catch_up (fixture);
  group = valise_search_index_get_group (fixture->index, "S/1", NULL);
  g_assert_cmpuint (group->len, ==, 3);
  g_assert_cmpstr (((ValiseIndexRecord *) group->pdata[0])->id, ==, "p");
  g_assert_cmpstr (((ValiseIndexRecord *) group->pdata[1])->id, ==, "u");
}

#define ADD(test) g_test_add ("/search-list/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (filters_narrow_a_search);
  ADD (a_snippet_marks_the_words_as_they_stand);
  ADD (a_snippet_is_cut_between_words_around_the_marks);
  ADD (a_hit_names_the_paragraph_with_most_of_the_words);
  ADD (what_is_known_and_not_here_is_listed_and_not_searched);
  ADD (a_list_goes_by_meeting_item_order_and_date);
  ADD (a_paper_is_listed_under_each_language_it_is_here_in);
  ADD (a_group_has_the_paper_before_its_texts);

  return g_test_run ();
}
