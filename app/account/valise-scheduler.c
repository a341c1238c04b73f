/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-scheduler"

#include "config.h"

#include "valise-home.h"
#include "valise-scheduler-parts.h"
#include "valise-weak.h"

#define NOTIFY_MS 50 /* between two batches of notifications */

/**
 * ValiseScheduler:
 *
 * The object that a window and a script hold. A thread runs the rounds (valise-sync-thread.h);
 * what it finds out is kept in the state, which the properties read; that something changed is
 * told in the maker's main context, a few times a second at most.
 */
G_DEFINE_QUARK (valise_scheduler_error, valise_scheduler_error)

G_DEFINE_FINAL_TYPE (ValiseScheduler, valise_scheduler, G_TYPE_OBJECT)

enum
{
  PROP_PHASE = 1,
  PROP_PROBLEM,
  PROP_PROBLEM_DETAIL,
  PROP_LAST_REACHED,
  PROP_NEXT_ATTEMPT,
  PROP_DOCUMENTS_RECEIVED,
  PROP_DOCUMENTS_EXPECTED,
  PROP_BYTES_RECEIVED,
  PROP_BYTES_SENT,
  PROP_BYTES_RECEIVED_TODAY,
  PROP_BYTES_SENT_TODAY,
  PROP_WAITING,
  PROP_REFUSED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- telling ----------------------------------------------------------------------------- */

static gboolean
notify_cb (gpointer user_data)
{
  g_autoptr (ValiseScheduler) self = g_weak_ref_get (user_data);

  if (self == NULL)
    return G_SOURCE_REMOVE;
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->notify, g_source_unref);
  g_mutex_unlock (&self->mutex);

  g_object_freeze_notify (G_OBJECT (self));
  for (guint id = 1; id < N_PROPS; id++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
  g_object_thaw_notify (G_OBJECT (self));
  return G_SOURCE_REMOVE;
}

/* The source holds no reference: a program without a main loop never runs it. */
void
valise_scheduler_tell (ValiseScheduler *self)
{
  g_mutex_lock (&self->mutex);
  if (self->notify == NULL)
    {
      self->notify = g_timeout_source_new (NOTIFY_MS);
      g_source_set_callback (self->notify, notify_cb, valise_weak_new (self), valise_weak_free);
      g_source_attach (self->notify, self->context);
    }
  g_mutex_unlock (&self->mutex);
}

static void
state_changed_cb (gpointer data, gpointer user_data)
{
  valise_scheduler_tell (user_data);
}

/* --- what the main context hears ----------------------------------------------------------- */

/* A network that came is tried at once; one that went shows itself by the silence. */
static void
network_changed_cb (ValiseScheduler *self, gboolean available, GNetworkMonitor *monitor)
{
  ValiseSyncPhase phase = valise_scheduler_get_phase (self);

  if (available && (phase == VALISE_SYNC_WAITING || phase == VALISE_SYNC_PAUSED))
    valise_sync_thread_nudge (self->thread);
}

/* What moves is looked after while it does; what waits may move now, or wait for another reason. */
static void
metered_changed_cb (ValiseScheduler *self, GParamSpec *pspec, GNetworkMonitor *monitor)
{
  if (valise_scheduler_get_phase (self) == VALISE_SYNC_PAUSED)
    valise_sync_thread_nudge (self->thread);
  valise_file_queue_guard_changed (self->files);
  valise_scheduler_tell (self);
}

/* Other texts are wanted now: the feed is looked at anew. */
static void
languages_changed_cb (ValiseScheduler *self, GParamSpec *pspec, ValiseAccount *account)
{
  if (valise_sync_thread_is_running (self->thread))
    valise_sync_thread_nudge (self->thread);
}

static void
database_changed_cb (ValiseScheduler *self, ValiseDatabase *database)
{
  valise_sync_thread_recount (self->thread);
}

static void
watch_databases (ValiseScheduler *self)
{
  g_autoptr (ValiseMembership) membership = valise_account_dup_membership (self->account);

  for (guint i = 0; i < membership->grants->len; i++)
    {
      const ValiseGrant         *grant = g_ptr_array_index (membership->grants, i);
      g_autoptr (ValiseDatabase) database = NULL;

      if (grant->write)
        database = valise_home_get_database (valise_account_get_home (self->account), grant->name,
                                             FALSE, NULL);
      if (database != NULL)
        g_signal_connect_object (database, "changed", G_CALLBACK (database_changed_cb), self,
                                 G_CONNECT_SWAPPED);
    }
}

/* --- the object -------------------------------------------------------------------------- */

static void
valise_scheduler_dispose (GObject *object)
{
  ValiseScheduler *self = VALISE_SCHEDULER (object);

  valise_scheduler_leave_files (self);
  valise_scheduler_end_keeping (self);
  g_clear_pointer (&self->thread, valise_sync_thread_free);
  g_clear_pointer (&self->state, valise_sync_state_free);
  g_clear_pointer (&self->wanted, valise_wanted_unref);
  g_clear_object (&self->trust);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (valise_scheduler_parent_class)->dispose (object);
}

static void
valise_scheduler_finalize (GObject *object)
{
  ValiseScheduler *self = VALISE_SCHEDULER (object);

  if (self->notify != NULL)
    g_source_destroy (self->notify);
  g_clear_pointer (&self->notify, g_source_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->monitor);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (valise_scheduler_parent_class)->finalize (object);
}

static void
get_property (const ValiseSyncReport *report, guint id, GValue *value)
{
  switch (id)
    {
    case PROP_PHASE:
      g_value_set_int (value, (int) report->phase);
      break;
    case PROP_PROBLEM:
      g_value_set_int (value, (int) report->problem);
      break;
    case PROP_PROBLEM_DETAIL:
      g_value_set_string (value, report->detail);
      break;
    case PROP_LAST_REACHED:
      g_value_set_int64 (value, report->last_reached);
      break;
    case PROP_NEXT_ATTEMPT:
      g_value_set_int64 (value, report->next_attempt);
      break;
    case PROP_REFUSED:
    default:
      g_value_set_boxed (value, report->refused);
      break;
    }
}

static guint64
get_count (const ValiseSyncReport *report, guint id)
{
  switch (id)
    {
    case PROP_DOCUMENTS_RECEIVED:
      return report->round.documents;
    case PROP_DOCUMENTS_EXPECTED:
      return report->round.expected;
    case PROP_BYTES_RECEIVED:
      return report->received;
    case PROP_BYTES_SENT:
      return report->sent;
    case PROP_BYTES_RECEIVED_TODAY:
      return report->received_today;
    case PROP_BYTES_SENT_TODAY:
      return report->sent_today;
    case PROP_WAITING:
    default:
      return report->waiting;
    }
}

static void
valise_scheduler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ValiseScheduler          *self = VALISE_SCHEDULER (object);
  g_auto (ValiseSyncReport) report = { 0 };

