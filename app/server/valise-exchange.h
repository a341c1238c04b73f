/* valise-exchange.h - one request and its answer, between the network and the workers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libmicrohttpd's thread reads and sends and never does more. While a worker writes the
 * answer, or while there is nothing to answer yet, the connection is suspended; a suspended
 * connection is never closed, so its MHD_Connection is valid until it is resumed.
 */

#pragma once

#include <microhttpd.h>

#include "valise-exchange-host.h"

G_BEGIN_DECLS

typedef struct _ValiseExchange ValiseExchange;

/* For the pools. */
void valise_exchange_run (gpointer exchange, gpointer host);

/* When the request line is in; owns a reference for MHD. */
ValiseExchange *valise_exchange_new (ValiseExchangeHost    *host,
                                     struct MHD_Connection *connection,
                                     const char            *target);

/* MHD's access handler, step by step. */
enum MHD_Result valise_exchange_step (ValiseExchange *self,
                                      const char     *method,
                                      const char     *upload,
                                      size_t         *upload_length);

/* MHD is done with the request, one way or another; drops its reference. */
void valise_exchange_end (ValiseExchange *self);

/* Whether the body comes so slowly that somebody is holding the connection for its own sake;
 * any thread. */
gboolean valise_exchange_is_trickling (ValiseExchange *self, gint64 now_us);

G_END_DECLS
