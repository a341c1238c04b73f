/* valise-neighbours.h - who on the local network may ask what of this laptop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A laptop that serves its own databases to colleagues knows nobody by password: who asks is the
 * device key that TLS has proved. A stranger reaches two routes: GET /, which says what this is,
 * and POST /_valise/pair, which answers only while the door is open; each message there is one of
 *
 *     {"hello": {"person", "certificate"?}} → {"person", "certificate"?, "commitment"}
 *     {"nonce": TEXT} → {"nonce": TEXT}
 *     {"confirm": true} → {"state": "waiting" | "paired" | "refused"}
 *
 * See valise-pairing.h. One pairing at a time, each attempt told, at most five while a door is
 * open; one that nobody confirms within two minutes is over. Any thread.
 */

#pragma once

#include "valise-accounts.h"
#include "valise-colleague.h"
#include "valise-gate.h"
#include "valise-json.h"

G_BEGIN_DECLS

#define VALISE_NEIGHBOURS_DOOR_S 600 /* how long a door stays open */

typedef struct _ValiseNeighbours ValiseNeighbours;

/* Somebody asks to be paired: @code is to be compared. Then valise_neighbours_answer(). On a
 * thread of the server's. @participant: as the secretariat certified; NULL: it did not, and the
 * name of @person is what the other says. */
typedef void (*ValiseNeighboursFunc) (const char *person,
                                      const char *participant,
                                      const char *address,
                                      const char *code,
                                      gpointer    user_data);

/* Fails with a #ValiseKeyError. */
ValiseNeighbours *valise_neighbours_new (ValiseAccount       *account,
                                         ValiseKey           *device,
                                         ValiseNeighboursFunc func,
                                         gpointer             user_data,
                                         GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void              valise_neighbours_free (ValiseNeighbours *self);

/* Lets strangers ask for %VALISE_NEIGHBOURS_DOOR_S. */
void valise_neighbours_open_door (ValiseNeighbours *self);
void valise_neighbours_close_door (ValiseNeighbours *self); /* and no longer */

/* Whether colleagues are served, as they are from the beginning; FALSE: all are strangers, who may
 * only pair. */
void valise_neighbours_set_sharing (ValiseNeighbours *self, gboolean sharing);

/* @func: told, on a thread of the server's, of whom a pairing here has ended well with. */
typedef void (*ValiseNeighboursPaired) (const char *person, gpointer user_data);
void valise_neighbours_watch_paired (ValiseNeighbours      *self,
                                     ValiseNeighboursPaired func,
                                     gpointer               user_data);

/* Whether @code was the same, as the person here said. Where it was and the other has said so,
 * they are paired. FALSE, and nothing is answered, where the pairing of that code is over: a yes
 * is to what its person saw, and to no later stranger. */
gboolean valise_neighbours_answer (ValiseNeighbours *self, const char *code, gboolean same);

/* Whether the last pairing that was answered is done; whether nothing is left to wait for. */
gboolean valise_neighbours_has_paired (ValiseNeighbours *self);

/* Who has @key (nullable): a colleague, or %NULL. */
ValisePerson *valise_neighbours_identify (ValiseNeighbours *self,
                                          const char       *key) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @person may read @database: `public`; where the secretariat certified it, `states`; and
 * where it is of this laptop's own participant, the desk and the team. */
gboolean valise_neighbours_may_read (ValiseNeighbours   *self,
                                     const ValisePerson *person,
                                     const char         *database);

/* Whether @person may write to @database: the desk and the team, where it may read them. */
gboolean valise_neighbours_may_write (ValiseNeighbours   *self,
                                      const ValisePerson *person,
                                      const char         *database);

/* Judges what a colleague brings as what any stranger brings: revisions recomputed, and the
 * programme's rules, but for who wrote it, since who carries a document is no author. Without
 * rules, a database that has some takes nothing. FALSE with a #ValiseGateError, or as the store
 * fails. */
gboolean valise_neighbours_judge (ValiseNeighbours *self, const ValiseWrite *write, GError **error);

/* One message of a pairing; @key: what TLS proved. The answer goes to @out. FALSE with
 * %VALISE_HTTP_ERROR. */
gboolean valise_neighbours_take (ValiseNeighbours *self,
                                 const char       *key,
                                 const char       *address,
                                 const ValiseJson *message,
                                 GString          *out,
                                 GError          **error);

G_END_DECLS
