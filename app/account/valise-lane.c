/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-lane"

#include "config.h"

#include <string.h>

#include "valise-checkpoint.h"
#include "valise-home.h"
#include "valise-judge.h"
#include "valise-lane.h"
#include "valise-outgoing.h"
#include "valise-quarantine.h"
#include "valise-store-peer.h"
#include "valise-wire.h"

ValiseReplicator *
valise_lane_make_replicator (const ValiseLaneKit *kit,
                             const char          *name,
                             gboolean             outwards,
                             gboolean             write,
                             ValiseHttpPeer     **far,
                             GError             **error)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (valise_account_get_home (kit->account), name, TRUE, error);
  g_autoptr (ValisePeer) here = NULL, there = NULL;
  ValiseReplicator      *replicator = NULL;

  if (database == NULL)
    return NULL;
  there = valise_http_peer_new_with_session (kit->session, name);
  here = valise_store_peer_new (database);

  replicator = valise_replicator_new (outwards ? here : there, outwards ? there : here,
                                      kit->membership->device);
  if (!outwards)
    {
      valise_replicator_add_gate (replicator, VALISE_GATE (kit->trust), name, VALISE_SOURCE_SERVER);
      if (kit->rules != NULL)
        valise_replicator_add_gate (replicator, kit->rules, name, VALISE_SOURCE_SERVER);
      valise_replicator_set_want (replicator, valise_policy_want, valise_policy_ref (kit->policy),
                                  (GDestroyNotify) valise_policy_unref);
      valise_replicator_set_want_version (replicator, valise_policy_get_version (kit->policy));
      valise_replicator_set_one_way (replicator, !write);
    }
  else if (kit->wanted != NULL)
    valise_outgoing_keep_held (replicator, kit->wanted, name);
  if (far != NULL)
    *far = VALISE_HTTP_PEER (g_steal_pointer (&there));
  return replicator;
}

/* --- what is remembered ---------------------------------------------------------------------- */

static char *
dup_version (const ValiseLaneKit *kit, const char *name, gboolean outwards)
{
  if (!outwards)
    return g_strdup (valise_policy_get_version (kit->policy));
  return kit->wanted != NULL ? valise_wanted_dup_version (kit->wanted, name) : NULL;
}

static char *
dup_epoch (ValiseDatabase *database)
{
  ValiseDatabaseInfo info = { 0 };

  return valise_database_get_info (database, &info, NULL)
             ? g_strdup_printf ("%s/%" G_GINT64_FORMAT, info.uuid, info.created_us)
             : NULL;
}

static char *
make_log_id (const ValiseLane *self, const ValiseLaneKit *kit)
{
  g_autoptr (ValisePeer) here = valise_store_peer_new (self->database);
  const char            *near = valise_peer_get_name (here);
  const char            *far = valise_peer_get_name (VALISE_PEER (self->there));

  return valise_checkpoint_make_id (self->outwards ? near : far, self->outwards ? far : near,
                                    kit->membership->device, self->version);
}

/* Takes apart "UUID/START". */
static void
set_far_epoch (ValiseLane *self, const char *epoch)
{
  const char *slash = epoch != NULL ? strchr (epoch, '/') : NULL;

  g_clear_pointer (&self->uuid, g_free);
  g_clear_pointer (&self->start, g_free);
  if (slash == NULL)
    return;
  self->uuid = g_strndup (epoch, (gsize) (slash - epoch));
  self->start = g_strdup (slash + 1);
}

/* Where it is of this file. */
void
valise_lane_recall (ValiseLane *self)
{
  g_autofree char *text = valise_database_get_local (self->database, self->log_id, NULL, NULL);
  g_autoptr (ValiseJson) json =
      text != NULL ? valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL) : NULL;
  g_autofree char *source = NULL, *target = NULL;

  valise_lane_forget (self);
  if (json == NULL)
    return;
  source = valise_json_dup_member (json, 0, "source_epoch");
  target = valise_json_dup_member (json, 0, "target_epoch");
  if (g_strcmp0 (self->outwards ? source : target, self->here_epoch) != 0)
    return;
  set_far_epoch (self, self->outwards ? target : source);
  self->since = valise_json_dup_member (json, 0, "source_last_seq");
  if (self->since == NULL || self->uuid == NULL)
    return;
  self->log = g_steal_pointer (&text);
  self->state = VALISE_LANE_REMEMBERED;
}

/* --- the lane -------------------------------------------------------------------------------- */

