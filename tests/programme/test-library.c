/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "library-fixture.h"

static GPtrArray *
search (Fixture *fixture, const char *query, const ValiseLibraryFilter *filter, guint *total)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError)       error = NULL;
  GPtrArray               *findings = NULL;

  valise_library_search_async (fixture->library, query, filter, 20, NULL, keep_result, &result);
  wait_for (&result);
  findings = valise_library_search_finish (fixture->library, result, total, &error);
  g_assert_no_error (error);

  return findings;
}

/* --- the sample
 * ----------------------------------------------------------------------------------- */

static void
papers_stand_under_their_items (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel)  list = valise_library_list_papers (fixture->library, NULL);
  g_autofree char        *headings = NULL;
  g_autoptr (ValisePaper) paper = NULL;

  g_assert_true (g_list_model_get_item_type (list) == VALISE_TYPE_PAPER);
  settle (fixture);
  headings = join_headings (list);
  g_assert_nonnull (strstr (headings, "Item 5 · Norms of responsible behaviour\n"));
  g_assert_nonnull (strstr (headings, "Item 6 · Capacity-building\n"));
  g_assert_true (strstr (headings, "Item 5") < strstr (headings, "Item 6"));
  paper = find_row (list, "A/AC.292/2026/WP.1");
  g_assert_nonnull (paper);
  g_assert_cmpstr (valise_paper_get_author (paper), ==, "Kestria");
  g_assert_cmpstr (valise_paper_get_kind (paper), ==, "working-paper");
  g_assert_cmpstr (valise_paper_get_meeting (paper), ==, "meeting:poa-2026");
  g_assert_cmpuint (strlen (valise_paper_get_seal_key (paper)), ==, 16);
  g_assert_cmpint (valise_paper_get_issue (paper), >, 0);
  g_assert_true (valise_paper_get_unread (paper));
}

static void
a_paper_has_its_languages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (ValisePaper) paper = open_paper (fixture, "A/AC.292/2026/WP.1", &error);
  GListModel             *versions = NULL;
  g_autofree char        *french = NULL;

  g_assert_no_error (error);
  versions = valise_paper_get_versions (paper);
  g_assert_cmpuint (g_list_model_get_n_items (versions), ==, 6);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (ValiseVersion) version = g_list_model_get_item (versions, i);
      g_autofree char          *id =
          g_strdup_printf ("text:A/AC.292/2026/WP.1:%s", valise_version_get_language (version));

      g_assert_true (valise_version_get_here (version));
      g_assert_cmpint (valise_version_get_size (version), >, 1000);
      g_assert_cmpstr (valise_version_get_id (version), ==, id);
      g_assert_cmpstr (valise_version_get_database (version), ==, "public");
    }
  french = valise_paper_dup_title_in (paper, "fr");
  g_assert_nonnull (french);
  g_assert_cmpstr (valise_paper_get_title_language (paper), ==, "en");
}

static void
a_paper_knows_who_names_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (ValisePaper) norms = open_paper (fixture, "A/AC.292/2026/WP.1", &error);
  g_autoptr (ValisePaper) capacity = open_paper (fixture, "A/AC.292/2026/WP.2", &error);

  g_assert_no_error (error);
  g_assert_true (g_strv_contains (valise_paper_get_references (norms), "A/RES/77/37"));
  g_assert_true (g_strv_contains (valise_paper_get_named_by (norms), "A/AC.292/2026/WP.6"));
  g_assert_true (g_strv_contains (valise_paper_get_named_by (norms), "A/AC.292/2026/CRP.1"));
  g_assert_false (g_strv_contains (valise_paper_get_named_by (norms), "A/AC.292/2026/WP.2"));
  g_assert_true (
      g_strv_contains (valise_paper_get_named_by (capacity), "A/AC.292/2026/WP.2/Corr.1"));
}

static void
what_is_not_there_is_said_to_be_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)      error = NULL;
  g_autoptr (ValisePaper) paper = open_paper (fixture, "A/RES/1/1", &error);
  g_autoptr (ValiseText)  text = NULL;

  g_assert_null (paper);
  g_assert_error (error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_MISSING);
  g_clear_error (&error);
  text = read_text (fixture, "A/RES/1/1", "en", &error);
  g_assert_null (text);
  g_assert_error (error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_MISSING);
}

static int
find_numbered (ValiseText *text, const char *number)
{
  for (guint i = 0; i < valise_text_get_n_lines (text); i++)
    if (g_strcmp0 (valise_text_get_line (text, i)->number, number) == 0)
      return (int) i;

  return -1;
}

