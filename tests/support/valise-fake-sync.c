/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "valise-fake.h"
#include "valise-peer-error.h"

struct _ValiseScheduler
{
  GObject           parent_instance;
  ValiseSyncPhase   phase;
  ValiseSyncProblem problem;
  gint64            last_reached;
  guint64           received, expected, bytes;
  char            **refused;
  char             *fetched;
  guint             n_syncs;
  ValiseUserPolicy  policy;
  gboolean          metered;
  gboolean          beyond;
  guint             queue; /* how much waits: 0 nothing */
  char             *held;  /* the one name that is held, or NULL */
  ValisePlan       *plan;  /* put last */
  guint             n_files;
};

G_DEFINE_FINAL_TYPE (ValiseScheduler, valise_scheduler, G_TYPE_OBJECT)

static const char *const names[] = { "",
                                     "phase",
                                     "problem",
                                     "last-reached",
                                     "next-attempt",
                                     "documents-received",
                                     "documents-expected",
                                     "bytes-received",
                                     "bytes-sent",
                                     "bytes-received-today",
                                     "bytes-sent-today",
                                     "waiting",
                                     "refused",
                                     "problem-detail" };

static void
valise_scheduler_finalize (GObject *object)
{
  ValiseScheduler *self = VALISE_SCHEDULER (object);

  g_strfreev (self->refused);
  g_free (self->fetched);
  g_free (self->held);
  g_clear_pointer (&self->plan, valise_plan_unref);
  G_OBJECT_CLASS (valise_scheduler_parent_class)->finalize (object);
}

static void
valise_scheduler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ValiseScheduler *self = VALISE_SCHEDULER (object);
  const guint64 counts[] = { self->received, self->expected, self->bytes, 1200, 212000, 41000, 0 };

  if (id == 1)
    g_value_set_int (value, (int) self->phase);
  else if (id == 2)
    g_value_set_int (value, (int) self->problem);
  else if (id == 3)
    g_value_set_int64 (value, self->last_reached);
  else if (id == 4)
    g_value_set_int64 (value, 0);
  else if (id == 12)
    g_value_set_boxed (value, self->refused);
  else if (id == 13)
    g_value_set_string (value, NULL);
  else
    g_value_set_uint64 (value, counts[id - 5]);
}

static void
valise_scheduler_class_init (ValiseSchedulerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = valise_scheduler_finalize;
  object_class->get_property = valise_scheduler_get_property;
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    {
      GParamSpec *pspec = NULL;

      if (i <= 2)
        pspec = g_param_spec_int (names[i], NULL, NULL, 0, 100, 0, G_PARAM_READABLE);
      else if (i <= 4)
        pspec = g_param_spec_int64 (names[i], NULL, NULL, 0, G_MAXINT64, 0, G_PARAM_READABLE);
      else if (i == 12)
        pspec = g_param_spec_boxed (names[i], NULL, NULL, G_TYPE_STRV, G_PARAM_READABLE);
      else if (i == 13)
        pspec = g_param_spec_string (names[i], NULL, NULL, NULL, G_PARAM_READABLE);
      else
        pspec = g_param_spec_uint64 (names[i], NULL, NULL, 0, G_MAXUINT64, 0, G_PARAM_READABLE);
      g_object_class_install_property (object_class, i, pspec);
    }
}

static void
valise_scheduler_init (ValiseScheduler *self)
{
  self->refused = g_new0 (char *, 1);
  self->policy = VALISE_USER_POLICY_DEFAULT;
  self->fetched = g_strdup ("");
}

ValiseScheduler *
valise_scheduler_new (ValiseAccount *account)
{
  ValiseScheduler *self = g_object_new (VALISE_TYPE_SCHEDULER, NULL);

  self->phase = valise_account_is_sample (account) ? VALISE_SYNC_LOCAL : VALISE_SYNC_CURRENT;
  self->last_reached = G_GINT64_CONSTANT (1784642700) * G_USEC_PER_SEC; /* VALISE_FAKE_NOW */
  return self;
}

static void
notify_all (ValiseScheduler *self)
{
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    g_object_notify (G_OBJECT (self), names[i]);
}

void
valise_fake_scheduler_set (ValiseScheduler  *self,
                           ValiseSyncPhase   phase,
                           ValiseSyncProblem problem,
                           gint64            last_reached_us)
{
  self->phase = phase;
  self->problem = problem;
  self->last_reached = last_reached_us;
  notify_all (self);
}

void
valise_fake_scheduler_progress (ValiseScheduler *self,
                                guint64          received,
                                guint64          expected,
                                guint64          bytes)
{
  self->received = received;
  self->expected = expected;
  self->bytes = bytes;
  self->phase = VALISE_SYNC_RECEIVING;
  notify_all (self);
}

void
valise_fake_scheduler_refuse (ValiseScheduler *self, const char *const *refused)
{
  g_strfreev (self->refused);
  self->refused = g_strdupv ((char **) refused);
  notify_all (self);
}

const char *
valise_fake_scheduler_get_fetched (ValiseScheduler *self)
{
  return self->fetched;
}

guint
valise_fake_scheduler_get_n_syncs (ValiseScheduler *self)
{
  return self->n_syncs;
}

void
valise_scheduler_start (ValiseScheduler *self)
{
}

void
valise_scheduler_stop (ValiseScheduler *self)
{
}

void
valise_scheduler_sync_now (ValiseScheduler *self)
{
  self->n_syncs++;
}

