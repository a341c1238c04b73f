/* valise-verdict.h - what may move now, and why the rest waits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one place where the user's policy is judged: a pure function of the settings, the clock,
 * the network and the bytes of the day. Any thread.
 */

#pragma once

#include "valise-user-policy.h"

G_BEGIN_DECLS

/**
 * ValiseWaitReason:
 * @VALISE_WAIT_NOT: it does not wait
 * @VALISE_WAIT_TURN: others go first
 * @VALISE_WAIT_CONNECTION: the secretariat is not reached
 * @VALISE_WAIT_HELD: the user said so
 * @VALISE_WAIT_METERED: the connection is metered
 * @VALISE_WAIT_BUDGET: the day's bytes are used up
 * @VALISE_WAIT_HOURS: it is not one of the hours in which Valise syncs by itself
 * @VALISE_WAIT_TEXT_ONLY: files are fetched when asked for
 */
typedef enum
{
  VALISE_WAIT_NOT,
  VALISE_WAIT_TURN,
  VALISE_WAIT_CONNECTION,
  VALISE_WAIT_HELD,
  VALISE_WAIT_METERED,
  VALISE_WAIT_BUDGET,
  VALISE_WAIT_HOURS,
  VALISE_WAIT_TEXT_ONLY,
} ValiseWaitReason;

/* What it depends on, at one moment. */
typedef struct
{
  gint64   now_us;      /* since 1970 */
  guint64  bytes_today; /* both ways, since local midnight */
  gboolean metered;     /* the connection is */
  gboolean asked;       /* the user said Sync Now: hours do not count */
  gboolean beyond;      /* the user said so knowing the budget: it does not count either */
} ValiseCircumstances;

typedef struct
{
  ValiseMay        may;
  ValiseWaitReason send;     /* why what was written here waits; NOT where it may go */
  ValiseWaitReason text;     /* why words wait */
  ValiseWaitReason files;    /* why files wait */
  guint64          left;     /* bytes of the day's budget; %G_MAXUINT64: there is none */
  gint64           until_us; /* when it will be otherwise by itself; 0: that is not known */
} ValiseVerdict;

/* What several limits keep waits for the reason of the narrowest; of equal ones, hours count
 * before the budget, the budget before the connection, and that before text only. */
void valise_verdict_judge (ValiseVerdict             *verdict,
                           const ValiseUserPolicy    *policy,
                           const ValiseCircumstances *circumstances);

G_END_DECLS
