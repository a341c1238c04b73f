/* valise-account-folder.h - which folder is an account's, and what one is called
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer.
 */

#pragma once

#include "valise-membership.h"

G_BEGIN_DECLS

/* The folder of the account joined last in @data_dir; @membership: (out): what it says. Fails
 * with %VALISE_ACCOUNT_ERROR_NONE or %VALISE_ACCOUNT_ERROR_DAMAGED. */
char *valise_account_find_newest (const char        *data_dir,
                                  ValiseMembership **membership,
                                  GError           **error);

/* Opens the account in @folder; takes @membership, what it says, where it succeeds. Fails with any
 * #ValiseHomeError or #ValiseDbError. */
ValiseAccount *valise_account_open_folder (const char        *folder,
                                           ValiseMembership **membership,
                                           GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* "HOST-PARTICIPANT-xxxx", safe as a file's name. */
char *valise_account_make_id (const ValiseMembership *membership);

G_END_DECLS
