/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-meeting"

#include "config.h"

#include "valise-meeting.h"

#include "valise-paper-parts.h"

struct _ValiseMeeting
{
  GObject parent_instance;

  char       *id;
  ValiseJson *json;
  char       *title;
  char       *mark;
  char       *kind;
  char       *start;
  char       *end;
  char       *venue;
  char       *time_zone;
  guint       n_papers;
  GArray     *sittings; /* of ValiseSitting */
};

G_DEFINE_FINAL_TYPE (ValiseMeeting, valise_meeting, G_TYPE_OBJECT)

static void
clear_sitting (gpointer data)
{
  ValiseSitting *sitting = data;

  g_free (sitting->date);
  g_free (sitting->start);
  g_free (sitting->end);
  g_free (sitting->title);
  g_strfreev (sitting->items);
}

static void
valise_meeting_finalize (GObject *object)
{
  ValiseMeeting *self = VALISE_MEETING (object);

  g_free (self->id);
  g_clear_pointer (&self->json, valise_json_unref);
  g_free (self->title);
  g_free (self->mark);
  g_free (self->kind);
  g_free (self->start);
  g_free (self->end);
  g_free (self->venue);
  g_free (self->time_zone);
  g_clear_pointer (&self->sittings, g_array_unref);

  G_OBJECT_CLASS (valise_meeting_parent_class)->finalize (object);
}

static void
valise_meeting_class_init (ValiseMeetingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_meeting_finalize;
}

static void
valise_meeting_init (ValiseMeeting *self)
{
  self->sittings = g_array_new (FALSE, FALSE, sizeof (ValiseSitting));
  g_array_set_clear_func (self->sittings, clear_sitting);
}

static char **
dup_items (const ValiseJson *json, guint sitting)
{
  g_autoptr (GStrvBuilder) items = g_strv_builder_new ();
  guint                    list = valise_json_find (json, sitting, "items");

  for (guint i = list == VALISE_JSON_NONE ? list : valise_json_first (json, list);
       i != VALISE_JSON_NONE; i = valise_json_next (json, i))
    {
      g_autofree char *item = valise_json_dup_string (json, i);

      if (item != NULL)
        g_strv_builder_add (items, item);
    }

  return g_strv_builder_end (items);
}

static void
read_sittings (ValiseMeeting *self, const ValiseJson *json, const char *language)
{
  guint list = valise_json_find (json, 0, "sittings");

  for (guint i = list == VALISE_JSON_NONE ? list : valise_json_first (json, list);
       i != VALISE_JSON_NONE; i = valise_json_next (json, i))
    {
      ValiseSitting sitting = {
        .date = valise_json_dup_member (json, i, "date"),
        .start = valise_json_dup_member (json, i, "start"),
        .end = valise_json_dup_member (json, i, "end"),
        .title = valise_texts_dup (json, valise_json_find (json, i, "title"), language, NULL),
        .items = dup_items (json, i),
      };

      g_array_append_val (self->sittings, sitting);
    }
}

ValiseMeeting *
valise_meeting_new (const char *id, const ValiseJson *json, const char *language, guint n_papers)
{
  ValiseMeeting *self = NULL;
  gint64         year = 0;

  g_return_val_if_fail (id != NULL && json != NULL, NULL);

  self = g_object_new (VALISE_TYPE_MEETING, NULL);
  self->id = g_strdup (id);
  self->json = valise_json_ref ((ValiseJson *) json);
  self->title = valise_texts_dup (json, valise_json_find (json, 0, "name"), language, NULL);
  self->mark = valise_json_dup_member (json, 0, "mark");
  self->kind = valise_json_dup_member (json, 0, "kind");
  self->start = valise_json_dup_member (json, 0, "start");
  self->end = valise_json_dup_member (json, 0, "end");
  self->venue = valise_texts_dup (json, valise_json_find (json, 0, "venue"), language, NULL);
  self->time_zone = valise_json_dup_member (json, 0, "timezone");
  self->n_papers = n_papers;
  year = valise_json_get_member_int (json, 0, "year", 0);
  if (self->start == NULL && year > 0)
    self->start = g_strdup_printf ("%" G_GINT64_FORMAT, year);
  read_sittings (self, json, language);

  return self;
}

#define DEFINE_STRING(member)                                                                      \
  const char *valise_meeting_get_##member (ValiseMeeting *self)                                    \
  {                                                                                                \
    g_return_val_if_fail (VALISE_IS_MEETING (self), NULL);                                         \
                                                                                                   \
    return self->member;                                                                           \
  }

DEFINE_STRING (id)
DEFINE_STRING (title)
DEFINE_STRING (mark)
DEFINE_STRING (kind)
DEFINE_STRING (start)
DEFINE_STRING (end)
DEFINE_STRING (venue)
DEFINE_STRING (time_zone)

#undef DEFINE_STRING

char *
valise_meeting_dup_title_in (ValiseMeeting *self, const char *language)
{
  g_return_val_if_fail (VALISE_IS_MEETING (self), NULL);
  g_return_val_if_fail (language != NULL, NULL);

  return valise_json_dup_member (self->json, valise_json_find (self->json, 0, "name"), language);
}

guint
valise_meeting_get_n_papers (ValiseMeeting *self)
{
  g_return_val_if_fail (VALISE_IS_MEETING (self), 0);

  return self->n_papers;
}

guint
valise_meeting_get_n_sittings (ValiseMeeting *self)
{
  g_return_val_if_fail (VALISE_IS_MEETING (self), 0);

  return self->sittings->len;
}

const ValiseSitting *
valise_meeting_get_sitting (ValiseMeeting *self, guint index)
{
  g_return_val_if_fail (VALISE_IS_MEETING (self), NULL);
  g_return_val_if_fail (index < self->sittings->len, NULL);

  return &g_array_index (self->sittings, ValiseSitting, index);
}
