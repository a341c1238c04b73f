/* valise-seal.h - what the secretariat vouches for, and what a laptop's user wrote
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A seal is the member `seal: {key, issue, signature}` of a document. Its signature is over
 * "valise-seal-1\n" and the canonical JSON of {body, database, id, issue, key, programme,
 * type}, where body is the SHA-256 of the canonical body. A signature is the member
 * `signed: {device, signature}`, over "valise-signed-1\n" and the canonical JSON of {body,
 * database, deleted, device, id, programme}.
 *
 * When a document was sealed, its body says: the issuer puts the member `issued` there, a moment
 * like 2026-07-03T14:05:00Z. What was sealed before it did stands as it is.
 */

#pragma once

#include "valise-json.h"
#include "valise-key.h"

G_BEGIN_DECLS

#define VALISE_SEAL_ERROR (valise_seal_error_quark ())

/**
 * ValiseSealError:
 * @VALISE_SEAL_ERROR_ABSENT: the document carries no seal, or no signature
 * @VALISE_SEAL_ERROR_MALFORMED: it carries one that is not of our form
 * @VALISE_SEAL_ERROR_WRONG_KEY: it names another key than the one given
 * @VALISE_SEAL_ERROR_FORGED: it does not match the document
 */
typedef enum
{
  VALISE_SEAL_ERROR_ABSENT,
  VALISE_SEAL_ERROR_MALFORMED,
  VALISE_SEAL_ERROR_WRONG_KEY,
  VALISE_SEAL_ERROR_FORGED,
} ValiseSealError;

GQuark valise_seal_error_quark (void);

/* Where a document stands, which its seal covers; lent strings. */
typedef struct
{
  const char *programme; /* the programme's id */
  const char *database;
  const char *id;
} ValiseSealScope;

/* Returns: (transfer full): the text of the document @json with its `seal` (re)placed last;
 * every other byte of its members as it was. @issue only ever rises. */
char *valise_seal_apply (const ValiseSealScope *scope,
                         const ValiseJson      *json,
                         ValiseKey             *key,
                         gint64                 issue);

/* The id of the key that @json's seal names, or %NULL; and its issue number, or -1. */
char  *valise_seal_dup_key_id (const ValiseJson *json);
gint64 valise_seal_get_issue (const ValiseJson *json);

/* %TRUE, or %FALSE with a #ValiseSealError. */
gboolean valise_seal_check (const ValiseSealScope *scope,
                            const ValiseJson      *json,
                            ValisePublicKey       *key,
                            GError               **error);

/* The same of a laptop's signature. @deleted is whether the revision is a tombstone. */
char    *valise_signature_apply (const ValiseSealScope *scope,
                                 const ValiseJson      *json,
                                 gboolean               deleted,
                                 ValiseKey             *device);
gboolean valise_signature_check (const ValiseSealScope *scope,
                                 const ValiseJson      *json,
                                 gboolean               deleted,
                                 ValisePublicKey       *device,
                                 GError               **error);

G_END_DECLS
