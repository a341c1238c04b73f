/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-agenda-item"

#include "config.h"

#include "valise-agenda-item.h"

struct _ValiseAgendaItem
{
  GObject parent_instance;

  char                  *meeting;
  char                  *number;
  char                  *title;
  char                  *starts;
  int                    minutes;
  GListModel            *papers; /* NULL until asked for */
  ValiseAgendaPapersFunc func;
  gpointer               user_data;
  GDestroyNotify         destroy;
};

G_DEFINE_FINAL_TYPE (ValiseAgendaItem, valise_agenda_item, G_TYPE_OBJECT)

static void
valise_agenda_item_dispose (GObject *object)
{
  ValiseAgendaItem *self = VALISE_AGENDA_ITEM (object);
  GDestroyNotify    destroy = g_steal_pointer (&self->destroy);

  g_clear_object (&self->papers);
  if (destroy != NULL)
    destroy (self->user_data);

  G_OBJECT_CLASS (valise_agenda_item_parent_class)->dispose (object);
}

static void
valise_agenda_item_finalize (GObject *object)
{
  ValiseAgendaItem *self = VALISE_AGENDA_ITEM (object);

  g_free (self->meeting);
  g_free (self->number);
  g_free (self->title);
  g_free (self->starts);

  G_OBJECT_CLASS (valise_agenda_item_parent_class)->finalize (object);
}

static void
valise_agenda_item_class_init (ValiseAgendaItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_agenda_item_dispose;
  object_class->finalize = valise_agenda_item_finalize;
}

static void
valise_agenda_item_init (ValiseAgendaItem *self)
{
}

ValiseAgendaItem *
valise_agenda_item_new (const char            *meeting,
                        const char            *number,
                        const char            *title,
                        const char            *starts,
                        int                    minutes,
                        ValiseAgendaPapersFunc func,
                        gpointer               user_data,
                        GDestroyNotify         destroy)
{
  ValiseAgendaItem *self = NULL;

  g_return_val_if_fail (meeting != NULL && number != NULL && func != NULL, NULL);

  self = g_object_new (VALISE_TYPE_AGENDA_ITEM, NULL);
  self->meeting = g_strdup (meeting);
  self->number = g_strdup (number);
  self->title = g_strdup (title);
  self->starts = g_strdup (starts);
  self->minutes = minutes;
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;

  return self;
}

#define DEFINE_STRING(member)                                                                      \
  const char *valise_agenda_item_get_##member (ValiseAgendaItem *self)                             \
  {                                                                                                \
    g_return_val_if_fail (VALISE_IS_AGENDA_ITEM (self), NULL);                                     \
                                                                                                   \
    return self->member;                                                                           \
  }

DEFINE_STRING (meeting)
DEFINE_STRING (number)
DEFINE_STRING (title)
DEFINE_STRING (starts)

#undef DEFINE_STRING

int
valise_agenda_item_get_minutes (ValiseAgendaItem *self)
{
  g_return_val_if_fail (VALISE_IS_AGENDA_ITEM (self), 0);

  return self->minutes;
}

GListModel *
valise_agenda_item_get_papers (ValiseAgendaItem *self)
{
  g_return_val_if_fail (VALISE_IS_AGENDA_ITEM (self), NULL);

  if (self->papers == NULL)
    self->papers = self->func (self, self->user_data);

  return self->papers;
}
