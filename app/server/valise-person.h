/* valise-person.h - one account: one person's laptop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "valise-json.h"

G_BEGIN_DECLS

/* One account: one person's laptop. Counted and immutable. */
typedef struct
{
  char       *account;     /* "xke-5f0c2a9b31" */
  char       *name;        /* the person's */
  char       *participant; /* "xke", "org-icrc", "secretariat" */
  char       *role;
  char       *device; /* its public key */
  char       *salt;   /* changes with the password */
  char       *digest;
  gboolean    confirmed; /* it has signed in, so its password arrived */
  gboolean    revoked;   /* it signs in no more */
  const char *roles[2];  /* role, NULL */
} ValisePerson;

/* Somebody who has no account here: a colleague, known by @key. @participant, @role:
 * (nullable). */
ValisePerson *valise_person_new (const char *key,
                                 const char *name,
                                 const char *participant,
                                 const char *role) G_GNUC_WARN_UNUSED_RESULT;
ValisePerson *valise_person_ref (ValisePerson *self);
void          valise_person_unref (ValisePerson *self);

/* The account in @json, or NULL where a member is missing. */
ValisePerson *valise_person_read (const char       *account,
                                  const ValiseJson *json) G_GNUC_WARN_UNUSED_RESULT;
/* As valise_person_read() takes it, without the account. */
char *valise_person_to_text (const ValisePerson *self) G_GNUC_WARN_UNUSED_RESULT;

/* A copy to be changed before anybody else sees it, with @secret (nullable) as its password, under
 * a salt of its own. */
ValisePerson *valise_person_renew (const ValisePerson *person,
                                   const char         *secret) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @secret is its password. Takes as long where it is not. @self: (nullable). */
gboolean valise_person_knows (const ValisePerson *self, const char *secret);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePerson, valise_person_unref)

G_END_DECLS
