/* test-original-pages.c - the pages of an original: turned, drawn, searched
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "originals-fixture.h"
#include "pdf-written.h"
#include "valise-file-queue.h"

static void
pages_turn_and_are_drawn_as_they_come_into_sight (WindowFixture *fixture, gconstpointer data)
{
  ValisePdfPage *original = open_original (fixture, 400);
  ValisePdfView *view = valise_pdf_page_get_view (original);

  valise_pdf_view_go (view, 399);
  VALISE_WAIT_UNTIL (valise_pdf_view_get_page (view) == 399);
  VALISE_WAIT_UNTIL (valise_window_find_label (GTK_WIDGET (original), "Page 400 of 400") != NULL);
  g_assert_cmpuint (valise_pdf_view_get_n_drawn (view), <=, 8);
  valise_window_act (fixture, "win.zoom-in");
  valise_window_act (fixture, "win.zoom-in");
  valise_wait_ms (200);
  g_assert_cmpuint (valise_pdf_view_get_page (view), ==, 399);
  valise_window_picture (fixture, "original-zoomed");
}

static ValisePdfView *
open_sized (WindowFixture *fixture, guint n_pages, double width, double height)
{
  ValisePdfPage     *original = valise_window_get_original (fixture->window);
  g_autoptr (GBytes) bytes = pdf_made_sized (n_pages, width, height, WORDS);

  valise_window_go (fixture->window, "original");
  valise_pdf_page_open_bytes (original, bytes, "odd.pdf");
  VALISE_WAIT_UNTIL (strcmp (valise_pdf_page_get_state (original), "pages") == 0);
  return valise_pdf_page_get_view (original);
}

static void
a_page_as_long_as_a_street_is_drawn_coarser (WindowFixture *fixture, gconstpointer data)
{
  ValisePdfView *view = open_sized (fixture, 1, 100, 14400);

  VALISE_WAIT_UNTIL (valise_pdf_view_get_n_drawn (view) == 1);
}

static void
pages_in_sight_stay_however_many_they_are (WindowFixture *fixture, gconstpointer data)
{
  ValisePdfView *view = open_sized (fixture, 40, 595, 30);

  VALISE_WAIT_UNTIL (valise_pdf_view_get_n_drawn (view) > 10);
}

/* More than an int of pixels, were each as high as it says. */
static void
sizes_that_a_file_makes_up_overflow_nothing (WindowFixture *fixture, gconstpointer data)
{
  ValisePdfView *view = open_sized (fixture, 300, 1, 14400);

  valise_pdf_view_go (view, 299);
  VALISE_WAIT_UNTIL (valise_pdf_view_get_page (view) == 299);
}

static void
finding_counts_and_goes_from_page_to_page (WindowFixture *fixture, gconstpointer data)
{
  ValisePdfPage *original = open_original (fixture, 5);

  valise_window_act (fixture, "win.find");
  gtk_editable_set_text (valise_pdf_page_get_entry (original), "norms");
  VALISE_WAIT_UNTIL (strcmp (valise_pdf_page_get_count (original), "1 of 5") == 0);
  valise_window_act (fixture, "win.find-next");
  g_assert_cmpstr (valise_pdf_page_get_count (original), ==, "2 of 5");
  valise_window_act (fixture, "win.find-previous");
  valise_window_act (fixture, "win.find-previous");
  g_assert_cmpstr (valise_pdf_page_get_count (original), ==, "5 of 5");
  VALISE_WAIT_UNTIL (valise_pdf_view_get_page (valise_pdf_page_get_view (original)) == 4);
  valise_window_picture (fixture, "original-found");
  gtk_editable_set_text (valise_pdf_page_get_entry (original), "xyzzy");
  VALISE_WAIT_UNTIL (strcmp (valise_pdf_page_get_count (original), "Nothing found") == 0);
}

/* As if the key was pressed. */
static void
press (GtkWidget *widget, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean                       handled = FALSE;

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &handled);
    }
}

/* Whether all of @widget is in sight in @view. */
static gboolean
stands_in (GtkWidget *widget, GtkWidget *view)
{
  graphene_rect_t at = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  return gtk_widget_compute_bounds (widget, view, &at) && at.origin.y >= 0
         && at.origin.y + at.size.height <= (float) gtk_widget_get_height (view);
}

