/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-acquaintance"

#include "config.h"

#include <string.h>

#include "valise-acquaintance.h"

ValiseAcquaintance *
valise_acquaintance_new (void)
{
  ValiseAcquaintance *self = g_new0 (ValiseAcquaintance, 1);

  self->lanes = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_lane_free);
  self->retired = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_lane_free);
  return self;
}

void
valise_acquaintance_free (ValiseAcquaintance *self)
{
  g_ptr_array_unref (self->lanes);
  g_ptr_array_unref (self->retired);
  g_clear_pointer (&self->aside, valise_http_session_unref);
  g_clear_pointer (&self->session, valise_http_session_unref);
  g_free (self->run);
  g_free (self->tag);
  g_free (self);
}

gboolean
valise_acquaintance_open (ValiseAcquaintance *self, ValiseAccount *account, GError **error)
{
  g_autoptr (ValiseMembership) membership = NULL;
  ValiseServerAddress          address = { 0 };
  g_autofree char             *password = NULL;

  if (self->session != NULL)
    return TRUE;
  password = valise_account_dup_password (account, error);
  if (password == NULL)
    return FALSE;
  membership = valise_account_dup_membership (account);
  address.url = membership->server;
  address.user = membership->user;
  address.password = password;
  address.pin = membership->pin;
  address.backup_pin = membership->backup_pin;
  address.meter = valise_account_get_meter (account);
  self->session = valise_http_session_new (&address, NULL, error);
  explicit_bzero (password, strlen (password));
  return self->session != NULL;
}

ValiseHttpSession *
valise_acquaintance_get_aside (ValiseAcquaintance *self)
{
  if (self->aside == NULL)
    self->aside = valise_http_session_new_sibling (self->session);
  return self->aside;
}

ValiseLane *
valise_acquaintance_get_lane (ValiseAcquaintance  *self,
                              const ValiseLaneKit *kit,
                              const ValiseGrant   *grant,
                              gboolean             outwards,
                              GError             **error)
{
  ValiseLane *lane = NULL;

  for (guint i = 0; i < self->lanes->len; i++)
    {
      ValiseLane *found = g_ptr_array_index (self->lanes, i);

      if (found->outwards != outwards || !g_str_equal (found->name, grant->name))
        continue;
      if (valise_lane_is_current (found, kit, grant))
        return found;
      g_ptr_array_add (self->retired, g_ptr_array_steal_index (self->lanes, i));
      break;
    }
  lane = valise_lane_new (kit, grant, outwards, !self->cannot_poll, error);
  if (lane != NULL)
    g_ptr_array_add (self->lanes, lane);
  return lane;
}

void
valise_acquaintance_end_round (ValiseAcquaintance *self)
{
  g_ptr_array_set_size (self->retired, 0);
  if (!self->cannot_poll)
    self->plain = FALSE;
  for (guint i = self->lanes->len; self->cannot_poll && i > 0; i--)
    if (!((ValiseLane *) g_ptr_array_index (self->lanes, i - 1))->whole)
      g_ptr_array_remove_index (self->lanes, i - 1);
  for (guint i = 0; i < self->lanes->len; i++)
    {
      ValiseLane *lane = g_ptr_array_index (self->lanes, i);

      lane->shut = lane->asked = lane->unchanged = FALSE;
      lane->round = NULL;
    }
}

void
valise_acquaintance_forget (ValiseAcquaintance *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    valise_lane_recall (g_ptr_array_index (self->lanes, i));
}

gboolean
valise_acquaintance_is_due (ValiseAcquaintance *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    if (valise_replicator_is_due (((ValiseLane *) g_ptr_array_index (self->lanes, i))->replicator))
      return TRUE;
  return FALSE;
}

gboolean
valise_acquaintance_deliver (ValiseAcquaintance *self, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < self->lanes->len; i++)
    {
      ValiseLane *lane = g_ptr_array_index (self->lanes, i);

      if (!valise_replicator_deliver (lane->replicator, cancellable, error))
        return FALSE;
    }
  return TRUE;
}
