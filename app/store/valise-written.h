/* valise-written.h - bodies written in a transaction, until they are read back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * After Fossil's verify.c, byte for byte rather than by digest, which is both stricter and
 * cheaper: the bodies are at hand. They wait for that at most four MiB long.
 */

#pragma once

#include "valise-document-table.h"

G_BEGIN_DECLS

typedef struct _ValiseWritten ValiseWritten; /* one thread */

ValiseWritten *valise_written_new (void);
void           valise_written_free (ValiseWritten *self);

/* @body is now the winner's in @row. Fails as valise_written_verify() does. */
gboolean valise_written_add (ValiseWritten           *self,
                             ValiseDb                *db,
                             const ValiseDocumentRow *row,
                             GBytes                  *body,
                             GError                 **error);

/* Reads back what was added, and forgets it. Fails with any #ValiseDbError. */
gboolean valise_written_verify (ValiseWritten *self, ValiseDb *db, GError **error);

G_END_DECLS
