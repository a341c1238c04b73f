/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-found-row"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-format.h"
#include "valise-found-row.h"
#include "valise-language.h"

/**
 * ValiseFoundRow:
 *
 * A head (symbol, title, languages and date) and under it a line for each language the words
 * were found in, as a button that opens the paper there.
 */
struct _ValiseFoundRow
{
  GtkBox parent_instance;

  gboolean   compact;
  GtkWidget *head;
  GtkLabel  *symbol;
  GtkLabel  *title;
  GtkLabel  *meta;
  GtkWidget *lines;
};

G_DEFINE_FINAL_TYPE (ValiseFoundRow, valise_found_row, GTK_TYPE_BOX)

enum
{
  OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (GtkButton *button, ValiseFoundRow *self)
{
  const ValiseFinding *finding = g_object_get_data (G_OBJECT (button), "finding");

  if (!valise_found_open_original (finding, GTK_WIDGET (self)))
    g_signal_emit (self, signals[OPEN], 0, finding->symbol, finding->language, finding->key);
}

/* The snippet with what was found marked; the mark's colour follows light and dark. */
static char *
mark_snippet (const ValiseFinding *finding, GtkWidget *widget)
{
  GString *markup = g_string_new (NULL);
  GdkRGBA  colour = { 0.98f, 0.85f, 0.46f, 1 };
  guint    at = 0;

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "valise_found", &colour);
  for (guint i = 0; i + 1 < finding->marks->len; i += 2)
    {
      guint            start = g_array_index (finding->marks, guint, i);
      guint            end = g_array_index (finding->marks, guint, i + 1);
      g_autofree char *before = g_markup_escape_text (finding->snippet + at, (gssize) (start - at));
      g_autofree char *found =
          g_markup_escape_text (finding->snippet + start, (gssize) (end - start));

      g_string_append_printf (markup, "%s<span background=\"#%02x%02x%02x\">%s</span>", before,
                              (guint) (colour.red * 255), (guint) (colour.green * 255),
                              (guint) (colour.blue * 255), found);
      at = end;
    }
  {
    g_autofree char *rest = g_markup_escape_text (finding->snippet + at, -1);

    g_string_append (markup, rest);
  }
  return g_string_free (markup, FALSE);
}

static GtkWidget *
make_snippet (ValiseFoundRow *self, const ValiseFinding *finding)
{
  GtkWidget       *snippet = gtk_label_new (NULL);
  g_autofree char *markup = mark_snippet (finding, GTK_WIDGET (self));
  const char      *classes[] = { "read-s", finding->language, NULL };

  gtk_label_set_markup (GTK_LABEL (snippet), markup);
  gtk_label_set_wrap (GTK_LABEL (snippet), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (snippet), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (snippet), self->compact ? 2 : 3);
  gtk_label_set_ellipsize (GTK_LABEL (snippet), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (snippet), 10);
  gtk_label_set_xalign (GTK_LABEL (snippet), 0);
  gtk_widget_set_hexpand (snippet, TRUE);
  gtk_widget_set_css_classes (snippet, classes);
  gtk_widget_set_direction (snippet, valise_language_is_rtl (finding->language) ? GTK_TEXT_DIR_RTL
                                                                                : GTK_TEXT_DIR_LTR);
  return snippet;
}

/* The paragraph's number, or of an original its page; NULL: neither. */
static char *
dup_place (const ValiseFinding *finding)
{
  /* Translators: where in a paper's PDF words were found: "PDF, page 3". */
  return finding->sha256 != NULL ? g_strdup_printf (_ ("PDF, page %u"), finding->page)
                                 : g_strdup (finding->paragraph);
}

