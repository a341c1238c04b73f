/* valise-control.h - commands for a secretariat that serves, through DIR/control
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A Unix socket of mode 0600, one JSON object a line, each answered by one:
 *
 *     {"command": "import", "name": FILE, "length": N, "meeting"?, "item"?, "language"?}
 *     and N bytes → {"outcome": "registered" | "updated" | "unchanged", "symbol": SYMBOL}
 *     {"command": "invite", "name", "participant", "role", "url"?} → {"invitation": TEXT}
 *     {"command": "accounts"} → {"accounts": [{"account", "name", "participant", "role"}, …]}
 *     {"command": "revoke", "account"} → {"account": ACCOUNT}
 *     {"command": "bundle-write" | "bundle-read", …}, see valise-office-bundle.h
 *
 * or {"error": NAME, "reason": TEXT}. The bytes travel, not the path, so that the server needs
 * no right to the file.
 */

#pragma once

#include "valise-office.h"

G_BEGIN_DECLS

#define VALISE_IMPORT_MAX (64 * 1024 * 1024) /* bytes of one file */

/* --- the server's end ------------------------------------------------------------------------ */

typedef struct _ValiseControl ValiseControl;

/* A socket left by a server that was killed is replaced: the home's lock says who serves. */
ValiseControl *valise_control_new (ValiseOffice  *office,
                                   ValiseReadFunc read,
                                   GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* What runs is finished first. */
void valise_control_free (ValiseControl *self);

/* --- a command's end -------------------------------------------------------------------------- */

/* NULL, without @error, where nobody serves @directory. */
GSocketConnection *valise_control_connect (const char *directory, GError **error);

/* One command and its answer. @bytes: (nullable): what follows the line. Fails with what the
 * answer says, as %G_IO_ERROR_FAILED, or with the socket's errors. */
ValiseJson *valise_control_ask (GSocketConnection *connection,
                                const char        *line,
                                GBytes            *bytes,
                                GError           **error) G_GNUC_WARN_UNUSED_RESULT;

/* "registered", "updated", "unchanged" */
const char *valise_import_outcome_to_text (ValiseImport outcome);

G_END_DECLS
