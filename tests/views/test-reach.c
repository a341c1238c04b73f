/* test-reach.c - the window by keys, by names, narrow and mirrored
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "valise-shortcuts.h"
#include "valise-window-fixture.h"

#define PAPER "A/AC.292/2026/WP.17"

/* --- keys ------------------------------------------------------------------------------- */

static gboolean
resolves (WindowFixture *fixture, const char *detailed)
{
  g_autofree char     *name = NULL;
  g_autoptr (GVariant) target = NULL;
  const GVariantType  *type = NULL;
  GtkWidgetClass      *klass = GTK_WIDGET_GET_CLASS (fixture->window);
  const char          *class_name = NULL;
  GType                owner = 0;
  const char          *property = NULL;

  g_assert_true (g_action_parse_detailed_name (detailed, &name, &target, NULL));
  if (g_str_has_prefix (name, "app."))
    return g_action_group_has_action (G_ACTION_GROUP (fixture->application),
                                      name + strlen ("app."));

  for (guint i = 0; gtk_widget_class_query_action (klass, i, &owner, &class_name, &type, &property);
       i++)
    if (strcmp (class_name, name) == 0)
      return (type != NULL) == (target != NULL);
  return FALSE;
}

static void
every_shortcut_resolves_to_an_action (WindowFixture *fixture, gconstpointer data)
{
  guint                 n_entries = 0;
  const ValiseShortcut *entries = valise_shortcuts_get (&n_entries);

  for (guint i = 0; i < n_entries; i++)
    {
      g_auto (GStrv) keys = g_strsplit (entries[i].keys, " ", -1);

      for (guint j = 0; keys[j] != NULL; j++)
        {
          guint           key = 0;
          GdkModifierType state = 0;

          g_assert_true (gtk_accelerator_parse (keys[j], &key, &state));
          g_assert_cmpuint (key, !=, 0);
        }
      if (entries[i].action != NULL)
        {
          g_auto (GStrv) accels = gtk_application_get_accels_for_action (
              GTK_APPLICATION (fixture->application), entries[i].action);

          g_test_message ("%s", entries[i].action);
          g_assert_true (resolves (fixture, entries[i].action));
          g_assert_cmpuint (g_strv_length (accels), ==, g_strv_length (keys));
        }
    }
}

static void
no_key_is_given_twice (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint                  n_entries = 0;
  const ValiseShortcut  *entries = valise_shortcuts_get (&n_entries);

  for (guint i = 0; i < n_entries; i++)
    {
      g_auto (GStrv) keys = g_strsplit (entries[i].keys, " ", -1);

      for (guint j = 0; keys[j] != NULL; j++)
        g_assert_true (g_hash_table_add (seen, g_strdup (keys[j])));
    }
}

static void
the_overlay_names_every_key (WindowFixture *fixture, gconstpointer data)
{
  GtkWindow            *overlay = valise_shortcuts_make_overlay ();
  guint                 n_entries = 0;
  const ValiseShortcut *entries = valise_shortcuts_get (&n_entries);

  gtk_window_set_transient_for (overlay, GTK_WINDOW (fixture->window));
  gtk_window_set_default_size (overlay, 360, 640);
  gtk_window_present (overlay);
  valise_wait_ms (60);
  for (guint i = 0; i < n_entries; i++)
    g_assert_nonnull (valise_window_find_label (GTK_WIDGET (overlay), entries[i].title));
  valise_window_picture_of (GTK_WIDGET (overlay), "shortcuts");
  gtk_window_destroy (overlay);
}

/* --- reach --------------------------------------------------------------------------------------
 */

static gboolean
is_named (GtkWidget *widget)
{
  char *mismatch = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, "a name nothing has");
  /* An unset label reads back as the empty string between quotes or as nothing at all. */
  gboolean named = mismatch != NULL && strlen (mismatch) > 2;

  g_free (mismatch);
  return named;
}

static void
check_names (GtkWidget *widget, guint *n_checked)
{
  if (GTK_IS_BUTTON (widget) && gtk_button_get_icon_name (GTK_BUTTON (widget)) != NULL
      && gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) == NULL
      && gtk_widget_get_ancestor (widget, GTK_TYPE_MENU_BUTTON) == NULL
      && gtk_widget_get_ancestor (widget, GTK_TYPE_POPOVER) == NULL)
    {
      g_test_message ("%s", gtk_button_get_icon_name (GTK_BUTTON (widget)));
      g_assert_true (is_named (widget));
      ++*n_checked;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_names (child, n_checked);
}

static void
every_button_that_is_only_an_icon_has_a_name (WindowFixture *fixture, gconstpointer data)
{
  guint n_checked = 0;

  valise_window_read (fixture, PAPER);
  check_names (GTK_WIDGET (fixture->window), &n_checked);
  g_assert_cmpuint (n_checked, >=, 10);
}

static void
f6_goes_through_the_panes (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *panes[] = { GTK_WIDGET (valise_window_get_places (fixture->window)),
                         GTK_WIDGET (valise_window_get_papers (fixture->window)),
                         GTK_WIDGET (fixture->reader) };

  valise_window_read (fixture, PAPER);
  gtk_widget_child_focus (panes[0], GTK_DIR_TAB_FORWARD);
  for (guint i = 1; i <= 3; i++)
    {
      GtkWidget *focus = NULL;

      valise_window_act (fixture, "win.next-pane");
      focus = gtk_root_get_focus (GTK_ROOT (fixture->window));
      g_assert_nonnull (focus);
      g_assert_true (gtk_widget_is_ancestor (focus, panes[i % 3]));
    }
}

