/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-round"

#include "config.h"

#include "valise-account-trust.h"
#include "valise-home.h"
#include "valise-plan-fetch.h"
#include "valise-replicator.h"
#include "valise-round-parts.h"

/* --- plans ------------------------------------------------------------------------------- */

static void
tell_cost (ValiseRound          *round,
           const ValisePlan     *plan,
           const ValisePlanCost *cost,
           const GError         *failure)
{
  g_mutex_lock (&round->mutex);
  if (round->listener != NULL && failure == NULL)
    round->listener->measured (cost->weight, cost->received + cost->sent, round->user_data);
  else if (round->listener != NULL && valise_round_is_private (failure))
    round->listener->refused (plan->title, failure->message, round->user_data);
  valise_round_tell (round);
  g_mutex_unlock (&round->mutex);
}

/* What the server lacks, or the gate refuses, of a plan is told, and does not keep it open. */
static gboolean
fetch_plan (ValiseRound *round, ValisePlan *plan, GError **error)
{
  g_autoptr (ValiseReplicator) replicator =
      valise_lane_make_replicator (&round->kit, plan->database, FALSE, TRUE, NULL, error);
  g_autoptr (GError) failure = NULL;
  ValisePlanCost     cost = { 0 };

  if (replicator == NULL)
    return FALSE;
  valise_plan_fetch (plan, valise_account_get_home (round->kit.account), replicator, &cost,
                     round->cancellable, &failure);
  tell_cost (round, plan, &cost, failure);
  if (failure == NULL || valise_round_is_private (failure))
    return valise_wanted_finish (round->orders->wanted, plan, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The plans that are not held, the newest first; one that is done is taken away. */
static gboolean
fetch_plans (ValiseRound *round, GError **error)
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
open_round (ValiseRound *round, ValiseAccount *account, ValiseTrust *trust, GError **error)
{
  g_auto (GStrv) languages = valise_account_dup_languages (account);

  round->membership = valise_account_dup_membership (account);
  round->kit.account = account;
  round->kit.trust = trust;
  round->kit.membership = round->membership;
  round->kit.policy = valise_policy_new ((const char *const *) languages);
  round->cancellable = g_cancellable_new ();
  round->lanes = g_ptr_array_new ();
  g_mutex_init (&round->mutex);
  g_cond_init (&round->cond);
  valise_account_load_keys (account, trust);
  round->kit.rules = valise_account_make_rules (account);
  if (!valise_acquaintance_open (round->known, account, error))
    return FALSE;
  round->kit.session = round->known->session;
  valise_http_session_get_traffic (round->kit.session, &round->received, &round->sent);
  return TRUE;
}

static void
close_round (ValiseRound *round)
{
  g_ptr_array_unref (round->lanes);
  valise_acquaintance_end_round (round->known);
  valise_membership_free (round->membership);
  valise_policy_unref (round->kit.policy);
  g_clear_object (&round->kit.rules);
  g_object_unref (round->cancellable);
  g_cond_clear (&round->cond);
  g_mutex_clear (&round->mutex);
}

/* Whether documents are on their way: files let them by. On the files' thread. */
static gboolean
has_words (gpointer user_data)
{
  ValiseRound *round = user_data;
  gboolean     busy = FALSE;

  g_mutex_lock (&round->mutex);
  busy = round->state.receiving || round->state.sending;
  g_mutex_unlock (&round->mutex);
  return busy;
}

/* Queued submissions go first (DESIGN §5), then what the user prepares to travel with, then what
 * else comes, in the server's order. */
static gboolean
run_round (ValiseRound *round, GError **error)
{
  const ValiseRoundOrders *orders = round->orders;

  if (!valise_round_run_lanes (round, TRUE, error))
    return FALSE;
  if (orders->may >= VALISE_MAY_TEXT
      && (!fetch_plans (round, error) || !valise_round_run_lanes (round, FALSE, error)))
    return FALSE;

  g_mutex_lock (&round->mutex);
  round->state.current = TRUE;
  valise_round_tell (round);
  g_mutex_unlock (&round->mutex);
  round->files =
      valise_round_files_start (round->kit.account, round->kit.session, orders->continuous,
                                orders->retry, has_words, round, round->cancellable);
  if (!orders->continuous)
    return valise_round_files_finish (g_steal_pointer (&round->files), error);
  return round->known->cannot_poll ? valise_round_stay (round, error)
                                   : valise_round_listen (round, error);
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
  ValiseRound round = {
    .known = orders->known, .orders = orders, .listener = listener, .user_data = user_data
  };
  gulong   chain = 0;
  gboolean ok = open_round (&round, account, trust, error);

  round.kit.wanted = orders->wanted;
  if (cancellable != NULL)
    chain = g_cancellable_connect (cancellable, G_CALLBACK (cancel_cb), round.cancellable, NULL);

  ok = ok && valise_round_meet (&round, error);
  if (ok)
    {
      g_mutex_lock (&round.mutex);
      valise_round_tell (&round);
      g_mutex_unlock (&round.mutex);
      ok = run_round (&round, error);
    }
  g_cancellable_disconnect (cancellable, chain);
  g_cancellable_cancel (round.cancellable);
  valise_round_join_lanes (&round);
  (void) valise_round_files_finish (g_steal_pointer (&round.files), NULL);
  ok = ok && valise_round_check_private (&round, error);
  close_round (&round);
  return ok;
}

gboolean
valise_round_fetch (ValiseAccount      *account,
                    ValiseTrust        *trust,
                    ValiseAcquaintance *known,
                    const char         *database,
                    const char *const  *ids,
                    GCancellable       *cancellable,
                    GError            **error)
{
  ValiseRound                  round = { .known = known };
  g_autoptr (ValiseReplicator) replicator = NULL;
  gboolean                     ok = open_round (&round, account, trust, error);

  if (ok)
    replicator = valise_lane_make_replicator (&round.kit, database, FALSE, TRUE, NULL, error);
  ok = replicator != NULL && valise_replicator_fetch (replicator, ids, cancellable, error);
  close_round (&round);
  return ok;
}
