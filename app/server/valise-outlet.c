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
  g_clear_pointer (&self->recorded, g_byte_array_unref);
  g_clear_pointer (&self->zstd, valise_zstd_free);
  g_queue_clear_full (&self->pieces, (GDestroyNotify) g_bytes_unref);
}

GBytes *
valise_outlet_encode (ValiseOutlet *self, gboolean last)
{
  GByteArray *out = NULL;
  GBytes     *plain = NULL;
  gboolean    coded = self->gzip || self->zstd != NULL;

  if (self->text->len == 0 && !(last && coded))
    return NULL;
  if (!coded)
    {
      plain = g_string_free_to_bytes (self->text);
      self->text = g_string_new (NULL);
      return plain;
    }

  out = g_byte_array_new ();
  if (self->zstd != NULL)
    valise_zstd_append (self->zstd, self->text->str, self->text->len, last, out);
  else
    valise_deflater_append (&self->deflater, self->text->str, self->text->len, last, out);
  if (last)
    g_clear_pointer (&self->zstd, valise_zstd_free);
  g_string_truncate (self->text, 0);
  if (self->recorded != NULL && self->recorded->len + out->len <= VALISE_CACHE_ENTRY_MAX)
    g_byte_array_append (self->recorded, out->data, out->len);
  else
    g_clear_pointer (&self->recorded, g_byte_array_unref);

  return g_byte_array_free_to_bytes (out);
}

void
valise_outlet_ran_dry (ValiseOutlet *self)
{
  if (self->zstd == NULL || ++self->dry < DRY_MAX || !valise_zstd_hurry (self->zstd))
    return;

  /* What is kept is for all, and for most of them each byte counts. */
  g_clear_pointer (&self->recorded, g_byte_array_unref);
}

GBytes *
valise_outlet_take_recorded (ValiseOutlet *self)
{
  return self->recorded != NULL ? g_byte_array_free_to_bytes (g_steal_pointer (&self->recorded))
                                : NULL;
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
      if (self->offset == length)
        {
          self->offset = 0;
          g_bytes_unref (g_queue_pop_head (&self->pieces));
        }
    }
  self->queued -= taken;
  self->sent += taken;

  return taken;
}
