/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "valise-library.h"

#include <glib/gstdio.h>
#include <string.h>

#include "valise-registry.h"
#include "valise-test.h"

#define MANY 2000 /* papers, briefly; the environment's count for the whole 50,000 */

typedef struct
{
  char          *root;
  ValiseHome    *home;
  ValiseLibrary *library;
} Fixture;

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_assert_no_errno (g_unlink (child));
    }
  g_assert_no_errno (g_rmdir (path));
}

static void
setup_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->home = valise_home_open (fixture->root, &error);
  g_assert_no_error (error);
}

/* Waits for the indexer, then for the lists that follow it. */
static void
settle (Fixture *fixture)
{
  gint64 end = 0;

  g_assert_true (valise_search_index_catch_up (valise_home_get_index (fixture->home), 120 * 1000));
  end = g_get_monotonic_time () + 700 * G_TIME_SPAN_MILLISECOND;
  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
open_library (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->library = valise_library_new (fixture->home, "en", &error);
  g_assert_no_error (error);
  settle (fixture);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseRegistry) registry = NULL;

  setup_empty (fixture, data);
  registry = valise_registry_create (fixture->home, "poa", NULL, &error);
  g_assert_no_error (error);
  valise_registry_issue_sample (registry, &error);
  g_assert_no_error (error);
  open_library (fixture);
}

/* What is under way on a worker holds the library until it is done. */
static void
close_library (Fixture *fixture)
{
  gpointer library = fixture->library;
  gint64   end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  g_object_add_weak_pointer (library, &library);
  g_object_unref (g_steal_pointer (&fixture->library));
  while (library != NULL && g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (500);
    }
  g_assert_null (library);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  close_library (fixture);
  valise_home_close (fixture->home);
  g_assert_finalize_object (fixture->home);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

/* --- waiting for answers ---------------------------------------------------------------------- */

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static ValisePaper *
open_paper (Fixture *fixture, const char *symbol, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  valise_library_open_async (fixture->library, symbol, NULL, keep_result, &result);
  wait_for (&result);

  return valise_library_open_finish (fixture->library, result, error);
}

static ValiseText *
read_text (Fixture *fixture, const char *symbol, const char *language, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  valise_library_read_async (fixture->library, symbol, language, NULL, keep_result, &result);
  wait_for (&result);

  return valise_library_read_finish (fixture->library, result, error);
}

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

static void
wait_loaded (ValisePaper *paper)
{
  while (!valise_paper_get_loaded (paper))
    g_main_context_iteration (NULL, TRUE);
}

/* The row of @symbol, loaded; NULL where the list has none. */
static ValisePaper *
find_row (GListModel *list, const char *symbol)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (list, i);

      wait_loaded (paper);
      if (g_strcmp0 (valise_paper_get_symbol (paper), symbol) == 0)
        return g_steal_pointer (&paper);
    }

  return NULL;
}

/* The titles of the headings, each on a line. */
static char *
join_headings (GListModel *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (list, i);

      if (valise_paper_is_heading (paper))
        g_string_append_printf (text, "%s\n", valise_paper_get_title (paper));
    }

  return g_string_free (text, FALSE);
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
the_language_changes_what_is_shown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel)    list = valise_library_list_papers (fixture->library, NULL);
  g_autoptr (GListModel)    meetings = valise_library_list_meetings (fixture->library);
  g_autoptr (ValiseMeeting) meeting = NULL;
  g_autoptr (ValisePaper)   paper = NULL;
  g_autofree char          *headings = NULL;

  settle (fixture);
  paper = find_row (list, "A/AC.292/2026/WP.1");
  g_object_set (fixture->library, "language", "fr", NULL);
  settle (fixture);
  headings = join_headings (list);
  g_assert_nonnull (strstr (headings, "Point 5 · Normes de comportement responsable\n"));
  g_assert_cmpstr (valise_paper_get_title_language (paper), ==, "fr");
  g_assert_cmpstr (valise_paper_get_author (paper), ==, "Kestrie");
  meeting = g_list_model_get_item (meetings, 1);
  g_assert_cmpstr (valise_meeting_get_title (meeting), ==,
                   "Première réunion annuelle du programme d’action");
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

