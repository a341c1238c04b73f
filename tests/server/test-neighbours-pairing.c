/* test-neighbours-pairing.c - who may pair, and what a stranger gets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neighbours-fixture.h"
#include "valise-device-certificate.h"
#include "valise-http-peer.h"
#include "valise-peer-error.h"

/* Who has not paired is refused whatever it asks; a member of the same team too. */
static void
a_stranger_reads_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseKey)           device = NULL;
  g_autoptr (ValiseColleague)     amina = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  g_autofree char                *url = g_strconcat ("https://", fixture->host.address, NULL);
  g_autoptr (GError)              error = NULL;
  static const struct
  {
    const char *method, *path, *body;
  } questions[] = {
    { "GET", "/public", NULL },
    { "GET", "/public/_changes", NULL },
    { "GET", "/public/keys", NULL },
    { "GET", "/public/_all_docs", NULL },
    { "GET", "/_all_dbs", NULL },
    { "GET", "/team-xke", NULL },
    { "POST", "/team-xke/_bulk_docs", "{\"docs\":[{\"_id\":\"note:9\",\"n\":9}]}" },
    { "POST", "/public/_valise/stream", "{}" },
    { "POST", "/team-xke/_valise/stream", "{}" },
    { "POST", "/public/_bulk_get", "{\"docs\":[{\"id\":\"keys\"}]}" },
    { "POST", "/team-xke/_bulk_get", "{\"docs\":[{\"id\":\"note:1\"}]}" },
  };

  write_note (&fixture->amina, "team-xke", "note:1", "{\"n\":1}");
  device = valise_account_dup_device_key (fixture->amina.account, &error);
  g_assert_no_error (error);
  amina = valise_colleague_new (valise_key_get_public (device));
  amina->participant = g_strdup ("xke");
  arrival = valise_colleague_receive (fixture->jun.account, amina, fixture->host.address, NULL,
                                      NULL, &error);
  g_assert_null (arrival);
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_CREDENTIALS);
  g_assert_cmpint (laptop_count (&fixture->jun, "team-xke"), ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char       *pin = valise_colleague_dup_pin (amina, NULL);
      g_autoptr (GError)     failure = NULL;
      ValiseServerAddress    where = { .url = url, .pin = pin };
      g_autoptr (ValiseJson) json = valise_http_exchange (
          &where, questions[i].method, questions[i].path, questions[i].body, NULL, &failure);

      g_assert_null (json);
      g_assert_nonnull (failure);
      g_assert_true (failure->code == VALISE_PEER_ERROR_CREDENTIALS
                     || failure->code == VALISE_PEER_ERROR_FORBIDDEN);
    }
  g_assert_cmpint (laptop_count (&fixture->amina, "team-xke"), ==, 1);
}

static void
without_an_open_door_nobody_pairs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseColleagueCall) made = NULL;
  g_autoptr (GError)              error = NULL;

  made = valise_colleague_call_new (fixture->jun.account, fixture->host.address, NULL, &error);
  g_assert_null (made);
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN);
  g_assert_cmpuint (fixture->host.asked, ==, 0);
}

static void
who_says_no_is_heard (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseColleagueCall) made = NULL;
  g_autoptr (GError)              error = NULL;
  g_autoptr (GPtrArray)           list = NULL;

  valise_neighbours_open_door (get_neighbours (&fixture->host));
  made = call (&fixture->jun, fixture->host.address);
  g_assert_true (
      valise_neighbours_answer (get_neighbours (&fixture->host), fixture->host.code, FALSE));
  g_assert_false (valise_colleague_call_confirm (made, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN);
  list = valise_colleagues_load (fixture->jun.account);
  g_assert_cmpuint (list->len, ==, 0);
  g_assert_false (valise_neighbours_has_paired (get_neighbours (&fixture->host)));
}

static gpointer
cancel_soon_thread (gpointer data)
{
  g_usleep (G_USEC_PER_SEC / 2);
  g_cancellable_cancel (data);
  return NULL;
}

