/* valise-clock.h - time, which tests can set
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Microseconds since 1970, UTC. Any thread. */
gint64 valise_clock_now (void);

/* For tests: from now on the clock is wrong by @offset_us; 0 mends it. */
void valise_clock_set_offset (gint64 offset_us);

/* "2026-11-22T10:01:34Z" of @time_us, and back (-1 where @text is no such time). */
char  *valise_clock_format (gint64 time_us);
gint64 valise_clock_parse (const char *text);

G_END_DECLS
