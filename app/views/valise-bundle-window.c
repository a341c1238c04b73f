/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-window"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-bundle-form.h"
#include "valise-bundle-window.h"
#include "valise-format.h"
#include "valise-sentences.h"

#define PASSPHRASE_MIN 8                  /* characters */
#define LETTER_SIZE    (10 * 1000 * 1000) /* bytes that most mail servers let through */

/**
 * ValiseBundleWindow:
 *
 * Asks for whom, then where to, and writes; it stays open, and can be closed, meanwhile.
 */
struct _ValiseBundleWindow
{
  AdwWindow parent_instance;

  ValiseContext       *context;
  GCancellable        *cancellable;
  ValiseCourierWeight *weight; /* NULL: not known yet */
  guint                weighings;
  gboolean             busy;
  gboolean             dropped; /* a list that was not looked at yet */

  /* Template */
  GtkWidget           *write;
  AdwPreferencesGroup *recipient_group;
  AdwComboRow         *recipient;
  AdwPreferencesGroup *passphrase_group;
  ValiseBundleForm    *form;
  GtkEditable         *passphrase;
  GtkSwitch           *originals;
  AdwActionRow        *originals_row;
  GtkLabel            *size;
  GtkSwitch           *letters;
  AdwActionRow        *letters_row;
  GtkWidget           *working;
  GtkWidget           *problem_box;
  GtkLabel            *problem;
};

G_DEFINE_FINAL_TYPE (ValiseBundleWindow, valise_bundle_window, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_TOLD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ValiseCourierRecipient
get_recipient (ValiseBundleWindow *self)
{
  guint chosen = adw_combo_row_get_selected (self->recipient);

  return chosen <= VALISE_COURIER_COLLEAGUES ? (ValiseCourierRecipient) chosen
                                             : VALISE_COURIER_ANYONE;
}

static gboolean
has_team_key (ValiseBundleWindow *self)
{
  return get_recipient (self) == VALISE_COURIER_COLLEAGUES && self->weight != NULL
         && self->weight->has_team_key;
}

gboolean
valise_bundle_window_is_ready (ValiseBundleWindow *self)
{
  glong length = 0;

  g_return_val_if_fail (VALISE_IS_BUNDLE_WINDOW (self), FALSE);

  length = g_utf8_strlen (gtk_editable_get_text (self->passphrase), -1);
  return !self->busy
         && (get_recipient (self) == VALISE_COURIER_ANYONE || length >= PASSPHRASE_MIN
             || (length == 0 && has_team_key (self)));
}

/* --- what it comes to ------------------------------------------------------------------------ */

static char *
count_documents (guint64 count)
{
  return g_strdup_printf (ngettext ("%u document", "%u documents", (gulong) count), (guint) count);
}

static char *
describe_originals (const ValiseCourierWeight *weight)
{
  g_autofree char *size = valise_format_size (weight->original_bytes);
  g_autofree char *here = NULL, *away = NULL;

  here =
      weight->originals > 0
          /* Translators: how many files, and their size: "14 files · 8.3 MB". */
          ? g_strdup_printf (ngettext ("%1$u file · %2$s", "%1$u files · %2$s", weight->originals),
                             weight->originals, size)
          : g_strdup (_ ("None of them is on this laptop"));
  if (weight->originals_away == 0 || weight->originals == 0)
    return g_steal_pointer (&here);
  away = g_strdup_printf (
      ngettext ("%u is not on this laptop", "%u are not on this laptop", weight->originals_away),
      weight->originals_away);
  return g_strconcat (here, "\n", away, NULL);
}

static char *
describe_size (ValiseBundleWindow *self)
{
  const ValiseCourierWeight *weight = self->weight;
  guint64                    bytes = weight->document_bytes;
  g_autofree char           *documents = count_documents (weight->documents);
  g_autofree char           *size = NULL, *about = NULL, *without = NULL;

  if (gtk_switch_get_active (self->originals))
    bytes += weight->original_bytes;
  size = valise_format_size (bytes);
  without = valise_bundle_form_describe_list (self->form);
  /* Translators: a size, and how many documents: "About 9.1 MB · 312 documents". */
  about = g_strdup_printf (_ ("About %1$s · %2$s"), size, documents);
  return without != NULL ? g_strconcat (about, "\n", without, NULL) : g_steal_pointer (&about);
}

static void
show_weight (ValiseBundleWindow *self)
{
  g_autofree char *originals = NULL, *size = NULL;

  if (self->weight != NULL)
    {
      originals = describe_originals (self->weight);
      size = describe_size (self);
    }
  adw_action_row_set_subtitle (self->originals_row, originals != NULL ? originals : "");
  gtk_label_set_text (self->size, size != NULL ? size : _ ("Being counted…"));
}

static void
update (ValiseBundleWindow *self)
{
  const char *const holds[] = {
    _ ("The public record: meetings, agendas, papers and their texts"),
    _ ("What your delegation sends: submissions, reports, positions"),
    _ ("The public record, your delegation’s desk, and your team’s drafts and notes"),
  };
  ValiseCourierRecipient recipient = get_recipient (self);

  adw_preferences_group_set_description (self->recipient_group, holds[recipient]);
  adw_preferences_group_set_description (
      self->passphrase_group,
      has_team_key (self)
          ? _ ("Laptops that have your team’s papers open it by themselves. One that has none yet "
               "needs a passphrase of at least eight characters, which you tell it another way.")
          : _ (
              "It holds what not everyone may read, so it is encrypted. Tell the passphrase "
              "another "
              "way than the file goes. At least eight characters; nobody can open the file without "
              "it."));
  gtk_widget_set_visible (GTK_WIDGET (self->passphrase_group), recipient != VALISE_COURIER_ANYONE);
  gtk_widget_set_sensitive (self->write, valise_bundle_window_is_ready (self));
  gtk_widget_set_visible (self->working, self->busy);
  show_weight (self);
}

typedef struct
{
  ValiseBundleWindow *self;
  guint               number;    /* of the question: a later one makes it void */
  gboolean            requested; /* with a list of what they have */
} Weighing;

/* @sentence: (nullable): nothing is wrong. */
static void
say (ValiseBundleWindow *self, const char *sentence)
{
  gtk_label_set_text (self->problem, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->problem_box, sentence != NULL);
}

/* Their list is set aside, and why is said: a bundle with all of it can be written still. */
static void
give_up_request (ValiseBundleWindow *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_PROGRAMME))
    sentence = g_strdup (_ ("That list is of a laptop in another programme, so it is left aside."));
  else if (error->domain == VALISE_BUNDLE_ERROR)
    sentence = g_strdup (_ ("That file is not a whole list that Valise saved, so it is left aside. "
                            "Ask for it again."));
  else
    sentence = valise_sentence_for_error (error);
  valise_bundle_form_set_request (self->form, NULL);
  say (self, sentence);
}

