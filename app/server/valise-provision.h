/* valise-provision.h - prepares an Apache CouchDB for a programme
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Databases, who may read and write them, users, relays. What is already as it should be is left
 * alone, so it may be run again, after an upgrade or with more participants.
 */

#pragma once

#include "valise-http-peer.h"
#include "valise-provision-plan.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseServerAddress address; /* signed in as an administrator */
  ValiseProfile      *profile;
  GPtrArray          *records;        /* (element-type ValiseRecord) */
  const char *const  *participants;   /* who have a desk */
  GPtrArray          *users;          /* (element-type ValiseProvisionUser) */
  const char         *relay_url;      /* how the server reaches itself; no slash at its end */
  const char         *relay_password; /* NULL: no relay is made, an existing one is kept */
  gboolean            dry;            /* look and tell, change nothing */
} ValiseProvision;

typedef struct
{
  guint changed;
  guint kept; /* as it should be already */
} ValiseProvisionCount;

/* @done: one line on what was, or with `dry` would be, changed. */
typedef void (*ValiseProvisionFunc) (const char *done, gpointer user_data);

/* Blocks. Stops at the first failure, any #ValisePeerError: what was changed before stays, and
 * the next run goes on. A server older than CouchDB 3.3 is %VALISE_PEER_ERROR_PROTOCOL. */
gboolean valise_provision_run (const ValiseProvision *self,
                               ValiseProvisionFunc    func,
                               gpointer               user_data,
                               ValiseProvisionCount  *count,
                               GError               **error);

G_END_DECLS
