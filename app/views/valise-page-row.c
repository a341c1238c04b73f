/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-row"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-language.h"
#include "valise-markup.h"
#include "valise-page-marks.h"
#include "valise-page-row.h"
#include "valise-reading.h"

#define GAP 12 /* px between a number and its words */

/**
 * ValisePageRow:
 *
 * The number hangs in a column of its own, end-aligned, where the page has room, and stands
 * above the words where it has not. Side by side the number is the hinge. The words' direction
 * is their language's; the columns' is, alone, the language's too, and side by side the
 * interface's.
 */
struct _ValisePageRow
{
  GtkWidget parent_instance;

  GtkLabel *number;
  GtkLabel *words;
  GtkLabel *others; /* the second language; hidden when alone */

  int      measure; /* px */
  int      level;
  gboolean side_by_side;
  gboolean rtl; /* the columns run from the right */
};

G_DEFINE_FINAL_TYPE (ValisePageRow, valise_page_row, GTK_TYPE_WIDGET)

enum
{
  LINK_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- layout ------------------------------------------------------------------------------- */

ValiseColumns
valise_columns_for (int width, int measure, gboolean side_by_side)
{
  ValiseColumns columns = { 0 };
  int           margin = width < VALISE_PAGE_NARROW ? 18 : VALISE_PAGE_MARGIN;

  columns.above = width < (side_by_side ? VALISE_PAGE_NARROW_BOTH : VALISE_PAGE_NARROW);
  if (columns.above)
    columns = (ValiseColumns){ margin, width - 2 * margin, margin, TRUE };
  else if (side_by_side)
    {
      int hinge = VALISE_PAGE_NUMBER + 2 * GAP;

      columns.width = MIN (measure, (width - 2 * margin - hinge) / 2);
      columns.text = (width - 2 * columns.width - hinge) / 2;
      columns.number = columns.text + columns.width + GAP;
    }
  else
    {
      int hang = VALISE_PAGE_NUMBER + GAP;

      columns.width = MIN (measure, width - 2 * margin - hang);
      columns.text = MAX (margin + hang, (width - columns.width) / 2);
      columns.number = columns.text - hang;
    }
  return columns;
}

static int
height_of (GtkLabel *label, int width)
{
  int height = 0;

  if (gtk_widget_get_visible (GTK_WIDGET (label)))
    gtk_widget_measure (GTK_WIDGET (label), GTK_ORIENTATION_VERTICAL, MAX (width, 1), NULL, &height,
                        NULL, NULL);
  return height;
}

/* The width of the number's column: a number zoomed in may need more than a column has. */
static int
number_width (ValisePageRow *self)
{
  int least = 0;

  if (gtk_widget_get_visible (GTK_WIDGET (self->number)))
    gtk_widget_measure (GTK_WIDGET (self->number), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL,
                        NULL, NULL);
  return MAX (VALISE_PAGE_NUMBER, least);
}

/* Allocations are not mirrored by GTK, so a row that runs from the right mirrors its own. */
static void
place (ValisePageRow *self, GtkLabel *label, int total, GtkAllocation at)
{
  if (self->rtl)
    at.x = total - at.x - at.width;
  if (gtk_widget_get_visible (GTK_WIDGET (label)))
    gtk_widget_size_allocate (GTK_WIDGET (label), &at, -1);
}

/* Lays the row out @width px wide and returns its height; allocates where asked. */
static int
lay_out (ValisePageRow *self, int width, gboolean allocate)
{
  ValiseColumns columns = valise_columns_for (width, self->measure, self->side_by_side);
  int           indent = columns.above && self->side_by_side ? 0 : self->level * VALISE_PAGE_INDENT;
  int           text_width = columns.width - (self->side_by_side ? 0 : indent);
  int           number = columns.above ? columns.width - indent : number_width (self);
  int           number_height = height_of (self->number, number);
  int           words_height = height_of (self->words, text_width);
  int           others_height = height_of (self->others, columns.width);
  int           top = columns.above ? number_height : 0;
  int           beside = columns.text + columns.width + VALISE_PAGE_NUMBER + 2 * GAP;

  if (self->side_by_side && !columns.above)
    indent = 0;
  if (allocate)
    {
      int number_x = columns.number + (self->side_by_side ? 0 : indent);
      int more = columns.above ? 0 : number - VALISE_PAGE_NUMBER; /* it grows into the margin */

      place (self, self->number, width,
             (GtkAllocation){ number_x - (self->side_by_side ? more / 2 : more), 0, number,
                              number_height });
      place (self, self->words, width,
             (GtkAllocation){ columns.text + indent, top, text_width, words_height });
      if (columns.above)
        place (
            self, self->others, width,
            (GtkAllocation){ columns.text, top + words_height + 4, columns.width, others_height });
      else
        place (self, self->others, width,
               (GtkAllocation){ beside, 0, columns.width, others_height });
    }

  if (columns.above)
    return top + words_height + (self->side_by_side ? others_height + 4 : 0);
  return MAX (number_height, MAX (words_height, others_height));
}

static GtkSizeRequestMode
valise_page_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
valise_page_row_measure (GtkWidget     *widget,
                         GtkOrientation orientation,
                         int            for_size,
                         int           *minimum,
                         int           *natural,
                         int           *minimum_baseline,
                         int           *natural_baseline)
{
  ValisePageRow *self = VALISE_PAGE_ROW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 240;
      *natural = VALISE_PAGE_MEASURE + VALISE_PAGE_NUMBER + GAP + 2 * VALISE_PAGE_MARGIN;
    }
  else
    *minimum = *natural = lay_out (self, for_size > 0 ? for_size : VALISE_PAGE_MEASURE, FALSE);
}

