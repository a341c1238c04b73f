/* test-sync-trust.c - whom a laptop believes, and what it does not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gnutls/x509.h>
#include <unistd.h>

#include "fault-relay.h"
#include "laptop.h"
#include "valise-seal.h"

#define YEAR_US (365 * G_TIME_SPAN_DAY)

static char *template;

typedef struct
{
  Office     office;
  FaultRelay relay;
  Laptop     laptop;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  fault_relay_open (&fixture->relay, &fixture->office, template);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
}

static void
setup_bytes (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  if (fixture->laptop.account != NULL)
    laptop_close (&fixture->laptop);
  office_close (&fixture->office);
  fault_relay_close (&fixture->relay);
}

/* --- what the server holds, by another hand than the secretariat's --------------------------- */

static char *
dup_body (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseDatabase) database = office_get_database (&fixture->office, "public");
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (document->body, NULL), g_bytes_get_size (document->body));
}

/* Puts @body into the server's file, past all its gates. */
static void
plant (Fixture *fixture, const char *name, const char *id, const char *body)
{
  g_autoptr (ValiseDatabase) database = office_get_database (&fixture->office, name);
  g_autoptr (ValiseDocument) now = valise_database_get (database, id, NULL, NULL);
  g_autoptr (GBytes)         bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError)         error = NULL;
  g_autofree char           *rev =
      valise_database_put (database, id, now != NULL ? now->rev : NULL, FALSE, bytes, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rev);
}

static char *
replace (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (to, parts);
}

static void
assert_refused (Fixture *fixture, guint i, const char *id, const char *why)
{
  const char *line = NULL;

  g_assert_cmpuint (fixture->laptop.refused->len, >, i);
  line = g_ptr_array_index (fixture->laptop.refused, i);
  g_test_message ("%s", line);
  g_assert_true (g_str_has_prefix (line, id));
  g_assert_nonnull (strstr (line, why));
}

static void
pull (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;

  laptop_pull (&fixture->laptop, name, NULL, &error);
  g_assert_no_error (error);
}

static void
a_forged_text_is_refused_and_named_and_all_else_arrives (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = office_dup_text_id (5, "en");
  g_autofree char *body = dup_body (fixture, id);
  g_autofree char *forged = replace (body, "encouraged", "obliged");
  guint            fetched = 0;

  plant (fixture, "public", id, forged);
  pull (fixture, "public");
  g_assert_cmpuint (fixture->laptop.refused->len, ==, 1);
  assert_refused (fixture, 0, id, "Signature not by key");
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS - 1);

  fetched = fixture->laptop.source->fetched;
  pull (fixture, "public");
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, fetched);

  /* The secretariat puts it right. */
  office_issue (office_get_registry (&fixture->office), 5, "second");
  pull (fixture, "public");
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  assert_same (&fixture->laptop, &fixture->office, "public");
}

static void
a_true_text_in_another_place_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = office_dup_text_id (5, "fr");
  g_autofree char *other = office_dup_text_id (95, "fr");
  g_autofree char *body = dup_body (fixture, id);

  plant (fixture, "public", other, body);
  plant (fixture, "states", id, body);
  pull (fixture, "public");
  assert_refused (fixture, 0, other, "Signature not by key");
  pull (fixture, "states");
  assert_refused (fixture, 1, id, "Signature not by key");
  g_assert_cmpuint (fixture->laptop.refused->len, ==, 2);
  g_assert_cmpint (laptop_count (&fixture->laptop, "states"), ==, 0);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
}

static void
a_seal_by_a_key_that_nobody_vouches_for_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char       *id = office_dup_text_id (5, "ru");
  g_autofree char       *body = dup_body (fixture, id);
  g_autoptr (ValiseJson) json = valise_json_scan_text (body, -1, VALISE_JSON_INTEGERS, NULL);
  g_autoptr (ValiseKey)  key = valise_key_generate (NULL);
  ValiseSealScope        scope = { fixture->laptop.membership->programme, "public", id };
  g_autofree char       *sealed = valise_seal_apply (&scope, json, key, 100000);

  plant (fixture, "public", id, sealed);
  pull (fixture, "public");
  g_assert_cmpuint (fixture->laptop.refused->len, ==, 1);
  assert_refused (fixture, 0, id, "key");
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS - 1);
}