static void
what_was_read_is_remembered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel)    list = valise_library_list_papers (fixture->library, NULL);
  g_autoptr (ValisePaper)   paper = NULL;
  const ValiseLibraryFilter unread = { .unread = TRUE };
  guint                     n_unread = 0;

  settle (fixture);
  n_unread = valise_library_get_n_unread (fixture->library);
  g_assert_cmpuint (n_unread, ==, valise_library_get_n_papers (fixture->library));
  paper = find_row (list, "A/AC.292/2026/WP.1");
  g_assert_true (valise_paper_get_unread (paper));
  valise_library_mark_read (fixture->library, "A/AC.292/2026/WP.1", TRUE);
  g_assert_false (valise_paper_get_unread (paper));
  g_assert_cmpuint (valise_library_get_n_unread (fixture->library), ==, n_unread - 1);
  g_clear_object (&paper);
  g_clear_object (&list);
  settle (fixture);

  close_library (fixture);
  open_library (fixture);
  g_assert_cmpuint (valise_library_get_n_unread (fixture->library), ==, n_unread - 1);
  list = valise_library_list_papers (fixture->library, &unread);
  settle (fixture);
  paper = find_row (list, "A/AC.292/2026/WP.1");
  g_assert_null (paper);
  g_assert_cmpuint (g_list_model_get_n_items (list), >=, n_unread - 1);
}

/* --- a record that changes
 * --------------------------------------------------------------------------- */

static void
note_change (GListModel *list, guint position, guint removed, guint added, gpointer user_data)
{
  guint *seen = user_data;

  seen[0] = position;
  seen[1] = removed;
  seen[2] = added;
  seen[3]++;
}

static void
a_new_paper_moves_nothing_else (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListModel)     list = valise_library_list_papers (fixture->library, NULL);
  g_autoptr (GListModel)     arrived = valise_library_list_arrived (fixture->library, 3);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseRegistry) registry = NULL;
  g_autofree char           *rev = NULL;
  guint                      seen[4] = { 0 };
  guint                      before = 0;
  g_autoptr (ValisePaper)    first = NULL;
  g_autoptr (ValisePaper)    still = NULL;
  g_autoptr (ValisePaper)    newest = NULL;

  settle (fixture);
  before = g_list_model_get_n_items (list);
  first = g_list_model_get_item (list, 1);
  g_assert_cmpuint (g_list_model_get_n_items (arrived), ==, 3);
  g_signal_connect (list, "items-changed", G_CALLBACK (note_change), seen);
  registry = valise_registry_open (fixture->home, &error);
  g_assert_no_error (error);
  rev = valise_registry_issue (
      registry, "public", "paper:A/AC.292/2026/WP.99",
      "{\"type\":\"paper\",\"symbol\":\"A/AC.292/2026/WP.99\",\"kind\":\"working-paper\",\"title\":"
      "{\"en\":\"Late\"},\"date\":\"2026-07-01\",\"meeting\":\"meeting:poa-2026\",\"items\":[\"5\"]"
      ","
      "\"languages\":[\"en\",\"fr\"]}",
      &error);
  g_assert_no_error (error);
  settle (fixture);

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, before + 1);
  g_assert_cmpuint (seen[3], ==, 1);
  g_assert_cmpuint (seen[1], ==, 0);
  g_assert_cmpuint (seen[2], ==, 1);
  still = g_list_model_get_item (list, 1);
  g_assert_true (still == first);
  newest = g_list_model_get_item (arrived, 0);
  wait_loaded (newest);
  g_assert_cmpstr (valise_paper_get_symbol (newest), ==, "A/AC.292/2026/WP.99");
}

static void
a_text_that_was_not_fetched_has_its_size (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", FALSE, &error);
  g_autoptr (ValiseDocument) document = valise_document_new (
      "text:A/AC.292/2026/WP.3:zh", "1-0123456789abcdef0123456789abcdef", FALSE, NULL);
  ValiseBatch              *batch = valise_database_begin (database, &error);
  ValiseMerge               merge = VALISE_MERGE_KNOWN;
  g_autoptr (ValisePaper)   paper = NULL;
  g_autoptr (ValiseText)    text = NULL;
  g_autoptr (ValiseVersion) chinese = NULL;
  GListModel               *versions = NULL;

  g_assert_no_error (error);
  document->size = 41000;
  g_assert_true (valise_batch_merge (batch, document, &merge, &error));
  g_assert_true (valise_batch_commit (batch, &error));
  settle (fixture);

  paper = open_paper (fixture, "A/AC.292/2026/WP.3", &error);
  g_assert_no_error (error);
  versions = valise_paper_get_versions (paper);
  chinese = g_list_model_get_item (versions, g_list_model_get_n_items (versions) - 1);
  g_assert_cmpstr (valise_version_get_language (chinese), ==, "zh");
  g_assert_false (valise_version_get_here (chinese));
  g_assert_cmpint (valise_version_get_size (chinese), ==, 41000);
  text = read_text (fixture, "A/AC.292/2026/WP.3", "zh", &error);
  g_assert_null (text);
  g_assert_error (error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_NOT_HERE);
}

