/* valise-key.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-key"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "valise-digest.h"
#include "valise-id.h"
#include "valise-key.h"

#define SEED_SIZE      32 /* bytes */
#define PUBLIC_SIZE    32 /* bytes */
#define SIGNATURE_SIZE 64 /* bytes */
#define ID_LENGTH      16 /* hex digits */

struct _ValisePublicKey
{
  gatomicrefcount refs;
  gnutls_pubkey_t key; /* only read once made, so threads may share it */
  char           *text;
  char           *id;
};

struct _ValiseKey
{
  gatomicrefcount  refs;
  gnutls_privkey_t key; /* the same */
  guint8           seed[SEED_SIZE];
  ValisePublicKey *public_key;
};

G_DEFINE_QUARK (valise_key_error, valise_key_error)

static gboolean
fail (GError **error, const char *what, int status)
{
  g_set_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_FORMAT, "%s%s%s", what,
               status < 0 ? ": " : "", status < 0 ? gnutls_strerror (status) : "");
  return FALSE;
}

static ValisePublicKey *
public_key_new_from_bytes (const guint8 bytes[PUBLIC_SIZE], GError **error)
{
  g_autoptr (ValisePublicKey) self = g_new0 (ValisePublicKey, 1);
  gnutls_datum_t              point = { (guchar *) bytes, PUBLIC_SIZE };
  int                         status;

  g_atomic_ref_count_init (&self->refs);
  self->text = valise_base64url_encode (bytes, PUBLIC_SIZE);
  self->id = valise_digest_dup_hex (bytes, PUBLIC_SIZE);
  self->id[ID_LENGTH] = '\0';

  status = gnutls_pubkey_init (&self->key);
  if (status >= 0)
    status = gnutls_pubkey_import_ecc_raw (self->key, GNUTLS_ECC_CURVE_ED25519, &point, NULL);
  if (status < 0)
    {
      fail (error, "Not a public key", status);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * valise_public_key_new:
 * @text: 43 characters
 *
 * Prepares the key once, for any number of verifications.
 *
 * Fails with %VALISE_KEY_ERROR_FORMAT.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
ValisePublicKey *
valise_public_key_new (const char *text, GError **error)
{
  guint8 bytes[PUBLIC_SIZE];

  g_return_val_if_fail (text != NULL, NULL);

  if (!valise_base64url_decode (text, bytes, sizeof bytes))
    {
      fail (error, "A public key is 32 bytes in base64url", 0);
      return NULL;
    }

  return public_key_new_from_bytes (bytes, error);
}

const char *
valise_public_key_get_text (ValisePublicKey *self)
{
  return self->text;
}

const char *
valise_public_key_get_id (ValisePublicKey *self)
{
  return self->id;
}

/**
 * valise_public_key_verify:
 * @data: what was signed
 * @length: of @data, in bytes
 * @signature: in text form
 *
 * Whether @signature is by this key over @data (RFC 8032, 5.1.7). Any thread.
 *
 * Fails with %VALISE_KEY_ERROR_FORMAT where @signature is none, and with
 * %VALISE_KEY_ERROR_MISMATCH.
 */
gboolean
valise_public_key_verify (ValisePublicKey *self,
                          const void      *data,
                          gsize            length,
                          const char      *signature,
                          GError         **error)
{
  guint8         bytes[SIGNATURE_SIZE];
  gnutls_datum_t signed_data = { (guchar *) data, (guint) length };
  gnutls_datum_t proof = { bytes, sizeof bytes };
  int            status;

  g_return_val_if_fail (self != NULL && signature != NULL, FALSE);
  g_return_val_if_fail (length <= G_MAXUINT, FALSE);

  if (!valise_base64url_decode (signature, bytes, sizeof bytes))
    return fail (error, "A signature is 64 bytes in base64url", 0);

  status =
      gnutls_pubkey_verify_data2 (self->key, GNUTLS_SIGN_EDDSA_ED25519, 0, &signed_data, &proof);
  if (status < 0)
    {
      g_set_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_MISMATCH,
                   "Signature not by key %s over these %" G_GSIZE_FORMAT " bytes: %s", self->id,
                   length, gnutls_strerror (status));
      return FALSE;
    }

  return TRUE;
}

ValisePublicKey *
valise_public_key_ref (ValisePublicKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_public_key_unref (ValisePublicKey *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->key, gnutls_pubkey_deinit);
  g_free (self->text);
  g_free (self->id);
  g_free (self);
}

/* A private key in the form that GnuTLS reads (RFC 8410, 7): 16 bytes, then the seed. It then
 * computes the public key itself; one given beside the seed would be believed, and a signature
 * made with a wrong one gives the private key away. */
static gboolean
import_seed (ValiseKey *self, GError **error)
{
  static const guint8 head[] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
  guint8              der[sizeof head + SEED_SIZE];
  gnutls_datum_t      datum = { der, sizeof der };
  int                 status;

  memcpy (der, head, sizeof head);
  memcpy (der + sizeof head, self->seed, SEED_SIZE);

  status = gnutls_privkey_init (&self->key);
  if (status >= 0)
    status = gnutls_privkey_import_x509_raw (self->key, &datum, GNUTLS_X509_FMT_DER, NULL, 0);
  gnutls_memset (der, 0, sizeof der);

  return status >= 0 || fail (error, "Not a private key", status);
}

static gboolean
derive_public (ValiseKey *self, GError **error)
{
  gnutls_datum_t     point = { NULL, 0 };
  gnutls_ecc_curve_t curve;
  int status = gnutls_privkey_export_ecc_raw2 (self->key, &curve, &point, NULL, NULL, 0);

  if (status < 0 || point.size != PUBLIC_SIZE)
    fail (error, "No public key", status);
  else
    self->public_key = public_key_new_from_bytes (point.data, error);
  gnutls_free (point.data);

  return self->public_key != NULL;
}

/**
 * valise_key_from_secret:
 * @secret: 43 characters: the seed of RFC 8032 in base64url
 *
 * Fails with %VALISE_KEY_ERROR_FORMAT; the message never tells the secret.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
ValiseKey *
valise_key_from_secret (const char *secret, GError **error)
{
  g_autoptr (ValiseKey) self = NULL;

  g_return_val_if_fail (secret != NULL, NULL);

  self = g_new0 (ValiseKey, 1);
  g_atomic_ref_count_init (&self->refs);
  if (!valise_base64url_decode (secret, self->seed, SEED_SIZE))
    {
      fail (error, "A private key is 32 bytes in base64url", 0);
      return NULL;
    }

  return import_seed (self, error) && derive_public (self, error) ? g_steal_pointer (&self) : NULL;
}

static void
free_secret (char *secret)
{
  if (secret != NULL)
    gnutls_memset (secret, 0, strlen (secret));
  g_free (secret);
}

/**
 * valise_key_generate:
 *
 * A new key of the system's random bytes.
 *
 * Fails with %VALISE_KEY_ERROR_FORMAT where GnuTLS makes no key of them.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
ValiseKey *
valise_key_generate (GError **error)
{
  char      *secret = valise_random_token (SEED_SIZE);
  ValiseKey *self = valise_key_from_secret (secret, error);

  free_secret (secret);
  return self;
}

/* The caller wipes what it is given, or hands it to a keyring. */
char *
valise_key_to_secret (ValiseKey *self)
{
  return valise_base64url_encode (self->seed, SEED_SIZE);
}

/**
 * valise_key_save:
 * @path: of a file, made or replaced whole
 *
 * Writes the private key, for its owner's eyes only: after a power cut the file is the old
 * one or the new one. Blocks on the disk.
 *
 * Fails with any %G_FILE_ERROR.
 */
gboolean
valise_key_save (ValiseKey *self, const char *path, GError **error)
{
  char    *secret = NULL;
  gboolean saved;

  /* A later GLib lends the mode of the file that is replaced to the one that replaces it. */
  if (g_chmod (path, 0600) != 0 && errno != ENOENT)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", path,
                   g_strerror (errno));
      return FALSE;
    }

  secret = valise_key_to_secret (self);
  saved = g_file_set_contents_full (path, secret, (gssize) strlen (secret),
                                    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                    0600, error);
  free_secret (secret);
  return saved;
}

