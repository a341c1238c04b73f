/* test-sync-plans.c - what was planned for a journey, and what is held
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "policy-fixture.h"

/* --- plans ---------------------------------------------------------------------------------- */

static gboolean
add_absent (const ValiseChange *change, gpointer user_data)
{
  const ValisePlan *plan = user_data;

  if (!change->here && (strcmp (plan->name, "all") == 0 || g_str_has_suffix (change->id, ":fr")))
    valise_plan_add (user_data, change->id, change->size);
  return TRUE;
}

/* What is known and not here: of a plan named "all" all of it, else the French. */
static ValisePlan *
make_plan (Fixture *fixture, const char *name)
{
  ValisePlan                *plan = valise_plan_new (name, "A meeting", "public");
  g_autoptr (ValiseDatabase) database = laptop_get_database (&fixture->laptop, "public");
  g_autoptr (GError)         error = NULL;

  valise_database_list (database, "text:", "text;", 0, VALISE_CHANGES_WINNER, add_absent, plan,
                        &error);
  g_assert_no_error (error);
  return plan;
}

static void
test_a_plan_goes_on_after_a_cut_and_a_restart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValisePlan) plan = NULL;
  g_autoptr (GPtrArray)  items = NULL, done = NULL;
  g_autoptr (GError)     error = NULL;
  ValiseQueueItem       *item = NULL;
  gint64                 before = 0;

  sync_once (fixture);
  before = laptop_count (&fixture->laptop, "public");
  plan = make_plan (fixture, "meeting:m");
  g_assert_cmpuint (plan->ids->len, ==, OFFICE_PAPERS);
  valise_scheduler_put_plan (fixture->scheduler, plan);
  valise_scheduler_flush (fixture->scheduler, &error);
  g_assert_no_error (error);
  items = valise_scheduler_list_queue (fixture->scheduler);
  g_assert_cmpuint (items->len, ==, 1);
  item = g_ptr_array_index (items, 0);
  g_assert_cmpint (item->kind, ==, VALISE_QUEUE_PLAN);
  g_assert_cmpuint (item->here, ==, 0);
  g_assert_cmpuint (item->documents, ==, OFFICE_PAPERS);

  relay_cut_after (fixture->office.relay, 9000, NULL);
  valise_scheduler_sync_once (fixture->scheduler, NULL, &error);
  g_clear_error (&error);
  restart (fixture);
  sync_once (fixture);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, before + OFFICE_PAPERS);
  done = valise_scheduler_list_queue (fixture->scheduler);
  g_assert_cmpuint (done->len, ==, 0);
}

/* "2.1 MB" is a promise: measured once, the next is within a tenth of what the sockets carry. */
static void
test_what_a_plan_will_cost_is_told_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValisePlan) plan = NULL, first = NULL, rest = NULL;
  g_autoptr (GError)     error = NULL;
  guint64                promised = 0, idle = 0;

  sync_once (fixture);
  plan = make_plan (fixture, "all");
  first = valise_plan_new ("first", NULL, "public");
  rest = valise_plan_new ("rest", NULL, "public");
  for (guint i = 0; i < plan->ids->len; i++)
    valise_plan_add (i % 2 == 0 ? first : rest, g_ptr_array_index (plan->ids, i),
                     g_array_index (plan->sizes, gint64, i));
  valise_scheduler_put_plan (fixture->scheduler, first);
  valise_scheduler_flush (fixture->scheduler, &error);
  g_assert_no_error (error);
  mark_relay (fixture);
  sync_once (fixture);
  g_usleep (50000);
  g_test_message ("the first: %" G_GUINT64_FORMAT
                  " bytes announced, with all else %" G_GUINT64_FORMAT " carried",
                  valise_plan_get_bytes (first),
                  relay_get_down (fixture->office.relay) + relay_get_up (fixture->office.relay)
                      - fixture->down - fixture->up);
  mark_relay (fixture);
  sync_once (fixture);
  g_usleep (50000);
  idle = relay_get_down (fixture->office.relay) + relay_get_up (fixture->office.relay)
         - fixture->down - fixture->up;

  promised = valise_scheduler_estimate (fixture->scheduler, valise_plan_get_weight (rest));
  valise_scheduler_put_plan (fixture->scheduler, rest);
  valise_scheduler_flush (fixture->scheduler, &error);
  g_assert_no_error (error);
  mark_relay (fixture);
  sync_once (fixture);
  g_usleep (50000);
  assert_within (promised,
                 relay_get_down (fixture->office.relay) + relay_get_up (fixture->office.relay)
                     - fixture->down - fixture->up - idle,
                 10);
}

