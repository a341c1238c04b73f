/* test-search-index.c - what is on this laptop, by word and by place
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "index-fixture.h"
#include "valise-db.h"

#define PATIENCE_MS 20000

typedef struct
{
  char              *root;
  char              *path; /* of search.sqlite */
  ValiseDatabase    *database;
  ValiseSearchIndex *index;
} Fixture;

static ValiseDatabase *
open_database (Fixture *fixture, const char *name)
{
  g_autofree char   *file = g_strconcat (name, ".sqlite", NULL);
  g_autofree char   *path = g_build_filename (fixture->root, file, NULL);
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_database_open (path, name, TRUE, &error);

  g_assert_no_error (error);

  return database;
}

static void
open_index (Fixture *fixture, guint version)
{
  g_autoptr (GError) error = NULL;

  fixture->index =
      valise_search_index_open (fixture->path, version, extract_test_entry, NULL, &error);
  g_assert_no_error (error);
  valise_search_index_add (fixture->index, fixture->database);
}

static void
close_index (Fixture *fixture)
{
  valise_search_index_close (fixture->index);
  g_assert_finalize_object (g_steal_pointer (&fixture->index));
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "search.sqlite", NULL);
  fixture->database = open_database (fixture, "public");
  open_index (fixture, 1);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  close_index (fixture);
  g_assert_finalize_object (fixture->database);
  remove_folder (fixture->root);
  g_free (fixture->path);
  g_free (fixture->root);
}

/* Writes @text, a JSON object with ' for ", over what is there. */
static void
put_in (ValiseDatabase *database, const char *id, const char *text)
{
  g_autofree char           *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GBytes)         body = g_bytes_new (json, strlen (json));
  g_autoptr (ValiseDocument) old = valise_database_get (database, id, NULL, NULL);
  g_autoptr (GError)         error = NULL;
  g_autofree char           *rev =
      valise_database_put (database, id, old == NULL ? NULL : old->rev, FALSE, body, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rev);
}

static void
put (Fixture *fixture, const char *id, const char *text)
{
  put_in (fixture->database, id, text);
}

static void delete (Fixture *fixture, const char *id)
{
  g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
  g_autoptr (ValiseDocument) old = valise_database_get (fixture->database, id, NULL, NULL);
  g_autoptr (GError)         error = NULL;
  g_autofree char           *rev =
      valise_database_put (fixture->database, id, old->rev, TRUE, body, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rev);
}

/* As it comes from a peer: known by its id and revision, @body NULL: not here. */
static void
merge (Fixture *fixture, const char *id, const char *text)
{
  g_autoptr (GBytes)         body = text == NULL ? NULL : g_bytes_new (text, strlen (text));
  g_autoptr (ValiseDocument) document =
      valise_document_new (id, "1-0123456789abcdef0123456789abcdef", FALSE, body);
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (fixture->database, &error);

  g_assert_no_error (error);
  document->size = text == NULL ? 1234 : (gint64) strlen (text);
  valise_batch_merge (batch, document, NULL, &error);
  g_assert_no_error (error);
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
}

static void
catch_up (Fixture *fixture)
{
  g_assert_true (valise_search_index_catch_up (fixture->index, PATIENCE_MS));
}

static GPtrArray *
search_with (Fixture *fixture, const char *query, const ValiseIndexFilter *filter)
{
  g_autoptr (GError) error = NULL;
  guint              total = 0;
  GPtrArray         *hits =
      valise_search_index_search (fixture->index, query, filter, 0, &total, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (total, <=, hits->len);
  g_assert_cmpint (total > 0, ==, hits->len > 0);

  return hits;
}

/* The ids found, best first, by spaces. */
static void
assert_finds_with (Fixture                 *fixture,
                   const char              *query,
                   const ValiseIndexFilter *filter,
                   const char              *expected)
{
  g_autoptr (GPtrArray) hits = search_with (fixture, query, filter);
  g_autoptr (GString)   ids = g_string_new (NULL);

  for (guint i = 0; i < hits->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            ((ValiseHit *) hits->pdata[i])->record->id);
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
assert_finds (Fixture *fixture, const char *query, const char *expected)
{
  assert_finds_with (fixture, query, NULL, expected);
}

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
put_text (Fixture *fixture, const char *id, const char *language, const char *text)
{
  g_autofree char *json = g_strdup_printf ("{'type':'text','group':'%s','language':'%s',"
                                           "'paragraphs':[{'key':'k','number':'1','text':'%s'}]}",
                                           id, language, text);

  put (fixture, id, json);
}

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

  delete (fixture, "a");
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
another_file_of_the_same_name_is_read_from_its_beginning (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->root, "public.sqlite", NULL);

  put_text (fixture, "a", "en", "Old words.");
  put_text (fixture, "b", "en", "More old words.");
  catch_up (fixture);
  close_index (fixture);
  g_assert_finalize_object (fixture->database);
  g_assert_no_errno (g_unlink (path));
  fixture->database = open_database (fixture, "public");
  put_text (fixture, "c", "en", "New words.");
  open_index (fixture, 1);
  catch_up (fixture);
  assert_finds (fixture, "words", "c");
  g_assert_null (valise_search_index_get (fixture->index, "public", "a", NULL));
}

static void
the_index_is_kept_over_a_restart (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "a", "en", "Lasting words.");
  catch_up (fixture);
  close_index (fixture);
  open_index (fixture, 1);
  assert_finds (fixture, "lasting", "a");
  put_text (fixture, "b", "en", "More lasting words.");
  catch_up (fixture);
  assert_finds (fixture, "lasting \"more\"", "b");
}