/**
 * valise_key_load:
 * @path: of a file that valise_key_save() made
 *
 * Fails with any %G_FILE_ERROR, and with %VALISE_KEY_ERROR_FORMAT.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
ValiseKey *
valise_key_load (const char *path, GError **error)
{
  ValiseKey *self = NULL;
  char      *secret = NULL;

  if (!g_file_get_contents (path, &secret, NULL, error))
    return NULL;

  /* An editor that looked at it may have left a line's end. */
  self = valise_key_from_secret (g_strchomp (secret), error);
  if (self == NULL)
    g_prefix_error (error, "%s: ", path);
  free_secret (secret);
  return self;
}

const char *
valise_key_get_public (ValiseKey *self)
{
  return self->public_key->text;
}

const char *
valise_key_get_id (ValiseKey *self)
{
  return self->public_key->id;
}

/**
 * valise_key_sign:
 * @data: what to sign
 * @length: of @data, in bytes
 *
 * Signs @data itself, not a digest of it (RFC 8032, 5.1.6). Any thread.
 *
 * Returns: (transfer full): the signature as text
 */
char *
valise_key_sign (ValiseKey *self, const void *data, gsize length)
{
  gnutls_datum_t datum = { (guchar *) data, (guint) length };
  gnutls_datum_t signature = { NULL, 0 };
  char          *text = NULL;
  int            status;

  g_return_val_if_fail (length <= G_MAXUINT, NULL);

  status = gnutls_privkey_sign_data2 (self->key, GNUTLS_SIGN_EDDSA_ED25519, 0, &datum, &signature);
  /* The key was proved good when it was made, so only memory or the library can be at fault. */
  if (status < 0)
    g_error ("No signature: %s", gnutls_strerror (status));

  text = valise_base64url_encode (signature.data, signature.size);
  gnutls_free (signature.data);
  return text;
}

ValiseKey *
valise_key_ref (ValiseKey *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_key_unref (ValiseKey *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_clear_pointer (&self->key, gnutls_privkey_deinit);
  g_clear_pointer (&self->public_key, valise_public_key_unref);
  gnutls_memset (self->seed, 0, SEED_SIZE);
  g_free (self);
}