ValiseLane *
valise_lane_new (const ValiseLaneKit *kit,
                 const ValiseGrant   *grant,
                 gboolean             outwards,
                 gboolean             polled,
                 GError             **error)
{
  ValiseLane *self = g_new0 (ValiseLane, 1);

  self->name = g_strdup (grant->name);
  self->outwards = outwards;
  self->write = grant->write;
  self->replicator =
      valise_lane_make_replicator (kit, grant->name, outwards, grant->write, &self->there, error);
  if (self->replicator == NULL)
    {
      valise_lane_free (self);
      return NULL;
    }
  self->database =
      valise_home_get_database (valise_account_get_home (kit->account), grant->name, TRUE, error);
  if (self->database == NULL)
    {
      valise_lane_free (self);
      return NULL;
    }
  self->here_epoch = dup_epoch (self->database);
  self->version = dup_version (kit, grant->name, outwards);
  self->log_id = make_log_id (self, kit);
  self->polled = polled;
  if (polled)
    {
      valise_replicator_go_on (self->replicator);
      valise_lane_recall (self);
    }
  return self;
}

void
valise_lane_free (ValiseLane *self)
{
  g_clear_object (&self->replicator);
  g_clear_object (&self->there);
  g_clear_object (&self->database);
  g_clear_error (&self->failure);
  g_free (self->name);
  g_free (self->here_epoch);
  g_free (self->version);
  g_free (self->log_id);
  g_free (self->log);
  g_free (self->since);
  g_free (self->uuid);
  g_free (self->start);
  g_free (self->answered);
  g_free (self->passed);
  g_free (self);
}

gboolean
valise_lane_is_current (const ValiseLane *self, const ValiseLaneKit *kit, const ValiseGrant *grant)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (valise_account_get_home (kit->account), self->name, FALSE, NULL);
  g_autofree char *epoch = database != NULL ? dup_epoch (database) : NULL;
  g_autofree char *version = dup_version (kit, self->name, self->outwards);

  return database == self->database && g_strcmp0 (epoch, self->here_epoch) == 0
         && g_strcmp0 (version, self->version) == 0 && grant->write == self->write;
}

void
valise_lane_forget (ValiseLane *self)
{
  valise_replicator_forget (self->replicator);
  g_clear_pointer (&self->log, g_free);
  g_clear_pointer (&self->since, g_free);
  g_clear_pointer (&self->answered, g_free);
  g_clear_pointer (&self->passed, g_free);
  self->bare = FALSE;
  set_far_epoch (self, NULL);
  valise_http_peer_expect_nothing (self->there);
  self->expects = FALSE;
  self->state = VALISE_LANE_UNKNOWN;
}

/* --- asking ---------------------------------------------------------------------------------- */

const char *
valise_lane_get_since (const ValiseLane *self)
{
  if (self->passed != NULL)
    return self->passed;
  return self->state == VALISE_LANE_KEPT ? valise_replicator_get_position (self->replicator)
                                         : self->since;
}

/* Where it runs, it begins where it was, and sees once more what it knows. */
void
valise_lane_pass (ValiseLane *self, const char *from, const char *to)
{
  if ((self->state != VALISE_LANE_KEPT && self->state != VALISE_LANE_CONFIRMED) || self->needed
      || g_strcmp0 (from, valise_lane_get_since (self)) != 0)
    return;
  g_free (self->passed);
  self->passed = g_strdup (to);
}

const char *
valise_lane_get_uuid (const ValiseLane *self)
{
  return self->state == VALISE_LANE_REMEMBERED ? self->uuid : NULL;
}

void
valise_lane_add_log (ValiseLane *self, ValisePoll *poll)
{
  self->asked = TRUE;
  if (self->state == VALISE_LANE_REMEMBERED || self->state == VALISE_LANE_UNKNOWN)
    valise_poll_add_log (poll, self->log_id,
                         self->state == VALISE_LANE_REMEMBERED ? self->log : NULL);
}

/* What the server holds, where this laptop knows nothing: FALSE where it did not say. */
static gboolean
learn_log (ValiseLane *self, const ValisePollNews *news)
{
  g_autofree char *body = NULL;

  if (news == NULL || !valise_poll_news_find_log (news, self->log_id, &body))
    return FALSE;
  g_free (self->log);
  self->bare = body == NULL;
  self->log = g_steal_pointer (&body);
  return TRUE;
}

/* What the poll has just said need not be asked when the lane runs. */
static void
expect (ValiseLane *self, const ValisePollNews *news)
{
  g_autoptr (GString)    text = NULL;
  g_autoptr (ValiseJson) json = NULL;

  if (news != NULL && news->seq != NULL)
    valise_http_peer_expect (self->there, news->json, news->object);
  else if (self->uuid != NULL)
    {
      text = g_string_new ("{\"update_seq\":\"0\"");
      valise_json_append_member (text, "uuid", self->uuid);
      valise_json_append_member (text, "instance_start_time", self->start);
      g_string_append (text, ",\"features\":[\"stream\",\"span\"]}");
      json = valise_json_scan_text (text->str, (gssize) text->len, VALISE_JSON_ANY, NULL);
      valise_http_peer_expect (self->there, json, 0);
    }
  if (learn_log (self, news)
      || (self->state == VALISE_LANE_CONFIRMED && (self->log != NULL || self->bare)))
    valise_http_peer_expect_local (self->there, self->log_id, self->log);
  self->expects = TRUE;
}