/* Texts ever given a place in the file. */
static gint64
read_last_place (Fixture *fixture)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseDb)   db = valise_db_open (fixture->path, VALISE_DB_READER, 1000, &error);
  g_autoptr (ValiseStmt) stmt = NULL;

  g_assert_no_error (error);
  stmt = valise_db_prepare (db, "SELECT place FROM meta");
  g_assert_cmpint (valise_stmt_step (stmt, &error), ==, VALISE_STEP_ROW);

  return valise_stmt_get_int64 (stmt, 0);
}

static void
assert_number_found (Fixture *fixture, const char *query, guint n)
{
  g_autoptr (GPtrArray) hits = search_with (fixture, query, NULL);

  g_assert_cmpuint (hits->len, ==, n);
}

static gint64
count_segments (Fixture *fixture)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseDb)   db = valise_db_open (fixture->path, VALISE_DB_READER, 1000, &error);
  g_autoptr (ValiseStmt) stmt = NULL;

  g_assert_no_error (error);
  stmt = valise_db_prepare (db, "SELECT count(DISTINCT segid) FROM words_en_idx");
  g_assert_cmpint (valise_stmt_step (stmt, &error), ==, VALISE_STEP_ROW);

  return valise_stmt_get_int64 (stmt, 0);
}

static void
what_came_piece_by_piece_is_merged_at_rest (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("t%u", i);

      put_text (fixture, id, "en", "Measures in twelve pieces");
      catch_up (fixture);
    }
  g_assert_true (valise_search_index_wait_tidy (fixture->index, PATIENCE_MS));
  g_assert_cmpint (count_segments (fixture), <, 4);
  assert_number_found (fixture, "piece", 12);

  put_text (fixture, "t12", "en", "A thirteenth piece");
  catch_up (fixture);
  assert_number_found (fixture, "piece", 13);
}

static void
another_format_makes_it_anew (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db = NULL;
  gint64               place = 0;

  put_text (fixture, "t", "en", "Measures");
  catch_up (fixture);
  close_index (fixture);
  db = valise_db_open (fixture->path, VALISE_DB_WRITER, 1000, &error);
  g_assert_no_error (error);
  valise_db_execute (db, "UPDATE meta SET format = format - 1, place = 1000", &error);
  g_assert_no_error (error);
  g_clear_pointer (&db, valise_db_close);

  open_index (fixture, 1);
  catch_up (fixture);
  place = read_last_place (fixture);
  g_assert_cmpint (place, ==, 1);
  assert_number_found (fixture, "measures", 1);
}

/* @n texts as of their @generation-th revision. */
static void
merge_generation (Fixture *fixture, guint n, guint generation)
{
  g_autoptr (GError) error = NULL;
  ValiseBatch       *batch = valise_database_begin (fixture->database, &error);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("d%u", i);
      g_autofree char *rev = g_strdup_printf ("%u-0123456789abcdef0123456789abcdef", generation);
      g_autofree char *text = g_strdup_printf (
          "{\"type\":\"text\",\"language\":\"en\",\"title\":\"Round %u\"}", generation);
      g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
      g_autoptr (ValiseDocument) document = valise_document_new (id, rev, FALSE, body);
      ValiseMerge                merge = VALISE_MERGE_KNOWN;

      valise_batch_merge (batch, document, &merge, &error);
      g_assert_no_error (error);
    }
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
  catch_up (fixture);
}

static void
too_many_words_left_behind_make_it_anew (Fixture *fixture, gconstpointer data)
{
  ValiseIndexFilter     filter = { .type = "text" };
  g_autoptr (GPtrArray) hits = NULL;

  for (guint generation = 1; generation <= 9; generation++)
    merge_generation (fixture, 1000, generation);
  g_assert_cmpint (read_last_place (fixture), ==, 9000);
  close_index (fixture);
  open_index (fixture, 1);
  catch_up (fixture);
  g_assert_cmpint (read_last_place (fixture), ==, 1000);
  hits = search_with (fixture, "\"round 9\"", &filter);
  g_assert_cmpuint (hits->len, ==, 1000);
  assert_finds (fixture, "\"round 8\"", "");
}

static void
another_version_makes_it_anew (Fixture *fixture, gconstpointer data)
{
  put_text (fixture, "a", "en", "Words.");
  catch_up (fixture);
  close_index (fixture);
  open_index (fixture, 2);
  catch_up (fixture);
  assert_finds (fixture, "words", "a");
}

