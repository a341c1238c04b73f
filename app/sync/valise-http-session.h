/* valise-http-session.h - requests to one server: identity, sign-in, pace, bytes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Without libsoup, so that those above may ask. One request at a time: who asks while another's
 * answer is still open waits. Any thread; everything blocks and can be cancelled at once.
 */

#pragma once

#include "valise-http-peer.h"

G_BEGIN_DECLS

typedef struct _ValiseHttpSession ValiseHttpSession;
typedef struct _ValiseHttpAnswer  ValiseHttpAnswer;
typedef struct _ValiseHttpLogin   ValiseHttpLogin; /* see valise-http-login.h */

/* What a question has beyond JSON; any member may be left out. Lent. */
typedef struct
{
  const char *const *headers;                 /* name, value, …, NULL */
  const char        *type;                    /* of the body below */
  GBytes            *bytes;                   /* a body that is sent as it is, or */
  GInputStream *(*open) (gpointer user_data); /* one of @length bytes that is read as it goes; it
                                               * is opened anew whenever it is sent again */
  gint64   length;
  gpointer user_data;
  gboolean greets; /* see valise_http_session_greet(); then there is nothing else */
} ValiseHttpExtras;

/* Counted. @login: shared with other sessions of the same account, or %NULL. Fails with
 * %VALISE_PEER_ERROR_PROTOCOL where the address is none, and %VALISE_PEER_ERROR_IDENTITY where
 * it is plain HTTP to another machine. */
ValiseHttpSession *valise_http_session_new (const ValiseServerAddress *address,
                                            ValiseHttpLogin           *login,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* To the same server, on a connection of its own, with the same sign-in and the same count of
 * bytes: for a question whose answer may be long in coming. */
ValiseHttpSession *valise_http_session_new_sibling (ValiseHttpSession *other)
    G_GNUC_WARN_UNUSED_RESULT;
ValiseHttpSession *valise_http_session_ref (ValiseHttpSession *self);
void               valise_http_session_unref (ValiseHttpSession *self);

/* A database there. */
ValisePeer *valise_http_peer_new_with_session (ValiseHttpSession *session,
                                               const char *database) G_GNUC_WARN_UNUSED_RESULT;

/* By which of a server's sessions the peer asks from now on; kept. While nobody asks. */
void valise_http_peer_use_session (ValiseHttpPeer *peer, ValiseHttpSession *session);

/* What the server has just said by another way: of the database, an object as `GET /DATABASE` of
 * our server answers it; or of a `_local` document, NULL: that there is none. The next question
 * after it is answered so, and not asked. */
void valise_http_peer_expect (ValiseHttpPeer *peer, const ValiseJson *json, guint object);
void valise_http_peer_expect_local (ValiseHttpPeer *peer, const char *id, const char *body);
void valise_http_peer_expect_nothing (ValiseHttpPeer *peer); /* after all */

/* The sequences that a server of ours gave to what was written since this was asked last: after the
 * one returned, up to @to (out), all of them and of nobody else's. Both NULL where that is not
 * known. While nobody asks. */
char *valise_http_peer_take_span (ValiseHttpPeer *peer, char **to) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the server says that all is as it was when the feed was read to its end; see
 * valise-http-feed.h. */
gboolean valise_http_peer_is_unchanged (ValiseHttpPeer *peer, GCancellable *cancellable);

/* Seconds of silence that end a request. */
guint valise_http_session_get_timeout (ValiseHttpSession *self);

/* The server's URL without a slash at its end; stable. */
const char *valise_http_session_get_url (ValiseHttpSession *self);

/**
 * valise_http_session_send:
 * @path: what follows the server's URL, escaped, from its slash
 * @body: (nullable): JSON
 * @status: (out) (nullable): the HTTP status, 0 where there was none
 *
 * Signs in where needed, sends, and reads the head of the answer.
 *
 * Returns: (transfer full): the answer, its body unread, or %NULL with any #ValisePeerError
 * or %G_IO_ERROR_CANCELLED; a status that is not 2xx is an error
 */
ValiseHttpAnswer *valise_http_session_send (ValiseHttpSession *self,
                                            const char        *method,
                                            const char        *path,
                                            GString           *body,
                                            guint             *status,
                                            GCancellable      *cancellable,
                                            GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same with more than JSON in the question. */
ValiseHttpAnswer *valise_http_session_send_with (ValiseHttpSession      *self,
                                                 const char             *method,
                                                 const char             *path,
                                                 GString                *body,
                                                 const ValiseHttpExtras *extras,
                                                 guint                  *status,
                                                 GCancellable           *cancellable,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

guint       valise_http_answer_get_status (ValiseHttpAnswer *self);
const char *valise_http_answer_get_header (ValiseHttpAnswer *self, const char *name);

/* Whether nothing more of the body has come yet, so that reading would wait. */
gboolean valise_http_answer_is_dry (ValiseHttpAnswer *self);

/* What the body, if it is in Zstandard, may refer back to; before any of it is read. */
void valise_http_answer_set_dictionary (ValiseHttpAnswer *self, GBytes *dictionary);

/* The next bytes of the body, decompressed; 0 at its end, -1 with %VALISE_PEER_ERROR_NETWORK. */
gssize valise_http_answer_read (ValiseHttpAnswer *self,
                                char             *buffer,
                                gsize             size,
                                GCancellable     *cancellable,
                                GError          **error);

/* The next of those that have arrived already; -1: none. */
gssize valise_http_answer_read_ready (ValiseHttpAnswer *self, char *buffer, gsize size);

/* The whole body, at most @max bytes, as JSON. */
ValiseJson *valise_http_answer_read_json (ValiseHttpAnswer *self,
                                          gsize             max,
                                          GCancellable     *cancellable,
                                          GError          **error) G_GNUC_WARN_UNUSED_RESULT;

/* Lets the next request go; an answer not read to its end closes its connection. */
void valise_http_answer_free (ValiseHttpAnswer *self);

/* Send and read a JSON answer of at most 1 MiB. */
ValiseJson *valise_http_session_exchange (ValiseHttpSession *self,
                                          const char        *method,
                                          const char        *path,
                                          GString           *body,
                                          guint             *status,
                                          GCancellable      *cancellable,
                                          GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, asked of a server that may be ours: where nobody is signed in, the question itself says
 * who asks, and the answer of a server that understands that signs in. @words: (nullable): what the
 * answer, if it is in Zstandard, may refer back to. */
ValiseJson *valise_http_session_greet (ValiseHttpSession *self,
                                       const char        *method,
                                       const char        *path,
                                       GString           *body,
                                       GBytes            *words,
                                       guint             *status,
                                       GCancellable      *cancellable,
                                       GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bytes that the sockets of this session and its siblings carried. */
void valise_http_session_get_traffic (ValiseHttpSession *self, guint64 *received, guint64 *sent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseHttpSession, valise_http_session_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseHttpAnswer, valise_http_answer_free)

G_END_DECLS
