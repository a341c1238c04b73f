/* valise-reader-pool.h - the connections that search, and how they let go of a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-search-store.h"

G_BEGIN_DECLS

typedef struct _ValiseReaderPool ValiseReaderPool; /* any thread */

ValiseReaderPool *valise_reader_pool_new (const char *path,
                                          guint       version) G_GNUC_WARN_UNUSED_RESULT;
void              valise_reader_pool_free (ValiseReaderPool *self);

/* A reader for the caller alone until it is given back. Fails with any #ValiseDbError. */
ValiseSearchStore *valise_reader_pool_take (ValiseReaderPool *self, GError **error);
void               valise_reader_pool_give (ValiseReaderPool *self, ValiseSearchStore *store);

/* Between the two no reader has the file open: it may be deleted. */
void valise_reader_pool_shut (ValiseReaderPool *self);
void valise_reader_pool_reopen (ValiseReaderPool *self);

G_END_DECLS
