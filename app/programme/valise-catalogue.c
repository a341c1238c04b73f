/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-catalogue"

#include "config.h"

#include "valise-catalogue.h"

#include "valise-paper-parts.h"
#include "valise-words.h"

#define BETWEEN " · "

typedef struct
{
  char       *id;
  char       *date;
  ValiseJson *json;
} Meeting;

struct _ValiseCatalogue
{
  gatomicrefcount count;
  GPtrArray      *meetings; /* of Meeting */
  GHashTable     *by_id;    /* lent from the meetings */
  GHashTable     *agendas;  /* meeting id to ValiseJson */
  GHashTable     *papers;   /* meeting id to how many */
  guint           n_papers;
};

static void
free_meeting (gpointer data)
{
  Meeting *meeting = data;

  g_free (meeting->id);
  g_free (meeting->date);
  g_clear_pointer (&meeting->json, valise_json_unref);
  g_free (meeting);
}

static int
compare_meetings (gconstpointer a, gconstpointer b)
{
  const Meeting *first = *(const Meeting *const *) a;
  const Meeting *second = *(const Meeting *const *) b;
  int            order = g_strcmp0 (second->date, first->date);

  return order != 0 ? order : g_strcmp0 (first->id, second->id);
}

/* Every record of @type. */
static GPtrArray *
read_all (ValiseSearchIndex *index, const char *type, GError **error)
{
  const ValiseIndexFilter filter = { .type = type };
  g_autoptr (GArray)      rows = valise_search_index_list (index, &filter, error);
  g_autofree gint64      *numbers = NULL;

  if (rows == NULL)
    return NULL;

  numbers = g_new0 (gint64, rows->len + 1);
  for (guint i = 0; i < rows->len; i++)
    numbers[i] = g_array_index (rows, ValiseIndexRow, i).row;

  return valise_search_index_get_rows (index, numbers, rows->len, error);
}

/* A damaged summary is as one that is missing: the index is derived, and is made anew. */
static ValiseJson *
scan_summary (const ValiseIndexRecord *record)
{
  return record->summary != NULL
             ? valise_json_scan_text (record->summary, -1, VALISE_JSON_INTEGERS, NULL)
             : NULL;
}

static gboolean
load_meetings (ValiseCatalogue *self, ValiseSearchIndex *index, GError **error)
{
  g_autoptr (GPtrArray) records = read_all (index, "meeting", error);

  if (records == NULL)
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    {
      const ValiseIndexRecord *record = records->pdata[i];
      ValiseJson              *json = scan_summary (record);
      Meeting                 *meeting = NULL;

      if (json == NULL)
        continue;

      meeting = g_new0 (Meeting, 1);
      meeting->id = g_strdup (record->id);
      meeting->date = g_strdup (record->date);
      meeting->json = json;
      g_ptr_array_add (self->meetings, meeting);
      g_hash_table_replace (self->by_id, meeting->id, meeting);
    }
  g_ptr_array_sort (self->meetings, compare_meetings);

  return TRUE;
}

static gboolean
load_agendas (ValiseCatalogue *self, ValiseSearchIndex *index, GError **error)
{
  g_autoptr (GPtrArray) records = read_all (index, "agenda", error);

  if (records == NULL)
    return FALSE;

  for (guint i = 0; i < records->len; i++)
    {
      const ValiseIndexRecord *record = records->pdata[i];
      ValiseJson              *json = scan_summary (record);

      if (json != NULL && record->meeting != NULL)
        g_hash_table_replace (self->agendas, g_strdup (record->meeting), json);
      else
        g_clear_pointer (&json, valise_json_unref);
    }

  return TRUE;
}

static gboolean
count_papers (ValiseCatalogue *self, ValiseSearchIndex *index, GError **error)
{
  g_autoptr (GArray) counts = valise_search_index_count_here (index, "paper", error);

  if (counts == NULL)
    return FALSE;
  for (guint i = 0; i < counts->len; i++)
    {
      const ValiseIndexCount *count = &g_array_index (counts, ValiseIndexCount, i);

      self->n_papers += count->count;
      if (count->value != NULL)
        g_hash_table_replace (self->papers, g_strdup (count->value),
                              GUINT_TO_POINTER (count->count));
    }

  return TRUE;
}

