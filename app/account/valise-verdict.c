/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-verdict"

#include "config.h"

#include "valise-verdict.h"

/* --- the clock on the wall ----------------------------------------------------------------- */

static GDateTime *
read_wall_clock (gint64 now_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);

  return utc != NULL ? g_date_time_to_local (utc) : g_date_time_new_from_unix_utc (0);
}

/* The next time that a clock on the wall here shows @minute after midnight. */
static gint64
find_next (gint64 now_us, guint minute)
{
  g_autoptr (GDateTime) now = read_wall_clock (now_us);

  for (int day = 0; day < 3; day++)
    {
      g_autoptr (GDateTime) date = g_date_time_add_days (now, day);
      g_autoptr (GDateTime) then = g_date_time_new_local (
          g_date_time_get_year (date), g_date_time_get_month (date),
          g_date_time_get_day_of_month (date), (int) (minute / 60), (int) (minute % 60), 0);

      if (then != NULL && g_date_time_to_unix (then) * G_USEC_PER_SEC > now_us)
        return g_date_time_to_unix (then) * G_USEC_PER_SEC;
    }
  return 0;
}

static gboolean
is_within_hours (const ValiseUserPolicy *policy, gint64 now_us)
{
  g_autoptr (GDateTime) now = read_wall_clock (now_us);
  guint minute = (guint) (g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now));

  if (policy->hours_from == policy->hours_to)
    return TRUE;
  if (policy->hours_from < policy->hours_to)
    return minute >= policy->hours_from && minute < policy->hours_to;
  return minute >= policy->hours_from || minute < policy->hours_to; /* over midnight */
}

/* --- limits ---------------------------------------------------------------------------------- */

/* What needs more than @most waits for @reason, unless it already waits for another. */
static void
limit (ValiseVerdict *verdict, ValiseMay most, ValiseWaitReason reason, gint64 until_us)
{
  if (most >= verdict->may)
    return;
  if (most < VALISE_MAY_SEND && verdict->send == VALISE_WAIT_NOT)
    verdict->send = reason;
  if (most < VALISE_MAY_TEXT && verdict->text == VALISE_WAIT_NOT)
    verdict->text = reason;
  if (verdict->files == VALISE_WAIT_NOT)
    verdict->files = reason;
  verdict->may = most;
  verdict->until_us = until_us;
}

/* From what narrows least to what narrows most, each kind of thing would get the reason of the
 * mildest limit; so from the narrowest to the mildest, where @limit leaves what is set alone. */
void
valise_verdict_judge (ValiseVerdict             *verdict,
                      const ValiseUserPolicy    *policy,
                      const ValiseCircumstances *now)
{
  guint64  budget = policy->budget;
  gboolean spent = budget > 0 && !now->beyond && now->bytes_today >= budget;
  gint64   midnight_us = spent ? find_next (now->now_us, 0) : 0;

  *verdict = (ValiseVerdict){ .may = VALISE_MAY_ALL, .left = G_MAXUINT64 };
  if (budget > 0)
    verdict->left = now->bytes_today < budget ? budget - now->bytes_today : 0;

  if (!now->asked && !is_within_hours (policy, now->now_us))
    limit (verdict, VALISE_MAY_NOTHING, VALISE_WAIT_HOURS,
           find_next (now->now_us, policy->hours_from));
  if (spent && policy->spent == VALISE_MAY_NOTHING)
    limit (verdict, VALISE_MAY_NOTHING, VALISE_WAIT_BUDGET, midnight_us);
  if (now->metered && policy->metered == VALISE_MAY_SEND)
    limit (verdict, VALISE_MAY_SEND, VALISE_WAIT_METERED, 0);
  if (spent)
    limit (verdict, policy->spent, VALISE_WAIT_BUDGET, midnight_us);
  if (now->metered)
    limit (verdict, policy->metered, VALISE_WAIT_METERED, 0);
  if (policy->text_only)
    limit (verdict, VALISE_MAY_TEXT, VALISE_WAIT_TEXT_ONLY, 0);
}
