/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-scheduler"

#include "config.h"

#include "valise-clock.h"
#include "valise-db.h"
#include "valise-home.h"
#include "valise-round.h"
#include "valise-scheduler.h"
#include "valise-standing.h"

#define BACKOFF_FIRST_US G_USEC_PER_SEC
#define BACKOFF_CAP_US   (45 * G_USEC_PER_SEC) /* so that a server is found within a minute */
#define MAX_REFUSED      100
#define NOTIFY_MS        50 /* between two batches of notifications */

typedef struct
{
  ValiseSyncPhase   phase;
  ValiseSyncProblem problem;
  char             *detail;
  gint64            next_attempt; /* µs since 1970; 0: none is planned */
  ValiseRoundState  round;
  guint64           waiting;
  GPtrArray        *refused; /* (element-type utf8) */
} Snapshot;

/**
 * ValiseScheduler:
 *
 * One thread of its own runs round after round (see valise-round.h), and waits between those
 * that fail. What it finds out is kept in a snapshot under the mutex, which the properties
 * read; that something changed is told in the maker's main context, a few times a second at
 * most.
 */
struct _ValiseScheduler
{
  GObject parent_instance;

  ValiseAccount   *account;
  ValiseTrust     *trust;
  ValiseStanding  *standing;
  GMainContext    *context;
  GNetworkMonitor *monitor;
  GThread         *thread; /* NULL: stopped */

  GMutex        mutex;
  GCond         cond;
  Snapshot      now;
  guint64       counted_received; /* bytes of the round that the standing has */
  guint64       counted_sent;
  GSource      *notify;      /* waiting to tell */
  GCancellable *cancellable; /* of the round that runs */
  gboolean      stopping;
  gboolean      nudged; /* try at once */
  gboolean      recount;
  gboolean      retry; /* what was refused, too */
};

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

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

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

/* Holds the mutex. The source holds no reference: a program without a main loop never runs
 * it. */
static void
tell (ValiseScheduler *self)
{
  GWeakRef *weak = NULL;

  if (self->notify != NULL)
    return;

  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  self->notify = g_timeout_source_new (NOTIFY_MS);
  g_source_set_callback (self->notify, notify_cb, weak, free_weak_ref);
  g_source_attach (self->notify, self->context);
}

static void
set_phase (ValiseScheduler *self, ValiseSyncPhase phase)
{
  g_mutex_lock (&self->mutex);
  self->now.phase = phase;
  if (phase != VALISE_SYNC_WAITING)
    self->now.next_attempt = 0;
  tell (self);
  g_mutex_unlock (&self->mutex);
}

static void
save_standing (ValiseScheduler *self, gboolean now)
{
  g_autoptr (GError) failure = NULL;

  /* A count that cannot be kept must not stop the sync; a full disk shows itself elsewhere. */
  if (!valise_standing_save (self->standing, now, &failure))
    g_info ("%s", failure->message);
}

static ValiseSyncPhase
choose_phase (const ValiseRoundState *state)
{
  if (!state->reached)
    return VALISE_SYNC_REACHING;
  if (state->sending)
    return VALISE_SYNC_SENDING;
  if (state->receiving || !state->current)
    return VALISE_SYNC_RECEIVING;
  return VALISE_SYNC_CURRENT;
}

/* --- a round ----------------------------------------------------------------------------- */

static void
round_changed (const ValiseRoundState *state, gpointer user_data)
{
  ValiseScheduler *self = user_data;
  guint64          received = 0, sent = 0;

  g_mutex_lock (&self->mutex);
  received = state->received - MIN (self->counted_received, state->received);
  sent = state->sent - MIN (self->counted_sent, state->sent);
  self->counted_received = state->received;
  self->counted_sent = state->sent;
  self->now.round = *state;
  self->now.waiting = state->waiting;
  self->now.phase = choose_phase (state);
  if (self->now.problem != VALISE_PROBLEM_REFUSED)
    self->now.problem = VALISE_PROBLEM_NONE;
  g_clear_pointer (&self->now.detail, g_free);
  if (received > 0)
    valise_standing_set_reached (self->standing, valise_clock_now ());
  valise_standing_add_bytes (self->standing, received, sent);
  tell (self);
  g_mutex_unlock (&self->mutex);
  save_standing (self, FALSE);
}

