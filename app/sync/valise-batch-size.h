/* valise-batch-size.h - how much to ask for at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * By time, not by count: a request is to take 10 to 15 seconds of what the link really
 * carries, so that a slow link loses little when it is cut and a fast one is not slowed by
 * round trips. For the files of this layer; one thread.
 */

#pragma once

#include "valise-peer.h"

G_BEGIN_DECLS

#define VALISE_BATCH_MIN 8    /* documents */
#define VALISE_BATCH_MAX 1000 /* documents */

typedef struct
{
  double documents; /* that the next batch may have */
  double rate;      /* bytes of bodies a second; 0: not measured yet */
  double mean;      /* bytes a body */
} ValiseBatchSize;

void valise_batch_size_init (ValiseBatchSize *self);

/* A batch of @documents, @bytes of bodies in all, took @elapsed_us. */
void valise_batch_size_learn (ValiseBatchSize *self,
                              guint            documents,
                              guint64          bytes,
                              gint64           elapsed_us);

/* How many documents, and how many bytes of bodies, the next batch may have. */
guint  valise_batch_size_get_documents (ValiseBatchSize *self);
gint64 valise_batch_size_get_bytes (ValiseBatchSize *self);

G_END_DECLS
