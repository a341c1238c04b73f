/* valise-session.c - the cookie that says who asks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-session"

#include "config.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "valise-clock.h"
#include "valise-id.h"
#include "valise-session.h"

#define MAC_LENGTH 16 /* bytes */

struct _ValiseSessions
{
  char *key;
};

/**
 * valise_sessions_new:
 * @directory: where session.key is or shall be; the key is kept so that a restart signs
 *   nobody out
 */
ValiseSessions *
valise_sessions_new (const char *directory, GError **error)
{
  g_autofree char   *path = g_build_filename (directory, "session.key", NULL);
  g_autofree char   *key = NULL;
  g_autoptr (GError) missing = NULL;
  ValiseSessions    *self = NULL;

  if (!g_file_get_contents (path, &key, NULL, &missing))
    {
      if (!g_error_matches (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        {
          g_propagate_error (error, g_steal_pointer (&missing));
          return NULL;
        }
      key = valise_random_hex (32);
      if (!g_file_set_contents_full (path, key, -1,
                                     G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                     0600, error))
        return NULL;
    }

  self = g_new0 (ValiseSessions, 1);
  self->key = g_steal_pointer (&key);
  return self;
}

void
valise_sessions_free (ValiseSessions *self)
{
  if (self == NULL)
    return;

  gnutls_memset (self->key, 0, strlen (self->key));
  g_free (self->key);
  g_free (self);
}

static void
compute_mac (ValiseSessions     *self,
             const ValisePerson *person,
             gint64              expiry_s,
             guint8              mac[MAC_LENGTH])
{
  g_autofree char *text =
      g_strdup_printf ("%s:%" G_GINT64_FORMAT ":%s", person->account, expiry_s, person->salt);
  g_autoptr (GHmac) hmac =
      g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) self->key, strlen (self->key));
  guint8 digest[32];
  gsize  length = sizeof digest;

  g_hmac_update (hmac, (const guchar *) text, (gssize) strlen (text));
  g_hmac_get_digest (hmac, digest, &length);
  memcpy (mac, digest, MAC_LENGTH);
}

char *
valise_sessions_make_cookie (ValiseSessions *self, const ValisePerson *person)
{
  gint64              expiry_s = valise_clock_now () / G_USEC_PER_SEC + VALISE_SESSION_LIFETIME_S;
  guint8              mac[MAC_LENGTH];
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char    *encoded = NULL;

  if (person == NULL)
    return g_strdup (VALISE_SESSION_COOKIE "=; Path=/; HttpOnly; Secure; Max-Age=0");

  compute_mac (self, person, expiry_s, mac);
  g_string_append_printf (text, "%s:%" G_GINT64_MODIFIER "x:", person->account, expiry_s);
  g_string_append_len (text, (const char *) mac, MAC_LENGTH);
  encoded = g_base64_encode ((const guchar *) text->str, text->len);
  g_strdelimit (encoded, "+", '-');
  g_strdelimit (encoded, "/", '_');
  g_strdelimit (encoded, "=", '\0');

  return g_strdup_printf (VALISE_SESSION_COOKIE "=%s; Path=/; HttpOnly; Secure; Max-Age=%d",
                          encoded, VALISE_SESSION_LIFETIME_S);
}

/* Our cookie's value in a Cookie header, decoded; NULL without one. */
static GByteArray *
decode_cookie (const char *cookies)
{
  g_auto (GStrv) parts = g_strsplit (cookies, ";", 50);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char         *part = g_strstrip (parts[i]);
      g_autoptr (GString) value = NULL;
      guchar             *bytes = NULL;
      gsize               length = 0;

      if (!g_str_has_prefix (part, VALISE_SESSION_COOKIE "="))
        continue;
      value = g_string_new (part + strlen (VALISE_SESSION_COOKIE "="));
      g_strdelimit (value->str, "-", '+');
      g_strdelimit (value->str, "_", '/');
      while (value->len % 4 != 0)
        g_string_append_c (value, '=');
      bytes = g_base64_decode (value->str, &length);
      return bytes != NULL ? g_byte_array_new_take (bytes, length) : NULL;
    }

  return NULL;
}

/* "ACCOUNT:EXPIRY", what stands before the MAC; NULL where that cannot be. */
static char *
dup_words (const GByteArray *cookie)
{
  gsize length = cookie->len > MAC_LENGTH ? cookie->len - MAC_LENGTH - 1 : 0;

  if (length == 0 || cookie->data[length] != ':')
    return NULL;
  return g_strndup ((const char *) cookie->data, length);
}

/**
 * valise_sessions_check:
 * @cookies: (nullable): the Cookie header
 * @stale: (out): past its half, so that who is active is never signed out
 *
 * Returns: (transfer full) (nullable): who asks
 */
ValisePerson *
valise_sessions_check (ValiseSessions *self,
                       ValiseAccounts *accounts,
                       const char     *cookies,
                       gboolean       *stale)
{
  g_autoptr (GByteArray)   cookie = cookies != NULL ? decode_cookie (cookies) : NULL;
  g_autofree char         *text = cookie != NULL ? dup_words (cookie) : NULL;
  g_auto (GStrv)           parts = g_strsplit (text != NULL ? text : "", ":", 3);
  gint64                   now_s = valise_clock_now () / G_USEC_PER_SEC;
  gint64                   expiry_s = 0;
  g_autoptr (ValisePerson) person = NULL;
  guint8                   mac[MAC_LENGTH];

  if (g_strv_length (parts) != 2)
    return NULL;
  expiry_s = g_ascii_strtoll (parts[1], NULL, 16);
  person = valise_accounts_find (accounts, parts[0]);
  if (person == NULL || expiry_s <= now_s)
    return NULL;
  compute_mac (self, person, expiry_s, mac);
  if (gnutls_memcmp (cookie->data + cookie->len - MAC_LENGTH, mac, MAC_LENGTH) != 0)
    return NULL;

  *stale = expiry_s - now_s < VALISE_SESSION_LIFETIME_S / 2;
  return g_steal_pointer (&person);
}
