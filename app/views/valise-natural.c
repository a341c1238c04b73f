/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-natural"

#include "config.h"

#include "valise-natural.h"

struct _ValiseNatural
{
  GtkLayoutManager parent_instance;

  int width; /* px */
};

G_DEFINE_FINAL_TYPE (ValiseNatural, valise_natural, GTK_TYPE_LAYOUT_MANAGER)

enum
{
  PROP_WIDTH = 1,
};

static GtkSizeRequestMode
valise_natural_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
valise_natural_measure (GtkLayoutManager *manager,
                        GtkWidget        *widget,
                        GtkOrientation    orientation,
                        int               for_size,
                        int              *minimum,
                        int              *natural,
                        int              *minimum_baseline,
                        int              *natural_baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  *minimum = *natural = 0;
  if (child != NULL)
    gtk_widget_measure (child, orientation, -1, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (*minimum, VALISE_NATURAL (manager)->width);
}

static void
valise_natural_allocate (GtkLayoutManager *manager,
                         GtkWidget        *widget,
                         int               width,
                         int               height,
                         int               baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child != NULL)
    gtk_widget_size_allocate (child, &(GtkAllocation){ 0, 0, width, height }, -1);
}

static void
valise_natural_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_int (value, VALISE_NATURAL (object)->width);
}

static void
valise_natural_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VALISE_NATURAL (object)->width = g_value_get_int (value);
}

static void
valise_natural_class_init (ValiseNaturalClass *klass)
{
  GObjectClass          *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  object_class->get_property = valise_natural_get_property;
  object_class->set_property = valise_natural_set_property;
  manager_class->get_request_mode = valise_natural_get_request_mode;
  manager_class->measure = valise_natural_measure;
  manager_class->allocate = valise_natural_allocate;
  g_object_class_install_property (object_class, PROP_WIDTH,
                                   g_param_spec_int ("width", NULL, NULL, 0, G_MAXINT, 0,
                                                     G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
valise_natural_init (ValiseNatural *self)
{
}