static void
valise_page_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ValisePageRow *self = VALISE_PAGE_ROW (widget);
  ValiseColumns  columns = valise_columns_for (width, self->measure, self->side_by_side);

  gtk_label_set_xalign (self->number, columns.above ? 0.0f : self->side_by_side ? 0.5f : 1.0f);
  lay_out (self, width, TRUE);
}

/* --- what it shows ------------------------------------------------------------------------ */

char *
valise_page_row_number_label (const char *number, const char *language)
{
  const char *last = NULL;

  if (number == NULL)
    return g_strdup ("");
  if (g_str_has_prefix (number, "PP"))
    return strcmp (language, "ar") == 0 ? g_strconcat ("د ", number + 2, NULL) : g_strdup (number);

  /* "annex II, 3 (a)": what stands before the last part is said by the paragraphs above. */
  last = strrchr (number, '(');
  if (last == NULL)
    last = strrchr (number, ' ');

  return g_strdup (last == NULL ? number : *last == ' ' ? last + 1 : last);
}

static const char *
style_for (const char *kind)
{
  if (strcmp (kind, VALISE_PARAGRAPH_HEADING) == 0)
    return "read-heading";
  if (strcmp (kind, VALISE_PARAGRAPH_NOTE) == 0 || strcmp (kind, VALISE_PARAGRAPH_CLOSING) == 0
      || strcmp (kind, VALISE_PARAGRAPH_TABLE) == 0)
    return "read-note";
  return "read";
}

static void
set_direction (GtkLabel *label, const char *language)
{
  gtk_widget_set_direction (
      GTK_WIDGET (label), valise_language_is_rtl (language) ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
}

static void
show_line (GtkLabel          *label,
           const ValiseLine  *line,
           const char        *language,
           const char *const *references)
{
  if (line != NULL)
    {
      g_autofree char  *markup = valise_markup_show (line->text, references);
      const char *const classes[] = { style_for (line->kind), language, NULL };

      gtk_widget_set_css_classes (GTK_WIDGET (label), (const char **) classes);
      gtk_label_set_markup (label, markup);
    }
  else
    {
      static const char *const classes[] = { "meta", "unpaired", NULL };

      gtk_widget_set_css_classes (GTK_WIDGET (label), (const char **) classes);
      /* Translators: beside a paragraph that the other language does not have. */
      gtk_label_set_text (label, _ ("no pair here"));
    }
  set_direction (label, language);
  /* A label with links makes itself focusable; here the page has the focus. */
  gtk_widget_set_focusable (GTK_WIDGET (label), FALSE);
}

static void
show_number (ValisePageRow *self, const ValiseLine *line, const char *language)
{
  g_autofree char *label = valise_page_row_number_label (line->number, language);
  const char      *classes[] = { "read-number", language, NULL, NULL };

  if (line->number != NULL && g_str_has_prefix (line->number, "PP"))
    classes[2] = "preamble";
  else if (strcmp (line->kind, VALISE_PARAGRAPH_NOTE) == 0)
    classes[2] = "read-note";
  gtk_widget_set_css_classes (GTK_WIDGET (self->number), classes);
  set_direction (self->number, language);
  gtk_label_set_text (self->number, label);
  gtk_widget_set_visible (GTK_WIDGET (self->number), *label != '\0');
}

void
valise_page_row_show (ValisePageRow     *self,
                      ValiseText        *text,
                      int                index,
                      ValiseText        *other,
                      int                other_index,
                      const char *const *references)
{
  const ValiseLine *line = index >= 0 ? valise_text_get_line (text, (guint) index) : NULL;
  const ValiseLine *pair =
      other != NULL && other_index >= 0 ? valise_text_get_line (other, (guint) other_index) : NULL;
  const ValiseLine *numbered = line != NULL ? line : pair;
  const char       *language = valise_text_get_language (text);

  g_return_if_fail (VALISE_IS_PAGE_ROW (self));
  g_return_if_fail (numbered != NULL);

  self->side_by_side = other != NULL;
  self->level = MIN (numbered->level, 4);
  self->rtl = other != NULL ? gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL
                            : valise_language_is_rtl (language);
  show_number (self, numbered, language);
  show_line (self->words, line, language, references);
  gtk_widget_set_visible (GTK_WIDGET (self->others), other != NULL);
  if (other != NULL)
    show_line (self->others, pair, valise_text_get_language (other), references);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (self->words), -1);
  if (strcmp (numbered->kind, VALISE_PARAGRAPH_HEADING) == 0)
    gtk_widget_add_css_class (GTK_WIDGET (self), "heading");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "heading");
  valise_page_row_mark (self, NULL, 0, -1);
}

