/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf-view"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "valise-pdf-find.h"
#include "valise-pdf-view.h"

#define PAPER_WIDTH 816 /* px: A4 and Letter at 96 to the inch, about */
#define MARGIN      12  /* px, around pages and between them */
#define KEPT        8   /* pages kept drawn; more where more are in sight */
#define HIGHEST     40  /* times a page's width, so that no file's sizes overflow a position */
#define LEAST       120 /* px of a page */

typedef struct
{
  guint       page;
  int         width; /* px */
  guint64     used;  /* the higher, the later */
  GdkTexture *texture;
  char       *words; /* of the page, for who cannot see it */
} Drawn;

/**
 * ValisePdfView:
 *
 * One widget, not one a page: what is in sight is drawn by a worker and kept for a while; what is
 * not drawn yet is white paper. So a paper of a thousand pages costs what a page costs.
 */
struct _ValisePdfView
{
  GtkWidget parent_instance;

  ValisePdf     *pdf;
  ValisePdfFind *find;
  int            zoom;     /* percent */
  int            room;     /* px: how wide the window is */
  GArray        *tops;     /* int: where each page begins, and the last one's end */
  GQueue         drawn;    /* of Drawn */
  guint64        clock;    /* of `used` */
  guint          page;     /* in the middle */
  guint          back_to;  /* after pages changed their size */
  guint          n_frames; /* until then; 0: nowhere to go back to */
  guint          settle_id;
  GCancellable  *drawing; /* the task under way, or NULL */
  GtkAdjustment *adjustment;
};

G_DEFINE_FINAL_TYPE (ValisePdfView, valise_pdf_view, GTK_TYPE_WIDGET)

enum
{
  TURNED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- where pages are -------------------------------------------------------------------------- */

static guint
get_n_pages (ValisePdfView *self)
{
  return self->pdf != NULL ? valise_pdf_get_n_pages (self->pdf) : 0;
}

/* px; every page is as wide as the others, as a reader wants them. */
static int
page_width (ValisePdfView *self)
{
  int fit = MIN (PAPER_WIDTH, self->room - 2 * MARGIN);

  return MAX (LEAST, fit * self->zoom / 100);
}

static void
lay_out (ValisePdfView *self)
{
  int width = page_width (self);
  int y = MARGIN;

  g_array_set_size (self->tops, 0);
  for (guint i = 0; i < get_n_pages (self); i++)
    {
      double points_width = 1, points_height = 1;

      g_array_append_val (self->tops, y);
      valise_pdf_get_page_size (self->pdf, i, &points_width, &points_height);
      y += (int) (MIN (points_height / points_width, HIGHEST) * width) + MARGIN;
    }
  g_array_append_val (self->tops, y);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static graphene_rect_t
page_bounds (ValisePdfView *self, guint page)
{
  int top = g_array_index (self->tops, int, page);
  int width = page_width (self);
  int x = MAX (MARGIN, (gtk_widget_get_width (GTK_WIDGET (self)) - width) / 2);

  return GRAPHENE_RECT_INIT ((float) x, (float) top, (float) width,
                             (float) (g_array_index (self->tops, int, page + 1) - MARGIN - top));
}

/* The page at @y px, or the nearest. */
static guint
page_at (ValisePdfView *self, double y)
{
  guint first = 0;
  guint last = get_n_pages (self);

  while (last - first > 1)
    {
      guint middle = (first + last) / 2;

      if (g_array_index (self->tops, int, middle) <= y)
        first = middle;
      else
        last = middle;
    }
  return first;
}

/* --- drawing ---------------------------------------------------------------------------------- */

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
find_drawn (ValisePdfView *self, guint page)
{
  for (GList *item = self->drawn.head; item != NULL; item = item->next)
    if (((Drawn *) item->data)->page == page)
      return item->data;
  return NULL;
}

/* px that are seen of the pages, from the top of the first. */
static void
look_where (ValisePdfView *self, double *top, double *bottom)
{
  *top = 0;
  *bottom = gtk_widget_get_height (GTK_WIDGET (self));
  if (self->adjustment == NULL)
    return;
  *top = gtk_adjustment_get_value (self->adjustment);
  *bottom = *top + gtk_adjustment_get_page_size (self->adjustment);
}

static guint
count_in_sight (ValisePdfView *self)
{
  double top = 0, bottom = 0;
  guint  first = 0, i = 0;

  look_where (self, &top, &bottom);
  first = page_at (self, top);
  for (i = first; i < get_n_pages (self) && g_array_index (self->tops, int, i) < bottom; i++)
    ;
  return i - first;
}

static void
forget_oldest (ValisePdfView *self)
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

/* Who cannot see the page is given its words. */
static void
describe (ValisePdfView *self)
{
  Drawn           *drawn = find_drawn (self, self->page);
  g_autofree char *label = NULL;

  if (self->pdf == NULL)
    return;
  /* Translators: of a PDF: the third page of twelve. */
  label = g_strdup_printf (_ ("Page %1$u of %2$u"), self->page + 1, get_n_pages (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  drawn != NULL ? drawn->words : "", -1);
}

static void
drawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValisePdfView         *self = VALISE_PDF_VIEW (source);
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
      while (self->drawn.length >= MAX (KEPT, count_in_sight (self)))
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
  if (drawn->page == self->page)
    describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* One at a time: the one that is asked for next is what is in sight then. */
static void
ask_for (ValisePdfView *self, guint page, int width)
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
snapshot_page (ValisePdfView *self, GtkSnapshot *snapshot, guint page)
{
  graphene_rect_t bounds = page_bounds (self, page);
  int             width = (int) bounds.size.width * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  Drawn          *drawn = find_drawn (self, page);
  GdkRGBA         edge = { 0, 0, 0, 0.18f };
  GskRoundedRect  outline;

  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 1 }, &bounds);
  if (drawn != NULL)
    {
      drawn->used = ++self->clock;
      gtk_snapshot_append_texture (snapshot, drawn->texture, &bounds);
    }
  if (drawn == NULL || drawn->width != width)
    ask_for (self, page, width);
  valise_pdf_find_snapshot (self->find, snapshot, page, &bounds);
  gsk_rounded_rect_init_from_rect (&outline, &bounds, 0);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ edge, edge, edge, edge });
}

