/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "poll-fixture.h"

static void
write_one (Fixture *fixture, const char *database, const char *id)
{
  g_autofree char *path = g_strdup_printf ("/%s/%s", database, id);

  g_free (secretariat_expect (&fixture->secretariat, fixture->secretariat.admin, "PUT", path, "{}",
                              201));
}

static char *
get_member (Fixture *fixture, const char *path, const char *name)
{
  g_autofree char *text = secretariat_expect (&fixture->secretariat, fixture->secretariat.admin,
                                              "GET", path, NULL, 200);

  return json_member (text, name);
}

/* --- asking ---------------------------------------------------------------------------------- */

/* What follows the account's tag and the run's name, which are asked for first. */
static char *
make_question (Fixture *fixture, const char *who, const char *databases)
{
  Secretariat           *self = &fixture->secretariat;
  g_autofree char       *first = secretariat_expect (self, who, "POST", "/_valise/poll", "{}", 200);
  g_autofree char       *run = json_member (first, "server");
  g_autoptr (ValiseJson) json = valise_json_scan_text (first, -1, VALISE_JSON_ANY, NULL);
  g_autofree char       *tag =
      valise_json_dup_member (json, valise_json_find (json, 0, "account"), "tag");

  g_assert_nonnull (run);
  g_assert_nonnull (tag);
  return g_strdup_printf ("{\"server\":\"%s\",\"account\":\"%s\",\"databases\":%s}", run, tag,
                          databases);
}

static char *
ask (Fixture *fixture, const char *who, const char *databases)
{
  g_autofree char *question = make_question (fixture, who, databases);

  return secretariat_expect (&fixture->secretariat, who, "POST", "/_valise/poll", question, 200);
}

/* The named databases of an answer, in their order, "one two"; with "!ERROR" where it says one. */
static char *
dup_named (const char *answer)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (answer, -1, VALISE_JSON_ANY, NULL);
  GString               *out = g_string_new (NULL);
  guint                  array = VALISE_JSON_NONE;

  g_assert_nonnull (json);
  array = valise_json_find (json, 0, "databases");
  g_assert_cmpuint (array, !=, VALISE_JSON_NONE);
  for (guint token = valise_json_first (json, array); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *name = valise_json_dup_member (json, token, "name");
      g_autofree char *error = valise_json_dup_member (json, token, "error");

      g_string_append_printf (out, "%s%s%s%s", out->len > 0 ? " " : "", name,
                              error != NULL ? "!" : "", error != NULL ? error : "");
    }
  return g_string_free (out, FALSE);
}

static void
assert_named (Fixture *fixture, const char *who, const char *databases, const char *expected)
{
  g_autofree char *answer = ask (fixture, who, databases);
  g_autofree char *named = dup_named (answer);

  g_assert_cmpstr (named, ==, expected);
}

/* Both databases with where they stand now. */
static char *
dup_both (Fixture *fixture)
{
  g_autofree char *one = get_member (fixture, "/one", "update_seq");
  g_autofree char *two = get_member (fixture, "/two", "update_seq");

  return g_strdup_printf (
      "[{\"name\":\"one\",\"since\":\"%s\"},{\"name\":\"two\",\"since\":\"%s\"}]", one, two);
}

/* A poll that waits, on a connection of its own. */
static Wire *
wait_for (Fixture *fixture, const char *who, const char *databases, const char *query)
{
  g_autofree char *question = make_question (fixture, who, databases);
  g_autofree char *path = g_strconcat ("/_valise/poll?feed=longpoll&", query, NULL);
  g_autofree char *headers = g_strconcat (who, "Content-Type: application/json\r\n", NULL);
  Wire            *wire = wire_open (fixture->secretariat.port);

  g_assert_true (wire_request (wire, "POST", path, headers, question, strlen (question)));
  return wire;
}

static guint
count_waiters (Fixture *fixture)
{
  return valise_watch_count (
      valise_office_get_watch (valise_server_get_office (fixture->secretariat.server)));
}

