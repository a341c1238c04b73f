/* test-user-policy.c - what the user lets the network cost, as it is kept and as it is judged
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "valise-clock.h"
#include "valise-verdict.h"

static void
set (ValiseUserPolicy *policy, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (valise_user_policy_set (policy, key, value, &error));
  g_assert_no_error (error);
}

static void
assert_refused (const char *key, const char *value, ValiseUserPolicyError code)
{
  ValiseUserPolicy   policy = VALISE_USER_POLICY_DEFAULT, before = policy;
  g_autoptr (GError) error = NULL;

  g_assert_false (valise_user_policy_set (&policy, key, value, &error));
  g_assert_error (error, VALISE_USER_POLICY_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, key));
  g_assert_true (valise_user_policy_equal (&policy, &before));
}

/* --- settings -------------------------------------------------------------------------------- */

static void
test_every_setting_reads_back_as_written (void)
{
  static const char *const settings[][3] = {
    { "metered", "send", "send" },      { "metered", "everything", "everything" },
    { "budget", "1MB", "1000000" },     { "budget", "1.5MB", "1500000" },
    { "budget", "500k", "500000" },     { "budget", "none", "none" },
    { "after-budget", "stop", "stop" }, { "hours", "22:00-06:00", "22:00-06:00" },
    { "hours", "any", "any" },          { "text-only", "yes", "yes" },
    { "rate", "20kB", "20000" },        { "rate", "none", "none" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      ValiseUserPolicy policy = VALISE_USER_POLICY_DEFAULT;
      g_autofree char *value = NULL;

      set (&policy, settings[i][0], settings[i][1]);
      value = valise_user_policy_dup (&policy, settings[i][0]);
      g_assert_cmpstr (value, ==, settings[i][2]);
    }
}

static void
test_nonsense_is_refused_by_name (void)
{
  assert_refused ("colour", "blue", VALISE_USER_POLICY_ERROR_KEY);
  assert_refused ("metered", "stop", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("budget", "-1", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("budget", "1e30GB", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("budget", "nan", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("budget", "", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("rate", "10", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("hours", "22-6", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("hours", "24:00-06:00", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("hours", "22:60-06:00", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("hours", "06:00-06:00", VALISE_USER_POLICY_ERROR_VALUE);
  assert_refused ("text-only", "maybe", VALISE_USER_POLICY_ERROR_VALUE);
}

static void
test_settings_survive_a_restart (void)
{
  g_autofree char   *folder = g_dir_make_tmp ("valise-policy-XXXXXX", NULL);
  g_autofree char   *path = g_build_filename (folder, "policy.json", NULL);
  ValiseUserPolicy   policy = VALISE_USER_POLICY_DEFAULT, again;
  g_autoptr (GError) error = NULL;

  valise_user_policy_load (&again, folder);
  g_assert_true (valise_user_policy_equal (&policy, &again));

  set (&policy, "budget", "1MB");
  set (&policy, "hours", "22:00-06:30");
  set (&policy, "rate", "8kB");
  set (&policy, "metered", "send");
  set (&policy, "after-budget", "stop");
  valise_user_policy_save (&policy, folder, &error);
  g_assert_no_error (error);
  valise_user_policy_load (&again, folder);
  g_assert_true (valise_user_policy_equal (&policy, &again));

  g_unlink (path);
  g_rmdir (folder);
}

static void
test_a_damaged_file_is_the_default (void)
{
  static const char *const damaged[] = { "", "{", "{\"budget\":\"lots\"}", "[1]" };
  g_autofree char         *folder = g_dir_make_tmp ("valise-policy-XXXXXX", NULL);
  g_autofree char         *path = g_build_filename (folder, "policy.json", NULL);
  ValiseUserPolicy         usual = VALISE_USER_POLICY_DEFAULT;

  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      ValiseUserPolicy policy;

      g_assert_true (g_file_set_contents (path, damaged[i], -1, NULL));
      valise_user_policy_load (&policy, folder);
      g_assert_true (valise_user_policy_equal (&policy, &usual));
    }
  g_unlink (path);
  g_rmdir (folder);
}

/* --- the verdict --------------------------------------------------------------------------- */

static ValiseVerdict
judge (const ValiseUserPolicy *policy, const char *now, guint64 bytes, gboolean metered)
{
  ValiseCircumstances circumstances = { .now_us = valise_clock_parse (now),
                                        .bytes_today = bytes,
                                        .metered = metered };
  ValiseVerdict       verdict;

  valise_verdict_judge (&verdict, policy, &circumstances);
  return verdict;
}

static void
test_by_default_files_alone_wait_where_bytes_are_paid_for (void)
{
  ValiseUserPolicy policy = VALISE_USER_POLICY_DEFAULT;
  ValiseVerdict    free_of_charge = judge (&policy, "2026-07-21T14:05:00Z", 1 << 30, FALSE);
  ValiseVerdict    metered = judge (&policy, "2026-07-21T14:05:00Z", 1 << 30, TRUE);

  g_assert_cmpint (free_of_charge.may, ==, VALISE_MAY_ALL);
  g_assert_cmpint (free_of_charge.files, ==, VALISE_WAIT_NOT);
  g_assert_cmpuint (free_of_charge.left, ==, G_MAXUINT64);
  g_assert_cmpint (metered.may, ==, VALISE_MAY_TEXT);
  g_assert_cmpint (metered.files, ==, VALISE_WAIT_METERED);
  g_assert_cmpint (metered.text, ==, VALISE_WAIT_NOT);
}

static void
test_on_a_metered_connection_only_what_is_sent_moves_if_so_chosen (void)
{
  ValiseUserPolicy policy = VALISE_USER_POLICY_DEFAULT;
  ValiseVerdict    verdict;

  set (&policy, "metered", "send");
  verdict = judge (&policy, "2026-07-21T14:05:00Z", 0, TRUE);
  g_assert_cmpint (verdict.may, ==, VALISE_MAY_SEND);
  g_assert_cmpint (verdict.send, ==, VALISE_WAIT_NOT);
  g_assert_cmpint (verdict.text, ==, VALISE_WAIT_METERED);
  g_assert_cmpint (verdict.files, ==, VALISE_WAIT_METERED);
  set (&policy, "metered", "everything");
  g_assert_cmpint (judge (&policy, "2026-07-21T14:05:00Z", 0, TRUE).may, ==, VALISE_MAY_ALL);
}

static void
test_a_spent_budget_lasts_until_midnight (void)
{
  ValiseUserPolicy policy = VALISE_USER_POLICY_DEFAULT;
  ValiseVerdict    verdict;

  set (&policy, "budget", "1MB");
  verdict = judge (&policy, "2026-07-21T14:05:00Z", 999999, FALSE);
  g_assert_cmpint (verdict.may, ==, VALISE_MAY_ALL);
  g_assert_cmpuint (verdict.left, ==, 1);

  verdict = judge (&policy, "2026-07-21T14:05:00Z", 1000000, FALSE);
  g_assert_cmpint (verdict.may, ==, VALISE_MAY_TEXT);
  g_assert_cmpint (verdict.files, ==, VALISE_WAIT_BUDGET);
  g_assert_cmpuint (verdict.left, ==, 0);
  g_assert_cmpint (verdict.until_us, ==, valise_clock_parse ("2026-07-22T00:00:00Z"));

  set (&policy, "after-budget", "stop");
  verdict = judge (&policy, "2026-07-21T14:05:00Z", 2000000, FALSE);
  g_assert_cmpint (verdict.may, ==, VALISE_MAY_NOTHING);
  g_assert_cmpint (verdict.send, ==, VALISE_WAIT_BUDGET);
  g_assert_cmpint (verdict.text, ==, VALISE_WAIT_BUDGET);
}

static void
test_nights_only_go_over_midnight (void)
{
  ValiseUserPolicy policy = VALISE_USER_POLICY_DEFAULT;
  ValiseVerdict    verdict;

  set (&policy, "hours", "22:00-06:00");
  g_assert_cmpint (judge (&policy, "2026-07-21T22:00:00Z", 0, FALSE).may, ==, VALISE_MAY_ALL);
  g_assert_cmpint (judge (&policy, "2026-07-22T05:59:59Z", 0, FALSE).may, ==, VALISE_MAY_ALL);
  verdict = judge (&policy, "2026-07-22T06:00:00Z", 0, FALSE);
  g_assert_cmpint (verdict.may, ==, VALISE_MAY_NOTHING);
  g_assert_cmpint (verdict.text, ==, VALISE_WAIT_HOURS);
  g_assert_cmpint (verdict.until_us, ==, valise_clock_parse ("2026-07-22T22:00:00Z"));
}

static void
test_hours_within_a_day_are_kept (void)
{
  ValiseUserPolicy policy = VALISE_USER_POLICY_DEFAULT;

  set (&policy, "hours", "12:30-13:00");
  g_assert_cmpint (judge (&policy, "2026-07-21T12:29:59Z", 0, FALSE).may, ==, VALISE_MAY_NOTHING);
  g_assert_cmpint (judge (&policy, "2026-07-21T12:30:00Z", 0, FALSE).may, ==, VALISE_MAY_ALL);
  g_assert_cmpint (judge (&policy, "2026-07-21T13:00:00Z", 0, FALSE).until_us, ==,
                   valise_clock_parse ("2026-07-22T12:30:00Z"));
}

static void
test_sync_now_passes_over_hours_and_never_over_the_budget (void)
{
  ValiseUserPolicy    policy = VALISE_USER_POLICY_DEFAULT;
  ValiseCircumstances now = { .now_us = valise_clock_parse ("2026-07-21T14:05:00Z"),
                              .bytes_today = 2000000,
                              .asked = TRUE };
  ValiseVerdict       verdict;

  set (&policy, "hours", "22:00-06:00");
  valise_verdict_judge (&verdict, &policy, &now);
  g_assert_cmpint (verdict.may, ==, VALISE_MAY_ALL);

  set (&policy, "budget", "1MB");
  set (&policy, "after-budget", "stop");
  valise_verdict_judge (&verdict, &policy, &now);
  g_assert_cmpint (verdict.may, ==, VALISE_MAY_NOTHING);
  g_assert_cmpint (verdict.text, ==, VALISE_WAIT_BUDGET);

  now.beyond = TRUE;
  valise_verdict_judge (&verdict, &policy, &now);
  g_assert_cmpint (verdict.may, ==, VALISE_MAY_ALL);
}

static void
test_the_narrowest_limit_names_the_reason (void)
{
  ValiseUserPolicy policy = VALISE_USER_POLICY_DEFAULT;
  ValiseVerdict    verdict;

  set (&policy, "text-only", "yes");
  g_assert_cmpint (judge (&policy, "2026-07-21T14:05:00Z", 0, FALSE).files, ==,
                   VALISE_WAIT_TEXT_ONLY);
  set (&policy, "budget", "1kB");
  set (&policy, "metered", "send");
  verdict = judge (&policy, "2026-07-21T14:05:00Z", 5000, TRUE);
  g_assert_cmpint (verdict.may, ==, VALISE_MAY_SEND);
  g_assert_cmpint (verdict.text, ==, VALISE_WAIT_METERED);
  set (&policy, "hours", "22:00-06:00");
  verdict = judge (&policy, "2026-07-21T14:05:00Z", 5000, TRUE);
  g_assert_cmpint (verdict.send, ==, VALISE_WAIT_HOURS);
  g_assert_cmpint (verdict.text, ==, VALISE_WAIT_HOURS);
  g_assert_cmpint (verdict.files, ==, VALISE_WAIT_HOURS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/user-policy/every-setting-reads-back-as-written",
                   test_every_setting_reads_back_as_written);
  g_test_add_func ("/user-policy/nonsense-is-refused-by-name", test_nonsense_is_refused_by_name);
  g_test_add_func ("/user-policy/settings-survive-a-restart", test_settings_survive_a_restart);
  g_test_add_func ("/user-policy/a-damaged-file-is-the-default",
                   test_a_damaged_file_is_the_default);
  g_test_add_func ("/verdict/by-default-files-alone-wait-where-bytes-are-paid-for",
                   test_by_default_files_alone_wait_where_bytes_are_paid_for);
  g_test_add_func ("/verdict/on-a-metered-connection-only-what-is-sent-moves-if-so-chosen",
                   test_on_a_metered_connection_only_what_is_sent_moves_if_so_chosen);
  g_test_add_func ("/verdict/a-spent-budget-lasts-until-midnight",
                   test_a_spent_budget_lasts_until_midnight);
  g_test_add_func ("/verdict/nights-only-go-over-midnight", test_nights_only_go_over_midnight);
  g_test_add_func ("/verdict/hours-within-a-day-are-kept", test_hours_within_a_day_are_kept);
  g_test_add_func ("/verdict/sync-now-passes-over-hours-and-never-over-the-budget",
                   test_sync_now_passes_over_hours_and_never_over_the_budget);
  g_test_add_func ("/verdict/the-narrowest-limit-names-the-reason",
                   test_the_narrowest_limit_names_the_reason);
  return g_test_run ();
}
