/* valise-outlet.c - an answer's bytes between who makes them and who sends them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-outlet"

#include "config.h"

#include <string.h>

#include "valise-cache.h"
#include "valise-outlet.h"

/* Once is enough: a piece takes the first effort a second, and a slow line's buffers hold more. */
#define DRY_MAX 1

/* Bytes of text that go out together: a reader can use them when all of them came, which is what a
 * reader who is killed keeps; over 64 kbit/s a third of a second. A part ends with a line, so that
 * it is of whole documents, where one ends in time. Twice as many cost 0.8 % less. */
#define PART_MIN (6 * 1024)
#define PART_MAX (16 * 1024)

/* The same for who is near and loses nothing by more. */
#define PART_NEAR (64 * 1024)

void
valise_outlet_init (ValiseOutlet *self)
{
  self->text = g_string_new (NULL);
  g_queue_init (&self->pieces);
}

void
valise_outlet_clear (ValiseOutlet *self)
{
  g_string_free (self->text, TRUE);
  valise_outlet_drop_recorded (self);
  g_clear_pointer (&self->zstd, valise_zstd_free);
  g_queue_clear_full (&self->pieces, (GDestroyNotify) g_bytes_unref);
}

void
valise_outlet_record (ValiseOutlet *self)
{
  self->recorded = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->kept = 0;
}

void
valise_outlet_drop_recorded (ValiseOutlet *self)
{
  g_clear_pointer (&self->recorded, g_ptr_array_unref);
}

/* A copy: what @piece was encoded into had room for far more. */
static void
record (ValiseOutlet *self, const GByteArray *piece)
{
  if (self->recorded == NULL)
    return;
  self->kept += piece->len;
  if (self->kept <= VALISE_CACHE_ENTRY_MAX)
    g_ptr_array_add (self->recorded, g_bytes_new (piece->data, piece->len));
  else
    valise_outlet_drop_recorded (self);
}

/* The next @length bytes of the text. */
static GBytes *
encode (ValiseOutlet *self, gsize length, gboolean last)
{
  GByteArray *out = g_byte_array_new ();
  const char *at = self->text->str + self->start;

  if (self->zstd != NULL)
    valise_zstd_append (self->zstd, at, length, last, out);
  else
    valise_deflater_append (&self->deflater, at, length, last, out);
  if (last)
    g_clear_pointer (&self->zstd, valise_zstd_free);
  self->start += length;
  record (self, out);

  return g_byte_array_free_to_bytes (out);
}

GBytes *
valise_outlet_encode (ValiseOutlet *self, gboolean last)
{
  gboolean coded = self->gzip || self->zstd != NULL;
  GBytes  *piece = NULL;

  if (self->text->len == self->start && !(last && coded))
    return NULL;
  if (coded)
    {
      piece = encode (self, self->text->len - self->start, last);
      g_string_truncate (self->text, 0);
      self->start = 0;
      return piece;
    }

  piece = g_string_free_to_bytes (self->text);
  self->text = g_string_new (NULL);
  return piece;
}

GBytes *
valise_outlet_encode_part (ValiseOutlet *self)
{
  gsize       most = self->apart ? PART_MAX : PART_NEAR, least = self->apart ? PART_MIN : PART_NEAR;
  const char *start = self->text->str + self->start, *end = NULL;

  if (self->zstd == NULL || self->text->len - self->start <= most)
    return NULL;
  end = memchr (start + least, '\n', most - least);
  return encode (self, end != NULL ? (gsize) (end + 1 - start) : most, FALSE);
}

void
valise_outlet_ran_dry (ValiseOutlet *self)
{
  if (self->zstd == NULL || ++self->dry < DRY_MAX || !valise_zstd_hurry (self->zstd))
    return;

  /* What is kept is for all, and for most of them each byte counts. */
  valise_outlet_drop_recorded (self);
}

GPtrArray *
valise_outlet_take_recorded (ValiseOutlet *self)
{
  return g_steal_pointer (&self->recorded);
}

void
valise_outlet_push (ValiseOutlet *self, GBytes *piece)
{
  self->queued += g_bytes_get_size (piece);
  g_queue_push_tail (&self->pieces, g_bytes_ref (piece));
}

gsize
valise_outlet_take (ValiseOutlet *self, char *out, gsize maximum)
{
  gsize taken = 0;

  while (taken < maximum && !g_queue_is_empty (&self->pieces))
    {
      GBytes     *piece = g_queue_peek_head (&self->pieces);
      gsize       length = 0;
      const char *data = g_bytes_get_data (piece, &length);
      gsize       count = MIN (maximum - taken, length - self->offset);

      memcpy (out + taken, data + self->offset, count);
      taken += count;
      self->offset += count;
      if (self->offset < length)
        break;
      self->offset = 0;
      g_bytes_unref (g_queue_pop_head (&self->pieces));
      if (self->apart)
        break;
    }
  self->queued -= taken;
  self->sent += taken;

  return taken;
}
