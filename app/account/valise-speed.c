/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-speed"

#include "config.h"

#include "valise-speed.h"

#define PAUSE_US  (3 * G_USEC_PER_SEC / 2) /* longer: it was not the line that was slow */
#define ENOUGH_US (3 * G_USEC_PER_SEC)     /* of a slow line */
#define ENOUGH    (64 << 10)               /* bytes, of a fast one, */
#define LEAST     (8 << 10)                /* and of a slow one */
#define LEAST_US  20000                    /* less is the kernel's memory, not the line */

guint64
valise_speed_take (ValiseSpeed *self, guint64 bytes, gint64 now_us)
{
  gint64  elapsed_us = 0;
  guint64 speed = 0;

  if (bytes == 0)
    return 0;
  if (self->first_us == 0 || now_us - self->last_us > PAUSE_US)
    {
      *self = (ValiseSpeed){ now_us, now_us, 0 };
      return 0;
    }
  self->last_us = now_us;
  self->bytes += bytes;
  elapsed_us = now_us - self->first_us;
  if (elapsed_us < LEAST_US
      || !(self->bytes >= ENOUGH || (self->bytes >= LEAST && elapsed_us >= ENOUGH_US)))
    return 0;
  speed = (guint64) ((double) self->bytes / (double) elapsed_us * G_USEC_PER_SEC);
  *self = (ValiseSpeed){ now_us, now_us, 0 };
  return MAX (speed, 1);
}