static void
a_narrow_window_shows_one_pane_at_a_time (WindowFixture *fixture, gconstpointer data)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  valise_wait_ms (500);
  VALISE_WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= 372);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->window)), <=, 372);
  valise_window_picture (fixture, "narrow-today");
  valise_window_read (fixture, PAPER);
  valise_wait_ms (400);
  VALISE_WAIT_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (valise_window_get_papers (fixture->window))));
  valise_window_picture (fixture, "narrow-paper");
  valise_window_act (fixture, "win.back");
  valise_wait_ms (400);
  VALISE_WAIT_UNTIL (g_strcmp0 (valise_window_get_place (fixture->window), "today") == 0);
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "today");
  valise_window_act (fixture, "win.sync-panel");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "sync");
}

static void
make_narrow (WindowFixture *fixture)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 720);
  VALISE_WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= 372);
}

/* Side by side the list is hidden, and a window grown narrow meanwhile has not measured it. */
static void
papers_opens_at_its_list_in_a_window_grown_narrow_on_two_languages (WindowFixture *fixture,
                                                                    gconstpointer  data)
{
  GtkWidget *papers = GTK_WIDGET (valise_window_get_papers (fixture->window));

  valise_window_read (fixture, PAPER);
  valise_window_act (fixture, "win.side-by-side");
  VALISE_WAIT_UNTIL (!gtk_widget_get_mapped (papers));
  valise_window_go (fixture->window, "today");
  make_narrow (fixture);
  valise_window_go (fixture->window, "papers");
  VALISE_WAIT_UNTIL (gtk_widget_get_mapped (papers)
                     && !gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));

  valise_window_read (fixture, "A/AC.292/2026/INF.1");
  VALISE_WAIT_UNTIL (!gtk_widget_get_mapped (papers));
  valise_window_act (fixture, "win.back");
  VALISE_WAIT_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.place", "s", "papers");
  VALISE_WAIT_UNTIL (gtk_widget_get_mapped (papers)
                     && !gtk_widget_get_mapped (GTK_WIDGET (fixture->reader)));
}

static void
back_leaves_a_list_that_was_put_away_alone (WindowFixture *fixture, gconstpointer data)
{
  GtkWidget *papers = GTK_WIDGET (valise_window_get_papers (fixture->window));

  valise_window_read (fixture, PAPER);
  valise_window_act (fixture, "win.show-list");
  VALISE_WAIT_UNTIL (!gtk_widget_get_mapped (papers));
  valise_window_act (fixture, "win.back");
  g_assert_cmpstr (valise_window_get_place (fixture->window), ==, "today");
  g_assert_null (valise_reader_get_other (fixture->reader));
}

static void
the_window_mirrors_from_right_to_left (WindowFixture *fixture, gconstpointer data)
{
  graphene_rect_t places;
  graphene_rect_t page;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  fixture->window = valise_application_get_window (fixture->application);
  fixture->reader = valise_window_get_reader (fixture->window);
  g_clear_object (&fixture->context);
  {
    g_autoptr (ValiseAccount) account = valise_fake_account_new (FALSE);

    fixture->context = valise_context_new (account, NULL);
  }
  valise_window_set_context (fixture->window, fixture->context);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1280, 800);
  gtk_window_present (GTK_WINDOW (fixture->window));
  valise_wait_ms (200);
  valise_window_read (fixture, PAPER);
  valise_wait_ms (200);

  VALISE_WAIT_UNTIL (
      gtk_widget_compute_bounds (GTK_WIDGET (valise_window_get_places (fixture->window)),
                                 GTK_WIDGET (fixture->window), &places));

  g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (valise_window_get_places (fixture->window)),
                                            GTK_WIDGET (fixture->window), &places));
  g_assert_true (gtk_widget_compute_bounds (GTK_WIDGET (fixture->reader),
                                            GTK_WIDGET (fixture->window), &page));
  g_assert_cmpfloat (places.origin.x, >, page.origin.x);
  valise_window_picture (fixture, "right-to-left");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

#define ADD(test)                                                                                  \
  g_test_add ("/reach/" #test, WindowFixture, NULL, valise_window_fixture_set_up, test,            \
              valise_window_fixture_tear_down)

int
main (int argc, char *argv[])
{
  valise_window_test_init (&argc, &argv);

  ADD (every_shortcut_resolves_to_an_action);
  ADD (no_key_is_given_twice);
  ADD (the_overlay_names_every_key);
  ADD (every_button_that_is_only_an_icon_has_a_name);
  ADD (f6_goes_through_the_panes);
  ADD (a_narrow_window_shows_one_pane_at_a_time);
  ADD (papers_opens_at_its_list_in_a_window_grown_narrow_on_two_languages);
  ADD (back_leaves_a_list_that_was_put_away_alone);
  ADD (the_window_mirrors_from_right_to_left);

  return g_test_run ();
}
