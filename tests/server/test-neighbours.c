/* test-neighbours.c - two laptops on one network: paired by six digits, and what each may have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "laptop.h"
#include "valise-canonical.h"
#include "valise-colleague-client.h"
#include "valise-device-certificate.h"
#include "valise-file-transfer.h"
#include "valise-http-peer.h"
#include "valise-neighbour-server.h"
#include "valise-peer-error.h"

static char *template;

/* A laptop that serves, and what its person is shown. */
typedef struct
{
  Laptop                *laptop;
  ValiseNeighbourServer *server;
  char                  *address;
  GMutex                 mutex;
  char                  *code; /* shown last */
  guint                  asked;
} Host;

typedef struct
{
  Office office;
  Laptop amina; /* xke */
  Laptop jun;   /* xke */
  Laptop other; /* xor */
  Host   host;  /* Amina's */
} Fixture;

static void
asked_cb (const char *person,
          const char *participant,
          const char *address,
          const char *code,
          gpointer    user_data)
{
  Host *host = user_data;

  g_mutex_lock (&host->mutex);
  g_free (host->code);
  host->code = g_strdup (code);
  host->asked++;
  g_mutex_unlock (&host->mutex);
}

static void
host_start (Host *host, Laptop *laptop)
{
  g_autoptr (GError) error = NULL;

  g_mutex_init (&host->mutex);
  host->laptop = laptop;
  host->server =
      valise_neighbour_server_start (laptop->account, "127.0.0.1", 0, asked_cb, host, &error);
  g_assert_no_error (error);
  host->address = g_strdup_printf ("127.0.0.1:%u", valise_neighbour_server_get_port (host->server));
}

static void
host_stop (Host *host)
{
  valise_neighbour_server_stop (host->server);
  g_free (host->address);
  g_free (host->code);
  g_mutex_clear (&host->mutex);
  memset (host, 0, sizeof *host);
}

static ValiseNeighbours *
get_neighbours (Host *host)
{
  return valise_neighbour_server_get_neighbours (host->server);
}

static void
join (Fixture *fixture, Laptop *laptop, const char *person, const char *participant)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (&fixture->office, person, participant, "delegate");

  laptop_join (laptop, &fixture->office, invitation, NULL);
  laptop_pull_all (laptop);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  join (fixture, &fixture->amina, "Amina Diallo", "xke");
  join (fixture, &fixture->jun, "Jun Park", "xke");
  join (fixture, &fixture->other, "Otto Weber", "xor");
  host_start (&fixture->host, &fixture->amina);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  host_stop (&fixture->host);
  laptop_close (&fixture->amina);
  laptop_close (&fixture->jun);
  laptop_close (&fixture->other);
  office_close (&fixture->office);
}

static void
write_note (Laptop *laptop, const char *name, const char *id, const char *text)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, name);
  g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
  g_autoptr (GError)         error = NULL;
  g_autofree char *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

static ValiseColleagueCall *
call (Laptop *laptop, const char *address)
{
  g_autoptr (GError)   error = NULL;
  ValiseColleagueCall *made = valise_colleague_call_new (laptop->account, address, NULL, &error);

  g_assert_no_error (error);
  return made;
}

/* Both people say that the codes are the same. */
static void
pair (Fixture *fixture, Laptop *laptop)
{
  g_autoptr (ValiseColleagueCall) made = NULL;
  g_autoptr (GError)              error = NULL;

  valise_neighbours_open_door (get_neighbours (&fixture->host));
  made = call (laptop, fixture->host.address);
  g_assert_cmpstr (valise_colleague_call_get_code (made), ==, fixture->host.code);
  g_assert_cmpstr (valise_colleague_call_get_person (made), ==, "Amina Diallo");
  g_assert_true (
      valise_neighbours_answer (get_neighbours (&fixture->host), fixture->host.code, TRUE));
  g_assert_true (valise_colleague_call_confirm (made, NULL, &error));
  g_assert_no_error (error);
}

static ValiseBundleArrival *
receive_by (Fixture *fixture, Laptop *laptop, ValiseGate *rules, GError **error)
{
  g_autoptr (GPtrArray) list = valise_colleagues_load (laptop->account);
  ValiseColleague      *amina = valise_colleagues_find (list, "Amina Diallo");

  g_assert_nonnull (amina);
  return valise_colleague_receive (laptop->account, amina, fixture->host.address, rules, NULL,
                                   error);
}

/* By rules that let a note into the desk. */
static ValiseBundleArrival *
receive (Fixture *fixture, Laptop *laptop, GError **error)
{
  return receive_by (fixture, laptop, VALISE_GATE (laptop->trust), error);
}

