/* valise-office.h - a secretariat's folder, open: programme, databases, accounts, keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     DIR/NAME.sqlite, DIR/files.sqlite, DIR/keys/   see valise-home.h, valise-registry.h
 *     DIR/server/accounts.sqlite                     who may sign in
 *     DIR/server/{certificate,key,backup-key}.pem    TLS
 *     DIR/server/address.json                        where it listened last, and its pin
 *     DIR/control                                    socket, while it serves
 *
 * The same for `serve` and for a command that works alone. Any thread.
 */

#pragma once

#include "valise-accounts.h"
#include "valise-home.h"
#include "valise-loop.h"
#include "valise-registry.h"
#include "valise-rules.h"
#include "valise-watch.h"

G_BEGIN_DECLS

/* Reads an uploaded file; drafting's, introduced by the entry point. @name: of the file, for
 * its kind and for messages. */
typedef ValiseReading *(*ValiseReadFunc) (GBytes *bytes, const char *name, GError **error);

typedef struct _ValiseOffice ValiseOffice;

/* Makes DIR: a certificate, and a programme of @profile named @name. Fails with
 * %VALISE_REGISTRY_ERROR_EXISTS and all that its parts fail with. */
gboolean valise_office_create (const char *directory,
                               const char *profile,
                               const char *name,
                               gboolean    sample,
                               GError    **error);

ValiseOffice *valise_office_open (const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A laptop's @home, which stays its owner's: for colleagues who read there. It has neither
 * registry nor accounts nor profile. */
ValiseOffice *valise_office_open_laptop (ValiseHome *home) G_GNUC_WARN_UNUSED_RESULT;
/* Closes all and frees. */
void valise_office_close (ValiseOffice *self);

ValiseHome     *valise_office_get_home (ValiseOffice *self);
ValiseRegistry *valise_office_get_registry (ValiseOffice *self);
ValiseProfile  *valise_office_get_profile (ValiseOffice *self);
ValiseGate     *valise_office_get_gate (ValiseOffice *self);
ValiseAccounts *valise_office_get_accounts (ValiseOffice *self);
ValiseWatch    *valise_office_get_watch (ValiseOffice *self);
GMainContext   *valise_office_get_context (ValiseOffice *self); /* of its own thread: timers */
gpointer        valise_office_call (ValiseOffice *self, ValiseLoopFunc func, gpointer data);
const char     *valise_office_get_directory (ValiseOffice *self);
char           *valise_office_dup_server_directory (ValiseOffice *self); /* DIR/server */

/* Opened once and followed by the watch. Fails with NO_DATABASE or BAD_NAME. */
ValiseDatabase *valise_office_get_database (ValiseOffice *self,
                                            const char   *name,
                                            gboolean      create,
                                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean valise_office_delete_database (ValiseOffice *self, const char *name, GError **error);

/* Where laptops reach it; remembered for later invitations. */
gboolean valise_office_set_address (ValiseOffice *self,
                                    const char   *url,
                                    const char   *pin,
                                    GError      **error);

/* The text of an invitation file. @url: (nullable): the address remembered. Fails with
 * %G_IO_ERROR_INVALID_ARGUMENT for a participant or role that the programme does not have. */
char *valise_office_invite (ValiseOffice *self,
                            const char   *name,
                            const char   *participant,
                            const char   *role,
                            const char   *url,
                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a watch calls @account, so that who waits in its name is woken when it is revoked: no
 * database has such a name. */
char *valise_office_dup_watched_name (const char *account) G_GNUC_WARN_UNUSED_RESULT;

/* valise_accounts_revoke(), and whoever waits in its name is turned away at once. */
gboolean valise_office_revoke (ValiseOffice *self, const char *account, GError **error);

/* One file of `import`: reads, registers, issues. One at a time. As valise_registry_import(),
 * and with the reader's errors. */
gboolean valise_office_import (ValiseOffice              *self,
                               ValiseReadFunc             read,
                               GBytes                    *bytes,
                               const ValiseImportOptions *options,
                               ValiseImport              *outcome,
                               char                     **symbol,
                               GError                   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseOffice, valise_office_close)

G_END_DECLS
