/* valise-invitation.h - the one file that connects a new laptop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A JSON object: {"valise-invitation": 1, "programme": {id, name: {LANGUAGE: TEXT}},
 * "server": URL, "pins": [SPKI SHA-256, …], "root": PUBLIC-KEY, "token": TOKEN,
 * "person": NAME, "participant": "xke", "role": "delegate", "expires": TIME,
 * "languages": [CODE, …]}. Untrusted input.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_INVITATION_ERROR (valise_invitation_error_quark ())

/**
 * ValiseInvitationError:
 * @VALISE_INVITATION_ERROR_FORMAT: not an invitation
 * @VALISE_INVITATION_ERROR_NEWER: of a later version than this Valise reads
 * @VALISE_INVITATION_ERROR_EXPIRED: its seven days are over, or its token was used: the
 * server's word, since a laptop's clock may be wrong
 */
typedef enum
{
  VALISE_INVITATION_ERROR_FORMAT,
  VALISE_INVITATION_ERROR_NEWER,
  VALISE_INVITATION_ERROR_EXPIRED,
} ValiseInvitationError;

GQuark valise_invitation_error_quark (void);

typedef struct
{
  char  *programme;      /* id */
  char  *programme_name; /* in English, or the first language given */
  char  *server;
  char  *pin;
  char  *backup_pin; /* or NULL */
  char  *root;       /* public key */
  char  *token;
  char  *person;
  char  *participant;
  char  *role;
  gint64 expires_us;
  char **languages; /* of the programme */
} ValiseInvitation;

ValiseInvitation *valise_invitation_parse (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char             *valise_invitation_to_text (const ValiseInvitation *self);
void              valise_invitation_free (ValiseInvitation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseInvitation, valise_invitation_free)

G_END_DECLS