/* Waits, at most ten seconds, until @count waiters are there. */
static void
await_waiters (Fixture *fixture, guint count)
{
  for (guint i = 0; i < 1000 && count_waiters (fixture) != count; i++)
    g_usleep (10 * 1000);
  g_assert_cmpuint (count_waiters (fixture), ==, count);
}

/* --- at once --------------------------------------------------------------------------------- */

static void
what_did_not_move_is_not_named (Fixture *fixture, gconstpointer data)
{
  g_autofree char *both = NULL;

  write_one (fixture, "one", "a");
  both = dup_both (fixture);
  assert_named (fixture, fixture->secretariat.admin, both, "");
  write_one (fixture, "two", "b");
  assert_named (fixture, fixture->secretariat.admin, both, "two");
  write_one (fixture, "one", "c");
  assert_named (fixture, fixture->secretariat.admin, both, "one two");
}

static void
what_moved_says_what_its_own_page_says (Fixture *fixture, gconstpointer data)
{
  static const char *const members[] = { "update_seq", "uuid", "instance_start_time" };
  g_autofree char         *answer = NULL;
  g_autoptr (ValiseJson)   json = NULL;
  guint                    token = VALISE_JSON_NONE;

  write_one (fixture, "one", "a");
  answer = ask (fixture, fixture->secretariat.admin, "[{\"name\":\"one\"}]");
  json = valise_json_scan_text (answer, -1, VALISE_JSON_ANY, NULL);
  token = valise_json_first (json, valise_json_find (json, 0, "databases"));
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *page = get_member (fixture, "/one", members[i]);
      g_autofree char *polled = valise_json_dup_member (json, token, members[i]);

      g_assert_cmpstr (polled, ==, page);
    }
  g_assert_cmpint (valise_json_get_member_int (json, token, "doc_count", -1), ==, 1);
}

/* An older copy of the file, and one made anew: its sequences mean something else. */
static void
a_database_that_is_another_is_named (Fixture *fixture, gconstpointer data)
{
  Secretariat     *self = &fixture->secretariat;
  g_autofree char *both = NULL;
  g_autofree char *uuid = NULL, *with_uuid = NULL, *beyond = NULL, *epoch = NULL;

  write_one (fixture, "one", "a");
  both = dup_both (fixture);
  uuid = get_member (fixture, "/one", "uuid");
  epoch = g_strndup (uuid, 8);
  beyond = g_strdup_printf ("[{\"name\":\"one\",\"since\":\"9-%s\"}]", epoch);
  assert_named (fixture, self->admin, beyond, "one");

  g_free (secretariat_expect (self, self->admin, "DELETE", "/one", NULL, 200));
  g_free (secretariat_expect (self, self->admin, "PUT", "/one", NULL, 201));
  assert_named (fixture, self->admin, "[{\"name\":\"one\",\"since\":\"0\"}]", ""); /* is empty */
  with_uuid = g_strdup_printf ("[{\"name\":\"one\",\"uuid\":\"%s\"}]", uuid);
  assert_named (fixture, self->admin, with_uuid, "one");
  write_one (fixture, "one", "b");
  assert_named (fixture, self->admin, both, "one");
}

