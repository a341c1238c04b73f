/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-originals"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-file-queue.h"
#include "valise-format.h"
#include "valise-originals.h"
#include "valise-paper-file.h"
#include "valise-queue-list.h"
#include "valise-save-as.h"
#include "valise-wait-words.h"

/**
 * ValiseOriginals:
 *
 * How a file stands is asked of the account's queue whenever it says that something changed.
 */
struct _ValiseOriginals
{
  GtkBox parent_instance;

  ValiseFileQueue *queue;
  ValiseScheduler *scheduler;
  GCancellable    *saving;
  GtkNativeDialog *chooser; /* of where to save @chosen, or NULL */
  char            *chosen;  /* a digest */
  GListModel      *files;   /* of ValisePaperFile */

  GtkWidget  *problem_box;
  GtkLabel   *problem;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (ValiseOriginals, valise_originals, GTK_TYPE_BOX)

typedef enum
{
  DO_FETCH,
  DO_CANCEL,
  DO_OPEN,
  DO_SAVE,
  DO_REMOVE,
  N_DEEDS
} Deed;

typedef struct
{
  ValisePaperFile *file; /* lent by the row */
  AdwActionRow    *row;
  GtkProgressBar  *progress;
  GtkWidget       *buttons[N_DEEDS];
} Parts;

/* --- words ------------------------------------------------------------------------------------ */

static gboolean
is_pdf (ValisePaperFile *file)
{
  g_autofree char *name = g_ascii_strdown (valise_paper_file_get_name (file), -1);

  return g_str_has_suffix (name, ".pdf");
}

/* "PDF", "DOCX": the name's ending, which is what people call it. */
static char *
dup_kind (ValisePaperFile *file)
{
  const char *dot = strrchr (valise_paper_file_get_name (file), '.');

  return dot != NULL && strlen (dot) <= 6 ? g_ascii_strup (dot + 1, -1) : g_strdup ("");
}

/* "120 kB here · waits until 22:00" */
static char *
describe_waiting (ValiseFileReason reason, gint64 present, ValiseScheduler *scheduler)
{
  g_autofree char *size = valise_format_size ((guint64) present);
  g_autofree char *why = valise_wait_words_for_file (reason, scheduler);
  /* Translators: of a file that waits; %s is a size: "120 kB here". */
  g_autofree char *here = g_strdup_printf (C_ ("file", "%s here"), size);

  return valise_format_join (present > 0 ? here : "", why, NULL);
}

static char *
describe_state (ValiseFileState  state,
                gint64           present,
                ValiseFileItem  *item,
                ValiseScheduler *scheduler)
{
  g_autofree char *here = valise_format_size ((guint64) present);

  if (state == VALISE_FILE_PRESENT)
    return g_strdup (_ ("On this laptop"));
  if (item == NULL)
    return g_strdup (_ ("Not on this laptop"));
  if (valise_file_item_get_reason (item) == VALISE_FILE_PROBLEM)
    return g_strdup (_ ("Could not be fetched; the next sync tries again"));
  if (valise_file_item_get_reason (item) != VALISE_FILE_MOVES)
    return describe_waiting (valise_file_item_get_reason (item), present, scheduler);
  if (present > 0)
    /* Translators: of a file that is being fetched; %s is a size: "120 kB here". */
    return g_strdup_printf (_ ("On its way, %s here"), here);

  return g_strdup (_ ("On its way"));
}

/* --- rows ------------------------------------------------------------------------------------- */

static void
update_row (ValiseOriginals *self, Parts *parts)
{
  ValisePaperFile *file = parts->file;
  const char      *sha256 = valise_paper_file_get_sha256 (file);
  gint64           present = 0;
  ValiseFileState  state = valise_file_queue_get_state (self->queue, sha256, &present);
  ValiseFileItem  *item = valise_file_queue_find (self->queue, sha256);
  gint64           length = valise_paper_file_get_length (file);
  gboolean         here = state == VALISE_FILE_PRESENT;
  const char      *language = valise_paper_file_get_language (file);
  g_autofree char *kind = dup_kind (file);
  g_autofree char *size = valise_format_size ((guint64) length);
  g_autofree char *stands = describe_state (state, present, item, self->scheduler);
  g_autofree char *subtitle = valise_format_join (
      kind, language != NULL ? valise_format_language (language) : "", size, stands, NULL);

  adw_action_row_set_subtitle (parts->row, subtitle);
  gtk_widget_set_visible (parts->buttons[DO_FETCH], !here && item == NULL);
  gtk_widget_set_visible (parts->buttons[DO_CANCEL], !here && item != NULL);
  gtk_widget_set_visible (parts->buttons[DO_OPEN], here && is_pdf (file));
  gtk_widget_set_visible (parts->buttons[DO_SAVE], here);
  gtk_widget_set_visible (parts->buttons[DO_REMOVE], here);
  gtk_widget_set_visible (GTK_WIDGET (parts->progress), !here && item != NULL);
  if (length > 0)
    gtk_progress_bar_set_fraction (parts->progress, (double) present / (double) length);
}

static void
want (ValiseOriginals *self, ValisePaperFile *file)
{
  const ValiseFileWanted wanted = {
    .sha256 = valise_paper_file_get_sha256 (file),
    .database = valise_paper_file_get_database (file),
    .name = valise_paper_file_get_name (file),
    .symbol = valise_paper_file_get_symbol (file),
    .meeting = valise_paper_file_get_meeting (file),
    .language = valise_paper_file_get_language (file),
    .length = valise_paper_file_get_length (file),
  };

  valise_file_queue_want (self->queue, &wanted, 1, VALISE_FILE_ASKED_FOR);
}

/* @sentence: (nullable): nothing is wrong any more. */
static void
say (ValiseOriginals *self, const char *sentence)
{
  gtk_label_set_text (self->problem, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->problem_box, sentence != NULL);
}

/* Said where somebody looks, for there they asked. */
static void
failed_cb (ValiseOriginals *self, const char *message)
{
  g_debug ("%s", message);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  say (self,
       _ ("What you asked for could not be kept. Check that the disk has room, then try again."));
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseOriginals) self = user_data;
  g_autoptr (GFile)           file = NULL;
  g_autofree char            *sentence = valise_save_as_finish (result, &file);
  g_autofree char            *uri = file != NULL ? g_file_get_uri (file) : NULL;

