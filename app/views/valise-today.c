/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-today"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "valise-cards.h"
#include "valise-format.h"
#include "valise-pair.h"
#include "valise-today.h"

#define ARRIVED_LIMIT 8 /* papers */
#define TICK_S        60

/**
 * ValiseToday:
 *
 * The day of the meeting that is on, or of the next one, beside the papers that came last. It
 * is made anew when the record changes and when the date does. Until the record has been read
 * the day stands alone: that there is nothing would not be known.
 */
struct _ValiseToday
{
  GtkBox parent_instance;

  ValiseLibrary *library;
  GListModel    *meetings;
  GListModel    *papers;
  GListModel    *items; /* of the meeting shown */
  char          *meeting;
  char          *date; /* shown */
  guint          refresh_id;
  guint          tick_id;

  /* Template */
  GtkWidget      *back;
  AdwWindowTitle *title;
  GtkStack       *stack;
  GtkLabel       *hero;
  GtkLabel       *subtitle;
  GtkWidget      *columns;
  GtkLabel       *agenda_title;
  GtkWidget      *agenda;
  GtkWidget      *arrived;
  GtkWidget      *foot;
};

G_DEFINE_FINAL_TYPE (ValiseToday, valise_today, GTK_TYPE_BOX)

static void schedule_refresh (ValiseToday *self);

static void
empty_box (GtkWidget *box)
{
  while (gtk_widget_get_first_child (box) != NULL)
    gtk_box_remove (GTK_BOX (box), gtk_widget_get_first_child (box));
}

static void
add_sentence (GtkWidget *box, const char *title, const char *subtitle)
{
  GtkWidget *card = valise_card_new (title);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_append (GTK_LIST_BOX (card), row);
  gtk_box_append (GTK_BOX (box), card);
}

/* The meeting that is on today, or else the one that begins next. */
static ValiseMeeting *
find_meeting (ValiseToday *self, const char *today)
{
  g_autoptr (ValiseMeeting) best = NULL;
  guint n_meetings = self->meetings != NULL ? g_list_model_get_n_items (self->meetings) : 0;

  for (guint i = 0; i < n_meetings; i++)
    {
      g_autoptr (ValiseMeeting) meeting = g_list_model_get_item (self->meetings, i);
      const char               *start = valise_meeting_get_start (meeting);
      const char               *end = valise_meeting_get_end (meeting);

      if (start == NULL || strcmp (end != NULL ? end : start, today) < 0)
        continue;
      if (best == NULL || strcmp (start, valise_meeting_get_start (best)) < 0)
        g_set_object (&best, meeting);
    }
  return g_steal_pointer (&best);
}

/* The first day from @today on that has an item; NULL where none has. */
static char *
find_day (GListModel *items, const char *today)
{
  char *day = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (ValiseAgendaItem) item = g_list_model_get_item (items, i);
      const char                  *starts = valise_agenda_item_get_starts (item);
      g_autofree char             *date = starts != NULL ? g_strndup (starts, 10) : NULL;

      if (date == NULL || strcmp (date, today) < 0 || (day != NULL && strcmp (date, day) >= 0))
        continue;
      g_free (day);
      day = g_steal_pointer (&date);
    }
  return day;
}

static void
show_items (ValiseToday *self, ValiseMeeting *meeting, const char *day)
{
  GtkWidget *card = valise_card_new (_ ("Agenda"));
  guint      n_items = 0;

  for (guint i = 0; i < g_list_model_get_n_items (self->items); i++)
    {
      g_autoptr (ValiseAgendaItem) item = g_list_model_get_item (self->items, i);
      const char                  *starts = valise_agenda_item_get_starts (item);

      /* Without times, the agenda is shown whole. */
      if (day != NULL && (starts == NULL || !g_str_has_prefix (starts, day)))
        continue;
      gtk_list_box_append (GTK_LIST_BOX (card),
                           valise_card_agenda_row (item, valise_meeting_get_id (meeting),
                                                   valise_meeting_get_time_zone (meeting)));
      n_items++;
    }
  if (n_items > 0)
    {
      gtk_box_append (GTK_BOX (self->agenda), card);
      return;
    }
  g_object_ref_sink (card);
  g_object_unref (card);
  add_sentence (self->agenda, valise_meeting_get_title (meeting), _ ("Its agenda is not here yet"));
}

