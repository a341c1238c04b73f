/* valise-http-message.h - one question as it goes out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer; any thread.
 */

#pragma once

#include <libsoup/soup.h>

#include "valise-http-session.h"

G_BEGIN_DECLS

/* Whether @url is a server's that we talk to: https, or http on this machine. Fails with
 * %VALISE_PEER_ERROR_PROTOCOL where it is none, %VALISE_PEER_ERROR_IDENTITY where it is plain
 * HTTP to another machine. */
gboolean valise_http_message_check_url (const char *url, GError **error);

/* @url: the server's; @path: what follows it, escaped. @body: (nullable): JSON, compressed where
 * @gzip and where that pays. @cookie: (nullable). @extras: (nullable). Follows no redirection. */
SoupMessage *valise_http_message_new (const char             *method,
                                      const char             *url,
                                      const char             *path,
                                      GString                *body,
                                      gboolean                gzip,
                                      const char             *cookie,
                                      const ValiseHttpExtras *extras,
                                      GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