static void
round_refused (const char *id, const char *reason, gpointer user_data)
{
  ValiseScheduler *self = user_data;
  char            *line = g_strdup_printf ("%s: %s", id, reason);

  g_message ("Refused: %s", line);
  g_mutex_lock (&self->mutex);
  if (g_ptr_array_find_with_equal_func (self->now.refused, line, g_str_equal, NULL))
    g_free (line);
  else
    g_ptr_array_add (self->now.refused, line);
  if (self->now.refused->len > MAX_REFUSED)
    g_ptr_array_remove_index (self->now.refused, 0);
  self->now.problem = VALISE_PROBLEM_REFUSED;
  tell (self);
  g_mutex_unlock (&self->mutex);
}

static const ValiseRoundListener listener = { round_changed, round_refused };

static gboolean
is_loopback (ValiseScheduler *self)
{
  const char      *server = valise_account_get_server (self->account);
  g_autoptr (GUri) uri = server != NULL ? g_uri_parse (server, G_URI_FLAGS_NONE, NULL) : NULL;
  const char      *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL
         && (g_str_has_prefix (host, "127.") || g_str_equal (host, "::1")
             || g_str_equal (host, "localhost"));
}

/* Why the server did not answer, as far as this laptop can tell. */
static ValiseSyncProblem
explain_network (ValiseScheduler *self, ValiseSyncProblem otherwise)
{
  if (is_loopback (self))
    return otherwise;
  if (!g_network_monitor_get_network_available (self->monitor))
    return VALISE_PROBLEM_NO_NETWORK;
  if (g_network_monitor_get_connectivity (self->monitor) == G_NETWORK_CONNECTIVITY_PORTAL)
    return VALISE_PROBLEM_PORTAL;
  return otherwise;
}

static ValiseSyncProblem
classify (ValiseScheduler *self, const GError *error)
{
  if (error->domain == VALISE_DB_ERROR || error->domain == G_FILE_ERROR
      || error->domain == VALISE_HOME_ERROR)
    return VALISE_PROBLEM_DISK;
  if (error->domain == VALISE_ACCOUNT_ERROR)
    return VALISE_PROBLEM_CREDENTIALS;
  if (error->domain != VALISE_PEER_ERROR)
    return VALISE_PROBLEM_SERVER;

  switch ((ValisePeerError) error->code)
    {
    case VALISE_PEER_ERROR_NETWORK:
      return explain_network (self, VALISE_PROBLEM_UNREACHABLE);
    case VALISE_PEER_ERROR_PORTAL:
      return VALISE_PROBLEM_PORTAL;
    case VALISE_PEER_ERROR_IDENTITY:
      return explain_network (self, VALISE_PROBLEM_IDENTITY);
    case VALISE_PEER_ERROR_CREDENTIALS:
    case VALISE_PEER_ERROR_FORBIDDEN:
      return VALISE_PROBLEM_CREDENTIALS;
    case VALISE_PEER_ERROR_MISSING:
    case VALISE_PEER_ERROR_TOO_LARGE:
    case VALISE_PEER_ERROR_BUSY:
    case VALISE_PEER_ERROR_SERVER:
    case VALISE_PEER_ERROR_PROTOCOL:
    default:
      return VALISE_PROBLEM_SERVER;
    }
}

/* Begins to count anew; holds the mutex. */
static void
begin_round (ValiseScheduler *self)
{
  ValiseRoundState none = { 0 };

  self->now.round = none;
  self->now.phase = VALISE_SYNC_REACHING;
  self->now.next_attempt = 0;
  self->counted_received = self->counted_sent = 0;
  if (self->retry)
    {
      g_ptr_array_set_size (self->now.refused, 0);
      self->now.problem = VALISE_PROBLEM_NONE;
    }
  tell (self);
}

static gboolean
run_round (ValiseScheduler *self, gboolean continuous, GCancellable *cancellable, GError **error)
{
  gboolean retry = FALSE;

  g_mutex_lock (&self->mutex);
  begin_round (self);
  retry = self->retry;
  self->retry = FALSE;
  g_mutex_unlock (&self->mutex);

  return valise_round_run (self->account, self->trust, continuous, retry, &listener, self,
                           cancellable, error);
}

