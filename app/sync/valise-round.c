/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-round"

#include "config.h"

#include <string.h>

#include "valise-account-trust.h"
#include "valise-acknowledged.h"
#include "valise-home.h"
#include "valise-http-session.h"
#include "valise-outgoing.h"
#include "valise-plan-fetch.h"
#include "valise-policy.h"
#include "valise-replicator.h"
#include "valise-round-files.h"
#include "valise-round.h"
#include "valise-store-peer.h"

typedef struct _Round Round;

/* One database, one way, on a thread of its own. */
typedef struct
{
  Round            *round;
  char             *name;
  gboolean          outwards;
  gboolean          continuous;
  ValiseReplicator *replicator;
  GThread          *thread;

  /* Under the round's mutex */
  ValiseProgress progress;
  guint64        settled; /* of progress.expected: what came or will not come */
  gboolean       caught_up;
  gboolean       done;
  GError        *failure;
} Lane;

struct _Round
{
  ValiseAccount      *account;
  ValiseTrust        *trust;
  ValiseMembership   *membership;
  ValiseServerAddress address; /* lent from membership and password */
  char               *password;
  ValiseHttpSession  *session; /* that all lanes share */
  ValisePolicy       *policy;
  ValiseGate         *rules;       /* NULL: the programme's are not known */
  GCancellable       *cancellable; /* of the lanes */

  const ValiseRoundOrders   *orders; /* NULL: of a fetch alone */
  const ValiseRoundListener *listener;
  gpointer                   user_data;

  GMutex            mutex;
  GCond             cond;
  GPtrArray        *lanes;
  ValiseRoundState  state;
  ValiseRoundFiles *files; /* NULL: not their turn yet */
};

/* --- telling ----------------------------------------------------------------------------- */

/* Sums the lanes and tells. Holds the mutex, so that what is told comes in order. */
static void
tell (Round *round)
{
  ValiseRoundState *state = &round->state;

  state->receiving = state->sending = FALSE;
  state->documents = state->expected = state->waiting = 0;
  valise_http_session_get_traffic (round->session, &state->received, &state->sent);
  for (guint i = 0; i < round->lanes->len; i++)
    {
      const Lane           *lane = g_ptr_array_index (round->lanes, i);
      const ValiseProgress *progress = &lane->progress;
      guint64               finished = MAX (progress->stored + progress->refused, lane->settled);
      guint64 left = progress->expected > finished ? progress->expected - finished : 0;

      if (lane->outwards)
        {
          state->waiting += left;
          state->sending |= left > 0;
          continue;
        }
      state->documents += progress->stored;
      state->expected += progress->expected;
      state->receiving |= left > 0;
    }
  if (round->listener != NULL)
    round->listener->changed (state, round->user_data);
}

static void
progress_cb (ValiseReplicator *replicator, Lane *lane)
{
  Round *round = lane->round;

  g_mutex_lock (&round->mutex);
  valise_replicator_get_progress (replicator, &lane->progress);
  tell (round);
  g_mutex_unlock (&round->mutex);
}

/* The lane's own thread: it reads the log that it has just written. */
static void
trim_journal (Lane *lane)
{
  ValiseHome                *home = valise_account_get_home (lane->round->account);
  g_autoptr (ValiseDatabase) database = valise_home_get_database (home, lane->name, FALSE, NULL);

  if (lane->outwards && database != NULL)
    valise_acknowledged_trim (home, database, lane->round->membership, lane->name);
}

static void
caught_up_cb (ValiseReplicator *replicator, Lane *lane)
{
  Round *round = lane->round;

  trim_journal (lane);
  g_mutex_lock (&round->mutex);
  lane->caught_up = TRUE;
  lane->settled = lane->progress.expected;
  g_cond_broadcast (&round->cond);
  tell (round);
  g_mutex_unlock (&round->mutex);
}

static void
refused_cb (ValiseReplicator *replicator,
            const char       *id,
            const char       *rev,
            const char       *reason,
            Lane             *lane)
{
  Round *round = lane->round;

  g_mutex_lock (&round->mutex);
  if (round->listener != NULL)
    round->listener->refused (id, reason, round->user_data);
  g_mutex_unlock (&round->mutex);
}

/* --- lanes ------------------------------------------------------------------------------- */

static void
free_lane (gpointer data)
{
  Lane *lane = data;

  g_clear_object (&lane->replicator);
  g_clear_error (&lane->failure);
  g_free (lane->name);
  g_free (lane);
}

