/* test-languages.c - the window in each of its languages, from 360 pixels to wide
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GTK warns of every label that is measured wrongly, and a warning ends the program
 * (G_DEBUG=fatal-warnings), so to have gone through the pages is a test of each.
 */

#include "config.h"

#include <libintl.h>
#include <locale.h>
#include <string.h>

#include "valise-language.h"
#include "valise-shortcuts.h"
#include "valise-window-fixture.h"

#define PAPER "A/RES/77/37" /* in all six */

/* px: one pane, one with room to spare, two, three, three with room for two columns */
static const int widths[] = { 360, 600, 960, 1280, 1700 };

typedef struct
{
  WindowFixture window;
  const char   *language;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer language)
{
  gboolean rtl = valise_language_is_rtl (language);

  fixture->language = language;
  g_setenv ("LANGUAGE", language, TRUE);
  /* The C library keeps what it has translated until a catalogue changes. */
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("VALISE_LOCALEDIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  gtk_widget_set_default_direction (rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  valise_window_fixture_set_up (&fixture->window, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  valise_window_fixture_tear_down (&fixture->window, data);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
fit (Fixture *fixture, const char *page, int width)
{
  GtkWidget       *window = GTK_WIDGET (fixture->window.window);
  g_autofree char *name = g_strdup_printf ("%s-%s-%d", fixture->language, page, width);
  int              least = 0;

  valise_wait_ms (30);
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  g_test_message ("%s needs %d", name, least);
  g_assert_cmpint (least, <=, 360);
  if (g_getenv ("VALISE_PICTURES_ALL") != NULL)
    valise_window_picture (&fixture->window, name);
}

static void
look_at_places (Fixture *fixture, int width)
{
  static const char *const places[] = { "today", "meetings", "papers", "search", "sync" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      valise_window_go (fixture->window.window, places[i]);
      fit (fixture, places[i], width);
    }
}

static void
look_at_paper (Fixture *fixture, int width)
{
  valise_window_read (&fixture->window, PAPER);
  fit (fixture, "paper", width);
  valise_window_act (&fixture->window, "win.side-by-side");
  valise_wait_ms (60);
  fit (fixture, "both", width);
  valise_window_act (&fixture->window, "win.find");
  fit (fixture, "find", width);
  valise_window_act (&fixture->window, "win.side-by-side");
}

static void
every_page_fits_every_width (Fixture *fixture, gconstpointer data)
{
  GtkWindow *window = GTK_WINDOW (fixture->window.window);

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      gtk_window_set_default_size (window, widths[i], 720);
      VALISE_WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (window)) <= widths[i] + 12);
      look_at_places (fixture, widths[i]);
      look_at_paper (fixture, widths[i]);
    }
}

static void
the_shortcuts_fit_360_pixels (Fixture *fixture, gconstpointer data)
{
  GtkWindow *overlay = valise_shortcuts_make_overlay ();
  int        least = 0;

  /* A label that GTK measures wrongly is found once it is shown. */
  gtk_window_present (overlay);
  valise_wait_ms (100);
  /* Its border, where the display has no shadows, comes on top. */
  gtk_widget_measure (gtk_widget_get_first_child (GTK_WIDGET (overlay)), GTK_ORIENTATION_HORIZONTAL,
                      -1, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, <=, 360);
  gtk_window_destroy (overlay);
}

static void
add (const char *language)
{
  g_autofree char *pages = g_strdup_printf ("/languages/%s/every_page_fits_every_width", language);
  g_autofree char *keys = g_strdup_printf ("/languages/%s/the_shortcuts_fit_360_pixels", language);

  g_test_add (pages, Fixture, language, set_up, every_page_fits_every_width, tear_down);
  g_test_add (keys, Fixture, language, set_up, the_shortcuts_fit_360_pixels, tear_down);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  valise_window_test_init (&argc, &argv);
  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    add (*code);

  return g_test_run ();
}
