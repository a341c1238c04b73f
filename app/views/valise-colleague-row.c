/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-colleague-row"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-colleague-row.h"
#include "valise-colleague-words.h"

struct _ValiseColleagueRow
{
  AdwActionRow parent_instance;

  char      *key;
  char      *person;
  GtkWidget *sync;
  GtkWidget *remove;
  GtkWidget *spinner;
};

G_DEFINE_FINAL_TYPE (ValiseColleagueRow, valise_colleague_row, ADW_TYPE_ACTION_ROW)

enum
{
  SIGNAL_SYNC,
  SIGNAL_REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
sync_cb (ValiseColleagueRow *self)
{
  g_signal_emit (self, signals[SIGNAL_SYNC], 0);
}

static void
remove_cb (ValiseColleagueRow *self)
{
  g_signal_emit (self, signals[SIGNAL_REMOVE], 0);
}

static void
valise_colleague_row_finalize (GObject *object)
{
  ValiseColleagueRow *self = VALISE_COLLEAGUE_ROW (object);

  g_free (self->key);
  g_free (self->person);

  G_OBJECT_CLASS (valise_colleague_row_parent_class)->finalize (object);
}

static void
valise_colleague_row_class_init (ValiseColleagueRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_colleague_row_finalize;
  signals[SIGNAL_SYNC] = g_signal_new ("sync", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
add_button (ValiseColleagueRow *self, const char *icon_name, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), button);
  return button;
}

static void
valise_colleague_row_init (ValiseColleagueRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  self->spinner = gtk_spinner_new ();
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->spinner);
  self->sync = add_button (self, "emblem-synchronizing-symbolic", G_CALLBACK (sync_cb));
  self->remove = add_button (self, "user-trash-symbolic", G_CALLBACK (remove_cb));
}

GtkWidget *
valise_colleague_row_new (const char *key)
{
  ValiseColleagueRow *self = g_object_new (VALISE_TYPE_COLLEAGUE_ROW, NULL);

  self->key = g_strdup (key);
  return GTK_WIDGET (self);
}

const char *
valise_colleague_row_get_key (ValiseColleagueRow *self)
{
  return self->key;
}

const char *
valise_colleague_row_get_person (ValiseColleagueRow *self)
{
  return self->person;
}

static void
name_button (GtkWidget *button, const char *name)
{
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
valise_colleague_row_show (ValiseColleagueRow *self, const ValiseVicinityColleague *colleague)
{
  g_autofree char *title = valise_colleague_name (colleague->person, colleague->participant);
  g_autofree char *subtitle = valise_colleague_describe (colleague);
  g_autofree char *sync = g_strdup_printf (_ ("Sync with %s Now"), colleague->person);
  g_autofree char *stop = g_strdup_printf (_ ("Stop Sharing with %s"), colleague->person);

  g_return_if_fail (VALISE_IS_COLLEAGUE_ROW (self));

  g_free (self->person);
  self->person = g_strdup (colleague->person);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  name_button (self->sync, sync);
  name_button (self->remove, stop);
  gtk_widget_set_sensitive (self->sync, !colleague->busy);
  gtk_widget_set_visible (self->spinner, colleague->busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), colleague->busy);
}
