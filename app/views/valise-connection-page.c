/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-connection-page"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-connection-page.h"
#include "valise-format.h"
#include "valise-sentences.h"

#define NIGHT_FROM (22 * 60) /* minutes: what "only at certain hours" begins with */
#define NIGHT_TO   (6 * 60)
#define HOURS      24

/**
 * ValiseConnectionPage:
 *
 * Each row is one setting; together they are read as a policy when one of them changes.
 */
struct _ValiseConnectionPage
{
  AdwPreferencesPage parent_instance;

  ValiseScheduler *scheduler;
  GArray          *budgets; /* (element-type guint64) that are offered, 0 first */
  GArray          *rates;
  gboolean         filling;
  gboolean         changed; /* by its user, here */

  GtkWidget *problem; /* a group */
  GtkWidget *metered;
  GtkWidget *text_only;
  GtkWidget *budget;
  GtkWidget *spent;
  GtkWidget *hours;
  GtkWidget *from;
  GtkWidget *to;
  GtkWidget *rate;
};

G_DEFINE_FINAL_TYPE (ValiseConnectionPage, valise_connection_page, ADW_TYPE_PREFERENCES_PAGE)

static const ValiseMay metered_choices[] = { VALISE_MAY_ALL, VALISE_MAY_TEXT, VALISE_MAY_SEND };
static const ValiseMay spent_choices[] = { VALISE_MAY_TEXT, VALISE_MAY_NOTHING };

/* --- reading and keeping --------------------------------------------------------------------- */

static guint
get_choice (GtkWidget *row)
{
  return adw_combo_row_get_selected (ADW_COMBO_ROW (row));
}

static void
read_policy (ValiseConnectionPage *self, ValiseUserPolicy *policy)
{
  guint budget = get_choice (self->budget), rate = get_choice (self->rate);

  policy->metered = metered_choices[MIN (get_choice (self->metered), 2)];
  policy->spent = spent_choices[MIN (get_choice (self->spent), 1)];
  policy->text_only = gtk_switch_get_active (GTK_SWITCH (self->text_only));
  if (budget < self->budgets->len)
    policy->budget = g_array_index (self->budgets, guint64, budget);
  if (rate < self->rates->len)
    policy->rate = g_array_index (self->rates, guint64, rate);
}

/* The rows know whole hours; what was set elsewhere, to the minute, stays until one is changed. */
static void
read_hours (ValiseConnectionPage *self, ValiseUserPolicy *policy)
{
  gboolean some = adw_expander_row_get_enable_expansion (ADW_EXPANDER_ROW (self->hours));

  policy->hours_from = some ? get_choice (self->from) * 60 : 0;
  policy->hours_to = some ? get_choice (self->to) * 60 : 0;
}

static void
changed_cb (ValiseConnectionPage *self, GParamSpec *pspec, GtkWidget *row)
{
  ValiseUserPolicy policy, before;

  if (self->filling)
    return;
  valise_scheduler_get_policy (self->scheduler, &policy);
  before = policy;
  read_policy (self, &policy);
  if (row == self->from || row == self->to || row == self->hours)
    read_hours (self, &policy);
  gtk_widget_set_sensitive (self->spent, policy.budget > 0);
  if (valise_user_policy_equal (&policy, &before))
    return;
  valise_scheduler_set_policy (self->scheduler, &policy);
  self->changed = TRUE;
}

/* Who changed something here looks here whether it was kept. */
static void
say_problem (ValiseConnectionPage *self)
{
  gtk_widget_set_visible (self->problem, self->changed
                                             && valise_scheduler_get_problem (self->scheduler)
                                                    == VALISE_PROBLEM_DISK);
}

/* --- rows ------------------------------------------------------------------------------------ */

static GtkWidget *
make_combo (ValiseConnectionPage *self,
            const char           *title,
            const char           *subtitle,
            const char *const    *choices)
{
  GtkWidget                *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) model = gtk_string_list_new (choices);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (model));
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  return row;
}

