/* valise-provision-plan.h - what a CouchDB must hold to serve a programme
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts of JSON, each made of the profile and the records alone: the same for the same.
 * Roles of a user in `_users`: the role in the programme ("delegate"), "participant:fra", and
 * "states" where that is a State; the relay has "relay".
 */

#pragma once

#include "valise-profile.h"

G_BEGIN_DECLS

#define VALISE_PROVISION_DESIGN "_design/valise"
#define VALISE_PROVISION_RELAY  "valise-relay" /* the relay's user */

/* Somebody who may sign in. */
typedef struct
{
  char *name;
  char *password; /* NULL: not told; what a user has stays */
  char *participant;
  char *role;
} ValiseProvisionUser;

void valise_provision_user_free (ValiseProvisionUser *self);

/* Who may read @database, of a server that knows no finer rule than roles. */
char *valise_provision_make_security (ValiseProfile *profile, const char *database);

/* `_design/valise` of @database: who may write. @records: (element-type ValiseRecord). */
char *valise_provision_make_design (ValiseProfile *profile,
                                    GPtrArray     *records,
                                    const char    *database,
                                    GError       **error);

char *valise_provision_make_user (const ValiseProvisionUser *user);

/* A replication without end of `_replicator`, from @source to @target, as the relay's user.
 * @url: of the server as it reaches itself, without a slash at its end. @selector: (nullable):
 * what of it, as a Mango selector. @password: (nullable): the relay's. */
char *valise_provision_make_relay (const char *url,
                                   const char *source,
                                   const char *target,
                                   const char *selector,
                                   const char *password);

/* The selector of the documents of @participant, by their ids. */
char *valise_provision_make_selector (const char *participant);

/* The selector of the types that belong into the bureau; %NULL where none is described. */
char *valise_provision_make_bureau_selector (GPtrArray *records);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseProvisionUser, valise_provision_user_free)

G_END_DECLS
