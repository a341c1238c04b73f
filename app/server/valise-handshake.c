/* valise-handshake.c - a handshake in as few packets as can be
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-handshake"

#include "config.h"

#include <gio/gio.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "valise-handshake.h"

/* Of a record (RFC 8446, 5.1) and of the first message in it (4): what tells a ServerHello. */
#define RECORD_HEAD     5
#define TYPE_HANDSHAKE  22
#define SERVER_HELLO    2
#define RANDOM_AT       11 /* bytes from the record's start */
#define RANDOM_COMPARED 8

/* How the random of a ServerHello begins that asks for another ClientHello (RFC 8446, 4.1.3):
 * nothing follows it. */
static const guint8 retry_random[RANDOM_COMPARED] = {
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11
};

/* Whether these bytes are a ServerHello, after which more is written at once: the only message that
 * TLS 1.3 does not encrypt. */
static gboolean
goes_on (const giovec_t *parts, int n)
{
  const guint8 *record = n > 0 ? parts[0].iov_base : NULL;

  return n > 0 && parts[0].iov_len >= RANDOM_AT + RANDOM_COMPARED && record[0] == TYPE_HANDSHAKE
         && record[RECORD_HEAD] == SERVER_HELLO
         && memcmp (record + RANDOM_AT, retry_random, RANDOM_COMPARED) != 0;
}

/* As GnuTLS does by itself, but that a ServerHello waits for what goes with it: GnuTLS writes it by
 * itself. The kernel holds nothing longer than 200 ms. */
static ssize_t
push (gnutls_transport_ptr_t socket, const giovec_t *parts, int n)
{
  struct msghdr message = { .msg_iov = (struct iovec *) parts, .msg_iovlen = (gsize) n };

  return sendmsg (GPOINTER_TO_INT (socket), &message,
                  MSG_NOSIGNAL | (goes_on (parts, n) ? MSG_MORE : 0));
}

/* What a client sends first, a handshake and a question, is answered at once, and the answer says
 * that it came; without this, Linux says so of each packet by one more. It holds until something
 * waited for its answer for 40 ms: a client that is given the whole of our part at once does not
 * send the two packets of its own so far apart. */
static void
acknowledge_by_answers (int fd)
{
  int at_once = 0;

  (void) setsockopt (fd, IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof at_once);
}

void
valise_handshake_shorten (struct MHD_Connection *connection, int fd)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  gnutls_session_t session = info != NULL ? info->tls_session : NULL;

  acknowledge_by_answers (fd);
  if (session != NULL)
    gnutls_transport_set_vec_push_function (session, push);
}
