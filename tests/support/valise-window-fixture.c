/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "valise-clock.h"
#include "valise-pictures.h"
#include "valise-window-fixture.h"

void
valise_window_test_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      exit (EXIT_SUCCESS);
    }
  adw_init ();
  valise_clock_set_offset (valise_clock_parse (VALISE_FAKE_NOW) - valise_clock_now ());
}

void
valise_wait_ms (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  do
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (2000);
    }
  while (g_get_monotonic_time () < end);
}

void
valise_window_fixture_set_up (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseAccount) account = valise_fake_account_new (FALSE);
  g_autoptr (GError)        error = NULL;

  fixture->application = valise_application_new (G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (fixture->application), NULL, &error);
  g_assert_no_error (error);
  g_settings_reset (valise_application_get_settings (fixture->application), "reading-language");
  g_settings_reset (valise_application_get_settings (fixture->application), "reading-size");

  fixture->context = valise_context_new (account, &error);
  g_assert_no_error (error);
  fixture->scheduler = valise_context_get_scheduler (fixture->context);
  fixture->window = valise_application_get_window (fixture->application);
  fixture->reader = valise_window_get_reader (fixture->window);
  valise_window_set_context (fixture->window, fixture->context);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1280, 800);
  gtk_window_present (GTK_WINDOW (fixture->window));
  valise_wait_ms (60);
}

void
valise_window_fixture_tear_down (WindowFixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  valise_wait_ms (20);
  g_clear_object (&fixture->context);
  g_clear_object (&fixture->application);
}

void
valise_window_act (WindowFixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
  valise_wait_ms (40);
}

static gboolean
is_read (WindowFixture *fixture, const char *symbol)
{
  ValiseText *text = valise_reader_get_text (fixture->reader);

  return (text != NULL && strcmp (valise_text_get_symbol (text), symbol) == 0)
         || valise_reader_get_sentence (fixture->reader) != NULL;
}

void
valise_window_read (WindowFixture *fixture, const char *symbol)
{
  valise_window_open_paper (fixture->window, symbol, NULL, NULL);
  VALISE_WAIT_UNTIL (is_read (fixture, symbol));
  valise_wait_ms (60);
}

GtkWidget *
valise_window_find_label (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = valise_window_find_label (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
clipboard_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

char *
valise_window_dup_clipboard (WindowFixture *fixture)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL,
                                 clipboard_cb, &text);
  for (guint i = 0; i < 50 && text == NULL; i++)
    valise_wait_ms (20);
  return text;
}

void
valise_window_picture (WindowFixture *fixture, const char *name)
{
  valise_window_picture_of (GTK_WIDGET (fixture->window), name);
}

void
valise_window_picture_of (GtkWidget *window, const char *name)
{
  const char        *folder = g_getenv ("VALISE_PICTURES");
  g_autofree char   *file = g_strconcat (name, ".png", NULL);
  g_autofree char   *path = folder != NULL ? g_build_filename (folder, file, NULL) : NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;
  g_mkdir_with_parents (folder, 0777);
  valise_wait_ms (250);
  g_assert_true (valise_pictures_save (window, path, &error));
  g_assert_no_error (error);
}
