/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-welcome"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "valise-bar.h"
#include "valise-format.h"
#include "valise-language-group.h"
#include "valise-sentences.h"
#include "valise-welcome.h"

#define INVITATION_MAX 65536 /* bytes; a real one has under two thousand */

/**
 * ValiseWelcome:
 *
 * Two pages. The first asks for an invitation; the second shows who invites, and which
 * languages to pay for, before anything is sent. What fails is said in the bar above, and the
 * page stays as it was.
 */
struct _ValiseWelcome
{
  GtkBox parent_instance;

  char             *data_dir;
  ValiseInvitation *invitation;
  GCancellable     *cancellable;
  gboolean          can_leave;

  /* Template */
  AdwWindowTitle      *title;
  GtkWidget           *back;
  ValiseBar           *bar;
  GtkStack            *stack;
  GtkWidget           *open_button;
  GtkWidget           *sample_row;
  GtkLabel            *programme;
  AdwActionRow        *person;
  AdwActionRow        *server;
  AdwActionRow        *expires;
  ValiseLanguageGroup *languages;
  GtkWidget           *join;
  GtkLabel            *progress;
};

G_DEFINE_FINAL_TYPE (ValiseWelcome, valise_welcome, GTK_TYPE_BOX)

enum
{
  JOINED,
  LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_page (ValiseWelcome *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->back, self->can_leave || strcmp (name, "invitation") == 0);
  adw_window_title_set_title (self->title,
                              strcmp (name, "invitation") == 0 ? _ ("Invitation") : "");
}

static void
set_busy (ValiseWelcome *self, const char *sentence)
{
  gboolean busy = sentence != NULL;

  gtk_widget_set_sensitive (self->join, !busy);
  gtk_widget_set_sensitive (self->sample_row, !busy);
  gtk_widget_set_sensitive (self->open_button, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->languages), !busy);
  gtk_label_set_text (self->progress, busy ? sentence : "");
}

void
valise_welcome_say (ValiseWelcome *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  g_return_if_fail (VALISE_IS_WELCOME (self));

  set_busy (self, NULL);
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_debug ("%s", error->message);
  sentence = valise_sentence_for_error (error);
  valise_bar_say (self->bar, "dialog-warning-symbolic", sentence, NULL, TRUE);
}

/* --- an invitation ---------------------------------------------------------------------------- */

static char *
describe_person (const ValiseInvitation *invitation)
{
  g_autofree char *participant = valise_format_participant (invitation->participant);

  return valise_format_join (invitation->person != NULL ? invitation->person : "",
                             valise_format_role (invitation->role), participant, NULL);
}

static void
show_invitation (ValiseWelcome *self)
{
  const ValiseInvitation *invitation = self->invitation;
  g_autofree char        *person = describe_person (invitation);
  g_autofree char        *expires = valise_format_moment (invitation->expires_us);
  const char             *chosen[] = { valise_format_interface_language (), "en", NULL };

  gtk_label_set_text (self->programme, invitation->programme_name != NULL
                                           ? invitation->programme_name
                                           : invitation->programme);
  adw_action_row_set_subtitle (self->person, person);
  adw_action_row_set_subtitle (self->server, invitation->server);
  adw_action_row_set_subtitle (self->expires, expires);
  valise_language_group_offer (self->languages, (const char *const *) invitation->languages,
                               chosen);
  set_busy (self, NULL);
  show_page (self, "invitation");
  gtk_widget_grab_focus (self->join);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseWelcome)    self = user_data;
  g_autoptr (GError)           error = NULL;
  g_autoptr (GBytes)           text = NULL;
  g_autoptr (ValiseInvitation) invitation = NULL;

  text = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (text != NULL)
    invitation = valise_invitation_parse (text, &error);
  if (invitation == NULL)
    {
      valise_welcome_say (self, error);
      return;
    }
  valise_bar_say (self->bar, NULL, NULL, NULL, FALSE);
  g_clear_pointer (&self->invitation, valise_invitation_free);
  self->invitation = g_steal_pointer (&invitation);
  show_invitation (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseWelcome)    self = user_data;
  g_autoptr (GError)           error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read_finish (G_FILE (source), result, &error);

  if (stream == NULL)
    valise_welcome_say (self, error);
  else
    /* A longer file is no invitation; what is cut off makes it fail as one. */
    g_input_stream_read_bytes_async (G_INPUT_STREAM (stream), INVITATION_MAX, G_PRIORITY_DEFAULT,
                                     self->cancellable, loaded_cb, g_object_ref (self));
}

static void
context_joined (ValiseWelcome *self, ValiseContext *context, GError *error)
{
  if (context == NULL)
    {
      valise_welcome_say (self, error);
      return;
    }
  set_busy (self, NULL);
  valise_bar_say (self->bar, NULL, NULL, NULL, FALSE);
  g_signal_emit (self, signals[JOINED], 0, context);
  show_page (self, "welcome");
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseWelcome) self = user_data;
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = valise_account_join_finish (result, &error);
  g_autoptr (ValiseContext) context = account != NULL ? valise_context_new (account, &error) : NULL;

  context_joined (self, context, error);
}

