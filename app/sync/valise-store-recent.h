/* valise-store-recent.h - what of a database of this machine came last
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-store-peer.c.
 */

#pragma once

#include "valise-database.h"

G_BEGIN_DECLS

/* As the verb recent() of valise-peer.h. */
GPtrArray *valise_store_recent (ValiseDatabase *database, guint documents, gsize bytes);

G_END_DECLS
