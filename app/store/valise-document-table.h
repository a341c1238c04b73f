/* valise-document-table.h - the SQL of a database's file: documents and leaves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every function works on the connection it is given and in the transaction its caller
 * opened; none keeps anything. They fail with any #ValiseDbError.
 */

#pragma once

#include "valise-database.h"
#include "valise-db.h"

G_BEGIN_DECLS

/* A row of table document, without its body. */
typedef struct
{
  gint64              row; /* 0: there is none yet */
  gint64              seq;
  char               *rev;
  gboolean            deleted;
  gboolean            here;
  gint64              size;
  guint               leaves;
  GBytes             *bytes; /* of the tree */
  ValiseRevisionTree *tree;
} ValiseDocumentRow;

void valise_document_row_clear (ValiseDocumentRow *self);

/* Fills a zeroed @row; where there is no such document it stays so, with an empty tree. */
gboolean valise_document_table_find (ValiseDb          *db,
                                     const char        *id,
                                     ValiseDocumentRow *row,
                                     GError           **error);

/* Writes @row, and with it the winner's body and attachments from @document, whose size
 * @row has. A new row gets its number. */
gboolean valise_document_table_put (ValiseDb             *db,
                                    ValiseDocumentRow    *row,
                                    const ValiseDocument *document,
                                    GError              **error);
/* Writes @row without touching body, attachments and size. */
gboolean valise_document_table_put_head (ValiseDb                *db,
                                         const ValiseDocumentRow *row,
                                         GError                 **error);
/* Puts the winner's body among the leaves; and takes that of leaf @rev from there. */
gboolean valise_document_table_demote (ValiseDb *db, gint64 row, GError **error);
gboolean valise_document_table_promote (ValiseDb *db, gint64 row, const char *rev, GError **error);

gboolean valise_leaf_table_put (ValiseDb             *db,
                                gint64                row,
                                const char           *rev,
                                const ValiseDocument *document,
                                GError              **error);
gboolean valise_leaf_table_drop (ValiseDb *db, gint64 row, const char *rev, GError **error);

/* Whether the winner @rev of @row still has the body @body; TRUE where another has won since.
 * FALSE with CORRUPT. The same for a leaf. */
gboolean valise_document_table_verify (ValiseDb   *db,
                                       gint64      row,
                                       const char *rev,
                                       GBytes     *body,
                                       GError    **error);
gboolean valise_leaf_table_verify (ValiseDb   *db,
                                   gint64      row,
                                   const char *rev,
                                   GBytes     *body,
                                   GError    **error);

/* The leaf @rev of @id, as @row's tree spells it; NULL without an error where its row lacks. */
ValiseDocument *valise_document_table_read (ValiseDb                *db,
                                            const char              *id,
                                            const ValiseDocumentRow *row,
                                            const char              *rev,
                                            GError                 **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ValiseDocumentRow, valise_document_row_clear)

G_END_DECLS
