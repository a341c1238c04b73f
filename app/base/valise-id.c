/* valise-id.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-id"

#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "valise-clock.h"
#include "valise-digest.h"
#include "valise-id.h"
#include "valise-language.h"

#define ULID_LENGTH      26 /* characters */
#define ULID_TIME_LENGTH 10 /* of which the first tell the time */
#define ULID_RANDOM      10 /* bytes: 80 bits */

/* The last ULID of this process, so that the next one is above it. */
static struct
{
  GMutex lock;
  gint64 time_ms;
  guint8 random[ULID_RANDOM];
} last_ulid;

static void
fill_random (void *bytes, gsize length)
{
  int status = gnutls_rnd (GNUTLS_RND_KEY, bytes, length);

  /* Without the system's randomness no id is unique and no token secret. */
  if (status < 0)
    g_error ("No random bytes: %s", gnutls_strerror (status));
}

/* Whether the next number still fits. */
static gboolean
add_one (guint8 *bytes, gsize length)
{
  while (length > 0)
    if (++bytes[--length] != 0)
      return TRUE;

  return FALSE;
}

/* Within a millisecond, and where the clock goes back, the random part counts up from the
 * last one; should it overflow, the time does. */
static void
advance_ulid (void)
{
  gint64 now_ms = valise_clock_now () / 1000;

  if (now_ms <= last_ulid.time_ms && add_one (last_ulid.random, ULID_RANDOM))
    return;

  last_ulid.time_ms = MAX (now_ms, last_ulid.time_ms + 1);
  fill_random (last_ulid.random, ULID_RANDOM);
}

/* Five bits a character, the highest first. */
static void
write_base32 (char *to, gsize length, guint64 value)
{
  static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  while (length > 0)
    {
      to[--length] = digits[value & 31];
      value >>= 5;
    }
}

static guint64
read_40_bits (const guint8 *bytes)
{
  guint64 value = 0;

  for (guint i = 0; i < 5; i++)
    value = value << 8 | bytes[i];

  return value;
}

char *
valise_id_new_ulid (void)
{
  char *ulid = g_malloc (ULID_LENGTH + 1);

  g_mutex_lock (&last_ulid.lock);
  advance_ulid ();
  write_base32 (ulid, ULID_TIME_LENGTH, (guint64) last_ulid.time_ms);
  write_base32 (ulid + 10, 8, read_40_bits (last_ulid.random));
  write_base32 (ulid + 18, 8, read_40_bits (last_ulid.random + 5));
  g_mutex_unlock (&last_ulid.lock);
  ulid[ULID_LENGTH] = '\0';

  return ulid;
}

char *
valise_id_new (const char *type)
{
  g_autofree char *ulid = valise_id_new_ulid ();

  return g_strconcat (type, ":", ulid, NULL);
}

char *
valise_id_dup_type (const char *id)
{
  return g_strndup (id, strcspn (id, ":"));
}

/* A symbol has no colon, so the language follows the last one. */
const char *
valise_id_get_language (const char *id)
{
  const char *colon = NULL;

  if (!g_str_has_prefix (id, "text:"))
    return NULL;

  colon = strrchr (id + strlen ("text:"), ':');
  return colon != NULL && valise_language_is_known (colon + 1) ? colon + 1 : NULL;
}

char *
valise_id_dup_symbol (const char *id)
{
  const char *symbol = NULL;
  const char *language = NULL;

  if (g_str_has_prefix (id, "paper:"))
    return g_strdup (id + strlen ("paper:"));

  language = valise_id_get_language (id);
  if (language == NULL)
    return NULL;

  symbol = id + strlen ("text:");
  return g_strndup (symbol, (gsize) (language - 1 - symbol));
}

gboolean
valise_id_is_sha256 (const char *text)
{
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

const char *
valise_id_get_sha256 (const char *id)
{
  const char *sha256 = id + strlen ("file:");

  return g_str_has_prefix (id, "file:") && valise_id_is_sha256 (sha256) ? sha256 : NULL;
}

char *
valise_id_for_file (const char *sha256)
{
  return g_strconcat ("file:", sha256, NULL);
}

char *
valise_id_for_paper (const char *symbol)
{
  return g_strconcat ("paper:", symbol, NULL);
}

char *
valise_id_for_text (const char *symbol, const char *language)
{
  return g_strconcat ("text:", symbol, ":", language, NULL);
}

/* Returns: (transfer full): 2 × @bytes digits. Any thread. */
char *
valise_random_hex (gsize bytes)
{
  g_autofree guint8 *random = g_malloc (bytes);

  fill_random (random, bytes);
  return valise_hex_encode (random, bytes);
}

/* Any thread. */
char *
valise_random_token (gsize bytes)
{
  g_autofree guint8 *random = g_malloc (bytes);

  fill_random (random, bytes);
  return valise_base64url_encode (random, bytes);
}