static void
a_log_that_is_not_the_one_given_is_named (Fixture *fixture, gconstpointer data)
{
  Secretariat           *self = &fixture->secretariat;
  g_autofree char       *answer = NULL;
  g_autoptr (ValiseJson) json = NULL;
  guint                  token = VALISE_JSON_NONE;
  static const char      same[] = "[{\"name\":\"one\",\"since\":\"0\",\"logs\":[{\"id\":\"log\","
                                  "\"session\":\"s\",\"ordinal\":4}]}]";

  g_free (secretariat_expect (self, self->admin, "PUT", "/one/_local/log",
                              "{\"session_id\":\"s\",\"ordinal\":4}", 201));
  assert_named (fixture, self->admin, same, "");
  g_free (secretariat_expect (self, self->admin, "PUT", "/one/_local/log",
                              "{\"session_id\":\"s\",\"ordinal\":3}", 201));
  answer = ask (fixture, self->admin, same);
  json = valise_json_scan_text (answer, -1, VALISE_JSON_ANY, NULL);
  token = valise_json_first (json, valise_json_find (json, 0, "databases"));
  g_assert_cmpuint (valise_json_count (json, valise_json_find (json, token, "logs")), ==, 1);
  assert_named (fixture, self->admin,
                "[{\"name\":\"one\",\"since\":\"0\",\"logs\":[{\"id\":\"none\",\"session\":\"s\","
                "\"ordinal\":4}]}]",
                "one");
}

static char *
ask_of_log (Fixture *fixture, const char *log)
{
  g_autofree char *databases =
      g_strdup_printf ("[{\"name\":\"one\",\"since\":\"0\",\"logs\":[%s]}]", log);

  return ask (fixture, fixture->secretariat.admin, databases);
}

/* So that nobody has to ask for it afterwards. */
static void
a_log_that_is_not_known_is_told (Fixture *fixture, gconstpointer data)
{
  Secretariat        *self = &fixture->secretariat;
  g_autofree char    *none = NULL, *some = NULL, *other = NULL, *same = NULL, *longest = NULL;
  g_autoptr (GString) large = g_string_new ("{\"session_id\":\"t\",\"ordinal\":1,\"x\":\"");

  none = ask_of_log (fixture, "{\"id\":\"log\"}");
  g_assert_nonnull (strstr (none, "\"logs\":[\"log\"],\"held\":[null]"));
  g_free (secretariat_expect (self, self->admin, "PUT", "/one/_local/log",
                              "{\"session_id\":\"s\",\"ordinal\":4}", 201));
  some = ask_of_log (fixture, "{\"id\":\"log\"}");
  g_assert_nonnull (strstr (some, "\"held\":[{\"session_id\":\"s\",\"ordinal\":4}]"));
  other = ask_of_log (fixture, "{\"id\":\"log\",\"session\":\"s\",\"ordinal\":3},{\"id\":\"no\"}");
  g_assert_nonnull (strstr (other, "\"logs\":[\"log\",\"no\"],\"held\":[{\"session_id\""));
  g_assert_nonnull (strstr (other, "},null]"));
  same = ask_of_log (fixture, "{\"id\":\"log\",\"session\":\"s\",\"ordinal\":4}");
  g_assert_null (strstr (same, "held"));

  for (guint i = 0; i < 10000; i++)
    g_string_append_c (large, 'x');
  g_string_append (large, "\"}");
  g_free (secretariat_expect (self, self->admin, "PUT", "/one/_local/log", large->str, 201));
  longest = ask_of_log (fixture, "{\"id\":\"log\"}");
  g_assert_nonnull (strstr (longest, "\"held\":[false]"));
}

static void
each_database_is_checked_for_access (Fixture *fixture, gconstpointer data)
{
  Secretariat *self = &fixture->secretariat;

  write_one (fixture, "one", "a");
  assert_named (fixture, self->delegate,
                "[{\"name\":\"one\"},{\"name\":\"desk-xor\"},{\"name\":\"inbox\"},"
                "{\"name\":\"nowhere\"}]",
                "one!forbidden desk-xor!forbidden inbox!forbidden nowhere!not_found");
  g_free (secretariat_expect (self, NULL, "POST", "/_valise/poll", "{}", 401));
}

static void
the_account_is_told_where_it_is_another (Fixture *fixture, gconstpointer data)
{
  Secretariat     *self = &fixture->secretariat;
  g_autofree char *first = secretariat_expect (self, self->delegate, "POST", "/_valise/poll",
                                               "{\"account\":\"another\"}", 200);
  g_autofree char *second = ask (fixture, self->delegate, "[]");

  g_assert_nonnull (strstr (first, "{\"name\":\"desk-xke\",\"read\":true,\"write\":true}"));
  g_assert_null (strstr (second, "account"));
}

