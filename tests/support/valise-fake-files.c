/* valise-fake-files.c - valise-file-queue.h without a store or a network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One queue for all accounts. What is asked for comes when the test says so.
 */

#include "config.h"

#include <string.h>

#include "valise-fake.h"
#include "valise-file-queue.h"
#include "valise-paper-file.h"

struct _ValiseFileItem
{
  GObject parent_instance;

  char            *sha256;
  char            *database;
  char            *name;
  char            *symbol;
  char            *language;
  gint64           length;
  gint64           present;
  gboolean         wanted;
  ValiseFileReason reason;
  GBytes          *bytes; /* once it is here */
};

G_DEFINE_FINAL_TYPE (ValiseFileItem, valise_file_item, G_TYPE_OBJECT)

struct _ValiseFileQueue
{
  GObject parent_instance;

  GPtrArray *items; /* of ValiseFileItem */
};

static GType
get_item_type (GListModel *model)
{
  return VALISE_TYPE_FILE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return 0;
}

static gpointer
get_item (GListModel *model, guint position)
{
  return NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ValiseFileQueue,
                               valise_file_queue,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* --- items ------------------------------------------------------------------------------------ */

static void
valise_file_item_finalize (GObject *object)
{
  ValiseFileItem *self = VALISE_FILE_ITEM (object);

  g_free (self->sha256);
  g_free (self->database);
  g_free (self->name);
  g_free (self->symbol);
  g_free (self->language);
  g_clear_pointer (&self->bytes, g_bytes_unref);

  G_OBJECT_CLASS (valise_file_item_parent_class)->finalize (object);
}

static void
valise_file_item_class_init (ValiseFileItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_file_item_finalize;
}

static void
valise_file_item_init (ValiseFileItem *self)
{
}

#define DEFINE_GETTER(type, name, expression)                                                      \
  type valise_file_item_##name (ValiseFileItem *self) { return expression; }

DEFINE_GETTER (const char *, get_sha256, self->sha256)
DEFINE_GETTER (const char *, get_database, self->database)
DEFINE_GETTER (const char *, get_name, self->name)
DEFINE_GETTER (const char *, get_symbol, self->symbol)
DEFINE_GETTER (const char *, get_meeting, NULL)
DEFINE_GETTER (const char *, get_language, self->language)
DEFINE_GETTER (const char *, get_problem, NULL)
DEFINE_GETTER (gint64, get_length, self->length)
DEFINE_GETTER (gint64, get_present, self->present)
DEFINE_GETTER (gboolean, is_outgoing, FALSE)
DEFINE_GETTER (ValiseFileReason, get_reason, self->reason)

ValiseFileState
valise_file_item_get_state (ValiseFileItem *self)
{
  return self->bytes != NULL ? VALISE_FILE_PRESENT
         : self->present > 0 ? VALISE_FILE_PARTIAL
         : self->wanted      ? VALISE_FILE_WANTED
                             : VALISE_FILE_KNOWN;
}

/* --- the file that a paper names -------------------------------------------------------------- */

struct _ValisePaperFile
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (ValisePaperFile, valise_paper_file, G_TYPE_OBJECT)

static void
valise_paper_file_class_init (ValisePaperFileClass *klass)
{
}

static void
valise_paper_file_init (ValisePaperFile *self)
{
}

#define DEFINE_FILE_GETTER(type, name, value)                                                      \
  type valise_paper_file_get_##name (ValisePaperFile *self) { return value; }

static const char *file_name = VALISE_FAKE_FILE_NAME;

DEFINE_FILE_GETTER (const char *, name, file_name)
DEFINE_FILE_GETTER (const char *, sha256, VALISE_FAKE_FILE)
DEFINE_FILE_GETTER (const char *, language, "en")
DEFINE_FILE_GETTER (gint64, length, 288000)
DEFINE_FILE_GETTER (const char *, symbol, "A/RES/77/37")
DEFINE_FILE_GETTER (const char *, meeting, NULL)
DEFINE_FILE_GETTER (const char *, database, "public")

/* --- the queue -------------------------------------------------------------------------------- */

static void
valise_file_queue_finalize (GObject *object)
{
  g_ptr_array_unref (VALISE_FILE_QUEUE (object)->items);

  G_OBJECT_CLASS (valise_file_queue_parent_class)->finalize (object);
}

static void
valise_file_queue_class_init (ValiseFileQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_file_queue_finalize;
  g_signal_new ("changed", VALISE_TYPE_FILE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  g_signal_new ("failed", VALISE_TYPE_FILE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
valise_file_queue_init (ValiseFileQueue *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

ValiseFileQueue *
valise_file_queue_for_account (ValiseAccount *account)
{
  static GWeakRef  made;
  ValiseFileQueue *self = g_weak_ref_get (&made);

  if (self == NULL)
    {
      self = g_object_new (VALISE_TYPE_FILE_QUEUE, NULL);
      g_weak_ref_set (&made, self);
    }
  return self;
}

gboolean
valise_file_queue_get_ready (ValiseFileQueue *self)
{
  return TRUE;
}

static ValiseFileItem *
look_up (ValiseFileQueue *self, const char *sha256)
{
  for (guint i = 0; i < self->items->len; i++)
    if (strcmp (((ValiseFileItem *) self->items->pdata[i])->sha256, sha256) == 0)
      return self->items->pdata[i];
  return NULL;
}

static void
tell (ValiseFileQueue *self)
{
  g_signal_emit_by_name (self, "changed");
}

void
valise_file_queue_want (ValiseFileQueue        *self,
                        const ValiseFileWanted *wanted,
                        guint                   n_wanted,
                        int                     priority)
{
  for (guint i = 0; i < n_wanted; i++)
    {
      ValiseFileItem *item = look_up (self, wanted[i].sha256);

      if (item == NULL)
        {
          item = g_object_new (VALISE_TYPE_FILE_ITEM, NULL);
          item->sha256 = g_strdup (wanted[i].sha256);
          item->database = g_strdup (wanted[i].database);
          item->name = g_strdup (wanted[i].name);
          item->symbol = g_strdup (wanted[i].symbol);
          item->language = g_strdup (wanted[i].language);
          item->length = wanted[i].length;
          g_ptr_array_add (self->items, item);
        }
      item->wanted = TRUE;
    }
  tell (self);
}

void
valise_file_queue_cancel (ValiseFileQueue *self, const char *const *sha256s)
{
  for (guint i = 0; sha256s[i] != NULL; i++)
    {
      ValiseFileItem *item = look_up (self, sha256s[i]);

      if (item != NULL)
        item->wanted = FALSE;
    }
  tell (self);
}

void
valise_file_queue_evict (ValiseFileQueue *self, const char *const *sha256s)
{
  for (guint i = 0; sha256s[i] != NULL; i++)
    {
      ValiseFileItem *item = look_up (self, sha256s[i]);

      if (item != NULL)
        g_ptr_array_remove (self->items, item);
    }
  tell (self);
}

void
valise_file_queue_hold (ValiseFileQueue *self, const char *const *sha256s)
{
}

void
valise_file_queue_resume (ValiseFileQueue *self, const char *const *sha256s)
{
}

void
valise_file_queue_flush (ValiseFileQueue *self)
{
}

void
valise_file_queue_get_counts (ValiseFileQueue *self, ValiseFileCounts *counts)
{
  memset (counts, 0, sizeof *counts);
}

ValiseFileState
valise_file_queue_get_state (ValiseFileQueue *self, const char *sha256, gint64 *present)
{
  ValiseFileItem *item = look_up (self, sha256);

  if (present != NULL)
    *present = item != NULL ? item->present : 0;
  return item != NULL ? valise_file_item_get_state (item) : VALISE_FILE_KNOWN;
}

ValiseFileItem *
valise_file_queue_find (ValiseFileQueue *self, const char *sha256)
{
  ValiseFileItem *item = look_up (self, sha256);

  return item != NULL && item->wanted && item->bytes == NULL ? item : NULL;
}

GPtrArray *
valise_file_queue_list_all (ValiseFileQueue *self)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

void
valise_file_queue_read_async (ValiseFileQueue    *self,
                              const char         *sha256,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  ValiseFileItem   *item = look_up (self, sha256);

  if (item != NULL && item->bytes != NULL)
    g_task_return_pointer (task, g_bytes_ref (item->bytes), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "not here");
}

GBytes *
valise_file_queue_read_finish (ValiseFileQueue *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
valise_file_queue_set_guard (ValiseFileQueue *self,
                             ValiseFileGuard  func,
                             gpointer         user_data,
                             GDestroyNotify   destroy)
{
}

void
valise_file_queue_guard_changed (ValiseFileQueue *self)
{
}

/* --- what comes ------------------------------------------------------------------------------- */

void
valise_fake_file_comes (const char *sha256, gint64 present, GBytes *bytes)
{
  g_autoptr (ValiseFileQueue) self = valise_file_queue_for_account (NULL);
  ValiseFileItem             *item = look_up (self, sha256);

  g_assert_nonnull (item);
  item->present = present;
  g_clear_pointer (&item->bytes, g_bytes_unref);
  if (bytes != NULL)
    item->bytes = g_bytes_ref (bytes);
  tell (self);
}

void
valise_fake_file_set_name (const char *name)
{
  file_name = name;
}

void
valise_fake_file_waits (const char *sha256, int reason)
{
  g_autoptr (ValiseFileQueue) self = valise_file_queue_for_account (NULL);
  ValiseFileItem             *item = look_up (self, sha256);

  g_assert_nonnull (item);
  item->reason = (ValiseFileReason) reason;
  tell (self);
}