static void
valise_pdf_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ValisePdfView *self = VALISE_PDF_VIEW (widget);
  double         top = 0, bottom = 0;

  if (get_n_pages (self) == 0)
    return;
  look_where (self, &top, &bottom);
  for (guint i = page_at (self, top);
       i < get_n_pages (self) && g_array_index (self->tops, int, i) < bottom; i++)
    snapshot_page (self, snapshot, i);
}

/* --- scrolling -------------------------------------------------------------------------------- */

static gboolean
settle_cb (gpointer user_data)
{
  ValisePdfView *self = user_data;

  self->settle_id = 0;
  describe (self);
  return G_SOURCE_REMOVE;
}

static void
scrolled_cb (ValisePdfView *self)
{
  double middle = gtk_adjustment_get_value (self->adjustment)
                  + gtk_adjustment_get_page_size (self->adjustment) / 2;
  guint page = get_n_pages (self) > 0 ? page_at (self, middle) : 0;

  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (page == self->page)
    return;
  self->page = page;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (400, settle_cb, self);
  g_signal_emit (self, signals[TURNED], 0);
}

/* The window scrolls to where it was asked only once it has been laid out anew. */
static gboolean
back_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  ValisePdfView *self = VALISE_PDF_VIEW (widget);

  if (--self->n_frames > 0)
    return G_SOURCE_CONTINUE;
  valise_pdf_view_go (self, self->back_to);
  return G_SOURCE_REMOVE;
}

/* Lays out anew without losing one's place. */
static void
lay_out_in_place (ValisePdfView *self)
{
  if (self->n_frames == 0)
    {
      self->back_to = self->page;
      gtk_widget_add_tick_callback (GTK_WIDGET (self), back_tick, NULL, NULL);
    }
  self->n_frames = 2;
  lay_out (self);
}