/* Jun calls twice; what was said of the first code is not said of the second. */
static void
a_yes_is_to_one_code (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseColleagueCall) first = NULL, second = NULL;
  g_autoptr (GCancellable)        soon = g_cancellable_new ();
  g_autoptr (GError)              error = NULL, late = NULL;
  g_autofree char                *code = NULL;
  GThread                        *thread = NULL;

  valise_neighbours_open_door (get_neighbours (&fixture->host));
  g_assert_false (valise_neighbours_answer (get_neighbours (&fixture->host), "000000", TRUE));
  first = call (&fixture->jun, fixture->host.address);
  code = g_strdup (fixture->host.code);
  second = call (&fixture->jun, fixture->host.address);
  g_assert_cmpstr (fixture->host.code, !=, code);
  g_assert_false (valise_neighbours_answer (get_neighbours (&fixture->host), code, TRUE));

  thread = g_thread_new ("soon", cancel_soon_thread, soon);
  g_assert_false (valise_colleague_call_confirm (second, soon, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED); /* it waited */
  g_thread_join (thread);
  g_assert_false (valise_neighbours_has_paired (get_neighbours (&fixture->host)));

  g_assert_true (
      valise_neighbours_answer (get_neighbours (&fixture->host), fixture->host.code, TRUE));
  g_assert_true (valise_colleague_call_confirm (second, NULL, &late));
  g_assert_no_error (late);
}

/* The hello of a stranger that says it is @person, with the key of @laptop. */
static void
say_hello (Fixture *fixture, Laptop *laptop, const char *person, GError **error)
{
  g_autoptr (ValiseKey)       device = NULL, own = NULL;
  g_autoptr (ValiseColleague) amina = NULL;
  g_autoptr (GTlsCertificate) identity = NULL;
  g_autofree char       *certificate = NULL, *key = NULL, *pem = NULL, *pin = NULL, *body = NULL;
  g_autofree char       *url = g_strconcat ("https://", fixture->host.address, NULL);
  g_autoptr (ValiseJson) json = NULL;
  ValiseServerAddress    where = { .url = url };

  device = valise_account_dup_device_key (fixture->amina.account, NULL);
  own = valise_account_dup_device_key (laptop->account, NULL);
  amina = valise_colleague_new (valise_key_get_public (device));
  g_assert_true (valise_device_certificate_make (own, &certificate, &key, NULL));
  pem = g_strconcat (certificate, key, NULL);
  identity = g_tls_certificate_new_from_pem (pem, -1, NULL);
  pin = valise_colleague_dup_pin (amina, NULL);
  where.pin = pin;
  where.identity = identity;
  body = g_strdup_printf ("{\"hello\":{\"person\":\"%s\"}}", person);
  json = valise_http_exchange (&where, "POST", "/_valise/pair", body, NULL, error);
}

static void
who_asks_with_a_name_that_steers_the_screen_is_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "", "Amina\\r\\u001b[2KCode 000000", "\\u202eAmina" };
  g_autoptr (GError)       good = NULL;

  valise_neighbours_open_door (get_neighbours (&fixture->host));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      say_hello (fixture, &fixture->jun, names[i], &error);
      g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL);
      g_assert_nonnull (strstr (error->message, "400"));
    }
  say_hello (fixture, &fixture->jun, "Jun Park", &good);
  g_assert_no_error (good);
}

/* Whom the secretariat has not certified may have any name but that of somebody known here. */
static void
who_asks_under_another_s_name_is_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "Amina Diallo", "AMINA DIALLO", " Amina Diallo",
                                       "Jun Park" };

  pair (fixture, &fixture->jun);
  valise_neighbours_open_door (get_neighbours (&fixture->host));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      say_hello (fixture, &fixture->other, names[i], &error);
      g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN);
    }
}

