/* test-sync-order.c - what a connection of seconds is spent on
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The office has papers of other days, and last of all, so that sequences alone would bring it
 * last, a meeting that is held today with its agenda and two papers, one of them for tomorrow.
 */

#include "laptop.h"
#include "valise-test.h"

#define NOISE    6    /* papers that compress badly, of no meeting */
#define TODAY    7001 /* the papers' numbers */
#define LATER    7002
#define PATIENCE 40    /* quarters of a second */
#define OLD      5     /* documents that were there once, and deleted */
#define SECONDS  24000 /* bytes of a short connection, with its handshake and signing in */

typedef struct
{
  Office office;
  Laptop laptop;

  GCancellable *leaving; /* lent */
} Fixture;

/* --- what the office has --------------------------------------------------------------------- */

static char *
dup_day (gint days)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = g_date_time_add_days (now, days);

  return g_date_time_format (day, "%Y-%m-%d");
}

static void
issue_noise (ValiseRegistry *registry)
{
  for (guint i = 0; i < NOISE; i++)
    {
      g_autofree char *note = valise_random_hex (400);

      office_issue (registry, 6000 + i, note);
    }
}

static void
issue_meeting (ValiseRegistry *registry)
{
  g_autofree char *today = dup_day (0), *tomorrow = dup_day (1);
  g_autofree char *meeting = g_strdup_printf (
      "{\"type\":\"meeting\",\"kind\":\"session\",\"name\":{\"en\":\"This "
      "week\"},\"body\":\"oewg\","
      "\"start\":\"%s\",\"end\":\"%s\",\"sittings\":["
      "{\"date\":\"%s\",\"start\":\"10:00\",\"end\":\"13:00\",\"title\":{\"en\":\"First\"},"
      "\"items\":[\"5\"]},"
      "{\"date\":\"%s\",\"start\":\"10:00\",\"end\":\"13:00\",\"title\":{\"en\":\"Second\"},"
      "\"items\":[\"6\"]}]}",
      today, tomorrow, today, tomorrow);

  office_issue_one (registry, "meeting:now", meeting);
  office_issue_one (registry, "agenda:now",
                    "{\"type\":\"agenda\",\"meeting\":\"meeting:now\",\"items\":["
                    "{\"number\":\"5\",\"title\":{\"en\":\"Norms\"}},"
                    "{\"number\":\"6\",\"title\":{\"en\":\"Capacity\"}}]}");
}

static void
issue_paper_of (ValiseRegistry *registry, guint number, const char *item)
{
  g_autofree char *symbol = office_dup_symbol (number);
  g_autofree char *id = valise_id_for_paper (symbol);
  g_autofree char *body =
      g_strdup_printf ("{\"type\":\"paper\",\"symbol\":\"%s\",\"kind\":\"working-paper\",\"title\":"
                       "{\"en\":\"%s\"},\"meeting\":\"meeting:now\",\"items\":[\"%s\"],"
                       "\"languages\":[\"en\",\"fr\"]}",
                       symbol, symbol, item);

  office_issue_one (registry, id, body);
  for (guint language = 1; language <= 3; language += 2) /* English and French */
    {
      g_autofree char *text_id = valise_id_for_text (symbol, valise_language_list ()[language]);
      g_autofree char *text = office_make_text (symbol, language, "of this week");

      office_issue_one (registry, text_id, text);
    }
}

static void
leave_tombstones (ValiseDatabase *database)
{
  for (guint i = 0; i < OLD; i++)
    {
      g_autofree char   *id = g_strdup_printf ("old:%u", i);
      g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
      g_autoptr (GError) error = NULL;
      g_autofree char *first = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);
      g_autofree char *last = valise_database_put (database, id, first, TRUE, body, NULL, &error);

      g_assert_no_error (error);
    }
}

static void
setup (Fixture *fixture, gconstpointer template)
{
  ValiseRegistry            *registry = NULL;
  g_autoptr (ValiseDatabase) database = NULL;

  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  registry = office_get_registry (&fixture->office);
  database = office_get_database (&fixture->office, "public");
  leave_tombstones (database);
  issue_noise (registry);
  issue_meeting (registry);
  issue_paper_of (registry, LATER, "6");
  issue_paper_of (registry, TODAY, "5");
}

static void
teardown (Fixture *fixture, gconstpointer template)
{
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
}

/* --- what the laptop has --------------------------------------------------------------------- */

static gboolean
has (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (&fixture->laptop, "public");
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL && document->body != NULL;
}

static gboolean
has_text (Fixture *fixture, guint number, const char *language)
{
  g_autofree char *id = office_dup_text_id (number, language);

  return has (fixture, id);
}

static gboolean
has_today (Fixture *fixture)
{
  return has (fixture, "programme") && has (fixture, "agenda:now") && has (fixture, "meeting:now")
         && has_text (fixture, TODAY, "en") && has_text (fixture, TODAY, "fr");
}

/* The line is down; the user waits until nothing more happens, and goes. */
static void
line_broke_cb (GCancellable *line, Fixture *fixture)
{
  gint before = -1, now = 0;

  for (guint i = 0; i < PATIENCE && (now == 0 || now != before); i++)
    {
      g_usleep (G_USEC_PER_SEC / 4);
      before = now;
      now = g_atomic_int_get ((gint *) &fixture->laptop.source->fetched);
    }
  g_cancellable_cancel (fixture->leaving);
}

