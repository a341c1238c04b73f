/* valise-outlet.h - an answer's bytes between who makes them and who sends them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The maker writes to `text` and encodes; encoded pieces wait in a queue for the sender. The
 * two halves touch different members; what is common is under the caller's lock.
 */

#pragma once

#include "valise-gzip.h"
#include "valise-zstd.h"

G_BEGIN_DECLS

typedef struct
{
  /* The maker's. */
  GString    *text;     /* written, and not yet encoded */
  gsize       start;    /* of it: where that begins */
  gboolean    gzip;     /* decided before the first piece */
  ValiseZstd *zstd;     /* the same; owned */
  gboolean    apart;    /* the same: parts are small, and none is sent with another */
  GPtrArray  *recorded; /* (element-type GBytes): what was encoded so far, for the cache; NULL:
                         * not wanted */
  gsize          kept;  /* bytes of that */
  guint          dry;   /* how often the reader waited, so far */
  ValiseDeflater deflater;

  /* Under the lock. */
  GQueue  pieces; /* of GBytes */
  gsize   offset; /* in the first of them */
  gsize   queued; /* bytes that wait */
  guint64 sent;   /* bytes taken */
} ValiseOutlet;

void valise_outlet_init (ValiseOutlet *self);
void valise_outlet_clear (ValiseOutlet *self);

/* The text as it goes out, which empties it; NULL where there is nothing to send. */
GBytes *valise_outlet_encode (ValiseOutlet *self, gboolean last);
/* So much of the text as can go out before the rest, where encoding takes long; NULL: too little is
 * left for that. */
GBytes *valise_outlet_encode_part (ValiseOutlet *self);
/* The reader had nothing left to read while the last piece was made. */
void valise_outlet_ran_dry (ValiseOutlet *self);
/* From now on what is encoded is recorded. */
void valise_outlet_record (ValiseOutlet *self);
/* Not wanted after all. */
void valise_outlet_drop_recorded (ValiseOutlet *self);
/* All that was encoded, once the last piece is; NULL where it was not recorded or too long. */
GPtrArray *valise_outlet_take_recorded (ValiseOutlet *self);

/* With the lock held. */
void  valise_outlet_push (ValiseOutlet *self, GBytes *piece);
gsize valise_outlet_take (ValiseOutlet *self, char *out, gsize maximum);

G_END_DECLS