/* Another Valise, that introduces itself as it likes: its account says another name. */
static void
change_name (Laptop *laptop, const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (
      valise_home_get_directory (valise_account_get_home (laptop->account)), "account.json", NULL);
  g_autofree char    *text = NULL;
  g_autoptr (GString) changed = NULL;
  g_autoptr (GError)  error = NULL;

  valise_account_close (laptop->account);
  g_assert_finalize_object (laptop->account);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 0), >, 0);
  g_file_set_contents (path, changed->str, -1, &error);
  g_assert_no_error (error);
  laptop->account = valise_account_open (laptop->folder, &error);
  g_assert_no_error (error);
}

static void
who_answers_with_a_name_that_steers_the_screen_is_refused (Fixture *fixture, gconstpointer data)
{
  Host                            host = { 0 };
  g_autoptr (ValiseColleagueCall) made = NULL;
  g_autoptr (GError)              error = NULL;

  change_name (&fixture->other, "Otto Weber", "Otto\u202e000000");
  host_start (&host, &fixture->other);
  valise_neighbours_open_door (get_neighbours (&host));
  made = valise_colleague_call_new (fixture->jun.account, host.address, NULL, &error);
  g_assert_null (made);
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "whose it is"));
  host_stop (&host);
}

/* Four connections of one address, so that no stranger holds all that there are. */
static void
one_stranger_has_few_connections (Fixture *fixture, gconstpointer data)
{
  Wire *wires[8] = { NULL };
  guint open = 0;

  for (guint i = 0; i < G_N_ELEMENTS (wires); i++)
    {
      wires[i] = wire_connect (valise_neighbour_server_get_port (fixture->host.server));
      open += wire_handshake (wires[i], "NORMAL") ? 1 : 0;
    }
  g_assert_cmpuint (open, ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (wires); i++)
    wire_close (wires[i]);
}

static void
attempts_are_counted (Fixture *fixture, gconstpointer data)
{
  valise_neighbours_open_door (get_neighbours (&fixture->host));
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (ValiseColleagueCall) made = call (&fixture->jun, fixture->host.address);

      g_assert_cmpuint (fixture->host.asked, ==, i + 1); /* each is shown */
    }
  {
    g_autoptr (GError)              error = NULL;
    g_autoptr (ValiseColleagueCall) made =
        valise_colleague_call_new (fixture->jun.account, fixture->host.address, NULL, &error);

    g_assert_null (made);
    g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_BUSY);
  }
}

/* Between the two stands a laptop with a key of its own: it listens for the one, and calls the
 * other. Both people see a code, and not the same. */
static void
somebody_in_between_is_seen (Fixture *fixture, gconstpointer data)
{
  Host                            relay = { 0 };
  g_autoptr (ValiseColleagueCall) to_relay = NULL, from_relay = NULL;

  host_start (&relay, &fixture->other);
  valise_neighbours_open_door (get_neighbours (&relay));
  valise_neighbours_open_door (get_neighbours (&fixture->host));
  to_relay = call (&fixture->jun, relay.address);
  from_relay = call (&fixture->other, fixture->host.address);
  g_assert_nonnull (fixture->host.code);
  g_assert_cmpstr (valise_colleague_call_get_code (to_relay), ==, relay.code);
  g_assert_cmpstr (valise_colleague_call_get_code (to_relay), !=, fixture->host.code);
  host_stop (&relay);
}

#define ADD(test) g_test_add ("/neighbours-pairing/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();
  ADD (a_stranger_reads_nothing);
  ADD (without_an_open_door_nobody_pairs);
  ADD (who_says_no_is_heard);
  ADD (a_yes_is_to_one_code);
  ADD (who_asks_with_a_name_that_steers_the_screen_is_refused);
  ADD (who_asks_under_another_s_name_is_refused);
  ADD (who_answers_with_a_name_that_steers_the_screen_is_refused);
  ADD (one_stranger_has_few_connections);
  ADD (attempts_are_counted);
  ADD (somebody_in_between_is_seen);
  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
