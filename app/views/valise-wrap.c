/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-wrap"

#include "config.h"

#include "valise-wrap.h"

struct _ValiseWrap
{
  GtkLayoutManager parent_instance;

  int spacing; /* px */
};

G_DEFINE_FINAL_TYPE (ValiseWrap, valise_wrap, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
valise_wrap_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Places the children in rows of @width px and returns the height; allocates where asked. */
static int
place (ValiseWrap *self, GtkWidget *widget, int width, gboolean allocate)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int      x = 0;
  int      y = 0;
  int      row_height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkRequisition size;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_get_preferred_size (child, NULL, &size);
      size.width = MIN (size.width, MAX (width, 1));
      if (x > 0 && x + size.width > width)
        {
          y += row_height + self->spacing;
          x = row_height = 0;
        }
      if (allocate)
        {
          GtkAllocation at = { rtl ? width - x - size.width : x, y, size.width, size.height };

          gtk_widget_size_allocate (child, &at, -1);
        }
      x += size.width + self->spacing;
      row_height = MAX (row_height, size.height);
    }
  return y + row_height;
}

static void
valise_wrap_measure (GtkLayoutManager *manager,
                     GtkWidget        *widget,
                     GtkOrientation    orientation,
                     int               for_size,
                     int              *minimum,
                     int              *natural,
                     int              *minimum_baseline,
                     int              *natural_baseline)
{
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural =
          place (VALISE_WRAP (manager), widget, for_size > 0 ? for_size : G_MAXINT, FALSE);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum = 0;
      int child_natural = 0;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural = MAX (*natural, child_natural);
    }
}

static void
valise_wrap_allocate (GtkLayoutManager *manager,
                      GtkWidget        *widget,
                      int               width,
                      int               height,
                      int               baseline)
{
  place (VALISE_WRAP (manager), widget, width, TRUE);
}

static void
valise_wrap_class_init (ValiseWrapClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = valise_wrap_get_request_mode;
  manager_class->measure = valise_wrap_measure;
  manager_class->allocate = valise_wrap_allocate;
}

static void
valise_wrap_init (ValiseWrap *self)
{
  self->spacing = 6;
}

GtkLayoutManager *
valise_wrap_new (int spacing)
{
  ValiseWrap *self = g_object_new (VALISE_TYPE_WRAP, NULL);

  self->spacing = spacing;
  return GTK_LAYOUT_MANAGER (self);
}
