/* test-bundle-window.c - a bundle that a window wrote, on another laptop: real homes, a real server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "laptop.h"
#include "valise-application.h"
#include "valise-bundle-window.h"
#include "valise-bundle.h"

/* Amina has all, and a window; Jun has joined, and has nothing yet. */
typedef struct
{
  Office         office;
  Laptop         amina;
  Laptop         jun;
  ValiseContext *context; /* Amina's */
  char          *stick;
  char          *list;
  char          *told; /* by the window that wrote */
} Fixture;

static char *template;

#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;                                    \
    while (!(condition) && g_get_monotonic_time () < end)                                          \
      if (!g_main_context_iteration (NULL, FALSE))                                                 \
        g_usleep (1000);                                                                           \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
join (Laptop *laptop, Office *office, const char *name)
{
  g_autoptr (ValiseInvitation) invitation = office_invite (office, name, "xke", "delegate");

  laptop_join (laptop, office, invitation, NULL);
}

/* Two papers more, of two meetings. */
static void
issue_papers_of_meetings (Fixture *fixture)
{
  ValiseRegistry *registry = office_get_registry (&fixture->office);

  office_issue_one (registry, "meeting:spring",
                    "{\"type\":\"meeting\",\"kind\":\"session\",\"body\":\"plenary\",\"name\":{"
                    "\"en\":\"Spring\"},\"start\":\"2026-03-01\"}");
  office_issue_one (registry, "meeting:summer",
                    "{\"type\":\"meeting\",\"kind\":\"session\",\"body\":\"plenary\",\"name\":{"
                    "\"en\":\"Summer\"},\"start\":\"2026-07-01\"}");
  office_issue_one (registry, "paper:A/AC.292/2026/WP.900",
                    "{\"type\":\"paper\",\"symbol\":\"A/AC.292/2026/WP.900\",\"kind\":"
                    "\"working-paper\",\"title\":{\"en\":\"Early\"},\"languages\":[\"en\"],"
                    "\"meeting\":\"meeting:spring\"}");
  office_issue_one (registry, "paper:A/AC.292/2026/WP.901",
                    "{\"type\":\"paper\",\"symbol\":\"A/AC.292/2026/WP.901\",\"kind\":"
                    "\"working-paper\",\"title\":{\"en\":\"Late\"},\"languages\":[\"en\"],"
                    "\"meeting\":\"meeting:summer\"}");
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  issue_papers_of_meetings (fixture);
  join (&fixture->amina, &fixture->office, "Amina Diallo");
  laptop_pull_all (&fixture->amina);
  join (&fixture->jun, &fixture->office, "Jun Park");
  fixture->stick = g_build_filename (fixture->office.root, "a.valise-bundle", NULL);
  fixture->list = g_build_filename (fixture->office.root, "jun.valise-request", NULL);
  fixture->context = valise_context_new (fixture->amina.account, &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 5;

  valise_context_close (fixture->context);
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (fixture->context);
  laptop_close (&fixture->jun);
  laptop_close (&fixture->amina);
  office_close (&fixture->office);
  g_free (fixture->stick);
  g_free (fixture->list);
  g_free (fixture->told);
}

static void
told_cb (GtkWidget *window, const char *sentence, Fixture *fixture)
{
  g_free (fixture->told);
  fixture->told = g_strdup (sentence);
}

static ValiseBundleWindow *
open_window (Fixture *fixture)
{
  GtkWidget *window = valise_bundle_window_new (NULL, fixture->context);

  g_signal_connect (window, "told", G_CALLBACK (told_cb), fixture);
  gtk_window_present (GTK_WINDOW (window));
  return VALISE_BUNDLE_WINDOW (window);
}

/* Whether a label below @widget says @text. */
static gboolean
says (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;
  return FALSE;
}

/* Jun reads what is on the stick; how many documents it held. @known: of those Jun had already. */
static guint
read_stick (Fixture *fixture, guint known)
{
  const ValiseBundleSecret        none = { NULL, NULL };
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseBundleArrival) arrival =
      valise_account_read_bundle (fixture->jun.account, fixture->stick, &none, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (arrival->refused, ==, 0);
  g_assert_cmpuint (arrival->stored + known, ==, arrival->documents);
  return (guint) arrival->documents;
}

/* Writes as @window says, which said before how many documents that would be, and reads it there.
 */
static guint
carry (Fixture *fixture, ValiseBundleWindow *window, guint known)
{
  g_autofree char *counted = NULL;
  guint            came = 0;

  valise_bundle_window_write (window, fixture->stick);
  WAIT_UNTIL (fixture->told != NULL);
  came = read_stick (fixture, known);
  counted = g_strdup_printf ("Bundle written: %u documents", came);
  g_assert_true (g_str_has_prefix (fixture->told, counted));
  return came;
}

static void
wait_for_count (ValiseBundleWindow *window, guint documents)
{
  g_autofree char *words = g_strdup_printf ("· %u documents", documents);

  WAIT_UNTIL (says (GTK_WIDGET (window), words));
}

static gboolean
has (Laptop *laptop, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, "public");
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL && document->body != NULL;
}

