/* valise-http-login.h - the cookie of a session, shared by the peers of an account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; any thread.
 */

#pragma once

#include <libsoup/soup.h>

#include "valise-http-session.h"

G_BEGIN_DECLS

/* Who is signed in at a server: the sessions of one account share it, so that they sign in
 * once. Counted. */
ValiseHttpLogin *valise_http_login_new (void);
ValiseHttpLogin *valise_http_login_ref (ValiseHttpLogin *self);
void             valise_http_login_unref (ValiseHttpLogin *self);

/* What to send as `Cookie`; %NULL where nobody is signed in. */
char *valise_http_login_dup_cookie (ValiseHttpLogin *self);

/* The server no longer takes @cookie. One that another thread has got meanwhile stays. */
void valise_http_login_forget (ValiseHttpLogin *self, const char *cookie);

/* Keeps the session's cookie that @message's answer sets, if it does. */
gboolean valise_http_login_take (ValiseHttpLogin *self, SoupMessage *message);

/* What says who asks: a body for CouchDB's POST /_session, or the value of an `Authorization`
 * header (Basic, RFC 7617). @password: (nullable). To be wiped. */
GString *valise_http_login_make_body (const char *user, const char *password);
char    *valise_http_login_make_greeting (const char *user, const char *password);

/* Whether @message's answer, a 401, comes of the password in a greeting, and not of the greeting.
 */
gboolean valise_http_login_knows_greetings (SoupMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseHttpLogin, valise_http_login_unref)

G_END_DECLS
