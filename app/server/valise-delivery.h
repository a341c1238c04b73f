/* valise-delivery.h - an answer on its way: who makes it and who sends it take turns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sender is libmicrohttpd's thread. With nothing to send it suspends the connection; the
 * maker, a worker or a waiter, resumes it. A suspended connection is never closed, so it is
 * valid until it is resumed.
 */

#pragma once

#include <microhttpd.h>

#include "valise-outlet.h"
#include "valise-watch.h"

G_BEGIN_DECLS

typedef struct
{
  GMutex       lock;
  ValiseOutlet outlet; /* see there */

  /* Under the lock. */
  struct MHD_Connection *connection;
  gboolean               closed;    /* the request is over */
  gboolean               suspended; /* and waits to be resumed */
  gboolean               producing; /* a worker or a waiter has the turn */
  gboolean               begun;     /* there is something to begin the answer with */
  gboolean               finished;  /* no piece will follow */
  gboolean               failed;    /* and the answer is not whole */
} ValiseDelivery;

void valise_delivery_init (ValiseDelivery *self, struct MHD_Connection *connection);
void valise_delivery_clear (ValiseDelivery *self);

/* --- the sender's, on its thread ------------------------------------------------------------- */

/* Gives the turn away until the maker has something. */
void valise_delivery_suspend (ValiseDelivery *self);
/* As MHD's content reader. @produce: (out): nobody has the turn, and little is left. */
ssize_t valise_delivery_read (ValiseDelivery *self, char *out, size_t maximum, gboolean *produce);
/* Of the whole body: known where it is whole, else @announced (-1: unknown). FALSE: failed. */
gboolean valise_delivery_get_length (ValiseDelivery *self, gint64 announced, uint64_t *length);
/* Takes the whole body where it is all there, of 1 to @maximum bytes; else NULL, and nothing. */
char *valise_delivery_dup_short (ValiseDelivery *self, gsize maximum) G_GNUC_WARN_UNUSED_RESULT;
void  valise_delivery_close (ValiseDelivery *self);

/* --- the maker's ------------------------------------------------------------------------------ */

/* Sends what was written to the outlet's text. @producing: the maker keeps the turn. Returns:
 * (transfer full) (nullable) (element-type GBytes): with @last, all that was sent, where it was
 * recorded */
GPtrArray *valise_delivery_emit (ValiseDelivery *self, gboolean last, gboolean producing);
/* Sends @pieces (element-type GBytes), which were recorded, and nothing else. */
void valise_delivery_emit_recorded (ValiseDelivery *self, GPtrArray *pieces);
/* Ends it as it is: nothing is sent, or a cut. */
void     valise_delivery_fail (ValiseDelivery *self);
gboolean valise_delivery_has_begun (ValiseDelivery *self);
gboolean valise_delivery_is_closed (ValiseDelivery *self);

/* As valise_watch_add(), unless the request is over; atomic against its end. */
gboolean valise_delivery_wait (ValiseDelivery   *self,
                               ValiseWatch      *watch,
                               const ValiseWait *wait,
                               ValiseWakeFunc    func,
                               gpointer          user_data,
                               ValiseWake       *wake);

/* Whether the client is near, by the round trips that the kernel saw. FALSE: not known. */
gboolean valise_delivery_is_near (ValiseDelivery *self);

G_END_DECLS
