/* valise-file-store-parts.h - what the files of valise-file-store share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-db-pool.h"
#include "valise-file-store.h"

G_BEGIN_DECLS

/* One durable transaction on the writer. */
gboolean valise_file_store_write (ValiseFileStore *self,
                                  ValiseDbFunc     func,
                                  gpointer         user_data,
                                  GError         **error);

/* @func on a reader, in one read transaction. */
gboolean valise_file_store_look (ValiseFileStore *self,
                                 ValiseDbFunc     func,
                                 gpointer         user_data,
                                 GError         **error);

/* Tells whoever watches that @sha256 is here now, or no longer. After the transaction. */
void valise_file_store_tell (ValiseFileStore *self, const char *sha256);

G_END_DECLS
