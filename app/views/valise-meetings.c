/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-meetings"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-format.h"
#include "valise-meetings.h"

typedef enum
{
  ON,
  COMING,
  PAST,
} Group;

/**
 * ValiseMeetings:
 *
 * A list with headings: the meeting that is on, those to come (the nearest first), those past
 * (the latest first). Meetings are few, so each is a row.
 */
struct _ValiseMeetings
{
  GtkBox parent_instance;

  ValiseLibrary *library;
  GListModel    *meetings;
  char          *today;
  char          *wanted; /* id chosen before its row was there, or NULL */
  guint          relist_id;

  /* Template */
  GtkWidget  *back;
  GtkStack   *stack;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (ValiseMeetings, valise_meetings, GTK_TYPE_BOX)

enum
{
  OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ValiseMeeting *
get_meeting (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "meeting");
}

static Group
get_group (ValiseMeetings *self, ValiseMeeting *meeting)
{
  const char *start = valise_meeting_get_start (meeting);
  const char *end = valise_meeting_get_end (meeting);

  if (start == NULL || strcmp (end != NULL ? end : start, self->today) < 0)
    return PAST;
  return strcmp (start, self->today) <= 0 ? ON : COMING;
}

static int
sort_cb (GtkListBoxRow *a, GtkListBoxRow *b, gpointer user_data)
{
  Group first = get_group (user_data, get_meeting (a));
  Group second = get_group (user_data, get_meeting (b));
  int   order = g_strcmp0 (valise_meeting_get_start (get_meeting (a)),
                           valise_meeting_get_start (get_meeting (b)));

  if (first != second)
    return (int) first - (int) second;
  return first == PAST ? -order : order;
}

static void
header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  static const char *const titles[] = { N_ ("On now"), N_ ("To come"), N_ ("Past") };
  Group                    group = get_group (user_data, get_meeting (row));
  GtkWidget               *heading = NULL;

  if (before != NULL && get_group (user_data, get_meeting (before)) == group)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  heading = gtk_label_new (_ (titles[group]));
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "paper-heading");
  gtk_list_box_row_set_header (row, heading);
}

/* The day it begins; of a session that is known by its year alone, its mark: "A/77". */
static char *
dup_day (ValiseMeeting *meeting)
{
  int         day = valise_format_day_number (valise_meeting_get_start (meeting));
  const char *mark = valise_meeting_get_mark (meeting);

  if (day > 0)
    return g_strdup_printf ("%d", day);
  return g_strdup (mark != NULL ? mark : "");
}

static GtkWidget *
make_day (ValiseMeeting *meeting)
{
  const char      *start = valise_meeting_get_start (meeting);
  g_autofree char *number = dup_day (meeting);
  gboolean         dated = valise_format_day_number (start) > 0;
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget       *day = gtk_label_new (number);
  GtkWidget       *month = gtk_label_new (valise_format_month_short (start));

  gtk_widget_add_css_class (day, dated ? "day" : "sym");
  gtk_widget_add_css_class (month, "meta");
  gtk_widget_set_size_request (box, 38, -1);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), day);
  gtk_widget_set_visible (month, dated);
  gtk_box_append (GTK_BOX (box), month);

  return box;
}

static GtkWidget *
make_row (ValiseMeeting *meeting)
{
  GtkWidget       *row = gtk_list_box_row_new ();
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget       *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget       *title = gtk_label_new (valise_meeting_get_title (meeting));
  const char      *venue = valise_meeting_get_venue (meeting);
  g_autofree char *days =
      valise_format_days (valise_meeting_get_start (meeting), valise_meeting_get_end (meeting));
  g_autofree char *meta = valise_format_join (days, venue != NULL ? venue : "", NULL);
  GtkWidget       *detail = gtk_label_new (meta);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_lines (GTK_LABEL (title), 2);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (title), 10);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "ttl");
  gtk_label_set_xalign (GTK_LABEL (detail), 0);
  gtk_label_set_ellipsize (GTK_LABEL (detail), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (detail, "meta");
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), title);
  gtk_box_append (GTK_BOX (words), detail);
  gtk_box_append (GTK_BOX (box), make_day (meeting));
  gtk_box_append (GTK_BOX (box), words);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_add_css_class (row, "meeting");
  g_object_set_data_full (G_OBJECT (row), "meeting", g_object_ref (meeting), g_object_unref);

  return row;
}

static void
row_activated_cb (ValiseMeetings *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[OPEN], 0, get_meeting (row), TRUE);
}

