/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-language-group"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-format.h"
#include "valise-language-group.h"
#include "valise-language.h"

struct _ValiseLanguageGroup
{
  AdwPreferencesGroup parent_instance;

  GPtrArray *rows;     /* of AdwActionRow, owned by the group */
  GPtrArray *switches; /* of GtkSwitch, owned by their rows */
  gboolean   filling;
};

G_DEFINE_FINAL_TYPE (ValiseLanguageGroup, valise_language_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
count_on (ValiseLanguageGroup *self)
{
  guint n_on = 0;

  for (guint i = 0; i < self->switches->len; i++)
    n_on += gtk_switch_get_active (self->switches->pdata[i]);
  return n_on;
}

/* A paper without any language could not be read at all. */
static void
guard_last (ValiseLanguageGroup *self)
{
  guint n_on = count_on (self);

  for (guint i = 0; i < self->switches->len; i++)
    gtk_widget_set_sensitive (self->rows->pdata[i],
                              n_on > 1 || !gtk_switch_get_active (self->switches->pdata[i]));
}

static void
switched_cb (ValiseLanguageGroup *self)
{
  guard_last (self);
  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_language (ValiseLanguageGroup *self, const char *code, gboolean on)
{
  GtkWidget  *row = adw_action_row_new ();
  GtkWidget  *toggle = gtk_switch_new ();
  const char *name = valise_format_language (code);
  const char *endonym = valise_language_get_endonym (code);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  if (g_utf8_collate (name, endonym) != 0)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), endonym);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (toggle), on);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  g_object_set_data_full (G_OBJECT (toggle), "code", g_strdup (code), g_free);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (switched_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
  g_ptr_array_add (self->switches, toggle);
}

static void
valise_language_group_finalize (GObject *object)
{
  ValiseLanguageGroup *self = VALISE_LANGUAGE_GROUP (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->switches);

  G_OBJECT_CLASS (valise_language_group_parent_class)->finalize (object);
}

static void
valise_language_group_class_init (ValiseLanguageGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_language_group_finalize;
  signals[CHANGED] = g_signal_new ("changed", VALISE_TYPE_LANGUAGE_GROUP, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
valise_language_group_init (ValiseLanguageGroup *self)
{
  self->rows = g_ptr_array_new ();
  self->switches = g_ptr_array_new ();
}

void
valise_language_group_offer (ValiseLanguageGroup *self,
                             const char *const   *offered,
                             const char *const   *chosen)
{
  g_return_if_fail (VALISE_IS_LANGUAGE_GROUP (self));

  self->filling = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->switches, 0);

  if (offered == NULL || offered[0] == NULL)
    offered = valise_language_list ();
  for (guint i = 0; offered[i] != NULL; i++)
    add_language (self, offered[i],
                  chosen == NULL || chosen[0] == NULL || g_strv_contains (chosen, offered[i]));
  guard_last (self);
  self->filling = FALSE;
}

char **
valise_language_group_dup_chosen (ValiseLanguageGroup *self)
{
  g_autoptr (GStrvBuilder) codes = g_strv_builder_new ();

  g_return_val_if_fail (VALISE_IS_LANGUAGE_GROUP (self), NULL);

  for (guint i = 0; i < self->switches->len; i++)
    if (gtk_switch_get_active (self->switches->pdata[i]))
      g_strv_builder_add (codes, g_object_get_data (self->switches->pdata[i], "code"));
  return g_strv_builder_end (codes);
}
