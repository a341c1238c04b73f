/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "pdf-made.h"
#include "valise-pdf.h"

#define WORDS "Points of contact, cybersécurité and norms"

static ValisePdf *
open_made (guint n_pages)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = pdf_made (n_pages, WORDS);
  ValisePdf         *pdf = valise_pdf_new (bytes, &error);

  g_assert_no_error (error);
  return pdf;
}

static void
pages_have_their_size_and_words (void)
{
  g_autoptr (ValisePdf) pdf = open_made (3);
  g_autofree char      *text = valise_pdf_dup_text (pdf, 2);
  double                width = 0;
  double                height = 0;

  g_assert_cmpuint (valise_pdf_get_n_pages (pdf), ==, 3);
  valise_pdf_get_page_size (pdf, 0, &width, &height);
  g_assert_cmpfloat_with_epsilon (width, 595, 0.5);
  g_assert_cmpfloat_with_epsilon (height, 842, 0.5);
  g_assert_nonnull (strstr (text, "Page 3"));
  g_assert_nonnull (strstr (text, "cybersécurité"));
}

static void
words_are_found_where_they_stand (void)
{
  g_autoptr (ValisePdf) pdf = open_made (1);
  g_autoptr (GArray)    found = valise_pdf_find (pdf, 0, "NORMS");
  g_autoptr (GArray)    nothing = valise_pdf_find (pdf, 0, "xyzzy");
  g_autoptr (GArray)    empty = valise_pdf_find (pdf, 0, "");
  ValisePdfArea        *area = NULL;

  g_assert_cmpuint (found->len, ==, 1);
  area = &g_array_index (found, ValisePdfArea, 0);
  g_assert_cmpfloat (area->y, <, 240);
  g_assert_cmpfloat (area->y + area->height, >, 236);
  g_assert_cmpfloat (area->x, >, 72);
  g_assert_cmpfloat (area->width, >, 10);
  g_assert_cmpuint (nothing->len, ==, 0);
  g_assert_cmpuint (empty->len, ==, 0);
}

static void
a_drawing_has_ink_on_white_paper (void)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValisePdf)        pdf = open_made (1);
  g_autoptr (ValisePdfDrawing) drawing = valise_pdf_draw (pdf, 0, 300, &error);
  const guint8                *pixels = NULL;
  gboolean                     ink = FALSE;

  g_assert_no_error (error);
  g_assert_cmpint (drawing->width, ==, 300);
  g_assert_cmpint (drawing->height, ==, 424);
  pixels = g_bytes_get_data (drawing->pixels, NULL);
  g_assert_cmpuint (((const guint32 *) pixels)[0], ==, 0xffffffff);
  for (int y = 0; y < drawing->height && !ink; y++)
    for (int x = 0; x < drawing->width && !ink; x++)
      ink = (((const guint32 *) (pixels + y * drawing->stride))[x] & 0xff) < 0x40;
  g_assert_true (ink);
}

static void
a_drawing_past_the_limit_is_refused (void)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValisePdf)        pdf = open_made (1);
  g_autoptr (ValisePdfDrawing) drawing = valise_pdf_draw (pdf, 0, 20000, &error);

  g_assert_null (drawing);
  g_assert_error (error, VALISE_PDF_ERROR, VALISE_PDF_ERROR_TOO_LARGE);
}

/* Opens what it can of @bytes and goes through it; what it may not do is crash or hang. */
static void
go_through (GBytes *bytes)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (ValisePdf) pdf = valise_pdf_new (bytes, &error);

  if (pdf == NULL)
    {
      g_assert_true (error->domain == VALISE_PDF_ERROR);
      return;
    }
  for (guint i = 0; i < MIN (valise_pdf_get_n_pages (pdf), 3); i++)
    {
      g_autoptr (ValisePdfDrawing) drawing = valise_pdf_draw (pdf, i, 80, NULL);
      g_autofree char             *text = valise_pdf_dup_text (pdf, i);

      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
}

static void
what_is_no_pdf_is_refused (void)
{
  static const char *const texts[] = { "", "%PDF-1.7\n", "not a PDF at all", "%PDF-1.4\n%%EOF" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError)    error = NULL;
      g_autoptr (GBytes)    bytes = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (ValisePdf) pdf = valise_pdf_new (bytes, &error);

      g_assert_null (pdf);
      g_assert_error (error, VALISE_PDF_ERROR, VALISE_PDF_ERROR_DAMAGED);
    }
}

static void
a_damaged_file_is_refused_or_read_as_far_as_it_goes (void)
{
  g_autoptr (GBytes) whole = pdf_made (2, WORDS);
  gsize              length = 0;
  const guint8      *data = g_bytes_get_data (whole, &length);
  guint              n_trials = g_test_slow () ? 2000 : 40;

  for (guint i = 0; i < n_trials; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, length);
      gsize              cut = (gsize) g_test_rand_int_range (1, (int) length);
      g_autoptr (GBytes) bytes = NULL;

      for (guint j = 0; j < 20; j++)
        copy[g_test_rand_int_range (0, (int) length)] = (guint8) g_test_rand_int_range (0, 256);
      bytes = g_bytes_new (copy, i % 2 == 0 ? length : cut);
      go_through (bytes);
    }
}

static gpointer
draw_in_thread (gpointer data)
{
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (ValisePdfDrawing) drawing = valise_pdf_draw (data, i, 200, NULL);

      g_assert_nonnull (drawing);
    }
  return NULL;
}

static void
threads_draw_one_file_by_turns (void)
{
  g_autoptr (ValisePdf) pdf = open_made (4);
  GThread              *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("draw", draw_in_thread, pdf);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

#define ADD(test) g_test_add_func ("/pdf/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (pages_have_their_size_and_words);
  ADD (words_are_found_where_they_stand);
  ADD (a_drawing_has_ink_on_white_paper);
  ADD (a_drawing_past_the_limit_is_refused);
  ADD (what_is_no_pdf_is_refused);
  ADD (a_damaged_file_is_refused_or_read_as_far_as_it_goes);
  ADD (threads_draw_one_file_by_turns);

  return g_test_run ();
}
