/* valise-key.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-key"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#include "valise-digest.h"
#include "valise-id.h"
#include "valise-key.h"

#define ID_LENGTH 16 /* hex digits */

struct _ValisePublicKey
{
  gatomicrefcount refs;
  guint8          point[crypto_sign_PUBLICKEYBYTES];
  char           *text;
  char           *id;
};

struct _ValiseKey
{
  gatomicrefcount  refs;
  guint8           seed[crypto_sign_SEEDBYTES];
  guint8           pair[crypto_sign_SECRETKEYBYTES]; /* the seed, and the public key after it */
  ValisePublicKey *public_key;
};

G_DEFINE_QUARK (valise_key_error, valise_key_error)

static gboolean
fail (GError **error, const char *what)
{
  g_set_error_literal (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_FORMAT, what);
  return FALSE;
}

/* Lets libsodium choose how it computes on this processor; any thread, any number of times. */
static void
prepare (void)
{
  if (sodium_init () < 0)
    g_error ("libsodium cannot be used here");
}

static ValisePublicKey *
public_key_new_from_bytes (const guint8 point[crypto_sign_PUBLICKEYBYTES])
{
  ValisePublicKey *self = g_new0 (ValisePublicKey, 1);

  prepare ();
  g_atomic_ref_count_init (&self->refs);
  memcpy (self->point, point, sizeof self->point);
  self->text = valise_base64url_encode (point, sizeof self->point);
  self->id = valise_digest_dup_hex (point, sizeof self->point);
  self->id[ID_LENGTH] = '\0';
  return self;
}

/**
 * valise_public_key_new:
 * @text: 43 characters
 *
 * Fails with %VALISE_KEY_ERROR_FORMAT.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
ValisePublicKey *
valise_public_key_new (const char *text, GError **error)
{
  guint8 bytes[crypto_sign_PUBLICKEYBYTES];

  g_return_val_if_fail (text != NULL, NULL);

  if (!valise_base64url_decode (text, bytes, sizeof bytes))
    {
      fail (error, "A public key is 32 bytes in base64url");
      return NULL;
    }

  return public_key_new_from_bytes (bytes);
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
  guint8 bytes[crypto_sign_BYTES];

  g_return_val_if_fail (self != NULL && signature != NULL, FALSE);

  if (!valise_base64url_decode (signature, bytes, sizeof bytes))
    return fail (error, "A signature is 64 bytes in base64url");
  if (crypto_sign_verify_detached (bytes, data, length, self->point) == 0)
    return TRUE;

  g_set_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_MISMATCH,
               "Signature not by key %s over these %" G_GSIZE_FORMAT " bytes", self->id, length);
  return FALSE;
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
  g_free (self->text);
  g_free (self->id);
  g_free (self);
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
  guint8                point[crypto_sign_PUBLICKEYBYTES];

  g_return_val_if_fail (secret != NULL, NULL);

  self = g_new0 (ValiseKey, 1);
  g_atomic_ref_count_init (&self->refs);
  if (!valise_base64url_decode (secret, self->seed, sizeof self->seed))
    {
      fail (error, "A private key is 32 bytes in base64url");
      return NULL;
    }

  prepare ();
  /* The public key comes from the seed alone: a signature made with a wrong one would give the
   * private key away. */
  crypto_sign_seed_keypair (point, self->pair, self->seed);
  self->public_key = public_key_new_from_bytes (point);
  return g_steal_pointer (&self);
}

static void
free_secret (char *secret)
{
  if (secret != NULL)
    sodium_memzero (secret, strlen (secret));
  g_free (secret);
}

/**
 * valise_key_generate:
 *
 * A new key of the system's random bytes.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
ValiseKey *
valise_key_generate (GError **error)
{
  char      *secret = valise_random_token (crypto_sign_SEEDBYTES);
  ValiseKey *self = valise_key_from_secret (secret, error);

  free_secret (secret);
  return self;
}

/* The caller wipes what it is given, or hands it to a keyring. */
char *
valise_key_to_secret (ValiseKey *self)
{
  return valise_base64url_encode (self->seed, sizeof self->seed);
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
  guint8 signature[crypto_sign_BYTES];

  crypto_sign_detached (signature, NULL, data, length, self->pair);
  return valise_base64url_encode (signature, sizeof signature);
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
  g_clear_pointer (&self->public_key, valise_public_key_unref);
  sodium_memzero (self->seed, sizeof self->seed);
  sodium_memzero (self->pair, sizeof self->pair);
  g_free (self);
}
