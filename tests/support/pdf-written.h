/* pdf-written.h - PDFs whose pages have words in any script, laid out as a word processor does
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

static cairo_status_t
pdf_written_write (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* A page for each of @pages; one that is "" has a drawing and no words, as if it was scanned. */
static GBytes *
pdf_written (const char *const *pages)
{
  GByteArray      *bytes = g_byte_array_new ();
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream (pdf_written_write, bytes, 595, 842);
  cairo_t *cr = cairo_create (surface);

  for (guint i = 0; pages[i] != NULL; i++)
    {
      g_autoptr (PangoLayout)          layout = pango_cairo_create_layout (cr);
      g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Noto Sans 12");

      pango_layout_set_font_description (layout, font);
      pango_layout_set_width (layout, 450 * PANGO_SCALE);
      pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
      pango_layout_set_text (layout, pages[i], -1);
      cairo_rectangle (cr, 72, 40, 450, 2);
      cairo_fill (cr);
      cairo_move_to (cr, 72, 72);
      if (*pages[i] != '\0')
        pango_cairo_show_layout (cr, layout);
      cairo_show_page (cr);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return g_byte_array_free_to_bytes (bytes);
}