void
valise_scheduler_fetch_async (ValiseScheduler    *self,
                              const char         *database,
                              const char *const  *ids,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_free (self->fetched);
  self->fetched = g_strdup_printf ("%s %s", database, ids[0]);
  if (self->phase == VALISE_SYNC_WAITING)
    g_task_return_new_error (task, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK, "No route");
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
valise_scheduler_fetch_finish (ValiseScheduler *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

ValiseSyncPhase
valise_scheduler_get_phase (ValiseScheduler *self)
{
  return self->phase;
}

ValiseSyncProblem
valise_scheduler_get_problem (ValiseScheduler *self)
{
  return self->problem;
}

gint64
valise_scheduler_get_last_reached (ValiseScheduler *self)
{
  return self->last_reached;
}

/* --- the user's policy and the queue ---------------------------------------------------------- */

void
valise_fake_scheduler_set_queue (ValiseScheduler *self, guint queue)
{
  self->queue = queue;
  notify_all (self);
}

void
valise_fake_scheduler_set_metered (ValiseScheduler *self, gboolean metered)
{
  self->metered = metered;
  notify_all (self);
}

ValisePlan *
valise_fake_scheduler_get_plan (ValiseScheduler *self, guint *n_files)
{
  *n_files = self->n_files;
  return self->plan;
}

gboolean
valise_fake_scheduler_went_beyond (ValiseScheduler *self)
{
  return self->beyond;
}

void
valise_scheduler_go_beyond (ValiseScheduler *self)
{
  self->beyond = TRUE;
}

void
valise_scheduler_get_policy (ValiseScheduler *self, ValiseUserPolicy *policy)
{
  *policy = self->policy;
}

void
valise_scheduler_set_policy (ValiseScheduler *self, const ValiseUserPolicy *policy)
{
  self->policy = *policy;
  notify_all (self);
}

void
valise_scheduler_get_verdict (ValiseScheduler *self, ValiseVerdict *verdict)
{
  const ValiseCircumstances now = { .now_us = G_GINT64_CONSTANT (1784642700) * G_USEC_PER_SEC,
                                    .bytes_today = 253000,
                                    .metered = self->metered };

  valise_verdict_judge (verdict, &self->policy, &now);
}

ValiseNetworkKind
valise_scheduler_get_network (ValiseScheduler *self)
{
  return self->metered ? VALISE_NETWORK_METERED : VALISE_NETWORK_WIFI;
}

guint64
valise_scheduler_get_speed (ValiseScheduler *self, ValiseNetworkKind kind)
{
  return kind == VALISE_NETWORK_WIFI ? 52000 : 9000;
}

guint64
valise_scheduler_estimate (ValiseScheduler *self, guint64 weight)
{
  return weight;
}

void
valise_scheduler_want_files (ValiseScheduler *self, const ValiseFileWanted *wanted, guint n_wanted)
{
  self->n_files += n_wanted;
}

guint64
valise_scheduler_get_file_present (ValiseScheduler *self, const char *sha256)
{
  return 0;
}

void
valise_scheduler_put_plan (ValiseScheduler *self, ValisePlan *plan)
{
  if (plan->ids->len == 0)
    return;
  g_clear_pointer (&self->plan, valise_plan_unref);
  self->plan = valise_plan_ref (plan);
}

void
valise_scheduler_hold (ValiseScheduler *self, const char *name, gboolean hold)
{
  g_free (self->held);
  self->held = hold ? g_strdup (name) : NULL;
  notify_all (self);
}

static void
add_item (ValiseScheduler *self,
          GPtrArray       *items,
          ValiseQueueKind  kind,
          const char      *name,
          const char      *title,
          guint64          size,
          guint64          here)
{
  ValiseQueueItem *item = g_new0 (ValiseQueueItem, 1);
  ValiseVerdict    verdict;

  valise_scheduler_get_verdict (self, &verdict);
  item->kind = kind;
  item->name = g_strdup (name);
  item->title = g_strdup (title);
  item->size = size;
  item->here = here;
  item->held = g_strcmp0 (self->held, name) == 0;
  item->wait = item->held                  ? VALISE_WAIT_HELD
               : kind == VALISE_QUEUE_SEND ? verdict.send
               : kind == VALISE_QUEUE_PLAN ? verdict.text
                                           : verdict.files;
  if (item->wait == VALISE_WAIT_NOT && self->phase == VALISE_SYNC_WAITING)
    item->wait = VALISE_WAIT_CONNECTION;
  g_ptr_array_add (items, item);
}

void
valise_queue_item_free (ValiseQueueItem *self)
{
  g_free (self->name);
  g_free (self->title);
  g_free (self->language);
  g_free (self);
}

void
valise_scheduler_list_queue_async (ValiseScheduler    *self,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_queue_item_free);

  if (self->queue > 0)
    {
      add_item (self, items, VALISE_QUEUE_SEND, "desk-xke/xke:submission:1", "xke:submission:1",
                14000, 0);
      add_item (self, items, VALISE_QUEUE_SEND, "desk-xke/xke:report:2", "xke:report:2", 38000, 0);
      add_item (self, items, VALISE_QUEUE_PLAN, "meeting:plenary@public",
                "First substantive plenary", 214000, 96000);
      add_item (self, items, VALISE_QUEUE_FILE, "file:17", "A/AC.292/2026/WP.17", 288000, 176000);
      add_item (self, items, VALISE_QUEUE_FILE, "file:18", "A/AC.292/2026/WP.18", 412000, 0);
    }
  g_task_return_pointer (task, items, (GDestroyNotify) g_ptr_array_unref);
}

GPtrArray *
valise_scheduler_list_queue_finish (ValiseScheduler *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