  if (sentence != NULL && self->queue != NULL)
    say (self, sentence);
  else if (uri != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.saved", "s", uri);
}

void
valise_originals_save (ValiseOriginals *self, const char *sha256, GFile *file)
{
  g_return_if_fail (VALISE_IS_ORIGINALS (self) && self->queue != NULL);

  say (self, NULL);
  valise_save_as_async (self->queue, sha256, file, self->saving, saved_cb, g_object_ref (self));
}

static void
drop_chooser (ValiseOriginals *self)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->chosen, g_free);
}

static void
chosen_cb (ValiseOriginals *self, int response, GtkNativeDialog *dialog)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && self->queue != NULL)
    valise_originals_save (self, self->chosen, file);
  drop_chooser (self);
}

static void
choose_where (ValiseOriginals *self, ValisePaperFile *file)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  drop_chooser (self);
  self->chosen = g_strdup (valise_paper_file_get_sha256 (file));
  self->chooser = GTK_NATIVE_DIALOG (
      valise_save_as_new_chooser (GTK_WINDOW (root), valise_paper_file_get_name (file)));
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (self->chooser);
}

static void
clicked_cb (GtkButton *button, ValiseOriginals *self)
{
  GtkWidget  *row = gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_ACTION_ROW);
  Parts      *parts = g_object_get_data (G_OBJECT (row), "parts");
  const char *sha256s[] = { valise_paper_file_get_sha256 (parts->file), NULL };

  say (self, NULL);
  if (GTK_WIDGET (button) == parts->buttons[DO_FETCH])
    want (self, parts->file);
  else if (GTK_WIDGET (button) == parts->buttons[DO_CANCEL])
    valise_file_queue_cancel (self->queue, sha256s);
  else if (GTK_WIDGET (button) == parts->buttons[DO_REMOVE])
    valise_file_queue_evict (self->queue, sha256s);
  else if (GTK_WIDGET (button) == parts->buttons[DO_SAVE])
    choose_where (self, parts->file);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.original", "(ss)", sha256s[0],
                                valise_paper_file_get_name (parts->file));
}

static GtkWidget *
make_button (ValiseOriginals *self, const char *label, const char *icon, const char *file)
{
  GtkWidget *button =
      icon != NULL ? gtk_button_new_from_icon_name (icon) : gtk_button_new_with_mnemonic (label);
  g_autofree char *plain = g_strdup (label);
  g_autofree char *name = NULL;

  /* Without the underscore of its key; with the file's name, for there may be several. */
  for (char *under = strchr (plain, '_'); under != NULL; under = strchr (under, '_'))
    memmove (under, under + 1, strlen (under));
  name = g_strdup_printf ("%s: %s", plain, file);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (icon != NULL)
    {
      gtk_widget_set_tooltip_text (button, plain);
      gtk_widget_add_css_class (button, "flat");
    }
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, 0);

  return button;
}

/* The bar over the buttons, so that a narrow window keeps room for the words. */
static GtkWidget *
make_end (Parts *parts)
{
  GtkWidget *end = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);

  for (guint i = 0; i < N_DEEDS; i++)
    gtk_box_append (GTK_BOX (buttons), parts->buttons[i]);
  gtk_widget_set_valign (end, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (end), GTK_WIDGET (parts->progress));
  gtk_box_append (GTK_BOX (end), buttons);
  return end;
}