/* Sizes, of which 0 is @none; one that is kept and not among them is offered too. */
static GtkWidget *
make_sizes (ValiseConnectionPage *self,
            const char           *title,
            const char           *subtitle,
            const char           *none,
            const char           *pattern,
            GArray               *sizes)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv)           choices = NULL;

  g_strv_builder_add (builder, none);
  for (guint i = 1; i < sizes->len; i++)
    {
      g_autofree char *size = valise_format_size (g_array_index (sizes, guint64, i));
      g_auto (GStrv)   halves = g_strsplit (pattern, "%s", 2);
      g_autofree char *choice = g_strconcat (halves[0], size, halves[1], NULL);

      g_strv_builder_add (builder, choice);
    }
  choices = g_strv_builder_end (builder);
  return make_combo (self, title, subtitle, (const char *const *) choices);
}

static GArray *
list_sizes (const guint64 *usual, gsize n_usual, guint64 kept)
{
  GArray *sizes = g_array_new (FALSE, FALSE, sizeof (guint64));

  g_array_append_vals (sizes, usual, (guint) n_usual);
  for (gsize i = 0; i < n_usual; i++)
    if (usual[i] == kept)
      return sizes;
  g_array_append_val (sizes, kept);
  return sizes;
}

static guint
find_size (GArray *sizes, guint64 size)
{
  for (guint i = 0; i < sizes->len; i++)
    if (g_array_index (sizes, guint64, i) == size)
      return i;
  return 0;
}

static GtkWidget *
make_hour (ValiseConnectionPage *self, const char *title)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv)           choices = NULL;

  for (guint hour = 0; hour < HOURS; hour++)
    {
      g_autofree char *time = g_strdup_printf ("%02u:00", hour);

      g_strv_builder_add (builder, time);
    }
  choices = g_strv_builder_end (builder);
  return make_combo (self, title, NULL, (const char *const *) choices);
}

static GtkWidget *
make_switch (ValiseConnectionPage *self, const char *title, const char *subtitle, GtkWidget **row)
{
  GtkWidget *toggle = gtk_switch_new ();

  *row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (*row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (*row), subtitle);
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (*row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (*row), toggle);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  return toggle;
}

static AdwPreferencesGroup *
add_group (ValiseConnectionPage *self, const char *title, const char *description)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (self), ADW_PREFERENCES_GROUP (group));
  return ADW_PREFERENCES_GROUP (group);
}

/* --- groups ---------------------------------------------------------------------------------- */

static void
add_what (ValiseConnectionPage *self)
{
  const char *const metered[] = { _ ("Everything"), _ ("Text only"), _ ("Only what I send"), NULL };
  AdwPreferencesGroup *group = add_group (
      self, _ ("What may come"),
      _ ("Words are small and come first. Original files can be a hundred times as large."));
  GtkWidget *row = NULL;

  self->metered =
      make_combo (self, _ ("On a metered connection"),
                  _ ("One where each megabyte is paid for, as the system says"), metered);
  self->text_only =
      make_switch (self, _ ("Text only, everywhere"),
                   _ ("Files wait until you ask for one, or prepare for travel"), &row);
  adw_preferences_group_add (group, self->metered);
  adw_preferences_group_add (group, row);
}

static void
add_budget (ValiseConnectionPage *self, guint64 kept)
{
  static const guint64 usual[] = {
    0, 200000, 500000, 1000000, 2000000, 5000000, 20000000, 100000000
  };
  const char *const    spent[] = { _ ("Text only"), _ ("Nothing until midnight"), NULL };
  AdwPreferencesGroup *group = add_group (
      self, _ ("Limit for a day"),
      _ ("All bytes count, sent and received. The day ends at midnight by this laptop’s clock."));

  self->budgets = list_sizes (usual, G_N_ELEMENTS (usual), kept);
  self->budget = make_sizes (self, _ ("Limit"), NULL, _ ("No limit"), "%s", self->budgets);
  self->spent = make_combo (self, _ ("Once it is used up"), NULL, spent);
  adw_preferences_group_add (group, self->budget);
  adw_preferences_group_add (group, self->spent);
}