  if (id == 0 || id >= N_PROPS)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  valise_sync_state_report (self->state, &report);
  if (G_VALUE_HOLDS_UINT64 (value))
    g_value_set_uint64 (value, get_count (&report, id));
  else
    get_property (&report, id, value);
}

static void
install_int (guint id, const char *name, int most)
{
  properties[id] =
      g_param_spec_int (name, NULL, NULL, 0, most, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
install_time (guint id, const char *name)
{
  properties[id] = g_param_spec_int64 (name, NULL, NULL, 0, G_MAXINT64, 0,
                                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
install_count (guint id, const char *name)
{
  properties[id] = g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
valise_scheduler_class_init (ValiseSchedulerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_scheduler_dispose;
  object_class->finalize = valise_scheduler_finalize;
  object_class->get_property = valise_scheduler_get_property;

  install_int (PROP_PHASE, "phase", VALISE_SYNC_PAUSED);
  install_int (PROP_PROBLEM, "problem", VALISE_PROBLEM_REFUSED);
  install_time (PROP_LAST_REACHED, "last-reached");
  install_time (PROP_NEXT_ATTEMPT, "next-attempt");
  install_count (PROP_DOCUMENTS_RECEIVED, "documents-received");
  install_count (PROP_DOCUMENTS_EXPECTED, "documents-expected");
  install_count (PROP_BYTES_RECEIVED, "bytes-received");
  install_count (PROP_BYTES_SENT, "bytes-sent");
  install_count (PROP_BYTES_RECEIVED_TODAY, "bytes-received-today");
  install_count (PROP_BYTES_SENT_TODAY, "bytes-sent-today");
  install_count (PROP_WAITING, "waiting");
  properties[PROP_PROBLEM_DETAIL] = g_param_spec_string ("problem-detail", NULL, NULL, NULL,
                                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_REFUSED] = g_param_spec_boxed ("refused", NULL, NULL, G_TYPE_STRV,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
valise_scheduler_init (ValiseScheduler *self)
{
  g_mutex_init (&self->mutex);
}

static void
make_parts (ValiseScheduler *self)
{
  const char        *folder = valise_home_get_directory (valise_account_get_home (self->account));
  g_autoptr (GError) failure = NULL;

  self->state = valise_sync_state_new (folder, valise_account_get_meter (self->account),
                                       self->monitor, state_changed_cb, self);
  self->wanted = valise_wanted_load (folder);
  self->trust = valise_trust_new (valise_account_get_programme (self->account),
                                  valise_account_get_root (self->account), &failure);
  if (self->trust == NULL) /* account.json was written over: nothing can be verified */
    g_message ("The programme's root key is damaged: %s", failure->message);
  self->thread =
      valise_sync_thread_new (self->account, self->trust, self->state, self->wanted, self->monitor);
  valise_scheduler_begin_keeping (self);
  valise_scheduler_guard_files (self);
  if (valise_account_is_sample (self->account))
    valise_sync_state_set_phase (self->state, VALISE_SYNC_LOCAL, 0);
}

/**
 * valise_scheduler_new_with_monitor:
 * @account: whose databases; kept
 * @monitor: who knows whether there is a network and whether it is metered; kept
 *
 * Returns: (transfer full): a scheduler that is stopped
 */
ValiseScheduler *
valise_scheduler_new_with_monitor (ValiseAccount *account, GNetworkMonitor *monitor)
{
  ValiseScheduler *self = NULL;

  g_return_val_if_fail (VALISE_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (G_IS_NETWORK_MONITOR (monitor), NULL);

  self = g_object_new (VALISE_TYPE_SCHEDULER, NULL);
  self->account = g_object_ref (account);
  self->context = g_main_context_ref_thread_default ();
  self->monitor = g_object_ref (monitor);
  make_parts (self);
  g_signal_connect_object (monitor, "network-changed", G_CALLBACK (network_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (monitor, "notify::network-metered", G_CALLBACK (metered_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::languages", G_CALLBACK (languages_changed_cb), self,
                           G_CONNECT_SWAPPED);
  watch_databases (self);
  return self;
}

ValiseScheduler *
valise_scheduler_new (ValiseAccount *account)
{
  return valise_scheduler_new_with_monitor (account, g_network_monitor_get_default ());
}

/* --- operations -------------------------------------------------------------------------- */

gboolean
valise_scheduler_can_sync (ValiseScheduler *self, GError **error)
{
  if (valise_account_is_sample (self->account))
    g_set_error_literal (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE,
                         "A sample has no server");
  else if (self->trust == NULL)
    g_set_error_literal (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_DAMAGED,
                         "The programme's root key is damaged");
  else
    return TRUE;
  return FALSE;
}

void
valise_scheduler_start (ValiseScheduler *self)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self));

  if (valise_scheduler_can_sync (self, NULL))
    valise_sync_thread_start (self->thread);
}

void
valise_scheduler_stop (ValiseScheduler *self)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self));

  valise_sync_thread_stop (self->thread);
  (void) valise_scheduler_flush (self, NULL); /* a failure was told when it happened */
}

void
valise_scheduler_go_beyond (ValiseScheduler *self)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self));

  g_mutex_lock (&self->mutex);
  self->beyond = TRUE;
  g_mutex_unlock (&self->mutex);
}

gboolean
valise_scheduler_take_beyond (ValiseScheduler *self)
{
  gboolean beyond = FALSE;

  g_mutex_lock (&self->mutex);
  beyond = self->beyond;
  self->beyond = FALSE;
  g_mutex_unlock (&self->mutex);
  return beyond;
}

void
valise_scheduler_sync_now (ValiseScheduler *self)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self));

  valise_sync_thread_ask (self->thread, valise_scheduler_take_beyond (self));
  valise_scheduler_start (self);
}