/* Joins the database @name here and there; inwards with the policy and the gates. */
static ValiseReplicator *
make_replicator (Round *round, const char *name, gboolean outwards, gboolean write, GError **error)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (valise_account_get_home (round->account), name, TRUE, error);
  g_autoptr (ValisePeer) here = NULL, there = NULL;
  ValiseReplicator      *replicator = NULL;

  if (database == NULL)
    return NULL;
  there = valise_http_peer_new_with_session (round->session, name);
  here = valise_store_peer_new (database);

  replicator = valise_replicator_new (outwards ? here : there, outwards ? there : here,
                                      round->membership->device);
  if (!outwards)
    {
      valise_replicator_add_gate (replicator, VALISE_GATE (round->trust), name,
                                  VALISE_SOURCE_SERVER);
      if (round->rules != NULL)
        valise_replicator_add_gate (replicator, round->rules, name, VALISE_SOURCE_SERVER);
      valise_replicator_set_want (replicator, valise_policy_want, valise_policy_ref (round->policy),
                                  (GDestroyNotify) valise_policy_unref);
      valise_replicator_set_want_version (replicator, valise_policy_get_version (round->policy));
      valise_replicator_set_one_way (replicator, !write);
    }
  else if (round->orders != NULL)
    valise_outgoing_keep_held (replicator, round->orders->wanted, name);
  return replicator;
}

/* Whether @failure is about this database alone. */
static gboolean
is_private_failure (const GError *failure)
{
  return g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN)
         || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING);
}

static gpointer
lane_thread (gpointer data)
{
  Lane   *lane = data;
  Round  *round = lane->round;
  GError *failure = NULL;

  valise_replicator_run (lane->replicator, lane->continuous, round->cancellable, &failure);
  trim_journal (lane);

  g_mutex_lock (&round->mutex);
  if (failure != NULL && is_private_failure (failure) && round->listener != NULL)
    round->listener->refused (lane->name, failure->message, round->user_data);
  lane->failure = failure;
  lane->settled = lane->progress.expected;
  lane->done = TRUE;
  g_cond_broadcast (&round->cond);
  tell (round);
  g_mutex_unlock (&round->mutex);
  return NULL;
}

/* Starts a lane and waits until it has caught up; FALSE where it failed, for all. */
static gboolean
start_lane (Round             *round,
            const ValiseGrant *grant,
            gboolean           outwards,
            gboolean           continuous,
            gboolean           retry,
            GError           **error)
{
  Lane    *lane = g_new0 (Lane, 1);
  gboolean ok = TRUE;

  lane->round = round;
  lane->name = g_strdup (grant->name);
  lane->outwards = outwards;
  lane->continuous = continuous;
  lane->replicator = make_replicator (round, grant->name, outwards, grant->write, error);
  if (lane->replicator == NULL)
    {
      free_lane (lane);
      return FALSE;
    }
  if (retry)
    valise_replicator_retry_refused (lane->replicator);
  g_signal_connect (lane->replicator, "progress", G_CALLBACK (progress_cb), lane);
  g_signal_connect (lane->replicator, "caught-up", G_CALLBACK (caught_up_cb), lane);
  g_signal_connect (lane->replicator, "refused", G_CALLBACK (refused_cb), lane);

  g_mutex_lock (&round->mutex);
  g_ptr_array_add (round->lanes, lane);
  lane->thread = g_thread_new ("valise-lane", lane_thread, lane);
  while (!lane->done && !lane->caught_up)
    g_cond_wait (&round->cond, &round->mutex);
  if (lane->done && lane->failure != NULL && !is_private_failure (lane->failure))
    {
      g_propagate_error (error, g_error_copy (lane->failure));
      ok = FALSE;
    }
  g_mutex_unlock (&round->mutex);
  return ok;
}

/* The first lane that ended by a failure for all. Holds the mutex. */
static const GError *
find_failure (Round *round)
{
  for (guint i = 0; i < round->lanes->len; i++)
    {
      const Lane *lane = g_ptr_array_index (round->lanes, i);

      if (lane->done && lane->failure != NULL && !is_private_failure (lane->failure))
        return lane->failure;
    }
  return NULL;
}

static gboolean
has_running (Round *round)
{
  for (guint i = 0; i < round->lanes->len; i++)
    if (!((Lane *) g_ptr_array_index (round->lanes, i))->done)
      return TRUE;
  return FALSE;
}

