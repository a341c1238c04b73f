/* valise-vicinity.h - colleagues on the local network: who is paired, who is near, what goes
 * between
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The object that a window holds. It serves this laptop's databases to paired colleagues where its
 * user said so and the policy lets it, at the local network's addresses only; it visits those who
 * are near, both ways, by the same replicator as everything else (valise-colleague-client.h); and
 * it pairs. Off from the beginning: its user turns it on, or pairs.
 *
 * Main context of the thread that made it; disk and network on threads of its own.
 */

#pragma once

#include "valise-courier.h"
#include "valise-host.h"
#include "valise-nearby.h"
#include "valise-scheduler.h"

G_BEGIN_DECLS

/* How sharing stands. */
typedef enum
{
  VALISE_SHARING_OFF, /* as the user wants it */
  VALISE_SHARING_STARTING,
  VALISE_SHARING_ON,
  VALISE_SHARING_POLICY,  /* the user's policy lets nothing move by itself now */
  VALISE_SHARING_NETWORK, /* this laptop is on no local network */
  VALISE_SHARING_FAILED,  /* the laptop cannot listen: see the log */
} ValiseSharing;

/* A laptop that this one has paired with. */
typedef struct
{
  char    *key;
  char    *person;
  char    *participant; /* as certified, or NULL */
  gint64   reached_us;  /* when all was last exchanged; 0: never */
  guint64  waiting;     /* documents that were changed here since, and are for it too */
  gboolean near;        /* it is on this network now */
  gboolean busy;        /* being exchanged */
  guint    refused;     /* of what it brought the last time */
  GError  *problem;     /* of the last attempt, or NULL */
} ValiseVicinityColleague;

typedef enum
{
  VALISE_PAIRING_NONE,
  VALISE_PAIRING_CALLING,    /* this laptop asks another */
  VALISE_PAIRING_COMPARE,    /* two people compare the code */
  VALISE_PAIRING_CONFIRMING, /* this one said yes; the other has not yet */
  VALISE_PAIRING_DONE,
  VALISE_PAIRING_FAILED, /* see error */
} ValisePairingPhase;

/* The pairing that is under way, or the last one. Lent, until "changed". */
typedef struct
{
  ValisePairingPhase phase;
  char              *person;      /* or NULL: not known yet */
  char              *participant; /* as certified; NULL: the person is what the other says */
  char              *address;
  char              *code; /* six digits, from COMPARE on */
  GError            *error;
} ValiseVicinityPairing;

#define VALISE_TYPE_VICINITY (valise_vicinity_get_type ())

/* Signal "changed": any of what is got here. */
G_DECLARE_FINAL_TYPE (ValiseVicinity, valise_vicinity, VALISE, VICINITY, GObject)

/* @kind: static. @rules: (nullable): as for bundles. */
ValiseVicinity *valise_vicinity_new (ValiseAccount        *account,
                                     ValiseScheduler      *scheduler,
                                     const ValiseHostKind *kind,
                                     ValiseCourierRules    rules) G_GNUC_WARN_UNUSED_RESULT;

void valise_vicinity_start (ValiseVicinity *self);

/* Returns when its threads have ended and nobody is served; then nothing happens any more. */
void valise_vicinity_stop (ValiseVicinity *self);

/* Listens at @addresses instead of those of the local network: for tests. Before the start. */
void valise_vicinity_set_addresses (ValiseVicinity *self, const char *const *addresses);

/* --- sharing ---------------------------------------------------------------------------------- */

/* Kept in the account's folder, nearby.json. */
void valise_vicinity_set_sharing (ValiseVicinity *self, gboolean sharing);
/* What the user wants; until the file has been read after the start, FALSE. */
gboolean      valise_vicinity_get_sharing (ValiseVicinity *self);
ValiseSharing valise_vicinity_get_state (ValiseVicinity *self); /* and what is */

/* Where colleagues reach this laptop, as one says it: "192.168.1.7"; NULL: nowhere now. */
const char *valise_vicinity_get_address (ValiseVicinity *self);

/* Whether laptops find each other here by themselves; FALSE: by address only. */
gboolean valise_vicinity_can_see (ValiseVicinity *self);

/* By what others see this laptop while it announces itself, "4F2A"; or NULL. */
const char *valise_vicinity_get_name (ValiseVicinity *self);

/* --- colleagues ------------------------------------------------------------------------------- */

/* (element-type ValiseVicinityColleague), those near first, then by name. */
GPtrArray *valise_vicinity_list (ValiseVicinity *self);

/* Those near that no colleague is known to be (element-type ValiseNearbyLaptop). */
GPtrArray *valise_vicinity_list_strangers (ValiseVicinity *self);

/* Exchanges with @key, or with all (NULL), now: its user asks, so at any hour. */
void valise_vicinity_sync (ValiseVicinity *self, const char *key);

/* Un-pairs: who was one is refused from the next request on, and what it waits for ends. */
void     valise_vicinity_remove_async (ValiseVicinity     *self,
                                       const char         *key,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);
gboolean valise_vicinity_remove_finish (ValiseVicinity *self, GAsyncResult *result, GError **error);

/* --- pairing ---------------------------------------------------------------------------------- */

/* Lets others ask, and announces this laptop, for ten minutes or until it is closed. */
void valise_vicinity_set_door (ValiseVicinity *self, gboolean open);

/* Asks the laptop at @address: "192.168.1.7", "192.168.1.7:6986". */
void valise_vicinity_call (ValiseVicinity *self, const char *address);

/* What the person here says of the code that COMPARE shows. */
void valise_vicinity_answer (ValiseVicinity *self, gboolean same);

/* Forgets the pairing, whichever way it stands. */
void valise_vicinity_give_up (ValiseVicinity *self);

const ValiseVicinityPairing *valise_vicinity_get_pairing (ValiseVicinity *self);

G_END_DECLS
