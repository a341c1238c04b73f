/* valise-pdf.h - a paper's original as it was laid out: pages to draw, words to find
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads what others made, so it is strict about size: see the limits. Nothing in a file is ever
 * run or followed, no form, script, sound or link. Any thread; one file is read by one thread at
 * a time, the others wait. Everything here blocks.
 *
 * Where no more is said, pages count from 0, and lengths are points (1/72 inch), from the top
 * left corner of a page.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_PDF_ERROR (valise_pdf_error_quark ())

/**
 * ValisePdfError:
 * @VALISE_PDF_ERROR_DAMAGED: not a PDF, or one that cannot be read
 * @VALISE_PDF_ERROR_LOCKED: it asks for a password
 * @VALISE_PDF_ERROR_TOO_LARGE: past a limit
 */
typedef enum
{
  VALISE_PDF_ERROR_DAMAGED,
  VALISE_PDF_ERROR_LOCKED,
  VALISE_PDF_ERROR_TOO_LARGE,
} ValisePdfError;

GQuark valise_pdf_error_quark (void);

#define VALISE_PDF_MAX_BYTES  (256 * 1024 * 1024)
#define VALISE_PDF_MAX_PAGES  5000
#define VALISE_PDF_MAX_SIDE   14400              /* points, as ISO 32000 has it: 200 inches */
#define VALISE_PDF_MAX_PIXELS (16 * 1024 * 1024) /* of one drawing */
#define VALISE_PDF_MAX_EDGE   32767              /* pixels of one side, as Cairo has it */
#define VALISE_PDF_MAX_TEXT   (512 * 1024)       /* bytes of one page's words */
#define VALISE_PDF_MAX_FOUND  500                /* places on one page */

typedef struct _ValisePdf ValisePdf; /* counted references */

typedef struct
{
  double x, y, width, height;
} ValisePdfArea;

/* A page drawn on white paper: 32 bits a pixel, native-endian ARGB, premultiplied. */
typedef struct
{
  GBytes *pixels;
  int     width;  /* px */
  int     height; /* px */
  int     stride; /* bytes from a row to the next */
} ValisePdfDrawing;

void valise_pdf_drawing_free (ValisePdfDrawing *drawing);

/* Fails with any #ValisePdfError. @bytes is kept by reference. */
ValisePdf *valise_pdf_new (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ValisePdf *valise_pdf_ref (ValisePdf *self);
void       valise_pdf_unref (ValisePdf *self);

guint valise_pdf_get_n_pages (ValisePdf *self);
void  valise_pdf_get_page_size (ValisePdf *self, guint page, double *width, double *height);

/* The words of a page in reading order, valid UTF-8, cut at the limit; "" where it has none (it
 * was scanned, say). */
char *valise_pdf_dup_text (ValisePdf *self, guint page);

/* Where @words stand on a page, whatever their case: (element-type ValisePdfArea). */
GArray *valise_pdf_find (ValisePdf *self, guint page, const char *words);

/* Draws a page @width px wide. Fails with any #ValisePdfError. */
ValisePdfDrawing *valise_pdf_draw (ValisePdf *self, guint page, int width, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePdf, valise_pdf_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePdfDrawing, valise_pdf_drawing_free)

G_END_DECLS
