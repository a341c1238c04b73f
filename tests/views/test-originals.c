/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "pdf-made.h"
#include "pdf-written.h"
#include "valise-file-queue.h"
#include "valise-originals.h"
#include "valise-window-fixture.h"

#define RESOLUTION "A/RES/77/37" /* names one PDF */
#define WORDS      "Points of contact and norms"

static const char *file_name = VALISE_FAKE_FILE_NAME;

/* The button of the open page whose accessible name begins with @words; NULL: none is shown. */
static GtkWidget *
find_button (GtkWidget *widget, const char *words)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget))
    {
      g_autofree char *name = g_strdup_printf ("%s: %s", words, file_name);
      g_autofree char *other = gtk_test_accessible_check_property (
          GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name);

      if (other == NULL)
        return widget;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, words);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
wait_for_button (WindowFixture *fixture, const char *words)
{
  GtkWidget *reader = GTK_WIDGET (fixture->reader);

  VALISE_WAIT_UNTIL (find_button (reader, words) != NULL);
  return find_button (reader, words);
}

static void
click (WindowFixture *fixture, const char *words)
{
  g_signal_emit_by_name (wait_for_button (fixture, words), "clicked");
  valise_wait_ms (30);
}

/* To the end of the paper, where its files are listed. */
static void
look_at_files (WindowFixture *fixture)
{
  ValisePageView *page = valise_reader_get_page (fixture->reader);

  valise_window_read (fixture, RESOLUTION);
  valise_page_view_choose (page, (int) valise_page_view_get_n_rows (page) - 1);
  valise_wait_ms (100);
}

static gboolean
says (WindowFixture *fixture, const char *words)
{
  return valise_window_find_label (GTK_WIDGET (fixture->reader), words) != NULL;
}

static ValiseOriginals *
find_originals (GtkWidget *widget)
{
  if (VALISE_IS_ORIGINALS (widget) && gtk_widget_get_mapped (widget))
    return VALISE_ORIGINALS (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      ValiseOriginals *found = find_originals (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
find_mapped_label (WindowFixture *fixture, const char *words)
{
  GtkWidget *originals = GTK_WIDGET (find_originals (GTK_WIDGET (fixture->reader)));

  return originals != NULL ? valise_window_find_label (originals, words) : NULL;
}

static gboolean
shows (WindowFixture *fixture, const char *words)
{
  GtkWidget *label = find_mapped_label (fixture, words);

  return label != NULL && gtk_widget_get_mapped (label);
}

static ValisePdfPage *
open_original (WindowFixture *fixture, guint n_pages)
{
  ValisePdfPage     *original = valise_window_get_original (fixture->window);
  g_autoptr (GBytes) bytes = pdf_made (n_pages, WORDS);

  look_at_files (fixture);
  click (fixture, "Fetch");
  valise_fake_file_comes (VALISE_FAKE_FILE, 288000, bytes);
  wait_for_button (fixture, "Save As…");
  click (fixture, "Open");
  VALISE_WAIT_UNTIL (strcmp (valise_pdf_page_get_state (original), "pages") == 0);
  VALISE_WAIT_UNTIL (valise_pdf_view_get_n_drawn (valise_pdf_page_get_view (original)) > 0);

  return original;
}

static void
a_paper_says_which_files_it_has_and_where_they_are (WindowFixture *fixture, gconstpointer data)
{
  look_at_files (fixture);
  g_assert_true (says (fixture, "A_RES_77_37-en.pdf"));
  g_assert_true (says (fixture, "288 kB"));
  g_assert_true (says (fixture, "Not on this laptop"));
  click (fixture, "Fetch");
  g_assert_true (says (fixture, "On its way"));
  valise_fake_file_comes (VALISE_FAKE_FILE, 120000, NULL);
  VALISE_WAIT_UNTIL (says (fixture, "On its way, 120 kB here"));
  valise_window_picture (fixture, "original-on-its-way");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  VALISE_WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= 372);
  gtk_adjustment_set_value (
      gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (valise_reader_get_page (fixture->reader))),
      1e6);
  valise_wait_ms (100);
  g_assert_cmpint (gtk_widget_get_width (find_mapped_label (fixture, "On its way")), >=, 140);
  valise_window_picture (fixture, "narrow-on-its-way");
  click (fixture, "Not Now");
  VALISE_WAIT_UNTIL (says (fixture, "Not on this laptop"));
}

static void
a_file_that_is_here_opens_and_can_be_removed (WindowFixture *fixture, gconstpointer data)
{
  ValisePdfPage *original = open_original (fixture, 3);

  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "original");
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (original), "Page 1 of 3"));
  valise_window_picture (fixture, "original");
  valise_window_act (fixture, "win.back");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "papers");
  look_at_files (fixture);
  click (fixture, "Remove from this laptop");
  VALISE_WAIT_UNTIL (says (fixture, "Not on this laptop"));
}

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