/* Whom it is for is who is of this delegation, where their list says so. */
static void
take_weight (ValiseBundleWindow *self, ValiseCourierWeight *weight, gboolean requested)
{
  self->weight = weight;
  if (!requested)
    return;
  valise_bundle_form_name (self->form, weight->person);
  if (weight->is_colleague && self->dropped)
    adw_combo_row_set_selected (self->recipient, VALISE_COURIER_COLLEAGUES);
  self->dropped = FALSE;
}

static void
weighed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Weighing            *weighing = user_data;
  g_autoptr (ValiseBundleWindow)  self = weighing->self;
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseCourierWeight) weight = valise_courier_weigh_finish (result, &error);

  /* Without a context the window was closed. */
  if (weighing->number != self->weighings || self->context == NULL)
    return;
  g_clear_pointer (&self->weight, valise_courier_weight_free);
  if (weight != NULL)
    take_weight (self, g_steal_pointer (&weight), weighing->requested);
  else if (weighing->requested)
    give_up_request (self, error);
  else /* what is wrong, writing it will say; a size is only a help */
    g_message ("%s", error->message);
  update (self);
}

static void
weigh (ValiseBundleWindow *self)
{
  ValiseCourierOrder order = { .recipient = get_recipient (self) };
  Weighing          *weighing = NULL;

  g_clear_pointer (&self->weight, valise_courier_weight_free);
  update (self);
  if (self->context == NULL)
    return;
  valise_bundle_form_read (self->form, &order);
  weighing = g_new0 (Weighing, 1);
  weighing->self = g_object_ref (self);
  weighing->number = ++self->weighings;
  weighing->requested = order.request != NULL;
  valise_courier_weigh_async (valise_context_get_account (self->context), &order, self->cancellable,
                              weighed_cb, weighing);
}

static char *
describe (const ValiseCourierParcel *parcel)
{
  g_autofree char    *size = valise_format_size (parcel->bytes);
  g_autofree char    *documents = count_documents (parcel->documents);
  g_autoptr (GString) what = g_string_new (documents);

  if (parcel->originals > 0)
    g_string_append_printf (what, ngettext (" · %u original", " · %u originals", parcel->originals),
                            parcel->originals);
  if (parcel->files > 1)
    {
      g_autofree char *files =
          g_strdup_printf (ngettext ("%u file", "%u files", parcel->files), parcel->files);

      return g_strdup_printf (_ ("Bundle written: %1$s · %2$s · %3$s"), what->str, size, files);
    }
  /* Translators: "Bundle written: 31 documents · 4 originals · 212 kB". */
  return g_strdup_printf (_ ("Bundle written: %1$s · %2$s"), what->str, size);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseBundleWindow)  self = user_data;
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseCourierParcel) parcel = valise_courier_write_finish (result, &error);
  g_autofree char                *sentence = NULL;

  self->busy = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  update (self);
  sentence = parcel != NULL ? describe (parcel) : valise_sentence_for_error (error);
  say (self, parcel == NULL ? sentence : NULL);
  if (parcel == NULL)
    return;
  g_signal_emit (self, signals[SIGNAL_TOLD], 0, sentence);
  gtk_window_close (GTK_WINDOW (self));
}

