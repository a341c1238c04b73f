/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "valise-checkpoint.h"

/* What a session that came to @seq leaves behind, after the logs @ours and @theirs. */
static void
write_session (const char *seq,
               gboolean    shared,
               const char *source,
               const char *target,
               char      **log,
               char      **away)
{
  g_autoptr (ValiseCheckpoint) session = valise_checkpoint_new ("s", "t", source, target);

  if (shared)
    valise_checkpoint_set_shared (session);
  g_free (*away);
  g_free (*log);
  *log = valise_checkpoint_advance (session, seq, away);
}

static void
assert_start (const char *epoch, const char *source, const char *target, const char *expected)
{
  g_autoptr (ValiseCheckpoint) checkpoint = valise_checkpoint_new (epoch, "t", source, target);

  g_assert_cmpstr (valise_checkpoint_get_seq (checkpoint), ==, expected);
}

static void
both_logs_of_one_session_agree (void)
{
  g_autofree char *log = NULL, *away = NULL;

  assert_start ("s", NULL, NULL, NULL);
  write_session ("7-x", TRUE, NULL, NULL, &log, &away);
  assert_start ("s", away, log, "7-x");
}

static void
the_one_that_knows_less_is_believed (void)
{
  g_autoptr (ValiseCheckpoint) session = valise_checkpoint_new ("s", "t", NULL, NULL);
  g_autofree char             *old_away = NULL, *away = NULL;
  g_autofree char             *old_log = valise_checkpoint_advance (session, "5-x", &old_away);
  g_autofree char             *log = valise_checkpoint_advance (session, "9-x", &away);

  assert_start ("s", old_away, log, "5-x");
  assert_start ("s", away, old_log, "5-x");
}

static void
a_log_alone_counts_only_where_the_other_never_had_one (void)
{
  g_autofree char *log = NULL, *away = NULL;

  write_session ("7-x", FALSE, NULL, NULL, &log, &away);
  assert_start ("s", NULL, log, "7-x"); /* the other took none yet */
  assert_start ("s", away, NULL, NULL); /* the target has lost its memory */
  {
    g_autofree char *source = g_steal_pointer (&away), *target = g_steal_pointer (&log);

    write_session ("9-x", TRUE, source, target, &log, &away);
  }
  assert_start ("s", NULL, log, NULL); /* the source has lost its memory */
}

static void
another_epoch_starts_anew (void)
{
  g_autofree char *log = NULL, *away = NULL;

  write_session ("7-x", TRUE, NULL, NULL, &log, &away);
  assert_start ("other", away, log, NULL);
}

static void
an_earlier_session_is_found_in_the_history (void)
{
  g_autofree char *log = NULL, *away = NULL, *first_away = NULL;

  write_session ("1-x", TRUE, NULL, NULL, &log, &away);
  first_away = g_strdup (away);
  for (guint i = 2; i <= 4; i++)
    {
      g_autofree char *seq = g_strdup_printf ("%u-x", i);
      g_autofree char *source = g_strdup (away), *target = g_strdup (log);

      write_session (seq, TRUE, source, target, &log, &away);
    }
  assert_start ("s", away, log, "4-x");
  assert_start ("s", first_away, log, "1-x"); /* the source was restored from a backup */
}

static void
strangers_logs_count_nothing (void)
{
  assert_start ("s", "[]", "{}", NULL);
  assert_start ("s", "{\"session_id\":1}", "peace", NULL);
}

static void
the_id_is_frozen (void)
{
  g_autofree char *id = valise_checkpoint_make_id ("https://a/b", "store:b", "d", "texts:en");
  g_autofree char *other = valise_checkpoint_make_id ("https://a/b", "store:b", "e", "texts:en");

  g_assert_cmpstr (id, ==, "6eb47956c1480bba3c69b8082d9afedf8c72e06b64b7b398ea0ee8687014a7c9");
  g_assert_cmpstr (id, !=, other);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(test) g_test_add_func ("/checkpoint/" #test, test)
  ADD (both_logs_of_one_session_agree);
  ADD (the_one_that_knows_less_is_believed);
  ADD (a_log_alone_counts_only_where_the_other_never_had_one);
  ADD (another_epoch_starts_anew);
  ADD (an_earlier_session_is_found_in_the_history);
  ADD (strangers_logs_count_nothing);
  ADD (the_id_is_frozen);

  return g_test_run ();
}
