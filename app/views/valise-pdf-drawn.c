/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf-drawn"

#include "config.h"

#include <math.h>

#include "valise-pdf-drawn.h"

#define KEPT 8 /* pages kept drawn; more where more are in sight */

typedef struct
{
  guint       page;
  int         width; /* px */
  guint64     used;  /* the higher, the later */
  GdkTexture *texture;
  char       *words; /* of the page, for who cannot see it */
} Drawn;

struct _ValisePdfDrawn
{
  GObject parent_instance;

  ValisePdf    *pdf;
  GQueue        drawn; /* of Drawn */
  guint64       clock; /* of `used` */
  guint         n_in_sight;
  GCancellable *drawing; /* the task under way, or NULL */
};

G_DEFINE_FINAL_TYPE (ValisePdfDrawn, valise_pdf_drawn, G_TYPE_OBJECT)

enum
{
  DRAWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  ValisePdf *pdf;
  guint      page;
  int        width; /* device px, as asked */
  char      *words; /* read by the thread */
} Errand;

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  valise_pdf_unref (errand->pdf);
  g_free (errand->words);
  g_free (errand);
}

static void
drawn_free (gpointer data)
{
  Drawn *drawn = data;

  g_clear_object (&drawn->texture);
  g_free (drawn->words);
  g_free (drawn);
}

/* A page that is high for its width is drawn coarser, and stretched, rather than not at all. */
static int
bear_width (ValisePdf *pdf, guint page, int width)
{
  double points_width = 1, points_height = 1;

  valise_pdf_get_page_size (pdf, page, &points_width, &points_height);
  return (int) MAX (1, MIN (MIN (width, VALISE_PDF_MAX_EDGE * points_width / points_height),
                            sqrt (VALISE_PDF_MAX_PIXELS * points_width / points_height)));
}

static void
draw_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Errand                      *errand = task_data;
  GError                      *error = NULL;
  g_autoptr (ValisePdfDrawing) drawing = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  drawing = valise_pdf_draw (errand->pdf, errand->page,
                             bear_width (errand->pdf, errand->page, errand->width), &error);
  errand->words = drawing != NULL ? valise_pdf_dup_text (errand->pdf, errand->page) : NULL;
  if (drawing == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task,
                           gdk_memory_texture_new (drawing->width, drawing->height,
                                                   GDK_MEMORY_DEFAULT, drawing->pixels,
                                                   (gsize) drawing->stride),
                           g_object_unref);
}

static Drawn *
find_drawn (ValisePdfDrawn *self, guint page)
{
  for (GList *item = self->drawn.head; item != NULL; item = item->next)
    if (((Drawn *) item->data)->page == page)
      return item->data;
  return NULL;
}

static void
forget_oldest (ValisePdfDrawn *self)
{
  GList *oldest = self->drawn.head;

  for (GList *item = oldest; item != NULL; item = item->next)
    if (((Drawn *) item->data)->used < ((Drawn *) oldest->data)->used)
      oldest = item;
  if (oldest != NULL)
    {
      drawn_free (oldest->data);
      g_queue_delete_link (&self->drawn, oldest);
    }
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValisePdfDrawn        *self = VALISE_PDF_DRAWN (source);
  Errand                *errand = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError)     error = NULL;
  g_autoptr (GdkTexture) texture = g_task_propagate_pointer (G_TASK (result), &error);
  Drawn                 *drawn = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->drawing);
  if (texture == NULL)
    {
      g_debug ("%s", error->message); /* the page stays white */
      return;
    }
  drawn = find_drawn (self, errand->page);
  if (drawn == NULL)
    {
      while (self->drawn.length >= MAX (KEPT, self->n_in_sight))
        forget_oldest (self);
      drawn = g_new0 (Drawn, 1);
      drawn->page = errand->page;
      g_queue_push_tail (&self->drawn, drawn);
    }
  g_set_object (&drawn->texture, texture);
  drawn->width = errand->width;
  g_free (drawn->words);
  drawn->words = g_steal_pointer (&errand->words);
  drawn->used = ++self->clock;
  g_signal_emit (self, signals[DRAWN], 0, drawn->page);
}

/* One at a time: the one that is asked for next is what is in sight then. */
static void
ask_for (ValisePdfDrawn *self, guint page, int width)
{
  Errand           *errand = NULL;
  g_autoptr (GTask) task = NULL;

  if (self->drawing != NULL)
    return;
  errand = g_new0 (Errand, 1);
  errand->pdf = valise_pdf_ref (self->pdf);
  errand->page = page;
  errand->width = width;
  self->drawing = g_cancellable_new ();
  task = g_task_new (self, self->drawing, drawn_cb, NULL);
  g_task_set_source_tag (task, ask_for);
  g_task_set_task_data (task, errand, errand_free);
  g_task_run_in_thread (task, draw_in_thread);
}

static void
clear_drawn (ValisePdfDrawn *self)
{
  g_cancellable_cancel (self->drawing);
  g_clear_object (&self->drawing);
  g_queue_clear_full (&self->drawn, drawn_free);
}

static void
valise_pdf_drawn_finalize (GObject *object)
{
  ValisePdfDrawn *self = VALISE_PDF_DRAWN (object);

  clear_drawn (self);
  g_clear_pointer (&self->pdf, valise_pdf_unref);

  G_OBJECT_CLASS (valise_pdf_drawn_parent_class)->finalize (object);
}

static void
valise_pdf_drawn_class_init (ValisePdfDrawnClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_pdf_drawn_finalize;
  signals[DRAWN] = g_signal_new ("drawn", VALISE_TYPE_PDF_DRAWN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
valise_pdf_drawn_init (ValisePdfDrawn *self)
{
}

ValisePdfDrawn *
valise_pdf_drawn_new (void)
{
  return g_object_new (VALISE_TYPE_PDF_DRAWN, NULL);
}

void
valise_pdf_drawn_show (ValisePdfDrawn *self, ValisePdf *pdf)
{
  g_return_if_fail (VALISE_IS_PDF_DRAWN (self));

  clear_drawn (self);
  g_clear_pointer (&self->pdf, valise_pdf_unref);
  self->pdf = pdf != NULL ? valise_pdf_ref (pdf) : NULL;
}

void
valise_pdf_drawn_set_in_sight (ValisePdfDrawn *self, guint n_pages)
{
  g_return_if_fail (VALISE_IS_PDF_DRAWN (self));

  self->n_in_sight = n_pages;
}

GdkTexture *
valise_pdf_drawn_get (ValisePdfDrawn *self, guint page, int width)
{
  Drawn *drawn = NULL;

  g_return_val_if_fail (VALISE_IS_PDF_DRAWN (self), NULL);
  g_return_val_if_fail (self->pdf != NULL, NULL);

  drawn = find_drawn (self, page);
  if (drawn != NULL)
    drawn->used = ++self->clock;
  if (drawn == NULL || drawn->width != width)
    ask_for (self, page, width);

  return drawn != NULL ? drawn->texture : NULL;
}

const char *
valise_pdf_drawn_get_words (ValisePdfDrawn *self, guint page)
{
  Drawn *drawn = NULL;

  g_return_val_if_fail (VALISE_IS_PDF_DRAWN (self), "");

  drawn = find_drawn (self, page);

  return drawn != NULL ? drawn->words : "";
}

guint
valise_pdf_drawn_get_n (ValisePdfDrawn *self)
{
  g_return_val_if_fail (VALISE_IS_PDF_DRAWN (self), 0);

  return self->drawn.length;
}
