/* valise-batch.h - one transaction of writes to a database
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How valise-database makes the batches that its header speaks of.
 */

#pragma once

#include "valise-database.h"
#include "valise-db-pool.h"
#include "valise-journal.h"

G_BEGIN_DECLS

/* For valise-database's own files. */
ValiseDbPool *valise_database_get_pool (ValiseDatabase *self);
void          valise_database_set_healer (ValiseDatabase  *self,
                                          ValiseDbHealFunc func,
                                          gpointer         user_data,
                                          GDestroyNotify   destroy);
/* NULL: it keeps none. */
ValiseJournal *valise_database_get_journal (ValiseDatabase *self);
/* @journal: (transfer full): once, before another thread has the database. */
void valise_database_take_journal (ValiseDatabase *self, ValiseJournal *journal);

/* Takes the writer of @pool and begins. @database is kept alive; after a commit that changed
 * documents it is told by @committed, on the committing thread. */
ValiseBatch *valise_batch_new (ValiseDatabase *database,
                               ValiseDbPool   *pool,
                               void (*committed) (ValiseDatabase *),
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As valise_batch_put_local(). Returns: (transfer full): the new "0-N". */
char    *valise_batch_put_local_full (ValiseBatch *batch,
                                      const char  *id,
                                      const char  *body,
                                      GError     **error);
gboolean valise_batch_delete_local (ValiseBatch *batch, const char *id, GError **error);

/* Before the commit: the sequences after @from, up to @to, are those that the batch gives. */
void valise_batch_get_span (ValiseBatch *batch, gint64 *from, gint64 *to);

/* FALSE with BAD_ID. */
gboolean valise_document_check_id (const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBatch, valise_batch_cancel)

G_END_DECLS
