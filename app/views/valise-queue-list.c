/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-queue-list"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-document-name.h"
#include "valise-format.h"
#include "valise-queue-list.h"
#include "valise-wait-words.h"

#define MOST_ROWS 30

/* One thing that waits. */
typedef struct
{
  char      *name;
  gboolean   held;
  GtkWidget *row;
  GtkWidget *progress;
  GtkWidget *button;
} Row;

/**
 * ValiseQueueList:
 *
 * A heading with the sum, and a card. Rows stay as long as the same things wait in the same
 * order, so that whoever is on a button stays there.
 */
struct _ValiseQueueList
{
  GtkBox parent_instance;

  GtkWidget *title;
  GtkWidget *sum;
  GtkWidget *card;
  GPtrArray *rows; /* (element-type Row) */
  gboolean   outgoing;
};

G_DEFINE_FINAL_TYPE (ValiseQueueList, valise_queue_list, GTK_TYPE_BOX)

enum
{
  SIGNAL_HOLD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
free_row (gpointer data)
{
  Row *row = data;

  g_free (row->name);
  g_free (row);
}

/* --- words ----------------------------------------------------------------------------------- */

static char *
name_item (const ValiseQueueItem *item)
{
  g_autofree char *isolated = NULL;

  if (item->kind == VALISE_QUEUE_SEND)
    return valise_document_name (item->title);
  if (item->kind == VALISE_QUEUE_PLAN)
    return g_strdup (item->title);
  isolated = valise_format_isolate (item->title);
  /* Translators: %s is a paper's symbol: "A/AC.292/2026/WP.17, original file". */
  return g_strdup_printf (_ ("%s, original file"), isolated);
}

static char *
describe_item (const ValiseQueueItem *item, ValiseScheduler *scheduler, gboolean first)
{
  g_autofree char *size = valise_format_size (item->size);
  g_autofree char *here = valise_format_size (item->here);
  g_autofree char *why = valise_wait_words (item->wait, scheduler);
  g_autofree char *much = NULL;

  if (item->here > 0)
    /* Translators: two sizes: "176 kB of 288 kB here". */
    much = g_strdup_printf (_ ("%1$s of %2$s here"), here, size);
  else if (item->kind == VALISE_QUEUE_PLAN)
    /* Translators: %s is a size: "6 kB of text". */
    much = g_strdup_printf (_ ("%s of text"), size);
  else
    much = g_strdup (size);
  if (*why == '\0' && first)
    /* Translators: of something in a queue: it goes first. */
    return valise_format_join (much, _ ("first in line"), NULL);
  return valise_format_join (much, why, NULL);
}

/* --- rows ------------------------------------------------------------------------------------ */

static void
clicked_cb (ValiseQueueList *self, GtkWidget *button)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = g_ptr_array_index (self->rows, i);

      if (row->button == button)
        {
          g_signal_emit (self, signals[SIGNAL_HOLD], 0, row->name, !row->held);
          return;
        }
    }
}

GtkWidget *
valise_queue_list_make_progress (void)
{
  GtkWidget *progress = gtk_progress_bar_new ();

  gtk_widget_add_css_class (progress, "thin");
  gtk_widget_add_css_class (progress, "short");
  gtk_accessible_update_property (GTK_ACCESSIBLE (progress), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("How much is here"), -1);
  return progress;
}

static Row *
make_row (ValiseQueueList *self, const ValiseQueueItem *item)
{
  static const char *const icons[] = { "valise-waiting-symbolic", "valise-arriving-symbolic",
                                       "valise-papers-symbolic" };
  Row                     *row = g_new0 (Row, 1);
  GtkWidget               *icon = gtk_image_new_from_icon_name (icons[item->kind]);
  /* One over the other, so that a narrow window keeps room for the words. */
  GtkWidget *end = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  row->name = g_strdup (item->name);
  row->row = adw_action_row_new ();
  /* A title that may be cut can become as narrow as a telephone asks, in any direction of text. */
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row->row), 2);
  row->progress = valise_queue_list_make_progress ();
  row->button = gtk_button_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row->row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row->row), icon);
  gtk_widget_set_valign (end, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (row->button, "flat");
  g_signal_connect_object (row->button, "clicked", G_CALLBACK (clicked_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (end), row->progress);
  gtk_box_append (GTK_BOX (end), row->button);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row->row), end);
  gtk_list_box_append (GTK_LIST_BOX (self->card), row->row);
  return row;
}

static void
fill_row (ValiseQueueList       *self,
          Row                   *row,
          const ValiseQueueItem *item,
          ValiseScheduler       *scheduler,
          gboolean               first)
{
  g_autofree char *title = name_item (item);
  g_autofree char *subtitle = describe_item (item, scheduler, first);
  g_autofree char *spoken = NULL;
  const char      *verb = NULL;

  row->held = item->held;
  if (self->outgoing)
    /* Translators: verbs, on a button beside something to be sent: keep it here; let it go. */
    verb = item->held ? _ ("Send") : _ ("Hold");
  else
    /* Translators: on a button beside something to be fetched: let it wait; go on with it. */
    verb = item->held ? _ ("Fetch") : _ ("Not now");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row->row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row->row), subtitle);
  gtk_button_set_label (GTK_BUTTON (row->button), verb);
  spoken = g_strdup_printf ("%s: %s", verb, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  gtk_widget_set_visible (row->progress, item->here > 0 && item->size > 0);
  if (item->size > 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (row->progress),
                                   CLAMP ((double) item->here / (double) item->size, 0, 1));
}

