/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-application"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-application.h"
#include "valise-colleagues-window.h"
#include "valise-faces.h"
#include "valise-pictures.h"
#include "valise-preferences.h"
#include "valise-shortcuts.h"
#include "valise-travel-dialog.h"
#include "valise-ui.h"

/**
 * ValiseApplication:
 *
 * Opens the account of its data folder off the main thread while the window is being drawn.
 */
struct _ValiseApplication
{
  AdwApplication parent_instance;

  char      *data_dir;
  char      *pictures; /* folder for --pictures, or NULL */
  GSettings *settings;
  GFile     *invitation; /* to open once the window is there */

  const ValiseHostKind *host;       /* or NULL */
  GtkWindow            *colleagues; /* the window with them, or NULL */
};

G_DEFINE_FINAL_TYPE (ValiseApplication, valise_application, ADW_TYPE_APPLICATION)

/* --- the account --------------------------------------------------------------------------------
 */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseApplication) self = user_data;
  g_autoptr (GError)            error = NULL;
  g_autoptr (ValiseContext)     context = valise_context_open_finish (result, &error);
  ValiseWindow                 *window = valise_application_get_window (self);

  if (context != NULL)
    valise_window_set_context (window, context);
  else
    {
      valise_window_set_context (window, NULL);
      if (!g_error_matches (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE))
        valise_window_say (window, error);
    }
  if (self->invitation != NULL)
    valise_window_open_file (window, self->invitation);
  g_clear_object (&self->invitation);
  if (self->pictures != NULL)
    valise_pictures_take (window, self->settings, self->pictures);
}

static void
open_window (ValiseApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    {
      /* First the thread, then the window: they work side by side. */
      valise_context_open_async (self->data_dir, NULL, opened_cb, g_object_ref (self));
      window = GTK_WINDOW (valise_application_get_window (self));
    }
  else if (self->invitation != NULL)
    {
      valise_window_open_file (VALISE_WINDOW (window), self->invitation);
      g_clear_object (&self->invitation);
    }
  gtk_window_present (window);
}

/* --- actions
 * ---------------------------------------------------------------------------------------- */

static void
chosen_cb (GtkNativeDialog *dialog, int response, ValiseApplication *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      valise_window_open_invitation (valise_application_get_window (self), file);
    }
  g_object_unref (dialog);
}

static void
open_invitation_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ValiseApplication    *self = user_data;
  GtkWindow            *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Open an Invitation"), window, GTK_FILE_CHOOSER_ACTION_OPEN,
                                   /* Translators: verb, of a file. */
                                   _ ("_Open"), _ ("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
bundle_chosen_cb (GtkNativeDialog *dialog, int response, ValiseApplication *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      valise_window_open_file (valise_application_get_window (self), file);
    }
  g_object_unref (dialog);
}

/* The window, over which another is to come: the panel that asked for it would cover that. */
static ValiseWindow *
clear_window (ValiseApplication *self)
{
  ValiseWindow *window = valise_application_get_window (self);

  valise_places_popdown_sync (valise_window_get_places (window));
  return window;
}

static void
open_bundle_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ValiseApplication        *self = user_data;
  GtkWindow                *window = GTK_WINDOW (clear_window (self));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkFileChooserNative     *dialog = gtk_file_chooser_native_new (
          _ ("Open a Bundle"), window, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));

  gtk_file_filter_set_name (filter, _ ("Bundles"));
  gtk_file_filter_add_pattern (filter, "*.valise-bundle");
  gtk_file_filter_add_pattern (filter, "*.valise-request");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (bundle_chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
write_bundle_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  valise_window_write_bundle (clear_window (user_data));
}

static void
write_request_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  valise_window_write_request (clear_window (user_data));
}

static void
show_preferences (ValiseApplication *self, gboolean connection)
{
  ValiseWindow  *window = clear_window (self);
  ValiseContext *context = valise_window_get_context (window);
  ValiseAccount *account = context != NULL ? valise_context_get_account (context) : NULL;
  GtkWidget *preferences = valise_preferences_new (GTK_WINDOW (window), self->settings, account);

  if (account != NULL && !valise_account_is_sample (account))
    valise_preferences_add_connection (VALISE_PREFERENCES (preferences),
                                       valise_context_get_scheduler (context), connection);
  gtk_window_present (GTK_WINDOW (preferences));
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_preferences (user_data, FALSE);
}