void
valise_bundle_window_write (ValiseBundleWindow *self, const char *path)
{
  const char        *passphrase = gtk_editable_get_text (self->passphrase);
  ValiseCourierOrder order = { .recipient = get_recipient (self) };

  g_return_if_fail (VALISE_IS_BUNDLE_WINDOW (self) && path != NULL);

  if (order.recipient != VALISE_COURIER_ANYONE && *passphrase != '\0')
    order.passphrase = passphrase;
  order.max_size = gtk_switch_get_active (self->letters) ? LETTER_SIZE : 0;
  order.without_originals = !gtk_switch_get_active (self->originals);
  valise_bundle_form_read (self->form, &order);
  self->busy = TRUE;
  say (self, NULL);
  update (self);
  valise_courier_write_async (valise_context_get_account (self->context), path, &order,
                              self->cancellable, written_cb, g_object_ref (self));
}

void
valise_bundle_window_write_file (ValiseBundleWindow *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  g_return_if_fail (VALISE_IS_BUNDLE_WINDOW (self));

  if (path != NULL)
    valise_bundle_window_write (self, path);
  else
    say (self, _ ("That folder is not on this laptop. Write the bundle to one that is, or to a USB "
                  "stick, then copy it there."));
}

static void
chosen_cb (GtkNativeDialog *dialog, int response, ValiseBundleWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    valise_bundle_window_write_file (self, file);
  g_object_unref (dialog);
}

static void
write_cb (ValiseBundleWindow *self)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (_ ("Write a Bundle"), GTK_WINDOW (self),
                                   GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Write"), _ ("_Cancel"));

  /* Translators: a file's name; keep the ending. */
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _ ("valise.valise-bundle"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (chosen_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
close_cb (ValiseBundleWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  return FALSE;
}

static void
valise_bundle_window_dispose (GObject *object)
{
  ValiseBundleWindow *self = VALISE_BUNDLE_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->context);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->weight, valise_courier_weight_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_BUNDLE_WINDOW);

  G_OBJECT_CLASS (valise_bundle_window_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValiseBundleWindow, child)

static void
valise_bundle_window_class_init (ValiseBundleWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_bundle_window_dispose;
  signals[SIGNAL_TOLD] = g_signal_new ("told", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (VALISE_TYPE_BUNDLE_FORM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-bundle-window.ui");
  BIND (write);
  BIND (recipient_group);
  BIND (recipient);
  BIND (passphrase_group);
  BIND (passphrase);
  BIND (form);
  BIND (originals);
  BIND (originals_row);
  BIND (size);
  BIND (letters);
  BIND (letters_row);
  BIND (working);
  BIND (problem_box);
  BIND (problem);
  gtk_widget_class_bind_template_callback (widget_class, write_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, weigh);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
valise_bundle_window_init (ValiseBundleWindow *self)
{
  const char *const names[] = { _ ("Anyone"), _ ("The secretariat"), _ ("My colleagues"), NULL };
  g_autoptr (GtkStringList) list = gtk_string_list_new (names);
  g_autofree char          *size = valise_format_size (LETTER_SIZE);
  g_autofree char          *subtitle = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  adw_combo_row_set_model (self->recipient, G_LIST_MODEL (list));
  /* Translators: %s is a size: "10 MB". */
  subtitle = g_strdup_printf (_ ("Several files of at most %s"), size);
  adw_action_row_set_subtitle (self->letters_row, subtitle);
  say (self, NULL);
  update (self);
}

GtkWidget *
valise_bundle_window_new (GtkWindow *parent, ValiseContext *context)
{
  ValiseBundleWindow *self = NULL;

  g_return_val_if_fail (VALISE_IS_CONTEXT (context), NULL);

  self = g_object_new (VALISE_TYPE_BUNDLE_WINDOW, "transient-for", parent, NULL);
  self->context = g_object_ref (context);
  valise_bundle_form_set_context (self->form, context);
  weigh (self);
  return GTK_WIDGET (self);
}

ValiseBundleForm *
valise_bundle_window_get_form (ValiseBundleWindow *self)
{
  g_return_val_if_fail (VALISE_IS_BUNDLE_WINDOW (self), NULL);

  return self->form;
}

void
valise_bundle_window_answer (ValiseBundleWindow *self, GFile *request)
{
  g_autofree char *path = g_file_get_path (request);

  g_return_if_fail (VALISE_IS_BUNDLE_WINDOW (self));

  self->dropped = path != NULL;
  if (path != NULL)
    valise_bundle_form_set_request (self->form, path);
  else
    say (self, _ ("Copy the file to this laptop first, then open it."));
}

void
valise_bundle_window_choose (ValiseBundleWindow *self, ValiseCourierRecipient recipient)
{
  g_return_if_fail (VALISE_IS_BUNDLE_WINDOW (self));

  adw_combo_row_set_selected (self->recipient, recipient);
}
