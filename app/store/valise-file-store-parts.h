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

/* See valise_db_pool_set_healer(). Once, before another thread has the store. */
void valise_file_store_set_healer (ValiseFileStore *self,
                                   ValiseDbHealFunc func,
                                   gpointer         user_data,
                                   GDestroyNotify   destroy);

/* Where its file is. */
char *valise_file_store_dup_folder (ValiseFileStore *self) G_GNUC_WARN_UNUSED_RESULT;

/* So that the file of @pool can give back room, unless it is large already. */
gboolean valise_file_pool_make_shrinkable (ValiseDbPool *pool, GError **error);

/* Gives back to the disk the room of what was dropped; as a help: what fails costs only that. */
gboolean valise_file_store_shrink (ValiseFileStore *self, GError **error);

/* @func on a reader, in one read transaction. */
gboolean valise_file_store_look (ValiseFileStore *self,
                                 ValiseDbFunc     func,
                                 gpointer         user_data,
                                 GError         **error);

/* Tells whoever watches that @sha256 is here now, or no longer. After the transaction. */
void valise_file_store_tell (ValiseFileStore *self, const char *sha256);

G_END_DECLS
