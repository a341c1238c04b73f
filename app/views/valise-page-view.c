/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-view"

#include "config.h"

#include <string.h>

#include "valise-markup.h"
#include "valise-page-flow.h"
#include "valise-page-keys.h"
#include "valise-page-row.h"
#include "valise-page-rows.h"
#include "valise-reading.h"

/**
 * ValisePageView:
 *
 * Rows dressed with the words of a paper, one of them chosen. Where they stand is reckoned in
 * valise-page-flow.c.
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (ValisePageView,
                               valise_page_view,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

enum
{
  PROP_HADJUSTMENT = 1,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  LINK_ACTIVATED,
  CHOSEN_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- rows --------------------------------------------------------------------------------- */

static void
row_link_cb (ValisePageRow *row, const char *uri, ValisePageView *self)
{
  g_signal_emit (self, signals[LINK_ACTIVATED], 0, uri);
}

/* A press anywhere in a paragraph chooses it; selecting words goes on as ever. */
static void
row_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, ValisePageView *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  gtk_widget_grab_focus (GTK_WIDGET (self));
  valise_page_view_choose (self, valise_page_pool_get_slot (self->pool, row) - 1);
}

static void
dress_row (ValisePageView *self, GtkWidget *row, int index)
{
  ValisePagePlace *place = valise_page_finder_get_current (self->finder);

  valise_page_row_set_measure (VALISE_PAGE_ROW (row), self->measure);
  valise_page_row_set_chosen (VALISE_PAGE_ROW (row), index == self->chosen);
  valise_page_row_mark (VALISE_PAGE_ROW (row), valise_page_finder_get_query (self->finder),
                        place != NULL ? place->column : 0,
                        place != NULL && place->row == index ? place->ordinal : -1);
}

static void
dress_row_cb (GtkWidget *row, int slot, gpointer user_data)
{
  dress_row (user_data, row, slot - 1);
}

static void
fill_row_cb (GtkWidget *row, int slot, gpointer user_data)
{
  ValisePageView *self = user_data;
  ValisePageLine *line = &g_array_index (self->rows, ValisePageLine, slot - 1);

  valise_page_row_show (VALISE_PAGE_ROW (row), self->text, line->line, self->other, line->other,
                        (const char *const *) self->references);
  dress_row (self, row, slot - 1);
}

static GtkWidget *
make_row_cb (gpointer user_data)
{
  ValisePageView *self = user_data;
  GtkWidget      *row = valise_page_row_new ();
  GtkGesture     *click = gtk_gesture_click_new ();

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (row_pressed_cb), self, 0);
  g_signal_connect_object (row, "link-activated", G_CALLBACK (row_link_cb), self, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_parent (row, GTK_WIDGET (self));

  return row;
}

static void
valise_page_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  valise_page_flow_allocate (VALISE_PAGE_VIEW (widget), width, height);
}

static void
valise_page_view_measure (GtkWidget     *widget,
                          GtkOrientation orientation,
                          int            for_size,
                          int           *minimum,
                          int           *natural,
                          int           *minimum_baseline,
                          int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 280 : 100;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 646 : 400;
}

static void
value_changed_cb (GtkAdjustment *adjustment, ValisePageView *self)
{
  if (self->placing || adjustment != self->adjustments[GTK_ORIENTATION_VERTICAL])
    return;

  valise_page_flow_scroll_to (self, (int) gtk_adjustment_get_value (adjustment));
}

static void
set_adjustment (ValisePageView *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  if (self->adjustments[orientation] != NULL)
    g_signal_handlers_disconnect_by_func (self->adjustments[orientation], value_changed_cb, self);
  g_set_object (&self->adjustments[orientation], adjustment);
  if (adjustment != NULL)
    g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self, 0);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* --- object ------------------------------------------------------------------------------- */

static void
valise_page_view_dispose (GObject *object)
{
  ValisePageView *self = VALISE_PAGE_VIEW (object);

  g_clear_handle_id (&self->fill_id, g_source_remove);
  valise_page_pool_clear (self->pool);
  g_clear_pointer (&self->head, gtk_widget_unparent);
  g_clear_pointer (&self->tail, gtk_widget_unparent);
  for (int i = 0; i < 2; i++)
    set_adjustment (self, (GtkOrientation) i, NULL);
  g_clear_object (&self->text);
  g_clear_object (&self->other);

  G_OBJECT_CLASS (valise_page_view_parent_class)->dispose (object);
}

static void
valise_page_view_finalize (GObject *object)
{
  ValisePageView *self = VALISE_PAGE_VIEW (object);

  g_strfreev (self->references);
  g_array_unref (self->rows);
  valise_page_heights_free (self->heights);
  valise_page_pool_free (self->pool);
  valise_page_finder_free (self->finder);

  G_OBJECT_CLASS (valise_page_view_parent_class)->finalize (object);
}

