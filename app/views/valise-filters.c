/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-filters"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-filters.h"
#include "valise-format.h"
#include "valise-wrap.h"

typedef enum
{
  MEETING,
  ITEM,
  AUTHOR,
  LANGUAGE,
  KIND,
  N_COLUMNS
} Column;

static const struct
{
  const char *name;
  const char *label; /* of the chip where nothing is chosen */
  const char *any;   /* of the choice that takes it back */
} columns[N_COLUMNS] = {
  /* Translators: by what the list of papers is filtered: nouns. */
  { "meeting", N_ ("Meeting"), N_ ("Any meeting") },
  /* Translators: of an agenda. */
  { "item", N_ ("Item"), N_ ("Any item") },
  { "author", N_ ("Author"), N_ ("Any author") },
  { "language", N_ ("Language"), N_ ("Any language") },
  { "kind", N_ ("Kind"), N_ ("Any kind") },
};

/**
 * ValiseFilters:
 *
 * A chip a column, and one for what is unread. A chip's values are asked of the library when
 * it opens, within what the other chips say. The agenda item's chip appears with a meeting.
 */
struct _ValiseFilters
{
  GtkWidget parent_instance;

  ValiseLibrary      *library;
  ValiseLibraryFilter filter;
  char               *values[N_COLUMNS];
  GtkWidget          *chips[N_COLUMNS];
  GtkWidget          *lists[N_COLUMNS];
  GtkWidget          *unread;
  GCancellable       *cancellable;
};

G_DEFINE_FINAL_TYPE (ValiseFilters, valise_filters, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
publish (ValiseFilters *self)
{
  self->filter.meeting = self->values[MEETING];
  self->filter.item = self->values[ITEM];
  self->filter.author = self->values[AUTHOR];
  self->filter.language = self->values[LANGUAGE];
  self->filter.kind = self->values[KIND];
  self->filter.unread = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->unread));
  gtk_widget_set_visible (self->chips[ITEM], self->values[MEETING] != NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
label_chip (ValiseFilters *self, Column column, const char *label)
{
  GtkWidget  *chip = self->chips[column];
  const char *name = label != NULL ? label : _ (columns[column].label);

  gtk_menu_button_set_label (GTK_MENU_BUTTON (chip), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (label != NULL)
    gtk_widget_add_css_class (chip, "set");
  else
    gtk_widget_remove_css_class (chip, "set");
}

static void
choose (ValiseFilters *self, Column column, const char *value, const char *label)
{
  char *copy = g_strdup (value);

  g_free (self->values[column]);
  self->values[column] = copy;
  label_chip (self, column, value != NULL ? (label != NULL ? label : value) : NULL);
  if (column == MEETING)
    {
      /* An item's number means nothing outside its meeting. */
      g_clear_pointer (&self->values[ITEM], g_free);
      label_chip (self, ITEM, NULL);
    }
}

/* The interface's own name for a value, where the library has only a code. */
static char *
name_value (Column column, const char *value, const char *label)
{
  switch (column)
    {
    case LANGUAGE:
      return g_strdup (valise_format_language (value));
    case KIND:
      return g_strdup (valise_format_kind (value));
    case ITEM:
      /* Translators: an agenda item by its number: "Item 5". */
      return strcmp (value, label) == 0 ? g_strdup_printf (_ ("Item %s"), value) : g_strdup (label);
    case MEETING:
    case AUTHOR:
    case N_COLUMNS:
    default:
      return g_strdup (label);
    }
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, ValiseFilters *self)
{
  Column column = (Column) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (list), "column"));
  g_autofree char *value = g_strdup (g_object_get_data (G_OBJECT (row), "value"));
  g_autofree char *label = g_strdup (g_object_get_data (G_OBJECT (row), "label"));

  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->chips[column]));
  choose (self, column, value, label);
  publish (self);
}

static void
add_value (GtkWidget *list, const char *value, char *label, const char *count)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *name = gtk_label_new (label);
  GtkWidget *number = gtk_label_new (count);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 32);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (number, "meta");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), number);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "value", g_strdup (value), g_free);
  g_object_set_data_full (G_OBJECT (row), "label", label, g_free);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

static void
values_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) list = user_data;
  g_autoptr (GError)    error = NULL;
  g_auto (GStrv)        values =
      valise_library_list_values_finish (VALISE_LIBRARY (source), result, &error);
  Column column = (Column) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (list), "column"));

  if (values == NULL)
    {
      g_debug ("%s", error != NULL ? error->message : "no values");
      return;
    }
  for (guint i = 0; values[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (values[i], "\t", 3);

      if (g_strv_length (parts) == 3)
        add_value (list, parts[0], name_value (column, parts[0], parts[1]), parts[2]);
    }
}

