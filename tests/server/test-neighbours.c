/* test-neighbours.c - two laptops on one network: paired by six digits, and what each may have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "neighbours-fixture.h"
#include "valise-canonical.h"
#include "valise-file-transfer.h"

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

static void
delete_note (Laptop *laptop, const char *name, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, name);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDocument) note = valise_database_get (database, id, NULL, &error);
  g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
  g_autofree char           *rev = NULL;

  g_assert_no_error (error);
  rev = valise_database_put (database, id, note->rev, TRUE, body, NULL, &error);
  g_assert_no_error (error);
}

/* Of a note that was deleted there before the two met, and that a stick has brought since. More go
 * along than are sent without asking what is missing. */
static void
a_colleague_hears_again_of_what_was_deleted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_note (&fixture->amina, "team-xke", "note:gone", "{\"n\":1}");
  delete_note (&fixture->amina, "team-xke", "note:gone");
  pair (fixture, &fixture->jun);
  valise_bundle_arrival_free (receive (fixture, &fixture->jun, &error));
  g_assert_no_error (error);

  write_note (&fixture->jun, "team-xke", "note:gone", "{\"n\":1}");
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *id = g_strdup_printf ("note:%u", i);

      write_note (&fixture->jun, "team-xke", id, "{\"n\":1}");
    }
  for (guint i = 0; i < 2; i++)
    {
      valise_bundle_arrival_free (receive (fixture, &fixture->jun, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpint (laptop_count (&fixture->amina, "team-xke"), ==, 30);
  g_assert_cmpint (laptop_count (&fixture->jun, "team-xke"), ==, 30);
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
  ADD (a_colleague_hears_again_of_what_was_deleted);
  ADD (a_colleague_gives_what_is_wanted_and_takes_what_was_made);
  ADD (a_file_of_the_record_is_given_by_who_has_its_bytes);
  ADD (another_delegation_has_the_record_and_no_more);
  ADD (a_forged_paper_of_a_colleague_is_refused);
  ADD (without_rules_a_desk_takes_nothing_yet);
  ADD (a_laptop_without_the_programme_takes_nothing_for_the_desk);
  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
