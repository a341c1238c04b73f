/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-queue"

#include "config.h"

#include "valise-file-queue-parts.h"
#include "valise-file-task.h"
#include "valise-home.h"
#include "valise-weak.h"

#define NOTIFY_MS 200 /* between two looks at the store while files move */

/**
 * ValiseFileQueue:
 *
 * What is kept is in files.sqlite; a worker, one thread, does there what is asked, and after it
 * reads the whole anew, which the main context then shows. What moves the files runs elsewhere
 * and says here how it stands.
 */
struct _ValiseFileQueue
{
  GObject parent_instance;

  ValiseHome   *home;
  GMainContext *context;
  GThreadPool  *worker; /* of ValiseFileTask */

  /* Main thread */
  GPtrArray          *items;
  ValiseFileSnapshot *shown; /* NULL: nothing was read yet */

  ValiseFileControl *control; /* set once; has its own lock */

  GMutex   mutex;
  GCond    cond;
  guint    n_tasks; /* asked, not done */
  GSource *timer;   /* looks at the store soon */
  gboolean closed;  /* nothing is told any more */
};

static void valise_file_queue_init_model (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ValiseFileQueue,
                               valise_file_queue,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      valise_file_queue_init_model))

enum
{
  SIGNAL_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- showing: main thread ---------------------------------------------------------------- */

/* Emits items-changed for what lies between the beginning and the end that both share. */
static void
replace_items (ValiseFileQueue *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->items);
  guint                 start = 0, end = 0;

  self->items = items;
  while (start < before->len && start < items->len && before->pdata[start] == items->pdata[start])
    start++;
  while (end < before->len - start && end < items->len - start
         && before->pdata[before->len - 1 - end] == items->pdata[items->len - 1 - end])
    end++;
  if (before->len - start - end > 0 || items->len - start - end > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), start, before->len - start - end,
                                items->len - start - end);
}

static void
show (ValiseFileQueue *self, ValiseFileSnapshot *snapshot)
{
  g_autofree char *moving = NULL;
  gint64           moved = 0;
  ValiseFileReason standing = valise_file_control_get (self->control, &moving, &moved);
  ValiseFileItem  *item = NULL;

  g_clear_pointer (&self->shown, valise_file_snapshot_free);
  self->shown = snapshot;
  replace_items (self, valise_file_snapshot_make_items (snapshot, self->items, standing));
  if (moving != NULL)
    item = valise_file_queue_find (self, moving);
  if (item != NULL)
    valise_file_item_set_present (item, moved);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

typedef struct
{
  GWeakRef            queue;
  ValiseFileSnapshot *snapshot; /* or */
  char               *failure;
} News;

static void
free_news (gpointer data)
{
  News *news = data;

  g_weak_ref_clear (&news->queue);
  g_clear_pointer (&news->snapshot, valise_file_snapshot_free);
  g_free (news->failure);
  g_free (news);
}

static gboolean
news_cb (gpointer user_data)
{
  News                       *news = user_data;
  g_autoptr (ValiseFileQueue) self = g_weak_ref_get (&news->queue);

  if (self != NULL && news->failure != NULL)
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, news->failure);
  if (self != NULL && news->snapshot != NULL)
    show (self, g_steal_pointer (&news->snapshot));
  return G_SOURCE_REMOVE;
}

/* Takes @snapshot. The source holds no reference: a program without a main loop never runs it. */
static void
tell (ValiseFileQueue *self, ValiseFileSnapshot *snapshot, const char *failure)
{
  News               *news = g_new0 (News, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  news->snapshot = snapshot;
  news->failure = g_strdup (failure);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, news_cb, news, free_news);
  g_mutex_lock (&self->mutex);
  if (!self->closed)
    {
      g_weak_ref_init (&news->queue, self);
      g_source_attach (source, self->context);
    }
  g_mutex_unlock (&self->mutex);
}

/* --- the worker -------------------------------------------------------------------------- */

static void
task_cb (gpointer data, gpointer user_data)
{
  ValiseFileQueue    *self = user_data;
  ValiseFileTask     *task = data;
  g_autoptr (GError)  failure = NULL;
  ValiseFileStore    *files = valise_home_get_files (self->home, &failure);
  ValiseFileSnapshot *snapshot = NULL;
  gboolean            last = FALSE;

  if (files != NULL)
    (void) valise_file_task_do (task, files, &failure);
  g_mutex_lock (&self->mutex);
  last = self->n_tasks == 1;
  g_mutex_unlock (&self->mutex);
  if (valise_file_task_changes (task))
    valise_file_control_turn (self->control);

  /* Of several in a row the last one looks. */
  if (files != NULL && last)
    snapshot = valise_file_snapshot_read (files, failure == NULL ? &failure : NULL);
  if (snapshot != NULL || failure != NULL)
    tell (self, snapshot, failure != NULL ? failure->message : NULL);
  valise_file_task_free (task);

  g_mutex_lock (&self->mutex);
  self->n_tasks--;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
push (ValiseFileQueue *self, ValiseFileTask *task)
{
  g_mutex_lock (&self->mutex);
  self->n_tasks++;
  g_mutex_unlock (&self->mutex);
  g_thread_pool_push (self->worker, task, NULL);
}

static gboolean
timer_cb (gpointer user_data)
{
  g_autoptr (ValiseFileQueue) self = g_weak_ref_get (user_data);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->timer, g_source_unref);
  g_mutex_unlock (&self->mutex);
  push (self, valise_file_task_new_read ());
  return G_SOURCE_REMOVE;
}

