/* valise-wait.h - until a database of this machine has news
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer.
 */

#pragma once

#include "valise-database.h"

G_BEGIN_DECLS

/* Waits until something was written after @since, @wait_ms passed, or it is cancelled, which is
 * no failure. Blocks. FALSE with any #ValiseDbError. */
gboolean valise_wait_for_change (ValiseDatabase *database,
                                 gint64          since,
                                 guint           wait_ms,
                                 GCancellable   *cancellable,
                                 GError        **error);

G_END_DECLS