static gboolean
activate_link_cb (GtkLabel *label, const char *uri, ValisePageRow *self)
{
  g_signal_emit (self, signals[LINK_ACTIVATED], 0, uri);
  return GDK_EVENT_STOP;
}

static GtkLabel *
make_label (ValisePageRow *self, gboolean selectable)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), selectable);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), selectable);
  gtk_widget_set_focusable (label, FALSE);
  g_signal_connect_object (label, "activate-link", G_CALLBACK (activate_link_cb), self, 0);
  gtk_widget_set_parent (label, GTK_WIDGET (self));

  return GTK_LABEL (label);
}

static void
valise_page_row_dispose (GObject *object)
{
  ValisePageRow *self = VALISE_PAGE_ROW (object);

  if (self->number != NULL)
    {
      gtk_widget_unparent (GTK_WIDGET (self->number));
      gtk_widget_unparent (GTK_WIDGET (self->words));
      gtk_widget_unparent (GTK_WIDGET (self->others));
      self->number = self->words = self->others = NULL;
    }

  G_OBJECT_CLASS (valise_page_row_parent_class)->dispose (object);
}

static void
valise_page_row_class_init (ValisePageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_page_row_dispose;
  widget_class->get_request_mode = valise_page_row_get_request_mode;
  widget_class->measure = valise_page_row_measure;
  widget_class->size_allocate = valise_page_row_size_allocate;

  signals[LINK_ACTIVATED] = g_signal_new ("link-activated", VALISE_TYPE_PAGE_ROW, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_css_name (widget_class, "paragraph");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
valise_page_row_init (ValisePageRow *self)
{
  self->measure = VALISE_PAGE_MEASURE;
  self->number = make_label (self, FALSE);
  self->words = make_label (self, TRUE);
  self->others = make_label (self, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "paragraph");
}

GtkWidget *
valise_page_row_new (void)
{
  return g_object_new (VALISE_TYPE_PAGE_ROW, NULL);
}

void
valise_page_row_set_measure (ValisePageRow *self, int measure)
{
  g_return_if_fail (VALISE_IS_PAGE_ROW (self));

  if (self->measure == measure)
    return;
  self->measure = measure;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
valise_page_row_set_chosen (ValisePageRow *self, gboolean chosen)
{
  g_return_if_fail (VALISE_IS_PAGE_ROW (self));

  if (chosen)
    gtk_widget_add_css_class (GTK_WIDGET (self), "chosen");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "chosen");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED,
                               (GtkAccessibleTristate) chosen, -1);
}

/* --- marks, selection --------------------------------------------------------------------- */

void
valise_page_row_mark (ValisePageRow *self, const char *query, guint column, int current)
{
  g_return_if_fail (VALISE_IS_PAGE_ROW (self));

  valise_page_marks_set (self->words, query, column == 0 ? current : -1);
  valise_page_marks_set (self->others, query, column == 1 ? current : -1);
}

static char *
dup_label_selection (GtkLabel *label)
{
  int         start = 0;
  int         end = 0;
  const char *text = gtk_label_get_text (label);

  return gtk_label_get_selection_bounds (label, &start, &end) && end > start
             ? g_utf8_substring (text, start, end)
             : NULL;
}

char *
valise_page_row_dup_selection (ValisePageRow *self)
{
  char *selection = NULL;

  g_return_val_if_fail (VALISE_IS_PAGE_ROW (self), NULL);

  selection = dup_label_selection (self->words);
  return selection != NULL ? selection : dup_label_selection (self->others);
}

char *
valise_page_row_dup_link (ValisePageRow *self)
{
  static const char href[] = "<a href=\"" VALISE_LINK_PAPER;
  const char       *markup = NULL;
  const char       *at = NULL;

  g_return_val_if_fail (VALISE_IS_PAGE_ROW (self), NULL);

  markup = gtk_label_get_label (self->words);
  at = strstr (markup, href);
  if (at == NULL)
    return NULL;
  at += strlen (href);
  return g_strndup (at, strcspn (at, "\""));
}
