/* valise-request-reader.h - a request as it comes in: its head, judged, and its body, held
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything here is untrusted. Who is refused is told so in the answer; what follows is dropped up
 * to a limit, so that the connection can be used again, and past it the client is cut off. On
 * libmicrohttpd's thread, but for what says otherwise.
 */

#pragma once

#include <microhttpd.h>

#include "valise-exchange-host.h"
#include "valise-routes.h"
#include "valise-upload.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseExchangeHost    *host;
  struct MHD_Connection *connection;
  char                  *target;   /* as the request line has it */
  ValiseRequest         *request;  /* NULL: not read yet, or no request at all */
  const ValiseRoute     *route;    /* with the request, where it was not refused */
  gboolean               admitted; /* the head was judged */
  gboolean               refused;  /* by the head or for the body, whose rest is discarded */
  ValiseUpload          *upload;
  gsize                  held; /* of the host's bodies */

  GMutex  lock;     /* the sweeper looks at these: */
  guint64 received; /* bytes of the body */
  gint64  body_us;  /* monotonic, when it began; 0: none is being read */
} ValiseRequestReader;

void valise_request_reader_init (ValiseRequestReader   *self,
                                 ValiseExchangeHost    *host,
                                 struct MHD_Connection *connection,
                                 const char            *target);
void valise_request_reader_clear (ValiseRequestReader *self);

/* What the head alone decides: the route, who asks, and whether the body can be taken. FALSE:
 * refused, as @answer then says. */
gboolean valise_request_reader_read_head (ValiseRequestReader *self,
                                          const char          *method,
                                          ValiseAnswer        *answer);
/* Whether the body of a refused request is so short that it is read and dropped, which keeps the
 * connection; a long one is not waited for. */
gboolean valise_request_reader_may_discard (ValiseRequestReader *self);

/* The next @length bytes of the body, which may turn out to be refused. FALSE: the client sends
 * more than it may, and is cut off. */
gboolean valise_request_reader_take (ValiseRequestReader *self,
                                     const char          *data,
                                     gsize                length,
                                     ValiseAnswer        *answer);

/* The body is whole, and the request has it; FALSE: refused, as @answer says. */
gboolean valise_request_reader_end (ValiseRequestReader *self, ValiseAnswer *answer);

/* The body was used and counts no more; any thread. */
void valise_request_reader_release (ValiseRequestReader *self);

/* As valise_exchange_is_trickling(); any thread. */
gboolean valise_request_reader_is_trickling (ValiseRequestReader *self, gint64 now_us);

G_END_DECLS
