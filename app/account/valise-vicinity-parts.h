/* valise-vicinity-parts.h - what the vicinity's files share; nobody else's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-colleague-client.h"
#include "valise-database.h"
#include "valise-later.h"
#include "valise-vicinity.h"

G_BEGIN_DECLS

struct _ValiseVicinity
{
  GObject parent_instance;

  ValiseAccount        *account;
  ValiseScheduler      *scheduler;
  const ValiseHostKind *kind;
  ValiseCourierRules    rules;
  ValiseNearby         *nearby; /* NULL: not started */
  GNetworkMonitor      *monitor;
  GMainContext         *context;
  GPtrArray            *jobs; /* on threads of their own */
  GCancellable         *cancellable;
  gboolean              started;
  gboolean              stopped;

  /* Sharing */
  gint          sharing;    /* what the user wants; atomic, as it is written by another thread */
  gboolean      wish_known; /* from the file, or said since */
  ValiseLater  *file;
  char        **given; /* addresses for tests, or NULL */
  ValiseSharing state;
  ValiseHost   *host;
  char        **addresses; /* where the host listens */
  char         *address;   /* as one says it */
  ValiseHost   *made;      /* by a thread that has ended or is ending; and not taken yet */
  gboolean      host_busy; /* looked at, started or stopped */
  gboolean      host_again;
  gboolean      host_renew; /* though nothing else has changed */
  gboolean      host_tried; /* was to be started by the last change */
  gboolean      may;        /* what the policy said when it was last looked at */
  guint         look_id;
  gboolean      door;
  guint         door_id;

  /* Colleagues */
  GHashTable     *colleagues; /* key → ValiseFellow */
  guint           visit_id;
  gboolean        reading; /* who they are */
  gboolean        read_again;
  ValiseDatabase *databases[2]; /* desk and team, or NULL */
  guint           watches[2];
  gint            changed; /* atomic: the databases have, and it is told */

  /* Pairing */
  ValiseVicinityPairing pairing;
  ValiseColleagueCall  *call; /* that this laptop made; NULL: the other asked */
  GCancellable         *call_cancellable;
  guint                 patience_id;
};

/* One colleague, as this laptop meets it. */
typedef struct
{
  ValiseColleague *colleague;
  guint64          waiting;
  char            *near;    /* where it was found, or NULL */
  gboolean         reached; /* the last visit went well */
  gint64           due_us;  /* monotonic: when to visit it */
  gint64           backoff_us;
  gboolean         asked;   /* by the user */
  GCancellable    *visit;   /* under way, or NULL */
  guint            refused; /* of the last visit */
  GError          *problem;
} ValiseFellow;

void valise_vicinity_tell (ValiseVicinity *self);

/* Runs @work on a thread, which valise_vicinity_stop() waits for. @data is freed with the task. */
void valise_vicinity_run (ValiseVicinity     *self,
                          GTaskThreadFunc     work,
                          gpointer            data,
                          GDestroyNotify      free_data,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data);

/* Whether the policy lets words move by themselves. */
gboolean valise_vicinity_may (ValiseVicinity *self);

/* Serves, or stops to, as it should be now. */
void valise_vicinity_update_host (ValiseVicinity *self);

/* Closes every connection, so that who was un-paired has none. */
void valise_vicinity_renew_host (ValiseVicinity *self);
void valise_vicinity_announce (ValiseVicinity *self);

/* Reads who the colleagues are, and what waits for them. */
void valise_vicinity_read (ValiseVicinity *self);
/* The desk ("desk-") or the team's ("team-"); NULL where there is none. Any thread. */
ValiseDatabase *valise_vicinity_find_database (ValiseAccount *account, const char *prefix);

void valise_vicinity_expect (ValiseVicinity *self, ValiseFellow *fellow);
void valise_vicinity_follow_change (ValiseVicinity *self); /* here: others are to have it */
void valise_vicinity_note_nearby (ValiseVicinity *self);
void valise_vicinity_try_all (ValiseVicinity *self); /* soon, as the network has changed */
void valise_vicinity_leave (ValiseVicinity *self);   /* nobody is visited any more */
void valise_fellow_free (gpointer data);

extern const ValiseHostListener valise_vicinity_listener;

G_END_DECLS
