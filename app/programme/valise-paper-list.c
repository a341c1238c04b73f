/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-paper-list"

#include "config.h"

#include "valise-library-parts.h"
#include "valise-paper-list.h"
#include "valise-paper-parts.h"

#define KEPT 1024 /* objects held for their own sake, so that scrolling back is free */

/**
 * ValisePaperList:
 *
 * Rows are numbers; objects are made for those that are looked at, and remembered for as long
 * as somebody else or the last few pages hold them. When the record changes, a worker finds
 * the rows anew, and what lies between the first and the last difference is announced.
 */
struct _ValisePaperList
{
  GObject parent_instance;

  ValiseLibrary    *library;
  ValisePaperQuery *query;
  ValisePaperRows  *rows;   /* never NULL once made */
  GHashTable       *alive;  /* gint64 to Alive: weak */
  GQueue            recent; /* of ValisePaper, owned, the newest last */
  GHashTable       *wanted; /* of gint64: rows to be loaded */
  guint             idle;
  GCancellable     *cancellable;
  gboolean          building;
  gboolean          stale; /* the record changed while building */
  gboolean          ready; /* built at least once */
};

typedef struct
{
  gint64           row;
  ValisePaperList *list;
  ValisePaper     *paper; /* weak */
} Alive;

static void valise_paper_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ValisePaperList,
                               valise_paper_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      valise_paper_list_model_init))

enum
{
  PROP_READY = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- filling rows ---------------------------------------------------------------------------- */

/* A worker's errand: rows to read, as a copy of what it needs. */
typedef struct
{
  ValiseSearchIndex *index;
  char              *language;
  GArray            *rows;  /* of gint64 */
  GPtrArray         *found; /* of ValisePaperData */
} Load;

static void
free_load (gpointer data)
{
  Load *load = data;

  g_clear_object (&load->index);
  g_free (load->language);
  g_array_unref (load->rows);
  g_ptr_array_unref (load->found);
  g_free (load);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Load                 *load = task_data;
  GError               *error = NULL;
  g_autoptr (GPtrArray) records = valise_search_index_get_rows (
      load->index, (const gint64 *) (gpointer) load->rows->data, load->rows->len, &error);

  for (guint i = 0; records != NULL && error == NULL && i < records->len; i++)
    {
      ValisePaperData *data =
          records->pdata[i] != NULL
              ? valise_paper_data_new (load->index, records->pdata[i], load->language, &error)
              : NULL;

      if (data != NULL)
        g_ptr_array_add (load->found, data);
    }

  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValisePaperList   *self = VALISE_PAPER_LIST (source);
  Load              *load = g_task_get_task_data (G_TASK (result));
  ValiseReadMarks   *marks = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      /* The rows stay as they are, and are asked for again with the next change. */
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_message ("Rows could not be read: %s", error->message);
      return;
    }

  marks = valise_library_get_marks (self->library);
  while (load->found->len > 0)
    {
      ValisePaperData *data = g_ptr_array_steal_index_fast (load->found, load->found->len - 1);
      const Alive     *alive = g_hash_table_lookup (self->alive, &data->row);

      if (alive == NULL)
        {
          valise_paper_data_free (data);
          continue;
        }
      valise_paper_set_unread (
          alive->paper, data->symbol == NULL || !valise_read_marks_contains (marks, data->symbol));
      valise_paper_fill (alive->paper, data);
    }
}

static gboolean
idle_cb (gpointer user_data)
{
  ValisePaperList  *self = user_data;
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, loaded_cb, NULL);
  Load             *load = g_new0 (Load, 1);
  GHashTableIter    iter;
  gpointer          row = NULL;

  self->idle = 0;
  load->index = g_object_ref (valise_library_get_index (self->library));
  load->language = g_strdup (valise_library_get_language (self->library));
  load->found = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_paper_data_free);
  load->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_iter_init (&iter, self->wanted);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    g_array_append_vals (load->rows, row, 1);
  g_hash_table_remove_all (self->wanted);

  g_task_set_source_tag (task, idle_cb);
  g_task_set_task_data (task, load, free_load);
  valise_worker_run (valise_library_get_worker (self->library), task, load_in_thread);

  return G_SOURCE_REMOVE;
}

