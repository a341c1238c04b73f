/* valise-digest.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-digest"

#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "valise-digest.h"

void
valise_digest_compute (const void *data, gsize length, guint8 digest[VALISE_DIGEST_SIZE])
{
  int status = gnutls_hash_fast (GNUTLS_DIG_SHA256, data, length, digest);

  /* GnuTLS fails here only where it failed its own self-tests. Nothing that is compared by
   * digest could be trusted then, so there is nothing to go on with. */
  if (status < 0)
    g_error ("No SHA-256: %s", gnutls_strerror (status));
}

char *
valise_digest_dup_hex (const void *data, gsize length)
{
  guint8 digest[VALISE_DIGEST_SIZE];

  valise_digest_compute (data, length, digest);
  return valise_hex_encode (digest, sizeof digest);
}

char *
valise_hex_encode (const void *bytes, gsize length)
{
  static const char digits[] = "0123456789abcdef";
  const guint8     *from = bytes;
  char             *hex = g_malloc (2 * length + 1);

  for (gsize i = 0; i < length; i++)
    {
      hex[2 * i] = digits[from[i] >> 4];
      hex[2 * i + 1] = digits[from[i] & 15];
    }
  hex[2 * length] = '\0';

  return hex;
}

char *
valise_base64url_encode (const void *bytes, gsize length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

/* A text that differs only in bits that no byte takes would be a second name for the same
 * key, so what was decoded must encode to @text again. */
gboolean
valise_base64url_decode (const char *text, void *bytes, gsize length)
{
  g_autofree char   *padded = NULL;
  g_autofree guint8 *decoded = NULL;
  g_autofree char   *again = NULL;
  gsize              n;

  if (strlen (text) != (length * 4 + 2) / 3)
    return FALSE;

  padded = g_strconcat (text, length % 3 == 1 ? "==" : length % 3 == 2 ? "=" : "", NULL);
  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  decoded = g_base64_decode (padded, &n);
  if (n != length)
    return FALSE;

  again = valise_base64url_encode (decoded, n);
  memcpy (bytes, decoded, length);
  return g_str_equal (again, text);
}