static void
sampled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseWelcome) self = user_data;
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseContext) context = valise_context_open_sample_finish (result, &error);

  context_joined (self, context, error);
}

/* --- callbacks -------------------------------------------------------------------------------- */

static void
join_cb (ValiseWelcome *self)
{
  valise_welcome_join (self);
}

static void
sample_cb (ValiseWelcome *self)
{
  valise_welcome_look_around (self);
}

static void
back_cb (ValiseWelcome *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  valise_bar_say (self->bar, NULL, NULL, NULL, FALSE);
  if (self->can_leave)
    g_signal_emit (self, signals[LEFT], 0);
  show_page (self, "welcome");
}

/* --- object ----------------------------------------------------------------------------------- */

static void
valise_welcome_dispose (GObject *object)
{
  ValiseWelcome *self = VALISE_WELCOME (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_WELCOME);

  G_OBJECT_CLASS (valise_welcome_parent_class)->dispose (object);
}

static void
valise_welcome_finalize (GObject *object)
{
  ValiseWelcome *self = VALISE_WELCOME (object);

  g_free (self->data_dir);
  g_clear_pointer (&self->invitation, valise_invitation_free);

  G_OBJECT_CLASS (valise_welcome_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValiseWelcome, child)

static void
valise_welcome_class_init (ValiseWelcomeClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = valise_welcome_dispose;
  object_class->finalize = valise_welcome_finalize;
  signals[JOINED] = g_signal_new ("joined", VALISE_TYPE_WELCOME, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, VALISE_TYPE_CONTEXT);
  signals[LEFT] = g_signal_new ("left", VALISE_TYPE_WELCOME, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);

  g_type_ensure (VALISE_TYPE_BAR);
  g_type_ensure (VALISE_TYPE_LANGUAGE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-welcome.ui");
  BIND (title);
  BIND (back);
  BIND (bar);
  BIND (stack);
  BIND (open_button);
  BIND (sample_row);
  BIND (programme);
  BIND (person);
  BIND (server);
  BIND (expires);
  BIND (languages);
  BIND (join);
  BIND (progress);
  gtk_widget_class_bind_template_callback (widget_class, join_cb);
  gtk_widget_class_bind_template_callback (widget_class, sample_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
}

static void
valise_welcome_init (ValiseWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_visible (GTK_WIDGET (self->bar), FALSE);
}

void
valise_welcome_set_data_dir (ValiseWelcome *self, const char *data_dir)
{
  char *copy = g_strdup (data_dir);

  g_return_if_fail (VALISE_IS_WELCOME (self));

  g_free (self->data_dir);
  self->data_dir = copy;
}

void
valise_welcome_set_can_leave (ValiseWelcome *self, gboolean can_leave)
{
  g_return_if_fail (VALISE_IS_WELCOME (self));

  self->can_leave = can_leave;
  show_page (self, gtk_stack_get_visible_child_name (self->stack));
}

void
valise_welcome_open (ValiseWelcome *self, GFile *file)
{
  g_return_if_fail (VALISE_IS_WELCOME (self));
  g_return_if_fail (G_IS_FILE (file));

  g_file_read_async (file, G_PRIORITY_DEFAULT, self->cancellable, opened_cb, g_object_ref (self));
}

void
valise_welcome_join (ValiseWelcome *self)
{
  g_auto (GStrv) languages = NULL;

  g_return_if_fail (VALISE_IS_WELCOME (self));
  g_return_if_fail (self->data_dir != NULL);

  if (self->invitation == NULL)
    return;
  languages = valise_language_group_dup_chosen (self->languages);
  valise_bar_say (self->bar, NULL, NULL, NULL, FALSE);
  set_busy (self, _ ("Asking the secretariat’s server…"));
  valise_account_join_async (self->data_dir, self->invitation, (const char *const *) languages,
                             self->cancellable, joined_cb, g_object_ref (self));
}

void
valise_welcome_look_around (ValiseWelcome *self)
{
  g_return_if_fail (VALISE_IS_WELCOME (self));
  g_return_if_fail (self->data_dir != NULL);

  valise_bar_say (self->bar, NULL, NULL, NULL, FALSE);
  set_busy (self, _ ("Unpacking the sample…"));
  valise_context_open_sample_async (self->data_dir, self->cancellable, sampled_cb,
                                    g_object_ref (self));
}

const char *
valise_welcome_get_sentence (ValiseWelcome *self)
{
  return valise_bar_get_sentence (self->bar);
}

const char *
valise_welcome_get_page (ValiseWelcome *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}