static void
add_when (ValiseConnectionPage *self, guint64 kept)
{
  static const guint64 usual[] = { 0, 4000, 8000, 20000, 50000, 200000, 1000000 };
  AdwPreferencesGroup *group = add_group (self, _ ("When, and how fast"), NULL);

  self->hours = adw_expander_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->hours), _ ("Only at certain hours"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self->hours), _ ("Sync Now goes at any hour"));
  adw_expander_row_set_show_enable_switch (ADW_EXPANDER_ROW (self->hours), TRUE);
  /* Translators: the hour at which something begins. */
  self->from = make_hour (self, _ ("From"));
  /* Translators: the hour at which something ends. */
  self->to = make_hour (self, _ ("Until"));
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->hours), self->from);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self->hours), self->to);
  g_signal_connect_object (self->hours, "notify::enable-expansion", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);

  self->rates = list_sizes (usual, G_N_ELEMENTS (usual), kept);
  self->rate = make_sizes (self, _ ("Speed"), _ ("Leave room for others on a shared line"),
                           _ ("As fast as it goes"),
                           /* Translators: %s is a size: "20 kB a second". */
                           _ ("%s a second"), self->rates);
  adw_preferences_group_add (group, self->hours);
  adw_preferences_group_add (group, self->rate);
}

static void
add_problem (ValiseConnectionPage *self)
{
  AdwPreferencesGroup *group = add_group (self, "", NULL);
  GtkWidget           *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget           *label = g_object_new (
                GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT, "label",
                _ ("What you asked for could not be kept. Check that the disk has room, then try again."),
                "xalign", 0.0, "wrap", TRUE, "hexpand", TRUE, "max-width-chars", 10, NULL);

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "problem");
  adw_preferences_group_add (group, box);
  self->problem = GTK_WIDGET (group);
  say_problem (self);
  g_signal_connect_object (self->scheduler, "notify::problem", G_CALLBACK (say_problem), self,
                           G_CONNECT_SWAPPED);
}

static guint
find_may (const ValiseMay *choices, gsize n_choices, ValiseMay may)
{
  for (gsize i = 0; i < n_choices; i++)
    if (choices[i] == may)
      return (guint) i;
  return 0;
}

static void
fill (ValiseConnectionPage *self, const ValiseUserPolicy *policy)
{
  gboolean any = policy->hours_from == policy->hours_to;
  guint    from = any ? NIGHT_FROM : policy->hours_from, to = any ? NIGHT_TO : policy->hours_to;

  self->filling = TRUE;
  adw_combo_row_set_selected (
      ADW_COMBO_ROW (self->metered),
      find_may (metered_choices, G_N_ELEMENTS (metered_choices), policy->metered));
  adw_combo_row_set_selected (
      ADW_COMBO_ROW (self->spent),
      find_may (spent_choices, G_N_ELEMENTS (spent_choices), policy->spent));
  gtk_switch_set_active (GTK_SWITCH (self->text_only), policy->text_only);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->budget),
                              find_size (self->budgets, policy->budget));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->rate), find_size (self->rates, policy->rate));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->from), from / 60);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->to), to / 60);
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (self->hours), !any);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self->hours), !any);
  gtk_widget_set_sensitive (self->spent, policy->budget > 0);
  self->filling = FALSE;
}

/* --- object ---------------------------------------------------------------------------------- */

static void
valise_connection_page_dispose (GObject *object)
{
  ValiseConnectionPage *self = VALISE_CONNECTION_PAGE (object);

  self->filling = TRUE;
  g_clear_object (&self->scheduler);
  g_clear_pointer (&self->budgets, g_array_unref);
  g_clear_pointer (&self->rates, g_array_unref);

  G_OBJECT_CLASS (valise_connection_page_parent_class)->dispose (object);
}

static void
valise_connection_page_class_init (ValiseConnectionPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_connection_page_dispose;
}

static void
valise_connection_page_init (ValiseConnectionPage *self)
{
}

GtkWidget *
valise_connection_page_new (ValiseScheduler *scheduler)
{
  ValiseConnectionPage *self = NULL;
  ValiseUserPolicy      policy;

  g_return_val_if_fail (VALISE_IS_SCHEDULER (scheduler), NULL);

  self = g_object_new (VALISE_TYPE_CONNECTION_PAGE, "name", "connection", "title", _ ("Connection"),
                       "icon-name", "network-wireless-symbolic", NULL);
  self->scheduler = g_object_ref (scheduler);
  self->filling = TRUE;
  valise_scheduler_get_policy (scheduler, &policy);
  add_problem (self);
  add_what (self);
  add_budget (self, policy.budget);
  add_when (self, policy.rate);
  fill (self, &policy);
  return GTK_WIDGET (self);
}