static void
note_failure (ValiseScheduler *self, const GError *failure)
{
  guint64 waiting = valise_round_count_waiting (self->account);

  g_mutex_lock (&self->mutex);
  self->now.waiting = waiting;
  if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      self->now.problem = classify (self, failure);
      g_free (self->now.detail);
      self->now.detail = g_strdup (failure->message);
    }
  tell (self);
  g_mutex_unlock (&self->mutex);
  save_standing (self, TRUE);
}

/* --- the thread -------------------------------------------------------------------------- */

/* Half to whole of @backoff, so that many laptops do not come back at once. */
static gint64
jitter (gint64 backoff)
{
  return backoff / 2 + (gint64) (g_random_double () * (double) (backoff / 2));
}

/* Until the next attempt is due, somebody wants one, or it is over. */
static void
wait_for_attempt (ValiseScheduler *self, gint64 wait_us)
{
  gint64 until = g_get_monotonic_time () + wait_us;

  g_mutex_lock (&self->mutex);
  self->now.phase = VALISE_SYNC_WAITING;
  self->now.next_attempt = valise_clock_now () + wait_us;
  tell (self);
  while (!self->stopping && !self->nudged && g_get_monotonic_time () < until)
    {
      g_cond_wait_until (&self->cond, &self->mutex, until);
      if (self->recount)
        {
          guint64 waiting = 0;

          self->recount = FALSE;
          g_mutex_unlock (&self->mutex);
          waiting = valise_round_count_waiting (self->account);
          g_mutex_lock (&self->mutex);
          self->now.waiting = waiting;
          tell (self);
        }
    }
  g_mutex_unlock (&self->mutex);
}

/* The cancellable of the next round, or NULL where it is over. */
static GCancellable *
next_round (ValiseScheduler *self)
{
  GCancellable *cancellable = NULL;

  g_mutex_lock (&self->mutex);
  self->nudged = FALSE;
  g_clear_object (&self->cancellable);
  if (!self->stopping)
    {
      self->cancellable = g_cancellable_new ();
      cancellable = g_object_ref (self->cancellable);
    }
  g_mutex_unlock (&self->mutex);
  return cancellable;
}

static gpointer
scheduler_thread (gpointer data)
{
  ValiseScheduler *self = data;
  gint64           backoff = BACKOFF_FIRST_US;
  GCancellable    *cancellable = NULL;

  while ((cancellable = next_round (self)) != NULL)
    {
      g_autoptr (GCancellable) owned = cancellable;
      g_autoptr (GError)       failure = NULL;

      if (!run_round (self, TRUE, cancellable, &failure))
        note_failure (self, failure);

      g_mutex_lock (&self->mutex);
      if (self->now.round.reached || self->nudged)
        backoff = BACKOFF_FIRST_US;
      g_mutex_unlock (&self->mutex);
      if (!g_cancellable_is_cancelled (cancellable))
        wait_for_attempt (self, jitter (backoff));
      backoff = MIN (backoff * 2, BACKOFF_CAP_US);
    }
  return NULL;
}

/* Ends what runs or waits, so that the thread looks again. */
static void
nudge (ValiseScheduler *self)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_mutex_lock (&self->mutex);
  self->nudged = TRUE;
  if (self->cancellable != NULL)
    cancellable = g_object_ref (self->cancellable);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
}

/* --- what the main context hears ----------------------------------------------------------- */

/* A network that came is tried at once; one that went shows itself by the silence. */
static void
network_changed_cb (ValiseScheduler *self, gboolean available, GNetworkMonitor *monitor)
{
  gboolean waits = FALSE;

  g_mutex_lock (&self->mutex);
  waits = self->now.phase == VALISE_SYNC_WAITING;
  g_mutex_unlock (&self->mutex);
  if (available && waits)
    nudge (self);
}

/* Other texts are wanted now: the feed is looked at anew. */
static void
languages_changed_cb (ValiseScheduler *self, GParamSpec *pspec, ValiseAccount *account)
{
  if (self->thread != NULL)
    nudge (self);
}

