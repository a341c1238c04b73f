/* valise-worker.h - a few threads of one's own for what may not block the main one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GTask's own threads are shared by everybody and may all be waiting on each other; these
 * are the library's.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ValiseWorker ValiseWorker; /* counted; any thread */

ValiseWorker *valise_worker_new (guint threads) G_GNUC_WARN_UNUSED_RESULT;
ValiseWorker *valise_worker_ref (ValiseWorker *self);
void          valise_worker_unref (ValiseWorker *self); /* what is queued still runs */

/* Runs @func for @task, which returns in its own context, where it is also let go. */
void valise_worker_run (ValiseWorker *self, GTask *task, GTaskThreadFunc func);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseWorker, valise_worker_unref)

G_END_DECLS
