/* valise-file-again.h - files whose bytes were lost, and are wanted again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was here is known from the list of wishes, and from the search index beside it, which
 * has an entry for each file whose words it was given. Any thread; blocks.
 */

#pragma once

#include "valise-db.h"

G_BEGIN_DECLS

typedef struct _ValiseFileAgain ValiseFileAgain; /* the index, read; one thread */

/* @folder: the account's. An index that is not there, or cannot be read, knows of no file. */
ValiseFileAgain *valise_file_again_open (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
void             valise_file_again_close (ValiseFileAgain *self);

/* The files that were here when the index looked last: (element-type utf8), SHA-256 each. */
GPtrArray *valise_file_again_list (ValiseFileAgain *self);

/* In the transaction of @db, files.sqlite: puts @sha256 into the queue, where its wish or the
 * index knows whose it is. @wanted: (out): whether they do. Fails with any #ValiseDbError. */
gboolean valise_file_again_want (ValiseFileAgain *self,
                                 ValiseDb        *db,
                                 const char      *sha256,
                                 gboolean        *wanted,
                                 GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseFileAgain, valise_file_again_close)

G_END_DECLS
