/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "valise-peer-error.h"
#include "valise-sentences.h"
#include "valise-window-fixture.h"

typedef struct
{
  WindowFixture  window;
  ValiseWelcome *welcome;
  char          *folder;
  char          *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  valise_window_fixture_set_up (&fixture->window, data);
  valise_window_set_context (fixture->window.window, NULL);
  fixture->welcome = valise_window_get_welcome (fixture->window.window);
  fixture->folder = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "one.valise-invitation", NULL);
  valise_welcome_set_data_dir (fixture->welcome, fixture->folder);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_no_errno (g_rmdir (fixture->folder));
  g_free (fixture->folder);
  g_free (fixture->path);
  valise_window_fixture_tear_down (&fixture->window, data);
}

static void
open_text (Fixture *fixture, const char *text)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);

  if (text != NULL)
    g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  valise_window_open_invitation (fixture->window.window, file);
  VALISE_WAIT_UNTIL (valise_welcome_get_sentence (fixture->welcome) != NULL
                     || strcmp (valise_welcome_get_page (fixture->welcome), "invitation") == 0);
}

static void
open_good (Fixture *fixture)
{
  ValiseInvitation invitation = {
    .programme = (char *) "poa-1",
    .programme_name = (char *) "Programme of action",
    .server = (char *) "https://127.0.0.1:5984",
    .pin = (char *) "0000000000000000000000000000000000000000000000000000000000000000",
    .root = (char *) "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    .token = (char *) "AAAAAAAAAAAAAAAAAAAAAA",
    .person = (char *) "Amina Diallo",
    .participant = (char *) "xke",
    .role = (char *) "delegate",
    .expires_us = G_GINT64_CONSTANT (1785000000000000),
    .languages = (char *[]){ (char *) "en", (char *) "fr", (char *) "ar", NULL },
  };
  g_autofree char *text = valise_invitation_to_text (&invitation);

  open_text (fixture, text);
}

static void
without_an_account_the_first_run_is_shown (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (valise_welcome_get_page (fixture->welcome), ==, "welcome");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (fixture->welcome)));
  valise_window_picture (&fixture->window, "first-run");
}

static void
a_broken_invitation_is_explained (Fixture *fixture, gconstpointer data)
{
  open_text (fixture, "{\"valise-invitation\": ");
  g_assert_cmpstr (valise_welcome_get_page (fixture->welcome), ==, "welcome");
  g_assert_nonnull (strstr (valise_welcome_get_sentence (fixture->welcome), "not an invitation"));
}

static void
a_missing_invitation_is_explained (Fixture *fixture, gconstpointer data)
{
  open_text (fixture, NULL);
  g_assert_nonnull (strstr (valise_welcome_get_sentence (fixture->welcome), "not there any more"));
}

static void
a_good_invitation_shows_who_invites_before_anything_is_sent (Fixture *fixture, gconstpointer data)
{
  open_good (fixture);
  g_assert_null (valise_welcome_get_sentence (fixture->welcome));
  g_assert_cmpstr (valise_welcome_get_page (fixture->welcome), ==, "invitation");
  valise_window_picture (&fixture->window, "invitation");
}

/* What a file manager does to whatever is open. */
static void
drop (Fixture *fixture, const char *path)
{
  g_autoptr (GListModel) controllers =
      gtk_widget_observe_controllers (GTK_WIDGET (fixture->window.window));
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GValue            value = G_VALUE_INIT;
  gboolean          taken = FALSE;

  g_value_init (&value, G_TYPE_FILE);
  g_value_set_object (&value, file);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        g_signal_emit_by_name (controller, "drop", &value, 10.0, 10.0, &taken);
    }
  g_value_unset (&value);
  g_assert_true (taken);
}

