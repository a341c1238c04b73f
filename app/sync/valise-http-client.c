/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-http-client"

#include "config.h"

#include "valise-http-client.h"
#include "valise-http-session.h"

#define MAX_EXCHANGE (1 << 20) /* bytes of an answer outside of feeds and fetches */

struct _ValiseHttpClient
{
  ValiseHttpSession *session;
};

ValiseHttpClient *
valise_http_client_new (const ValiseServerAddress *address, GError **error)
{
  ValiseHttpSession *session = NULL;
  ValiseHttpClient  *self = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  session = valise_http_session_new (address, NULL, error);
  if (session == NULL)
    return NULL;

  self = g_new0 (ValiseHttpClient, 1);
  self->session = session;
  return self;
}

void
valise_http_client_free (ValiseHttpClient *self)
{
  valise_http_session_unref (self->session);
  g_free (self);
}

ValiseJson *
valise_http_client_exchange (ValiseHttpClient *self,
                             const char       *method,
                             const char       *path,
                             const char       *body,
                             GError          **error)
{
  g_autoptr (GString) text = body != NULL ? g_string_new (body) : NULL;

  g_return_val_if_fail (self != NULL && method != NULL && path != NULL, NULL);

  return valise_http_session_exchange (self->session, method, path, text, NULL, NULL, error);
}

/* --- by a session ------------------------------------------------------------------------ */

/* Reads @answer (transfer full) (nullable) to its end. */
static ValiseJson *
end_exchange (ValiseHttpAnswer *answer, GCancellable *cancellable, GError **error)
{
  g_autoptr (ValiseHttpAnswer) owned = answer;

  return owned != NULL ? valise_http_answer_read_json (owned, MAX_EXCHANGE, cancellable, error)
                       : NULL;
}

ValiseJson *
valise_http_session_greet (ValiseHttpSession *self,
                           const char        *method,
                           const char        *path,
                           GString           *body,
                           GBytes            *words,
                           guint             *status,
                           GCancellable      *cancellable,
                           GError           **error)
{
  static const ValiseHttpExtras extras = { .greets = TRUE };
  ValiseHttpAnswer             *answer =
      valise_http_session_send_with (self, method, path, body, &extras, status, cancellable, error);

  if (answer != NULL && words != NULL)
    valise_http_answer_set_dictionary (answer, words);
  return end_exchange (answer, cancellable, error);
}

ValiseJson *
valise_http_session_exchange (ValiseHttpSession *self,
                              const char        *method,
                              const char        *path,
                              GString           *body,
                              guint             *status,
                              GCancellable      *cancellable,
                              GError           **error)
{
  return end_exchange (
      valise_http_session_send (self, method, path, body, status, cancellable, error), cancellable,
      error);
}