static void
a_quotation_names_its_place_in_its_language (Fixture *fixture, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "en", "A/AC.292/2026/WP.1, para. 3" }, { "fr", "A/AC.292/2026/WP.1, par. 3" },
    { "es", "A/AC.292/2026/WP.1, párr. 3" }, { "ru", "A/AC.292/2026/WP.1, п. 3" },
    { "zh", "A/AC.292/2026/WP.1，第 3 段" }, { "ar", "A/AC.292/2026/WP.1، الفقرة 3" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)     error = NULL;
      g_autoptr (ValiseText) text = read_text (fixture, "A/AC.292/2026/WP.1", cases[i][0], &error);
      int                    line = -1;
      g_autofree char       *reference = NULL;

      g_assert_no_error (error);
      line = find_numbered (text, "3");
      g_assert_cmpint (line, >=, 0);
      reference = valise_text_dup_reference (text, (guint) line);
      g_assert_cmpstr (reference, ==, cases[i][1]);
    }
}

static void
references_reach_annexes_preambles_and_notes (void)
{
  static const char *const cases[][4] = {
    { "en", "operative", "3 (a) (i)", "A/1, para. 3 (a) (i)" },
    { "fr", "operative", "3 (a)", "A/1, par. 3 a)" },
    { "es", "item", "3 (a) (i)", "A/1, párr. 3 a) i)" },
    { "en", "preamble", "PP2", "A/1, PP2" },
    { "en", "operative", "annex, 3", "A/1, annex, para. 3" },
    { "ru", "operative", "annex II, 3", "A/1, приложение II, п. 3" },
    { "en", "note", "1", "A/1, note 1" },
    { "en", "text", NULL, "A/1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *number =
          cases[i][2] != NULL ? g_strdup_printf (",\"number\":\"%s\"", cases[i][2]) : g_strdup ("");
      g_autofree char *body =
          g_strdup_printf ("{\"symbol\":\"A/1\",\"language\":\"%s\",\"paragraphs\":[{\"key\":\"k\","
                           "\"kind\":\"%s\"%s,\"text\":\"x\"}]}",
                           cases[i][0], cases[i][1], number);
      g_autoptr (GError)     error = NULL;
      g_autoptr (ValiseJson) json = valise_json_scan_text (body, -1, VALISE_JSON_INTEGERS, &error);
      g_autoptr (ValiseText) text = NULL;
      g_autofree char       *reference = NULL;

      g_assert_no_error (error);
      text = valise_text_new (json);
      reference = valise_text_dup_reference (text, 0);
      g_assert_cmpstr (reference, ==, cases[i][3]);
    }
}

static void
paragraphs_pair_across_languages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseText) english = read_text (fixture, "A/AC.292/2026/WP.1", "en", &error);
  g_autoptr (ValiseText) arabic = read_text (fixture, "A/AC.292/2026/WP.1", "ar", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (valise_text_get_n_lines (english), >, 8);
  g_assert_cmpuint (valise_text_get_n_lines (english), ==, valise_text_get_n_lines (arabic));
  for (guint i = 0; i < valise_text_get_n_lines (english); i++)
    g_assert_cmpint (valise_text_pair (english, i, arabic), ==, (int) i);
}

static void
meetings_and_agendas_are_listed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel)       meetings = valise_library_list_meetings (fixture->library);
  g_autoptr (ValiseMeeting)    latest = g_list_model_get_item (meetings, 0);
  g_autoptr (ValiseMeeting)    annual = g_list_model_get_item (meetings, 1);
  g_autoptr (GListModel)       agenda = NULL;
  g_autoptr (ValiseAgendaItem) fifth = NULL;
  g_autoptr (GListModel)       papers = NULL;

  g_assert_cmpstr (valise_meeting_get_id (latest), ==, "meeting:poa-2026-capacity");
  g_assert_cmpstr (valise_meeting_get_id (annual), ==, "meeting:poa-2026");
  g_assert_cmpstr (valise_meeting_get_start (annual), ==, "2026-07-20");
  g_assert_cmpstr (valise_meeting_get_time_zone (annual), ==, "America/New_York");
  g_assert_cmpuint (valise_meeting_get_n_papers (annual), >=, 10);
  g_assert_cmpuint (valise_meeting_get_n_sittings (annual), ==, 8);
  g_assert_cmpstr (valise_meeting_get_sitting (annual, 0)->start, ==, "10:00");

  agenda = valise_library_list_agenda (fixture->library, "meeting:poa-2026");
  g_assert_cmpuint (g_list_model_get_n_items (agenda), ==, 7);
  fifth = g_list_model_get_item (agenda, 4);
  g_assert_cmpstr (valise_agenda_item_get_number (fifth), ==, "5");
  g_assert_cmpstr (valise_agenda_item_get_title (fifth), ==, "Norms of responsible behaviour");
  g_assert_cmpstr (valise_agenda_item_get_starts (fifth), ==, "2026-07-21T10:00");
  papers = g_object_ref (valise_agenda_item_get_papers (fifth));
  settle (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (papers), >, 0);
  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (papers, i);

      wait_loaded (paper);
      g_assert_false (valise_paper_is_heading (paper));
      g_assert_cmpstr (valise_paper_get_item (paper), ==, "5");
    }
}

