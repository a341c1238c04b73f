/* test-vicinity.c - laptops that find, pair, sync and un-pair by themselves, each a real server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-avahi.h"
#include "laptop.h"
#include "valise-colleague-client.h"
#include "valise-device-certificate.h"
#include "valise-http-peer.h"
#include "valise-neighbour-host.h"
#include "valise-peer-error.h"
#include "valise-vicinity.h"

static char *template;
static FakeAvahi avahi;

typedef struct
{
  Laptop           laptop;
  ValiseScheduler *scheduler;
  ValiseVicinity  *vicinity;
} Person;

typedef struct
{
  Office office;
  Person amina; /* both of xke */
  Person jun;
} Fixture;

#define WAIT_UNTIL(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                                    \
    while (!(condition) && g_get_monotonic_time () < end)                                          \
      if (!g_main_context_iteration (NULL, FALSE))                                                 \
        g_usleep (1000);                                                                           \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
wait_ms (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

/* The programme's rules know no note: here the secretariat's seal and the wall suffice. */
static void
open_vicinity (Person *person)
{
  static const char *const here[] = { "127.0.0.1", NULL };

  person->scheduler = valise_scheduler_new (person->laptop.account);
  person->vicinity =
      valise_vicinity_new (person->laptop.account, person->scheduler, &valise_neighbour_host, NULL);
  valise_vicinity_set_addresses (person->vicinity, here);
  valise_vicinity_start (person->vicinity);
}

static void
close_vicinity (Person *person)
{
  valise_vicinity_stop (person->vicinity);
  wait_ms (50); /* what was given up is told so */
  g_assert_finalize_object (person->vicinity);
  g_assert_finalize_object (person->scheduler);
  person->vicinity = NULL;
}

static void
open_person (Fixture *fixture, Person *person, const char *name)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (&fixture->office, name, "xke", "delegate");

  laptop_join (&person->laptop, &fixture->office, invitation, NULL);
  laptop_pull_all (&person->laptop);
  open_vicinity (person);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  open_person (fixture, &fixture->amina, "Amina Diallo");
  open_person (fixture, &fixture->jun, "Jun Park");
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  close_vicinity (&fixture->amina);
  close_vicinity (&fixture->jun);
  laptop_close (&fixture->amina.laptop);
  laptop_close (&fixture->jun.laptop);
  office_close (&fixture->office);
}

static const ValiseVicinityPairing *
get_pairing (Person *person)
{
  return valise_vicinity_get_pairing (person->vicinity);
}