static gboolean
resized_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  lay_out_in_place (VALISE_PDF_VIEW (widget));
  return G_SOURCE_REMOVE;
}

/* What there is room for follows the viewport, which tells it in the middle of an allocation. */
static void
room_changed_cb (ValisePdfView *self, GParamSpec *pspec, GtkAdjustment *horizontal)
{
  int room = (int) gtk_adjustment_get_page_size (horizontal);

  if (room == self->room || room <= 0)
    return;
  self->room = room;
  gtk_widget_add_tick_callback (GTK_WIDGET (self), resized_tick, NULL, NULL);
}

static void
valise_pdf_view_root (GtkWidget *widget)
{
  ValisePdfView *self = VALISE_PDF_VIEW (widget);
  GtkWidget     *viewport = gtk_widget_get_ancestor (widget, GTK_TYPE_VIEWPORT);

  GTK_WIDGET_CLASS (valise_pdf_view_parent_class)->root (widget);
  if (viewport == NULL || self->adjustment != NULL)
    return;
  g_set_object (&self->adjustment, gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport)));
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (viewport)),
                           "notify::page-size", G_CALLBACK (room_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
valise_pdf_view_measure (GtkWidget     *widget,
                         GtkOrientation orientation,
                         int            for_size,
                         int           *minimum,
                         int           *natural,
                         int           *minimum_baseline,
                         int           *natural_baseline)
{
  ValisePdfView *self = VALISE_PDF_VIEW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = self->zoom > 100 ? page_width (self) + 2 * MARGIN : LEAST;
  else
    *minimum = *natural =
        self->tops->len > 0 ? g_array_index (self->tops, int, self->tops->len - 1) : 0;
}

/* --- keys ------------------------------------------------------------------------------------- */

static gboolean
key_cb (ValisePdfView *self, guint key, guint code, GdkModifierType state)
{
  guint  n_pages = get_n_pages (self);
  double screen = self->adjustment != NULL ? gtk_adjustment_get_page_size (self->adjustment) : 0;
  double value = self->adjustment != NULL ? gtk_adjustment_get_value (self->adjustment) : 0;

  if (n_pages == 0 || self->adjustment == NULL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Page_Down:
      valise_pdf_view_go (self, MIN (self->page + 1, n_pages - 1));
      break;
    case GDK_KEY_Page_Up:
      valise_pdf_view_go (self, self->page > 0 ? self->page - 1 : 0);
      break;
    case GDK_KEY_Home:
      valise_pdf_view_go (self, 0);
      break;
    case GDK_KEY_End:
      valise_pdf_view_go (self, n_pages - 1);
      break;
    case GDK_KEY_space:
      gtk_adjustment_set_value (self->adjustment,
                                value + ((state & GDK_SHIFT_MASK) != 0 ? -0.9 : 0.9) * screen);
      break;
    case GDK_KEY_Down:
    case GDK_KEY_Up:
      gtk_adjustment_set_value (self->adjustment, value + (key == GDK_KEY_Down ? 48 : -48));
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  return GDK_EVENT_STOP;
}

/* --- object ----------------------------------------------------------------------------------- */

static void
clear_drawn (ValisePdfView *self)
{
  g_cancellable_cancel (self->drawing);
  g_clear_object (&self->drawing);
  g_queue_clear_full (&self->drawn, drawn_free);
}

static void
found_cb (ValisePdfView *self)
{
  guint         page = 0;
  ValisePdfArea area = { 0 };

  if (self->pdf != NULL && self->adjustment != NULL
      && valise_pdf_find_get_chosen (self->find, &page, &area))
    {
      graphene_rect_t bounds = page_bounds (self, page);
      double          points_width = 1, points_height = 1;

      valise_pdf_get_page_size (self->pdf, page, &points_width, &points_height);
      gtk_adjustment_set_value (self->adjustment,
                                bounds.origin.y + area.y * bounds.size.height / points_height
                                    - gtk_adjustment_get_page_size (self->adjustment) / 3);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[TURNED], 0);
}

static void
valise_pdf_view_dispose (GObject *object)
{
  ValisePdfView *self = VALISE_PDF_VIEW (object);

  clear_drawn (self);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_pointer (&self->pdf, valise_pdf_unref);
  if (self->find != NULL)
    valise_pdf_find_stop (self->find);
  g_clear_object (&self->find);
  g_clear_object (&self->adjustment);

  G_OBJECT_CLASS (valise_pdf_view_parent_class)->dispose (object);
}

static void
valise_pdf_view_finalize (GObject *object)
{
  g_array_unref (VALISE_PDF_VIEW (object)->tops);

  G_OBJECT_CLASS (valise_pdf_view_parent_class)->finalize (object);
}

static void
valise_pdf_view_class_init (ValisePdfViewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = valise_pdf_view_dispose;
  object_class->finalize = valise_pdf_view_finalize;
  widget_class->root = valise_pdf_view_root;
  widget_class->measure = valise_pdf_view_measure;
  widget_class->snapshot = valise_pdf_view_snapshot;
  signals[TURNED] = g_signal_new ("turned", VALISE_TYPE_PDF_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "pdfview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
valise_pdf_view_init (ValisePdfView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->zoom = 100;
  self->room = PAPER_WIDTH;
  self->tops = g_array_new (FALSE, FALSE, sizeof (int));
  self->find = valise_pdf_find_new ();
  g_signal_connect_object (self->find, "changed", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

GtkWidget *
valise_pdf_view_new (void)
{
  return g_object_new (VALISE_TYPE_PDF_VIEW, NULL);
}

void
valise_pdf_view_show (ValisePdfView *self, ValisePdf *pdf)
{
  g_return_if_fail (VALISE_IS_PDF_VIEW (self));

  clear_drawn (self);
  g_clear_pointer (&self->pdf, valise_pdf_unref);
  self->pdf = pdf != NULL ? valise_pdf_ref (pdf) : NULL;
  self->page = self->back_to = 0;
  valise_pdf_find_start (self->find, pdf, "", 0);
  lay_out (self);
  if (self->adjustment != NULL)
    gtk_adjustment_set_value (self->adjustment, 0);
  describe (self);
  g_signal_emit (self, signals[TURNED], 0);
}

void
valise_pdf_view_set_zoom (ValisePdfView *self, int percent)
{
  g_return_if_fail (VALISE_IS_PDF_VIEW (self));

  self->zoom = CLAMP (percent, 50, 300);
  lay_out_in_place (self);
}

guint
valise_pdf_view_get_page (ValisePdfView *self)
{
  g_return_val_if_fail (VALISE_IS_PDF_VIEW (self), 0);

  return self->page;
}

void
valise_pdf_view_go (ValisePdfView *self, guint page)
{
  g_return_if_fail (VALISE_IS_PDF_VIEW (self));

  /* Whoever turns a page while the window is being laid out anew means that page. */
  self->back_to = page;
  if (page < get_n_pages (self) && self->adjustment != NULL)
    gtk_adjustment_set_value (self->adjustment, g_array_index (self->tops, int, page) - MARGIN);
}

void
valise_pdf_view_find (ValisePdfView *self, const char *words)
{
  g_return_if_fail (VALISE_IS_PDF_VIEW (self));

  valise_pdf_find_start (self->find, self->pdf, words, self->page);
}

void
valise_pdf_view_step (ValisePdfView *self, int direction)
{
  g_return_if_fail (VALISE_IS_PDF_VIEW (self));

  valise_pdf_find_step (self->find, direction);
}

guint
valise_pdf_view_get_n_found (ValisePdfView *self, guint *chosen)
{
  g_return_val_if_fail (VALISE_IS_PDF_VIEW (self), 0);

  return valise_pdf_find_get_n_found (self->find, chosen);
}

guint
valise_pdf_view_get_n_drawn (ValisePdfView *self)
{
  g_return_val_if_fail (VALISE_IS_PDF_VIEW (self), 0);

  return self->drawn.length;
}