static gboolean
add_id (const ValiseChange *change, gpointer user_data)
{
  if (change->here)
    g_hash_table_add (user_data, g_strdup (change->id));
  return TRUE;
}

static GHashTable *
list_ids (Laptop *laptop)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, "public");
  g_autoptr (GError)         error = NULL;
  GHashTable                *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64                     last = 0;

  valise_database_changes (database, 0, 0, VALISE_CHANGES_ALL_LEAVES, add_id, ids, &last, NULL,
                           &error);
  g_assert_no_error (error);
  return ids;
}

/* The rest comes from the server, none of it again, and Jun has what everybody has. `keys` is asked
 * for before anything that they are to prove. */
static void
assert_sync_completes (Fixture *fixture)
{
  g_autoptr (GHashTable) before = list_ids (&fixture->jun);
  GHashTableIter         iter;
  gpointer               given = NULL;

  laptop_pull_all (&fixture->jun);
  g_hash_table_iter_init (&iter, fixture->jun.source->given);
  while (g_hash_table_iter_next (&iter, &given, NULL))
    {
      g_autofree char *id = g_strndup (given, strcspn (given, " "));

      g_assert_true (g_str_equal (id, "keys") || !g_hash_table_contains (before, id));
    }
  assert_same (&fixture->jun, &fixture->office, "public");
}

static void
only_the_chosen_languages_go (Fixture *fixture, gconstpointer data)
{
  static const char *const away[] = { "ar", "en", "es", "ru", "zh" };
  ValiseBundleWindow      *window = open_window (fixture);
  guint                    expected = OFFICE_DOCUMENTS + 4 - 5 * OFFICE_PAPERS, came = 0;

  for (guint i = 0; i < G_N_ELEMENTS (away); i++)
    valise_bundle_form_set_language (valise_bundle_window_get_form (window), away[i], FALSE);
  wait_for_count (window, expected);
  came = carry (fixture, window, 0);
  g_assert_cmpuint (came, ==, expected);
  for (guint number = 1; number <= OFFICE_PAPERS; number++)
    {
      g_autofree char *french = office_dup_text_id (number, "fr");
      g_autofree char *english = office_dup_text_id (number, "en");

      g_assert_true (has (&fixture->jun, french));
      g_assert_false (has (&fixture->jun, english));
    }
  assert_sync_completes (fixture);
}

/* What the office issued, it issued today. */
static void
only_the_chosen_meeting_and_days_go (Fixture *fixture, gconstpointer data)
{
  ValiseBundleWindow *window = open_window (fixture);
  ValiseBundleForm   *form = valise_bundle_window_get_form (window);

  valise_bundle_form_set_since (form, "2100-01-01");
  WAIT_UNTIL (says (GTK_WIDGET (window), "· 1 document")); /* `keys`, always */
  valise_bundle_form_set_since (form, "2026-01-01");
  wait_for_count (window, OFFICE_DOCUMENTS + 4);
  WAIT_UNTIL (valise_bundle_form_set_meeting (form, "meeting:spring"));
  wait_for_count (window, OFFICE_DOCUMENTS + 3); /* but for the paper of the summer */
  g_assert_cmpuint (carry (fixture, window, 0), ==, OFFICE_DOCUMENTS + 3);
  g_assert_true (has (&fixture->jun, "paper:A/AC.292/2026/WP.900"));
  g_assert_false (has (&fixture->jun, "paper:A/AC.292/2026/WP.901"));
  assert_sync_completes (fixture);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(gint64 *) user_data = valise_courier_request_finish (result, &error);
  g_assert_no_error (error);
}

static void
what_is_on_their_list_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile)   list = g_file_new_for_path (fixture->list);
  ValiseBundleWindow *window = NULL;
  gint64              bytes = 0;

  laptop_pull_all (&fixture->jun);
  valise_courier_request_async (fixture->jun.account, fixture->list, NULL, saved_cb, &bytes);
  WAIT_UNTIL (bytes != 0);
  g_assert_cmpint (bytes, <, 8 * (OFFICE_DOCUMENTS + 4) + 1024);
  office_issue (office_get_registry (&fixture->office), 950, "new");
  laptop_pull_all (&fixture->amina);

  window = open_window (fixture);
  valise_bundle_window_answer (window, list);
  WAIT_UNTIL (says (GTK_WIDGET (window), "Jun Park"));
  valise_bundle_window_choose (window, VALISE_COURIER_ANYONE);
  wait_for_count (window, OFFICE_A_PAPER + 1);
  g_assert_cmpuint (carry (fixture, window, 1), ==, OFFICE_A_PAPER + 1); /* and `keys`, always */
  assert_same (&fixture->jun, &fixture->office, "public");               /* without the server */
}

#define ADD(test) g_test_add ("/bundle-window/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "disabled:", TRUE);
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return EXIT_SUCCESS;
    }
  adw_init ();
  g_type_class_unref (g_type_class_ref (VALISE_TYPE_APPLICATION)); /* has the templates */
  template = office_make_template ();
  ADD (only_the_chosen_languages_go);
  ADD (only_the_chosen_meeting_and_days_go);
  ADD (what_is_on_their_list_stays);
  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