static void
write_note (Person *person, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (&person->laptop, "team-xke");
  g_autoptr (GBytes)         body = g_bytes_new_static ("{\"n\":1}", 7);
  g_autoptr (GError)         error = NULL;
  g_autofree char *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

static gint64
count (Person *person)
{
  return laptop_count (&person->laptop, "team-xke");
}

static ValiseVicinityColleague *
get_first (Person *person, GPtrArray **list)
{
  *list = valise_vicinity_list (person->vicinity);
  return (*list)->len > 0 ? g_ptr_array_index (*list, 0) : NULL;
}

static gboolean
is_near (Person *person)
{
  g_autoptr (GPtrArray)    list = NULL;
  ValiseVicinityColleague *colleague = get_first (person, &list);

  return colleague != NULL && colleague->near && colleague->reached_us > 0;
}

static guint64
count_waiting (Person *person)
{
  g_autoptr (GPtrArray)    list = NULL;
  ValiseVicinityColleague *colleague = get_first (person, &list);

  return colleague != NULL ? colleague->waiting : G_MAXUINT64;
}

static gboolean
has_problem (Person *person, int code)
{
  g_autoptr (GPtrArray)    list = NULL;
  ValiseVicinityColleague *colleague = get_first (person, &list);

  return colleague != NULL && g_error_matches (colleague->problem, VALISE_PEER_ERROR, code);
}

static guint
count_colleagues (Person *person)
{
  g_autoptr (GPtrArray) list = valise_vicinity_list (person->vicinity);

  return list->len;
}

/* Jun asks Amina; both see six digits, and say that they are the same. */
static void
pair (Fixture *fixture)
{
  valise_vicinity_set_door (fixture->amina.vicinity, TRUE);
  WAIT_UNTIL (valise_vicinity_get_address (fixture->amina.vicinity) != NULL);
  valise_vicinity_call (fixture->jun.vicinity,
                        valise_vicinity_get_address (fixture->amina.vicinity));
  WAIT_UNTIL (get_pairing (&fixture->jun)->phase == VALISE_PAIRING_COMPARE);
  WAIT_UNTIL (get_pairing (&fixture->amina)->phase == VALISE_PAIRING_COMPARE);
  g_assert_cmpstr (get_pairing (&fixture->jun)->code, ==, get_pairing (&fixture->amina)->code);
  g_assert_cmpstr (get_pairing (&fixture->jun)->person, ==, "Amina Diallo");
  g_assert_cmpstr (get_pairing (&fixture->amina)->person, ==, "Jun Park");
  g_assert_cmpstr (get_pairing (&fixture->amina)->participant, ==, "xke");
  valise_vicinity_answer (fixture->jun.vicinity, TRUE);
  valise_vicinity_answer (fixture->amina.vicinity, TRUE);
  WAIT_UNTIL (get_pairing (&fixture->jun)->phase == VALISE_PAIRING_DONE);
  WAIT_UNTIL (get_pairing (&fixture->amina)->phase == VALISE_PAIRING_DONE);
  valise_vicinity_set_door (fixture->amina.vicinity, FALSE);
}

static void
nothing_listens_before_its_user_wants_it (Fixture *fixture, gconstpointer data)
{
  wait_ms (300);
  g_assert_cmpint (valise_vicinity_get_state (fixture->amina.vicinity), ==, VALISE_SHARING_OFF);
  g_assert_null (valise_vicinity_get_address (fixture->amina.vicinity));
  g_assert_cmpuint (fake_avahi_count (&avahi), ==, 0);
}

static void
sharing_is_turned_on_and_off_and_remembered (Fixture *fixture, gconstpointer data)
{
  valise_vicinity_set_sharing (fixture->amina.vicinity, TRUE);
  WAIT_UNTIL (valise_vicinity_get_state (fixture->amina.vicinity) == VALISE_SHARING_ON);
  WAIT_UNTIL (fake_avahi_count (&avahi) == 1);
  close_vicinity (&fixture->amina);
  open_vicinity (&fixture->amina);
  WAIT_UNTIL (valise_vicinity_get_state (fixture->amina.vicinity) == VALISE_SHARING_ON);
  valise_vicinity_set_sharing (fixture->amina.vicinity, FALSE);
  WAIT_UNTIL (valise_vicinity_get_address (fixture->amina.vicinity) == NULL);
  WAIT_UNTIL (fake_avahi_count (&avahi) == 0);
}

static void
who_has_paired_syncs_by_itself_both_ways (Fixture *fixture, gconstpointer data)
{
  write_note (&fixture->amina, "note:1");
  pair (fixture);
  g_assert_true (valise_vicinity_get_sharing (fixture->amina.vicinity));
  g_assert_true (valise_vicinity_get_sharing (fixture->jun.vicinity));
  WAIT_UNTIL (count (&fixture->jun) == 1);
  WAIT_UNTIL (is_near (&fixture->jun));
  write_note (&fixture->jun, "note:2");
  WAIT_UNTIL (count (&fixture->amina) == 2);
  WAIT_UNTIL (is_near (&fixture->amina)); /* found by what Jun announces */
  write_note (&fixture->amina, "note:3");
  WAIT_UNTIL (count (&fixture->jun) == 3);
  WAIT_UNTIL (count_waiting (&fixture->jun) == 0 && count_waiting (&fixture->amina) == 0);
}

/* Amina's laptop was away, has another port now, and is found by what it announces. */
static void
who_comes_back_is_found_and_has_what_waited (Fixture *fixture, gconstpointer data)
{
  pair (fixture);
  WAIT_UNTIL (is_near (&fixture->jun));
  close_vicinity (&fixture->amina);
  write_note (&fixture->jun, "note:1");
  WAIT_UNTIL (count_waiting (&fixture->jun) == 1);
  open_vicinity (&fixture->amina);
  WAIT_UNTIL (count (&fixture->amina) == 1);
}

/* With a paired laptop's key: what does its server say to it? */
static gboolean
is_refused (Fixture *fixture, const char *address, const char *path)
{
  g_autoptr (ValiseKey) own = valise_account_dup_device_key (fixture->jun.laptop.account, NULL);
  g_autoptr (ValiseKey) amina = valise_account_dup_device_key (fixture->amina.laptop.account, NULL);
  g_autoptr (ValiseColleague) colleague = valise_colleague_new (valise_key_get_public (amina));
  g_autofree char *certificate = NULL, *key = NULL, *pem = NULL, *pin = NULL, *url = NULL;
  g_autoptr (GTlsCertificate) identity = NULL;
  g_autoptr (ValiseJson)      json = NULL;
  g_autoptr (GError)          error = NULL;
  ValiseServerAddress         where = { 0 };

  g_assert_true (valise_device_certificate_make (own, &certificate, &key, NULL));
  pem = g_strconcat (certificate, key, NULL);
  identity = g_tls_certificate_new_from_pem (pem, -1, NULL);
  pin = valise_colleague_dup_pin (colleague, NULL);
  url = valise_colleague_dup_url (address, NULL);
  where = (ValiseServerAddress){ .url = url, .pin = pin, .identity = identity, .timeout_s = 5 };
  json = valise_http_exchange (&where, "GET", path, NULL, NULL, &error);
  if (error != NULL)
    g_test_message ("%s: %s", path, error->message);
  /* An answer that says so, or one that hangs up: but no "missing", which is for who may look. */
  return json == NULL && !g_error_matches (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (valise_vicinity_remove_finish (VALISE_VICINITY (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
remove_first (Person *person)
{
  g_autoptr (GPtrArray) list = NULL;
  gboolean              removed = FALSE;

  valise_vicinity_remove_async (person->vicinity, get_first (person, &list)->key, removed_cb,
                                &removed);
  WAIT_UNTIL (removed);
}

static void
who_is_un_paired_is_refused_at_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *address = NULL;

  write_note (&fixture->amina, "note:1");
  pair (fixture);
  WAIT_UNTIL (count (&fixture->jun) == 1);
  address = g_strdup (valise_vicinity_get_address (fixture->amina.vicinity));
  g_assert_false (is_refused (fixture, address, "/team-xke"));

  remove_first (&fixture->amina);
  g_assert_true (is_refused (fixture, address, "/team-xke")); /* nothing else has run since */
  g_assert_true (is_refused (fixture, address, "/public"));
  g_assert_cmpuint (count_colleagues (&fixture->amina), ==, 0);
  WAIT_UNTIL (valise_vicinity_get_state (fixture->amina.vicinity) == VALISE_SHARING_ON
              && valise_vicinity_get_address (fixture->amina.vicinity) != NULL);
  address = (g_free (address), g_strdup (valise_vicinity_get_address (fixture->amina.vicinity)));
  g_assert_true (is_refused (fixture, address, "/team-xke"));

  write_note (&fixture->amina, "note:2");
  valise_vicinity_sync (fixture->jun.vicinity, NULL);
  WAIT_UNTIL (has_problem (&fixture->jun, VALISE_PEER_ERROR_CREDENTIALS));
  g_assert_cmpint (count (&fixture->jun), ==, 1);
}

static void
with_sharing_off_a_colleague_has_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *address = NULL;

  pair (fixture);
  valise_vicinity_set_door (fixture->amina.vicinity, TRUE);
  valise_vicinity_set_sharing (fixture->amina.vicinity, FALSE);
  WAIT_UNTIL (valise_vicinity_get_state (fixture->amina.vicinity) == VALISE_SHARING_OFF);
  wait_ms (100);
  address = g_strdup (valise_vicinity_get_address (fixture->amina.vicinity));
  g_assert_nonnull (address); /* the door is open still: another may pair, */
  g_assert_true (is_refused (fixture, address, "/public")); /* and nobody has anything */
}

/* A stranger announces what Amina's laptop did once: Jun's goes there, finds another key, and says
 * nothing to it. */
static void
who_announces_another_s_tag_has_nothing (Fixture *fixture, gconstpointer data)
{
  Person           otto = { 0 };
  g_autofree char *heard = NULL, *text = NULL, *tag = NULL;
  g_auto (GStrv)   words = NULL;
  guint16          port = 0;

  pair (fixture);
  WAIT_UNTIL (is_near (&fixture->jun));
  WAIT_UNTIL (fake_avahi_count (&avahi) == 2);
  heard = fake_avahi_overhear (&avahi); /* Amina's comes first: she listened first */
  close_vicinity (&fixture->amina);
  open_person (fixture, &otto, "Otto Weber");
  valise_vicinity_set_sharing (otto.vicinity, TRUE);
  WAIT_UNTIL (valise_vicinity_get_address (otto.vicinity) != NULL);
  words = g_strsplit (heard, "|", -1);
  tag = g_strndup (words[5], 18);
  text = g_strdup_printf ("%s|%s", words[4], tag);
  {
    const char *colon = strrchr (valise_vicinity_get_address (otto.vicinity), ':');

    port = colon != NULL ? (guint16) atoi (colon + 1) : VALISE_COLLEAGUE_PORT;
  }
  write_note (&fixture->jun, "note:secret");
  fake_avahi_lie (&avahi, words[0], "127.0.0.1", port, text);
  WAIT_UNTIL (has_problem (&fixture->jun, VALISE_PEER_ERROR_IDENTITY));
  g_assert_cmpint (count (&otto), ==, 0);
  close_vicinity (&otto);
  laptop_close (&otto.laptop);
  open_vicinity (&fixture->amina);
}

static void
the_policy_decides (Fixture *fixture, gconstpointer data)
{
  ValiseUserPolicy      policy = VALISE_USER_POLICY_DEFAULT;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  guint minute = (guint) (g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now));

  pair (fixture);
  WAIT_UNTIL (valise_vicinity_get_state (fixture->amina.vicinity) == VALISE_SHARING_ON);
  policy.hours_from = (minute + 120) % VALISE_DAY_MINUTES;
  policy.hours_to = (minute + 180) % VALISE_DAY_MINUTES;
  valise_scheduler_set_policy (fixture->amina.scheduler, &policy);
  WAIT_UNTIL (valise_vicinity_get_state (fixture->amina.vicinity) == VALISE_SHARING_POLICY);
  WAIT_UNTIL (valise_vicinity_get_address (fixture->amina.vicinity) == NULL);
  policy = VALISE_USER_POLICY_DEFAULT;
  valise_scheduler_set_policy (fixture->amina.scheduler, &policy);
  WAIT_UNTIL (valise_vicinity_get_state (fixture->amina.vicinity) == VALISE_SHARING_ON);
}

static void
who_says_different_is_not_paired (Fixture *fixture, gconstpointer data)
{
  valise_vicinity_set_door (fixture->amina.vicinity, TRUE);
  WAIT_UNTIL (valise_vicinity_get_address (fixture->amina.vicinity) != NULL);
  valise_vicinity_call (fixture->jun.vicinity,
                        valise_vicinity_get_address (fixture->amina.vicinity));
  WAIT_UNTIL (get_pairing (&fixture->jun)->phase == VALISE_PAIRING_COMPARE);
  WAIT_UNTIL (get_pairing (&fixture->amina)->phase == VALISE_PAIRING_COMPARE);
  valise_vicinity_answer (fixture->amina.vicinity, FALSE);
  valise_vicinity_answer (fixture->jun.vicinity, TRUE);
  WAIT_UNTIL (get_pairing (&fixture->jun)->phase == VALISE_PAIRING_FAILED);
  g_assert_error (get_pairing (&fixture->jun)->error, VALISE_PEER_ERROR,
                  VALISE_PEER_ERROR_FORBIDDEN);
  g_assert_cmpuint (count_colleagues (&fixture->jun), ==, 0);
  g_assert_cmpuint (count_colleagues (&fixture->amina), ==, 0);
  g_assert_false (valise_vicinity_get_sharing (fixture->amina.vicinity));
}

static void
nobody_at_an_address_is_said (Fixture *fixture, gconstpointer data)
{
  valise_vicinity_call (fixture->jun.vicinity, "127.0.0.1:1");
  WAIT_UNTIL (get_pairing (&fixture->jun)->phase == VALISE_PAIRING_FAILED);
  valise_vicinity_call (fixture->jun.vicinity, "not an address:x");
  g_assert_cmpint (get_pairing (&fixture->jun)->phase, ==, VALISE_PAIRING_CALLING);
  WAIT_UNTIL (get_pairing (&fixture->jun)->phase == VALISE_PAIRING_FAILED);
}

#define ADD(test) g_test_add ("/vicinity/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");
  int              status = 0;

  g_test_init (&argc, &argv, NULL);
  if (daemon == NULL)
    {
      g_print ("1..0 # SKIP no dbus-daemon\n");
      return EXIT_SUCCESS;
    }
  fake_avahi_start (&avahi, TRUE);
  template = office_make_template ();
  ADD (nothing_listens_before_its_user_wants_it);
  ADD (sharing_is_turned_on_and_off_and_remembered);
  ADD (who_has_paired_syncs_by_itself_both_ways);
  ADD (who_comes_back_is_found_and_has_what_waited);
  ADD (who_is_un_paired_is_refused_at_once);
  ADD (with_sharing_off_a_colleague_has_nothing);
  ADD (who_announces_another_s_tag_has_nothing);
  ADD (the_policy_decides);
  ADD (who_says_different_is_not_paired);
  ADD (nobody_at_an_address_is_said);
  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  fake_avahi_stop (&avahi);
  return status;
}
