/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-wait-words"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-format.h"
#include "valise-wait-words.h"

#define SLOW_LINE 8000 /* bytes a second: 64 kbit/s */

/* "22:00" of minutes after midnight. */
static char *
format_minute (guint minute)
{
  return g_strdup_printf ("%02u:%02u", minute / 60, minute % 60);
}

static char *
describe_hours (ValiseScheduler *scheduler)
{
  ValiseUserPolicy policy;
  g_autofree char *from = NULL;

  valise_scheduler_get_policy (scheduler, &policy);
  from = format_minute (policy.hours_from);
  /* Translators: of something in a queue; %s is a time, "22:00". */
  return g_strdup_printf (_ ("waits until %s"), from);
}

char *
valise_wait_words (ValiseWaitReason reason, ValiseScheduler *scheduler)
{
  switch (reason)
    {
    case VALISE_WAIT_CONNECTION:
      /* Translators: of something in a queue: it will go then. */
      return g_strdup (_ ("at the next connection"));
    case VALISE_WAIT_HELD:
      /* Translators: of something in a queue: the user said to wait. */
      return g_strdup (_ ("held"));
    case VALISE_WAIT_METERED:
      return g_strdup (_ ("waits for a connection that is not metered"));
    case VALISE_WAIT_BUDGET:
      return g_strdup (_ ("waits until midnight: today’s limit is used up"));
    case VALISE_WAIT_HOURS:
      return describe_hours (scheduler);
    case VALISE_WAIT_TEXT_ONLY:
      return g_strdup (_ ("waits: text only, as you chose"));
    case VALISE_WAIT_NOT:
    case VALISE_WAIT_TURN:
    default:
      return g_strdup ("");
    }
}

char *
valise_wait_words_for_file (ValiseFileReason reason, ValiseScheduler *scheduler)
{
  switch (reason)
    {
    case VALISE_FILE_IN_LINE:
      /* Translators: of a file in a queue: others go before it. */
      return g_strdup (_ ("waits its turn"));
    case VALISE_FILE_WORDS_FIRST:
      /* Translators: of a file in a queue: text is fetched before files. */
      return g_strdup (_ ("comes after the text"));
    case VALISE_FILE_HELD:
      return valise_wait_words (VALISE_WAIT_HELD, scheduler);
    case VALISE_FILE_OFFLINE:
      return valise_wait_words (VALISE_WAIT_CONNECTION, scheduler);
    case VALISE_FILE_TEXT_ONLY:
      return valise_wait_words (VALISE_WAIT_TEXT_ONLY, scheduler);
    case VALISE_FILE_METERED:
      return valise_wait_words (VALISE_WAIT_METERED, scheduler);
    case VALISE_FILE_BUDGET:
      return valise_wait_words (VALISE_WAIT_BUDGET, scheduler);
    case VALISE_FILE_HOURS:
      return valise_wait_words (VALISE_WAIT_HOURS, scheduler);
    case VALISE_FILE_MOVES:
    case VALISE_FILE_NOT_ASKED:
    case VALISE_FILE_PROBLEM:
    default:
      return g_strdup ("");
    }
}

/* --- sentences ------------------------------------------------------------------------------- */

static char *
say_hours (const ValiseUserPolicy *policy)
{
  g_autofree char *from = format_minute (policy->hours_from);
  g_autofree char *to = format_minute (policy->hours_to);

  return g_strdup_printf (
      /* Translators: two times: "between 22:00 and 06:00". */
      _ ("Valise syncs by itself between %1$s and %2$s, as you chose. Sync Now goes at once."),
      from, to);
}

char *
valise_wait_sentence (ValiseScheduler *scheduler)
{
  ValiseUserPolicy policy;
  ValiseVerdict    verdict;
  g_autofree char *budget = NULL;

  if (valise_scheduler_get_phase (scheduler) == VALISE_SYNC_LOCAL)
    return NULL;
  valise_scheduler_get_policy (scheduler, &policy);
  valise_scheduler_get_verdict (scheduler, &verdict);
  if (verdict.send == VALISE_WAIT_HOURS)
    return say_hours (&policy);
  if (verdict.send == VALISE_WAIT_BUDGET)
    {
      budget = valise_format_size (policy.budget);
      return g_strdup_printf (
          /* Translators: %s is a size, "1 MB". */
          _ ("Today’s %s are used up, so nothing moves until midnight, as you chose. Sync Anyway "
             "goes beyond that, once."),
          budget);
    }
  if (verdict.text == VALISE_WAIT_METERED)
    return g_strdup (_ ("This connection is metered, so only what you send goes, as you chose. "
                        "Papers come on another one."));
  return NULL;
}

