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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseHttpLogin, valise_http_login_unref)

G_END_DECLS