/* Somebody who holds the server puts a list of keys of his own there, with his among them. */
static void
a_list_of_keys_that_the_root_did_not_seal_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseKey)  key = valise_key_generate (NULL);
  g_autofree char       *body = dup_body (fixture, "keys");
  g_autofree char       *mine = g_strdup_printf ("[{\"use\":\"issuing\",\"id\":\"%s\",\"public\":"
                                                       "\"%s\"},",
                                                 valise_key_get_id (key), valise_key_get_public (key));
  g_autofree char       *changed = replace (body, "\"keys\":[", "\"keys\":");
  g_autofree char       *list = replace (changed, "\"keys\":", "\"keys\":@");
  g_autofree char       *text = replace (list, "@", mine);
  g_autoptr (ValiseJson) json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  ValiseSealScope        scope = { fixture->laptop.membership->programme, "public", "keys" };
  g_autofree char       *sealed = NULL;

  pull (fixture, "public");
  g_assert_nonnull (json);
  sealed = valise_seal_apply (&scope, json, key, 100000);
  plant (fixture, "public", "keys", sealed);
  office_issue (office_get_registry (&fixture->office), 60, "first");
  pull (fixture, "public");
  g_assert_cmpuint (fixture->laptop.refused->len, ==, 1);
  assert_refused (fixture, 0, "keys", "");
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==,
                   OFFICE_DOCUMENTS + OFFICE_A_PAPER);
}

/* --- who may come in ------------------------------------------------------------------------- */

static void
revoke_laptop (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  valise_office_revoke (office_get (&fixture->office), fixture->laptop.membership->user, &error);
  g_assert_no_error (error);
}

static void
a_revoked_laptop_keeps_what_it_has_and_asks_no_more (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseScheduler) scheduler = valise_scheduler_new (fixture->laptop.account);
  g_autoptr (GError)          error = NULL;
  guint                       requests = 0;

  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  revoke_laptop (fixture);
  g_assert_false (valise_scheduler_sync_once (scheduler, NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_CREDENTIALS);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);

  fault_relay_set (&fixture->relay, SPOIL_NOTHING, 0, 0, NULL);
  valise_scheduler_start (scheduler);
  g_usleep (3500 * 1000);
  g_assert_cmpint (valise_scheduler_get_problem (scheduler), ==, VALISE_PROBLEM_CREDENTIALS);
  requests = fixture->relay.requests;
  g_test_message ("%u requests", requests);
  g_assert_cmpuint (requests, >=, 1);
  g_assert_cmpuint (requests, <=, 2);
  valise_scheduler_stop (scheduler);
}

static gboolean
wait_until (ValiseScheduler *scheduler, ValiseSyncPhase phase, ValiseSyncProblem problem)
{
  for (guint i = 0; i < 1000; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      if (valise_scheduler_get_phase (scheduler) == phase
          && valise_scheduler_get_problem (scheduler) == problem)
        return TRUE;
      g_usleep (10 * 1000);
    }
  return FALSE;
}

/* Not when it asks next, minutes later. */
static void
a_laptop_that_is_revoked_while_it_waits_knows_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseScheduler) scheduler = valise_scheduler_new (fixture->laptop.account);

  valise_scheduler_start (scheduler);
  g_assert_true (wait_until (scheduler, VALISE_SYNC_CURRENT, VALISE_PROBLEM_NONE));
  revoke_laptop (fixture);
  g_assert_true (wait_until (scheduler, VALISE_SYNC_WAITING, VALISE_PROBLEM_CREDENTIALS));
  valise_scheduler_stop (scheduler);
}

static void
a_wrong_password_is_tried_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->laptop.address.password = "wrong";
  fault_relay_set (&fixture->relay, SPOIL_NOTHING, 0, 0, NULL);
  g_assert_false (laptop_pull (&fixture->laptop, "public", NULL, &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_CREDENTIALS);
  g_assert_cmpuint (fixture->relay.requests, ==, 1);
}

static void
assert_cannot_join (Office *office, ValiseInvitation *invitation, GQuark domain, int code)
{
  g_autofree char          *folder = g_build_filename (office->root, "nobody", NULL);
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = valise_account_join (folder, invitation, NULL, NULL, &error);

  g_assert_null (account);
  g_assert_error (error, domain, code);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

static void
a_server_with_another_key_is_told_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (&fixture->office, "Amina Diallo", "xke", "delegate");
  g_autofree char *pin = g_steal_pointer (&invitation->pin);

  fault_relay_set (&fixture->relay, SPOIL_NOTHING, 0, 0, NULL);
  g_clear_pointer (&invitation->backup_pin, g_free);
  invitation->pin = g_strnfill (64, 'a');
  assert_cannot_join (&fixture->office, invitation, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY);
  g_clear_pointer (&invitation->pin, g_free); /* the system's authorities do not know it */
  assert_cannot_join (&fixture->office, invitation, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY);
  g_assert_cmpuint (fixture->relay.requests, ==, 0);

  invitation->pin = g_steal_pointer (&pin);
  laptop_close (&fixture->laptop);
  laptop_join (&fixture->laptop, &fixture->office, invitation, NULL);
  assert_cannot_join (&fixture->office, invitation, VALISE_INVITATION_ERROR,
                      VALISE_INVITATION_ERROR_EXPIRED);
}

/* --- a clock that is wrong ------------------------------------------------------------------- */

