/* valise-round-files.h - the files of a round, after its words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How valise-round.c moves files; nobody else's.
 */

#pragma once

#include "valise-account.h"
#include "valise-http-session.h"

G_BEGIN_DECLS

typedef struct _ValiseRoundFiles ValiseRoundFiles;

/* Starts to move what the queue of @account holds, over a connection beside @session's.
 * @has_words: whether documents are on their way now; asked on another thread.
 * @retry: tries anew what had a problem. */
ValiseRoundFiles *valise_round_files_start (ValiseAccount     *account,
                                            ValiseHttpSession *session,
                                            gboolean           continuous,
                                            gboolean           retry,
                                            gboolean (*has_words) (gpointer user_data),
                                            gpointer      user_data,
                                            GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for its end, and frees it; (nullable). Fails as valise_file_mover_finish() does. */
gboolean valise_round_files_finish (ValiseRoundFiles *self, GError **error);

G_END_DECLS