static void
clear_rows (ValiseQueueList *self)
{
  GtkListBoxRow *row = NULL;

  while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->card), 0)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->card), GTK_WIDGET (row));
  g_ptr_array_set_size (self->rows, 0);
}

static gboolean
are_same (ValiseQueueList *self, GPtrArray *items)
{
  if (items->len == 0 || self->rows->len != items->len)
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    if (strcmp (((const Row *) g_ptr_array_index (self->rows, i))->name,
                ((const ValiseQueueItem *) g_ptr_array_index (items, i))->name)
        != 0)
      return FALSE;
  return TRUE;
}

static void
show_nothing (ValiseQueueList *self)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("valise-receipt-symbolic");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Nothing waits"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_append (GTK_LIST_BOX (self->card), row);
}

/* "52 kB · about 3 s"; "118 kB left" */
static void
say_sum (ValiseQueueList *self, ValiseScheduler *scheduler, guint64 left)
{
  g_autofree char *size = valise_format_size (left);
  g_autofree char *duration = valise_wait_describe_duration (scheduler, left);
  /* Translators: %s is a size: "118 kB left". */
  g_autofree char *sum = self->outgoing ? g_strdup (size) : g_strdup_printf (_ ("%s left"), size);
  g_autofree char *both = valise_format_join (sum, duration, NULL);

  gtk_label_set_text (GTK_LABEL (self->sum), left > 0 ? both : "");
}

/* Of @items those that go this way, lent; @left: (out): their bytes to go. */
static GPtrArray *
choose_items (GPtrArray *items, gboolean outgoing, guint64 *left)
{
  GPtrArray *chosen = g_ptr_array_new ();

  *left = 0;
  for (guint i = 0; i < items->len; i++)
    {
      ValiseQueueItem *item = g_ptr_array_index (items, i);

      if ((item->kind == VALISE_QUEUE_SEND) != outgoing)
        continue;
      *left += item->size - MIN (item->here, item->size);
      if (chosen->len < MOST_ROWS)
        g_ptr_array_add (chosen, item);
    }
  return chosen;
}

void
valise_queue_list_show (ValiseQueueList *self,
                        ValiseScheduler *scheduler,
                        GPtrArray       *items,
                        gboolean         outgoing)
{
  guint64               left = 0;
  g_autoptr (GPtrArray) chosen = choose_items (items, outgoing, &left);

  g_return_if_fail (VALISE_IS_QUEUE_LIST (self));

  self->outgoing = outgoing;
  gtk_label_set_text (GTK_LABEL (self->title), outgoing ? _ ("To send") : _ ("To fetch"));
  if (!are_same (self, chosen))
    {
      clear_rows (self);
      for (guint i = 0; i < chosen->len; i++)
        g_ptr_array_add (self->rows, make_row (self, g_ptr_array_index (chosen, i)));
      if (chosen->len == 0)
        show_nothing (self);
    }
  for (guint i = 0; i < chosen->len; i++)
    fill_row (self, g_ptr_array_index (self->rows, i), g_ptr_array_index (chosen, i), scheduler,
              i == 0 && chosen->len > 1);
  say_sum (self, scheduler, left);
}

/* --- object ---------------------------------------------------------------------------------- */

static void
valise_queue_list_finalize (GObject *object)
{
  g_ptr_array_unref (VALISE_QUEUE_LIST (object)->rows);

  G_OBJECT_CLASS (valise_queue_list_parent_class)->finalize (object);
}

static void
valise_queue_list_class_init (ValiseQueueListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_queue_list_finalize;

  signals[SIGNAL_HOLD] =
      g_signal_new ("hold", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
valise_queue_list_init (ValiseQueueList *self)
{
  GtkWidget *heading = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->rows = g_ptr_array_new_with_free_func (free_row);
  self->title = gtk_label_new (NULL);
  self->sum = gtk_label_new (NULL);
  self->card = gtk_list_box_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_widget_add_css_class (self->title, "group");
  gtk_widget_add_css_class (self->sum, "meta");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->card), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->card, "boxed-list");
  gtk_box_append (GTK_BOX (heading), self->title);
  gtk_box_append (GTK_BOX (heading), self->sum);
  gtk_box_append (GTK_BOX (self), heading);
  gtk_box_append (GTK_BOX (self), self->card);
}

guint
valise_queue_list_get_n_items (ValiseQueueList *self)
{
  return self->rows->len;
}

const char *
valise_queue_list_get_subtitle (ValiseQueueList *self, guint index)
{
  g_return_val_if_fail (index < self->rows->len, NULL);

  return adw_action_row_get_subtitle (
      ADW_ACTION_ROW (((const Row *) g_ptr_array_index (self->rows, index))->row));
}

void
valise_queue_list_press (ValiseQueueList *self, guint index)
{
  g_return_if_fail (index < self->rows->len);

  clicked_cb (self, ((const Row *) g_ptr_array_index (self->rows, index))->button);
}
