/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf-view"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-pdf-drawn.h"
#include "valise-pdf-find.h"
#include "valise-pdf-keys.h"
#include "valise-pdf-view.h"

#define PAPER_WIDTH 816 /* px: A4 and Letter at 96 to the inch, about */
#define MARGIN      12  /* px, around pages and between them */
#define HIGHEST     40  /* times a page's width, so that no file's sizes overflow a position */
#define LEAST       120 /* px of a page */

/**
 * ValisePdfView:
 *
 * One widget, not one a page: what is in sight is drawn by a worker and kept for a while; what is
 * not drawn yet is white paper. So a paper of a thousand pages costs what a page costs.
 */
struct _ValisePdfView
{
  GtkWidget parent_instance;

  ValisePdf      *pdf;
  ValisePdfFind  *find;
  int             zoom; /* percent */
  int             room; /* px: how wide the window is */
  GArray         *tops; /* int: where each page begins, and the last one's end */
  ValisePdfDrawn *drawn;
  guint           page;     /* in the middle */
  guint           back_to;  /* after pages changed their size */
  guint           n_frames; /* until then; 0: nowhere to go back to */
  guint           settle_id;
  GtkAdjustment  *adjustment;
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

/* Who cannot see the page is given its words. */
static void
describe (ValisePdfView *self)
{
  g_autofree char *label = NULL;

  if (self->pdf == NULL)
    return;
  /* Translators: of a PDF: the third page of twelve. */
  label = g_strdup_printf (_ ("Page %1$u of %2$u"), self->page + 1, get_n_pages (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  valise_pdf_drawn_get_words (self->drawn, self->page), -1);
}

static void
drawn_cb (ValisePdfView *self, guint page)
{
  if (page == self->page)
    describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
snapshot_page (ValisePdfView *self, GtkSnapshot *snapshot, guint page)
{
  graphene_rect_t bounds = page_bounds (self, page);
  int             width = (int) bounds.size.width * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  GdkTexture     *texture = valise_pdf_drawn_get (self->drawn, page, width);
  GdkRGBA         edge = { 0, 0, 0, 0.18f };
  GskRoundedRect  outline;

  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 1 }, &bounds);
  if (texture != NULL)
    gtk_snapshot_append_texture (snapshot, texture, &bounds);
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
  valise_pdf_drawn_set_in_sight (self->drawn, count_in_sight (self));
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

/* --- object ----------------------------------------------------------------------------------- */

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

  valise_pdf_drawn_show (self->drawn, NULL);
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
  g_clear_object (&VALISE_PDF_VIEW (object)->drawn);

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
  self->zoom = 100;
  self->room = PAPER_WIDTH;
  self->tops = g_array_new (FALSE, FALSE, sizeof (int));
  self->drawn = valise_pdf_drawn_new ();
  g_signal_connect_object (self->drawn, "drawn", G_CALLBACK (drawn_cb), self, G_CONNECT_SWAPPED);
  self->find = valise_pdf_find_new ();
  g_signal_connect_object (self->find, "changed", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  valise_pdf_keys_attach (self);
}

void
valise_pdf_view_show (ValisePdfView *self, ValisePdf *pdf)
{
  g_return_if_fail (VALISE_IS_PDF_VIEW (self));

  valise_pdf_drawn_show (self->drawn, pdf);
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

guint
valise_pdf_view_get_n_pages (ValisePdfView *self)
{
  g_return_val_if_fail (VALISE_IS_PDF_VIEW (self), 0);

  return get_n_pages (self);
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
valise_pdf_view_find_from (ValisePdfView *self, const char *words, guint page)
{
  g_return_if_fail (VALISE_IS_PDF_VIEW (self));

  lay_out_in_place (self);
  valise_pdf_view_go (self, page);
  valise_pdf_find_start (self->find, self->pdf, words, page);
}

gboolean
valise_pdf_view_is_wordless (ValisePdfView *self)
{
  g_return_val_if_fail (VALISE_IS_PDF_VIEW (self), FALSE);

  return valise_pdf_find_is_wordless (self->find);
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

  return valise_pdf_drawn_get_n (self->drawn);
}
