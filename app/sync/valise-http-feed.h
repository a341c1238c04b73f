/* valise-http-feed.h - what changed in a database on a server, or that nothing did
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-http-peer.c; one thread at a time.
 */

#pragma once

#include "valise-http-session.h"

G_BEGIN_DECLS

typedef struct _ValiseHttpFeed ValiseHttpFeed;

/* @path: "/DATABASE", escaped. @timeout_ms: of silence. */
ValiseHttpFeed *valise_http_feed_new (const char *path, guint timeout_ms) G_GNUC_WARN_UNUSED_RESULT;
void            valise_http_feed_free (ValiseHttpFeed *self);

/* As the verb changes() of valise-peer.h. */
gboolean valise_http_feed_read (ValiseHttpFeed      *self,
                                ValiseHttpSession   *session,
                                const char          *since,
                                guint                limit,
                                guint                wait_ms,
                                ValisePeerChangeFunc func,
                                gpointer             user_data,
                                char               **last_seq,
                                gint64              *pending,
                                GCancellable        *cancellable,
                                GError             **error);

/* Whether the server says that all is as it was when the feed was read to its end: one short
 * question, or none where it never gave a name to that. FALSE tells nothing. */
gboolean valise_http_feed_is_unchanged (ValiseHttpFeed    *self,
                                        ValiseHttpSession *session,
                                        GCancellable      *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseHttpFeed, valise_http_feed_free)

G_END_DECLS
