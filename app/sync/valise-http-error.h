/* valise-http-error.h - what went wrong, in the words of a peer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "valise-json.h"
#include "valise-peer-error.h"

G_BEGIN_DECLS

/* Turns @failure, of a socket, TLS, the resolver or libsoup, into a #ValisePeerError; leaves
 * %G_IO_ERROR_CANCELLED and peers' own errors. Takes @failure. */
void valise_http_error_propagate (GError **error, GError *failure);

/* Whether the head of an answer is a stranger's: a sign-in page, a redirection. */
gboolean valise_http_error_is_portal (SoupMessage *message);

/* The error that an answer of status @status, not 2xx, with @body (nullable: no JSON) means. */
void valise_http_error_set (GError **error, SoupMessage *message, const ValiseJson *body);

/* The seconds that Retry-After asks for, at most 300; 0 without one. */
guint valise_http_error_get_retry_after (SoupMessage *message);

G_END_DECLS
