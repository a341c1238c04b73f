/* valise-store-write.h - documents that arrived into a database of this machine, in one transaction
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-store-peer.
 */

#pragma once

#include "valise-origin.h"

G_BEGIN_DECLS

/* All are lent. */
typedef struct
{
  ValiseDatabase  *database;
  ValiseFileStore *files;  /* (nullable): of inline attachments */
  ValiseOrigin    *origin; /* (nullable): whom they came from */
} ValiseStoreWrite;

/* As the verb write() of valise-peer.h. */
GPtrArray *valise_store_write (const ValiseStoreWrite *self,
                               GPtrArray              *documents,
                               const char             *local_id,
                               const char             *local_body,
                               GError                **error);

G_END_DECLS
