/* valise-meta-table.h - what a database's file says of itself, and its `_local` documents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * On the connection given, in the transaction its caller opened. Fails with any
 * #ValiseDbError.
 */

#pragma once

#include "valise-db.h"

G_BEGIN_DECLS

/* The row of table meta. */
typedef struct
{
  char    *uuid;
  gint64   created_us;
  gint64   update_seq;
  gint64   documents;
  gint64   deleted;
  gint64   absent;
  gboolean clean;
} ValiseMetaRow;

void valise_meta_row_clear (ValiseMetaRow *self);

gboolean valise_meta_read (ValiseDb *db, ValiseMetaRow *meta, GError **error);
gboolean valise_meta_insert (ValiseDb *db, GError **error); /* where the file is new */
gboolean valise_meta_update (ValiseDb *db, const ValiseMetaRow *meta, GError **error);
gboolean valise_meta_renew (ValiseDb *db, GError **error); /* a new epoch, from now on */

/* NULL with MISSING; @rev: (nullable): its "0-N". */
char    *valise_local_table_get (ValiseDb *db, const char *id, char **rev, GError **error);
char    *valise_local_table_put (ValiseDb *db, const char *id, const char *body, GError **error);
gboolean valise_local_table_delete (ValiseDb *db, const char *id, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ValiseMetaRow, valise_meta_row_clear)

G_END_DECLS
