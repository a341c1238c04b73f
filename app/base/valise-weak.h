/* valise-weak.h - a reference that does not keep its object, to give to a callback
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     g_timeout_add_full (G_PRIORITY_DEFAULT, 200, look_cb, valise_weak_new (self),
 * valise_weak_free);
 *
 * whose callback begins with g_weak_ref_get(). For sources that may outlive who asked for them: a
 * program without a main loop never runs them. Any thread.
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

GWeakRef *valise_weak_new (gpointer object) G_GNUC_WARN_UNUSED_RESULT;
void      valise_weak_free (gpointer weak); /* a #GDestroyNotify */

G_END_DECLS