void
valise_lane_ask_unchanged (ValiseLane *self, GCancellable *cancellable)
{
  self->unchanged = self->whole && valise_http_peer_is_unchanged (self->there, cancellable);
}

void
valise_lane_prepare (ValiseLane *self)
{
  if (!self->polled)
    {
      ValiseDatabaseInfo info = { 0 };

      self->whole = FALSE;
      self->seen = valise_database_get_info (self->database, &info, NULL) ? info.update_seq : -1;
      valise_http_peer_expect_nothing (self->there);
    }
  if (self->state == VALISE_LANE_CONFIRMED && !self->expects)
    expect (self, NULL);
  self->expects = FALSE;
}

/* Whether the server no longer is the one that this lane knew, or has lost its log. */
static gboolean
is_another (const ValiseLane *self, const ValisePollNews *news)
{
  if (news == NULL || self->state == VALISE_LANE_UNKNOWN)
    return FALSE;
  return g_strcmp0 (news->uuid, self->uuid) != 0
         || (self->state == VALISE_LANE_REMEMBERED
             && g_strv_contains ((const char *const *) news->logs, self->log_id));
}

/* What stands where it stood when the lane ran for it last is no news; nor is one that was always
 * empty. */
static gboolean
has_moved (ValiseLane *self, const ValisePollNews *news)
{
  const char *since = valise_lane_get_since (self);
  gboolean    moved = FALSE;

  if (news == NULL)
    return self->state == VALISE_LANE_UNKNOWN;
  if (self->state == VALISE_LANE_UNKNOWN)
    moved = g_ascii_strtoll (news->seq, NULL, 10) != 0;
  else
    moved = g_strcmp0 (news->seq, since) != 0 && g_strcmp0 (news->seq, self->answered) != 0;
  g_free (self->answered);
  self->answered = g_strdup (news->seq);
  return moved;
}

static void
adopt (ValiseLane *self, const ValisePollNews *news)
{
  ValisePeerInfo   info = { 0 };
  g_autofree char *epoch = NULL;

  if (!valise_wire_read_info (news->json, news->object, &info))
    return;
  epoch = g_strdup_printf ("%s/%s", news->uuid, info.start_time);
  set_far_epoch (self, epoch);
  valise_peer_info_clear (&info);
}

void
valise_lane_take_news (ValiseLane *self, const ValisePollNews *news)
{
  if (!self->asked || (news != NULL && news->seq == NULL))
    {
      self->needed |= !self->outwards || valise_lane_has_written (self);
      return;
    }
  if (is_another (self, news))
    {
      valise_lane_forget (self);
      self->needed = self->renewed = TRUE;
    }
  else if (self->state == VALISE_LANE_REMEMBERED)
    self->state = VALISE_LANE_CONFIRMED;
  if (news != NULL)
    adopt (self, news);
  self->needed |= self->outwards ? valise_lane_has_written (self) : has_moved (self, news);
  if (self->needed && self->state != VALISE_LANE_KEPT)
    expect (self, news);
  else if (self->state == VALISE_LANE_UNKNOWN)
    {
      (void) learn_log (self, news);
      self->state = VALISE_LANE_CONFIRMED;
      self->since = !self->outwards ? g_strdup (news->seq) : NULL;
    }
}

/* --- this side ------------------------------------------------------------------------------- */

gboolean
valise_lane_has_written (const ValiseLane *self)
{
  const char        *since = valise_lane_get_since (self);
  ValiseDatabaseInfo info = { 0 };

  if (!self->outwards)
    return FALSE;
  if (!self->polled)
    return !valise_database_get_info (self->database, &info, NULL) || info.update_seq != self->seen;
  return !valise_database_get_info (self->database, &info, NULL)
         || info.update_seq != (since != NULL ? g_ascii_strtoll (since, NULL, 10) : 0);
}

gboolean
valise_lane_has_refused (const ValiseLane *self, gboolean all)
{
  g_autoptr (ValisePeer)       here = valise_store_peer_new (self->database);
  g_autoptr (ValiseQuarantine) refused =
      valise_quarantine_load (here, self->outwards ? "quarantine-out" : "quarantine", NULL, NULL);
  g_autoptr (GPtrArray) wants =
      refused != NULL
          ? valise_quarantine_get_wants (refused, all ? NULL : VALISE_REFUSAL_UNKNOWN_KEY)
          : NULL;

  return wants != NULL && wants->len > 0;
}

void
valise_lane_keep (ValiseLane *self)
{
  self->needed = FALSE;
  self->whole = !self->polled;
  self->state = valise_replicator_get_position (self->replicator) != NULL ? VALISE_LANE_KEPT
                                                                          : VALISE_LANE_UNKNOWN;
  g_clear_pointer (&self->log, g_free);
  g_clear_pointer (&self->since, g_free);
  g_clear_pointer (&self->passed, g_free);
  self->bare = FALSE;
}