static void
the_end_of_a_paper_is_its_originals (WindowFixture *fixture, gconstpointer data)
{
  ValisePageView *page = valise_reader_get_page (fixture->reader);
  GtkAdjustment  *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (page));

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1000, 420);
  valise_window_read (fixture, RESOLUTION);
  VALISE_WAIT_UNTIL (gtk_adjustment_get_upper (adjustment)
                     > gtk_adjustment_get_page_size (adjustment));
  press (GTK_WIDGET (page), GDK_KEY_End);
  VALISE_WAIT_UNTIL (find_button (GTK_WIDGET (fixture->reader), "Fetch") != NULL);
  g_assert_cmpint (valise_page_view_get_chosen (page), ==,
                   (int) valise_page_view_get_n_rows (page) - 1);
  VALISE_WAIT_UNTIL (stands_in (wait_for_button (fixture, "Fetch"), GTK_WIDGET (page)));
}

static void
a_search_opens_the_page_with_the_word_found (WindowFixture *fixture, gconstpointer data)
{
  const ValiseFileWanted      wanted = { .sha256 = VALISE_FAKE_FILE, .length = 288000 };
  ValisePdfPage              *original = valise_window_get_original (fixture->window);
  ValiseSearchPage           *search = valise_window_get_search (fixture->window);
  g_autoptr (ValiseFileQueue) queue = valise_file_queue_for_account (NULL);
  g_autoptr (GBytes)          bytes = pdf_made (5, WORDS);

  valise_file_queue_want (queue, &wanted, 1, VALISE_FILE_ASKED_FOR);
  valise_fake_file_comes (VALISE_FAKE_FILE, 288000, bytes);
  valise_window_go (fixture->window, "search");
  gtk_editable_set_text (valise_search_page_get_entry (search), VALISE_FAKE_FILE_WORD);
  VALISE_WAIT_UNTIL (valise_window_find_label (GTK_WIDGET (search), "PDF, page 4") != NULL);
  valise_window_picture (fixture, "search-original");

  g_signal_emit_by_name (valise_search_page_get_entry (search), "activate");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "original");
  VALISE_WAIT_UNTIL (strcmp (valise_pdf_page_get_count (original), "4 of 5") == 0);
  VALISE_WAIT_UNTIL (valise_pdf_view_get_page (valise_pdf_page_get_view (original)) == 3);
  g_assert_cmpstr (gtk_editable_get_text (valise_pdf_page_get_entry (original)), ==, "norms");
  valise_window_picture (fixture, "original-searched");
  valise_window_act (fixture, "win.back");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "search");
}

static void
pages_that_are_pictures_say_that_they_have_no_words (WindowFixture *fixture, gconstpointer data)
{
  const char *const  pages[] = { "", "", NULL };
  const char        *sentence = "The pages of this file are pictures";
  ValisePdfPage     *original = valise_window_get_original (fixture->window);
  g_autoptr (GBytes) bytes = pdf_written (pages);

  valise_window_go (fixture->window, "original");
  valise_pdf_page_open_bytes (original, bytes, "scan.pdf");
  VALISE_WAIT_UNTIL (strcmp (valise_pdf_page_get_state (original), "pages") == 0);
  valise_window_act (fixture, "win.find");
  gtk_editable_set_text (valise_pdf_page_get_entry (original), "norms");
  VALISE_WAIT_UNTIL (
      valise_window_find_label (GTK_WIDGET (original), sentence) != NULL
      && gtk_widget_get_mapped (valise_window_find_label (GTK_WIDGET (original), sentence)));
  g_assert_cmpstr (valise_pdf_page_get_count (original), ==, "Nothing found");
  valise_window_picture (fixture, "original-wordless");
}

#define ADD(test)                                                                                  \
  g_test_add ("/original-pages/" #test, WindowFixture, NULL, valise_window_fixture_set_up, test,   \
              valise_window_fixture_tear_down)

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  valise_window_test_init (&argc, &argv);

  ADD (pages_turn_and_are_drawn_as_they_come_into_sight);
  ADD (a_page_as_long_as_a_street_is_drawn_coarser);
  ADD (pages_in_sight_stay_however_many_they_are);
  ADD (sizes_that_a_file_makes_up_overflow_nothing);
  ADD (finding_counts_and_goes_from_page_to_page);
  ADD (the_end_of_a_paper_is_its_originals);
  ADD (a_search_opens_the_page_with_the_word_found);
  ADD (pages_that_are_pictures_say_that_they_have_no_words);

  return g_test_run ();
}
