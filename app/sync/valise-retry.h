/* valise-retry.h - which failures pass by themselves, and how long to wait
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_RETRY_MAX 5 /* tries after the first, within one run */

/* Whether asking again may help: the network, 408, 429 and 5xx. */
gboolean valise_retry_may_help (const GError *error);

/* Sleeps before the @attempt-th retry (from 0): 0.25 s, doubled each time. FALSE with
 * %G_IO_ERROR_CANCELLED, at once. */
gboolean valise_retry_pause (guint attempt, GCancellable *cancellable, GError **error);

/* Sleeps @wait_us; the same. */
gboolean valise_retry_sleep (gint64 wait_us, GCancellable *cancellable, GError **error);

G_END_DECLS
