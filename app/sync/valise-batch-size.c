/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-batch-size"

#include "config.h"

#include "valise-batch-size.h"

#define AIM_S     12.0 /* seconds a batch is to take */
#define START     100  /* documents of the first batch */
#define MIN_BYTES 65536
#define MAX_BYTES (64 << 20)
#define ALPHA     0.5 /* weight of the newest measure */

void
valise_batch_size_init (ValiseBatchSize *self)
{
  self->documents = START;
  self->rate = 0;
  self->mean = 0;
}

static double
blend (double old, double measured)
{
  return old > 0 ? old + ALPHA * (measured - old) : measured;
}

void
valise_batch_size_learn (ValiseBatchSize *self, guint documents, guint64 bytes, gint64 elapsed_us)
{
  double seconds = (double) MAX (elapsed_us, 1000) / G_USEC_PER_SEC;

  if (documents == 0)
    return;

  self->rate = blend (self->rate, (double) bytes / seconds);
  self->mean = blend (self->mean, (double) bytes / documents);
  /* At most twice the last one: one lucky measure must not ask for an hour's worth. */
  self->documents =
      CLAMP (MIN (AIM_S * self->rate / MAX (self->mean, 1), 2.0 * MAX (documents, START / 2)),
             VALISE_BATCH_MIN, VALISE_BATCH_MAX);
}

guint
valise_batch_size_get_documents (ValiseBatchSize *self)
{
  return (guint) self->documents;
}

gint64
valise_batch_size_get_bytes (ValiseBatchSize *self)
{
  if (self->rate <= 0)
    return 1 << 20;
  return (gint64) CLAMP (AIM_S * self->rate, MIN_BYTES, MAX_BYTES);
}