static void
an_invitation_dropped_on_an_open_record_shows_who_invites (Fixture *fixture, gconstpointer data)
{
  ValiseWindow *window = fixture->window.window;

  open_good (fixture); /* writes the file */
  valise_welcome_look_around (fixture->welcome);
  VALISE_WAIT_UNTIL (valise_window_get_context (window) != NULL);
  VALISE_WAIT_UNTIL (!gtk_widget_get_mapped (GTK_WIDGET (fixture->welcome)));

  drop (fixture, fixture->path);
  VALISE_WAIT_UNTIL (gtk_widget_get_mapped (GTK_WIDGET (fixture->welcome))
                     && strcmp (valise_welcome_get_page (fixture->welcome), "invitation") == 0);
  g_assert_nonnull (valise_window_get_context (window));
}

static void
something_else_dropped_is_explained (Fixture *fixture, gconstpointer data)
{
  g_assert_true (g_file_set_contents (fixture->path, "%PDF-1.7", -1, NULL));
  drop (fixture, fixture->path);
  VALISE_WAIT_UNTIL (valise_welcome_get_sentence (fixture->welcome) != NULL);
  g_assert_nonnull (strstr (valise_welcome_get_sentence (fixture->welcome), "not an invitation"));
}

static void
each_failure_to_join_says_what_to_do (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    int         code; /* of ValisePeerError; -1: expired */
    const char *words;
  } cases[] = {
    { -1, "expired" },
    { VALISE_PEER_ERROR_NETWORK, "does not answer" },
    { VALISE_PEER_ERROR_PORTAL, "sign-in page" },
    { VALISE_PEER_ERROR_IDENTITY, "not the secretariat" },
  };

  open_good (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      valise_fake_set_join_error (
          cases[i].code < 0
              ? g_error_new (VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_EXPIRED, "x")
              : g_error_new (VALISE_PEER_ERROR, cases[i].code, "x"));
      valise_welcome_join (fixture->welcome);
      valise_wait_ms (60);
      VALISE_WAIT_UNTIL (strstr (valise_welcome_get_sentence (fixture->welcome), cases[i].words)
                         != NULL);
      g_assert_nonnull (strstr (valise_welcome_get_sentence (fixture->welcome), cases[i].words));
      g_assert_cmpstr (valise_welcome_get_page (fixture->welcome), ==, "invitation");
      g_assert_null (valise_window_get_context (fixture->window.window));
    }
  valise_window_picture (&fixture->window, "invitation-refused");
}

static void
joining_opens_the_record (Fixture *fixture, gconstpointer data)
{
  open_good (fixture);
  valise_welcome_join (fixture->welcome);
  VALISE_WAIT_UNTIL (valise_window_get_context (fixture->window.window) != NULL);
  g_assert_cmpstr (valise_window_get_place (fixture->window.window), ==, "today");
}

static void
looking_around_opens_the_sample (Fixture *fixture, gconstpointer data)
{
  ValiseContext *context = NULL;

  valise_welcome_look_around (fixture->welcome);
  VALISE_WAIT_UNTIL (valise_window_get_context (fixture->window.window) != NULL);
  context = valise_window_get_context (fixture->window.window);
  g_assert_nonnull (context);
  g_assert_true (valise_account_is_sample (valise_context_get_account (context)));
  g_assert_cmpstr (valise_status_row_get_title (valise_places_get_status (
                       valise_window_get_places (fixture->window.window))),
                   ==, "Sample programme");
}

static void
an_error_nobody_foresaw_still_gets_a_sentence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new (g_quark_from_static_string ("x"), 7, "odd thing");
  g_autofree char   *sentence = valise_sentence_for_error (error);

  g_assert_nonnull (strstr (sentence, "odd thing"));
}

#define ADD(test) g_test_add ("/first-run/" #test, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  valise_window_test_init (&argc, &argv);

  ADD (without_an_account_the_first_run_is_shown);
  ADD (a_broken_invitation_is_explained);
  ADD (a_missing_invitation_is_explained);
  ADD (a_good_invitation_shows_who_invites_before_anything_is_sent);
  ADD (an_invitation_dropped_on_an_open_record_shows_who_invites);
  ADD (something_else_dropped_is_explained);
  ADD (each_failure_to_join_says_what_to_do);
  ADD (joining_opens_the_record);
  ADD (looking_around_opens_the_sample);
  ADD (an_error_nobody_foresaw_still_gets_a_sentence);

  return g_test_run ();
}
