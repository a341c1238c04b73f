/* valise-context.h - what a window shows: an account, its library, its scheduler
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-account.h"
#include "valise-library.h"
#include "valise-scheduler.h"
#include "valise-vicinity.h"

G_BEGIN_DECLS

#define VALISE_TYPE_CONTEXT (valise_context_get_type ())

G_DECLARE_FINAL_TYPE (ValiseContext, valise_context, VALISE, CONTEXT, GObject)

/* Makes the library and the scheduler of @account, and starts both. Main thread. Any error of
 * valise_library_new(). */
ValiseContext *valise_context_new (ValiseAccount *account,
                                   GError       **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the account joined last in @data_dir, off the main thread. Fails with
 * #ValiseAccountError (NONE: nobody has joined yet) or what valise_account_open() fails with. */
void           valise_context_open_async (const char         *data_dir,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
ValiseContext *valise_context_open_finish (GAsyncResult *result, GError **error);

/* Makes the sample programme in @data_dir, off the main thread, and opens it. */
void           valise_context_open_sample_async (const char         *data_dir,
                                                 GCancellable       *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer            user_data);
ValiseContext *valise_context_open_sample_finish (GAsyncResult *result, GError **error);

/* Has colleagues on the local network served by a host of @kind, and visited: from a moment later,
 * when the window is there. Nothing happens where the account is a sample, or it has been asked
 * before. */
void valise_context_share (ValiseContext *self, const ValiseHostKind *kind);

/* Stops the scheduler and closes the account; safe to call twice. */
void valise_context_close (ValiseContext *self);

ValiseAccount   *valise_context_get_account (ValiseContext *self);
ValiseLibrary   *valise_context_get_library (ValiseContext *self);
ValiseScheduler *valise_context_get_scheduler (ValiseContext *self);
ValiseVicinity  *valise_context_get_vicinity (ValiseContext *self); /* NULL: none is shared with */

G_END_DECLS
