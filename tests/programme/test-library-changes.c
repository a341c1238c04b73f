/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "library-fixture.h"
#include "valise-test.h"

#define MANY 2000 /* papers, briefly; the environment's count for the whole 50,000 */

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

#define ADD(test) g_test_add ("/library-changes/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (the_language_changes_what_is_shown);
  ADD (what_was_read_is_remembered);
  ADD (a_new_paper_moves_nothing_else);
  ADD (a_text_that_was_not_fetched_has_its_size);
  g_test_add ("/library-changes/many_papers_do_not_hold_the_window", Fixture, NULL, setup_empty,
              many_papers_do_not_hold_the_window, teardown);

  return g_test_run ();
}