static void
a_file_that_waits_says_what_for (WindowFixture *fixture, gconstpointer data)
{
  look_at_files (fixture);
  click (fixture, "Fetch");
  valise_fake_file_comes (VALISE_FAKE_FILE, 120000, NULL);
  g_assert_true (says (fixture, "On its way, 120 kB here"));
  valise_fake_file_waits (VALISE_FAKE_FILE, VALISE_FILE_METERED);
  g_assert_true (says (fixture, "120 kB here"));
  g_assert_true (says (fixture, "waits for a connection that is not metered"));
  g_assert_false (says (fixture, "On its way"));
  valise_fake_file_waits (VALISE_FAKE_FILE, VALISE_FILE_OFFLINE);
  g_assert_true (says (fixture, "at the next connection"));
  valise_fake_file_waits (VALISE_FAKE_FILE, VALISE_FILE_IN_LINE);
  g_assert_true (says (fixture, "waits its turn"));
  valise_fake_file_waits (VALISE_FAKE_FILE, VALISE_FILE_MOVES);
  g_assert_true (says (fixture, "On its way, 120 kB here"));
}

static void
call_file (const char *name)
{
  file_name = name;
  valise_fake_file_set_name (name);
}

static gboolean
holds (const char *path, const char *text)
{
  g_autofree char *contents = NULL;

  return g_file_get_contents (path, &contents, NULL, NULL) && strcmp (contents, text) == 0;
}

static void
what_is_no_pdf_is_saved_to_open_elsewhere (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a letter", 8);
  g_autoptr (GError) error = NULL;
  g_autofree char   *folder = g_dir_make_tmp ("valise-XXXXXX", &error);
  g_autofree char   *path = g_build_filename (folder, "letter.docx", NULL);
  g_autoptr (GFile)  file = g_file_new_for_path (path);
  g_autoptr (GFile)  nowhere = g_file_new_build_filename (folder, "none", "letter.docx", NULL);
  GtkWidget         *reader = GTK_WIDGET (fixture->reader);

  call_file ("letter.docx");
  look_at_files (fixture);
  click (fixture, "Fetch");
  valise_fake_file_comes (VALISE_FAKE_FILE, 288000, bytes);
  wait_for_button (fixture, "Save As…");
  g_assert_null (find_button (reader, "Open"));
  valise_window_picture (fixture, "original-docx");
  valise_originals_save (find_originals (reader), VALISE_FAKE_FILE, nowhere);
  VALISE_WAIT_UNTIL (shows (fixture, "Choose another folder"));
  valise_originals_save (find_originals (reader), VALISE_FAKE_FILE, file);
  VALISE_WAIT_UNTIL (
      valise_window_find_label (GTK_WIDGET (fixture->window), "Saved as “letter.docx”") != NULL);
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (fixture->window), "Open Folder"));
  VALISE_WAIT_UNTIL (holds (path, "a letter"));
  g_assert_false (shows (fixture, "Choose another folder"));
  click (fixture, "Remove from this laptop");
  g_assert_true (says (fixture, "Not on this laptop"));
  call_file (VALISE_FAKE_FILE_NAME);
  g_remove (path);
  g_rmdir (folder);
}

/* GTK warns of bad markup, which ends the program. */
static void
a_name_is_words_and_not_markup (WindowFixture *fixture, gconstpointer data)
{
  call_file ("R&D <draft>.<b>");
  look_at_files (fixture);
  g_assert_true (says (fixture, "R&D <draft>.<b>"));
  g_assert_true (says (fixture, "\u2068<B>\u2069"));
  call_file (VALISE_FAKE_FILE_NAME);
}

