/* test-mending.c - a database was damaged and mended by itself, and the user is told so, once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "valise-window-fixture.h"

/* @data: the day of the backup, "" without one, or NULL where nothing was damaged. */
static void
set_up (WindowFixture *fixture, gconstpointer data)
{
  if (data != NULL)
    g_setenv ("VALISE_FAKE_MENDING", data, TRUE);
  else
    g_unsetenv ("VALISE_FAKE_MENDING");
  valise_window_fixture_set_up (fixture, NULL);
}

static void
tear_down (WindowFixture *fixture, gconstpointer data)
{
  valise_window_fixture_tear_down (fixture, NULL);
  g_unsetenv ("VALISE_FAKE_MENDING");
}

static GtkWidget *
find_sentence (WindowFixture *fixture, const char *words)
{
  return valise_window_find_label (GTK_WIDGET (fixture->window), words);
}

static void
press (GtkWidget *label)
{
  GtkWidget *button = gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
one_sentence_names_the_backup_until_it_is_dismissed (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *sentence = NULL;

  VALISE_WAIT_UNTIL (find_sentence (fixture, "restored from the backup of") != NULL);
  sentence = find_sentence (fixture, "restored from the backup of");
  g_assert_true (gtk_widget_get_mapped (sentence));
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (sentence)), "25 June"));
  g_assert_nonnull (
      strstr (gtk_label_get_text (GTK_LABEL (sentence)), "what you wrote since is kept"));
  valise_window_picture (fixture, "mending");

  press (find_sentence (fixture, "Dismiss"));
  VALISE_WAIT_UNTIL (find_sentence (fixture, "restored from the backup of") == NULL
                     || !gtk_widget_get_mapped (sentence));
  g_assert_null (g_getenv ("VALISE_FAKE_MENDING")); /* told, and not again */
}

static void
without_a_backup_it_says_what_was_kept (WindowFixture *fixture, gconstpointer data)
{
  VALISE_WAIT_UNTIL (find_sentence (fixture, "has been put together again") != NULL);
  g_assert_null (find_sentence (fixture, "backup of"));
}

static void
of_a_sound_record_nothing_is_said (WindowFixture *fixture, gconstpointer data)
{
  valise_wait_ms (300);
  g_assert_null (find_sentence (fixture, "was damaged"));
}

#define ADD(test, day) g_test_add ("/mending/" #test, WindowFixture, day, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  valise_window_test_init (&argc, &argv);

  ADD (one_sentence_names_the_backup_until_it_is_dismissed, "2026-06-25");
  ADD (without_a_backup_it_says_what_was_kept, "");
  ADD (of_a_sound_record_nothing_is_said, NULL);

  return g_test_run ();
}
