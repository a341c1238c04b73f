/* valise-round-parts.h - what the files of a round share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-acquaintance.h"
#include "valise-round-files.h"
#include "valise-round.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseLaneKit       kit;
  ValiseMembership   *membership; /* the kit's */
  ValiseAcquaintance *known;
  GCancellable       *cancellable; /* of the lanes */

  const ValiseRoundOrders   *orders;
  const ValiseRoundListener *listener;
  gpointer                   user_data;

  guint64 received, sent; /* by the session, when the round began */

  GMutex            mutex;
  GCond             cond;  /* something came to its end, or was written here */
  GPtrArray        *lanes; /* (element-type ValiseLane): that ran in this round; lent */
  ValiseRoundState  state;
  ValiseRoundFiles *files;   /* NULL: not their turn yet */
  gboolean          written; /* something was, here */
} ValiseRound;

/* Sums the lanes and tells. Holds the mutex, so that what is told comes in order. */
void valise_round_tell (ValiseRound *self);

/* --- valise-round-lanes.c ---------------------------------------------------------------- */

/* Whether @failure is about one database alone. */
gboolean valise_round_is_private (const GError *failure);

/* Runs @lane until it has caught up; FALSE where it failed, for all. @continuous: it then goes on
 * by itself, on its thread. */
gboolean valise_round_run_lane (ValiseRound *self,
                                ValiseLane  *lane,
                                gboolean     continuous,
                                gboolean     retry,
                                GError     **error);

/* Waits for the lanes that go on by themselves, while all goes well. */
gboolean valise_round_stay (ValiseRound *self, GError **error);

/* Waits for the end of all; and says what the server kept from us, where nothing worse
 * happened. */
void     valise_round_join_lanes (ValiseRound *self);
gboolean valise_round_check_private (ValiseRound *self, GError **error);

/* --- valise-round-ask.c ------------------------------------------------------------------ */

/* Asks how everything stands: what this account may do, and which lanes are needed. */
gboolean valise_round_meet (ValiseRound *self, GError **error);

/* Runs the lanes that are needed, or were never asked about. */
gboolean valise_round_run_lanes (ValiseRound *self, gboolean outwards, GError **error);

/* The parts of that. @aside: by the connection beside the one that waits. */
ValisePoll *valise_round_make_question (ValiseRound *self);
gboolean    valise_round_is_another_run (ValiseRound *self, const ValisePollAnswer *answer);
gboolean    valise_round_take_answer (ValiseRound            *self,
                                      const ValisePollAnswer *answer,
                                      GError                **error);
gboolean    valise_round_run_needed (ValiseRound *self,
                                     gboolean     outwards,
                                     gboolean     retry,
                                     gboolean     aside,
                                     GError     **error);

/* --- valise-round-listen.c --------------------------------------------------------------- */

/* Waits for news from the server and from here, and brings them, until it fails or is cancelled. */
gboolean valise_round_listen (ValiseRound *self, GError **error);

G_END_DECLS
