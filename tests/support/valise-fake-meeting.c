/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "valise-fake-record.h"

struct _ValiseMeeting
{
  GObject parent_instance;
  guint   index;
};

G_DEFINE_FINAL_TYPE (ValiseMeeting, valise_meeting, G_TYPE_OBJECT)

static void
valise_meeting_class_init (ValiseMeetingClass *klass)
{
}

static void
valise_meeting_init (ValiseMeeting *self)
{
}

const char *
valise_meeting_get_id (ValiseMeeting *self)
{
  return valise_fake_meetings[self->index].id;
}

char *
valise_meeting_dup_title_in (ValiseMeeting *self, const char *language)
{
  return g_strdup (valise_fake_meetings[self->index].title);
}

const char *
valise_meeting_get_title (ValiseMeeting *self)
{
  return valise_fake_meetings[self->index].title;
}

const char *
valise_meeting_get_start (ValiseMeeting *self)
{
  return valise_fake_meetings[self->index].start;
}

const char *
valise_meeting_get_end (ValiseMeeting *self)
{
  return valise_fake_meetings[self->index].end;
}

const char *
valise_meeting_get_venue (ValiseMeeting *self)
{
  return valise_fake_meetings[self->index].venue;
}

const char *
valise_meeting_get_mark (ValiseMeeting *self)
{
  return NULL; /* all of these have days */
}

const char *
valise_meeting_get_time_zone (ValiseMeeting *self)
{
  return valise_fake_meetings[self->index].zone;
}

guint
valise_meeting_get_n_papers (ValiseMeeting *self)
{
  return 3;
}

struct _ValiseAgendaItem
{
  GObject     parent_instance;
  guint       index;
  GListStore *papers;
};

G_DEFINE_FINAL_TYPE (ValiseAgendaItem, valise_agenda_item, G_TYPE_OBJECT)

static void
valise_agenda_item_finalize (GObject *object)
{
  g_object_unref (VALISE_AGENDA_ITEM (object)->papers);
  G_OBJECT_CLASS (valise_agenda_item_parent_class)->finalize (object);
}

static void
valise_agenda_item_class_init (ValiseAgendaItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_agenda_item_finalize;
}

static void
valise_agenda_item_init (ValiseAgendaItem *self)
{
  self->papers = g_list_store_new (VALISE_TYPE_PAPER);
}

const char *
valise_agenda_item_get_number (ValiseAgendaItem *self)
{
  return valise_fake_items[self->index].number;
}

const char *
valise_agenda_item_get_title (ValiseAgendaItem *self)
{
  return valise_fake_items[self->index].title;
}

const char *
valise_agenda_item_get_starts (ValiseAgendaItem *self)
{
  return valise_fake_items[self->index].starts;
}

int
valise_agenda_item_get_minutes (ValiseAgendaItem *self)
{
  return valise_fake_items[self->index].minutes;
}

GListModel *
valise_agenda_item_get_papers (ValiseAgendaItem *self)
{
  return G_LIST_MODEL (self->papers);
}

ValiseMeeting *
valise_fake_meeting_new (guint index)
{
  ValiseMeeting *self = g_object_new (VALISE_TYPE_MEETING, NULL);

  self->index = index;
  return self;
}

ValiseAgendaItem *
valise_fake_item_new (guint index)
{
  ValiseAgendaItem *self = g_object_new (VALISE_TYPE_AGENDA_ITEM, NULL);
  const FakeItem   *item = &valise_fake_items[index];

  self->index = index;
  for (guint i = 0; i < N_FAKE_PAPERS; i++)
    if (g_strcmp0 (valise_fake_papers[i].meeting, item->meeting) == 0
        && g_strcmp0 (valise_fake_papers[i].item, item->number) == 0)
      {
        g_autoptr (ValisePaper) paper = valise_fake_paper_new (i, FALSE);

        g_list_store_append (self->papers, paper);
      }
  return self;
}
