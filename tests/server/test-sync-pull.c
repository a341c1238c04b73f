/* test-sync-pull.c - what a laptop receives from a real server, over HTTPS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "laptop.h"
#include "valise-test.h"

static char *template;

typedef struct
{
  Office office;
  Laptop laptop;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  laptop_open (&fixture->laptop, &fixture->office, NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
}

static void
everything_arrives_once_and_is_the_same_to_the_byte (Fixture *fixture, gconstpointer data)
{
  laptop_pull_all (&fixture->laptop);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (fixture->laptop.progress.stored, ==, OFFICE_DOCUMENTS);
  g_assert_cmpuint (fixture->laptop.refused->len, ==, 0);
  assert_same (&fixture->laptop, &fixture->office, "public");
}

static void
the_next_pull_brings_only_what_is_new (Fixture *fixture, gconstpointer data)
{
  laptop_pull_all (&fixture->laptop);
  fixture->laptop.source->rows = fixture->laptop.source->fetched = 0;
  laptop_pull_all (&fixture->laptop);
  g_assert_cmpuint (fixture->laptop.source->rows, ==, 0);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, 0);

  office_issue (office_get_registry (&fixture->office), 1, "second");
  office_issue (office_get_registry (&fixture->office), OFFICE_PAPERS + 1, "first");
  laptop_pull_all (&fixture->laptop);
  g_assert_cmpuint (fixture->laptop.source->rows, ==, 2 * OFFICE_A_PAPER);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, 2 * OFFICE_A_PAPER);
  assert_same (&fixture->laptop, &fixture->office, "public");
}

/* --- languages ------------------------------------------------------------------------------- */

static gboolean
pull_languages (Laptop *laptop, const char *const *languages)
{
  g_autoptr (ValisePolicy)     policy = valise_policy_new (languages);
  g_autoptr (ValiseReplicator) replicator = laptop_make_puller (laptop, "public");
  g_autoptr (GError)           error = NULL;

  valise_replicator_set_want (replicator, valise_policy_want, valise_policy_ref (policy),
                              (GDestroyNotify) valise_policy_unref);
  valise_replicator_set_want_version (replicator, valise_policy_get_version (policy));
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  valise_replicator_get_progress (replicator, &laptop->progress);
  return TRUE;
}

static void
assert_known_with_its_size (Fixture *fixture, const char *id)
{
  g_autoptr (ValiseDatabase) here = laptop_get_database (&fixture->laptop, "public");
  g_autoptr (ValiseDatabase) there = office_get_database (&fixture->office, "public");
  g_autoptr (ValiseDocument) known = valise_database_get (here, id, NULL, NULL);
  g_autoptr (ValiseDocument) whole = valise_database_get (there, id, NULL, NULL);

  g_assert_nonnull (known);
  g_assert_null (known->body);
  g_assert_cmpint (known->size, ==, (gint64) g_bytes_get_size (whole->body));
  g_assert_cmpstr (known->rev, ==, whole->rev);
}

static void
only_the_chosen_languages_are_fetched (Fixture *fixture, gconstpointer data)
{
  const char *const two[] = { "ar", "zh", NULL }, *const three[] = { "ar", "fr", "zh", NULL };
  g_autofree char *french = office_dup_text_id (3, "fr");
  g_autofree char *chinese = office_dup_text_id (3, "zh");
  guint            few = OFFICE_OTHERS + OFFICE_PAPERS * 3;

  pull_languages (&fixture->laptop, two);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, few);
  g_assert_cmpuint (fixture->laptop.progress.known, ==, OFFICE_DOCUMENTS - few);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, few);
  assert_known_with_its_size (fixture, french);

  pull_languages (&fixture->laptop, three);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, few + OFFICE_PAPERS);
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
}

static gboolean
fetch (Laptop *laptop, const char *id, GError **error)
{
  g_autoptr (ValiseReplicator) replicator = laptop_make_puller (laptop, "public");
  const char *const            ids[] = { id, NULL };

  return valise_replicator_fetch (replicator, ids, NULL, error);
}

static void
a_text_that_is_only_known_is_fetched_on_demand (Fixture *fixture, gconstpointer data)
{
  const char *const          one[] = { "en", NULL };
  g_autofree char           *russian = office_dup_text_id (7, "ru");
  g_autoptr (ValiseDatabase) here = laptop_get_database (&fixture->laptop, "public");
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (GError)         error = NULL;
  guint                      before = 0;

  pull_languages (&fixture->laptop, one);
  before = fixture->laptop.source->fetched;
  fetch (&fixture->laptop, russian, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->laptop.source->fetched, ==, before + 1);
  document = valise_database_get (here, russian, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (document->body);
  g_assert_nonnull (strstr (g_bytes_get_data (document->body, NULL), office_words[4]));

  pull_languages (&fixture->laptop, one);
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
  g_assert_false (fetch (&fixture->laptop, "text:A/1:ru", &error));
  g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING);
}