/* Fills a chip's list as it opens. */
static void
list_values (GtkMenuButton *chip, gpointer user_data)
{
  ValiseFilters *self = user_data;
  Column         column = (Column) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (chip), "column"));
  ValiseLibraryFilter others = self->filter;
  GtkWidget          *list = self->lists[column];

  while (gtk_widget_get_first_child (list) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (list), gtk_widget_get_first_child (list));
  add_value (list, NULL, g_strdup (_ (columns[column].any)), NULL);
  if (self->library == NULL)
    return;

  *(const char **[]){ &others.meeting, &others.item, &others.author, &others.language,
                      &others.kind }[column] = NULL;
  valise_library_list_values_async (self->library, columns[column].name, &others, self->cancellable,
                                    values_listed_cb, g_object_ref (list));
}

static GtkWidget *
make_list (ValiseFilters *self, Column column)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *popover = gtk_popover_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  g_object_set_data (G_OBJECT (list), "column", GINT_TO_POINTER (column));
  g_signal_connect_object (list, "row-activated", G_CALLBACK (row_activated_cb), self, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (columns[column].label), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 360);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_widget_add_css_class (popover, "menu");
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->chips[column]), popover);

  return list;
}

static void
add_chip (ValiseFilters *self, Column column)
{
  GtkWidget *chip = gtk_menu_button_new ();

  self->chips[column] = chip;
  g_object_set_data (G_OBJECT (chip), "column", GINT_TO_POINTER (column));
  gtk_menu_button_set_always_show_arrow (GTK_MENU_BUTTON (chip), TRUE);
  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_set_parent (chip, GTK_WIDGET (self));
  self->lists[column] = make_list (self, column);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (chip), list_values, self, NULL);
  label_chip (self, column, NULL);
}

static void
valise_filters_dispose (GObject *object)
{
  ValiseFilters *self = VALISE_FILTERS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->library);
  for (guint i = 0; i < N_COLUMNS; i++)
    g_clear_pointer (&self->chips[i], gtk_widget_unparent);
  g_clear_pointer (&self->unread, gtk_widget_unparent);

  G_OBJECT_CLASS (valise_filters_parent_class)->dispose (object);
}

static void
valise_filters_finalize (GObject *object)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (VALISE_FILTERS (object)->values[i]);

  G_OBJECT_CLASS (valise_filters_parent_class)->finalize (object);
}

static void
valise_filters_class_init (ValiseFiltersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_filters_dispose;
  object_class->finalize = valise_filters_finalize;
  signals[CHANGED] = g_signal_new ("changed", VALISE_TYPE_FILTERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
valise_filters_init (ValiseFilters *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_layout_manager (GTK_WIDGET (self), valise_wrap_new (6));
  gtk_widget_add_css_class (GTK_WIDGET (self), "chips");

  /* Translators: shows the papers alone that are unread. */
  self->unread = gtk_toggle_button_new_with_label (_ ("Unread"));
  gtk_widget_add_css_class (self->unread, "chip");
  gtk_widget_set_parent (self->unread, GTK_WIDGET (self));
  for (guint i = 0; i < N_COLUMNS; i++)
    add_chip (self, (Column) i);
  gtk_widget_set_visible (self->chips[ITEM], FALSE);
  g_signal_connect_object (self->unread, "toggled", G_CALLBACK (publish), self, G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Filters"), -1);
}

void
valise_filters_set_library (ValiseFilters *self, ValiseLibrary *library)
{
  g_return_if_fail (VALISE_IS_FILTERS (self));

  g_set_object (&self->library, library);
}

const ValiseLibraryFilter *
valise_filters_get (ValiseFilters *self)
{
  g_return_val_if_fail (VALISE_IS_FILTERS (self), NULL);

  return &self->filter;
}

gboolean
valise_filters_is_set (ValiseFilters *self)
{
  gboolean set = FALSE;

  g_return_val_if_fail (VALISE_IS_FILTERS (self), FALSE);

  for (guint i = 0; i < N_COLUMNS; i++)
    set = set || self->values[i] != NULL;
  return set || self->filter.unread;
}

void
valise_filters_choose (ValiseFilters *self,
                       const char    *column,
                       const char    *value,
                       const char    *label)
{
  g_return_if_fail (VALISE_IS_FILTERS (self));

  for (guint i = 0; i < N_COLUMNS; i++)
    if (strcmp (columns[i].name, column) == 0)
      {
        g_autofree char *name =
            value != NULL ? name_value ((Column) i, value, label != NULL ? label : value) : NULL;

        choose (self, (Column) i, value, name);
        publish (self);
        return;
      }
  g_return_if_reached ();
}

void
valise_filters_set_unread (ValiseFilters *self, gboolean unread)
{
  g_return_if_fail (VALISE_IS_FILTERS (self));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->unread), unread);
}

void
valise_filters_clear (ValiseFilters *self)
{
  g_return_if_fail (VALISE_IS_FILTERS (self));

  for (guint i = 0; i < N_COLUMNS; i++)
    choose (self, (Column) i, NULL, NULL);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->unread), FALSE);
  publish (self);
}