static GtkWidget *
make_row (ValiseOriginals *self, ValisePaperFile *file)
{
  GtkWidget  *row = adw_action_row_new ();
  Parts      *parts = g_new0 (Parts, 1);
  const char *name = valise_paper_file_get_name (file);

  parts->file = file;
  parts->row = ADW_ACTION_ROW (row);
  parts->progress = GTK_PROGRESS_BAR (valise_queue_list_make_progress ());
  /* Translators: verb; gets a file from the secretariat. */
  parts->buttons[DO_FETCH] = make_button (self, _ ("_Fetch"), NULL, name);
  /* Translators: of a file on its way: it is not to come now. */
  parts->buttons[DO_CANCEL] = make_button (self, _ ("_Not Now"), NULL, name);
  /* Translators: verb, of a file. */
  parts->buttons[DO_OPEN] = make_button (self, _ ("_Open"), NULL, name);
  /* Translators: verb; writes a file where its user wants it. */
  /* What is no PDF opens elsewhere: saving is all that is to be done with it here. */
  parts->buttons[DO_SAVE] =
      make_button (self, _ ("_Save As…"), is_pdf (file) ? "document-save-as-symbolic" : NULL, name);
  parts->buttons[DO_REMOVE] =
      make_button (self, _ ("Remove from this laptop"), "user-trash-symbolic", name);

  /* The name's ending stands in the subtitle, too. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_title_lines (parts->row, 1);
  adw_action_row_set_subtitle_lines (parts->row, 0);
  adw_action_row_add_suffix (parts->row, make_end (parts));
  g_object_set_data_full (G_OBJECT (row), "file", g_object_ref (file), g_object_unref);
  g_object_set_data_full (G_OBJECT (row), "parts", parts, g_free);
  update_row (self, parts);

  return row;
}

static void
changed_cb (ValiseOriginals *self)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    update_row (self, g_object_get_data (G_OBJECT (row), "parts"));
}

static void
fill (ValiseOriginals *self)
{
  guint n_files =
      self->files != NULL && self->queue != NULL ? g_list_model_get_n_items (self->files) : 0;
  GtkWidget *row = NULL;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < n_files; i++)
    {
      g_autoptr (ValisePaperFile) file = g_list_model_get_item (self->files, i);

      gtk_list_box_append (self->list, make_row (self, file));
    }
  gtk_widget_set_visible (GTK_WIDGET (self), n_files > 0);
}

/* --- object ----------------------------------------------------------------------------------- */

static void
valise_originals_dispose (GObject *object)
{
  ValiseOriginals *self = VALISE_ORIGINALS (object);

  drop_chooser (self);
  g_cancellable_cancel (self->saving);
  g_clear_object (&self->saving);
  if (self->queue != NULL)
    g_signal_handlers_disconnect_by_data (self->queue, self);
  g_clear_object (&self->queue);
  g_clear_object (&self->scheduler);
  g_clear_object (&self->files);

  G_OBJECT_CLASS (valise_originals_parent_class)->dispose (object);
}

static void
valise_originals_class_init (ValiseOriginalsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_originals_dispose;
}

static GtkWidget *
make_problem (ValiseOriginals *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT,
                                   "xalign", 0.0, "wrap", TRUE, "hexpand", TRUE, NULL);

  self->problem_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->problem = GTK_LABEL (label);
  gtk_label_set_max_width_chars (self->problem, 10);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->problem_box, "problem");
  gtk_box_append (GTK_BOX (self->problem_box), icon);
  gtk_box_append (GTK_BOX (self->problem_box), label);
  gtk_widget_set_visible (self->problem_box, FALSE);
  return self->problem_box;
}

static void
valise_originals_init (ValiseOriginals *self)
{
  /* Translators: heading; the files that a paper was issued as. */
  GtkWidget *heading = gtk_label_new (_ ("Originals"));

  self->saving = g_cancellable_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 8);
  gtk_widget_set_margin_bottom (GTK_WIDGET (self), 12);
  gtk_widget_add_css_class (GTK_WIDGET (self), "originals");
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "group");
  gtk_box_append (GTK_BOX (self), heading);
  gtk_box_append (GTK_BOX (self), make_problem (self));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  heading, NULL, -1);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->list));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
valise_originals_new (void)
{
  return g_object_new (VALISE_TYPE_ORIGINALS, NULL);
}

void
valise_originals_set_context (ValiseOriginals *self, ValiseContext *context)
{
  g_return_if_fail (VALISE_IS_ORIGINALS (self));

  if (self->queue != NULL)
    g_signal_handlers_disconnect_by_data (self->queue, self);
  g_clear_object (&self->queue);
  g_clear_object (&self->scheduler);
  if (context != NULL)
    {
      self->queue = valise_file_queue_for_account (valise_context_get_account (context));
      self->scheduler = g_object_ref (valise_context_get_scheduler (context));
      g_signal_connect_object (self->queue, "changed", G_CALLBACK (changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->queue, "failed", G_CALLBACK (failed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  say (self, NULL);
  fill (self);
}

void
valise_originals_show (ValiseOriginals *self, ValisePaper *paper)
{
  g_return_if_fail (VALISE_IS_ORIGINALS (self));
  g_return_if_fail (VALISE_IS_PAPER (paper));

  if (self->files != valise_paper_get_files (paper))
    say (self, NULL);
  g_set_object (&self->files, valise_paper_get_files (paper));
  fill (self);
}
