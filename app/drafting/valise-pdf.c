/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf"

#include "config.h"

#include <cairo.h>
#include <poppler.h>
#include <string.h>

#include "valise-pdf-rtl.h"
#include "valise-pdf.h"

/* Not every poppler says how its pages are let go. */
typedef PopplerPage Page;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, g_object_unref)

typedef struct
{
  double width, height;
} Size;

struct _ValisePdf
{
  gatomicrefcount  ref_count;
  GMutex           lock; /* of the document: poppler reads one page at a time */
  PopplerDocument *document;
  GArray          *sizes; /* of Size, a page each; never changes */
};

G_DEFINE_QUARK (valise_pdf_error, valise_pdf_error)

void
valise_pdf_drawing_free (ValisePdfDrawing *drawing)
{
  g_clear_pointer (&drawing->pixels, g_bytes_unref);
  g_free (drawing);
}

/* What poppler says is for the log; what it means is one of three things. */
static void
translate_error (GError *reason, GError **error)
{
  gboolean locked = g_error_matches (reason, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED);

  g_set_error (error, VALISE_PDF_ERROR, locked ? VALISE_PDF_ERROR_LOCKED : VALISE_PDF_ERROR_DAMAGED,
               "PDF: %s", reason->message);
}

static gboolean
read_sizes (ValisePdf *self, GError **error)
{
  int n_pages = poppler_document_get_n_pages (self->document);

  if (n_pages < 1 || n_pages > VALISE_PDF_MAX_PAGES)
    {
      g_set_error (error, VALISE_PDF_ERROR,
                   n_pages < 1 ? VALISE_PDF_ERROR_DAMAGED : VALISE_PDF_ERROR_TOO_LARGE,
                   "PDF: %d pages, limit %d", n_pages, VALISE_PDF_MAX_PAGES);
      return FALSE;
    }

  self->sizes = g_array_sized_new (FALSE, TRUE, sizeof (Size), (guint) n_pages);
  for (int i = 0; i < n_pages; i++)
    {
      g_autoptr (Page) page = poppler_document_get_page (self->document, i);
      Size             size = { 0 };

      if (page != NULL)
        poppler_page_get_size (page, &size.width, &size.height);
      /* Also false of what is not a number. A page that is broken is an empty one. */
      if (!(size.width >= 1 && size.height >= 1))
        size = (Size){ 595, 842 };
      size.width = MIN (size.width, VALISE_PDF_MAX_SIDE);
      size.height = MIN (size.height, VALISE_PDF_MAX_SIDE);
      g_array_append_val (self->sizes, size);
    }
  return TRUE;
}

ValisePdf *
valise_pdf_new (GBytes *bytes, GError **error)
{
  g_autoptr (ValisePdf) self = NULL;
  g_autoptr (GError)    reason = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);

  if (g_bytes_get_size (bytes) > VALISE_PDF_MAX_BYTES)
    {
      g_set_error (error, VALISE_PDF_ERROR, VALISE_PDF_ERROR_TOO_LARGE,
                   "PDF: %" G_GSIZE_FORMAT " bytes, limit %d", g_bytes_get_size (bytes),
                   VALISE_PDF_MAX_BYTES);
      return NULL;
    }

  self = g_new0 (ValisePdf, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->document = poppler_document_new_from_bytes (bytes, NULL, &reason);
  if (self->document == NULL)
    {
      translate_error (reason, error);
      return NULL;
    }
  return read_sizes (self, error) ? g_steal_pointer (&self) : NULL;
}

ValisePdf *
valise_pdf_ref (ValisePdf *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
valise_pdf_unref (ValisePdf *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->document);
  g_clear_pointer (&self->sizes, g_array_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
valise_pdf_get_n_pages (ValisePdf *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->sizes->len;
}

void
valise_pdf_get_page_size (ValisePdf *self, guint page, double *width, double *height)
{
  g_return_if_fail (self != NULL && page < self->sizes->len);

  *width = g_array_index (self->sizes, Size, page).width;
  *height = g_array_index (self->sizes, Size, page).height;
}

char *
valise_pdf_dup_text (ValisePdf *self, guint page)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (Page)         opened = NULL;
  g_autofree char         *text = NULL;
  g_autofree char         *valid = NULL;

  g_return_val_if_fail (self != NULL && page < self->sizes->len, NULL);

  locker = g_mutex_locker_new (&self->lock);
  opened = poppler_document_get_page (self->document, (int) page);
  text = opened != NULL ? valise_pdf_rtl_select (opened) : NULL;
  if (text == NULL)
    return g_strdup ("");

  valid = g_utf8_make_valid (text, (gssize) strnlen (text, VALISE_PDF_MAX_TEXT));
  return valise_pdf_rtl_clean (valid);
}

GArray *
valise_pdf_find (ValisePdf *self, guint page, const char *words)
{
  GArray                  *areas = g_array_new (FALSE, FALSE, sizeof (ValisePdfArea));
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (Page)         opened = NULL;
  GList                   *found = NULL;
  double                   height = 0;

  g_return_val_if_fail (self != NULL && page < self->sizes->len, areas);
  g_return_val_if_fail (words != NULL, areas);

  locker = g_mutex_locker_new (&self->lock);
  opened = *words != '\0' ? poppler_document_get_page (self->document, (int) page) : NULL;
  if (opened == NULL)
    return areas;

  height = g_array_index (self->sizes, Size, page).height;
  found = poppler_page_find_text (opened, words);
  for (GList *item = found; item != NULL && areas->len < VALISE_PDF_MAX_FOUND; item = item->next)
    {
      const PopplerRectangle *at = item->data; /* from the bottom left */
      ValisePdfArea           area = { at->x1, height - at->y2, at->x2 - at->x1, at->y2 - at->y1 };

      g_array_append_val (areas, area);
    }
  g_list_free_full (found, (GDestroyNotify) poppler_rectangle_free);

  return areas;
}

static void
draw_page (ValisePdf *self, guint page, cairo_surface_t *surface, double scale)
{
  cairo_t                 *cr = cairo_create (surface);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (Page)         opened = poppler_document_get_page (self->document, (int) page);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, scale, scale);
  if (opened != NULL)
    poppler_page_render (opened, cr);
  cairo_destroy (cr);
}

ValisePdfDrawing *
valise_pdf_draw (ValisePdf *self, guint page, int width, GError **error)
{
  const Size       *size = NULL;
  int               height = 0;
  cairo_surface_t  *surface = NULL;
  ValisePdfDrawing *drawing = NULL;

  g_return_val_if_fail (self != NULL && page < self->sizes->len, NULL);
  g_return_val_if_fail (width > 0, NULL);

  size = &g_array_index (self->sizes, Size, page);
  height = (int) MAX (1, MIN (size->height * width / size->width, VALISE_PDF_MAX_PIXELS));
  if ((gint64) width * height > VALISE_PDF_MAX_PIXELS || MAX (width, height) > VALISE_PDF_MAX_EDGE)
    {
      g_set_error (error, VALISE_PDF_ERROR, VALISE_PDF_ERROR_TOO_LARGE,
                   "PDF: a drawing of %d × %d pixels", width, height);
      return NULL;
    }

  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  draw_page (self, page, surface, width / size->width);
  cairo_surface_flush (surface);
  drawing = g_new0 (ValisePdfDrawing, 1);
  drawing->width = width;
  drawing->height = height;
  drawing->stride = cairo_image_surface_get_stride (surface);
  drawing->pixels = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                                (gsize) drawing->stride * (gsize) height,
                                                (GDestroyNotify) cairo_surface_destroy, surface);

  return drawing;
}
