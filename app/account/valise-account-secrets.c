/* valise-account-secrets.c - what an account must not show: its password and its device key
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-account-secrets"

#include "config.h"

#include "valise-colleague.h"
#include "valise-membership.h"
#include "valise-secrets.h"

static ValiseSecrets *
load (ValiseAccount *self, GError **error)
{
  g_autoptr (ValiseMembership) membership = valise_account_dup_membership (self);

  return valise_secrets_load (membership->id, valise_account_get_folder (self), membership->in_file,
                              error);
}

char *
valise_account_dup_password (ValiseAccount *self, GError **error)
{
  g_autoptr (ValiseSecrets) secrets = load (self, error);

  return secrets != NULL ? g_steal_pointer (&secrets->password) : NULL;
}

ValiseKey *
valise_account_dup_device_key (ValiseAccount *self, GError **error)
{
  g_autoptr (ValiseSecrets) secrets = load (self, error);

  if (secrets == NULL)
    return NULL;
  if (secrets->device == NULL)
    {
      g_set_error_literal (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NO_SECRET,
                           "The device key is not here");
      return NULL;
    }
  return valise_key_from_secret (secrets->device, error);
}