static void
questions_beyond_the_limits_are_refused (Fixture *fixture, gconstpointer data)
{
  Secretariat        *self = &fixture->secretariat;
  g_autoptr (GString) many = g_string_new ("{\"databases\":[{\"name\":\"one\"}");

  for (guint i = 0; i < 256; i++)
    g_string_append (many, ",{\"name\":\"one\"}");
  g_string_append (many, "]}");
  g_free (secretariat_expect (self, self->admin, "POST", "/_valise/poll", many->str, 400));
  g_free (secretariat_expect (self, self->admin, "POST", "/_valise/poll",
                              "{\"databases\":[{\"since\":\"0\"}]}", 400));
  g_free (secretariat_expect (self, self->admin, "POST", "/_valise/poll",
                              "{\"databases\":{\"name\":\"one\"}}", 400));
  g_free (secretariat_expect (self, self->admin, "POST", "/_valise/poll",
                              "{\"databases\":[{\"name\":\"one\",\"logs\":[{\"session\":\"a\"}]}]}",
                              400));
  g_free (
      secretariat_expect (self, self->admin, "POST", "/_valise/poll?feed=continuous", "{}", 400));
}

/* --- waiting --------------------------------------------------------------------------------- */

static void
a_poll_that_waits_answers_at_a_write_to_any (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "one", "two" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *both = dup_both (fixture);
      g_autoptr (Wire) wire = wait_for (fixture, fixture->secretariat.admin, both, "timeout=60000");
      g_autoptr (Reply) reply = NULL;
      g_autofree char  *named = NULL;
      gint64            start = 0;

      await_waiters (fixture, 1);
      start = g_get_monotonic_time ();
      write_one (fixture, names[i], "news");
      reply = wire_read (wire, FALSE);
      g_assert_nonnull (reply);
      named = dup_named (reply->body->str);
      g_assert_cmpstr (named, ==, names[i]);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
    }
}

static void
a_poll_without_news_ends_at_its_timeout (Fixture *fixture, gconstpointer data)
{
  g_autofree char *both = dup_both (fixture);
  g_autoptr (Wire) wire =
      wait_for (fixture, fixture->secretariat.admin, both, "timeout=2500&heartbeat=1000");
  g_autoptr (Reply) reply = wire_read (wire, FALSE);
  g_autofree char  *named = NULL;

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (g_str_has_prefix (reply->body->str, "\n\n{"));
  named = dup_named (reply->body->str);
  g_assert_cmpstr (named, ==, "");
}

static void
who_lost_access_while_waiting_hears_no_more (Fixture *fixture, gconstpointer data)
{
  Secretariat      *self = &fixture->secretariat;
  static const char open[] = "{\"admins\":{\"names\":[],\"roles\":[]},"
                             "\"members\":{\"names\":[],\"roles\":[\"delegate\"]}}";
  static const char shut[] = "{\"admins\":{\"names\":[],\"roles\":[\"secretariat\"]},"
                             "\"members\":{\"names\":[],\"roles\":[\"secretariat\"]}}";
  g_autofree char  *both = NULL, *named = NULL;
  g_autoptr (Wire)  wire = NULL;
  g_autoptr (Reply) reply = NULL;

  g_free (secretariat_expect (self, self->admin, "PUT", "/one/_security", open, 200));
  g_free (secretariat_expect (self, self->admin, "PUT", "/two/_security", open, 200));
  both = dup_both (fixture);
  wire = wait_for (fixture, self->delegate, both, "timeout=60000");
  await_waiters (fixture, 1);
  g_free (secretariat_expect (self, self->admin, "PUT", "/one/_security", shut, 200));
  write_one (fixture, "one", "secret");
  reply = wire_read (wire, FALSE);
  named = dup_named (reply->body->str);
  g_assert_cmpstr (named, ==, "one!forbidden");
  g_assert_null (strstr (reply->body->str, "update_seq"));
}

