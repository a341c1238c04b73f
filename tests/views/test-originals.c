/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "originals-fixture.h"
#include "valise-file-queue.h"
#include "valise-originals.h"

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
