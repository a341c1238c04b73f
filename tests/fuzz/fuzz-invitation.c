/* fuzz-invitation.c - any bytes as an invitation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One that is accepted can be written, and says the same when it is read again.
 */

#include <string.h>

#include "fuzz.h"
#include "valise-invitation.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes)           bytes = g_bytes_new (data, size);
  g_autoptr (ValiseInvitation) invitation = valise_invitation_parse (bytes, NULL);
  g_autoptr (ValiseInvitation) again = NULL;
  g_autoptr (GBytes)           copy = NULL;
  g_autofree char             *text = NULL;

  if (invitation == NULL)
    return 0;
  text = valise_invitation_to_text (invitation);
  copy = g_bytes_new (text, strlen (text));
  again = valise_invitation_parse (copy, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->server, ==, invitation->server);
  g_assert_cmpstr (again->pin, ==, invitation->pin);
  g_assert_cmpstr (again->backup_pin, ==, invitation->backup_pin);
  g_assert_cmpstr (again->root, ==, invitation->root);
  g_assert_cmpstr (again->token, ==, invitation->token);
  g_assert_cmpstr (again->participant, ==, invitation->participant);
  g_assert_cmpint (again->expires_us, ==, invitation->expires_us);
  return 0;
}
