/* test-pairing-window.c - two laptops pair in their windows: real homes, real servers, real TLS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "laptop.h"
#include "valise-colleagues-window.h"
#include "valise-neighbour-host.h"
#include "valise-vicinity.h"

typedef struct
{
  Laptop           laptop;
  ValiseScheduler *scheduler;
  ValiseVicinity  *vicinity;
  GtkWidget       *window;
} Person;

#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                                    \
    while (!(condition) && g_get_monotonic_time () < end)                                          \
      if (!g_main_context_iteration (NULL, FALSE))                                                 \
        g_usleep (1000);                                                                           \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
open_person (Person *person, Office *office, const char *name)
{
  static const char *const     here[] = { "127.0.0.1", NULL };
  g_autoptr (ValiseInvitation) invitation = office_invite (office, name, "xke", "delegate");

  laptop_join (&person->laptop, office, invitation, NULL);
  laptop_pull_all (&person->laptop);
  person->scheduler = valise_scheduler_new (person->laptop.account);
  person->vicinity =
      valise_vicinity_new (person->laptop.account, person->scheduler, &valise_neighbour_host, NULL);
  valise_vicinity_set_addresses (person->vicinity, here);
  valise_vicinity_start (person->vicinity);
  person->window = valise_colleagues_window_new (NULL, person->vicinity);
  gtk_window_present (GTK_WINDOW (person->window));
}

static void
close_person (Person *person)
{
  gint64 end = 0;

  gtk_window_destroy (GTK_WINDOW (person->window));
  valise_vicinity_stop (person->vicinity);
  end = g_get_monotonic_time () + G_USEC_PER_SEC / 5;
  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (person->vicinity);
  g_assert_finalize_object (person->scheduler);
  laptop_close (&person->laptop);
}

static ValisePairingPage *
open_pairing (Person *person)
{
  valise_colleagues_window_pair (VALISE_COLLEAGUES_WINDOW (person->window), TRUE);
  return valise_colleagues_window_get_pairing (VALISE_COLLEAGUES_WINDOW (person->window));
}

/* Whether a label below @widget names a colleague, of Kestria. */
static gboolean
says (GtkWidget *widget, const char *person)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "";

  if (strstr (text, person) != NULL && strstr (text, ", \u2068Kestria") != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, person))
      return TRUE;
  return FALSE;
}

static void
write_note (Person *person)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (&person->laptop, "team-xke");
  g_autoptr (GBytes)         body = g_bytes_new_static ("{\"n\":1}", 7);
  g_autofree char *rev = valise_database_put (database, "note:1", NULL, FALSE, body, NULL, NULL);

  g_assert_nonnull (rev);
}

static void
two_people_pair_in_their_windows (void)
{
  g_autofree char *template = office_make_template ();
  Office             office = { 0 };
  Person             amina = { 0 }, jun = { 0 };
  ValisePairingPage *hers = NULL, *his = NULL;

  office_open (&office, template, relay_pass_bytes, NULL);
  open_person (&amina, &office, "Amina Diallo");
  open_person (&jun, &office, "Jun Park");
  write_note (&amina);
  hers = open_pairing (&amina);
  his = open_pairing (&jun);
  WAIT_UNTIL (valise_vicinity_get_address (amina.vicinity) != NULL);
  valise_pairing_page_call (his, valise_vicinity_get_address (amina.vicinity));
  WAIT_UNTIL (valise_pairing_page_get_code (hers) != NULL
              && valise_pairing_page_get_code (his) != NULL);
  g_assert_cmpstr (valise_pairing_page_get_code (hers), ==, valise_pairing_page_get_code (his));
  valise_pairing_page_answer (his, TRUE);
  valise_pairing_page_answer (hers, TRUE);
  WAIT_UNTIL (says (amina.window, "Jun Park") && says (jun.window, "Amina Diallo"));
  g_assert_true (valise_vicinity_get_sharing (amina.vicinity));
  WAIT_UNTIL (laptop_count (&jun.laptop, "team-xke") == 1); /* by itself */

  close_person (&jun);
  close_person (&amina);
  office_close (&office);
  remove_folder (template);
}

int
main (int argc, char *argv[])
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "disabled:", TRUE);  /* no Avahi: by address */
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return EXIT_SUCCESS;
    }
  adw_init ();
  g_test_add_func ("/pairing-window/two-people-pair-in-their-windows",
                   two_people_pair_in_their_windows);
  return g_test_run ();
}
