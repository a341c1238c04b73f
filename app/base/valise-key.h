/* valise-key.h - Ed25519 keys and signatures (RFC 8032), by libsodium
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * As text, a public key is 32 bytes and a signature 64 bytes in base64url without padding;
 * a key's id is the first 16 hex digits of the SHA-256 of its 32 bytes.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_KEY_ERROR (valise_key_error_quark ())

/**
 * ValiseKeyError:
 * @VALISE_KEY_ERROR_FORMAT: not a key, or not a signature, in our text form
 * @VALISE_KEY_ERROR_MISMATCH: the signature is not by this key over these bytes
 */
typedef enum
{
  VALISE_KEY_ERROR_FORMAT,
  VALISE_KEY_ERROR_MISMATCH,
} ValiseKeyError;

GQuark valise_key_error_quark (void);

typedef struct _ValiseKey       ValiseKey;       /* private and public; any thread */
typedef struct _ValisePublicKey ValisePublicKey; /* public; any thread */

ValiseKey *valise_key_generate (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The private key as text (43 characters: the seed), and back. Keep it in a keyring, or: */
char      *valise_key_to_secret (ValiseKey *self);
ValiseKey *valise_key_from_secret (const char *secret, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A file of mode 0600, written aside, synced and renamed. Any %G_FILE_ERROR. */
gboolean   valise_key_save (ValiseKey *self, const char *path, GError **error);
ValiseKey *valise_key_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *valise_key_get_public (ValiseKey *self); /* text form */
const char *valise_key_get_id (ValiseKey *self);
char       *valise_key_sign (ValiseKey *self, const void *data, gsize length);

ValiseKey *valise_key_ref (ValiseKey *self);
void       valise_key_unref (ValiseKey *self);

ValisePublicKey *valise_public_key_new (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char      *valise_public_key_get_text (ValisePublicKey *self);
const char      *valise_public_key_get_id (ValisePublicKey *self);
gboolean         valise_public_key_verify (ValisePublicKey *self,
                                           const void      *data,
                                           gsize            length,
                                           const char      *signature,
                                           GError         **error);
ValisePublicKey *valise_public_key_ref (ValisePublicKey *self);
void             valise_public_key_unref (ValisePublicKey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseKey, valise_key_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePublicKey, valise_public_key_unref)

G_END_DECLS