/* While what has come is being read, none listed is not none. */
static gboolean
has_none (ValiseMeetings *self)
{
  return self->meetings == NULL
         || (g_list_model_get_n_items (self->meetings) == 0
             && !valise_library_is_behind (self->library));
}

static gboolean
relist_cb (gpointer user_data)
{
  ValiseMeetings  *self = user_data;
  GtkListBoxRow   *selected = gtk_list_box_get_selected_row (self->list);
  g_autofree char *id =
      selected != NULL ? g_strdup (valise_meeting_get_id (get_meeting (selected))) : NULL;
  guint n_meetings = self->meetings != NULL ? g_list_model_get_n_items (self->meetings) : 0;

  self->relist_id = 0;
  g_free (self->today);
  self->today = valise_format_today ();
  while (gtk_list_box_get_row_at_index (self->list, 0) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0)));
  for (guint i = 0; i < n_meetings; i++)
    {
      g_autoptr (ValiseMeeting) meeting = g_list_model_get_item (self->meetings, i);

      gtk_list_box_append (self->list, make_row (meeting));
    }
  gtk_stack_set_visible_child_name (self->stack, has_none (self) ? "empty" : "list");
  if (id != NULL)
    valise_meetings_choose (self, id);
  else if (self->wanted != NULL)
    valise_meetings_choose (self, *self->wanted != '\0' ? self->wanted : NULL);

  return G_SOURCE_REMOVE;
}

static void
schedule_relist (ValiseMeetings *self)
{
  if (self->relist_id == 0)
    self->relist_id = g_timeout_add (30, relist_cb, self);
}

static void
changed_cb (ValiseMeetings *self)
{
  if (g_list_model_get_n_items (self->meetings) == 0)
    schedule_relist (self);
}

static void
valise_meetings_dispose (GObject *object)
{
  ValiseMeetings *self = VALISE_MEETINGS (object);

  if (self->list != NULL)
    valise_meetings_set_library (self, NULL);
  g_clear_handle_id (&self->relist_id, g_source_remove);
  g_clear_pointer (&self->wanted, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_MEETINGS);
  /* Last: rows are still being sorted as they go. */
  g_clear_pointer (&self->today, g_free);

  G_OBJECT_CLASS (valise_meetings_parent_class)->dispose (object);
}

static void
valise_meetings_class_init (ValiseMeetingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_meetings_dispose;
  signals[OPEN] = g_signal_new ("open", VALISE_TYPE_MEETINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, VALISE_TYPE_MEETING, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-meetings.ui");
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetings, back);
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetings, stack);
  gtk_widget_class_bind_template_child (widget_class, ValiseMeetings, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
valise_meetings_init (ValiseMeetings *self)
{
  self->today = valise_format_today ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_sort_func (self->list, sort_cb, self, NULL);
  gtk_list_box_set_header_func (self->list, header_cb, self, NULL);
}

void
valise_meetings_set_library (ValiseMeetings *self, ValiseLibrary *library)
{
  g_return_if_fail (VALISE_IS_MEETINGS (self));

  if (self->meetings != NULL)
    g_signal_handlers_disconnect_by_data (self->meetings, self);
  g_clear_object (&self->meetings);
  if (self->library != NULL)
    g_signal_handlers_disconnect_by_data (self->library, self);
  g_set_object (&self->library, library);
  g_clear_pointer (&self->wanted, g_free);
  gtk_list_box_unselect_all (self->list);
  if (library == NULL)
    return;

  self->meetings = valise_library_list_meetings (library);
  g_signal_connect_object (self->meetings, "items-changed", G_CALLBACK (schedule_relist), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (library, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  relist_cb (self);
}

gboolean
valise_meetings_choose (ValiseMeetings *self, const char *id)
{
  GtkListBoxRow *row = NULL;

  g_return_val_if_fail (VALISE_IS_MEETINGS (self), FALSE);

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (id == NULL || strcmp (valise_meeting_get_id (get_meeting (row)), id) == 0)
      break;

  if (row == NULL)
    {
      char *copy = g_strdup (id != NULL ? id : "");

      g_free (self->wanted);
      self->wanted = copy;
      return FALSE;
    }
  g_clear_pointer (&self->wanted, g_free);
  gtk_list_box_select_row (self->list, row);
  g_signal_emit (self, signals[OPEN], 0, get_meeting (row), FALSE);

  return TRUE;
}

void
valise_meetings_set_folded (ValiseMeetings *self, gboolean folded)
{
  g_return_if_fail (VALISE_IS_MEETINGS (self));

  gtk_widget_set_visible (self->back, folded);
}
