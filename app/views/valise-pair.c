/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pair"

#include "config.h"

#include "valise-pair.h"

#define COLUMN_MIN 300 /* px */
#define GAP        30  /* px between columns; between rows, 24 */
#define ROW_GAP    24

/**
 * ValisePair:
 *
 * Each column has its own height, which a homogeneous box would even out.
 */
struct _ValisePair
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (ValisePair, valise_pair, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
valise_pair_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Lays the children out @width px wide and returns the height; allocates where asked. */
static int
place (GtkWidget *widget, int width, gboolean allocate)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  gboolean beside = width >= 2 * COLUMN_MIN + GAP;
  int      column = beside ? (width - GAP) / 2 : width;
  int      x = 0;
  int      y = 0;
  int      bottom = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int height = 0;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, column, NULL, &height, NULL, NULL);
      if (allocate)
        {
          GtkAllocation at = { rtl ? width - x - column : x, y, column, height };

          gtk_widget_size_allocate (child, &at, -1);
        }
      bottom = MAX (bottom, y + height);
      if (beside)
        x += column + GAP;
      else
        y += height + ROW_GAP;
    }
  return bottom;
}

static void
valise_pair_measure (GtkLayoutManager *manager,
                     GtkWidget        *widget,
                     GtkOrientation    orientation,
                     int               for_size,
                     int              *minimum,
                     int              *natural,
                     int              *minimum_baseline,
                     int              *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = COLUMN_MIN;
      *natural = 2 * COLUMN_MIN + GAP;
    }
  else
    *minimum = *natural = place (widget, for_size > 0 ? for_size : 2 * COLUMN_MIN + GAP, FALSE);
}

static void
valise_pair_allocate (GtkLayoutManager *manager,
                      GtkWidget        *widget,
                      int               width,
                      int               height,
                      int               baseline)
{
  place (widget, width, TRUE);
}

static void
valise_pair_class_init (ValisePairClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = valise_pair_get_request_mode;
  manager_class->measure = valise_pair_measure;
  manager_class->allocate = valise_pair_allocate;
}

static void
valise_pair_init (ValisePair *self)
{
}
