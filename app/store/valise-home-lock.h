/* valise-home-lock.h - one program at a time has a folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lock is the kernel's, on the open file: it goes with the process, however that ends, so
 * none is ever stale.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: a descriptor that holds DIRECTORY/lock, or -1. Fails with
 * %VALISE_HOME_ERROR_LOCKED, whose message names the process that has it, or any
 * #GFileError. */
int valise_home_take_lock (const char *directory, GError **error);

G_END_DECLS