void
valise_file_queue_changed (ValiseFileQueue *self)
{
  g_mutex_lock (&self->mutex);
  if (self->timer == NULL && !self->closed)
    {
      self->timer = g_timeout_source_new (NOTIFY_MS);
      g_source_set_callback (self->timer, timer_cb, valise_weak_new (self), valise_weak_free);
      g_source_attach (self->timer, self->context);
    }
  g_mutex_unlock (&self->mutex);
}

/* --- the object -------------------------------------------------------------------------- */

static void
valise_file_queue_dispose (GObject *object)
{
  ValiseFileQueue *self = VALISE_FILE_QUEUE (object);
  GThreadPool     *worker = g_steal_pointer (&self->worker);

  g_mutex_lock (&self->mutex);
  self->closed = TRUE;
  g_mutex_unlock (&self->mutex);
  if (worker != NULL) /* what was asked is done first */
    g_thread_pool_free (worker, FALSE, TRUE);

  G_OBJECT_CLASS (valise_file_queue_parent_class)->dispose (object);
}

static void
valise_file_queue_finalize (GObject *object)
{
  ValiseFileQueue *self = VALISE_FILE_QUEUE (object);

  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_pointer (&self->shown, valise_file_snapshot_free);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->home);
  g_clear_pointer (&self->control, valise_file_control_free);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (valise_file_queue_parent_class)->finalize (object);
}

static void
valise_file_queue_class_init (ValiseFileQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_file_queue_dispose;
  object_class->finalize = valise_file_queue_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", VALISE_TYPE_FILE_QUEUE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", VALISE_TYPE_FILE_QUEUE, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
valise_file_queue_init (ValiseFileQueue *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->control = valise_file_control_new ();
  self->worker = g_thread_pool_new (task_cb, self, 1, FALSE, NULL);
}

static GType
get_item_type (GListModel *model)
{
  return VALISE_TYPE_FILE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return VALISE_FILE_QUEUE (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  ValiseFileQueue *self = VALISE_FILE_QUEUE (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
valise_file_queue_init_model (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/**
 * valise_file_queue_for_account:
 * @account: an account that is open
 *
 * Any thread. The queue lasts as long as somebody holds it, and is made anew after that.
 *
 * Returns: (transfer full): its queue
 */
ValiseFileQueue *
valise_file_queue_for_account (ValiseAccount *account)
{
  static GMutex                   making;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&making);
  ValiseHome                     *home = valise_account_get_home (account);
  GWeakRef                       *weak = g_object_get_data (G_OBJECT (home), "valise-file-queue");
  ValiseFileQueue                *self = weak != NULL ? g_weak_ref_get (weak) : NULL;

  if (self != NULL)
    return self;

  self = g_object_new (VALISE_TYPE_FILE_QUEUE, NULL);
  self->home = g_object_ref (home);
  self->context = g_main_context_ref_thread_default ();
  g_object_set_data_full (G_OBJECT (home), "valise-file-queue", valise_weak_new (self),
                          valise_weak_free);
  push (self, valise_file_task_new_read ());
  return self;
}

/* --- asking ------------------------------------------------------------------------------ */

void
valise_file_queue_want (ValiseFileQueue        *self,
                        const ValiseFileWanted *wanted,
                        guint                   n_wanted,
                        int                     priority)
{
  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));
  g_return_if_fail (n_wanted == 0 || wanted != NULL);

  push (self, valise_file_task_new_want (wanted, n_wanted, priority));
}

void
valise_file_queue_hold (ValiseFileQueue *self, const char *const *sha256s)
{
  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));

  push (self, valise_file_task_new_stage (sha256s, VALISE_WISH_HELD));
}

void
valise_file_queue_resume (ValiseFileQueue *self, const char *const *sha256s)
{
  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));

  push (self, valise_file_task_new_stage (sha256s, VALISE_WISH_WAITS));
}

void
valise_file_queue_cancel (ValiseFileQueue *self, const char *const *sha256s)
{
  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));

  push (self, valise_file_task_new_stage (sha256s, VALISE_WISH_NOT_NOW));
}

void
valise_file_queue_evict (ValiseFileQueue *self, const char *const *sha256s)
{
  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));

  push (self, valise_file_task_new_evict (sha256s));
}

void
valise_file_queue_flush (ValiseFileQueue *self)
{
  g_autoptr (GError)  failure = NULL;
  ValiseFileStore    *files = NULL;
  ValiseFileSnapshot *snapshot = NULL;

  g_return_if_fail (VALISE_IS_FILE_QUEUE (self));

  g_mutex_lock (&self->mutex);
  while (self->n_tasks > 0)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);

  files = valise_home_get_files (self->home, &failure);
  if (files != NULL)
    snapshot = valise_file_snapshot_read (files, &failure);
  if (snapshot != NULL)
    show (self, snapshot);
  else
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, failure->message);
}

/* --- looking ----------------------------------------------------------------------------- */

gboolean
valise_file_queue_get_ready (ValiseFileQueue *self)
{
  g_return_val_if_fail (VALISE_IS_FILE_QUEUE (self), FALSE);

  return self->shown != NULL;
}

GPtrArray *
valise_file_queue_get_items (ValiseFileQueue *self)
{
  return self->items;
}

const ValiseFileSnapshot *
valise_file_queue_get_shown (ValiseFileQueue *self)
{
  return self->shown;
}

ValiseFileControl *
valise_file_queue_get_control (ValiseFileQueue *self)
{
  return self->control;
}

ValiseFileStore *
valise_file_queue_get_store (ValiseFileQueue *self, GError **error)
{
  return valise_home_get_files (self->home, error);
}
