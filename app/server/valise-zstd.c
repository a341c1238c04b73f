/* valise-zstd.c - one Zstandard stream (RFC 8878) out of pieces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-zstd"

#include "config.h"

#include <zstd.h>

#include "valise-zstd.h"

/* Measured on the 48 resolutions in English (1.66 MB): level 3 gives 0.213, 9 gives 0.177, 12
 * gives 0.170, 19 gives 0.156 at ten times 12's work. A window past 2 MiB gives 0.001 more. */
#define LEVEL      12
#define WINDOW_LOG 21
#define HASH_LOG   20 /* its tables, 12 MiB; level 12 alone would take 40 */
#define CHAIN_LOG  21

/* For who reads faster than the above is made: 0.213, and 7 times as fast. */
#define QUICK_LEVEL 3

/* Bytes of text that go out together: a reader can use them when all of them came, which is what a
 * reader who is killed keeps. Over 64 kbit/s they take under a second. Twice as many would cost 1 %
 * less, no flush at all 1.8 % less. */
#define FLUSH_AT (16 * 1024)

#define MOST 12 /* at a time */

static gint under_way; /* atomic */

struct _ValiseZstd
{
  ZSTD_CCtx *context;
  gboolean   hurried;
  gboolean   quick; /* the frame that is being written */
};

ValiseZstd *
valise_zstd_new (void)
{
  ValiseZstd *self = NULL;
  ZSTD_CCtx  *context = NULL;

  if (g_atomic_int_add (&under_way, 1) < MOST)
    context = ZSTD_createCCtx ();
  if (context == NULL)
    {
      g_atomic_int_add (&under_way, -1);
      return NULL;
    }

  ZSTD_CCtx_setParameter (context, ZSTD_c_compressionLevel, LEVEL);
  ZSTD_CCtx_setParameter (context, ZSTD_c_windowLog, WINDOW_LOG);
  ZSTD_CCtx_setParameter (context, ZSTD_c_hashLog, HASH_LOG);
  ZSTD_CCtx_setParameter (context, ZSTD_c_chainLog, CHAIN_LOG);
  self = g_new0 (ValiseZstd, 1);
  self->context = context;
  return self;
}

void
valise_zstd_free (ValiseZstd *self)
{
  if (self == NULL)
    return;

  ZSTD_freeCCtx (self->context);
  g_atomic_int_add (&under_way, -1);
  g_free (self);
}

static void
append_some (ValiseZstd       *self,
             const guint8     *piece,
             gsize             length,
             ZSTD_EndDirective end,
             GByteArray       *out)
{
  ZSTD_inBuffer in = { piece, length, 0 };
  gsize         left = 0;

  do
    {
      guint          start = out->len;
      gsize          room = ZSTD_compressBound (length - in.pos) + 64;
      ZSTD_outBuffer buffer = { NULL, room, 0 };

      g_byte_array_set_size (out, start + (guint) room);
      buffer.dst = out->data + start;
      left = ZSTD_compressStream2 (self->context, &buffer, &in, end);
      g_assert (!ZSTD_isError (left)); /* only for parameters that are wrong */
      g_byte_array_set_size (out, start + (guint) buffer.pos);
    }
  while (left > 0 || in.pos < length);
}

gboolean
valise_zstd_hurry (ValiseZstd *self)
{
  gboolean is_news = !self->hurried;

  self->hurried = TRUE;
  return is_news;
}

/* What a stream is made with holds for a whole frame, so this one ends. */
static void
become_quick (ValiseZstd *self, GByteArray *out)
{
  append_some (self, NULL, 0, ZSTD_e_end, out);
  ZSTD_CCtx_setParameter (self->context, ZSTD_c_compressionLevel, QUICK_LEVEL);
  ZSTD_CCtx_setParameter (self->context, ZSTD_c_hashLog, 0);
  ZSTD_CCtx_setParameter (self->context, ZSTD_c_chainLog, 0);
  self->quick = TRUE;
}

/**
 * valise_zstd_append:
 * @piece: fewer than 2³¹ bytes
 * @last: whether the stream ends with it
 */
void
valise_zstd_append (ValiseZstd *self,
                    const void *piece,
                    gsize       length,
                    gboolean    last,
                    GByteArray *out)
{
  const guint8 *at = piece;

  if (self->hurried && !self->quick)
    become_quick (self, out);
  while (length > FLUSH_AT)
    {
      append_some (self, at, FLUSH_AT, ZSTD_e_flush, out);
      at += FLUSH_AT;
      length -= FLUSH_AT;
    }
  append_some (self, at, length, last ? ZSTD_e_end : ZSTD_e_flush, out);
}
