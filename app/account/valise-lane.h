/* valise-lane.h - one database of an account, one way: its replication, and how it stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of a round. A lane that is kept from one round to the next goes on where it was,
 * if a poll says that the server is still who it was; one that is new looks at what this laptop
 * wrote down of the last replication, and has the poll confirm it.
 */

#pragma once

#include "valise-membership.h"
#include "valise-policy.h"
#include "valise-poll.h"
#include "valise-trust.h"
#include "valise-wanted.h"

G_BEGIN_DECLS

/* What lanes are made of. Lent. */
typedef struct
{
  ValiseAccount     *account;
  ValiseTrust       *trust;
  ValiseGate        *rules; /* (nullable): the programme's, where they are known */
  ValiseMembership  *membership;
  ValisePolicy      *policy;
  ValiseWanted      *wanted;  /* (nullable): what is held stays here */
  ValiseHttpSession *session; /* that they share */
} ValiseLaneKit;

typedef enum
{
  VALISE_LANE_UNKNOWN,    /* nothing is known: both peers are to be asked */
  VALISE_LANE_REMEMBERED, /* by this laptop, and not confirmed */
  VALISE_LANE_CONFIRMED,  /* the server has said that it remembers the same */
  VALISE_LANE_KEPT,       /* ran, and goes on from there */
} ValiseLaneState;

typedef struct
{
  char             *name;
  gboolean          outwards;
  gboolean          write;
  ValiseReplicator *replicator;
  ValiseHttpPeer   *there;
  ValiseDatabase   *database;

  gboolean        polled; /* its server can be */
  ValiseLaneState state;
  char           *here_epoch; /* of the database when the lane was made */
  char           *version;    /* of what is wanted, or NULL */
  char           *log_id;
  char           *log;       /* (nullable): what is remembered */
  gboolean        bare;      /* the server has said that it holds none */
  char           *since;     /* (nullable): where the source's feed was read to, by the log */
  char           *uuid;      /* (nullable): the server's of the database */
  char           *start;     /* (nullable): its instance_start_time */
  char           *answered;  /* (nullable): where a poll last said that it stands */
  char           *passed;    /* (nullable): up to which nothing is new but what left from here */
  gboolean        expects;   /* the far peer was told what it would answer */
  gboolean        asked;     /* the last poll was about it, too */
  gboolean        needed;    /* it is to run */
  gboolean        whole;     /* it ran to the end, by a server that cannot be polled; then here: */
  gint64          seen;      /* where the database stood here */
  gboolean        unchanged; /* so the server says, in this round */
  gboolean        renewed;   /* the server had lost its log, or is another */
  gboolean        shut;      /* the server keeps it from this account: until the next round */

  /* Of the round that runs it, under that one's mutex: */
  gpointer       round;
  gboolean       continuous;
  GThread       *thread;
  ValiseProgress progress;
  ValiseProgress before;  /* of its earlier runs in the same round */
  guint64        settled; /* of progress.expected: what came or will not come */
  gboolean       caught_up;
  gboolean       done;
  GError        *failure;
} ValiseLane;

/* A replicator that joins the database @name here and there, inwards with the policy and the
 * gates; @there: (out) (optional) (transfer full). */
ValiseReplicator *valise_lane_make_replicator (const ValiseLaneKit *kit,
                                               const char          *name,
                                               gboolean             outwards,
                                               gboolean             write,
                                               ValiseHttpPeer     **there,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @polled: the server can say in one answer how all databases stand, so that the lane may be
 * kept. */
ValiseLane *valise_lane_new (const ValiseLaneKit *kit,
                             const ValiseGrant   *grant,
                             gboolean             outwards,
                             gboolean             polled,
                             GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void        valise_lane_free (ValiseLane *self);

/* Whether it is what valise_lane_new() would make now. */
gboolean valise_lane_is_current (const ValiseLane    *self,
                                 const ValiseLaneKit *kit,
                                 const ValiseGrant   *grant);

/* What it knew of the server does not count any more; and what the log here says does. */
void valise_lane_forget (ValiseLane *self);
void valise_lane_recall (ValiseLane *self);

/* Between runs. Adds what it knows to a question about its database; @since is said by the one
 * inwards alone. */
const char *valise_lane_get_since (const ValiseLane *self);
const char *valise_lane_get_uuid (const ValiseLane *self); /* where it is to be confirmed */
void        valise_lane_add_log (ValiseLane *self, ValisePoll *poll);

/* What a poll said of its database, NULL: nothing new. Sets `needed` where it is to run for
 * that. */
void valise_lane_take_news (ValiseLane *self, const ValisePollNews *news);

/* What left from here went to the sequences after @from, up to @to: where those follow on what this
 * lane, inwards, has seen, they are no news. */
void valise_lane_pass (ValiseLane *self, const char *from, const char *to);

/* It is about to run: spares the questions whose answers are known. */
void valise_lane_prepare (ValiseLane *self);

/* Whether something was written here that it has not seen; and whether it has documents to ask for
 * once more: @all that were refused, or those that a key was missing for. */
gboolean valise_lane_has_written (const ValiseLane *self);
gboolean valise_lane_has_refused (const ValiseLane *self, gboolean all);

/* It has run well. */
void valise_lane_keep (ValiseLane *self);

/* For a server that cannot be polled: asks it whether all is as it was when the lane last ran. */
void valise_lane_ask_unchanged (ValiseLane *self, GCancellable *cancellable);

G_END_DECLS
