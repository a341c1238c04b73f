/* valise-http-line.h - the connection to one server: who is at its other end, what it carries
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer. One reply at a time; any thread, each in its turn.
 */

#pragma once

#include <libsoup/soup.h>

#include "valise-http-traffic.h"

G_BEGIN_DECLS

typedef struct _ValiseHttpLine ValiseHttpLine;

/* An answer whose head has come. */
typedef struct
{
  ValiseHttpLine *line;
  SoupMessage    *message;
  GInputStream   *stream; /* the body, decoded */
} ValiseHttpReply;

/* @pins: (array fixed-size=2): SHA-256 of the server's key in lower-case hex digits, or NULL;
 * @timeout_s: of silence; @traffic: counts what its sockets carry, kept. */
ValiseHttpLine *valise_http_line_new (const char *const *pins,
                                      guint              timeout_s,
                                      ValiseHttpTraffic *traffic) G_GNUC_WARN_UNUSED_RESULT;
/* What is shown where the server asks for a certificate; (nullable). */
void valise_http_line_set_identity (ValiseHttpLine *self, GTlsCertificate *identity);
void valise_http_line_free (ValiseHttpLine *self);

/* Sends @message (transfer full). Returns: (transfer full): the reply, whatever its status; or
 * %NULL with %VALISE_PEER_ERROR_IDENTITY, any other #ValisePeerError of a network, or
 * %G_IO_ERROR_CANCELLED. */
ValiseHttpReply *valise_http_line_send (ValiseHttpLine *self,
                                        SoupMessage    *message,
                                        GCancellable   *cancellable,
                                        GError        **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next bytes of the body; 0 at its end, -1 with %VALISE_PEER_ERROR_NETWORK. */
gssize valise_http_reply_read (ValiseHttpReply *self,
                               char            *buffer,
                               gsize            size,
                               GCancellable    *cancellable,
                               GError         **error);

/* What the body, if it is in Zstandard, may refer back to; before any of it is read. */
void valise_http_reply_set_dictionary (ValiseHttpReply *self, GBytes *dictionary);

/* The same of what has arrived already; -1 where nothing has, or none can come. */
gssize valise_http_reply_read_ready (ValiseHttpReply *self, char *buffer, gsize size);

/* The connection is kept for the next where the body was read to its end, else closed. */
void valise_http_reply_free (ValiseHttpReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseHttpReply, valise_http_reply_free)

G_END_DECLS
