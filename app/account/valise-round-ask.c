/* valise-round-ask.c - what is new at the server, and bringing it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-round"

#include "config.h"

#include "valise-round-parts.h"

/* --- the lanes ------------------------------------------------------------------------------- */

/* NULL where the account has none. */
static ValiseLane *
find_lane (ValiseRound *self, const char *name, gboolean outwards)
{
  for (guint i = 0; i < self->known->lanes->len; i++)
    {
      ValiseLane *lane = g_ptr_array_index (self->known->lanes, i);

      if (lane->outwards == outwards && g_str_equal (lane->name, name))
        return lane;
    }
  return NULL;
}

static gboolean
settle_lanes (ValiseRound *self, GError **error)
{
  GPtrArray *grants = self->membership->grants;

  for (guint i = 0; i < grants->len; i++)
    {
      const ValiseGrant *grant = g_ptr_array_index (grants, i);

      if (valise_acquaintance_get_lane (self->known, &self->kit, grant, FALSE, error) == NULL
          || (grant->write
              && valise_acquaintance_get_lane (self->known, &self->kit, grant, TRUE, error)
                     == NULL))
        return FALSE;
    }
  return TRUE;
}

/* --- asking ---------------------------------------------------------------------------------- */

static void
add_database (ValiseRound *self, ValisePoll *poll, const ValiseGrant *grant)
{
  ValiseLane *in = find_lane (self, grant->name, FALSE);
  ValiseLane *out = find_lane (self, grant->name, TRUE);
  const char *uuid = valise_lane_get_uuid (in);

  if (in->shut)
    return;
  if (uuid == NULL && out != NULL)
    uuid = valise_lane_get_uuid (out);
  valise_poll_add (poll, grant->name, valise_lane_get_since (in), uuid);
  valise_lane_add_log (in, poll);
  if (out != NULL)
    valise_lane_add_log (out, poll);
}

ValisePoll *
valise_round_make_question (ValiseRound *self)
{
  const char *tag = self->known->tag != NULL ? self->known->tag : self->membership->tag;
  ValisePoll *poll = valise_poll_new (self->known->run, tag);

  for (guint i = 0; i < self->membership->grants->len; i++)
    add_database (self, poll, g_ptr_array_index (self->membership->grants, i));
  return poll;
}

static gboolean
take_grants (ValiseRound *self, GPtrArray *grants, const char *tag, GError **error)
{
  g_ptr_array_unref (self->membership->grants);
  self->membership->grants = g_ptr_array_ref (grants);
  return valise_account_set_grants (self->kit.account, grants, tag, error)
         && settle_lanes (self, error);
}

/* What it says of each database goes to that one's lanes. */
gboolean
valise_round_take_answer (ValiseRound *self, const ValisePollAnswer *answer, GError **error)
{
  ValiseAcquaintance *known = self->known;

  g_free (known->run);
  known->run = g_strdup (answer->run);
  if (answer->grants != NULL && !take_grants (self, answer->grants, answer->tag, error))
    return FALSE;
  if (answer->tag != NULL)
    {
      g_free (known->tag);
      known->tag = g_strdup (answer->tag);
    }
  for (guint i = 0; i < known->lanes->len; i++)
    {
      ValiseLane *lane = g_ptr_array_index (known->lanes, i);

      if (!lane->shut)
        valise_lane_take_news (lane, valise_poll_answer_find (answer, lane->name));
      lane->asked = FALSE;
    }
  return TRUE;
}

/* Whether this is another run of the server than the one whose sequences we know. */
gboolean
valise_round_is_another_run (ValiseRound *self, const ValisePollAnswer *answer)
{
  return self->known->run != NULL && g_strcmp0 (answer->run, self->known->run) != 0;
}

/* Asks by one question; a server that knows none is remembered as such. */
static ValisePollAnswer *
ask_once (ValiseRound *self, GError **error)
{
  g_autoptr (ValisePoll) poll = valise_round_make_question (self);
  guint                  status = 0;
  GError                *failure = NULL;
  ValisePollAnswer      *answer =
      valise_poll_ask (poll, self->kit.session, 0, &status, self->cancellable, &failure);

  if (answer != NULL)
    return answer;
  self->known->cannot_poll = status == 404 || status == 400 || status == 405;
  if (!self->known->cannot_poll)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  g_error_free (failure);
  g_ptr_array_set_size (self->known->lanes, 0);
  return NULL;
}

/* The server was restarted: what it says of the databases is compared with what is written down
 * here. */
static ValisePollAnswer *
ask (ValiseRound *self, GError **error)
{
  g_autoptr (ValisePollAnswer) answer = ask_once (self, error);

  if (answer == NULL || !valise_round_is_another_run (self, answer))
    return g_steal_pointer (&answer);
  valise_acquaintance_forget (self->known);
  return ask_once (self, error);
}

