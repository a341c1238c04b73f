/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "server-fixture.h"

#include "valise-canonical.h"
#include "valise-http-peer.h"
#include "valise-id.h"
#include "valise-invitation.h"
#include "valise-throttle.h"

static Secretariat secretariat;

static ValiseAccounts *
get_accounts (void)
{
  return valise_office_get_accounts (valise_server_get_office (secretariat.server));
}

static void
expect (const char *who, const char *method, const char *path, const char *body, guint status)
{
  g_free (secretariat_expect (&secretariat, who, method, path, body, status));
}

static void
a_stranger_reaches_nothing (void)
{
  expect (NULL, "GET", "/public", NULL, 401);
  expect (NULL, "GET", "/public/_changes", NULL, 401);
  expect (NULL, "POST", "/public/_bulk_get", "{\"docs\":[]}", 401);
  expect (NULL, "PUT", "/mine", NULL, 401);
  expect (NULL, "GET", "/_all_dbs", NULL, 401);
  expect (NULL, "GET", "/_valise/account", NULL, 401);
  expect (NULL, "GET", "/", NULL, 200);
  expect (NULL, "GET", "/_session", NULL, 200);
}

static void
each_reads_and_writes_what_the_profile_says (void)
{
  const char *delegate = secretariat.delegate;

  expect (delegate, "GET", "/public", NULL, 200);
  expect (delegate, "POST", "/public/_bulk_docs", "{\"docs\":[]}", 403);
  expect (delegate, "PUT", "/public/x", "{}", 403);
  expect (delegate, "GET", "/inbox", NULL, 403);
  expect (delegate, "GET", "/team-secretariat/_changes", NULL, 403);
  expect (delegate, "GET", "/desk-xor", NULL, 403);
  expect (delegate, "PUT", "/mine", NULL, 403);
  expect (delegate, "GET", "/_all_dbs", NULL, 403);
  expect (secretariat.admin, "GET", "/inbox", NULL, 200);
  expect (secretariat.admin, "GET", "/_all_dbs", NULL, 200);
}

static void
a_database_beside_the_programme_has_its_own_members (void)
{
  expect (secretariat.admin, "PUT", "/club", NULL, 201);
  expect (secretariat.delegate, "GET", "/club", NULL, 403);
  expect (secretariat.delegate, "PUT", "/club/_security", "{}", 403);
  expect (secretariat.admin, "PUT", "/club/_security",
          "{\"members\":{\"names\":[],\"roles\":[\"delegate\"]}}", 200);
  expect (secretariat.delegate, "GET", "/club", NULL, 200);
  expect (secretariat.delegate, "PUT", "/club/a", "{\"n\":1}", 201);
  expect (secretariat.admin, "PUT", "/club/_security",
          "{\"members\":{\"names\":[\"nobody\"],\"roles\":[]}}", 200);
  expect (secretariat.delegate, "GET", "/club", NULL, 403);
  expect (secretariat.admin, "PUT", "/club/_security", "{}", 200);
  expect (secretariat.other, "GET", "/club", NULL, 200);
}

/* What the gate refuses is an entry in the answer, and the rest of the batch goes on. */
static void
the_gate_judges_what_is_pushed (void)
{
  g_autofree char *text = secretariat_expect (
      &secretariat, secretariat.admin, "POST", "/public/_bulk_docs",
      "{\"new_edits\":false,\"docs\":[{\"_id\":\"paper:X\",\"_rev\":\"1-"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "\",\"type\":\"paper\"},{\"_id\":\"nonsense\",\"_rev\":\"1-bb\",\"type\":\"nonsense\"}]}",
      201);

  g_assert_nonnull (strstr (text, "\"id\":\"paper:X\""));
  g_assert_nonnull (strstr (text, "\"id\":\"nonsense\""));
  g_assert_nonnull (strstr (text, "forbidden"));
  expect (secretariat.admin, "GET", "/public/nonsense", NULL, 404);
}

