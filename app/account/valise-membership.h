/* valise-membership.h - what account.json says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer.
 */

#pragma once

#include "valise-account.h"
#include "valise-http-peer.h"

G_BEGIN_DECLS

/* A database that the account may read, and whether it may write there. */
typedef struct
{
  char    *name;
  gboolean write;
} ValiseGrant;

void valise_grant_free (ValiseGrant *grant);

typedef struct
{
  char      *id;     /* of the account: its folder's name */
  char      *server; /* URL; NULL: a sample */
  char      *pin;
  char      *backup_pin;
  char      *root;
  char      *programme;
  char      *programme_name;
  char      *person;
  char      *participant;
  char      *role;
  char      *user;        /* whom the server knows it as */
  char      *device;      /* the device key's id */
  char      *certificate; /* JSON text, or NULL */
  char      *tag;         /* (nullable): the server's name of the grants */
  char     **languages;   /* whose texts are fetched */
  GPtrArray *grants;      /* (element-type ValiseGrant), in the order in which they sync */
  gint64     joined_us;
  gboolean   in_file; /* the secrets are */
} ValiseMembership;

ValiseMembership *valise_membership_new (void);
ValiseMembership *valise_membership_copy (const ValiseMembership *self);
void              valise_membership_free (ValiseMembership *self);

/* FOLDER/account.json; load fails with %VALISE_ACCOUNT_ERROR_DAMAGED, or
 * %VALISE_ACCOUNT_ERROR_NONE where there is none; save with any %G_FILE_ERROR. */
ValiseMembership *valise_membership_load (const char *folder,
                                          GError    **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean valise_membership_save (const ValiseMembership *self, const char *folder, GError **error);

/* [{name, read, write}, …] as our server answers; what is not a name for a database is left
 * out, as are databases that never lie on a secretariat's server. */
GPtrArray *valise_membership_read_grants (const ValiseJson *json, guint list);

/* Whether two lists grant the same, in the same order. */
gboolean valise_grants_equal (GPtrArray *grants, GPtrArray *others);

/* A copy of what the account says now; any thread. */
ValiseMembership *valise_account_dup_membership (ValiseAccount *account);

/* Keeps @grants, and the server's name of them @tag (nullable), where they differ from what is
 * known; durable when it returns. */
gboolean valise_account_set_grants (ValiseAccount *account,
                                    GPtrArray     *grants,
                                    const char    *tag,
                                    GError       **error);

/* The password, from the keyring or the file. Blocks. */
char *valise_account_dup_password (ValiseAccount *account, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseMembership, valise_membership_free)

G_END_DECLS
