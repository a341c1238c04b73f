/* valise-loop.h - a thread with a main context of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The server's databases are opened here, so that whatever they emit is emitted here, and its
 * timers run here, whatever the program around it does with its own main context.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ValiseLoop ValiseLoop;

typedef gpointer (*ValiseLoopFunc) (gpointer data);

ValiseLoop *valise_loop_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the thread when it has done what it was asked to, and frees. */
void valise_loop_free (ValiseLoop *self);

GMainContext *valise_loop_get_context (ValiseLoop *self);

/* Runs @func there and returns what it returns. From the loop itself: at once. */
gpointer valise_loop_call (ValiseLoop *self, ValiseLoopFunc func, gpointer data);

G_END_DECLS
