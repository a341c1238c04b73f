/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-day-row"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-day-row.h"
#include "valise-format.h"

/**
 * ValiseDayRow:
 *
 * A button that says the day, and a calendar below it. The calendar always has a day of its own;
 * it counts only once somebody chose one there.
 */
struct _ValiseDayRow
{
  AdwActionRow parent_instance;

  char          *day; /* or NULL: any */
  GtkMenuButton *button;
  GtkCalendar   *calendar;
  GtkWidget     *any;
};

G_DEFINE_FINAL_TYPE (ValiseDayRow, valise_day_row, ADW_TYPE_ACTION_ROW)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show (ValiseDayRow *self)
{
  g_autofree char *words =
      self->day != NULL ? valise_format_date (self->day) : g_strdup (_ ("Any day"));
  g_autofree char *label =
      valise_format_join (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), words, NULL);

  gtk_menu_button_set_label (self->button, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_set_sensitive (self->any, self->day != NULL);
}

void
valise_day_row_set_day (ValiseDayRow *self, const char *day)
{
  char *copy = g_strdup (day);

  g_return_if_fail (VALISE_IS_DAY_ROW (self));

  g_free (self->day);
  self->day = copy;
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

const char *
valise_day_row_get_day (ValiseDayRow *self)
{
  g_return_val_if_fail (VALISE_IS_DAY_ROW (self), NULL);

  return self->day;
}

/* Also when the month is turned; so the calendar stays open. */
static void
selected_cb (ValiseDayRow *self)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (self->calendar);
  g_autofree char      *day = g_date_time_format (date, "%Y-%m-%d");

  valise_day_row_set_day (self, day);
}

static void
any_cb (ValiseDayRow *self)
{
  gtk_menu_button_popdown (self->button);
  valise_day_row_set_day (self, NULL);
}

static void
valise_day_row_finalize (GObject *object)
{
  g_free (VALISE_DAY_ROW (object)->day);

  G_OBJECT_CLASS (valise_day_row_parent_class)->finalize (object);
}

static void
valise_day_row_class_init (ValiseDayRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_day_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", VALISE_TYPE_DAY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
valise_day_row_init (ValiseDayRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *popover = gtk_popover_new ();

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  self->calendar = GTK_CALENDAR (gtk_calendar_new ());
  self->any = gtk_button_new_with_label (_ ("Any day"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->calendar));
  gtk_box_append (GTK_BOX (box), self->any);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (self->button, popover);
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->button));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->button));
  g_signal_connect_object (self->calendar, "day-selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->any, "clicked", G_CALLBACK (any_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
valise_day_row_new (const char *title)
{
  ValiseDayRow *self = g_object_new (VALISE_TYPE_DAY_ROW, "title", title, NULL);

  show (self);
  return GTK_WIDGET (self);
}
