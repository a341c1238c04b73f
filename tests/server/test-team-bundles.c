/* test-team-bundles.c - two laptops of a delegation, and the sticks that go between them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "laptop.h"
#include "valise-bundle.h"

static char *template;

typedef struct
{
  Office office;
  Laptop amina; /* xke */
  Laptop jun;   /* xke */
  char  *file;
} Fixture;

static void
join (Fixture *fixture, Laptop *laptop, const char *person)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (&fixture->office, person, "xke", "delegate");

  laptop_join (laptop, &fixture->office, invitation, NULL);
  laptop_pull_all (laptop);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  join (fixture, &fixture->amina, "Amina Diallo");
  join (fixture, &fixture->jun, "Jun Park");
  fixture->file = g_build_filename (fixture->office.root, "team.valise-bundle", NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  laptop_close (&fixture->amina);
  laptop_close (&fixture->jun);
  office_close (&fixture->office);
  g_free (fixture->file);
}

static void
write_note (Laptop *laptop, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, "team-xke");
  g_autoptr (GBytes)         body = g_bytes_new_static ("{\"n\":1}", 7);
  g_autoptr (GError)         error = NULL;
  g_autofree char *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

static gboolean
has_note (Laptop *laptop, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, "team-xke");
  g_autoptr (ValiseDocument) note = valise_database_get (database, id, NULL, NULL);

  return note != NULL;
}

static gboolean
write_bundle (Fixture *fixture, Laptop *laptop, const char *passphrase, GError **error)
{
  const ValiseBundleOrder         order = { .path = fixture->file,
                                            .recipient = "colleagues",
                                            .secret = { passphrase, NULL } };
  g_autoptr (ValiseBundleReceipt) receipt =
      valise_account_write_bundle (laptop->account, &order, NULL, error);

  return receipt != NULL;
}

static gboolean
read_bundle (Fixture *fixture, Laptop *laptop, const char *passphrase, GError **error)
{
  const ValiseBundleSecret        secret = { passphrase, NULL };
  g_autoptr (ValiseBundleArrival) arrival = valise_account_read_bundle (
      laptop->account, fixture->file, &secret, VALISE_GATE (laptop->trust), NULL, error);

  return arrival != NULL;
}

static void
a_team_that_had_one_passphrase_needs_none_any_more (Fixture *fixture, gconstpointer data)
{
  const ValiseBundleOrder        order = { .path = fixture->file, .recipient = "colleagues" };
  g_autofree ValiseBundleWeight *before = NULL, *after = NULL;
  g_autoptr (GError)             error = NULL, secret = NULL, locked = NULL;

  /* Without a key, nothing goes without a passphrase. */
  write_note (&fixture->amina, "note:1");
  before = valise_account_weigh_bundle (fixture->amina.account, &order, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (before->has_team_key);
  g_assert_cmpuint (before->documents, >, 1);
  g_assert_false (write_bundle (fixture, &fixture->amina, NULL, &secret));
  g_assert_error (secret, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_SECRET);

  g_assert_true (write_bundle (fixture, &fixture->amina, "le mot de passe", &error));
  g_assert_false (read_bundle (fixture, &fixture->jun, NULL, &locked));
  g_assert_error (locked, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_LOCKED);
  g_assert_true (read_bundle (fixture, &fixture->jun, "le mot de passe", &error));
  g_assert_no_error (error);

  /* From now on both ways. */
  after = valise_account_weigh_bundle (fixture->amina.account, &order, NULL, &error);
  g_assert_true (after->has_team_key);
  write_note (&fixture->amina, "note:2");
  g_assert_true (write_bundle (fixture, &fixture->amina, NULL, &error));
  g_assert_true (read_bundle (fixture, &fixture->jun, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (has_note (&fixture->jun, "note:2"));
  write_note (&fixture->jun, "note:3");
  g_assert_true (write_bundle (fixture, &fixture->jun, NULL, &error));
  g_assert_true (read_bundle (fixture, &fixture->amina, NULL, &error));
  g_assert_true (has_note (&fixture->amina, "note:3"));
}

static void
without_the_teams_key_it_is_said_and_nothing_is_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, team = NULL;

  write_note (&fixture->amina, "note:1");
  g_assert_true (write_bundle (fixture, &fixture->amina, "le mot de passe", &error));
  g_assert_true (write_bundle (fixture, &fixture->amina, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (read_bundle (fixture, &fixture->jun, NULL, &team));
  g_assert_error (team, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_TEAM);
  g_assert_false (has_note (&fixture->jun, "note:1"));
}

#define ADD(test) g_test_add ("/team-bundles/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();
  ADD (a_team_that_had_one_passphrase_needs_none_any_more);
  ADD (without_the_teams_key_it_is_said_and_nothing_is_taken);
  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