/* CouchDB takes a second root, at a generation that wins. A secretariat does not. */
static void
a_second_beginning_of_a_document_is_refused (void)
{
  g_autofree char *text = secretariat_expect (
      &secretariat, secretariat.admin, "POST", "/public/_bulk_docs",
      "{\"new_edits\":false,\"docs\":[{\"_id\":\"keys\",\"_rev\":\"9-"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"type\":\"keys\"},{\"_id\":\"programme\","
      "\"_rev\":\"9-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"_deleted\":true}]}",
      201);
  g_autofree char *keys =
      secretariat_expect (&secretariat, secretariat.admin, "GET", "/public/keys", NULL, 200);

  g_assert_nonnull (strstr (text, "second beginning"));
  g_assert_nonnull (strstr (keys, "\"_rev\":\"1-"));
}

/* --- sessions ------------------------------------------------------------------------------- */

/* A new delegate's name and password. */
static void
add_person (char **name, char **password)
{
  g_autoptr (GError)       error = NULL;
  g_autofree char         *token = valise_accounts_invite (get_accounts (), "B", "xke", "delegate",
                                                           valise_clock_now () + G_TIME_SPAN_DAY, &error);
  g_autoptr (ValiseKey)    device = valise_key_generate (NULL);
  g_autoptr (ValisePerson) person = valise_accounts_join (
      get_accounts (), token, valise_key_get_public (device), "", password, &error);

  g_assert_no_error (error);
  *name = g_strdup (person->account);
}

static char *
sign_in (const char *type, const char *body, guint status)
{
  g_autofree char  *header = g_strdup_printf ("Content-Type: %s\r\n", type);
  g_autoptr (Reply) reply =
      secretariat_ask_bytes (&secretariat, NULL, "POST", "/_session", header, body, strlen (body));
  const char *cookie = g_hash_table_lookup (reply->headers, "set-cookie");

  g_assert_cmpuint (reply->status, ==, status);
  if (cookie == NULL)
    return NULL;
  g_assert_nonnull (strstr (cookie, "HttpOnly"));
  g_assert_nonnull (strstr (cookie, "Secure"));
  return g_strdup_printf ("Cookie: %.*s\r\n", (int) strcspn (cookie, ";"), cookie);
}

