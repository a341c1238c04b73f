/* test-zstd.c - one Zstandard stream, whose maker may change its mind
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>
#include <string.h>

#include "valise-zstd-decoder.h"
#include "valise-zstd.h"

#define PIECE 100000             /* bytes */
#define LONG  (16 * 1024 * 1024) /* bytes, of what is worth the last effort */

/* Words that repeat, but not at once. */
static GBytes *
make_words (guint32 seed, gsize length)
{
  g_autoptr (GRand) dice = g_rand_new_with_seed (seed);
  GString          *words = g_string_new (NULL);

  while (words->len < length)
    g_string_append_printf (words, "paragraph %d, ", g_rand_int_range (dice, 0, 5000));
  g_string_truncate (words, length);
  return g_string_free_to_bytes (words);
}

static void
append (ValiseZstd *zstd, GBytes *piece, gboolean last, GByteArray *out)
{
  valise_zstd_append (zstd, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece), last, out);
}

/* What is read of @length bytes of @stream, at most @at_once handed in together. */
static GBytes *
decode (GByteArray *stream, gsize length, gsize at_once, GError **error)
{
  g_autoptr (GConverter)   decoder = valise_zstd_decoder_new ();
  g_autoptr (GInputStream) from =
      g_memory_input_stream_new_from_data (stream->data, (gssize) length, NULL);
  g_autoptr (GInputStream)  narrow = g_buffered_input_stream_new_sized (from, at_once);
  g_autoptr (GInputStream)  plain = g_converter_input_stream_new (narrow, decoder);
  g_autoptr (GOutputStream) to = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (to, plain, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (to));
}

static void
what_is_hurried_is_read_whole (void)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseZstd) zstd = valise_zstd_new (FALSE);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes)     first = make_words (1, PIECE);
  g_autoptr (GBytes)     second = make_words (2, PIECE);
  g_autoptr (GBytes)     third = make_words (3, PIECE);
  g_autofree char       *all = g_malloc (3 * PIECE);

  memcpy (all, g_bytes_get_data (first, NULL), PIECE);
  memcpy (all + PIECE, g_bytes_get_data (second, NULL), PIECE);
  memcpy (all + 2 * PIECE, g_bytes_get_data (third, NULL), PIECE);
  append (zstd, first, FALSE, out);
  g_assert_true (valise_zstd_hurry (zstd));
  append (zstd, second, FALSE, out);
  g_assert_true (valise_zstd_hurry (zstd));
  g_assert_false (valise_zstd_hurry (zstd));
  append (zstd, third, TRUE, out);
  for (gsize at_once = 1; at_once < 2 * out->len; at_once = at_once * 7 + 1)
    {
      g_autoptr (GBytes) read = decode (out, out->len, at_once, &error);

      g_assert_no_error (error);
      g_assert_cmpmem (all, 3 * PIECE, g_bytes_get_data (read, NULL), g_bytes_get_size (read));
    }
}

static gsize
measure (guint hurries)
{
  g_autoptr (ValiseZstd) zstd = valise_zstd_new (FALSE);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize                  before = 0;

  while (hurries-- > 0)
    if (!valise_zstd_hurry (zstd))
      {
        g_autofree char *much = g_malloc0 (LONG); /* the last is for what is long */

        valise_zstd_append (zstd, much, LONG, FALSE, out);
        g_assert_true (valise_zstd_hurry (zstd));
      }
  before = out->len;
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (GBytes) piece = make_words (i, PIECE);

      append (zstd, piece, i == 3, out);
    }
  return out->len - before;
}

static void
hurries_cost_less_than_half_more_bytes (void)
{
  gsize thorough = measure (0), quicker = measure (1), quick = measure (2), quickest = measure (3);

  g_assert_cmpuint (thorough, <, 4 * PIECE / 3);
  g_assert_cmpuint (thorough, <, quicker);
  g_assert_cmpuint (quicker, <, quick);
  g_assert_cmpuint (quick, <, quickest);
  g_assert_cmpuint (quickest, <, thorough * 3 / 2);
}

static void
who_is_near_waits_less_and_reads_the_same (void)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseZstd) near = valise_zstd_new (TRUE), far = valise_zstd_new (FALSE);
  g_autoptr (GByteArray) quick = g_byte_array_new (), small = g_byte_array_new ();
  g_autoptr (GBytes)     words = make_words (4, 2 * PIECE), read = NULL;

  append (near, words, TRUE, quick);
  append (far, words, TRUE, small);
  g_assert_cmpuint (small->len, <, quick->len);
  read = decode (quick, quick->len, 4096, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, words));
}

/* Each length at which a line may break. */
static void
a_stream_that_is_cut_is_not_taken_for_whole (void)
{
  g_autoptr (ValiseZstd) zstd = valise_zstd_new (FALSE);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes)     piece = make_words (3, 400);
  gsize                  boundary = 0;

  append (zstd, piece, FALSE, out);
  valise_zstd_hurry (zstd);
  boundary = out->len + 3; /* the empty block that ends the first frame */
  append (zstd, piece, TRUE, out);
  for (gsize length = 1; length < out->len; length++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) read = decode (out, length, 4096, &error);

      /* Between two frames it may end; what it carries says that it is not whole. */
      if (length == boundary)
        g_assert_cmpuint (g_bytes_get_size (read), ==, 400);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
    }
}

#define ADD(test) g_test_add_func ("/zstd/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (what_is_hurried_is_read_whole);
  ADD (who_is_near_waits_less_and_reads_the_same);
  ADD (hurries_cost_less_than_half_more_bytes);
  ADD (a_stream_that_is_cut_is_not_taken_for_whole);

  return g_test_run ();
}