char *
valise_wait_describe_budget (ValiseScheduler *scheduler)
{
  guint64          received = 0, sent = 0;
  ValiseUserPolicy policy;
  g_autofree char *used = NULL, *budget = NULL, *part = NULL;

  g_object_get (scheduler, "bytes-received-today", &received, "bytes-sent-today", &sent, NULL);
  valise_scheduler_get_policy (scheduler, &policy);
  used = valise_format_size (received + sent);
  if (policy.budget == 0)
    /* Translators: %s is a size, "253 kB"; there is no limit for a day. */
    return g_strdup_printf (_ ("%s used today, no limit"), used);
  budget = valise_format_size (policy.budget);
  /* Translators: two sizes: "253 kB of 1 MB used today". */
  part = g_strdup_printf (_ ("%1$s of %2$s used today"), used, budget);
  return valise_format_join (part,
                             policy.spent == VALISE_MAY_NOTHING
                                 /* Translators: after "253 kB of 1 MB used today". */
                                 ? _ ("then nothing")
                                 /* Translators: after "253 kB of 1 MB used today". */
                                 : _ ("then text only"),
                             NULL);
}

const char *
valise_wait_describe_way (ValiseNetworkKind kind)
{
  switch (kind)
    {
    case VALISE_NETWORK_WIFI:
      return _ ("HTTPS, by Wi-Fi");
    case VALISE_NETWORK_WIRED:
      return _ ("HTTPS, by cable");
    case VALISE_NETWORK_METERED:
      return _ ("HTTPS, metered connection");
    case VALISE_NETWORK_OTHER:
    default:
      return _ ("HTTPS");
    }
}

/* --- times --------------------------------------------------------------------------------- */

static char *
format_duration (guint64 seconds)
{
  if (seconds < 90)
    /* Translators: seconds: "40 s". */
    return g_strdup_printf (_ ("%u s"), (guint) MAX (seconds, 1));
  if (seconds < 90 * 60)
    /* Translators: minutes: "11 min". */
    return g_strdup_printf (_ ("%u min"), (guint) ((seconds + 30) / 60));
  /* Translators: hours: "3 h". */
  return g_strdup_printf (_ ("%u h"), (guint) ((seconds + 1800) / 3600));
}

static char *
describe_measured (ValiseNetworkKind kind, guint64 bytes, guint64 speed)
{
  g_autofree char *duration = format_duration (bytes / speed);

  switch (kind)
    {
    case VALISE_NETWORK_WIFI:
      /* Translators: %s is a duration, "40 s"; at the speed last measured. */
      return g_strdup_printf (_ ("about %s on this Wi-Fi"), duration);
    case VALISE_NETWORK_METERED:
      /* Translators: %s is a duration, "11 min"; at the speed last measured. */
      return g_strdup_printf (_ ("about %s on this metered connection"), duration);
    case VALISE_NETWORK_OTHER:
    case VALISE_NETWORK_WIRED:
    default:
      /* Translators: %s is a duration, "40 s"; at the speed last measured. */
      return g_strdup_printf (_ ("about %s on this connection"), duration);
    }
}

char *
valise_wait_describe_duration (ValiseScheduler *scheduler, guint64 bytes)
{
  guint64 speed = valise_scheduler_get_speed (scheduler, valise_scheduler_get_network (scheduler));
  g_autofree char *duration = NULL;

  if (speed == 0 || bytes == 0)
    return g_strdup ("");
  duration = format_duration (bytes / speed);
  /* Translators: %s is a duration, "3 s": how long what waits will take. */
  return g_strdup_printf (_ ("about %s"), duration);
}

char *
valise_wait_describe_time (ValiseScheduler *scheduler, guint64 bytes)
{
  ValiseNetworkKind kind = valise_scheduler_get_network (scheduler);
  guint64           speed = valise_scheduler_get_speed (scheduler, kind);
  g_autofree char  *measured = speed > 0 ? describe_measured (kind, bytes, speed) : g_strdup ("");
  g_autofree char  *duration = format_duration (bytes / SLOW_LINE);
  /* Translators: %s is a duration, "11 min": on a slow line. */
  g_autofree char *slow = g_strdup_printf (_ ("%s at 64 kbit/s"), duration);

  return valise_format_join (measured, slow, NULL);
}