/* While all goes well. */
static gboolean
stay (Round *round, GError **error)
{
  const GError *failure = NULL;

  g_mutex_lock (&round->mutex);
  while ((failure = find_failure (round)) == NULL && has_running (round))
    g_cond_wait (&round->cond, &round->mutex);
  if (failure != NULL)
    g_propagate_error (error, g_error_copy (failure));
  g_mutex_unlock (&round->mutex);
  return failure == NULL;
}

static void
join_lanes (Round *round)
{
  for (guint i = 0; i < round->lanes->len; i++)
    {
      Lane *lane = g_ptr_array_index (round->lanes, i);

      g_thread_join (lane->thread);
    }
}

/* What the server kept from us, where nothing worse happened. */
static gboolean
check_private_failures (Round *round, GError **error)
{
  for (guint i = 0; i < round->lanes->len; i++)
    {
      Lane *lane = g_ptr_array_index (round->lanes, i);

      if (lane->failure != NULL && is_private_failure (lane->failure))
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&lane->failure), "%s: ", lane->name);
          return FALSE;
        }
    }
  return TRUE;
}

/* --- the server's word ------------------------------------------------------------------- */

/* What this account may read and write. A plain CouchDB does not say: then what was known
 * stays. */
static gboolean
ask_grants (Round *round, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseJson) json = NULL;
  g_autoptr (GPtrArray)  grants = NULL;
  guint                  status = 0;
  GError                *failure = NULL;

  json = valise_http_session_exchange (round->session, "GET", "/_valise/account", NULL, &status,
                                       cancellable, &failure);
  if (json == NULL && status != 404 && status != 400 && status != 405)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_clear_error (&failure);
  round->state.reached = TRUE;
  if (json == NULL)
    return TRUE;

  grants = valise_membership_read_grants (json, valise_json_find (json, 0, "databases"));
  g_ptr_array_unref (round->membership->grants);
  round->membership->grants = g_ptr_array_ref (grants);
  return valise_account_set_grants (round->account, grants, error);
}

/* --- plans ------------------------------------------------------------------------------- */

static void
tell_cost (Round *round, const ValisePlan *plan, const ValisePlanCost *cost, const GError *failure)
{
  g_mutex_lock (&round->mutex);
  if (round->listener != NULL && failure == NULL)
    round->listener->measured (cost->weight, cost->received + cost->sent, round->user_data);
  else if (round->listener != NULL && is_private_failure (failure))
    round->listener->refused (plan->title, failure->message, round->user_data);
  tell (round);
  g_mutex_unlock (&round->mutex);
}

