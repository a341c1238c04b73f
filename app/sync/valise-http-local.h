/* valise-http-local.h - the `_local` documents of a database on a server
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-http-peer.c; one thread at a time.
 */

#pragma once

#include "valise-http-session.h"

G_BEGIN_DECLS

typedef struct _ValiseHttpLocal ValiseHttpLocal;

/* @path: "/DATABASE", escaped. */
ValiseHttpLocal *valise_http_local_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void             valise_http_local_free (ValiseHttpLocal *self);

/* As the verbs of valise-peer.h. */
char    *valise_http_local_get (ValiseHttpLocal   *self,
                                ValiseHttpSession *session,
                                const char        *id,
                                GCancellable      *cancellable,
                                GError           **error);
gboolean valise_http_local_put (ValiseHttpLocal   *self,
                                ValiseHttpSession *session,
                                const char        *id,
                                const char        *body,
                                GCancellable      *cancellable,
                                GError           **error);

/* The server has just said that @id is @body, NULL: that there is none. The next question after it
 * is answered so. */
void valise_http_local_expect (ValiseHttpLocal *self, const char *id, const char *body);
void valise_http_local_expect_nothing (ValiseHttpLocal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseHttpLocal, valise_http_local_free)

G_END_DECLS
