/* valise-cipher.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-cipher"

#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "valise-cipher.h"

#define NONCE_SIZE 12 /* bytes: four zeros, then the number, its highest byte first */

struct _ValiseCipher
{
  gnutls_aead_cipher_hd_t handle;
};

G_DEFINE_QUARK (valise_cipher_error, valise_cipher_error)

static gboolean
fail (GError **error, const char *what, int status)
{
  g_set_error (error, VALISE_CIPHER_ERROR,
               status == GNUTLS_E_DECRYPTION_FAILED ? VALISE_CIPHER_ERROR_FORGED
                                                    : VALISE_CIPHER_ERROR_FAILED,
               "%s: %s", what, gnutls_strerror (status));
  return FALSE;
}

gboolean
valise_cipher_stretch (const char   *passphrase,
                       const guint8 *salt,
                       gsize         salt_length,
                       guint         rounds,
                       guint8        key[VALISE_CIPHER_KEY_SIZE],
                       GError      **error)
{
  g_autofree char *text = g_utf8_normalize (passphrase, -1, G_NORMALIZE_NFC);
  const char      *used = text != NULL ? text : passphrase; /* not UTF-8: its bytes */
  gnutls_datum_t   secret = { (guchar *) used, (unsigned) strlen (used) };
  gnutls_datum_t   seasoning = { (guchar *) salt, (unsigned) salt_length };
  int              status =
      gnutls_pbkdf2 (GNUTLS_MAC_SHA256, &secret, &seasoning, rounds, key, VALISE_CIPHER_KEY_SIZE);

  if (text != NULL)
    valise_secret_wipe (text, strlen (text));
  return status >= 0 || fail (error, "No key of a passphrase", status);
}

gboolean
valise_cipher_derive (const guint8  master[VALISE_CIPHER_KEY_SIZE],
                      const guint8 *salt,
                      gsize         salt_length,
                      const char   *purpose,
                      guint8       *key,
                      gsize         length,
                      GError      **error)
{
  guint8         middle[VALISE_CIPHER_KEY_SIZE];
  gnutls_datum_t secret = { (guchar *) master, VALISE_CIPHER_KEY_SIZE };
  gnutls_datum_t seasoning = { (guchar *) salt, (unsigned) salt_length };
  gnutls_datum_t extracted = { middle, sizeof middle };
  gnutls_datum_t info = { (guchar *) purpose, (unsigned) strlen (purpose) };
  int            status = gnutls_hkdf_extract (GNUTLS_MAC_SHA256, &secret, &seasoning, middle);

  if (status >= 0)
    status = gnutls_hkdf_expand (GNUTLS_MAC_SHA256, &extracted, &info, key, length);
  valise_secret_wipe (middle, sizeof middle);
  return status >= 0 || fail (error, "No key of a key", status);
}

ValiseCipher *
valise_cipher_new (const guint8 key[VALISE_CIPHER_KEY_SIZE], GError **error)
{
  g_autofree ValiseCipher *self = g_new0 (ValiseCipher, 1);
  gnutls_datum_t           datum = { (guchar *) key, VALISE_CIPHER_KEY_SIZE };
  int status = gnutls_aead_cipher_init (&self->handle, GNUTLS_CIPHER_AES_256_GCM, &datum);

  if (status < 0)
    {
      fail (error, "No AES-256-GCM", status);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
valise_cipher_free (ValiseCipher *self)
{
  gnutls_aead_cipher_deinit (self->handle);
  g_free (self);
}

static void
make_nonce (guint64 number, guint8 nonce[NONCE_SIZE])
{
  guint64 big_endian = GUINT64_TO_BE (number);

  memset (nonce, 0, NONCE_SIZE);
  memcpy (nonce + NONCE_SIZE - sizeof big_endian, &big_endian, sizeof big_endian);
}

GBytes *
valise_cipher_seal (ValiseCipher *self,
                    guint64       number,
                    GBytes       *context,
                    gconstpointer data,
                    gsize         length,
                    GError      **error)
{
  gsize              sealed = length + VALISE_CIPHER_TAG_SIZE;
  g_autofree guint8 *out = g_malloc (sealed);
  guint8             nonce[NONCE_SIZE];
  int                status;

  make_nonce (number, nonce);
  status = gnutls_aead_cipher_encrypt (self->handle, nonce, sizeof nonce,
                                       g_bytes_get_data (context, NULL), g_bytes_get_size (context),
                                       VALISE_CIPHER_TAG_SIZE, data, length, out, &sealed);
  if (status < 0)
    {
      fail (error, "Not sealed", status);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&out), sealed);
}

GBytes *
valise_cipher_open (ValiseCipher *self,
                    guint64       number,
                    GBytes       *context,
                    gconstpointer data,
                    gsize         length,
                    GError      **error)
{
  g_autofree guint8 *out = g_malloc (MAX (length, 1));
  gsize              opened = length;
  guint8             nonce[NONCE_SIZE];
  int                status = GNUTLS_E_DECRYPTION_FAILED;

  make_nonce (number, nonce);
  if (length >= VALISE_CIPHER_TAG_SIZE)
    status = gnutls_aead_cipher_decrypt (
        self->handle, nonce, sizeof nonce, g_bytes_get_data (context, NULL),
        g_bytes_get_size (context), VALISE_CIPHER_TAG_SIZE, data, length, out, &opened);
  if (status < 0)
    {
      fail (error, "Not opened", status);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&out), opened);
}

gboolean
valise_secret_equal (gconstpointer a, gconstpointer b, gsize length)
{
  return gnutls_memcmp (a, b, length) == 0;
}

void
valise_secret_wipe (gpointer bytes, gsize length)
{
  gnutls_memset (bytes, 0, length);
}

void
valise_secret_make (gpointer bytes, gsize length)
{
  int status = gnutls_rnd (GNUTLS_RND_KEY, bytes, length);

  /* As for a digest: without it nothing secret can be made, and nothing sensible done. */
  if (status < 0)
    g_error ("No random bytes: %s", gnutls_strerror (status));
}
