/* test-narrow.c - what a window of 360 pixels must not lose: its close button, and whole words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "valise-fake-courier.h"
#include "valise-window-fixture.h"

#define NARROW 360 /* px */

static void
set_up (WindowFixture *fixture, gconstpointer data)
{
  valise_window_fixture_set_up (fixture, data);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), NARROW, 720);
  VALISE_WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= NARROW);
  valise_wait_ms (100);
}

/* How many buttons of the window are in sight below @widget, of class @name or of any. */
static guint
count_buttons (GtkWidget *widget, const char *name)
{
  guint    count = 0;
  gboolean inside = gtk_widget_get_mapped (widget)
                    && gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) != NULL;

  if (inside && GTK_IS_BUTTON (widget) && (name == NULL || gtk_widget_has_css_class (widget, name)))
    return 1;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    count += count_buttons (child, name);
  return count;
}

static void
check_close (WindowFixture *fixture, const char *page)
{
  valise_wait_ms (400);
  g_test_message ("%s", page);
  g_assert_cmpuint (count_buttons (GTK_WIDGET (fixture->window), "close"), ==, 1);
  g_assert_cmpuint (count_buttons (GTK_WIDGET (fixture->window), NULL), ==, 1);
}

static void
each_page_can_be_closed_and_has_no_other_button_for_it (WindowFixture *fixture, gconstpointer data)
{
  static const char *const pages[] = { "today", "meetings", "papers", "search", "sync" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      valise_window_go (fixture->window, pages[i]);
      check_close (fixture, pages[i]);
    }
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.meeting", "s", "meeting:plenary");
  check_close (fixture, "a meeting");
  valise_window_read (fixture, "A/RES/77/37");
  check_close (fixture, "a paper");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-places", NULL);
  check_close (fixture, "the places");
}

static void
a_wide_window_has_all_of_them_once (WindowFixture *fixture, gconstpointer data)
{
  static const char *const pages[] = { "today", "meetings", "papers" };

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1280, 800);
  VALISE_WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (fixture->window)) > 1200);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      valise_window_go (fixture->window, pages[i]);
      valise_wait_ms (400);
      g_assert_cmpuint (count_buttons (GTK_WIDGET (fixture->window), "close"), ==, 1);
      g_assert_cmpuint (count_buttons (GTK_WIDGET (fixture->window), NULL), >, 1);
    }
}

static gboolean
is_whole (GtkWidget *label)
{
  return label != NULL && gtk_widget_get_mapped (label)
         && !pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label)));
}

static void
a_sentence_said_in_passing_is_whole (WindowFixture *fixture, gconstpointer data)
{
  const char     *words = "31 documents came from Otto & Söhne, and one more was not taken";
  GtkWidget      *window = GTK_WIDGET (fixture->window);
  GtkWidget      *label = NULL;
  graphene_rect_t bounds;
  int             height = 0;

  valise_window_tell (fixture->window, words);
  VALISE_WAIT_UNTIL (valise_window_find_label (window, words) != NULL);
  valise_wait_ms (300);
  label = valise_window_find_label (window, words);
  g_assert_true (is_whole (label));
  g_assert_true (gtk_widget_compute_bounds (label, window, &bounds));
  g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <, NARROW - 30); /* its button's */
  pango_layout_get_pixel_size (gtk_label_get_layout (GTK_LABEL (label)), NULL, &height);
  g_assert_cmpfloat (bounds.size.height, >=, height);
  g_assert_cmpint (gtk_widget_get_width (window), <=, NARROW);
  valise_window_picture (fixture, "narrow-toast");
}

static void
a_spent_limit_leaves_the_window_its_width (WindowFixture *fixture, gconstpointer data)
{
  ValiseUserPolicy policy;
  GtkWidget       *label = NULL;

  valise_scheduler_get_policy (fixture->scheduler, &policy);
  g_assert_true (valise_user_policy_set (&policy, "budget", "200kB", NULL));
  g_assert_true (valise_user_policy_set (&policy, "after-budget", "stop", NULL));
  valise_scheduler_set_policy (fixture->scheduler, &policy);
  valise_window_go (fixture->window, "sync");
  VALISE_WAIT_UNTIL (valise_window_find_label (GTK_WIDGET (fixture->window), "200 kB are used up")
                     != NULL);
  valise_wait_ms (200);
  label = valise_window_find_label (GTK_WIDGET (fixture->window), "200 kB are used up");
  g_assert_cmpint (gtk_widget_get_width (label), >, 200); /* not beside its button */
  g_assert_true (is_whole (valise_window_find_label (GTK_WIDGET (fixture->window), "Sync Anyway")));
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->window)), <=, NARROW);
}

static void
how_many_were_found_is_one_line (WindowFixture *fixture, gconstpointer data)
{
  ValiseSearchPage *search = valise_window_get_search (fixture->window);
  GtkWidget        *count = NULL;

  valise_window_go (fixture->window, "search");
  gtk_editable_set_text (valise_search_page_get_entry (search), "a & b < c");
  VALISE_WAIT_UNTIL (strstr (valise_search_page_get_count (search), "nothing was sent") != NULL);
  valise_wait_ms (200);
  count = valise_window_find_label (GTK_WIDGET (search), "nothing was sent");
  g_assert_true (is_whole (count));
  g_assert_cmpint (pango_layout_get_line_count (gtk_label_get_layout (GTK_LABEL (count))), ==, 1);
  /* What was searched for is no markup. */
  g_assert_nonnull (valise_window_find_label (GTK_WIDGET (search), "“a & b < c”"));
}

static void
a_papers_symbol_is_whole (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *label = NULL;

  valise_window_read (fixture, "A/AC.292/2026/WP.17");
  valise_wait_ms (300);
  label = valise_window_find_label (GTK_WIDGET (valise_reader_get_page (fixture->reader)),
                                    "A/AC.292/2026/WP.17");
  g_assert_true (is_whole (label));
}

#define ADD(test)                                                                                  \
  g_test_add ("/narrow/" #test, WindowFixture, NULL, set_up, test, valise_window_fixture_tear_down)

int
main (int argc, char *argv[])
{
  valise_window_test_init (&argc, &argv);

  ADD (each_page_can_be_closed_and_has_no_other_button_for_it);
  ADD (a_wide_window_has_all_of_them_once);
  ADD (a_sentence_said_in_passing_is_whole);
  ADD (a_spent_limit_leaves_the_window_its_width);
  ADD (how_many_were_found_is_one_line);
  ADD (a_papers_symbol_is_whole);

  return g_test_run ();
}
