/* valise-later.h - a file that is written on a thread of its own, after what it holds counts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * So that a window's thread never waits for a disk. What is marked while a write lasts is
 * written after it, at once.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValiseLater ValiseLater;

/* Writes what is in memory now; FALSE with @error. On the writer's thread. */
typedef gboolean (*ValiseLaterFunc) (gpointer user_data, GError **error);

/* Told of a write that failed, on the writer's thread. */
typedef void (*ValiseLaterFailed) (const GError *failure, gpointer user_data);

ValiseLater *valise_later_new (ValiseLaterFunc   write,
                               ValiseLaterFailed failed,
                               gpointer          user_data) G_GNUC_WARN_UNUSED_RESULT;

/* There is something to write. Any thread; does not wait. */
void valise_later_mark (ValiseLater *self);

/* Waits until all that was marked is written; FALSE with what the last write failed with. */
gboolean valise_later_flush (ValiseLater *self, GError **error);

void valise_later_free (ValiseLater *self); /* waits, too */

G_END_DECLS
