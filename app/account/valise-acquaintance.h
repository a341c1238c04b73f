/* valise-acquaintance.h - what an open program knows of its server from one round to the next
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The connection with its TLS session and sign-in, what the server said of itself, and how far each
 * database was exchanged: so that a round in which nothing is new is one question. For the files of
 * a round, one round at a time.
 */

#pragma once

#include "valise-lane.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseHttpSession *session; /* NULL: not made yet */
  ValiseHttpSession *aside;   /* (nullable): a second connection, for what is written here while
                               * the first waits for news */
  char      *run;             /* (nullable): the server's, that all of this holds for */
  char      *tag;             /* (nullable): of the grants */
  gboolean   plain;           /* and does not know accounts either */
  gboolean   cannot_poll;     /* it is another kind of server */
  GPtrArray *lanes;           /* (element-type ValiseLane) */
  GPtrArray *retired;         /* the same, replaced in this round */
} ValiseAcquaintance;

ValiseAcquaintance *valise_acquaintance_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                valise_acquaintance_free (ValiseAcquaintance *self);

/* Makes the sessions at need. Fails as valise_account_dup_password() and
 * valise_http_session_new() do. */
gboolean           valise_acquaintance_open (ValiseAcquaintance *self,
                                             ValiseAccount      *account,
                                             GError            **error);
ValiseHttpSession *valise_acquaintance_get_aside (ValiseAcquaintance *self);

/* The lane of @grant, made where there is none that is current; %NULL with @error. */
ValiseLane *valise_acquaintance_get_lane (ValiseAcquaintance  *self,
                                          const ValiseLaneKit *kit,
                                          const ValiseGrant   *grant,
                                          gboolean             outwards,
                                          GError             **error);

/* What cannot be kept for the next round goes. */
void valise_acquaintance_end_round (ValiseAcquaintance *self);

/* What the lanes know of the server does not count any more. */
void valise_acquaintance_forget (ValiseAcquaintance *self);

/* The logs that wait to be written at the server; what cannot be written waits on. */
gboolean valise_acquaintance_is_due (ValiseAcquaintance *self);
gboolean valise_acquaintance_deliver (ValiseAcquaintance *self,
                                      GCancellable       *cancellable,
                                      GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseAcquaintance, valise_acquaintance_free)

G_END_DECLS
