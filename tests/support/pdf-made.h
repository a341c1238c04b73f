/* pdf-made.h - PDF files for tests, made as they are asked for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo-pdf.h>
#include <gio/gio.h>

static cairo_status_t
pdf_made_write (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* @n_pages of @width by @height points, each with "Page N" in an A4's upper third and @words
 * below. */
static GBytes *
pdf_made_sized (guint n_pages, double width, double height, const char *words)
{
  GByteArray      *bytes = g_byte_array_new ();
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream (pdf_made_write, bytes, width, height);
  cairo_t *cr = cairo_create (surface);

  cairo_select_font_face (cr, "Noto Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  for (guint i = 1; i <= n_pages; i++)
    {
      g_autofree char *heading = g_strdup_printf ("Page %u", i);

      cairo_set_font_size (cr, 24);
      cairo_move_to (cr, 72, 200);
      cairo_show_text (cr, heading);
      cairo_set_font_size (cr, 12);
      cairo_move_to (cr, 72, 240);
      cairo_show_text (cr, words);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return g_byte_array_free_to_bytes (bytes);
}

static G_GNUC_UNUSED GBytes *
pdf_made (guint n_pages, const char *words)
{
  return pdf_made_sized (n_pages, 595, 842, words);
}
