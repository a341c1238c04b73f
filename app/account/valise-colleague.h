/* valise-colleague.h - laptops that this one has paired with, and this one's own identity there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kept in the account's folder, colleagues.json: whoever is taken out is a stranger again. Any
 * thread; blocks.
 */

#pragma once

#include "valise-account.h"
#include "valise-key.h"

G_BEGIN_DECLS

#define VALISE_COLLEAGUE_PORT 6986 /* where a laptop listens that says no other */

typedef struct
{
  char  *key;         /* device key, public, as text */
  char  *person;      /* as the secretariat certified, else as it said */
  char  *participant; /* as the secretariat certified; NULL: it did not, so what all may read */
  char  *role;        /* the same */
  char  *address;     /* "https://HOST:PORT" where it listened last, or NULL */
  gint64 paired_us;
  gint64 reached_us; /* when this laptop last had all from it, and brought all; 0: never */
  gint64 desk_seq;   /* how far the desk's and the team's changes were brought then */
  gint64 team_seq;
} ValiseColleague;

/* Whether @name (nullable) may stand on a screen as somebody's name: UTF-8 of 1 to 200 bytes in
 * which nothing moves the cursor, turns the direction or ends the line. Who pairs is still a
 * stranger, and beside its name stands the code that two people compare. */
gboolean valise_colleague_is_name (const char *name);

ValiseColleague *valise_colleague_new (const char *key) G_GNUC_WARN_UNUSED_RESULT;
ValiseColleague *valise_colleague_copy (const ValiseColleague *self) G_GNUC_WARN_UNUSED_RESULT;
void             valise_colleague_free (ValiseColleague *self);

/* Those of @account (element-type ValiseColleague); empty where there are none. */
GPtrArray *valise_colleagues_load (ValiseAccount *account);

/* What a colleague is asked by: "https://HOST:PORT" of @address, "HOST", "HOST:PORT", or the same
 * with an IPv6 address, in brackets where a port follows; without one it is
 * %VALISE_COLLEAGUE_PORT. %NULL with %VALISE_PEER_ERROR_NETWORK where it is no address. */
char *valise_colleague_dup_url (const char *address, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* By key, or by the person's name where only one has it; NULL. Lent. */
ValiseColleague *valise_colleagues_find (GPtrArray *colleagues, const char *name);

/* Whether @name, which nobody certified, is a colleague's here with another key than @key, or this
 * laptop's person's: case, width and accents composed otherwise make no other name. */
gboolean valise_colleagues_is_taken (GPtrArray     *colleagues,
                                     ValiseAccount *account,
                                     const char    *key,
                                     const char    *name);

/* Takes @colleague in, in the place of what the same key had. Durable when it returns. Any
 * %G_FILE_ERROR. */
gboolean valise_colleagues_add (ValiseAccount         *account,
                                const ValiseColleague *colleague,
                                GError               **error);
/* The same where the key is still in; where it is not, nothing. */
gboolean valise_colleagues_update (ValiseAccount         *account,
                                   const ValiseColleague *colleague,
                                   GError               **error);
gboolean valise_colleagues_remove (ValiseAccount *account, const char *key, GError **error);

/**
 * valise_colleague_take_certificate:
 * @account: whose `keys` document says which keys certify
 * @text: (nullable): a device certificate, as joining answers it; untrusted
 *
 * Sets person, participant and role of @self where the secretariat certified them for its key
 * and this programme.
 *
 * Returns: whether it did
 */
gboolean valise_colleague_take_certificate (ValiseColleague *self,
                                            ValiseAccount   *account,
                                            const char      *text);

/* This laptop's device key. Fails with %VALISE_ACCOUNT_ERROR_NO_SECRET. */
ValiseKey *valise_account_dup_device_key (ValiseAccount *account,
                                          GError       **error) G_GNUC_WARN_UNUSED_RESULT;

/* What says of this laptop who it is: JSON {person, certificate}. */
char *valise_account_dup_introduction (ValiseAccount *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseColleague, valise_colleague_free)

G_END_DECLS
