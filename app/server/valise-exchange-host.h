/* valise-exchange-host.h - what all exchanges of a listener share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-limits.h"
#include "valise-service.h"

G_BEGIN_DECLS

typedef struct
{
  ValiseService *service;
  ValiseLimits   limits;
  GThreadPool   *readers;  /* of ValiseExchange, referenced */
  GThreadPool   *writers;  /* those that wait for a database's writer */
  GThreadPool   *greeters; /* those that need no database: whoever arrives, and signs in, waits
                            * for no crowd of first syncs */
  gint64   bodies;         /* bytes held now; atomic through the lock */
  GMutex   lock;
  gboolean closing; /* atomic: new requests get 503 */
  gint     active;  /* exchanges not yet ended; atomic */
} ValiseExchangeHost;

G_END_DECLS