/* --- a server that comes and goes ------------------------------------------------------------ */

static gpointer
restart_thread (gpointer data)
{
  Office *office = data;

  office_stop (office);
  g_usleep (300 * 1000);
  office_start (office);
  return NULL;
}

typedef struct
{
  Office  *office;
  GThread *thread; /* that restarts it; NULL: not yet */
} Restart;

static void
restart_cb (ValiseReplicator *replicator, Restart *restart)
{
  ValiseProgress progress = { 0 };

  valise_replicator_get_progress (replicator, &progress);
  if (restart->thread == NULL && progress.expected > 0)
    restart->thread = g_thread_new ("restart", restart_thread, restart->office);
}

static void
a_server_restarted_in_the_middle_costs_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseReplicator) replicator = laptop_make_puller (&fixture->laptop, "public");
  Restart                      restart = { &fixture->office, NULL };
  g_autoptr (GError)           error = NULL;

  g_signal_connect (replicator, "progress", G_CALLBACK (restart_cb), &restart);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_thread_join (restart.thread);
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
  assert_same (&fixture->laptop, &fixture->office, "public");
}

/* Keeps the server's folder as it is now, or puts back what was kept. */
static void
back_up (Fixture *fixture, gboolean restore)
{
  g_autofree char *copy = g_build_filename (fixture->office.root, "backup", NULL);

  office_stop (&fixture->office);
  if (restore)
    remove_folder (fixture->office.server.directory);
  folder_copy (restore ? copy : fixture->office.server.directory,
               restore ? fixture->office.server.directory : copy);
  office_start (&fixture->office);
}

/* The same while nobody serves, and 3 papers more before anybody does. */
static void
put_back_and_issue (Fixture *fixture)
{
  g_autofree char           *copy = g_build_filename (fixture->office.root, "backup", NULL);
  g_autoptr (ValiseHome)     home = NULL;
  g_autoptr (ValiseRegistry) registry = NULL;

  office_stop (&fixture->office);
  remove_folder (fixture->office.server.directory);
  folder_copy (copy, fixture->office.server.directory);
  home = valise_home_open (fixture->office.server.directory, NULL);
  registry = valise_registry_open (home, NULL);
  for (guint i = 0; i < 3; i++)
    office_issue (registry, 201 + i, "first");
  g_clear_object (&registry);
  valise_home_close (home);
  office_start (&fixture->office);
}

/* @n papers from number @from on. */
static void
issue_many (Fixture *fixture, guint from, guint n)
{
  for (guint i = 0; i < n; i++)
    office_issue (office_get_registry (&fixture->office), from + i, "first");
}

static gboolean
has_document (Laptop *laptop, guint number)
{
  g_autofree char           *id = office_dup_text_id (number, "es");
  g_autoptr (ValiseDatabase) here = laptop_get_database (laptop, "public");
  g_autoptr (ValiseDocument) document = valise_database_get (here, id, NULL, NULL);

  return document != NULL && document->body != NULL;
}

static void
a_server_put_back_from_a_backup_skips_nothing (Fixture *fixture, gconstpointer data)
{
  laptop_pull_all (&fixture->laptop);
  back_up (fixture, FALSE);
  issue_many (fixture, 101, 2);
  laptop_pull_all (&fixture->laptop);

  /* What is issued now has the sequences that those papers had. */
  back_up (fixture, TRUE);
  issue_many (fixture, 201, 3);
  laptop_pull_all (&fixture->laptop);
  for (guint i = 0; i < 3; i++)
    g_assert_true (has_document (&fixture->laptop, 201 + i));
  g_assert_true (has_document (&fixture->laptop, 102));
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
}

/* --- listening ------------------------------------------------------------------------------- */

typedef struct
{
  ValiseReplicator *replicator;
  GCancellable     *cancellable;
  GError           *error;
  guint             caught_up; /* how often; atomic */
} Listening;

static void
caught_up_cb (ValiseReplicator *replicator, Listening *listening)
{
  g_atomic_int_inc (&listening->caught_up);
}

static gpointer
listen_thread (gpointer data)
{
  Listening *listening = data;

  valise_replicator_run (listening->replicator, TRUE, listening->cancellable, &listening->error);
  return NULL;
}