static void
follow_agenda (ValiseToday *self, const char *meeting)
{
  if (g_strcmp0 (self->meeting, meeting) == 0)
    return;
  if (self->items != NULL)
    g_signal_handlers_disconnect_by_data (self->items, self);
  g_clear_object (&self->items);
  g_free (self->meeting);
  self->meeting = g_strdup (meeting);
  self->items = valise_library_list_agenda (self->library, meeting);
  g_signal_connect_object (self->items, "items-changed", G_CALLBACK (schedule_refresh), self,
                           G_CONNECT_SWAPPED);
}

static char *
describe_clocks (ValiseMeeting *meeting)
{
  const char      *zone = valise_meeting_get_time_zone (meeting);
  g_autofree char *venue = zone != NULL ? valise_format_city (zone) : NULL;
  g_autofree char *here = valise_format_city (NULL);

  if (venue == NULL || strcmp (venue, here) == 0)
    return g_strdup ("");
  /* Translators: two cities: the order in which times are given: the venue's, then here. */
  return g_strdup_printf (_ ("%1$s time, then this laptop’s (%2$s)"), venue, here);
}

static void
show_meeting (ValiseToday *self, ValiseMeeting *meeting, const char *today)
{
  const char      *start = valise_meeting_get_start (meeting);
  const char      *end = valise_meeting_get_end (meeting);
  gboolean         on = strcmp (start, today) <= 0;
  g_autofree char *clocks = describe_clocks (meeting);
  g_autofree char *day = NULL;
  g_autofree char *where = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *heading = NULL;

  follow_agenda (self, valise_meeting_get_id (meeting));
  day = find_day (self->items, today);
  if (on && end != NULL)
    /* Translators: the second day of a meeting of five: "Day 2 of 5". */
    where = g_strdup_printf (_ ("Day %1$d of %2$d"), valise_format_days_between (start, today) + 1,
                             valise_format_days_between (start, end) + 1);
  subtitle = valise_format_join (where != NULL ? where : "", valise_meeting_get_title (meeting),
                                 clocks, NULL);
  gtk_label_set_text (self->subtitle, subtitle);

  if (day != NULL && strcmp (day, today) == 0)
    heading = g_strdup (_ ("Agenda"));
  else
    {
      g_autofree char *date = valise_format_day (day != NULL ? day : on ? today : start);

      /* Translators: %s is a day, "Monday 7 December". */
      heading = g_strdup_printf (_ ("Next: %s"), date);
    }
  gtk_label_set_text (self->agenda_title, heading);
  show_items (self, meeting, day);
}

static gboolean
any_unread (ValiseToday *self)
{
  return self->library != NULL && valise_library_get_n_unread (self->library) > 0;
}

static void
show_arrived (ValiseToday *self)
{
  guint      n_papers = self->papers != NULL ? g_list_model_get_n_items (self->papers) : 0;
  GtkWidget *card = NULL;

  if (!any_unread (self))
    {
      add_sentence (self->arrived, _ ("All read, nothing due"),
                    _ ("New papers are listed here as they arrive"));
      gtk_widget_set_margin_bottom (gtk_widget_get_first_child (self->arrived), 12);
    }
  if (n_papers == 0)
    return;
  card = valise_card_new (_ ("Arrived lately"));
  for (guint i = 0; i < n_papers; i++)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (self->papers, i);

      gtk_list_box_append (GTK_LIST_BOX (card), valise_card_paper_row (paper, TRUE));
    }
  gtk_box_append (GTK_BOX (self->arrived), card);
}

static void
show_no_meeting (ValiseToday *self)
{
  gtk_label_set_text (self->subtitle, _ ("No meeting ahead"));
  gtk_label_set_text (self->agenda_title, _ ("Agenda"));
  add_sentence (self->agenda, _ ("No meeting ahead"),
                _ ("The next one stands here once the secretariat has called it"));
}

static void
show_record (ValiseToday *self)
{
  g_autoptr (ValiseMeeting) meeting = find_meeting (self, self->date);

  if (meeting != NULL)
    show_meeting (self, meeting, self->date);
  else
    show_no_meeting (self);
  show_arrived (self);
  gtk_stack_set_visible_child_name (
      self->stack,
      meeting == NULL && g_list_model_get_n_items (self->papers) == 0 ? "empty" : "day");
}

/* A list that cannot tell has all its rows at once. That there are none is known when all that has
 * come was read. */