static void
connection_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_preferences (user_data, TRUE);
}

/* With a meeting's id, or without: the next one. */
static void
travel_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ValiseWindow  *window = clear_window (user_data);
  ValiseContext *context = valise_window_get_context (window);

  if (context != NULL)
    gtk_window_present (GTK_WINDOW (valise_travel_dialog_new (
        GTK_WINDOW (window), context,
        parameter != NULL ? g_variant_get_string (parameter, NULL) : NULL)));
}

static void
colleagues_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ValiseApplication *self = user_data;
  ValiseWindow      *window = clear_window (self);
  ValiseContext     *context = valise_window_get_context (window);
  ValiseVicinity    *vicinity = context != NULL ? valise_context_get_vicinity (context) : NULL;

  if (vicinity == NULL)
    return;
  if (self->colleagues == NULL)
    g_set_weak_pointer (&self->colleagues,
                        GTK_WINDOW (valise_colleagues_window_new (GTK_WINDOW (window), vicinity)));
  gtk_window_present (self->colleagues);
}

static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *overlay = valise_shortcuts_make_overlay ();

  gtk_window_set_transient_for (overlay,
                                gtk_application_get_active_window (GTK_APPLICATION (user_data)));
  gtk_window_present (overlay);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "application-name", "Valise", "application-icon", VALISE_APPLICATION_ID,
                         "version", VALISE_VERSION, "developer-name", _ ("The Valise authors"),
                         "license-type", GTK_LICENSE_GPL_3_0, "comments",
                         _ ("The record of a programme of action, with or without a network"),
                         /* Translators: your names, a line each. */
                         "translator-credits", _ ("translator-credits"), NULL);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (user_data));

  while (windows != NULL)
    {
      GtkWindow *window = windows->data;

      windows = windows->next;
      gtk_window_destroy (window);
    }
}

/* --- application
 * ---------------------------------------------------------------------------------- */

static void
style_changed_cb (ValiseApplication *self)
{
  static const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                            ADW_COLOR_SCHEME_FORCE_DARK };
  int                         style = g_settings_get_enum (self->settings, "style");

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[CLAMP (style, 0, 2)]);
}

/* g_settings_new() would abort without a word that helps. */
static GSettings *
open_settings (void)
{
  GSettingsSchemaSource      *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, VALISE_APPLICATION_ID, TRUE) : NULL;

  if (schema == NULL)
    {
      g_printerr (
          _ ("Valise is not installed whole: its settings are not known to GSettings. Install "
             "it, or run it from the build with GSETTINGS_SCHEMA_DIR set.\n"));
      exit (EXIT_FAILURE);
    }
  return g_settings_new_full (schema, NULL, NULL);
}

static void
valise_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { "open-invitation", open_invitation_action, NULL, NULL, NULL },
    { "open-bundle", open_bundle_action, NULL, NULL, NULL },
    { "write-bundle", write_bundle_action, NULL, NULL, NULL },
    { "write-request", write_request_action, NULL, NULL, NULL },
    { "preferences", preferences_action, NULL, NULL, NULL },
    { "connection", connection_action, NULL, NULL, NULL },
    { "colleagues", colleagues_action, NULL, NULL, NULL },
    { "travel", travel_action, NULL, NULL, NULL },
    { "travel-to", travel_action, "s", NULL, NULL },
    { "shortcuts", shortcuts_action, NULL, NULL, NULL },
    { "about", about_action, NULL, NULL, NULL },
    { "quit", quit_action, NULL, NULL, NULL },
  };
  ValiseApplication *self = VALISE_APPLICATION (application);

  G_APPLICATION_CLASS (valise_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (VALISE_APPLICATION_ID);
  self->settings = open_settings ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  valise_shortcuts_install (GTK_APPLICATION (self));
  valise_faces_follow (gdk_display_get_default ());
  g_signal_connect_object (self->settings, "changed::style", G_CALLBACK (style_changed_cb), self,
                           G_CONNECT_SWAPPED);
  style_changed_cb (self);
}

