/* valise-session.h - the cookie that says who asks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ACCOUNT:EXPIRY:MAC in base64url, as CouchDB's is, with the expiry in hex digits and the MAC's
 * bytes as they are: it goes with every request, and so costs little. Nothing is kept for a
 * session: the MAC (HMAC-SHA256 under a key in DIR/server/session.key, its first half, as RFC 2104
 * allows) covers the account's salt too, so that a new password ends the old sessions. Any thread.
 */

#pragma once

#include "valise-accounts.h"

G_BEGIN_DECLS

#define VALISE_SESSION_LIFETIME_S 1200 /* CouchDB's is 600; slow links deserve longer */
#define VALISE_SESSION_COOKIE     "AuthSession"

typedef struct _ValiseSessions ValiseSessions;

/* Makes the key where there is none. Any %G_FILE_ERROR. */
ValiseSessions *valise_sessions_new (const char *directory,
                                     GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void            valise_sessions_free (ValiseSessions *self);

/* The value of a Set-Cookie header; without @person, the one that ends a session. */
char *valise_sessions_make_cookie (ValiseSessions *self, const ValisePerson *person);

/* Who the Cookie header @cookies names, or NULL; @stale: whether it is time for a new one. */
ValisePerson *valise_sessions_check (ValiseSessions *self,
                                     ValiseAccounts *accounts,
                                     const char     *cookies,
                                     gboolean       *stale);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseSessions, valise_sessions_free)

G_END_DECLS