static void
words_are_found_in_every_language (Fixture *fixture, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "norms", "en" }, { "normes", "fr" }, { "normas", "es" },
    { "нормы", "ru" }, { "规范", "zh" },   { "القواعد", "ar" }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const ValiseLibraryFilter filter = { .language = cases[i][1], .item = "5" };
      guint                     total = 0;
      g_autoptr (GPtrArray)     findings = search (fixture, cases[i][0], &filter, &total);
      const ValiseFinding      *first = NULL;

      g_assert_cmpuint (total, >, 0);
      g_assert_cmpuint (findings->len, >, 0);
      first = findings->pdata[0];
      g_assert_cmpstr (first->language, ==, cases[i][1]);
      g_assert_cmpuint (first->marks->len, >, 0);
      g_assert_cmpuint (first->n_languages, >, 0);
      g_assert_nonnull (first->kind);
    }
}

static void
values_of_a_filter_have_labels_and_counts (Fixture *fixture, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "author", "xke\tKestria\t" },
    { "meeting", "meeting:poa-2026\tFirst annual meeting of the programme of action\t" },
    { "language", "fr\tfrançais\t" },
    { "kind", "working-paper\tworking-paper\t" },
    { "item", "5\tItem 5 · Norms of responsible behaviour\t" },
  };
  const ValiseLibraryFilter filter = { .meeting = "meeting:poa-2026" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError)       error = NULL;
      g_auto (GStrv)           values = NULL;
      gboolean                 found = FALSE;

      valise_library_list_values_async (fixture->library, cases[i][0], &filter, NULL, keep_result,
                                        &result);
      wait_for (&result);
      values = valise_library_list_values_finish (fixture->library, result, &error);
      g_assert_no_error (error);
      for (gsize j = 0; values[j] != NULL; j++)
        if (g_str_has_prefix (values[j], cases[i][1]))
          found = g_ascii_strtoull (values[j] + strlen (cases[i][1]), NULL, 10) > 0;
      if (!found)
        g_test_message ("%s", cases[i][1]);
      g_assert_true (found);
    }
}

#define ADD(test) g_test_add ("/library/" #test, Fixture, NULL, setup, test, teardown)

static void
count_cb (guint *count)
{
  ++*count;
}

/* Nothing of it is listed at first, and nothing may say that there is nothing. */
static void
a_record_is_behind_until_all_that_came_was_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseRegistry) registry = valise_registry_create (fixture->home, "poa", NULL, &error);
  gint64                     end = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  guint                      changes = 0;

  g_assert_no_error (error);
  valise_registry_issue_sample (registry, &error);
  g_assert_no_error (error);
  fixture->library = valise_library_new (fixture->home, "en", &error);
  g_assert_no_error (error);
  g_assert_true (valise_library_is_behind (fixture->library));
  g_assert_cmpuint (valise_library_get_n_papers (fixture->library), ==, 0);

  while (valise_library_is_behind (fixture->library) && g_get_monotonic_time () < end)
    {
      guint  before = changes;
      gulong id =
          g_signal_connect_swapped (fixture->library, "changed", G_CALLBACK (count_cb), &changes);

      g_main_context_iteration (NULL, TRUE);
      g_signal_handler_disconnect (fixture->library, id);
      /* Who waits to hear that it no longer is, hears it. */
      g_assert_true (valise_library_is_behind (fixture->library) || changes > before);
    }
  g_assert_false (valise_library_is_behind (fixture->library));
  g_assert_cmpuint (valise_library_get_n_papers (fixture->library), >, 10);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (papers_stand_under_their_items);
  ADD (a_paper_has_its_languages);
  ADD (a_paper_knows_who_names_it);
  ADD (what_is_not_there_is_said_to_be_missing);
  ADD (a_quotation_names_its_place_in_its_language);
  g_test_add_func ("/library/references_reach_annexes_preambles_and_notes",
                   references_reach_annexes_preambles_and_notes);
  ADD (paragraphs_pair_across_languages);
  ADD (meetings_and_agendas_are_listed);
  ADD (words_are_found_in_every_language);
  ADD (values_of_a_filter_have_labels_and_counts);
  g_test_add ("/library/a_record_is_behind_until_all_that_came_was_read", Fixture, NULL,
              setup_empty, a_record_is_behind_until_all_that_came_was_read, teardown);

  return g_test_run ();
}