static void
paired_colleagues_have_what_their_team_has (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL, third = NULL;
  g_autoptr (GError)              error = NULL;

  write_note (&fixture->amina, "team-xke", "note:1", "{\"n\":1}");
  write_note (&fixture->amina, "desk-xke", "xke:note:1", "{\"n\":1}");
  pair (fixture, &fixture->jun);
  first = receive (fixture, &fixture->jun, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (first->stored, ==, 2); /* the record was here already */
  g_assert_cmpint (laptop_count (&fixture->jun, "team-xke"), ==, 1);
  g_assert_cmpint (laptop_count (&fixture->jun, "desk-xke"), ==, 1);

  /* And what Jun wrote meanwhile goes there. */
  write_note (&fixture->jun, "team-xke", "note:2", "{\"n\":2}");
  second = receive (fixture, &fixture->jun, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (second->stored, ==, 0);
  g_assert_cmpuint (second->refused, ==, 0);
  g_assert_cmpint (laptop_count (&fixture->amina, "team-xke"), ==, 2);

  /* To the desk goes only what the programme describes. */
  write_note (&fixture->jun, "desk-xke", "xke:note:2", "{\"n\":2}");
  third = receive (fixture, &fixture->jun, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (third->refused, ==, 1);
  g_assert_cmpint (laptop_count (&fixture->amina, "desk-xke"), ==, 1);
}

/* --- files ----------------------------------------------------------------------------------- */

static ValiseFileStore *
get_files (Laptop *laptop)
{
  return valise_home_get_files (valise_account_get_home (laptop->account), NULL);
}

/* A file of the team, made on @laptop. */
static char *
put_file (Laptop *laptop, char filler, gsize length)
{
  g_autoptr (ValiseDatabase) team = laptop_get_database (laptop, "team-xke");
  g_autoptr (GBytes)         bytes = g_bytes_new_take (g_strnfill (length, filler), length);
  g_autoptr (GError)         error = NULL;
  char                      *sha256 =
      valise_file_transfer_put (get_files (laptop), team, bytes, "application/pdf", &error);

  g_assert_no_error (error);
  return sha256;
}

static void
want_file (Laptop *laptop, const char *database, const char *sha256, gint64 length)
{
  g_autoptr (GPtrArray) wishes = g_ptr_array_new ();
  g_autoptr (GError)    error = NULL;
  ValiseFileWish        wish = { .sha256 = (char *) sha256,
                                 .database = (char *) database,
                                 .name = (char *) "a.pdf",
                                 .length = length };

  g_ptr_array_add (wishes, &wish);
  valise_file_wishes_add (get_files (laptop), wishes, 0, &error);
  g_assert_no_error (error);
}

static gboolean
has_file (Laptop *laptop, const char *sha256)
{
  gboolean complete = FALSE;

  valise_file_store_get_present (get_files (laptop), sha256, NULL, &complete);
  return complete;
}

static void
a_colleague_gives_what_is_wanted_and_takes_what_was_made (Fixture *fixture, gconstpointer data)
{
  g_autofree char                *hers = put_file (&fixture->amina, 'a', 150000);
  g_autofree char                *his = put_file (&fixture->jun, 'j', 100000);
  g_autofree char                *nobodys = g_strnfill (64, 'e');
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;
  g_autoptr (GError)              error = NULL;

  want_file (&fixture->jun, "team-xke", nobodys, 5000);
  want_file (&fixture->jun, "team-xke", hers, 150000);
  pair (fixture, &fixture->jun);
  first = receive (fixture, &fixture->jun, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (first->originals_stored, ==, 1);
  g_assert_cmpuint (first->refused, ==, 0);
  g_assert_true (has_file (&fixture->jun, hers));
  g_assert_true (has_file (&fixture->amina, his));
  g_assert_cmpint (laptop_count (&fixture->amina, "team-xke"), ==, 2);

  second = receive (fixture, &fixture->jun, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (second->originals_stored, ==, 0);
  g_assert_cmpuint (second->stored, ==, 0);
}

/* Of the record's files a laptop has the bytes, and of their documents the names alone. */
static void
a_file_of_the_record_is_given_by_who_has_its_bytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sha256 = put_file (&fixture->amina, 'p', 70000);
  g_autofree char *id = g_strconcat ("file:", sha256, NULL);
  g_autofree char *rev = g_strconcat ("1-", "0123456789abcdef0123456789abcdef", NULL);
  g_autoptr (ValiseDatabase) public = laptop_get_database (&fixture->amina, "public");
  g_autoptr (ValiseDocument)      name = valise_document_new (id, rev, FALSE, NULL);
  ValiseBatch                    *batch = NULL;
  ValiseMerge                     merge = VALISE_MERGE_KNOWN;
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  g_autoptr (GError)              error = NULL;

  batch = valise_database_begin (public, &error);
  valise_batch_merge (batch, name, &merge, &error); /* known, not here */
  valise_batch_commit (batch, &error);
  g_assert_no_error (error);
  want_file (&fixture->jun, "public", sha256, 70000);
  pair (fixture, &fixture->jun);
  arrival = receive (fixture, &fixture->jun, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (arrival->originals_stored, ==, 1);
  g_assert_true (has_file (&fixture->jun, sha256));
}

static void
another_delegation_has_the_record_and_no_more (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValisePerson)        person = NULL;
  g_autoptr (GPtrArray)           list = NULL;
  const ValiseColleague          *otto = NULL;

  write_note (&fixture->amina, "team-xke", "note:1", "{\"n\":1}");
  pair (fixture, &fixture->other);
  arrival = receive (fixture, &fixture->other, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (arrival->stored, ==, 0);

  /* And that is all it may read: its certificate says whom it is of. */
  list = valise_colleagues_load (fixture->amina.account);
  otto = valise_colleagues_find (list, "Otto Weber");
  g_assert_cmpstr (otto->participant, ==, "xor"); /* as the secretariat certified */
  person = valise_neighbours_identify (get_neighbours (&fixture->host), otto->key);
  g_assert_true (valise_neighbours_may_read (get_neighbours (&fixture->host), person, "public"));
  g_assert_true (valise_neighbours_may_read (get_neighbours (&fixture->host), person, "states"));
  g_assert_false (valise_neighbours_may_read (get_neighbours (&fixture->host), person, "team-xke"));
  g_assert_false (valise_neighbours_may_read (get_neighbours (&fixture->host), person, "team-xor"));
  g_assert_false (valise_neighbours_may_read (get_neighbours (&fixture->host), person, "desk-xke"));
  g_assert_false (valise_neighbours_may_read (get_neighbours (&fixture->host), person, "desk-xor"));
  g_assert_false (valise_neighbours_may_read (get_neighbours (&fixture->host), person, "inbox"));
}

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

static void
a_forged_paper_of_a_colleague_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  g_autoptr (GError)              error = NULL;

  write_note (&fixture->amina, "public", "paper:A/FORGED/1", "{\"type\":\"paper\"}");
  pair (fixture, &fixture->jun);
  arrival = receive (fixture, &fixture->jun, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (arrival->stored, ==, 0);
  g_assert_cmpuint (arrival->refused, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (arrival->reasons, 0), "A/FORGED/1"));
}

static void
without_rules_a_desk_takes_nothing_yet (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;
  g_autoptr (GError)              error = NULL;

  write_note (&fixture->amina, "team-xke", "note:1", "{\"n\":1}");
  write_note (&fixture->amina, "desk-xke", "xke:note:1", "{\"n\":1}");
  pair (fixture, &fixture->jun);
  first = receive_by (fixture, &fixture->jun, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (first->refused, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (first->reasons, 0), ==,
                   "desk-xke: the programme is not here yet");
  g_assert_cmpint (laptop_count (&fixture->jun, "desk-xke"), ==, 0);
  g_assert_cmpint (laptop_count (&fixture->jun, "team-xke"), ==, 1);

  second = receive (fixture, &fixture->jun, &error); /* and nothing is lost */
  g_assert_no_error (error);
  g_assert_cmpint (laptop_count (&fixture->jun, "desk-xke"), ==, 1);
}

/* What a laptop that serves says of a note for the desk. */
static char *
judge_note (Host *host)
{
  g_autoptr (GBytes)         body = g_bytes_new_static ("{\"n\":1}", 7);
  g_autoptr (ValiseJson)     json = valise_json_scan (body, VALISE_JSON_INTEGERS, NULL);
  g_autofree char           *rev = valise_canonical_revision (NULL, FALSE, json);
  g_autoptr (ValiseDocument) document = valise_document_new ("xke:note:1", rev, FALSE, body);
  g_autoptr (GError)         error = NULL;
  const ValiseWrite          write = {
             .database = "desk-xke", .document = document, .json = json, .source = VALISE_SOURCE_PEER
  };

  g_assert_false (valise_neighbours_judge (get_neighbours (host), &write, &error));
  g_assert_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_FORBIDDEN);
  return g_strdup (error->message);
}

static void
a_laptop_without_the_programme_takes_nothing_for_the_desk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (&fixture->office, "Noor Haddad", "xke", "delegate");
  Laptop           bare = { 0 };
  Host             host = { 0 };
  g_autofree char *before = NULL, *after = NULL;

  laptop_join (&bare, &fixture->office, invitation, NULL);
  host_start (&host, &bare);
  before = judge_note (&host);
  g_assert_cmpstr (before, ==, "xke:note:1 in desk-xke: the programme is not here yet");

  laptop_pull_all (&bare); /* the programme comes while it serves */
  after = judge_note (&host);
  g_assert_cmpstr (after, !=, before);
  host_stop (&host);
  laptop_close (&bare);
}

#define ADD(test) g_test_add ("/neighbours/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();
  ADD (paired_colleagues_have_what_their_team_has);
  ADD (a_colleague_gives_what_is_wanted_and_takes_what_was_made);
  ADD (a_file_of_the_record_is_given_by_who_has_its_bytes);
  ADD (another_delegation_has_the_record_and_no_more);
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
  ADD (a_forged_paper_of_a_colleague_is_refused);
  ADD (without_rules_a_desk_takes_nothing_yet);
  ADD (a_laptop_without_the_programme_takes_nothing_for_the_desk);
  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