static void
want_row (ValisePaperList *self, gint64 row)
{
  g_hash_table_add (self->wanted, g_memdup2 (&row, sizeof row));
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, idle_cb, self, NULL);
}

/* --- objects -----------------------------------------------------------------------------------
 */

static void
gone_cb (gpointer user_data, GObject *where_it_was)
{
  Alive *alive = user_data;

  g_hash_table_remove (alive->list->alive, &alive->row);
}

/* Returns: (transfer full) */
static ValisePaper *
make_object (ValisePaperList *self, gint64 row)
{
  const ValisePaperHeading *heading =
      row < 0 ? g_hash_table_lookup (self->rows->headings, &row) : NULL;
  ValisePaper *paper =
      heading != NULL ? valise_paper_new_heading (heading->title, heading->meeting, heading->item)
                      : valise_paper_new ();
  Alive *alive = g_new0 (Alive, 1);

  alive->row = row;
  alive->list = self;
  alive->paper = paper;
  g_object_weak_ref (G_OBJECT (paper), gone_cb, alive);
  g_hash_table_replace (self->alive, &alive->row, alive);

  g_queue_push_tail (&self->recent, g_object_ref (paper));
  while (self->recent.length > KEPT)
    g_object_unref (g_queue_pop_head (&self->recent));
  if (row >= 0)
    want_row (self, row);

  return paper;
}

/* The other rows of the page will be asked for next, so they are made and loaded with it. */
static void
make_page (ValisePaperList *self, guint position)
{
  guint first = position - position % VALISE_PAPER_LIST_PAGE;
  guint last = MIN (first + VALISE_PAPER_LIST_PAGE, self->rows->ids->len);

  for (guint i = first; i < last; i++)
    {
      gint64 row = g_array_index (self->rows->ids, gint64, i);

      if (!g_hash_table_contains (self->alive, &row))
        g_object_unref (make_object (self, row));
    }
}

static GType
valise_paper_list_get_item_type (GListModel *model)
{
  return VALISE_TYPE_PAPER;
}

static guint
valise_paper_list_get_n_items (GListModel *model)
{
  return VALISE_PAPER_LIST (model)->rows->ids->len;
}

static gpointer
valise_paper_list_get_item (GListModel *model, guint position)
{
  ValisePaperList *self = VALISE_PAPER_LIST (model);
  const Alive     *alive = NULL;
  gint64           row = 0;

  if (position >= self->rows->ids->len)
    return NULL;

  row = g_array_index (self->rows->ids, gint64, position);
  alive = g_hash_table_lookup (self->alive, &row);
  if (alive == NULL)
    {
      make_page (self, position);
      alive = g_hash_table_lookup (self->alive, &row);
    }

  return g_object_ref (alive->paper);
}

static void
valise_paper_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = valise_paper_list_get_item_type;
  iface->get_n_items = valise_paper_list_get_n_items;
  iface->get_item = valise_paper_list_get_item;
}

/* --- finding rows ------------------------------------------------------------------------------
 */

/* Titles of headings may have changed where their rows have not. */
static void
refresh_objects (ValisePaperList *self)
{
  GHashTableIter iter;
  gpointer       value = NULL;

  g_hash_table_iter_init (&iter, self->alive);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Alive              *alive = value;
      const ValisePaperHeading *heading =
          alive->row < 0 ? g_hash_table_lookup (self->rows->headings, &alive->row) : NULL;

      if (heading != NULL)
        valise_paper_set_title (alive->paper, heading->title);
      else if (alive->row >= 0)
        want_row (self, alive->row);
    }
}

/* Announces what lies between the first and the last row that differ. Takes @rows. */
static void
replace_rows (ValisePaperList *self, ValisePaperRows *rows)
{
  g_autoptr (ValisePaperRows) before = self->rows;
  const gint64               *old = (const gint64 *) (gpointer) before->ids->data;
  const gint64 *new = (const gint64 *) (gpointer) rows->ids->data;
  guint shorter = MIN (before->ids->len, rows->ids->len);
  guint head = 0;
  guint tail = 0;

  while (head < shorter && old[head] == new[head])
    head++;
  while (tail < shorter - head
         && old[before->ids->len - 1 - tail] == new[rows->ids->len - 1 - tail])
    tail++;

  self->rows = rows;
  if (before->ids->len - head - tail > 0 || rows->ids->len - head - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, before->ids->len - head - tail,
                                rows->ids->len - head - tail);
}

