/* valise-account.h - this laptop's standing with one secretariat, and its folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     DATA/ACCOUNT/account.json   server, pins, root key, programme, person, languages
 *     DATA/ACCOUNT/…              see valise-home.h
 *     secrets: the password and the device key, in the keyring; without one, in
 *     DATA/ACCOUNT/secrets.json of mode 0600, which says what it is
 *
 * A sample account has no server: it holds the sample programme alone.
 */

#pragma once

#include "valise-invitation.h"
#include "valise-meter.h"

G_BEGIN_DECLS

typedef struct _ValiseHome ValiseHome; /* views need not know the store */
typedef struct _ValiseGate ValiseGate;

#define VALISE_ACCOUNT_ERROR (valise_account_error_quark ())

/**
 * ValiseAccountError:
 * @VALISE_ACCOUNT_ERROR_NONE: nobody has joined here yet
 * @VALISE_ACCOUNT_ERROR_DAMAGED: account.json cannot be read
 * @VALISE_ACCOUNT_ERROR_NO_SECRET: the keyring or the file lacks the password
 */
typedef enum
{
  VALISE_ACCOUNT_ERROR_NONE,
  VALISE_ACCOUNT_ERROR_DAMAGED,
  VALISE_ACCOUNT_ERROR_NO_SECRET,
} ValiseAccountError;

GQuark valise_account_error_quark (void);

#define VALISE_TYPE_ACCOUNT (valise_account_get_type ())

/* Properties, notified in the main context of the opener: "languages" (GStrv), "incidents"
 * (GPtrArray, see valise_account_list_incidents()). */
G_DECLARE_FINAL_TYPE (ValiseAccount, valise_account, VALISE, ACCOUNT, GObject)

/* "$XDG_DATA_HOME/valise" */
char *valise_account_default_data_dir (void);

/* Trades the invitation's token for an account, makes the device key, and keeps both. Blocks.
 * @languages: those whose texts are fetched; NULL: all. Fails with #ValiseInvitationError,
 * #ValisePeerError, #ValiseHomeError, any %G_FILE_ERROR; then nothing is left behind. */
ValiseAccount *valise_account_join (const char             *data_dir,
                                    const ValiseInvitation *invitation,
                                    const char *const      *languages,
                                    GCancellable           *cancellable,
                                    GError                **error) G_GNUC_WARN_UNUSED_RESULT;
void           valise_account_join_async (const char             *data_dir,
                                          const ValiseInvitation *invitation,
                                          const char *const      *languages,
                                          GCancellable           *cancellable,
                                          GAsyncReadyCallback     callback,
                                          gpointer                user_data);
ValiseAccount *valise_account_join_finish (GAsyncResult *result, GError **error);

/* The account joined last in @data_dir. */
ValiseAccount *valise_account_open (const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Its folder, without opening it: another program may have it open. */
char *valise_account_find_folder (const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A folder for the sample programme, empty until somebody fills it; @root: its sealing key. */
ValiseAccount *valise_account_new_sample (const char *data_dir,
                                          const char *programme,
                                          const char *root,
                                          GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* The programme's rules for what is in @home, which this layer does not know; NULL without @error
 * where the programme has not come yet. Any thread. */
typedef ValiseGate *(*ValiseRulesFunc) (ValiseHome *home, GError **error);

/* From now on what comes from a server that judges less than `valise-server`, a CouchDB, is put to
 * the rules that @make makes, anew for each round. Before anything is synced. */
void valise_account_set_rules (ValiseAccount *self, ValiseRulesFunc make);

/* From now on backups are made by themselves (valise-keeper.h), until it is closed. */
void valise_account_keep_backups (ValiseAccount *self);

/* Puts the account in the backup @file in its place in @data_dir; what was there goes to
 * @data_dir/replaced. Its password and device key stay where they are on this laptop, if they
 * are; edits that nobody has acknowledged come along. @folder: (out) (optional). Nobody may
 * have the account open. Fails with #ValiseArchiveError, #ValiseDbError, #ValiseHomeError,
 * %VALISE_ACCOUNT_ERROR_DAMAGED, any %G_IO_ERROR; then all is as it was. */
gboolean valise_account_restore (const char *data_dir,
                                 const char *file,
                                 char      **folder,
                                 GError    **error);

/* Databases that were damaged and mended, (element-type ValiseIncident) of valise-mend.h,
 * oldest first: what the user has not been told yet. Transfer full. */
GPtrArray *valise_account_list_incidents (ValiseAccount *self);
/* The same in short, for views: FALSE where there is nothing to tell. @backup: (out): the day
 * of the backup that was used, "2026-11-27", or NULL. */
gboolean valise_account_get_mending (ValiseAccount *self, char **backup);
void     valise_account_clear_incidents (ValiseAccount *self); /* the user was told */

void        valise_account_close (ValiseAccount *self);
const char *valise_account_get_folder (ValiseAccount *self);
ValiseHome *valise_account_get_home (ValiseAccount *self);
gboolean    valise_account_is_sample (ValiseAccount *self);

const char *valise_account_get_programme (ValiseAccount *self); /* id */
const char *valise_account_get_programme_name (ValiseAccount *self);
const char *valise_account_get_server (ValiseAccount *self); /* URL; NULL: sample */
const char *valise_account_get_person (ValiseAccount *self);
const char *valise_account_get_participant (ValiseAccount *self); /* "xke", "org-icrc" */
const char *valise_account_get_role (ValiseAccount *self);
const char *valise_account_get_root (ValiseAccount *self);   /* public key */
const char *valise_account_get_device (ValiseAccount *self); /* device key's id */

/* Whether the secrets had to go into a file, so that it can be said. */
gboolean valise_account_secrets_in_file (ValiseAccount *self);

/* Where all bytes to and from its server are counted. Lent; any thread. */
ValiseMeter *valise_account_get_meter (ValiseAccount *self);

/* The languages whose texts are fetched. Setting them is durable when it returns. */
char   **valise_account_dup_languages (ValiseAccount *self);
gboolean valise_account_set_languages (ValiseAccount     *self,
                                       const char *const *languages,
                                       GError           **error);

G_END_DECLS