gboolean
valise_scheduler_sync_once (ValiseScheduler *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), FALSE);

  return valise_scheduler_can_sync (self, error)
         && valise_sync_thread_run_once (self->thread, valise_scheduler_take_beyond (self),
                                         cancellable, error);
}

gboolean
valise_scheduler_settle (ValiseScheduler *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), FALSE);

  return valise_turn_settle (valise_sync_thread_get_turn (self->thread), cancellable, error);
}

/* --- how it stands --------------------------------------------------------------------------- */

ValiseSyncPhase
valise_scheduler_get_phase (ValiseScheduler *self)
{
  g_auto (ValiseSyncReport) report = { 0 };

  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), VALISE_SYNC_STOPPED);

  valise_sync_state_report (self->state, &report);
  return report.phase;
}

ValiseSyncProblem
valise_scheduler_get_problem (ValiseScheduler *self)
{
  g_auto (ValiseSyncReport) report = { 0 };

  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), VALISE_PROBLEM_NONE);

  valise_sync_state_report (self->state, &report);
  return report.problem;
}

gint64
valise_scheduler_get_last_reached (ValiseScheduler *self)
{
  g_auto (ValiseSyncReport) report = { 0 };

  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), 0);

  valise_sync_state_report (self->state, &report);
  return report.last_reached;
}