static GThread *
start_listening (Listening *listening, Laptop *laptop)
{
  GThread *thread = NULL;

  listening->replicator = laptop_make_puller (laptop, "public");
  listening->cancellable = g_cancellable_new ();
  g_signal_connect (listening->replicator, "caught-up", G_CALLBACK (caught_up_cb), listening);
  thread = g_thread_new ("listening", listen_thread, listening);
  while (g_atomic_int_get (&listening->caught_up) == 0)
    g_usleep (10 * 1000);
  g_usleep (200 * 1000); /* until it waits for news */
  return thread;
}

static void
stop_listening (Listening *listening, GThread *thread)
{
  g_cancellable_cancel (listening->cancellable);
  g_thread_join (thread);
  g_clear_error (&listening->error);
  g_object_unref (listening->replicator);
  g_object_unref (listening->cancellable);
}

/* Waits for a text of paper @number; the seconds it took, or @most. */
static double
wait_for (Laptop *laptop, guint number, double most)
{
  gint64 start = g_get_monotonic_time ();
  double waited = 0;

  while (!has_document (laptop, number) && waited < most)
    {
      g_usleep (10 * 1000);
      waited = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    }
  return waited;
}

static void
what_is_issued_reaches_a_laptop_that_listens_within_two_seconds (Fixture      *fixture,
                                                                 gconstpointer data)
{
  Listening listening = { 0 };
  GThread  *thread = start_listening (&listening, &fixture->laptop);
  double    waited = 0;

  issue_many (fixture, 301, 1);
  waited = wait_for (&fixture->laptop, 301, 10);
  g_test_message ("%.3f s", waited);
  g_assert_cmpfloat (waited, <, 2);
  stop_listening (&listening, thread);
  g_assert_cmpuint (fixture->laptop.source->twice, ==, 0);
}

/* The laptop listens on, through the server's absence, to one that has forgotten what it
 * issued last and has issued as much again. */
static void
a_laptop_that_listens_to_a_backup_skips_nothing (Fixture *fixture, gconstpointer data)
{
  Listening listening = { 0 };
  GThread  *thread = NULL;

  back_up (fixture, FALSE);
  issue_many (fixture, 101, 2);
  thread = start_listening (&listening, &fixture->laptop);
  g_assert_true (has_document (&fixture->laptop, 102));

  put_back_and_issue (fixture);
  for (guint i = 0; i < 3 && listening.error == NULL; i++)
    g_assert_cmpfloat (wait_for (&fixture->laptop, 201 + i, 10), <, 10);
  stop_listening (&listening, thread);

  laptop_pull_all (&fixture->laptop);
  for (guint i = 0; i < 3; i++)
    g_assert_true (has_document (&fixture->laptop, 201 + i));
}

/* --- many ------------------------------------------------------------------------------------ */

static void
laptops_come_and_go_and_leave_nothing_open (Fixture *fixture, gconstpointer data)
{
  guint n = valise_test_count (10), before = 0;

  for (guint i = 0; i < n; i++)
    {
      const char *const           one[] = { "fr", NULL };
      Laptop                      laptop = { 0 };
      g_autoptr (ValiseScheduler) scheduler = NULL;
      g_autoptr (GError)          error = NULL;

      laptop_open (&laptop, &fixture->office, one);
      scheduler = valise_scheduler_new (laptop.account);
      valise_scheduler_sync_once (scheduler, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (laptop_count (&laptop, "public"), ==, OFFICE_OTHERS + 2 * OFFICE_PAPERS);
      g_clear_object (&scheduler);
      laptop_close (&laptop);
      if (i == 2)
        before = count_descriptors ();
    }
  g_test_message ("%u descriptors after the third, %u at the end", before, count_descriptors ());
  g_assert_cmpuint (count_descriptors (), <=, before + 4);
}

#define ADD(test) g_test_add ("/sync-pull/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (everything_arrives_once_and_is_the_same_to_the_byte);
  ADD (the_next_pull_brings_only_what_is_new);
  ADD (only_the_chosen_languages_are_fetched);
  ADD (a_text_that_is_only_known_is_fetched_on_demand);
  ADD (a_server_restarted_in_the_middle_costs_nothing);
  ADD (a_server_put_back_from_a_backup_skips_nothing);
  ADD (what_is_issued_reaches_a_laptop_that_listens_within_two_seconds);
  ADD (a_laptop_that_listens_to_a_backup_skips_nothing);
  ADD (laptops_come_and_go_and_leave_nothing_open);

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