/* What this account may read and write, of a server that cannot say everything at once. A plain
 * CouchDB does not even say that: then what was known stays. */
static gboolean
ask_grants (ValiseRound *self, GError **error)
{
  g_autoptr (ValiseJson) json = NULL;
  g_autoptr (GPtrArray)  grants = NULL;
  guint                  status = 0;
  GError                *failure = NULL;

  json = valise_http_session_exchange (self->kit.session, "GET", "/_valise/account", NULL, &status,
                                       self->cancellable, &failure);
  if (json == NULL && status != 404 && status != 400 && status != 405)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_clear_error (&failure);
  self->state.reached = TRUE;
  self->known->plain = json == NULL;
  if (json == NULL)
    return settle_lanes (self, error);
  grants = valise_membership_read_grants (json, valise_json_find (json, 0, "databases"));
  return take_grants (self, grants, NULL, error);
}

/* A server that cannot say all at once: which databases are as they were, each by a question of its
 * own. One that was always listened to has no name for that. */
static gboolean
ask_plainly (ValiseRound *self, GError **error)
{
  if (!settle_lanes (self, error))
    return FALSE;
  for (guint i = 0; i < self->known->lanes->len && !self->orders->continuous; i++)
    {
      ValiseLane *lane = g_ptr_array_index (self->known->lanes, i);

      lane->unchanged = FALSE;
      if (!lane->outwards)
        valise_lane_ask_unchanged (lane, self->cancellable);
      self->state.reached |= lane->unchanged;
    }
  return (self->known->plain && self->state.reached) || ask_grants (self, error);
}

gboolean
valise_round_meet (ValiseRound *self, GError **error)
{
  g_autoptr (ValisePollAnswer) answer = NULL;
  GError                      *failure = NULL;

  if (self->known->cannot_poll)
    return ask_plainly (self, error);
  if (!settle_lanes (self, error))
    return FALSE;
  answer = ask (self, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (answer == NULL)
    return ask_plainly (self, error);
  self->state.reached = TRUE;
  return valise_round_take_answer (self, answer, error);
}

/* --- running what is needed ------------------------------------------------------------------ */

static gboolean
is_needed (ValiseRound *self, const ValiseLane *lane, gboolean retry)
{
  const ValiseLane *in = lane;

  if (lane->needed || valise_lane_has_refused (lane, retry))
    return TRUE;
  if (!self->known->cannot_poll)
    return FALSE;
  if (lane->outwards)
    in = find_lane (self, lane->name, FALSE);
  return !lane->whole || !in->unchanged || valise_lane_has_written (lane);
}

/* What a server has forgotten of what came from there is offered to it, once that is known. */
static void
offer_again (ValiseRound *self, ValiseLane *lane)
{
  ValiseLane *out = find_lane (self, lane->name, TRUE);

  if (!lane->outwards && lane->renewed && out != NULL)
    out->needed = TRUE;
  lane->renewed = FALSE;
}

/* The feed of what comes moved on by what went. */
static void
pass_echo (ValiseRound *self, ValiseLane *lane)
{
  ValiseLane      *in = find_lane (self, lane->name, FALSE);
  g_autofree char *to = NULL;
  g_autofree char *from = valise_http_peer_take_span (lane->there, &to);

  if (lane->outwards && in != NULL && from != NULL)
    valise_lane_pass (in, from, to);
}

gboolean
valise_round_run_needed (ValiseRound *self,
                         gboolean     outwards,
                         gboolean     retry,
                         gboolean     aside,
                         GError     **error)
{
  GPtrArray *grants = self->membership->grants;
  gboolean   continuous = self->known->cannot_poll && self->orders->continuous;

  for (guint i = 0; i < grants->len; i++)
    {
      const ValiseGrant *grant = g_ptr_array_index (grants, i);
      ValiseLane        *lane = find_lane (self, grant->name, outwards);

      if (lane == NULL || lane->shut || !is_needed (self, lane, retry))
        continue;
      valise_http_peer_use_session (lane->there, aside ? valise_acquaintance_get_aside (self->known)
                                                       : self->kit.session);
      valise_lane_prepare (lane);
      if (!valise_round_run_lane (self, lane, continuous, retry, error))
        return FALSE;
      offer_again (self, lane);
      pass_echo (self, lane);
    }
  return TRUE;
}

gboolean
valise_round_run_lanes (ValiseRound *self, gboolean outwards, GError **error)
{
  if (!valise_round_run_needed (self, outwards, self->orders->retry, FALSE, error))
    return FALSE;
  /* Those that were found to be needed meanwhile. */
  return outwards || self->known->cannot_poll
         || valise_round_run_needed (self, TRUE, FALSE, FALSE, error);
}
