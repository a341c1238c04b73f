/* valise-person.c - one account: one person's laptop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-person"

#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "valise-id.h"
#include "valise-person.h"

#define SALT_BYTES 16

static void
clear_person (gpointer data)
{
  ValisePerson *self = data;

  g_free (self->account);
  g_free (self->name);
  g_free (self->participant);
  g_free (self->role);
  g_free (self->device);
  g_free (self->salt);
  g_free (self->digest);
}

ValisePerson *
valise_person_ref (ValisePerson *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
valise_person_unref (ValisePerson *self)
{
  g_atomic_rc_box_release_full (self, clear_person);
}

ValisePerson *
valise_person_new (const char *key, const char *name, const char *participant, const char *role)
{
  ValisePerson *self = g_atomic_rc_box_new0 (ValisePerson);

  self->account = g_strdup (key);
  self->device = g_strdup (key);
  self->name = g_strdup (name != NULL ? name : "");
  self->participant = g_strdup (participant != NULL ? participant : "");
  self->role = g_strdup (role != NULL ? role : "");
  self->roles[0] = self->role;
  return self;
}

/* The account in @json, or NULL where a member is missing. */
ValisePerson *
valise_person_read (const char *account, const ValiseJson *json)
{
  ValisePerson *self = g_atomic_rc_box_new0 (ValisePerson);

  self->account = g_strdup (account);
  self->name = valise_json_dup_member (json, 0, "name");
  self->participant = valise_json_dup_member (json, 0, "participant");
  self->role = valise_json_dup_member (json, 0, "role");
  self->device = valise_json_dup_member (json, 0, "device");
  self->salt = valise_json_dup_member (json, 0, "salt");
  self->digest = valise_json_dup_member (json, 0, "digest");
  self->confirmed = valise_json_get_member_true (json, 0, "confirmed");
  self->revoked = valise_json_get_member_true (json, 0, "revoked");
  self->roles[0] = self->role;
  if (self->name == NULL || self->participant == NULL || self->role == NULL || self->salt == NULL
      || self->digest == NULL)
    g_clear_pointer (&self, valise_person_unref);

  return self;
}

static void
append_member (GString *out, const char *name, const char *value)
{
  g_string_append (out, out->len > 1 ? ",\"" : "\"");
  g_string_append_printf (out, "%s\":", name);
  valise_json_append_string (out, value != NULL ? value : "", -1);
}

char *
valise_person_to_text (const ValisePerson *self)
{
  GString *out = g_string_new ("{");

  append_member (out, "name", self->name);
  append_member (out, "participant", self->participant);
  append_member (out, "role", self->role);
  append_member (out, "device", self->device);
  append_member (out, "salt", self->salt);
  append_member (out, "digest", self->digest);
  g_string_append_printf (out, ",\"confirmed\":%s%s}", self->confirmed ? "true" : "false",
                          self->revoked ? ",\"revoked\":true" : "");

  return g_string_free (out, FALSE);
}

static char *
hash_secret (const char *salt, const char *secret)
{
  g_autofree char *salted = g_strconcat (salt, ":", secret, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, salted, -1);
}

ValisePerson *
valise_person_renew (const ValisePerson *person, const char *secret)
{
  ValisePerson *self = g_atomic_rc_box_new0 (ValisePerson);

  self->account = g_strdup (person->account);
  self->name = g_strdup (person->name);
  self->participant = g_strdup (person->participant);
  self->role = g_strdup (person->role);
  self->device = g_strdup (person->device);
  self->salt = secret != NULL ? valise_random_hex (SALT_BYTES) : g_strdup (person->salt);
  self->digest = secret != NULL ? hash_secret (self->salt, secret) : g_strdup (person->digest);
  self->confirmed = person->confirmed;
  self->revoked = person->revoked;
  self->roles[0] = self->role;

  return self;
}

gboolean
valise_person_knows (const ValisePerson *self, const char *secret)
{
  g_autofree char *digest = hash_secret (self != NULL ? self->salt : "", secret);

  return self != NULL && strlen (self->digest) == strlen (digest)
         && gnutls_memcmp (self->digest, digest, strlen (digest)) == 0;
}
