/* valise-accounts.h - who may sign in, and who was invited to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kept as documents of a database of its own, DIR/server/accounts.sqlite, which no route
 * reaches. All are held in memory too, so signing in never waits for a disk. Any thread.
 *
 * Passwords and tokens are made here, 128 random bits, and never chosen. So a fast salted
 * hash keeps them: guessing 2¹²⁸ is as hopeless at a microsecond a try as at 0.2 s, while a
 * slow hash (CouchDB's takes 190 ms) would let strangers keep the server's cores busy.
 */

#pragma once

#include "valise-person.h"

G_BEGIN_DECLS

#define VALISE_ACCOUNTS_ERROR (valise_accounts_error_quark ())

/**
 * ValiseAccountsError:
 * @VALISE_ACCOUNTS_ERROR_UNKNOWN: no such account, or not its password
 * @VALISE_ACCOUNTS_ERROR_NO_INVITATION: no invitation has this token
 * @VALISE_ACCOUNTS_ERROR_USED: another device used it, or its account has signed in already, or
 *   was revoked
 * @VALISE_ACCOUNTS_ERROR_EXPIRED: its seven days are over
 */
typedef enum
{
  VALISE_ACCOUNTS_ERROR_UNKNOWN,
  VALISE_ACCOUNTS_ERROR_NO_INVITATION,
  VALISE_ACCOUNTS_ERROR_USED,
  VALISE_ACCOUNTS_ERROR_EXPIRED,
} ValiseAccountsError;

GQuark valise_accounts_error_quark (void);

#define VALISE_INVITATION_LIFETIME_US (7 * G_TIME_SPAN_DAY)

typedef struct _ValiseAccounts ValiseAccounts;

/* @directory: exists, mode 0700. Fails with any #ValiseDbError. */
ValiseAccounts *valise_accounts_open (const char *directory,
                                      GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void            valise_accounts_close (ValiseAccounts *self); /* and frees */

const char *valise_accounts_get_uuid (ValiseAccounts *self); /* the server's, 32 hex digits */

/* Returns: (transfer full) (nullable): NULL for one that was revoked, too */
ValisePerson *valise_accounts_find (ValiseAccounts *self, const char *account);
/* Returns: (transfer full): whose password it is; fails with UNKNOWN. Does not block. */
ValisePerson *valise_accounts_check (ValiseAccounts *self,
                                     const char     *account,
                                     const char     *password,
                                     GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* Remembers, durably, that @person's password arrived, where it is not yet known: from now on its
 * invitation gives no other. To be called before anything is answered for that password. Fails with
 * any #ValiseDbError. */
gboolean valise_accounts_confirm (ValiseAccounts *self, ValisePerson *person, GError **error);

/* Returns: (element-type ValisePerson): who may sign in, by account. */
GPtrArray *valise_accounts_list (ValiseAccounts *self) G_GNUC_WARN_UNUSED_RESULT;

/* Ends @account for good: it signs in no more, its sessions are over, and the invitation that made
 * it makes no other, not even for the laptop that it was for. Durable when it returns. Fails with
 * UNKNOWN, or with any #ValiseDbError. Whoever waits on the server has to be woken besides: see
 * valise_office_revoke(). */
gboolean valise_accounts_revoke (ValiseAccounts *self, const char *account, GError **error);

/* Returns: the token of a new invitation, of which only a hash is kept. */
char *valise_accounts_invite (ValiseAccounts *self,
                              const char     *name,
                              const char     *participant,
                              const char     *role,
                              gint64          expires_us,
                              GError        **error) G_GNUC_WARN_UNUSED_RESULT;

/* Trades a token for an account. Again with the same @device, as after a lost answer: the
 * same account with a fresh password, until it has signed in once. @password: (out) */
ValisePerson *valise_accounts_join (ValiseAccounts *self,
                                    const char     *token,
                                    const char     *device,
                                    const char     *device_name,
                                    char          **password,
                                    GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseAccounts, valise_accounts_close)

G_END_DECLS
