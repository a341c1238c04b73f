/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "valise-fake-record.h"
#include "valise-fake.h"
#include "valise-pdf-words.h"

static guint extra_papers = 0;

void
valise_fake_set_extra (guint n_papers)
{
  extra_papers = n_papers;
}

G_DEFINE_QUARK (valise_library_error, valise_library_error)

struct _ValiseLibrary
{
  GObject parent_instance;
  char   *language;
};

G_DEFINE_FINAL_TYPE (ValiseLibrary, valise_library, G_TYPE_OBJECT)

static void
valise_library_finalize (GObject *object)
{
  g_free (VALISE_LIBRARY (object)->language);
  G_OBJECT_CLASS (valise_library_parent_class)->finalize (object);
}

static void
valise_library_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, VALISE_LIBRARY (object)->language);
}

static void
valise_library_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ValiseLibrary *self = VALISE_LIBRARY (object);

  g_free (self->language);
  self->language = g_value_dup_string (value);
}

static void
valise_library_class_init (ValiseLibraryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = valise_library_finalize;
  object_class->get_property = valise_library_get_property;
  object_class->set_property = valise_library_set_property;
  g_object_class_install_property (
      object_class, 1,
      g_param_spec_string ("language", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_signal_new ("changed", VALISE_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
valise_library_init (ValiseLibrary *self)
{
}

/* There is no home whose files might be read. */
void
valise_pdf_words_read_for (ValiseHome *home)
{
}

ValiseLibrary *
valise_library_new (ValiseHome *home, const char *language, GError **error)
{
  return g_object_new (VALISE_TYPE_LIBRARY, "language", language, NULL);
}

/* Fifty papers under a heading, made as they are looked at. */
typedef struct
{
  GObject parent_instance;
  guint   n_papers; /* when it was made: a model may not grow unsaid */
} FakeList;

typedef struct
{
  GObjectClass parent_class;
} FakeListClass;

#define GROUP 51

static GType
fake_list_get_item_type (GListModel *model)
{
  return VALISE_TYPE_PAPER;
}

static guint
fake_list_get_n_items (GListModel *model)
{
  guint n_papers = ((FakeList *) model)->n_papers;

  return n_papers + n_papers / (GROUP - 1) + 1;
}

static gpointer
fake_list_get_item (GListModel *model, guint position)
{
  g_autofree char *title = NULL;

  if (position >= fake_list_get_n_items (model))
    return NULL;
  if (position % GROUP != 0)
    return valise_fake_paper_new (position - position / GROUP - 1, FALSE);

  title = g_strdup_printf ("Item %u · Norms of responsible behaviour", 5 + position / GROUP);
  return valise_fake_heading_new (title);
}

static void
fake_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = fake_list_get_item_type;
  iface->get_n_items = fake_list_get_n_items;
  iface->get_item = fake_list_get_item;
}

static GType fake_list_get_type (void);

G_DEFINE_TYPE_WITH_CODE (FakeList,
                         fake_list,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, fake_list_iface_init))

static void
fake_list_class_init (FakeListClass *klass)
{
}

static void
fake_list_init (FakeList *self)
{
  self->n_papers = N_FAKE_PAPERS + extra_papers;
}

static GListModel *
list_matching (const ValiseLibraryFilter *filter)
{
  GListStore *store = g_list_store_new (VALISE_TYPE_PAPER);

  for (guint i = 0; i < N_FAKE_PAPERS; i++)
    if (valise_fake_paper_matches (&valise_fake_papers[i], i, filter))
      {
        g_autoptr (ValisePaper) paper = valise_fake_paper_new (i, TRUE);

        g_list_store_append (store, paper);
      }
  return G_LIST_MODEL (store);
}

GListModel *
valise_library_list_papers (ValiseLibrary *self, const ValiseLibraryFilter *filter)
{
  if (filter != NULL
      && (filter->meeting != NULL || filter->item != NULL || filter->author != NULL
          || filter->kind != NULL || filter->language != NULL || filter->unread))
    return list_matching (filter);

  return g_object_new (fake_list_get_type (), NULL);
}

GListModel *
valise_library_list_arrived (ValiseLibrary *self, guint limit)
{
  GListStore *store = g_list_store_new (VALISE_TYPE_PAPER);

  for (guint i = 0; i < MIN (limit, 4); i++)
    {
      g_autoptr (ValisePaper) paper = valise_fake_paper_new (i, FALSE);

      g_list_store_append (store, paper);
    }
  return G_LIST_MODEL (store);
}

static GWeakRef listed_meetings;

void
valise_fake_meetings_change (void)
{
  g_autoptr (GListModel) meetings = g_weak_ref_get (&listed_meetings);
  guint                  n_meetings = g_list_model_get_n_items (meetings);

  g_list_model_items_changed (meetings, 0, n_meetings, n_meetings);
}

GListModel *
valise_library_list_meetings (ValiseLibrary *self)
{
  GListStore *store = g_list_store_new (VALISE_TYPE_MEETING);

  for (guint i = 0; i < N_FAKE_MEETINGS; i++)
    {
      g_autoptr (ValiseMeeting) meeting = valise_fake_meeting_new (i);

      g_list_store_append (store, meeting);
    }
  g_weak_ref_set (&listed_meetings, store);
  return G_LIST_MODEL (store);
}

GListModel *
valise_library_list_agenda (ValiseLibrary *self, const char *meeting)
{
  GListStore *store = g_list_store_new (VALISE_TYPE_AGENDA_ITEM);

  for (guint i = 0; i < N_FAKE_ITEMS; i++)
    if (strcmp (valise_fake_items[i].meeting, meeting) == 0)
      {
        g_autoptr (ValiseAgendaItem) item = valise_fake_item_new (i);

        g_list_store_append (store, item);
      }
  return G_LIST_MODEL (store);
}

guint
valise_library_get_n_papers (ValiseLibrary *self)
{
  return N_FAKE_PAPERS + extra_papers;
}

guint
valise_library_get_n_unread (ValiseLibrary *self)
{
  return 3;
}

static gboolean behind;

gboolean
valise_library_is_behind (ValiseLibrary *self)
{
  return behind;
}

void
valise_fake_library_set_behind (ValiseLibrary *self, gboolean is_behind)
{
  behind = is_behind;
  g_signal_emit_by_name (self, "changed");
}

void
valise_library_list_values_async (ValiseLibrary             *self,
                                  const char                *column,
                                  const ValiseLibraryFilter *filter,
                                  GCancellable              *cancellable,
                                  GAsyncReadyCallback        callback,
                                  gpointer                   user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_auto (GStrv)    values = NULL;

  if (strcmp (column, "language") == 0)
    values = g_strsplit ("en\ten\t6|fr\tfr\t5|ar\tar\t2", "|", -1);
  else if (strcmp (column, "kind") == 0)
    values = g_strsplit ("working-paper\tworking-paper\t3|resolution\tresolution\t2", "|", -1);
  else if (strcmp (column, "author") == 0)
    values = g_strsplit ("Kestria\tKestria\t1|Oriva\tOriva\t1|Chair\tChair\t1", "|", -1);
  else if (strcmp (column, "meeting") == 0)
    values = g_strsplit (PLENARY "\tFirst substantive plenary\t4|" THEMATIC "\tThematic group 1\t1",
                         "|", -1);
  else
    values = g_strsplit ("5\t5\t2|6\t6\t1|7\t7\t1", "|", -1);
  g_task_return_pointer (task, g_steal_pointer (&values), (GDestroyNotify) g_strfreev);
}

char **
valise_library_list_values_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
valise_library_open_async (ValiseLibrary      *self,
                           const char         *symbol,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char       *number = strstr (symbol, "WP.");

  for (guint i = 0; i < N_FAKE_PAPERS; i++)
    if (strcmp (valise_fake_papers[i].symbol, symbol) == 0)
      {
        g_task_return_pointer (task, valise_fake_paper_new (i, TRUE), g_object_unref);
        return;
      }
  if (number != NULL && atoi (number + 3) >= 100)
    g_task_return_pointer (task, valise_fake_paper_new ((guint) atoi (number + 3) - 100, TRUE),
                           g_object_unref);
  else
    g_task_return_new_error (task, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_MISSING, "No %s",
                             symbol);
}

ValisePaper *
valise_library_open_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
valise_library_read_async (ValiseLibrary      *self,
                           const char         *symbol,
                           const char         *language,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_return_pointer (task, valise_fake_text_new (symbol, language), g_object_unref);
}

ValiseText *
valise_library_read_finish (ValiseLibrary *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
valise_library_mark_read (ValiseLibrary *self, const char *symbol, gboolean read)
{
}