static void
who_is_revoked_while_waiting_is_turned_away_at_once (Fixture *fixture, gconstpointer data)
{
  Secretariat      *self = &fixture->secretariat;
  g_autoptr (Wire)  wire = wait_for (fixture, self->delegate, "[]", "timeout=60000");
  g_autoptr (Wire)  other = wait_for (fixture, self->other, "[]", "timeout=60000");
  g_autoptr (Reply) reply = NULL;
  gint64            start = 0;

  await_waiters (fixture, 2);
  start = g_get_monotonic_time ();
  secretariat_revoke (self, "xke");
  reply = wire_read (wire, FALSE);
  g_assert_nonnull (reply);
  g_assert_cmpuint (reply->status, ==, 401);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  await_waiters (fixture, 1); /* the other goes on waiting */
}

static void
a_database_that_vanishes_is_named (Fixture *fixture, gconstpointer data)
{
  Secretariat      *self = &fixture->secretariat;
  g_autofree char  *both = dup_both (fixture), *named = NULL;
  g_autoptr (Wire)  wire = wait_for (fixture, self->admin, both, "timeout=60000");
  g_autoptr (Reply) reply = NULL;

  await_waiters (fixture, 1);
  g_free (secretariat_expect (self, self->admin, "DELETE", "/two", NULL, 200));
  reply = wire_read (wire, FALSE);
  named = dup_named (reply->body->str);
  g_assert_cmpstr (named, ==, "two!not_found");
}

static void
a_server_that_stops_lets_go_and_another_run_says_so (Fixture *fixture, gconstpointer data)
{
  Secretariat      *self = &fixture->secretariat;
  g_autofree char  *both = dup_both (fixture);
  g_autofree char  *question = make_question (fixture, self->admin, both);
  g_autofree char  *known = json_member (question, "server"), *now = NULL, *again = NULL;
  g_autoptr (Wire)  wire = wait_for (fixture, self->admin, both, "timeout=60000");
  g_autoptr (Reply) reply = NULL;

  await_waiters (fixture, 1);
  secretariat_stop (self);
  reply = wire_read (wire, FALSE);
  g_assert_cmpuint (reply->status, ==, 200);
  secretariat_start (self, NULL, NULL);
  again = secretariat_expect (self, self->admin, "POST",
                              "/_valise/poll?feed=longpoll&timeout=60000", question, 200);
  now = json_member (again, "server");
  g_assert_cmpstr (now, !=, known); /* and it did not wait to say so */
}

static void
the_welcome_names_the_feature (Fixture *fixture, gconstpointer data)
{
  g_autofree char *welcome =
      secretariat_expect (&fixture->secretariat, NULL, "GET", "/", NULL, 200);

  g_assert_nonnull (strstr (welcome, "\"poll\""));
}

#define ADD(test) g_test_add ("/poll/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (what_did_not_move_is_not_named);
  ADD (what_moved_says_what_its_own_page_says);
  ADD (a_database_that_is_another_is_named);
  ADD (a_log_that_is_not_the_one_given_is_named);
  ADD (a_log_that_is_not_known_is_told);
  ADD (each_database_is_checked_for_access);
  ADD (the_account_is_told_where_it_is_another);
  ADD (questions_beyond_the_limits_are_refused);
  ADD (a_poll_that_waits_answers_at_a_write_to_any);
  ADD (a_poll_without_news_ends_at_its_timeout);
  ADD (who_lost_access_while_waiting_hears_no_more);
  ADD (who_is_revoked_while_waiting_is_turned_away_at_once);
  ADD (a_database_that_vanishes_is_named);
  ADD (a_server_that_stops_lets_go_and_another_run_says_so);
  ADD (the_welcome_names_the_feature);

  return g_test_run ();
}