static void
database_changed_cb (ValiseScheduler *self, ValiseDatabase *database)
{
  g_mutex_lock (&self->mutex);
  self->recount = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
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

  valise_scheduler_stop (self);
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
  g_clear_pointer (&self->standing, valise_standing_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->now.refused);
  g_free (self->now.detail);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (valise_scheduler_parent_class)->finalize (object);
}

static void
get_strings (const Snapshot *now, GValue *value)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint i = 0; i < now->refused->len; i++)
    g_strv_builder_add (lines, g_ptr_array_index (now->refused, i));
  g_value_take_boxed (value, g_strv_builder_end (lines));
}

/* Holds the mutex. */
static void
get_property (ValiseScheduler *self, guint id, GValue *value)
{
  const Snapshot *now = &self->now;
  guint64         received = 0, sent = 0;

  valise_standing_get_today (self->standing, &received, &sent);
  switch (id)
    {
    case PROP_PHASE:
      g_value_set_int (value, (int) now->phase);
      break;
    case PROP_PROBLEM:
      g_value_set_int (value, (int) now->problem);
      break;
    case PROP_PROBLEM_DETAIL:
      g_value_set_string (value, now->detail);
      break;
    case PROP_LAST_REACHED:
      g_value_set_int64 (value, valise_standing_get_reached (self->standing));
      break;
    case PROP_NEXT_ATTEMPT:
      g_value_set_int64 (value, now->next_attempt);
      break;
    case PROP_REFUSED:
      get_strings (now, value);
      break;
    case PROP_DOCUMENTS_RECEIVED:
      g_value_set_uint64 (value, now->round.documents);
      break;
    case PROP_DOCUMENTS_EXPECTED:
      g_value_set_uint64 (value, now->round.expected);
      break;
    case PROP_BYTES_RECEIVED:
      g_value_set_uint64 (value, now->round.received);
      break;
    case PROP_BYTES_SENT:
      g_value_set_uint64 (value, now->round.sent);
      break;
    case PROP_BYTES_RECEIVED_TODAY:
      g_value_set_uint64 (value, received);
      break;
    case PROP_BYTES_SENT_TODAY:
      g_value_set_uint64 (value, sent);
      break;
    case PROP_WAITING:
    default:
      g_value_set_uint64 (value, now->waiting);
      break;
    }
}

static void
valise_scheduler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ValiseScheduler *self = VALISE_SCHEDULER (object);

  if (id == 0 || id >= N_PROPS)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  g_mutex_lock (&self->mutex);
  get_property (self, id, value);
  g_mutex_unlock (&self->mutex);
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

  install_int (PROP_PHASE, "phase", VALISE_SYNC_WAITING);
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
  g_cond_init (&self->cond);
  self->now.refused = g_ptr_array_new_with_free_func (g_free);
  self->now.phase = VALISE_SYNC_STOPPED;
}

/**
 * valise_scheduler_new:
 * @account: whose databases; kept
 *
 * Returns: (transfer full): a scheduler that is stopped
 */
ValiseScheduler *
valise_scheduler_new (ValiseAccount *account)
{
  ValiseScheduler   *self = NULL;
  g_autoptr (GError) failure = NULL;

  g_return_val_if_fail (VALISE_IS_ACCOUNT (account), NULL);

  self = g_object_new (VALISE_TYPE_SCHEDULER, NULL);
  self->account = g_object_ref (account);
  self->context = g_main_context_ref_thread_default ();
  self->standing =
      valise_standing_load (valise_home_get_directory (valise_account_get_home (account)));
  self->monitor = g_network_monitor_get_default ();
  self->trust = valise_trust_new (valise_account_get_programme (account),
                                  valise_account_get_root (account), &failure);
  if (self->trust == NULL) /* account.json was written over: nothing can be verified */
    g_message ("The programme's root key is damaged: %s", failure->message);
  if (valise_account_is_sample (account))
    self->now.phase = VALISE_SYNC_LOCAL;
  g_signal_connect_object (self->monitor, "network-changed", G_CALLBACK (network_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (account, "notify::languages", G_CALLBACK (languages_changed_cb), self,
                           G_CONNECT_SWAPPED);
  watch_databases (self);
  return self;
}

/* --- operations -------------------------------------------------------------------------- */

static gboolean
can_sync (ValiseScheduler *self, GError **error)
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

  if (self->thread != NULL || !can_sync (self, NULL))
    return;
  self->stopping = FALSE;
  self->thread = g_thread_new ("valise-scheduler", scheduler_thread, self);
}

void
valise_scheduler_stop (ValiseScheduler *self)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self));

  if (self->thread == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->stopping = TRUE;
  g_mutex_unlock (&self->mutex);
  nudge (self);
  g_thread_join (g_steal_pointer (&self->thread));
  set_phase (self, VALISE_SYNC_STOPPED);
  save_standing (self, TRUE);
}

