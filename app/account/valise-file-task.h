/* valise-file-task.h - one thing asked of the files on this laptop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Made where it is asked, done on the queue's worker. For the files of this layer.
 */

#pragma once

#include "valise-file-queue-parts.h"

G_BEGIN_DECLS

typedef struct _ValiseFileTask ValiseFileTask;

/* Nothing but that the store is read anew. */
ValiseFileTask *valise_file_task_new_read (void) G_GNUC_WARN_UNUSED_RESULT;
/* @wanted: @n_wanted files, copied; @priority: as valise_file_queue_want(). */
ValiseFileTask *valise_file_task_new_want (const ValiseFileWanted *wanted,
                                           guint                   n_wanted,
                                           int priority) G_GNUC_WARN_UNUSED_RESULT;
/* @sha256s: digests, copied. */
ValiseFileTask *valise_file_task_new_stage (const char *const *sha256s,
                                            ValiseWishStage    stage) G_GNUC_WARN_UNUSED_RESULT;
ValiseFileTask *valise_file_task_new_evict (const char *const *sha256s) G_GNUC_WARN_UNUSED_RESULT;
void            valise_file_task_free (ValiseFileTask *self);

/* Whether doing it changes what waits, so that whoever moves files looks again. */
gboolean valise_file_task_changes (const ValiseFileTask *self);

/* Blocks; durable when it returns. Fails with any #ValiseDbError. */
gboolean valise_file_task_do (const ValiseFileTask *self, ValiseFileStore *files, GError **error);

G_END_DECLS