static void
test_a_plan_not_now_waits_and_the_rest_goes_on (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValisePlan) plan = NULL;
  g_autoptr (GPtrArray)  items = NULL;
  g_autoptr (GError)     error = NULL;
  gint64                 before = 0;

  sync_once (fixture);
  before = laptop_count (&fixture->laptop, "public");
  plan = make_plan (fixture, "meeting:m");
  valise_scheduler_put_plan (fixture->scheduler, plan);
  valise_scheduler_flush (fixture->scheduler, &error);
  g_assert_no_error (error);
  valise_scheduler_hold (fixture->scheduler, plan->name, TRUE);
  valise_scheduler_flush (fixture->scheduler, &error);
  g_assert_no_error (error);
  restart (fixture);
  sync_once (fixture);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, before);
  items = valise_scheduler_list_queue (fixture->scheduler);
  g_assert_cmpuint (items->len, ==, 1);
  g_assert_cmpint (((ValiseQueueItem *) g_ptr_array_index (items, 0))->wait, ==, VALISE_WAIT_HELD);
  valise_scheduler_hold (fixture->scheduler, plan->name, FALSE);
  valise_scheduler_flush (fixture->scheduler, &error);
  g_assert_no_error (error);
  sync_once (fixture);
  g_assert_cmpint (laptop_count (&fixture->laptop, "public"), ==, before + OFFICE_PAPERS);
}

/* --- what was written here ------------------------------------------------------------------- */

#define ROOM "team-secretariat" /* where officers write what is not issued yet */

static void
write_paper (Laptop *laptop, guint number)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (laptop, ROOM);
  g_autofree char           *symbol = office_dup_symbol (number);
  g_autofree char           *id = valise_id_for_paper (symbol);
  g_autofree char           *text = g_strdup_printf (
                "{\"type\":\"paper\",\"symbol\":\"%s\",\"kind\":\"working-paper\",\"title\":{\"en\":"
                          "\"Norms\"},\"date\":\"2026-06-30\",\"languages\":[\"en\"],\"state\":\"registered\"}",
                symbol);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

static gboolean
is_there (Office *office, guint number)
{
  g_autoptr (ValiseDatabase) database = office_get_database (office, ROOM);
  g_autofree char           *symbol = office_dup_symbol (number);
  g_autofree char           *id = valise_id_for_paper (symbol);
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL;
}

/* The laptop becomes an officer's. */
static void
become_officer (Fixture *fixture)
{
  g_autoptr (ValiseInvitation) invitation =
      office_invite (&fixture->office, "An officer", "secretariat", "secretariat");

  g_assert_finalize_object (fixture->scheduler);
  laptop_close (&fixture->laptop);
  laptop_join (&fixture->laptop, &fixture->office, invitation, NULL);
  fixture->scheduler = valise_scheduler_new_with_monitor (fixture->laptop.account,
                                                          G_NETWORK_MONITOR (fixture->monitor));
}

static void
hold (Fixture *fixture, const char *name, gboolean held)
{
  g_autoptr (GError) error = NULL;

  valise_scheduler_hold (fixture->scheduler, name, held);
  valise_scheduler_flush (fixture->scheduler, &error);
  g_assert_no_error (error);
}

static void
test_what_is_held_stays_here_until_it_is_let_go (Fixture *fixture, gconstpointer data)
{
  g_autofree char      *symbol = office_dup_symbol (102);
  g_autofree char      *id = valise_id_for_paper (symbol);
  g_autofree char      *name = g_strconcat (ROOM "/", id, NULL);
  g_autoptr (GPtrArray) items = NULL, left = NULL, none = NULL;

  become_officer (fixture);
  for (guint number = 101; number <= 103; number++)
    write_paper (&fixture->laptop, number);
  items = valise_scheduler_list_queue (fixture->scheduler);
  g_assert_cmpuint (items->len, ==, 3);
  g_assert_cmpstr (((ValiseQueueItem *) g_ptr_array_index (items, 1))->title, ==, id);

  hold (fixture, name, TRUE);
  sync_once (fixture);
  sync_once (fixture);
  g_assert_true (is_there (&fixture->office, 101));
  g_assert_false (is_there (&fixture->office, 102));
  g_assert_true (is_there (&fixture->office, 103));
  left = valise_scheduler_list_queue (fixture->scheduler);
  g_assert_cmpuint (left->len, ==, 1);
  g_assert_cmpint (((ValiseQueueItem *) g_ptr_array_index (left, 0))->wait, ==, VALISE_WAIT_HELD);

  hold (fixture, name, FALSE);
  sync_once (fixture);
  g_assert_true (is_there (&fixture->office, 102));
  none = valise_scheduler_list_queue (fixture->scheduler);
  g_assert_cmpuint (none->len, ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, setup, func, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();
  ADD ("/sync-policy/a-plan-goes-on-after-a-cut-and-a-restart",
       test_a_plan_goes_on_after_a_cut_and_a_restart);
  ADD ("/sync-policy/what-a-plan-will-cost-is-told-before",
       test_what_a_plan_will_cost_is_told_before);
  ADD ("/sync-policy/a-plan-not-now-waits-and-the-rest-goes-on",
       test_a_plan_not_now_waits_and_the_rest_goes_on);
  ADD ("/sync-policy/what-is-held-stays-here-until-it-is-let-go",
       test_what_is_held_stays_here_until_it_is_let_go);
  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