ValiseCatalogue *
valise_catalogue_load (ValiseSearchIndex *index, GError **error)
{
  g_autoptr (ValiseCatalogue) self = g_new0 (ValiseCatalogue, 1);

  g_atomic_ref_count_init (&self->count);
  self->meetings = g_ptr_array_new_with_free_func (free_meeting);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->agendas =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) valise_json_unref);
  self->papers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!load_meetings (self, index, error) || !load_agendas (self, index, error)
      || !count_papers (self, index, error))
    return NULL;

  return g_steal_pointer (&self);
}

ValiseCatalogue *
valise_catalogue_ref (ValiseCatalogue *self)
{
  g_atomic_ref_count_inc (&self->count);

  return self;
}

void
valise_catalogue_unref (ValiseCatalogue *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;

  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->meetings);
  g_hash_table_unref (self->agendas);
  g_hash_table_unref (self->papers);
  g_free (self);
}

guint
valise_catalogue_get_n_meetings (ValiseCatalogue *self)
{
  return self->meetings->len;
}

const char *
valise_catalogue_get_meeting_id (ValiseCatalogue *self, guint index)
{
  return ((const Meeting *) self->meetings->pdata[index])->id;
}

const ValiseJson *
valise_catalogue_get_meeting (ValiseCatalogue *self, guint index)
{
  return ((const Meeting *) self->meetings->pdata[index])->json;
}

guint
valise_catalogue_count_papers (ValiseCatalogue *self, const char *meeting)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->papers, meeting));
}

guint
valise_catalogue_get_n_papers (ValiseCatalogue *self)
{
  return self->n_papers;
}

const ValiseJson *
valise_catalogue_get_agenda (ValiseCatalogue *self, const char *meeting)
{
  return g_hash_table_lookup (self->agendas, meeting);
}

char *
valise_catalogue_dup_name (ValiseCatalogue *self, const char *meeting, const char *language)
{
  const Meeting *found = g_hash_table_lookup (self->by_id, meeting);
  char          *name = NULL;

  if (found != NULL)
    name =
        valise_texts_dup (found->json, valise_json_find (found->json, 0, "name"), language, NULL);

  return name != NULL ? name : g_strdup (meeting);
}

char *
valise_catalogue_dup_mark (ValiseCatalogue *self, const char *meeting)
{
  const Meeting *found = g_hash_table_lookup (self->by_id, meeting);

  return found != NULL ? valise_json_dup_member (found->json, 0, "mark") : NULL;
}

char *
valise_catalogue_dup_item_title (ValiseCatalogue *self,
                                 const char      *meeting,
                                 const char      *item,
                                 const char      *language)
{
  const ValiseJson *agenda = valise_catalogue_get_agenda (self, meeting);
  guint list = agenda != NULL ? valise_json_find (agenda, 0, "items") : VALISE_JSON_NONE;

  for (guint i = list == VALISE_JSON_NONE ? list : valise_json_first (agenda, list);
       i != VALISE_JSON_NONE; i = valise_json_next (agenda, i))
    {
      g_autofree char *number = valise_json_dup_member (agenda, i, "number");

      if (g_strcmp0 (number, item) == 0)
        return valise_texts_dup (agenda, valise_json_find (agenda, i, "title"), language, NULL);
    }

  return NULL;
}

char *
valise_catalogue_dup_heading (ValiseCatalogue *self,
                              const char      *meeting,
                              const char      *item,
                              const char      *language)
{
  g_autofree char    *mark = NULL;
  g_autofree char    *word = NULL;
  g_autofree char    *title = NULL;
  g_autoptr (GString) heading = g_string_new (NULL);

  if (meeting == NULL)
    return valise_words_dup ("reference", language, NULL, NULL);
  if (item == NULL)
    return valise_catalogue_dup_name (self, meeting, language);

  mark = valise_catalogue_dup_mark (self, meeting);
  word = valise_words_dup ("item", language, item, NULL);
  title = valise_catalogue_dup_item_title (self, meeting, item, language);
  if (mark != NULL)
    g_string_append_printf (heading, "%s" BETWEEN, mark);
  g_string_append (heading, word);
  if (title != NULL)
    g_string_append_printf (heading, BETWEEN "%s", title);

  return g_string_free (g_steal_pointer (&heading), FALSE);
}