static void
valise_page_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ValisePageView *self = VALISE_PAGE_VIEW (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, GTK_SCROLL_NATURAL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
valise_page_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ValisePageView *self = VALISE_PAGE_VIEW (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      break; /* the page fits its width, and its height is its own affair */
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
valise_page_view_class_init (ValisePageViewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = valise_page_view_dispose;
  object_class->finalize = valise_page_view_finalize;
  object_class->get_property = valise_page_view_get_property;
  object_class->set_property = valise_page_view_set_property;
  widget_class->measure = valise_page_view_measure;
  widget_class->size_allocate = valise_page_view_size_allocate;

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");

  signals[LINK_ACTIVATED] =
      g_signal_new ("link-activated", VALISE_TYPE_PAGE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CHOSEN_CHANGED] = g_signal_new ("chosen-changed", VALISE_TYPE_PAGE_VIEW,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "page");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
valise_page_view_init (ValisePageView *self)
{
  self->rows = g_array_new (FALSE, TRUE, sizeof (ValisePageLine));
  self->heights = valise_page_heights_new (valise_page_flow_guess_height, self);
  self->pool = valise_page_pool_new (make_row_cb, fill_row_cb, self);
  self->finder = valise_page_finder_new ();
  self->measure = VALISE_PAGE_MEASURE;
  self->chosen = -1;
  valise_page_flow_reset (self);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (GTK_WIDGET (self), "page-view");
  valise_page_keys_attach (self);
}

void
valise_page_view_set_ends (ValisePageView *self, GtkWidget *head, GtkWidget *tail)
{
  g_return_if_fail (self->head == NULL && self->tail == NULL);

  self->head = head;
  self->tail = tail;
  gtk_widget_set_parent (head, GTK_WIDGET (self));
  gtk_widget_set_parent (tail, GTK_WIDGET (self));
}

/* --- showing and choosing ------------------------------------------------------------------- */

static const char *
get_chosen_key (ValisePageView *self)
{
  int line = valise_page_view_get_line (self, self->chosen, FALSE);

  return line >= 0 ? valise_text_get_line (self->text, (guint) line)->key : NULL;
}

void
valise_page_view_show (ValisePageView    *self,
                       ValiseText        *text,
                       ValiseText        *other,
                       const char *const *references)
{
  g_autofree char *key = NULL;
  gboolean         same_paper = FALSE;

  g_return_if_fail (VALISE_IS_TEXT (text));

  same_paper = self->text != NULL
               && strcmp (valise_text_get_symbol (self->text), valise_text_get_symbol (text)) == 0;
  key = g_strdup (same_paper ? get_chosen_key (self) : NULL);
  valise_page_pool_retire (self->pool, -1, -1);
  g_set_object (&self->text, text);
  g_set_object (&self->other, other);
  g_strfreev (self->references);
  self->references = g_strdupv ((char **) references);

  valise_page_rows_pair (self->rows, text, other);
  valise_page_flow_reset (self);
  self->chosen = -1;
  valise_page_view_find (self, valise_page_finder_get_query (self->finder));
  if (key == NULL || !valise_page_view_choose_key (self, key))
    g_signal_emit (self, signals[CHOSEN_CHANGED], 0);
  valise_page_flow_fill (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

guint
valise_page_view_get_n_rows (ValisePageView *self)
{
  return self->rows->len;
}

ValiseText *
valise_page_view_get_text (ValisePageView *self)
{
  return self->text;
}

int
valise_page_view_get_chosen (ValisePageView *self)
{
  return self->chosen;
}

int
valise_page_view_get_line (ValisePageView *self, int row, gboolean other)
{
  if (row < 0 || row >= (int) self->rows->len)
    return -1;
  return other ? g_array_index (self->rows, ValisePageLine, row).other
               : g_array_index (self->rows, ValisePageLine, row).line;
}

guint
valise_page_view_get_n_pairs (ValisePageView *self)
{
  return valise_page_rows_count_pairs (self->rows);
}

gboolean
valise_page_view_choose (ValisePageView *self, int row)
{
  GtkWidget *widget = NULL;

  if (row < 0 || row >= (int) self->rows->len)
    return FALSE;

  self->chosen = row;
  valise_page_flow_bring_into_sight (self, row + 1);
  valise_page_pool_foreach (self->pool, dress_row_cb, self);
  widget = valise_page_pool_peek (self->pool, row + 1);
  if (widget != NULL)
    gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                    GTK_ACCESSIBLE_RELATION_ACTIVE_DESCENDANT, widget, -1);
  g_signal_emit (self, signals[CHOSEN_CHANGED], 0);

  return TRUE;
}

gboolean
valise_page_view_choose_key (ValisePageView *self, const char *key)
{
  return valise_page_view_choose (self, valise_page_rows_find_key (self->rows, self->text, key));
}

void
valise_page_view_set_measure (ValisePageView *self, int measure)
{
  self->measure = measure;
  valise_page_flow_forget_heights (self);
  valise_page_pool_foreach (self->pool, dress_row_cb, self);
  valise_page_flow_schedule (self);
}

static void
find_selection_cb (GtkWidget *row, int slot, gpointer user_data)
{
  char **selection = user_data;

  if (*selection == NULL)
    *selection = valise_page_row_dup_selection (VALISE_PAGE_ROW (row));
}

char *
valise_page_view_dup_selection (ValisePageView *self)
{
  char *selection = NULL;

  valise_page_pool_foreach (self->pool, find_selection_cb, &selection);
  return selection;
}

char *
valise_page_view_dup_link (ValisePageView *self)
{
  GtkWidget *row = valise_page_pool_peek (self->pool, self->chosen + 1);

  return row != NULL ? valise_page_row_dup_link (VALISE_PAGE_ROW (row)) : NULL;
}

/* --- finding -------------------------------------------------------------------------------- */

guint
valise_page_view_find (ValisePageView *self, const char *query)
{
  guint n_places = 0;

  n_places = valise_page_finder_find (self->finder, query, self->rows, self->text, self->other);
  valise_page_pool_foreach (self->pool, dress_row_cb, self);
  return n_places;
}

guint
valise_page_view_find_step (ValisePageView *self, int direction)
{
  guint number = 0;

  number = valise_page_finder_step (self->finder, direction);
  if (number > 0)
    valise_page_view_choose (self, valise_page_finder_get_current (self->finder)->row);
  return number;
}