static void
a_damaged_file_is_made_anew (Fixture *fixture, gconstpointer data)
{
  g_autofree char   *noise = g_strnfill (100000, '?');
  g_autoptr (GError) error = NULL;

  put_text (fixture, "a", "en", "Words.");
  catch_up (fixture);
  close_index (fixture);
  g_file_set_contents (fixture->path, noise, 100000, &error);
  g_assert_no_error (error);
  open_index (fixture, 1);
  catch_up (fixture);
  assert_finds (fixture, "words", "a");
}

static void
damage_met_in_a_search_is_mended (Fixture *fixture, gconstpointer data)
{
  gint64           until_us = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  g_autofree char *content = NULL;
  gsize            length = 0;
  gboolean         mended = FALSE;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("d%u", i);

      put_text (fixture, id, "en", "Words that fill pages of the file, one after another.");
    }
  catch_up (fixture);
  close_index (fixture);

  /* All but the pages with the schema, which would be noticed at once. */
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));
  for (gsize at = 4 * 8192; at < length; at++)
    content[at] = (char) 0x5a;
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize) length, NULL));
  open_index (fixture, 1);
  while (!mended && g_get_monotonic_time () < until_us)
    {
      g_autoptr (GPtrArray) hits =
          valise_search_index_search (fixture->index, "pages", NULL, 500, NULL, NULL, NULL);

      mended = hits != NULL && hits->len == 300;
      g_usleep (20000);
    }
  g_assert_true (mended);
}

/* A child indexes until it is killed; what it committed stays, and the rest follows. */
static void
an_indexer_killed_at_work_leaves_a_sound_index (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 400; i++)
    {
      g_autofree char *id = g_strdup_printf ("d%u", i);

      put_text (fixture, id, "en", "Words that fill pages of the file, one after another.");
    }
  catch_up (fixture);
  close_index (fixture);

  for (guint i = 0; i < 5; i++)
    {
      pid_t            child = 0;
      int              status = 0;
      g_autofree char *database = g_build_filename (fixture->root, "public.sqlite", NULL);
      char *arguments[] = { (char *) "/proc/self/exe", (char *) "--index", fixture->path, database,
                            NULL };

      g_assert_no_errno (g_unlink (fixture->path));
      child = fork ();
      if (child == 0)
        {
          execv (arguments[0], arguments);
          _exit (2);
        }
      g_usleep (20000 + i * 15000);
      g_assert_no_errno (kill (child, SIGKILL));
      g_assert_no_errno (waitpid (child, &status, 0));
      open_index (fixture, 1);
      catch_up (fixture);
      {
        g_autoptr (GPtrArray) hits =
            valise_search_index_search (fixture->index, "pages", NULL, 0, NULL, NULL, NULL);

        g_assert_cmpuint (hits->len, ==, 400);
      }
      close_index (fixture);
    }
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

/* The child of an_indexer_killed_at_work(). */
static int
index_until_killed (const char *path, const char *file)
{
  ValiseDatabase    *database = valise_database_open (file, "public", FALSE, NULL);
  ValiseSearchIndex *index = valise_search_index_open (path, 1, extract_test_entry, NULL, NULL);

  if (database == NULL || index == NULL)
    return 2;
  valise_search_index_add (index, database);
  for (;;)
    g_usleep (G_USEC_PER_SEC);
}

#define ADD(test) g_test_add ("/search-index/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_equal (argv[1], "--index"))
    return index_until_killed (argv[2], argv[3]);
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
  ADD (filters_narrow_a_search);
  ADD (a_snippet_marks_the_words_as_they_stand);
  ADD (a_snippet_is_cut_between_words_around_the_marks);
  ADD (a_hit_names_the_paragraph_with_most_of_the_words);
  ADD (what_is_known_and_not_here_is_listed_and_not_searched);
  ADD (a_list_goes_by_meeting_item_order_and_date);
  ADD (a_paper_is_listed_under_each_language_it_is_here_in);
  ADD (a_group_has_the_paper_before_its_texts);
  ADD (what_the_extractor_refuses_leaves);
  ADD (changes_are_announced_a_few_times_a_second);
  ADD (several_databases_make_one_ranking);
  ADD (another_file_of_the_same_name_is_read_from_its_beginning);
  ADD (the_index_is_kept_over_a_restart);
  ADD (too_many_words_left_behind_make_it_anew);
  ADD (another_version_makes_it_anew);
  ADD (another_format_makes_it_anew);
  ADD (what_came_piece_by_piece_is_merged_at_rest);
  ADD (a_damaged_file_is_made_anew);
  ADD (damage_met_in_a_search_is_mended);
  ADD (an_indexer_killed_at_work_leaves_a_sound_index);
  ADD (a_search_may_be_called_off);
  ADD (any_bytes_may_be_typed);

  return g_test_run ();
}