static void start_building (ValisePaperList *self);

static void
built_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValisePaperList   *self = VALISE_PAPER_LIST (source);
  g_autoptr (GError) error = NULL;
  ValisePaperRows   *rows = valise_paper_rows_find_finish (result, &error);

  self->building = FALSE;
  if (rows != NULL)
    {
      replace_rows (self, rows);
      refresh_objects (self);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("Papers could not be listed: %s", error->message);

  if (self->stale)
    start_building (self);
  else if (!self->ready)
    {
      self->ready = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
    }
}

static void
start_building (ValisePaperList *self)
{
  ValiseCatalogue *catalogue = valise_library_get_catalogue (self->library);

  self->stale = self->building;
  /* Without a catalogue the library has not looked yet, and will say when it has. */
  if (self->building || catalogue == NULL)
    return;

  self->building = TRUE;
  valise_paper_rows_find_async (G_OBJECT (self), self->library, self->query, self->cancellable,
                                built_cb);
}

static void
marks_changed_cb (ValisePaperList *self)
{
  ValiseReadMarks *marks = valise_library_get_marks (self->library);
  GHashTableIter   iter;
  gpointer         value = NULL;

  g_hash_table_iter_init (&iter, self->alive);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Alive *alive = value;
      const char  *symbol = valise_paper_get_symbol (alive->paper);

      if (symbol != NULL)
        valise_paper_set_unread (alive->paper, !valise_read_marks_contains (marks, symbol));
    }
}

static void
forget_objects (ValisePaperList *self)
{
  GHashTableIter iter;
  gpointer       value = NULL;

  g_hash_table_iter_init (&iter, self->alive);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Alive *alive = value;

      g_object_weak_unref (G_OBJECT (alive->paper), gone_cb, alive);
    }
  g_hash_table_remove_all (self->alive);
}

static void
valise_paper_list_dispose (GObject *object)
{
  ValisePaperList *self = VALISE_PAPER_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->idle, g_source_remove);
  forget_objects (self);
  g_queue_clear_full (&self->recent, g_object_unref);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (valise_paper_list_parent_class)->dispose (object);
}

static void
valise_paper_list_finalize (GObject *object)
{
  ValisePaperList *self = VALISE_PAPER_LIST (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->query, valise_paper_query_free);
  g_clear_pointer (&self->rows, valise_paper_rows_free);
  g_clear_pointer (&self->alive, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_hash_table_unref);

  G_OBJECT_CLASS (valise_paper_list_parent_class)->finalize (object);
}

static void
valise_paper_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_READY:
      g_value_set_boolean (value, VALISE_PAPER_LIST (object)->ready);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
valise_paper_list_class_init (ValisePaperListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_paper_list_dispose;
  object_class->finalize = valise_paper_list_finalize;
  object_class->get_property = valise_paper_list_get_property;

  properties[PROP_READY] =
      g_param_spec_boolean ("ready", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
valise_paper_list_init (ValisePaperList *self)
{
  self->rows = g_new0 (ValisePaperRows, 1);
  self->rows->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->rows->headings = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->alive = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  self->wanted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->recent);
}

GListModel *
valise_paper_list_new (ValiseLibrary *library, ValisePaperQuery *query)
{
  ValisePaperList *self = g_object_new (VALISE_TYPE_PAPER_LIST, NULL);

  self->library = g_object_ref (library);
  self->query = query;
  g_signal_connect_object (library, "refreshed", G_CALLBACK (start_building), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (valise_library_get_marks (library), "changed",
                           G_CALLBACK (marks_changed_cb), self, G_CONNECT_SWAPPED);
  start_building (self);

  return G_LIST_MODEL (self);
}

gboolean
valise_paper_list_get_ready (ValisePaperList *self)
{
  g_return_val_if_fail (VALISE_IS_PAPER_LIST (self), FALSE);

  return self->ready;
}