/* What the server lacks, or the gate refuses, of a plan is told, and does not keep it open. */
static gboolean
fetch_plan (Round *round, ValisePlan *plan, GError **error)
{
  g_autoptr (ValiseReplicator) replicator =
      make_replicator (round, plan->database, FALSE, TRUE, error);
  g_autoptr (GError) failure = NULL;
  ValisePlanCost     cost = { 0 };

  if (replicator == NULL)
    return FALSE;
  valise_plan_fetch (plan, valise_account_get_home (round->account), replicator, &cost,
                     round->cancellable, &failure);
  tell_cost (round, plan, &cost, failure);
  if (failure == NULL || is_private_failure (failure))
    return valise_wanted_finish (round->orders->wanted, plan, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The plans that are not held, the newest first; one that is done is taken away. */
static gboolean
fetch_plans (Round *round, GError **error)
{
  g_autoptr (GPtrArray) plans = valise_wanted_list (round->orders->wanted);

  for (guint i = 0; i < plans->len; i++)
    {
      ValisePlan *plan = g_ptr_array_index (plans, i);

      if (!valise_wanted_is_held (round->orders->wanted, plan->name)
          && !fetch_plan (round, plan, error))
        return FALSE;
    }
  return TRUE;
}

/* --- a round ----------------------------------------------------------------------------- */

static gboolean
open_round (Round *round, ValiseAccount *account, ValiseTrust *trust, GError **error)
{
  g_auto (GStrv) languages = valise_account_dup_languages (account);

  round->account = account;
  round->trust = trust;
  round->membership = valise_account_dup_membership (account);
  round->password = valise_account_dup_password (account, error);
  round->address.url = round->membership->server;
  round->address.user = round->membership->user;
  round->address.password = round->password;
  round->address.pin = round->membership->pin;
  round->address.backup_pin = round->membership->backup_pin;
  round->address.meter = valise_account_get_meter (account);
  round->policy = valise_policy_new ((const char *const *) languages);
  round->cancellable = g_cancellable_new ();
  round->lanes = g_ptr_array_new_with_free_func (free_lane);
  g_mutex_init (&round->mutex);
  g_cond_init (&round->cond);
  valise_account_load_keys (account, trust);
  round->rules = valise_account_make_rules (account);
  if (round->password == NULL)
    return FALSE;
  round->session = valise_http_session_new (&round->address, NULL, error);
  return round->session != NULL;
}

static void
close_round (Round *round)
{
  g_ptr_array_unref (round->lanes);
  valise_membership_free (round->membership);
  if (round->password != NULL)
    explicit_bzero (round->password, strlen (round->password));
  g_free (round->password);
  g_clear_pointer (&round->session, valise_http_session_unref);
  valise_policy_unref (round->policy);
  g_clear_object (&round->rules);
  g_object_unref (round->cancellable);
  g_cond_clear (&round->cond);
  g_mutex_clear (&round->mutex);
}

static gboolean
start_lanes (Round *round, gboolean outwards, GError **error)
{
  const ValiseRoundOrders *orders = round->orders;
  GPtrArray               *grants = round->membership->grants;

  for (guint i = 0; i < grants->len; i++)
    {
      const ValiseGrant *grant = g_ptr_array_index (grants, i);

      if ((!outwards || grant->write)
          && !start_lane (round, grant, outwards, orders->continuous, orders->retry, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether documents are on their way: files let them by. On the files' thread. */
static gboolean
has_words (gpointer user_data)
{
  Round   *round = user_data;
  gboolean busy = FALSE;

  g_mutex_lock (&round->mutex);
  busy = round->state.receiving || round->state.sending;
  g_mutex_unlock (&round->mutex);
  return busy;
}

/* Queued submissions go first (DESIGN §5), then what the user prepares to travel with, then what
 * else comes, in the server's order. */
static gboolean
run_lanes (Round *round, GError **error)
{
  if (!start_lanes (round, TRUE, error))
    return FALSE;
  if (round->orders->may >= VALISE_MAY_TEXT
      && (!fetch_plans (round, error) || !start_lanes (round, FALSE, error)))
    return FALSE;

  g_mutex_lock (&round->mutex);
  round->state.current = TRUE;
  tell (round);
  g_mutex_unlock (&round->mutex);
  round->files =
      valise_round_files_start (round->account, round->session, round->orders->continuous,
                                round->orders->retry, has_words, round, round->cancellable);
  return round->orders->continuous
             ? stay (round, error)
             : valise_round_files_finish (g_steal_pointer (&round->files), error);
}

static void
cancel_cb (GCancellable *cancellable, GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

gboolean
valise_round_run (ValiseAccount             *account,
                  ValiseTrust               *trust,
                  const ValiseRoundOrders   *orders,
                  const ValiseRoundListener *listener,
                  gpointer                   user_data,
                  GCancellable              *cancellable,
                  GError                   **error)
{
  Round    round = { 0 };
  gulong   chain = 0;
  gboolean ok = open_round (&round, account, trust, error);

  round.orders = orders;
  round.listener = listener;
  round.user_data = user_data;
  if (cancellable != NULL)
    chain = g_cancellable_connect (cancellable, G_CALLBACK (cancel_cb), round.cancellable, NULL);

  ok = ok && ask_grants (&round, round.cancellable, error);
  if (ok)
    {
      g_mutex_lock (&round.mutex);
      tell (&round);
      g_mutex_unlock (&round.mutex);
      ok = run_lanes (&round, error);
    }
  g_cancellable_disconnect (cancellable, chain);
  g_cancellable_cancel (round.cancellable);
  join_lanes (&round);
  (void) valise_round_files_finish (g_steal_pointer (&round.files), NULL);
  ok = ok && check_private_failures (&round, error);
  close_round (&round);
  return ok;
}

gboolean
valise_round_fetch (ValiseAccount     *account,
                    ValiseTrust       *trust,
                    const char        *database,
                    const char *const *ids,
                    guint64           *received,
                    guint64           *sent,
                    GCancellable      *cancellable,
                    GError           **error)
{
  Round                        round = { 0 };
  g_autoptr (ValiseReplicator) replicator = NULL;
  gboolean                     ok = open_round (&round, account, trust, error);

  if (ok)
    replicator = make_replicator (&round, database, FALSE, TRUE, error);
  ok = replicator != NULL && valise_replicator_fetch (replicator, ids, cancellable, error);
  *received = *sent = 0;
  if (round.session != NULL)
    valise_http_session_get_traffic (round.session, received, sent);
  close_round (&round);
  return ok;
}