static void
valise_application_activate (GApplication *application)
{
  open_window (VALISE_APPLICATION (application));
}

static void
valise_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  ValiseApplication *self = VALISE_APPLICATION (application);

  g_set_object (&self->invitation, files[0]);
  open_window (self);
}

/* A folder of its own has an instance of its own, so the name on the bus follows from it. */
static void
take_data_dir (ValiseApplication *self, const char *given)
{
  g_autofree char *path = g_canonicalize_filename (given, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *id = g_strdup_printf (VALISE_APPLICATION_ID ".d%.16s", digest);

  valise_application_set_data_dir (self, path);
  g_application_set_application_id (G_APPLICATION (self), id);
}

static int
valise_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  ValiseApplication *self = VALISE_APPLICATION (application);
  g_autofree char   *data = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Valise " VALISE_VERSION "\n");
      return EXIT_SUCCESS;
    }
  if (g_variant_dict_lookup (options, "data", "^ay", &data))
    take_data_dir (self, data);
  if (g_variant_dict_lookup (options, "pictures", "^ay", &self->pictures))
    {
      /* What the journey does to the window is not the user's wish. */
      g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
      g_application_set_flags (application,
                               g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
    }
  return -1;
}

static void
valise_application_finalize (GObject *object)
{
  ValiseApplication *self = VALISE_APPLICATION (object);

  g_clear_weak_pointer (&self->colleagues);
  g_free (self->data_dir);
  g_free (self->pictures);
  g_clear_object (&self->settings);
  g_clear_object (&self->invitation);

  G_OBJECT_CLASS (valise_application_parent_class)->finalize (object);
}

static void
valise_application_class_init (ValiseApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = valise_application_finalize;
  application_class->startup = valise_application_startup;
  application_class->activate = valise_application_activate;
  application_class->open = valise_application_open;
  application_class->handle_local_options = valise_application_handle_local_options;

  /* The linker drops a resource that nobody names. */
  valise_ui_register_resource ();
}

static void
valise_application_init (ValiseApplication *self)
{
  static const GOptionEntry options[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Keep everything in this folder"),
      /* Translators: what stands for a folder's name: "--data=DIR". */
      N_ ("DIR") },
    { "pictures", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_ ("Save pictures of each page in this folder, then quit"), N_ ("FOLDER") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and quit"), NULL },
    { 0 },
  };

  self->data_dir = valise_account_default_data_dir ();
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[INVITATION]"));
}

ValiseApplication *
valise_application_new (GApplicationFlags flags)
{
  return g_object_new (VALISE_TYPE_APPLICATION, "application-id", VALISE_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN | flags, "resource-base-path",
                       "/org/valise/Valise", NULL);
}

void
valise_application_set_data_dir (ValiseApplication *self, const char *data_dir)
{
  char *copy = g_strdup (data_dir);

  g_return_if_fail (VALISE_IS_APPLICATION (self));

  g_free (self->data_dir);
  self->data_dir = copy;
}

/* Colleagues are an account's: with another, their window is another's. */
static void
opens_cb (ValiseApplication *self, ValiseContext *context)
{
  if (self->colleagues != NULL)
    gtk_window_destroy (self->colleagues);
  if (context != NULL && self->host != NULL)
    valise_context_share (context, self->host);
}

ValiseWindow *
valise_application_get_window (ValiseApplication *self)
{
  GList        *windows = NULL;
  ValiseWindow *window = NULL;

  g_return_val_if_fail (VALISE_IS_APPLICATION (self), NULL);

  for (windows = gtk_application_get_windows (GTK_APPLICATION (self)); windows != NULL;
       windows = windows->next)
    if (VALISE_IS_WINDOW (windows->data))
      return windows->data;

  window = valise_window_new (GTK_APPLICATION (self), self->settings, self->data_dir);
  g_signal_connect_object (window, "opens", G_CALLBACK (opens_cb), self, G_CONNECT_SWAPPED);
  return window;
}

void
valise_application_set_host (ValiseApplication *self, const ValiseHostKind *kind)
{
  g_return_if_fail (VALISE_IS_APPLICATION (self));

  self->host = kind;
}

GSettings *
valise_application_get_settings (ValiseApplication *self)
{
  return self->settings;
}
