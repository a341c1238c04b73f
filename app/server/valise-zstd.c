/* valise-zstd.c - one Zstandard stream (RFC 8878) out of pieces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-zstd"

#include "config.h"

#include <zstd.h>

#include "valise-zstd.h"

/* How hard to try. */
typedef struct
{
  int level;
  int hash_log; /* of its tables; 0: as the level has it */
  int chain_log;
} Effort;

/* Measured on the 48 resolutions in English (1.66 MB): level 3 gives 0.213, 9 gives 0.177, 12
 * gives 0.170, 18 gives 0.156 at ten times 12's work: a megabyte of text a second, which a line of
 * 2 Mbit/s does not outrun. Who is near begins with the second; who reads faster than it comes gets
 * the next, which is seven times as fast as 12, and in the end level 1, with which a whole pull
 * costs the server a third less: a line that is still faster carries ten megabytes a second, and a
 * quarter more bytes are not felt there. A window past 2 MiB gives 0.001 more. The tables are
 * 13 MiB and 12 MiB; level 12 alone would take 40. */
static const Effort efforts[] = { { 18, 18, 21 }, { 12, 20, 21 }, { 3, 0, 0 }, { 1, 0, 0 } };

/* Bytes of text after which the last effort is worth its bytes: what is short is soon there anyway.
 */
#define LONG (16 * 1024 * 1024)

#define WINDOW_LOG 21

/* Bytes of text that go out together: a reader can use them when all of them came, which is what a
 * reader who is killed keeps. Over 64 kbit/s they take under a second. Twice as many would cost 1 %
 * less, no flush at all 1.8 % less. */
#define FLUSH_AT (16 * 1024)

#define MOST 12 /* at a time; */

/* and of these with the first effort: on slow lines each leaves a processor idle. */
#define MOST_HARD 4

/* Of a text that is packed whole: it is short, and harder tries gain two bytes. */
#define LEVEL_PACKED 6

static gint under_way; /* atomic */

struct _ValiseZstd
{
  ZSTD_CCtx *context;
  guint      effort;     /* of the frame that is being written */
  guint      wanted;     /* of the next */
  gsize      read;       /* bytes of text, by this effort */
  GBytes    *dictionary; /* or NULL */
};

static void
set_effort (ValiseZstd *self, guint effort)
{
  const Effort *chosen = &efforts[effort];

  ZSTD_CCtx_setParameter (self->context, ZSTD_c_compressionLevel, chosen->level);
  ZSTD_CCtx_setParameter (self->context, ZSTD_c_windowLog, WINDOW_LOG);
  ZSTD_CCtx_setParameter (self->context, ZSTD_c_hashLog, chosen->hash_log);
  ZSTD_CCtx_setParameter (self->context, ZSTD_c_chainLog, chosen->chain_log);
  self->effort = self->wanted = effort;
  self->read = 0;
}

ValiseZstd *
valise_zstd_new (gboolean near)
{
  ValiseZstd *self = NULL;
  ZSTD_CCtx  *context = NULL;
  gint        others = g_atomic_int_add (&under_way, 1);

  if (others < MOST)
    context = ZSTD_createCCtx ();
  if (context == NULL)
    {
      g_atomic_int_add (&under_way, -1);
      return NULL;
    }

  self = g_new0 (ValiseZstd, 1);
  self->context = context;
  set_effort (self, !near && others < MOST_HARD ? 0 : 1);
  return self;
}

void
valise_zstd_free (ValiseZstd *self)
{
  if (self == NULL)
    return;

  ZSTD_freeCCtx (self->context);
  g_clear_pointer (&self->dictionary, g_bytes_unref);
  g_atomic_int_add (&under_way, -1);
  g_free (self);
}

void
valise_zstd_set_dictionary (ValiseZstd *self, GBytes *dictionary)
{
  gsize         length = 0;
  gconstpointer data = g_bytes_get_data (dictionary, &length);

  g_return_if_fail (self->dictionary == NULL);

  self->dictionary = g_bytes_ref (dictionary);
  ZSTD_CCtx_refPrefix (self->context, data, length);
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
  guint    next = self->wanted + 1;
  gboolean is_last = next + 1 == G_N_ELEMENTS (efforts);
  gboolean is_news = next < G_N_ELEMENTS (efforts) && (!is_last || self->read >= LONG);

  if (is_news)
    self->wanted = next;
  return is_news;
}

/* What a stream is made with holds for a whole frame, so this one ends. */
static void
change_effort (ValiseZstd *self, GByteArray *out)
{
  append_some (self, NULL, 0, ZSTD_e_end, out);
  set_effort (self, self->wanted);
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

  if (self->wanted != self->effort)
    change_effort (self, out);
  self->read += length;
  while (length > FLUSH_AT)
    {
      append_some (self, at, FLUSH_AT, ZSTD_e_flush, out);
      at += FLUSH_AT;
      length -= FLUSH_AT;
    }
  append_some (self, at, length, last ? ZSTD_e_end : ZSTD_e_flush, out);
}

GBytes *
valise_zstd_pack (const char *text, gsize length, GBytes *dictionary)
{
  ZSTD_CCtx    *context = ZSTD_createCCtx ();
  gsize         room = ZSTD_compressBound (length), known = 0, size = 0;
  gconstpointer data = g_bytes_get_data (dictionary, &known);
  guint8       *out = g_malloc (room);

  g_assert (context != NULL);
  ZSTD_CCtx_setParameter (context, ZSTD_c_compressionLevel, LEVEL_PACKED);
  ZSTD_CCtx_refPrefix (context, data, known);
  size = ZSTD_compress2 (context, out, room, text, length);
  g_assert (!ZSTD_isError (size)); /* only for parameters that are wrong */
  ZSTD_freeCCtx (context);
  return g_bytes_new_take (g_realloc (out, size), size);
}