/* --- many
 * --------------------------------------------------------------------------------------------- */

static void
fill_database (Fixture *fixture, guint count)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (fixture->home, "public", TRUE, &error);
  ValiseBatch *batch = valise_database_begin (database, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *id = g_strdup_printf ("paper:A/%u/%u", 40 + i % 40, i);
      g_autofree char *rev = g_strdup_printf ("1-%032x", i);
      char            *text = g_strdup_printf (
                     "{\"type\":\"paper\",\"symbol\":\"%s\",\"kind\":\"report\",\"title\":{\"en\":\"Report "
                                "number %u\"},\"date\":\"2020-01-01\",\"meeting\":\"meeting:ga-%u\",\"items\":[\"%u\"],"
                                "\"languages\":[\"en\"]}",
                     id + strlen ("paper:"), i, 40 + i % 40, i % 100);
      g_autoptr (GBytes)         body = g_bytes_new_take (text, strlen (text));
      g_autoptr (ValiseDocument) document = valise_document_new (id, rev, FALSE, body);
      ValiseMerge                merge = VALISE_MERGE_KNOWN;

      g_assert_true (valise_batch_merge (batch, document, &merge, &error));
    }
  g_assert_true (valise_batch_commit (batch, &error));
}

/* Keeps the longest time that anything took on the main thread, in microseconds. */
static void
note_time (gint64 *longest, gint64 start)
{
  gint64 taken = g_get_monotonic_time () - start;

  *longest = MAX (*longest, taken);
}

static void
turn_once (gint64 *longest)
{
  gint64 start = g_get_monotonic_time ();

  g_main_context_iteration (NULL, FALSE);
  note_time (longest, start);
  g_usleep (200);
}

static void
many_papers_do_not_hold_the_window (Fixture *fixture, gconstpointer data)
{
  guint                   count = valise_test_count (MANY);
  gint64                  longest = 0;
  gint64                  start = 0;
  gint64                  ready = 0;
  g_autoptr (GListModel)  list = NULL;
  g_autoptr (ValisePaper) middle = NULL;

  fill_database (fixture, count);
  open_library (fixture);
  g_assert_cmpuint (valise_library_get_n_papers (fixture->library), ==, count);

  start = g_get_monotonic_time ();
  list = valise_library_list_papers (fixture->library, NULL);
  while (g_list_model_get_n_items (list) == 0)
    turn_once (&longest);
  ready = g_get_monotonic_time () - start;
  g_assert_cmpuint (g_list_model_get_n_items (list), >=, count);

  start = g_get_monotonic_time ();
  for (guint i = 0; i < 256; i++)
    g_object_unref (g_list_model_get_item (list, count / 3 + i));
  middle = g_list_model_get_item (list, count / 2);
  note_time (&longest, start);
  while (!valise_paper_get_loaded (middle))
    turn_once (&longest);
  g_test_message ("%u papers: listed after %" G_GINT64_FORMAT
                  " us, longest turn of the main loop %" G_GINT64_FORMAT " us",
                  count, ready, longest);
  /* Several times what it may take, for machines that are busy with other tests. */
  g_assert_cmpint (longest, <, 100 * 1000);
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
  ADD (the_language_changes_what_is_shown);
  ADD (words_are_found_in_every_language);
  ADD (values_of_a_filter_have_labels_and_counts);
  ADD (what_was_read_is_remembered);
  ADD (a_new_paper_moves_nothing_else);
  ADD (a_text_that_was_not_fetched_has_its_size);
  g_test_add ("/library/a_record_is_behind_until_all_that_came_was_read", Fixture, NULL,
              setup_empty, a_record_is_behind_until_all_that_came_was_read, teardown);
  g_test_add ("/library/many_papers_do_not_hold_the_window", Fixture, NULL, setup_empty,
              many_papers_do_not_hold_the_window, teardown);

  return g_test_run ();
}
