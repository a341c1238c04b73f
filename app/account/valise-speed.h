/* valise-speed.h - how fast bytes came, while they came
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One thread at a time.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64  first_us; /* monotonic; 0: nothing came yet */
  gint64  last_us;
  guint64 bytes; /* after the first */
} ValiseSpeed;

/* @bytes came now, at @now_us. Returns: bytes a second, once enough came without a pause to
 * say so, and then measures anew; 0: not yet. */
guint64 valise_speed_take (ValiseSpeed *self, guint64 bytes, gint64 now_us);

G_END_DECLS
