/* valise-patience.h - how long a client that asks for news would wait for some
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-request.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 timeout_ms;
  guint64 heartbeat_ms; /* 0: none */
} ValisePatience;

/* `timeout` and `heartbeat` of the query, as CouchDB takes them. Fails with 400. */
gboolean valise_patience_read (ValisePatience *self, const ValiseRequest *request, GError **error);

G_END_DECLS