static void
what_could_not_be_kept_is_said_until_the_next_click (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseFileQueue) queue = valise_file_queue_for_account (NULL);

  look_at_files (fixture);
  click (fixture, "Fetch");
  g_assert_false (shows (fixture, "could not be kept"));
  g_signal_emit_by_name (queue, "failed", "database or disk is full");
  valise_wait_ms (100);
  g_assert_true (shows (fixture, "could not be kept"));
  valise_window_picture (fixture, "original-failed");
  click (fixture, "Not Now");
  g_assert_false (shows (fixture, "could not be kept"));
}

static void
what_is_no_pdf_is_explained (WindowFixture *fixture, gconstpointer data)
{
  ValisePdfPage     *original = valise_window_get_original (fixture->window);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("no PDF", 6);

  valise_window_go (fixture->window, "original");
  valise_pdf_page_open_bytes (original, bytes, "odd.pdf");
  VALISE_WAIT_UNTIL (strcmp (valise_pdf_page_get_state (original), "failed") == 0);
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (original), "not a whole PDF"));
}

static void
a_page_fits_360_pixels (WindowFixture *fixture, gconstpointer data)
{
  open_original (fixture, 2);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  VALISE_WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= 372);
  valise_wait_ms (200);
  valise_window_picture (fixture, "narrow-original");
  valise_window_act (fixture, "win.back");
  look_at_files (fixture);
  valise_window_picture (fixture, "narrow-originals");
}

static void
set_up_arabic (WindowFixture *fixture, gconstpointer data)
{
  g_setenv ("LANGUAGE", "ar", TRUE);
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("VALISE_LOCALEDIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  valise_window_fixture_set_up (fixture, data);
}

/* Dark and narrow, for looking at, and because GTK warns of what it measures wrongly. */
static void
in_arabic_it_is_mirrored (WindowFixture *fixture, gconstpointer data)
{
  const ValiseFileWanted      wanted = { .sha256 = VALISE_FAKE_FILE, .length = 288000 };
  g_autoptr (ValiseFileQueue) queue = valise_file_queue_for_account (NULL);
  g_autoptr (GBytes)          bytes = pdf_made (1, WORDS);

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_DARK);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  valise_file_queue_want (queue, &wanted, 1, VALISE_FILE_ASKED_FOR);
  valise_fake_file_comes (VALISE_FAKE_FILE, 288000, bytes);
  look_at_files (fixture);
  g_signal_emit_by_name (queue, "failed", "disk full");
  gtk_adjustment_set_value (
      gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (valise_reader_get_page (fixture->reader))),
      1e6);
  valise_wait_ms (200);
  g_assert_true (shows (fixture, "على هذا الحاسوب"));
  valise_window_picture (fixture, "originals-ar");
}

#define ADD(test)                                                                                  \
  g_test_add ("/originals/" #test, WindowFixture, NULL, valise_window_fixture_set_up, test,        \
              valise_window_fixture_tear_down)

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  valise_window_test_init (&argc, &argv);

  ADD (a_paper_says_which_files_it_has_and_where_they_are);
  ADD (a_file_that_is_here_opens_and_can_be_removed);
  ADD (pages_turn_and_are_drawn_as_they_come_into_sight);
  ADD (a_page_as_long_as_a_street_is_drawn_coarser);
  ADD (pages_in_sight_stay_however_many_they_are);
  ADD (sizes_that_a_file_makes_up_overflow_nothing);
  ADD (finding_counts_and_goes_from_page_to_page);
  ADD (the_end_of_a_paper_is_its_originals);
  ADD (a_search_opens_the_page_with_the_word_found);
  ADD (pages_that_are_pictures_say_that_they_have_no_words);
  ADD (a_file_that_waits_says_what_for);
  ADD (what_is_no_pdf_is_saved_to_open_elsewhere);
  ADD (a_name_is_words_and_not_markup);
  ADD (what_could_not_be_kept_is_said_until_the_next_click);
  ADD (what_is_no_pdf_is_explained);
  ADD (a_page_fits_360_pixels);
  g_test_add ("/originals/in_arabic_it_is_mirrored", WindowFixture, NULL, set_up_arabic,
              in_arabic_it_is_mirrored, valise_window_fixture_tear_down);

  return g_test_run ();
}
