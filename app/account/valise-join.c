/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-join"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "valise-clock.h"
#include "valise-digest.h"
#include "valise-http-session.h"
#include "valise-join.h"
#include "valise-key.h"
#include "valise-retry.h"

/* The key of an exchange that may have to be repeated. */
static char *
dup_pending_path (const char *data_dir, const ValiseInvitation *invitation)
{
  g_autofree char *digest = valise_digest_dup_hex (invitation->token, strlen (invitation->token));
  g_autofree char *name = g_strdup_printf ("joining-%.16s.key", digest);

  return g_build_filename (data_dir, name, NULL);
}

void
valise_join_settle (const char *data_dir, const ValiseInvitation *invitation)
{
  g_autofree char *path = dup_pending_path (data_dir, invitation);

  if (g_unlink (path) != 0 && errno != ENOENT)
    g_debug ("%s stays: %s", path, g_strerror (errno));
}

/* The device key: that of an exchange whose answer was lost, or a new one, kept until the
 * exchange is settled. */
static ValiseKey *
get_device_key (const char *path, GError **error)
{
  g_autoptr (ValiseKey) key = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    key = valise_key_load (path, NULL); /* a damaged one could not be used: make another */
  if (key != NULL)
    return g_steal_pointer (&key);
  key = valise_key_generate (error);
  if (key == NULL || !valise_key_save (key, path, error))
    return NULL;
  return g_steal_pointer (&key);
}

static GString *
make_request (const ValiseInvitation *invitation, ValiseKey *key)
{
  GString *body = g_string_new ("{\"token\":");

  valise_json_append_string (body, invitation->token, -1);
  g_string_append (body, ",\"device\":");
  valise_json_append_string (body, valise_key_get_public (key), -1);
  g_string_append (body, ",\"name\":");
  valise_json_append_string (body, g_get_host_name (), -1);
  g_string_append_c (body, '}');
  return body;
}

/* Whether the server has certainly given nothing for the token. */
static gboolean
is_certain (const GError *failure)
{
  return !valise_retry_may_help (failure)
         && !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         && !g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL);
}

/* The exchange is repeated where its answer may have been lost: to the same device key the
 * server gives the same account. */
static ValiseJson *
exchange (ValiseHttpSession *session, GString *body, GCancellable *cancellable, GError **error)
{
  for (guint attempt = 0;; attempt++)
    {
      g_autoptr (GError) failure = NULL;
      guint              status = 0;
      ValiseJson *json = valise_http_session_exchange (session, "POST", "/_valise/join", body,
                                                       &status, cancellable, &failure);

      if (json != NULL)
        return json;
      if (status == 403 || status == 410)
        {
          g_set_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_EXPIRED,
                       "The server no longer takes this invitation: %s", failure->message);
          return NULL;
        }
      if (attempt >= VALISE_RETRY_MAX || !valise_retry_may_help (failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
      if (!valise_retry_pause (attempt, cancellable, error))
        return NULL;
    }
}

static char *
dup_or (const ValiseJson *json, const char *name, const char *otherwise)
{
  char *text = valise_json_dup_member (json, 0, name);

  return text != NULL ? text : g_strdup (otherwise);
}

static gboolean
read_answer (const ValiseJson       *json,
             const ValiseInvitation *invitation,
             ValiseKey              *key,
             ValiseMembership      **membership,
             ValiseSecrets         **secrets,
             GError                **error)
{
  g_autoptr (ValiseMembership) self = valise_membership_new ();
  g_autoptr (ValiseSecrets)    found = g_new0 (ValiseSecrets, 1);
  guint                        certificate = valise_json_find (json, 0, "certificate");

  self->user = valise_json_dup_member (json, 0, "account");
  found->password = valise_json_dup_member (json, 0, "password");
  found->device = valise_key_to_secret (key);
  if (self->user == NULL || found->password == NULL)
    {
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                           "The server's answer holds no account");
      return FALSE;
    }
  self->server = g_strdup (invitation->server);
  self->pin = g_strdup (invitation->pin);
  self->backup_pin = g_strdup (invitation->backup_pin);
  self->root = g_strdup (invitation->root);
  self->programme = g_strdup (invitation->programme);
  self->programme_name = g_strdup (invitation->programme_name);
  self->person = dup_or (json, "person", invitation->person);
  self->participant = dup_or (json, "participant", invitation->participant);
  self->role = dup_or (json, "role", invitation->role);
  self->device = g_strdup (valise_key_get_id (key));
  if (certificate != VALISE_JSON_NONE)
    self->certificate = valise_json_dup_raw (json, certificate);
  g_ptr_array_unref (self->grants);
  self->grants = valise_membership_read_grants (json, valise_json_find (json, 0, "databases"));
  self->joined_us = valise_clock_now ();

  *membership = g_steal_pointer (&self);
  *secrets = g_steal_pointer (&found);
  return TRUE;
}

gboolean
valise_join (const char             *data_dir,
             const ValiseInvitation *invitation,
             ValiseMembership      **membership,
             ValiseSecrets         **secrets,
             GCancellable           *cancellable,
             GError                **error)
{
  ValiseServerAddress           address = { invitation->server,     NULL, NULL, invitation->pin,
                                            invitation->backup_pin, 0 };
  g_autoptr (ValiseHttpSession) session = valise_http_session_new (&address, NULL, error);
  g_autoptr (ValiseJson)        root = NULL, json = NULL;
  g_autoptr (ValiseKey)         key = NULL;
  g_autoptr (GString)           body = NULL;
  g_autoptr (GError)            failure = NULL;
  g_autofree char              *pending = dup_pending_path (data_dir, invitation);

  if (session == NULL)
    return FALSE;
  /* Before anything is made: is it there, and is it that server? */
  root = valise_http_session_exchange (session, "GET", "/", NULL, NULL, cancellable, error);
  if (root == NULL)
    return FALSE;
  key = get_device_key (pending, error);
  if (key == NULL)
    return FALSE;

  body = make_request (invitation, key);
  json = exchange (session, body, cancellable, &failure);
  if (json != NULL && read_answer (json, invitation, key, membership, secrets, &failure))
    return TRUE;
  if (is_certain (failure))
    valise_join_settle (data_dir, invitation);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