/* Bytes after which the line breaks; @patient: or the user has gone before all of it was read. */
static gboolean
pull_for (Fixture *fixture, guint64 bytes, gboolean patient)
{
  g_autoptr (GCancellable) line = g_cancellable_new ();
  g_autoptr (GCancellable) leaving = g_cancellable_new ();
  g_autoptr (GError)       error = NULL;
  gboolean                 ok = FALSE;

  fixture->leaving = leaving;
  if (patient)
    g_signal_connect (line, "cancelled", G_CALLBACK (line_broke_cb), fixture);
  relay_cut_after (fixture->office.relay, bytes, patient ? line : leaving);
  ok = laptop_pull (&fixture->laptop, "public", leaving, &error);
  relay_cut_after (fixture->office.relay, 0, NULL);
  return ok;
}

static void
assert_whole_and_once (Fixture *fixture)
{
  g_autoptr (ValiseDatabase) here = laptop_get_database (&fixture->laptop, "public");
  g_autoptr (ValiseDatabase) there = office_get_database (&fixture->office, "public");
  ValiseDatabaseInfo         ours = { 0 }, theirs = { 0 };

  g_assert_true (valise_database_get_info (here, &ours, NULL));
  g_assert_true (valise_database_get_info (there, &theirs, NULL));
  g_assert_cmpint (ours.documents, ==, theirs.documents);
  g_assert_cmpint (ours.absent, ==, 0);
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, (guint) theirs.documents);
  g_assert_cmpuint (fixture->laptop.refused->len, ==, 0);
}

/* --- sentences ------------------------------------------------------------------------------- */

static void
a_short_connection_brings_the_agenda_and_the_days_papers (Fixture *fixture, gconstpointer data)
{
  laptop_open (&fixture->laptop, &fixture->office, NULL);
  g_assert_false (pull_for (fixture, SECONDS, TRUE));
  g_assert_true (has_today (fixture));
  g_assert_false (has_text (fixture, LATER, "en"));
  g_assert_false (has_text (fixture, 6000 + NOISE - 1, "zh"));

  laptop_pull_all (&fixture->laptop);
  assert_whole_and_once (fixture);
}

static void
a_cut_anywhere_makes_nothing_come_twice (Fixture *fixture, gconstpointer data)
{
  guint cuts = valise_test_count (6);

  for (guint i = 0; i < cuts; i++)
    {
      laptop_open (&fixture->laptop, &fixture->office, NULL);
      for (guint j = 0; j < 3; j++)
        pull_for (fixture, 9000 + 30000 * (guint64) i / cuts, FALSE);
      laptop_pull_all (&fixture->laptop);
      assert_whole_and_once (fixture);
      if (i + 1 < cuts)
        laptop_close (&fixture->laptop);
    }
}

static void
what_changes_between_two_connections_comes_too (Fixture *fixture, gconstpointer data)
{
  ValiseRegistry            *registry = office_get_registry (&fixture->office);
  g_autofree char           *symbol = office_dup_symbol (TODAY);
  g_autofree char           *id = valise_id_for_text (symbol, "en");
  g_autofree char           *text = office_make_text (symbol, 1, "as it was amended");
  g_autoptr (ValiseDatabase) here = NULL;
  g_autoptr (ValiseDocument) document = NULL;

  laptop_open (&fixture->laptop, &fixture->office, NULL);
  g_assert_false (pull_for (fixture, SECONDS, TRUE));
  office_issue_one (registry, id, text);
  laptop_pull_all (&fixture->laptop);
  here = laptop_get_database (&fixture->laptop, "public");
  document = valise_database_get (here, id, NULL, NULL);
  g_assert_nonnull (document);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (document->body, NULL),
                                  (gssize) g_bytes_get_size (document->body), "amended"));
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
}

/* They would only delete what is not there; but one that comes to be deleted meanwhile is. */
static void
old_tombstones_never_come_to_who_began_with_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseDatabase) there = office_get_database (&fixture->office, "public");
  g_autoptr (ValiseDatabase) here = NULL;
  g_autoptr (GPtrArray)      leaves = valise_database_get_leaves (there, "agenda:now", NULL);
  g_autoptr (GBytes)         body = g_bytes_new_static ("{}", 2);
  g_autoptr (GError)         error = NULL;
  g_autofree char           *rev = NULL;
  ValiseDatabaseInfo         info = { 0 };

  laptop_open (&fixture->laptop, &fixture->office, NULL);
  g_assert_false (pull_for (fixture, SECONDS, TRUE));
  g_assert_true (has (fixture, "agenda:now"));
  rev = valise_database_put (there, "agenda:now",
                             ((ValiseRevisionLeaf *) g_ptr_array_index (leaves, 0))->rev, TRUE,
                             body, NULL, &error);
  g_assert_no_error (error);
  laptop_pull_all (&fixture->laptop);

  here = laptop_get_database (&fixture->laptop, "public");
  g_assert_true (valise_database_get_info (here, &info, NULL));
  g_assert_cmpint (info.deleted, ==, 1);
  g_assert_false (has (fixture, "agenda:now"));
}

#define ADD(test) g_test_add ("/sync-order/" #test, Fixture, template, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_autofree char *template = NULL;
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (a_short_connection_brings_the_agenda_and_the_days_papers);
  ADD (a_cut_anywhere_makes_nothing_come_twice);
  ADD (what_changes_between_two_connections_comes_too);
  ADD (old_tombstones_never_come_to_who_began_with_nothing);

  status = g_test_run ();
  remove_folder (template);
  return status;
}
