/* valise-account-copy.h - what an account's copy must not share with its original
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer.
 */

#pragma once

#include "valise-home.h"
#include "valise-membership.h"

G_BEGIN_DECLS

/* The folder was copied, moved or restored: gives it a device key of its own, which names it in
 * every checkpoint too, and lets go of the certificate and, in this copy, of the key that the
 * original signs with: one key may not write as two. The password stays: the server knows an
 * account by it until the secretariat revokes it. Durable when it returns. Blocks. Fails with
 * any %G_FILE_ERROR. */
gboolean valise_account_become_another (const char       *folder,
                                        ValiseMembership *membership,
                                        GError          **error);

/* Lets go of journalled edits that a verified backup holds, of databases whose edits no server
 * acknowledges. @about: its `backup.json`. */
void valise_account_trim_after_backup (ValiseHome             *home,
                                       const ValiseMembership *membership,
                                       const char             *about);

G_END_DECLS
