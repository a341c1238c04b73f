/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-intake"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-bundle-intake.h"
#include "valise-courier.h"
#include "valise-document-name.h"
#include "valise-rules-gate.h"
#include "valise-sentences.h"

#define SUFFIX       ".valise-bundle"
#define MOST_REASONS 5

/* One bundle on its way in. */
typedef struct
{
  GtkWindow       *parent;
  ValiseContext   *context;
  char            *path;
  ValiseBundleTold told;
  GObject         *listener; /* or NULL */
} Intake;

static void
free_intake (gpointer data)
{
  Intake *intake = data;

  g_object_unref (intake->parent);
  g_object_unref (intake->context);
  g_clear_object (&intake->listener);
  g_free (intake->path);
  g_free (intake);
}

gboolean
valise_bundle_intake_takes (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return name != NULL && g_str_has_suffix (name, SUFFIX);
}

static char *
describe_documents (const char *person, guint64 stored)
{
  return person != NULL
             ? g_strdup_printf (ngettext ("%1$u document came from %2$s.",
                                          "%1$u documents came from %2$s.", (gulong) stored),
                                (guint) stored, person)
             : g_strdup_printf (
                 ngettext ("%u document came.", "%u documents came.", (gulong) stored),
                 (guint) stored);
}

char *
valise_bundle_intake_describe (const ValiseCourierNews *news)
{
  g_autofree char    *documents = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (news->stored == 0 && news->refused == 0 && news->originals == 0)
    return g_strdup (_ ("Everything in this bundle was here already."));
  documents = describe_documents (news->person, news->stored);
  if (news->stored > 0 || news->originals == 0)
    g_string_append (text, documents);
  if (news->originals > 0)
    {
      g_string_append (text, text->len > 0 ? " " : "");
      g_string_append_printf (text,
                              ngettext ("%u original came.", "%u originals came.", news->originals),
                              news->originals);
    }
  if (news->refused > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (
          text, ngettext ("%u was not taken.", "%u were not taken.", (gulong) news->refused),
          (guint) news->refused);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show (Intake *intake, const char *heading, const char *body)
{
  GtkWidget *dialog = adw_message_dialog_new (intake->parent, heading, NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), body);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What was refused, each named; the first few, since a damaged stick may hold hundreds. */
static void
show_refused (Intake *intake, const char *heading, char **reasons)
{
  g_autoptr (GString) body = g_string_new (
      _ ("Valise takes only what proves where it comes from. Ask who wrote the bundle:"));
  guint n = g_strv_length (reasons);

  g_string_append_c (body, '\n');
  for (guint i = 0; i < MIN (n, MOST_REASONS); i++)
    {
      g_autofree char *name = valise_document_name_of_reason (reasons[i]);

      g_string_append_printf (body, "\n%s", name);
    }
  if (n > MOST_REASONS)
    g_string_append (body, "\n…");
  show (intake, heading, body->str);
}

static void start (Intake *intake, const char *passphrase);

/* The dialog owns the intake until "Open" takes it over: it may be destroyed with its parent,
 * without an answer; and closing it answers once more. */
static void
answered_cb (AdwMessageDialog *dialog, const char *response)
{
  GtkEditable *entry = GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog));
  Intake      *intake = NULL;

  if (!g_str_equal (response, "open"))
    return;
  intake = g_object_steal_data (G_OBJECT (dialog), "intake");
  if (intake != NULL)
    start (intake, gtk_editable_get_text (entry));
}

static void
typed_cb (AdwMessageDialog *dialog, GtkEditable *entry)
{
  adw_message_dialog_set_response_enabled (dialog, "open", *gtk_editable_get_text (entry) != '\0');
}

/* @heading: why it is asked for. */
static void
ask_passphrase (Intake *intake, const char *heading)
{
  /* Its words stay in memory that is never swapped out, as those of a password entry. */
  g_autoptr (GtkEntryBuffer) buffer = gtk_password_entry_buffer_new ();
  GtkWidget                 *dialog = adw_message_dialog_new (intake->parent, heading, NULL);
  GtkWidget                 *entry = gtk_entry_new_with_buffer (buffer);

  adw_message_dialog_set_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("The bundle is encrypted. Whoever wrote it can tell you its passphrase."));
  gtk_entry_set_visibility (GTK_ENTRY (entry), FALSE);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_PASSWORD);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Passphrase"), -1);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "open",
                                    _ ("_Open"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "open",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "open");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "open", FALSE);
  g_object_set_data_full (G_OBJECT (dialog), "intake", intake, free_intake);
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb), NULL);
  g_signal_connect_object (entry, "changed", G_CALLBACK (typed_cb), dialog, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

static void
tell (Intake *intake, const ValiseCourierNews *news)
{
  g_autofree char *sentence = valise_bundle_intake_describe (news);

  if (news->refused > 0)
    show_refused (intake, sentence, news->reasons);
  else if (intake->told != NULL)
    intake->told (sentence, intake->listener);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Intake                       *intake = user_data;
  g_autoptr (GError)            error = NULL;
  g_autoptr (ValiseCourierNews) news = valise_courier_read_finish (result, &error);
  g_autofree char              *sentence = NULL;

  /* Its window went meanwhile: there is nobody to ask or tell. */
  if (!gtk_widget_get_realized (GTK_WIDGET (intake->parent)))
    {
      free_intake (intake);
      return;
    }
  if (g_error_matches (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_LOCKED))
    {
      ask_passphrase (intake, _ ("Passphrase Needed"));
      return;
    }
  if (g_error_matches (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_PASSPHRASE))
    {
      ask_passphrase (intake, _ ("That Was Not the Passphrase"));
      return;
    }
  if (news != NULL)
    tell (intake, news);
  else
    {
      sentence = valise_sentence_for_error (error);
      show (intake, _ ("Bundle Not Read"), sentence);
    }
  free_intake (intake);
}

static void
start (Intake *intake, const char *passphrase)
{
  valise_courier_read_async (valise_context_get_account (intake->context), intake->path, passphrase,
                             valise_rules_gate_for_home, NULL, read_cb, intake);
}

void
valise_bundle_intake_open (GtkWindow       *parent,
                           ValiseContext   *context,
                           GFile           *file,
                           ValiseBundleTold told,
                           gpointer         user_data)
{
  Intake *intake = NULL;
  char   *path = g_file_get_path (file);

  g_return_if_fail (GTK_IS_WINDOW (parent) && VALISE_IS_CONTEXT (context));

  intake = g_new0 (Intake, 1);
  intake->parent = g_object_ref (parent);
  intake->context = g_object_ref (context);
  intake->path = path;
  intake->told = told;
  intake->listener = user_data != NULL ? g_object_ref (user_data) : NULL;
  if (path != NULL)
    {
      start (intake, NULL);
      return;
    }
  show (intake, _ ("Bundle Not Read"), _ ("Copy the file to this laptop first, then open it."));
  free_intake (intake);
}