static gboolean
is_known (ValiseToday *self)
{
  gboolean ready = self->papers != NULL;

  if (ready && g_object_class_find_property (G_OBJECT_GET_CLASS (self->papers), "ready") != NULL)
    g_object_get (self->papers, "ready", &ready, NULL);
  return ready
         && (g_list_model_get_n_items (self->papers) > 0
             || !valise_library_is_behind (self->library));
}

static gboolean
refresh_cb (gpointer user_data)
{
  ValiseToday     *self = user_data;
  g_autofree char *day = NULL;

  self->refresh_id = 0;
  g_free (self->date);
  self->date = valise_format_today ();
  day = valise_format_day (self->date);
  gtk_label_set_text (self->hero, day);
  empty_box (self->agenda);
  empty_box (self->arrived);
  gtk_widget_set_visible (self->columns, is_known (self));
  if (is_known (self))
    show_record (self);

  return G_SOURCE_REMOVE;
}

static void
known_cb (ValiseToday *self)
{
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  refresh_cb (self);
}

/* Lists come piece by piece; the page is made once for a handful of pieces. */
static void
schedule_refresh (ValiseToday *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_timeout_add (30, refresh_cb, self);
}

static gboolean
tick_cb (gpointer user_data)
{
  ValiseToday     *self = user_data;
  g_autofree char *today = valise_format_today ();

  if (g_strcmp0 (today, self->date) != 0)
    schedule_refresh (self);
  return G_SOURCE_CONTINUE;
}

static void
valise_today_dispose (GObject *object)
{
  ValiseToday *self = VALISE_TODAY (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  valise_today_set_library (self, NULL);
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_pointer (&self->date, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), VALISE_TYPE_TODAY);

  G_OBJECT_CLASS (valise_today_parent_class)->dispose (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, ValiseToday, child)

static void
valise_today_class_init (ValiseTodayClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = valise_today_dispose;

  g_type_ensure (VALISE_TYPE_PAIR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/valise/Valise/ui/valise-today.ui");
  BIND (back);
  BIND (title);
  BIND (stack);
  BIND (hero);
  BIND (subtitle);
  BIND (columns);
  BIND (agenda_title);
  BIND (agenda);
  BIND (arrived);
  BIND (foot);
}

static void
valise_today_init (ValiseToday *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->tick_id = g_timeout_add_seconds (TICK_S, tick_cb, self);
}

static void
forget_model (ValiseToday *self, GListModel **model)
{
  if (*model != NULL)
    g_signal_handlers_disconnect_by_data (*model, self);
  g_clear_object (model);
}

void
valise_today_set_library (ValiseToday *self, ValiseLibrary *library)
{
  g_return_if_fail (VALISE_IS_TODAY (self));

  if (self->library != NULL)
    g_signal_handlers_disconnect_by_data (self->library, self);
  forget_model (self, &self->meetings);
  forget_model (self, &self->papers);
  forget_model (self, &self->items);
  g_clear_pointer (&self->meeting, g_free);
  g_set_object (&self->library, library);
  if (library == NULL)
    return;

  self->meetings = valise_library_list_meetings (library);
  self->papers = valise_library_list_arrived (library, ARRIVED_LIMIT);
  g_signal_connect_object (self->meetings, "items-changed", G_CALLBACK (schedule_refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->papers, "items-changed", G_CALLBACK (schedule_refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->papers, "notify::ready", G_CALLBACK (known_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (library, "changed", G_CALLBACK (schedule_refresh), self,
                           G_CONNECT_SWAPPED);
  gtk_label_set_text (self->subtitle, "");
  gtk_stack_set_visible_child_name (self->stack, "day");
  refresh_cb (self);
}

void
valise_today_set_folded (ValiseToday *self, gboolean folded)
{
  g_return_if_fail (VALISE_IS_TODAY (self));

  gtk_widget_set_visible (self->back, folded);
  gtk_widget_set_visible (self->foot, folded);
  adw_window_title_set_title (self->title, folded ? _ ("Today") : "");
}

void
valise_today_set_foot (ValiseToday *self, GtkWidget *foot)
{
  g_return_if_fail (VALISE_IS_TODAY (self));

  gtk_widget_set_hexpand (foot, TRUE);
  gtk_box_append (GTK_BOX (self->foot), foot);
}
