/* valise-secrets.h - what an account must not show: its password and its device key
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * In the keyring; where there is none, in FOLDER/secrets.json of mode 0600, which says what
 * it is. Never logged. For the files of this layer; any thread; blocks, at most five seconds
 * for a keyring that does not answer.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  char *password;
  char *device; /* the device key's secret, see valise-key.h */
} ValiseSecrets;

/* @account: the account's id; @folder: its folder. @in_file: (out): whether they had to go
 * into a file. Fails with any %G_FILE_ERROR. */
gboolean valise_secrets_store (const ValiseSecrets *self,
                               const char          *account,
                               const char          *folder,
                               gboolean            *in_file,
                               GError             **error);

/* %NULL with %VALISE_ACCOUNT_ERROR_NO_SECRET. @in_file: where they were put. */
ValiseSecrets *valise_secrets_load (const char *account,
                                    const char *folder,
                                    gboolean    in_file,
                                    GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes them out again, as far as it can. */
void valise_secrets_forget (const char *account, const char *folder);

void valise_secrets_free (ValiseSecrets *self); /* wiped */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseSecrets, valise_secrets_free)

G_END_DECLS
