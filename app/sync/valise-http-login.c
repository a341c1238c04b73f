/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-login"

#include "config.h"

#include <string.h>

#include "valise-http-login.h"
#include "valise-json.h"

#define COOKIE_NAME "AuthSession" /* CouchDB's */

/**
 * ValiseHttpLogin:
 *
 * The cookie of one account's session. It is renewed by whatever answer brings a newer one:
 * servers send one when the old has used up part of its life.
 */
struct _ValiseHttpLogin
{
  gatomicrefcount refs;
  GMutex          mutex;
  char           *cookie; /* "AuthSession=…"; NULL: not signed in */
};

ValiseHttpLogin *
valise_http_login_new (void)
{
  ValiseHttpLogin *self = g_new0 (ValiseHttpLogin, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  return self;
}

ValiseHttpLogin *
valise_http_login_ref (ValiseHttpLogin *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_http_login_unref (ValiseHttpLogin *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_free (self->cookie);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

char *
valise_http_login_dup_cookie (ValiseHttpLogin *self)
{
  char *cookie = NULL;

  g_mutex_lock (&self->mutex);
  cookie = g_strdup (self->cookie);
  g_mutex_unlock (&self->mutex);
  return cookie;
}

void
valise_http_login_forget (ValiseHttpLogin *self, const char *cookie)
{
  g_mutex_lock (&self->mutex);
  if (g_strcmp0 (self->cookie, cookie) == 0)
    g_clear_pointer (&self->cookie, g_free);
  g_mutex_unlock (&self->mutex);
}

gboolean
valise_http_login_take (ValiseHttpLogin *self, SoupMessage *message)
{
  GSList  *cookies = soup_cookies_from_response (message);
  gboolean taken = FALSE;

  for (GSList *l = cookies; l != NULL; l = l->next)
    {
      const char *value = soup_cookie_get_value (l->data);

      if (strcmp (soup_cookie_get_name (l->data), COOKIE_NAME) != 0 || value[0] == '\0')
        continue;
      g_mutex_lock (&self->mutex);
      g_free (self->cookie);
      self->cookie = g_strconcat (COOKIE_NAME "=", value, NULL);
      g_mutex_unlock (&self->mutex);
      taken = TRUE;
    }
  g_slist_free_full (cookies, (GDestroyNotify) soup_cookie_free);
  return taken;
}

GString *
valise_http_login_make_body (const char *user, const char *password)
{
  GString *body = g_string_new ("{\"name\":");

  valise_json_append_string (body, user, -1);
  g_string_append (body, ",\"password\":");
  valise_json_append_string (body, password != NULL ? password : "", -1);
  g_string_append_c (body, '}');
  return body;
}

char *
valise_http_login_make_greeting (const char *user, const char *password)
{
  char *pair = g_strconcat (user, ":", password, NULL);
  char *encoded = g_base64_encode ((const guchar *) pair, strlen (pair));
  char *greeting = g_strconcat ("Basic ", encoded, NULL);

  explicit_bzero (pair, strlen (pair));
  explicit_bzero (encoded, strlen (encoded));
  g_free (pair);
  g_free (encoded);
  return greeting;
}

gboolean
valise_http_login_knows_greetings (SoupMessage *message)
{
  const char *challenge = soup_message_headers_get_list (
      soup_message_get_response_headers (message), "WWW-Authenticate");

  return challenge != NULL && g_ascii_strncasecmp (challenge, "Basic", strlen ("Basic")) == 0;
}