/* A certificate for the server's own key, good from @from to @to (seconds since 1970). */
static void
write_certificate (const char *key_file, const char *path, gint64 from, gint64 to)
{
  g_autofree char      *text = NULL;
  gsize                 length = 0;
  gnutls_x509_privkey_t key = NULL;
  gnutls_x509_crt_t     crt = NULL;
  gnutls_datum_t        pem = { NULL, 0 };
  const char            serial = 1;

  g_assert_true (g_file_get_contents (key_file, &text, &length, NULL));
  pem = (gnutls_datum_t){ (guchar *) text, (guint) length };
  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_import2 (key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_init (&crt), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_version (crt, 3), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_serial (crt, &serial, 1), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_activation_time (crt, from), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_expiration_time (crt, to), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_dn (crt, "CN=127.0.0.1", NULL), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_key (crt, key), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_sign2 (crt, crt, key, GNUTLS_DIG_SHA256, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  g_assert_true (g_file_set_contents (path, (const char *) pem.data, (gssize) pem.size, NULL));
  gnutls_free (pem.data);
  gnutls_x509_crt_deinit (crt);
  gnutls_x509_privkey_deinit (key);
}

/* This program as a server with a clock of its own: until its input ends. */
static int
serve (const char *directory, char *certificate, char *key)
{
  ValiseServerOptions options = { .certificate = certificate,
                                  .key = key,
                                  .limits = VALISE_LIMITS_DEFAULT };
  g_autoptr (GError)  error = NULL;
  ValiseServer       *server = valise_server_start (directory, &options, &error);
  char                byte = 0;

  g_assert_no_error (error);
  g_print ("%s\n", valise_server_get_url (server));
  while (read (STDIN_FILENO, &byte, 1) > 0)
    continue;
  valise_server_stop (server, 1000);
  return 0;
}

static GSubprocess *
start_elsewhere (Fixture *fixture, const char *certificate)
{
  g_autofree char *key =
      g_build_filename (fixture->office.server.directory, "server", "key.pem", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess       *process = g_subprocess_new (
            G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE, &error, "/proc/self/exe",
            "--serve", fixture->office.server.directory, certificate, key, NULL);
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char             *url = NULL;

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  url = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_nonnull (url);
  relay_set_target (fixture->office.relay,
                    (guint16) g_ascii_strtoull (strrchr (url, ':') + 1, NULL, 10));
  return process;
}

static void
assert_syncs_with_clock (Fixture *fixture, gint64 offset_us)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (&fixture->office, "Amina Diallo", "xke", "delegate");
  g_autofree char *key =
      g_build_filename (fixture->office.server.directory, "server", "key.pem", NULL);
  g_autofree char        *certificate = g_build_filename (fixture->office.root, "odd.pem", NULL);
  gint64                  now = g_get_real_time () / G_USEC_PER_SEC;
  gint64                  ahead = offset_us > 0 ? -86400 : 86400;
  g_autoptr (GSubprocess) server = NULL;
  g_autoptr (ValiseScheduler) scheduler = NULL;
  g_autoptr (GError)          error = NULL;

  /* As that clock sees it: it ran out yesterday, or will be good from tomorrow. */
  write_certificate (key, certificate, now + MIN (ahead, ahead * 100),
                     now + MAX (ahead, ahead * 100));
  office_stop (&fixture->office);
  server = start_elsewhere (fixture, certificate);
  valise_clock_set_offset (offset_us);
  laptop_join (&fixture->laptop, &fixture->office, invitation, NULL);
  scheduler = valise_scheduler_new (fixture->laptop.account);
  valise_scheduler_sync_once (scheduler, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (valise_scheduler_get_problem (scheduler), ==, VALISE_PROBLEM_NONE);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  valise_clock_set_offset (0);

  g_clear_object (&scheduler);
  laptop_close (&fixture->laptop);
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (server), NULL, NULL));
  g_assert_true (g_subprocess_wait_check (server, NULL, &error));
  office_start (&fixture->office);
}

static void
a_clock_off_by_a_year_joins_syncs_and_verifies (Fixture *fixture, gconstpointer data)
{
  assert_syncs_with_clock (fixture, YEAR_US);
  assert_syncs_with_clock (fixture, -YEAR_US);
}

#define ADD(test, setup) g_test_add ("/sync-trust/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  if (argc == 5 && g_str_equal (argv[1], "--serve"))
    return serve (argv[2], argv[3], argv[4]);

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (a_forged_text_is_refused_and_named_and_all_else_arrives, setup);
  ADD (a_true_text_in_another_place_is_refused, setup);
  ADD (a_seal_by_a_key_that_nobody_vouches_for_is_refused, setup);
  ADD (a_list_of_keys_that_the_root_did_not_seal_changes_nothing, setup);
  ADD (a_revoked_laptop_keeps_what_it_has_and_asks_no_more, setup);
  ADD (a_laptop_that_is_revoked_while_it_waits_knows_at_once, setup);
  ADD (a_wrong_password_is_tried_once, setup);
  ADD (a_server_with_another_key_is_told_nothing, setup);
  ADD (a_clock_off_by_a_year_joins_syncs_and_verifies, setup_bytes);

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
