/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-library"

#include "config.h"

#include "valise-library-parts.h"
#include "valise-paper-parts.h"

static ValisePaperQuery *
make_query (const ValiseLibraryFilter *filter)
{
  ValisePaperQuery *query = g_new0 (ValisePaperQuery, 1);

  if (filter == NULL)
    return query;

  query->meeting = g_strdup (filter->meeting);
  query->item = g_strdup (filter->item);
  query->author = g_strdup (filter->author);
  query->language = g_strdup (filter->language);
  query->kind = g_strdup (filter->kind);
  query->unread = filter->unread;

  return query;
}

GListModel *
valise_library_list_papers (ValiseLibrary *self, const ValiseLibraryFilter *filter)
{
  ValisePaperQuery *query = NULL;

  g_return_val_if_fail (VALISE_IS_LIBRARY (self), NULL);

  query = make_query (filter);
  query->headings = TRUE;

  return valise_paper_list_new (self, query);
}

GListModel *
valise_library_list_arrived (ValiseLibrary *self, guint limit)
{
  ValisePaperQuery *query = NULL;

  g_return_val_if_fail (VALISE_IS_LIBRARY (self), NULL);

  query = make_query (NULL);
  query->arrived = MAX (limit, 1);

  return valise_paper_list_new (self, query);
}

/* A list of what the catalogue holds: filled when it changes, if it reads differently. */
typedef struct
{
  ValiseLibrary *library;
  GListStore    *store;   /* lent: it owns this */
  char          *meeting; /* of an agenda; NULL: all meetings */
  char          *shown;   /* what was filled in, as text */
} Follower;

static void
free_follower (gpointer data)
{
  Follower *follower = data;

  g_clear_object (&follower->library);
  g_free (follower->meeting);
  g_free (follower->shown);
  g_free (follower);
}

/* Whether @state, all that the list depends on, is other than before. Takes @state. */
static gboolean
take_state (Follower *follower, GString *state)
{
  gboolean differs = g_strcmp0 (follower->shown, state->str) != 0;

  g_free (follower->shown);
  follower->shown = g_string_free (state, FALSE);

  return differs;
}

static void
append_json (GString *state, const ValiseJson *json)
{
  gsize       length = 0;
  const char *text = g_bytes_get_data (valise_json_get_text (json), &length);

  g_string_append_len (state, text, (gssize) length);
}

static void
replace_all (GListStore *store, GPtrArray *items)
{
  g_list_store_splice (store, 0, g_list_model_get_n_items (G_LIST_MODEL (store)), items->pdata,
                       items->len);
}

static void
fill_meetings (Follower *follower)
{
  ValiseCatalogue      *catalogue = valise_library_get_catalogue (follower->library);
  const char           *language = valise_library_get_language (follower->library);
  g_autoptr (GPtrArray) meetings = g_ptr_array_new_with_free_func (g_object_unref);
  GString              *state = g_string_new (language);

  for (guint i = 0; catalogue != NULL && i < valise_catalogue_get_n_meetings (catalogue); i++)
    {
      const char       *id = valise_catalogue_get_meeting_id (catalogue, i);
      const ValiseJson *json = valise_catalogue_get_meeting (catalogue, i);
      guint             n_papers = valise_catalogue_count_papers (catalogue, id);

      g_string_append_printf (state, "\n%s %u ", id, n_papers);
      append_json (state, json);
      g_ptr_array_add (meetings, valise_meeting_new (id, json, language, n_papers));
    }
  if (take_state (follower, state))
    replace_all (follower->store, meetings);
}

static GListModel *
list_item_papers (ValiseAgendaItem *item, gpointer user_data)
{
  const ValiseLibraryFilter filter = { .meeting = valise_agenda_item_get_meeting (item),
                                       .item = valise_agenda_item_get_number (item) };

  return valise_paper_list_new (user_data, make_query (&filter));
}

static ValiseAgendaItem *
make_item (Follower *follower, const ValiseJson *agenda, guint token, const char *language)
{
  g_autofree char *number = valise_json_dup_member (agenda, token, "number");
  g_autofree char *title =
      valise_texts_dup (agenda, valise_json_find (agenda, token, "title"), language, NULL);
  g_autofree char *starts = valise_json_dup_member (agenda, token, "starts");
  gint64           minutes = valise_json_get_member_int (agenda, token, "minutes", 0);

  if (number == NULL)
    return NULL;

  return valise_agenda_item_new (follower->meeting, number, title, starts,
                                 (int) CLAMP (minutes, 0, 100000), list_item_papers,
                                 g_object_ref (follower->library), g_object_unref);
}

static void
fill_agenda (Follower *follower)
{
  ValiseCatalogue  *catalogue = valise_library_get_catalogue (follower->library);
  const char       *language = valise_library_get_language (follower->library);
  const ValiseJson *agenda =
      catalogue != NULL ? valise_catalogue_get_agenda (catalogue, follower->meeting) : NULL;
  guint list = agenda != NULL ? valise_json_find (agenda, 0, "items") : VALISE_JSON_NONE;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  GString              *state = g_string_new (language);

  if (agenda != NULL)
    append_json (state, agenda);
  if (!take_state (follower, state))
    return;

  for (guint i = list == VALISE_JSON_NONE ? list : valise_json_first (agenda, list);
       i != VALISE_JSON_NONE; i = valise_json_next (agenda, i))
    {
      ValiseAgendaItem *item = make_item (follower, agenda, i, language);

      if (item != NULL)
        g_ptr_array_add (items, item);
    }
  replace_all (follower->store, items);
}

static void
refreshed_cb (ValiseLibrary *library, gpointer user_data)
{
  Follower *follower = g_object_get_data (user_data, "follower");

  if (follower->meeting != NULL)
    fill_agenda (follower);
  else
    fill_meetings (follower);
}

static GListModel *
make_followed_list (ValiseLibrary *self, GType type, const char *meeting)
{
  Follower *follower = g_new0 (Follower, 1);

  follower->store = g_list_store_new (type);
  follower->library = g_object_ref (self);
  follower->meeting = g_strdup (meeting);
  g_object_set_data_full (G_OBJECT (follower->store), "follower", follower, free_follower);
  g_signal_connect_object (self, "refreshed", G_CALLBACK (refreshed_cb), follower->store, 0);
  refreshed_cb (self, follower->store);

  return G_LIST_MODEL (follower->store);
}

GListModel *
valise_library_list_meetings (ValiseLibrary *self)
{
  g_return_val_if_fail (VALISE_IS_LIBRARY (self), NULL);

  return make_followed_list (self, VALISE_TYPE_MEETING, NULL);
}

GListModel *
valise_library_list_agenda (ValiseLibrary *self, const char *meeting)
{
  g_return_val_if_fail (VALISE_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (meeting != NULL, NULL);

  return make_followed_list (self, VALISE_TYPE_AGENDA_ITEM, meeting);
}