void
valise_scheduler_sync_now (ValiseScheduler *self)
{
  g_return_if_fail (VALISE_IS_SCHEDULER (self));

  g_mutex_lock (&self->mutex);
  self->retry = TRUE;
  g_mutex_unlock (&self->mutex);
  if (self->thread != NULL)
    nudge (self);
  else
    valise_scheduler_start (self);
}

gboolean
valise_scheduler_sync_once (ValiseScheduler *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean           ok = FALSE;

  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), FALSE);

  if (!can_sync (self, error))
    return FALSE;
  ok = run_round (self, FALSE, cancellable, &failure);
  if (!ok)
    {
      note_failure (self, failure);
      g_propagate_error (error, g_steal_pointer (&failure));
    }
  set_phase (self, ok ? VALISE_SYNC_CURRENT : VALISE_SYNC_STOPPED);
  save_standing (self, TRUE);
  return ok;
}

typedef struct
{
  char  *database;
  char **ids;
} Fetch;

static void
free_fetch (gpointer data)
{
  Fetch *fetch = data;

  g_free (fetch->database);
  g_strfreev (fetch->ids);
  g_free (fetch);
}

static void
fetch_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  ValiseScheduler *self = source;
  Fetch           *fetch = task_data;
  GError          *failure = NULL;
  guint64          received = 0, sent = 0;
  gboolean         ok = can_sync (self, &failure);

  if (ok)
    ok = valise_round_fetch (self->account, self->trust, fetch->database,
                             (const char *const *) fetch->ids, &received, &sent, cancellable,
                             &failure);
  valise_standing_add_bytes (self->standing, received, sent);
  if (received > 0)
    valise_standing_set_reached (self->standing, valise_clock_now ());
  save_standing (self, FALSE);
  g_mutex_lock (&self->mutex);
  tell (self);
  g_mutex_unlock (&self->mutex);

  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, failure);
}

void
valise_scheduler_fetch_async (ValiseScheduler    *self,
                              const char         *database,
                              const char *const  *ids,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Fetch            *fetch = NULL;

  g_return_if_fail (VALISE_IS_SCHEDULER (self));
  g_return_if_fail (database != NULL && ids != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  fetch = g_new0 (Fetch, 1);
  fetch->database = g_strdup (database);
  fetch->ids = g_strdupv ((char **) ids);
  g_task_set_source_tag (task, valise_scheduler_fetch_async);
  g_task_set_task_data (task, fetch, free_fetch);
  g_task_run_in_thread (task, fetch_in_thread);
}

gboolean
valise_scheduler_fetch_finish (ValiseScheduler *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, valise_scheduler_fetch_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

ValiseSyncPhase
valise_scheduler_get_phase (ValiseScheduler *self)
{
  ValiseSyncPhase phase = VALISE_SYNC_STOPPED;

  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), phase);

  g_mutex_lock (&self->mutex);
  phase = self->now.phase;
  g_mutex_unlock (&self->mutex);
  return phase;
}

ValiseSyncProblem
valise_scheduler_get_problem (ValiseScheduler *self)
{
  ValiseSyncProblem problem = VALISE_PROBLEM_NONE;

  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), problem);

  g_mutex_lock (&self->mutex);
  problem = self->now.problem;
  g_mutex_unlock (&self->mutex);
  return problem;
}

gint64
valise_scheduler_get_last_reached (ValiseScheduler *self)
{
  g_return_val_if_fail (VALISE_IS_SCHEDULER (self), 0);

  return valise_standing_get_reached (self->standing);
}