static GtkWidget *
make_line (ValiseFoundRow *self, const ValiseFinding *finding)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget       *language = gtk_label_new (finding->language);
  g_autofree char *place = dup_place (finding);
  GtkWidget       *number = gtk_label_new (place);
  GtkWidget       *button = gtk_button_new ();

  gtk_widget_set_visible (language, finding->language != NULL);
  gtk_widget_add_css_class (language, "lang");
  gtk_widget_set_valign (language, GTK_ALIGN_START);
  gtk_widget_set_margin_top (language, 3);
  gtk_widget_add_css_class (number, finding->sha256 != NULL ? "meta" : "sym");
  gtk_widget_set_valign (number, GTK_ALIGN_START);
  gtk_widget_set_margin_top (number, 3);
  gtk_widget_set_visible (number, place != NULL);
  gtk_box_append (GTK_BOX (box), language);
  gtk_box_append (GTK_BOX (box), make_snippet (self, finding));
  gtk_box_append (GTK_BOX (box), number);

  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "found-line");
  gtk_widget_set_focusable (button, !self->compact);
  g_object_set_data (G_OBJECT (button), "finding", (gpointer) finding);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  finding->snippet, -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (clicked_cb), self, 0);

  return button;
}

static void
valise_found_row_class_init (ValiseFoundRowClass *klass)
{
  signals[OPEN] = g_signal_new ("open", VALISE_TYPE_FOUND_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static GtkLabel *
add_label (GtkWidget *box, const char *css_class, gboolean expand)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, expand);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);

  return GTK_LABEL (label);
}

static void
valise_found_row_init (ValiseFoundRow *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 3);
  self->head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  self->lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  self->symbol = add_label (self->head, "sym", FALSE);
  self->title = add_label (self->head, "ttl", TRUE);
  self->meta = add_label (self->head, "meta", FALSE);
  gtk_box_append (GTK_BOX (self), self->head);
  gtk_box_append (GTK_BOX (self), self->lines);
}

GtkWidget *
valise_found_row_new (gboolean compact)
{
  ValiseFoundRow *self = g_object_new (VALISE_TYPE_FOUND_ROW, NULL);

  self->compact = compact;
  gtk_widget_add_css_class (GTK_WIDGET (self), compact ? "paper-row" : "finding");
  gtk_widget_set_visible (GTK_WIDGET (self->meta), !compact);
  valise_found_row_set_narrow (self, compact);
  return GTK_WIDGET (self);
}

void
valise_found_row_set_narrow (ValiseFoundRow *self, gboolean narrow)
{
  g_return_if_fail (VALISE_IS_FOUND_ROW (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->head),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (GTK_BOX (self->head), narrow ? 2 : 10);
  gtk_label_set_wrap (self->title, narrow);
  gtk_label_set_lines (self->title, narrow ? 2 : -1);
}

static char *
describe (const ValiseFinding *finding)
{
  g_autofree char *date = valise_format_date_short (finding->date);
  g_autofree char *languages = g_strdup_printf (
      ngettext ("%u language", "%u languages", finding->n_languages), finding->n_languages);

  return valise_format_join (finding->n_languages > 0 ? languages : "", date, NULL);
}

void
valise_found_row_set_found (ValiseFoundRow *self, ValiseFound *found)
{
  const ValiseFinding *first = NULL;
  g_autofree char     *symbol = NULL;
  g_autofree char     *meta = NULL;
  guint                n_lines = 0;

  g_return_if_fail (VALISE_IS_FOUND_ROW (self));

  while (gtk_widget_get_first_child (self->lines) != NULL)
    gtk_box_remove (GTK_BOX (self->lines), gtk_widget_get_first_child (self->lines));
  g_object_set_data_full (G_OBJECT (self), "found", found != NULL ? g_object_ref (found) : NULL,
                          found != NULL ? g_object_unref : NULL);
  if (found == NULL)
    return;

  first = valise_found_get_line (found, 0);
  symbol = valise_format_isolate (first->symbol);
  meta = describe (first);
  gtk_label_set_text (self->symbol, symbol);
  gtk_label_set_text (self->title, first->title);
  gtk_label_set_text (self->meta, meta);
  n_lines = self->compact ? 1 : valise_found_get_n_lines (found);
  for (guint i = 0; i < n_lines; i++)
    gtk_box_append (GTK_BOX (self->lines), make_line (self, valise_found_get_line (found, i)));
}