static void
a_cookie_stands_for_the_password (void)
{
  g_autofree char *name = NULL;
  g_autofree char *password = NULL;
  g_autofree char *json = NULL;
  g_autofree char *form = NULL;
  g_autofree char *cookie = NULL;
  g_autofree char *other = NULL;
  g_autofree char *text = NULL;

  add_person (&name, &password);
  json = g_strdup_printf ("{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
  form = g_strdup_printf ("name=%s&password=%s", name, password);
  cookie = sign_in ("application/json", json, 200);
  other = sign_in ("application/x-www-form-urlencoded", form, 200);
  expect (cookie, "GET", "/public", NULL, 200);
  expect (other, "GET", "/public", NULL, 200);
  text = secretariat_expect (&secretariat, cookie, "GET", "/_session", NULL, 200);
  g_assert_nonnull (strstr (text, name));
  expect (cookie, "DELETE", "/_session", NULL, 200);
}

static void
a_session_ends_and_is_renewed_in_time (void)
{
  g_autofree char  *name = NULL;
  g_autofree char  *password = NULL;
  g_autofree char  *json = NULL;
  g_autofree char  *cookie = NULL;
  g_autoptr (Reply) fresh = NULL;
  g_autoptr (Reply) stale = NULL;

  add_person (&name, &password);
  json = g_strdup_printf ("{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
  cookie = sign_in ("application/json", json, 200);
  fresh = secretariat_ask (&secretariat, cookie, "GET", "/public", NULL);
  g_assert_null (g_hash_table_lookup (fresh->headers, "set-cookie"));
  valise_clock_set_offset (11 * G_TIME_SPAN_MINUTE);
  stale = secretariat_ask (&secretariat, cookie, "GET", "/public", NULL);
  g_assert_cmpuint (stale->status, ==, 200);
  g_assert_nonnull (g_hash_table_lookup (stale->headers, "set-cookie"));
  valise_clock_set_offset (21 * G_TIME_SPAN_MINUTE);
  expect (cookie, "GET", "/public", NULL, 401);
  valise_clock_set_offset (0);
}

static Reply *
poll_with_password (const char *name, const char *password, guint status)
{
  g_autofree char *credentials = g_strconcat (name, ":", password, NULL);
  g_autofree char *who = wire_basic (credentials);
  Reply           *reply = secretariat_ask (&secretariat, who, "POST", "/_valise/poll", "{}");

  g_assert_cmpuint (reply->status, ==, status);
  return reply;
}

/* Opening a laptop takes no request of its own to sign in; and what it is given is judged like any
 * other session, with each request. */
static void
a_poll_with_a_password_signs_in (void)
{
  g_autofree char  *name = NULL, *password = NULL, *cookie = NULL, *who = NULL;
  g_autoptr (Reply) reply = NULL, wrong = NULL, plain = NULL, again = NULL;

  add_person (&name, &password);
  wrong = poll_with_password (name, "guess", 401);
  g_assert_null (g_hash_table_lookup (wrong->headers, "set-cookie"));
  reply = poll_with_password (name, password, 200);
  cookie = g_strdup (g_hash_table_lookup (reply->headers, "set-cookie"));
  g_assert_nonnull (cookie);
  g_assert_nonnull (strstr (cookie, "HttpOnly"));
  who = g_strdup_printf ("Cookie: %.*s\r\n", (int) strcspn (cookie, ";"), cookie);
  expect (who, "GET", "/public", NULL, 200);
  again = secretariat_ask (&secretariat, who, "POST", "/_valise/poll", "{}");
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_null (g_hash_table_lookup (again->headers, "set-cookie"));
  valise_clock_set_offset (21 * G_TIME_SPAN_MINUTE);
  expect (who, "POST", "/_valise/poll", "{}", 401);
  valise_clock_set_offset (0);
}

static void
a_forged_cookie_is_nobodys (void)
{
  g_autofree char *text = g_strdup_printf ("xke-0000000000:%d:%064d", G_MAXINT, 0);
  g_autofree char *base64 = g_base64_encode ((const guchar *) text, strlen (text));
  g_autofree char *header = g_strdup_printf ("Cookie: AuthSession=%s\r\n", base64);

  expect (header, "GET", "/public", NULL, 401);
  expect ("Cookie: AuthSession=\r\n", "GET", "/public", NULL, 401);
  expect ("Cookie: AuthSession=====; x\r\n", "GET", "/public", NULL, 401);
}

/* --- joining -------------------------------------------------------------------------------- */

static char *
invite (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = valise_office_invite (valise_server_get_office (secretariat.server),
                                                  "Ama", "XKE", "delegate", NULL, &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (ValiseInvitation) invitation = NULL;

  g_assert_no_error (error);
  bytes = g_bytes_new (text, strlen (text));
  invitation = valise_invitation_parse (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (invitation->server, ==, valise_server_get_url (secretariat.server));
  g_assert_cmpstr (invitation->pin, ==, valise_server_get_pin (secretariat.server));
  g_assert_nonnull (invitation->backup_pin);
  g_assert_cmpstr (invitation->participant, ==, "xke");
  return g_strdup (invitation->token);
}

static char *
join (const char *token, const char *device, guint status)
{
  g_autofree char *body =
      g_strdup_printf ("{\"token\":\"%s\",\"device\":\"%s\",\"name\":\"laptop\"}", token, device);

  return secretariat_expect (&secretariat, NULL, "POST", "/_valise/join", body, status);
}

/* The certificate is what the certifying key signed. */
static void
check_certificate (const char *joined, const char *device)
{
  ValiseRegistry *registry =
      valise_office_get_registry (valise_server_get_office (secretariat.server));
  const char *names[] = { "device", "key", "participant", "person", "programme", "role" };
  g_autoptr (ValiseJson)      json = valise_json_scan_text (joined, -1, VALISE_JSON_ANY, NULL);
  guint                       certificate = valise_json_find (json, 0, "certificate");
  g_autofree char            *key = valise_json_dup_member (json, certificate, "key");
  g_autofree char            *signature = valise_json_dup_member (json, certificate, "signature");
  g_autoptr (GString)         covered = g_string_new ("valise-certificate-1\n{");
  g_autoptr (ValisePublicKey) signer = valise_public_key_new (
      valise_key_get_public (valise_registry_get_certifying_key (registry)), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (key, ==, device);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      guint token = valise_json_find (json, certificate, names[i]);

      g_string_append_printf (covered, "%s\"%s\":", i > 0 ? "," : "", names[i]);
      valise_canonical_append (covered, json, token);
    }
  g_string_append_c (covered, '}');
  valise_public_key_verify (signer, covered->str, covered->len, signature, &error);
  g_assert_no_error (error);
}

static void
an_invitation_makes_one_account (void)
{
  g_autofree char      *token = invite ();
  g_autoptr (ValiseKey) one = valise_key_generate (NULL);
  g_autoptr (ValiseKey) two = valise_key_generate (NULL);
  g_autofree char      *first = join (token, valise_key_get_public (one), 201);
  g_autofree char      *again = join (token, valise_key_get_public (one), 201);
  g_autofree char      *other = join (token, valise_key_get_public (two), 403);
  g_autofree char      *account = json_member (first, "account");
  g_autofree char      *account_again = json_member (again, "account");
  g_autofree char      *lost = json_member (first, "password");
  g_autofree char      *password = json_member (again, "password");
  g_autofree char      *error = json_member (other, "error");
  g_autofree char      *late = NULL;
  g_autofree char      *old_credentials = g_strdup_printf ("%s:%s", account, lost);
  g_autofree char      *credentials = g_strdup_printf ("%s:%s", account, password);
  g_autofree char      *old_header = wire_basic (old_credentials);
  g_autofree char      *header = wire_basic (credentials);

  check_certificate (first, valise_key_get_public (one));
  g_assert_cmpstr (account, ==, account_again);
  g_assert_cmpstr (lost, !=, password);
  g_assert_cmpstr (error, ==, "invitation_used");
  expect (old_header, "GET", "/public", NULL, 401);
  expect (header, "GET", "/desk-xke", NULL, 200);
  /* Once it has signed in, the answer was not lost: the token is worth nothing any more. */
  late = join (token, valise_key_get_public (one), 403);
  g_assert_nonnull (strstr (late, "invitation_used"));
}

static void
an_invitation_is_good_for_seven_days (void)
{
  g_autofree char      *token = invite ();
  g_autoptr (ValiseKey) device = valise_key_generate (NULL);
  g_autofree char      *text = NULL;

  valise_clock_set_offset (8 * G_TIME_SPAN_DAY);
  text = join (token, valise_key_get_public (device), 403);
  valise_clock_set_offset (0);
  g_assert_nonnull (strstr (text, "invitation_expired"));
  g_free (join (token, valise_key_get_public (device), 201));
}

/* As by whoever has the laptop, and the invitation in its folder of downloads. */
static void
a_revoked_laptop_does_not_join_again (void)
{
  g_autofree char      *token = invite ();
  g_autoptr (ValiseKey) device = valise_key_generate (NULL);
  g_autofree char      *first = join (token, valise_key_get_public (device), 201);
  g_autofree char      *account = json_member (first, "account");
  g_autofree char      *password = json_member (first, "password");
  g_autofree char      *credentials = g_strdup_printf ("%s:%s", account, password);
  g_autofree char      *header = wire_basic (credentials);
  g_autoptr (GError)    error = NULL;

  valise_office_revoke (valise_server_get_office (secretariat.server), account, &error);
  g_assert_no_error (error);
  g_free (join (token, valise_key_get_public (device), 403));
  expect (header, "GET", "/public", NULL, 401);
  secretariat_stop (&secretariat);
  secretariat_start (&secretariat, NULL, NULL);
  g_free (join (token, valise_key_get_public (device), 403));
  expect (header, "GET", "/public", NULL, 401);
}

static void
joining_asks_for_a_token_and_a_key (void)
{
  g_autofree char      *token = invite ();
  g_autofree char      *text = NULL;
  g_autoptr (ValiseKey) device = valise_key_generate (NULL);

  g_free (join (token, "no key", 400));
  expect (NULL, "POST", "/_valise/join", "{}", 400);
  expect (NULL, "POST", "/_valise/join", "what", 400);
  text = join ("unheard-of", valise_key_get_public (device), 403);
  g_assert_nonnull (strstr (text, "invitation_unknown"));
}

static void
nobody_is_invited_to_what_there_is_not (void)
{
  static const struct
  {
    const char *participant;
    const char *role;
    const char *name;
  } wrong[] = {
    { "kestria", "delegate", "A" }, { "x1e", "delegate", "A" },     { "xke", "emperor", "A" },
    { "xke", "secretariat", "A" },  { "org-", "observer", "A" },    { "xke", "delegate", "" },
    { "../x", "delegate", "A" },    { "org-a/b", "observer", "A" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *text =
          valise_office_invite (valise_server_get_office (secretariat.server), wrong[i].name,
                                wrong[i].participant, wrong[i].role, NULL, &error);

      g_assert_null (text);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

static void
an_account_is_told_its_databases (void)
{
  g_autofree char *text =
      secretariat_expect (&secretariat, secretariat.delegate, "GET", "/_valise/account", NULL, 200);

  g_assert_nonnull (strstr (text, "{\"name\":\"public\",\"read\":true,\"write\":false}"));
  g_assert_nonnull (strstr (text, "{\"name\":\"desk-xke\",\"read\":true,\"write\":true}"));
  g_assert_null (strstr (text, "team-secretariat"));
  g_assert_nonnull (strstr (text, "\"time\":"));
}

static void
accounts_outlive_a_restart (void)
{
  secretariat_stop (&secretariat);
  secretariat_start (&secretariat, NULL, NULL);
  expect (secretariat.delegate, "GET", "/public", NULL, 200);
}

/* Our own client, by the pin of the invitation. */
static void
our_client_speaks_to_it (void)
{
  ValiseServerAddress    address = { .url = valise_server_get_url (secretariat.server),
                                     .pin = valise_server_get_pin (secretariat.server) };
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = valise_http_exchange (&address, "GET", "/", NULL, NULL, &error);
  g_autofree char       *welcome = NULL;

  g_assert_no_error (error);
  welcome = valise_json_dup_member (json, 0, "couchdb");
  g_assert_cmpstr (welcome, ==, "Welcome");
  g_clear_pointer (&json, valise_json_unref);
  address.pin = "0000000000000000000000000000000000000000000000000000000000000000";
  json = valise_http_exchange (&address, "GET", "/", NULL, NULL, &error);
  g_assert_null (json);
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY);
}

/* Last, for this address is then out of luck for a while. */
static void
guessing_is_slowed_down (void)
{
  g_autofree char *wrong = wire_basic ("xke-0000000000:guess");
  guint            refused = 0;

  for (guint i = 0; i < VALISE_THROTTLE_FAILURES + 2; i++)
    {
      g_autoptr (Reply) reply = secretariat_ask (&secretariat, wrong, "GET", "/public", NULL);

      if (reply->status == 429)
        {
          refused++;
          g_assert_nonnull (g_hash_table_lookup (reply->headers, "retry-after"));
        }
      else
        g_assert_cmpuint (reply->status, ==, 401);
    }
  g_assert_cmpuint (refused, >=, 1);
}

#define ADD(test) g_test_add_func ("/access/" #test, test)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  secretariat_init (&secretariat, NULL, NULL);

  ADD (a_stranger_reaches_nothing);
  ADD (each_reads_and_writes_what_the_profile_says);
  ADD (a_database_beside_the_programme_has_its_own_members);
  ADD (the_gate_judges_what_is_pushed);
  ADD (a_second_beginning_of_a_document_is_refused);
  ADD (a_cookie_stands_for_the_password);
  ADD (a_session_ends_and_is_renewed_in_time);
  ADD (a_poll_with_a_password_signs_in);
  ADD (a_forged_cookie_is_nobodys);
  ADD (an_invitation_makes_one_account);
  ADD (an_invitation_is_good_for_seven_days);
  ADD (a_revoked_laptop_does_not_join_again);
  ADD (joining_asks_for_a_token_and_a_key);
  ADD (nobody_is_invited_to_what_there_is_not);
  ADD (an_account_is_told_its_databases);
  ADD (accounts_outlive_a_restart);
  ADD (our_client_speaks_to_it);
  ADD (guessing_is_slowed_down);
  status = g_test_run ();

  secretariat_clear (&secretariat);
  return status;
}
