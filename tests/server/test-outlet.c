/* test-outlet.c - an answer goes out in parts that can be used as they come
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>
#include <string.h>

#include "valise-outlet.h"
#include "valise-zstd-decoder.h"

#define ROWS     40
#define ROW      9500       /* bytes, about */
#define LONG_ROW (40 << 10) /* one that is longer than a part */
#define RECORD   4096

/* Rows of words that nobody could guess, as a stream has them. */
static GString *
make_rows (void)
{
  g_autoptr (GRand) dice = g_rand_new_with_seed (5);
  GString          *rows = g_string_new (NULL);

  for (guint i = 0; i < ROWS; i++)
    {
      gsize end = rows->len + (i == ROWS / 2 ? LONG_ROW : ROW);

      while (rows->len < end)
        g_string_append_printf (rows, "%08x ", g_rand_int (dice));
      g_string_append (rows, ",\n");
    }
  return rows;
}

static void
open_outlet (ValiseOutlet *outlet, gboolean far, const GString *rows)
{
  valise_outlet_init (outlet);
  outlet->zstd = valise_zstd_new (!far);
  outlet->apart = far;
  g_string_append_len (outlet->text, rows->str, (gssize) rows->len);
}

/* What can be read of the first @length bytes of @stream; it may end anywhere. */
static gsize
count_readable (GByteArray *stream, gsize length, const GString *expected)
{
  g_autoptr (GConverter)   decoder = valise_zstd_decoder_new ();
  g_autoptr (GInputStream) from =
      g_memory_input_stream_new_from_data (stream->data, (gssize) length, NULL);
  g_autoptr (GInputStream) plain = g_converter_input_stream_new (from, decoder);
  g_autofree char         *text = g_malloc (expected->len + 1);
  gsize                    read = 0;

  (void) g_input_stream_read_all (plain, text, expected->len + 1, &read, NULL, NULL);
  g_assert_cmpmem (text, read, expected->str, MIN (read, expected->len));
  return read;
}

/* All of @outlet as its sender takes it, and after each piece what can be read by then. */
static void
send_all (ValiseOutlet *outlet, GByteArray *out, GArray *ends)
{
  char  record[RECORD];
  gsize taken = 0;

  while ((taken = valise_outlet_take (outlet, record, sizeof record)) > 0)
    {
      g_byte_array_append (out, (const guint8 *) record, (guint) taken);
      g_array_append_val (ends, out->len);
    }
}

static void
push (ValiseOutlet *outlet, GBytes *piece)
{
  valise_outlet_push (outlet, piece);
  g_bytes_unref (piece);
}

/* Whoever is killed between two records has each row that was sent. */
static void
who_is_far_gets_whole_rows (void)
{
  g_autoptr (GString)    rows = make_rows ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GArray)     ends = g_array_new (FALSE, FALSE, sizeof (guint));
  ValiseOutlet           outlet = { 0 };
  GBytes                *part = NULL;
  guint                  parts = 0;

  open_outlet (&outlet, TRUE, rows);
  while ((part = valise_outlet_encode_part (&outlet)) != NULL)
    {
      gsize readable = 0;

      push (&outlet, part);
      send_all (&outlet, out, ends);
      readable = count_readable (out, out->len, rows);
      g_assert_cmpuint (readable, >, 0);
      parts += rows->str[readable - 1] == '\n';
    }
  /* All but the long one's pieces end with a row. */
  g_assert_cmpuint (parts, >=, ROWS - 4);
  push (&outlet, valise_outlet_encode (&outlet, TRUE));
  send_all (&outlet, out, ends);
  g_assert_cmpuint (count_readable (out, out->len, rows), ==, rows->len);
  valise_outlet_clear (&outlet);
}

/* A laptop that is given what was made for another can use each part as soon as it has come. */
static void
what_was_kept_goes_out_in_the_same_parts (void)
{
  g_autoptr (GString)   rows = make_rows ();
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) kept = NULL;
  ValiseOutlet          outlet = { 0 };
  GBytes               *part = NULL;

  open_outlet (&outlet, TRUE, rows);
  valise_outlet_record (&outlet);
  while ((part = valise_outlet_encode_part (&outlet)) != NULL)
    g_ptr_array_add (parts, part);
  g_ptr_array_add (parts, valise_outlet_encode (&outlet, TRUE));
  kept = valise_outlet_take_recorded (&outlet);
  g_assert_nonnull (kept);
  g_assert_cmpuint (kept->len, ==, parts->len);
  for (guint i = 0; i < kept->len; i++)
    g_assert_true (g_bytes_equal (g_ptr_array_index (kept, i), g_ptr_array_index (parts, i)));
  g_assert_null (valise_outlet_take_recorded (&outlet));
  valise_outlet_clear (&outlet);
}

/* No record has the end of one part and the beginning of the next. */
static void
no_record_mixes_two_parts (void)
{
  g_autoptr (GString)    rows = make_rows ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GArray)     ends = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray)     borders = g_array_new (FALSE, FALSE, sizeof (guint));
  ValiseOutlet           outlet = { 0 };
  GBytes                *part = NULL;
  guint                  total = 0, next = 0;

  open_outlet (&outlet, TRUE, rows);
  while ((part = valise_outlet_encode_part (&outlet)) != NULL)
    {
      total += (guint) g_bytes_get_size (part);
      g_array_append_val (borders, total);
      push (&outlet, part);
    }
  send_all (&outlet, out, ends);
  g_assert_cmpuint (out->len, ==, total);
  for (guint i = 0; i < ends->len && next < borders->len; i++)
    {
      g_assert_cmpuint (g_array_index (ends, guint, i), <=, g_array_index (borders, guint, next));
      next += g_array_index (ends, guint, i) == g_array_index (borders, guint, next);
    }
  g_assert_cmpuint (next, ==, borders->len);
  valise_outlet_clear (&outlet);
}

static void
who_is_near_gets_more_at_once (void)
{
  g_autoptr (GString)    rows = make_rows ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GArray)     ends = g_array_new (FALSE, FALSE, sizeof (guint));
  ValiseOutlet           outlet = { 0 };
  GBytes                *part = NULL;
  guint                  parts = 0;

  open_outlet (&outlet, FALSE, rows);
  for (; (part = valise_outlet_encode_part (&outlet)) != NULL; parts++)
    push (&outlet, part);
  push (&outlet, valise_outlet_encode (&outlet, TRUE));
  send_all (&outlet, out, ends);
  g_assert_cmpuint (parts, <, ROWS / 4);
  g_assert_cmpuint (count_readable (out, out->len, rows), ==, rows->len);
  valise_outlet_clear (&outlet);
}

#define ADD(test) g_test_add_func ("/outlet/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (who_is_far_gets_whole_rows);
  ADD (what_was_kept_goes_out_in_the_same_parts);
  ADD (no_record_mixes_two_parts);
  ADD (who_is_near_gets_more_at_once);

  return g_test_run ();
}
