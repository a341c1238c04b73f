/* valise-bundle-account.c - the bundles of an account: with its keys, and its team's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-bundle-account"

#include "config.h"

#include <string.h>

#include "valise-account-trust.h"
#include "valise-bundle-account.h"
#include "valise-bundle-header.h"
#include "valise-bundle-reader.h"
#include "valise-home.h"
#include "valise-team-key.h"

static ValiseBundleHolder
make_holder (ValiseAccount *account, const ValiseMembership *membership)
{
  return (ValiseBundleHolder){ .home = valise_account_get_home (account),
                               .programme = membership->programme,
                               .device = membership->device,
                               .person = membership->person,
                               .participant = membership->participant };
}

/* --- what is ordered ------------------------------------------------------------------------ */

/* An order with what the account adds to it. */
typedef struct
{
  ValiseMembership  *membership;
  ValiseBundleHolder holder;
  ValiseBundleOrder  order;
  char             **databases;
  gint64            *since;
  GPtrArray         *keys; /* (element-type GBytes) */
} Full;

static void
clear_full (Full *self)
{
  g_clear_pointer (&self->membership, valise_membership_free);
  g_clear_pointer (&self->databases, g_strfreev);
  g_clear_pointer (&self->since, g_free);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Full, clear_full)

/* What the server has acknowledged need not go to it again. */
static gint64 *
dup_sent (const Full *self)
{
  gint64 *since = g_new0 (gint64, g_strv_length (self->databases) + 1);

  for (guint i = 0; self->membership->server != NULL && self->databases[i] != NULL; i++)
    {
      g_autoptr (ValiseDatabase) database =
          valise_home_get_database (self->holder.home, self->databases[i], FALSE, NULL);

      if (database != NULL)
        since[i] = valise_membership_get_sent (self->membership, database, NULL, NULL);
    }
  return since;
}

/* A team that has a key needs no passphrase; one that has none gets it with its first bundle that
 * has a passphrase. */
static gboolean
find_team_key (Full *self, GError **error)
{
  const ValiseBundleHolder *holder = &self->holder;

  if (!g_str_equal (self->order.recipient, VALISE_BUNDLE_FOR_COLLEAGUES)
      || self->order.secret.team_key != NULL || holder->participant == NULL)
    return TRUE;
  if (self->order.secret.passphrase != NULL)
    return valise_team_keys_ensure (holder->home, holder->participant, error);
  self->keys = valise_team_keys_list (holder->home, holder->participant, error);
  if (self->keys != NULL && self->keys->len > 0)
    self->order.secret.team_key = g_bytes_get_data (g_ptr_array_index (self->keys, 0), NULL);
  return self->keys != NULL;
}

static gboolean
fill_order (Full *self, ValiseAccount *account, const ValiseBundleOrder *order, GError **error)
{
  self->membership = valise_account_dup_membership (account);
  self->holder = make_holder (account, self->membership);
  self->order = *order;
  if (!find_team_key (self, error))
    return FALSE;
  self->databases = order->databases != NULL
                        ? g_strdupv ((char **) order->databases)
                        : valise_bundle_holder_choose_databases (&self->holder, order->recipient);
  self->order.databases = (const char *const *) self->databases;
  if (order->since == NULL && g_str_equal (order->recipient, VALISE_BUNDLE_FOR_SECRETARIAT))
    self->order.since = self->since = dup_sent (self);
  return TRUE;
}

ValiseBundleReceipt *
valise_account_write_bundle (ValiseAccount           *account,
                             const ValiseBundleOrder *order,
                             GCancellable            *cancellable,
                             GError                 **error)
{
  g_auto (Full) full = { 0 };

  return fill_order (&full, account, order, error)
             ? valise_bundle_write (&full.holder, &full.order, cancellable, error)
             : NULL;
}

ValiseBundleWeight *
valise_account_weigh_bundle (ValiseAccount           *account,
                             const ValiseBundleOrder *order,
                             GCancellable            *cancellable,
                             GError                 **error)
{
  g_auto (Full)       full = { 0 };
  ValiseBundleWeight *weight = NULL;

  if (fill_order (&full, account, order, error))
    weight = valise_bundle_weigh (&full.holder, &full.order, cancellable, error);
  if (weight != NULL)
    weight->has_team_key = full.order.secret.team_key != NULL;
  return weight;
}

/* --- what came ------------------------------------------------------------------------------ */

/* Reads with the keys of the team, one after another. The file is looked through only with the
 * one that it was made with. */
static ValiseBundleArrival *
read_with_keys (const ValiseBundleHolder *holder,
                const char               *path,
                GCancellable             *cancellable,
                GError                  **error)
{
  g_autoptr (GPtrArray) keys = valise_team_keys_list (holder->home, holder->participant, error);

  for (guint i = 0; keys != NULL && i < keys->len; i++)
    {
      ValiseBundleSecret   secret = { NULL, g_bytes_get_data (g_ptr_array_index (keys, i), NULL) };
      g_autoptr (GError)   failure = NULL;
      ValiseBundleArrival *arrival =
          valise_bundle_read (holder, path, &secret, cancellable, &failure);

      if (arrival != NULL)
        return arrival;
      if (!g_error_matches (failure, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_PASSPHRASE))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
    }
  if (keys != NULL)
    g_set_error_literal (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_TEAM,
                         "The bundle is encrypted with the key of a team, which is not here");
  return NULL;
}

ValiseBundleArrival *
valise_account_read_bundle (ValiseAccount            *account,
                            const char               *path,
                            const ValiseBundleSecret *secret,
                            ValiseGate               *rules,
                            GCancellable             *cancellable,
                            GError                  **error)
{
  g_autoptr (ValiseMembership) membership = valise_account_dup_membership (account);
  g_autoptr (ValiseTrust)      trust = valise_account_make_trust (account, error);
  g_autoptr (GPtrArray)        all = g_ptr_array_new ();
  ValiseBundleHolder           holder = make_holder (account, membership);
  ValiseBundleKey              key = VALISE_BUNDLE_KEY_NONE;

  if (trust == NULL)
    return NULL;
  g_ptr_array_add (all, trust);
  holder.gates = all;
  holder.rules = rules;
  if (secret->team_key == NULL && !valise_bundle_reader_peek (path, &key, error))
    return NULL;
  return key == VALISE_BUNDLE_KEY_TEAM
             ? read_with_keys (&holder, path, cancellable, error)
             : valise_bundle_read (&holder, path, secret, cancellable, error);
}
