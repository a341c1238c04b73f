/* valise-cipher.h - secrets of a file: AES-256-GCM (NIST SP 800-38D), and keys for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A key comes of a passphrase by PBKDF2-HMAC-SHA256 (RFC 8018), or of another key by
 * HKDF-SHA256 (RFC 5869). Every message has a number, which is its nonce: under one key a
 * number is used once, so a key serves one file.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_CIPHER_KEY_SIZE   32       /* bytes */
#define VALISE_CIPHER_TAG_SIZE   16       /* bytes that sealing adds */
#define VALISE_CIPHER_ROUNDS     600000   /* of PBKDF2: what is written, and the least read */
#define VALISE_CIPHER_ROUNDS_MAX 10000000 /* a file must not keep its reader for minutes */

#define VALISE_CIPHER_ERROR (valise_cipher_error_quark ())

/**
 * ValiseCipherError:
 * @VALISE_CIPHER_ERROR_FAILED: the library could not; the message says why
 * @VALISE_CIPHER_ERROR_FORGED: it was not sealed by this key, with this number and context
 */
typedef enum
{
  VALISE_CIPHER_ERROR_FAILED,
  VALISE_CIPHER_ERROR_FORGED,
} ValiseCipherError;

GQuark valise_cipher_error_quark (void);

/**
 * valise_cipher_stretch:
 * @passphrase: UTF-8; brought to one form first (NFC), since keyboards differ
 * @salt: @salt_length bytes
 * @rounds: from %VALISE_CIPHER_ROUNDS to %VALISE_CIPHER_ROUNDS_MAX
 * @key: (out):
 *
 * Takes some tenths of a second. Any thread.
 *
 * Returns: %FALSE with %VALISE_CIPHER_ERROR_FAILED
 */
gboolean valise_cipher_stretch (const char   *passphrase,
                                const guint8 *salt,
                                gsize         salt_length,
                                guint         rounds,
                                guint8        key[VALISE_CIPHER_KEY_SIZE],
                                GError      **error);

/**
 * valise_cipher_derive:
 * @master: the key to derive from
 * @salt: @salt_length bytes
 * @purpose: names what @key is for
 * @key: (out): @length bytes, at most 64
 *
 * Any thread.
 *
 * Returns: %FALSE with %VALISE_CIPHER_ERROR_FAILED
 */
gboolean valise_cipher_derive (const guint8  master[VALISE_CIPHER_KEY_SIZE],
                               const guint8 *salt,
                               gsize         salt_length,
                               const char   *purpose,
                               guint8       *key,
                               gsize         length,
                               GError      **error);

typedef struct _ValiseCipher ValiseCipher; /* one thread at a time */

ValiseCipher *valise_cipher_new (const guint8 key[VALISE_CIPHER_KEY_SIZE],
                                 GError     **error) G_GNUC_WARN_UNUSED_RESULT;
void          valise_cipher_free (ValiseCipher *self);

/* Seals @length bytes as message @number of its key, together with @context, which is not
 * kept. Returns: (transfer full): @length + %VALISE_CIPHER_TAG_SIZE bytes, or %NULL with
 * %VALISE_CIPHER_ERROR_FAILED */
GBytes *valise_cipher_seal (ValiseCipher *self,
                            guint64       number,
                            GBytes       *context,
                            gconstpointer data,
                            gsize         length,
                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* The reverse, of what valise_cipher_seal() returned. %NULL with %VALISE_CIPHER_ERROR_FORGED
 * where anything differs. */
GBytes *valise_cipher_open (ValiseCipher *self,
                            guint64       number,
                            GBytes       *context,
                            gconstpointer data,
                            gsize         length,
                            GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @length bytes are equal, in a time that does not tell where they differ. */
gboolean valise_secret_equal (gconstpointer a, gconstpointer b, gsize length);

/* Overwrites, in a way that no compiler leaves out. */
void valise_secret_wipe (gpointer bytes, gsize length);

/* @length bytes from the system's source of randomness. */
void valise_secret_make (gpointer bytes, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseCipher, valise_cipher_free)

G_END_DECLS
