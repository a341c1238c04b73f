/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-invitation"

#include "config.h"

#include <string.h>

#include "valise-clock.h"
#include "valise-invitation.h"
#include "valise-json.h"
#include "valise-key.h"
#include "valise-language.h"

#define VERSION       1
#define MAX_SIZE      (64 << 10) /* bytes of the file */
#define MAX_TEXT      512        /* bytes of any text in it */
#define MAX_LANGUAGES 32
#define PIN_LENGTH    64

G_DEFINE_QUARK (valise_invitation_error, valise_invitation_error)

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_FORMAT,
               "Not an invitation: %s", what);
  return FALSE;
}

void
valise_invitation_free (ValiseInvitation *self)
{
  g_free (self->programme);
  g_free (self->programme_name);
  g_free (self->server);
  g_free (self->pin);
  g_free (self->backup_pin);
  g_free (self->root);
  g_free (self->token);
  g_free (self->person);
  g_free (self->participant);
  g_free (self->role);
  g_strfreev (self->languages);
  g_free (self);
}

/* A text that fits on a line; NULL where there is none such. */
static char *
dup_text (const ValiseJson *json, guint object, const char *name)
{
  g_autofree char *text = valise_json_dup_member (json, object, name);

  if (text == NULL || text[0] == '\0' || strlen (text) > MAX_TEXT)
    return NULL;
  for (const char *c = text; *c != '\0'; c++)
    if ((unsigned char) *c < ' ' || *c == 0x7f)
      return NULL;
  return g_steal_pointer (&text);
}

static gboolean
check_version (const ValiseJson *json, GError **error)
{
  gint64 version = valise_json_get_member_int (json, 0, "valise-invitation", 0);

  if (version > VERSION)
    {
      g_set_error (error, VALISE_INVITATION_ERROR, VALISE_INVITATION_ERROR_NEWER,
                   "An invitation of version %" G_GINT64_FORMAT ", made for a later Valise",
                   version);
      return FALSE;
    }
  return version == VERSION || fail (error, "it does not say that it is one");
}

static gboolean
read_programme (ValiseInvitation *self, const ValiseJson *json, GError **error)
{
  guint programme = valise_json_find (json, 0, "programme");
  guint names = VALISE_JSON_NONE, first = VALISE_JSON_NONE;

  if (programme == VALISE_JSON_NONE)
    return fail (error, "it names no programme");
  self->programme = dup_text (json, programme, "id");
  names = valise_json_find (json, programme, "name");
  if (names != VALISE_JSON_NONE)
    {
      self->programme_name = dup_text (json, names, "en");
      first = valise_json_first (json, names);
    }
  if (self->programme_name == NULL && first != VALISE_JSON_NONE)
    self->programme_name = valise_json_dup_string (json, first);
  if (self->programme_name == NULL)
    self->programme_name = g_strdup (self->programme);
  return self->programme != NULL || fail (error, "it names no programme");
}

static gboolean
is_pin (const char *text)
{
  return text != NULL && strlen (text) == PIN_LENGTH
         && strspn (text, "0123456789abcdefABCDEF") == PIN_LENGTH;
}

static gboolean
read_pins (ValiseInvitation *self, const ValiseJson *json, GError **error)
{
  guint pins = valise_json_find (json, 0, "pins");
  guint token = VALISE_JSON_NONE;

  if (pins == VALISE_JSON_NONE)
    return TRUE; /* the system's authorities then decide */
  token = valise_json_first (json, pins);
  if (token != VALISE_JSON_NONE)
    self->pin = valise_json_dup_string (json, token);
  if (token != VALISE_JSON_NONE)
    token = valise_json_next (json, token);
  if (token != VALISE_JSON_NONE)
    self->backup_pin = valise_json_dup_string (json, token);
  if ((self->pin != NULL && !is_pin (self->pin))
      || (self->backup_pin != NULL && !is_pin (self->backup_pin)))
    return fail (error, "its server's key is not 64 hexadecimal digits");
  return TRUE;
}

static void
read_languages (ValiseInvitation *self, const ValiseJson *json)
{
  g_autoptr (GStrvBuilder) codes = g_strv_builder_new ();
  guint                    list = valise_json_find (json, 0, "languages");
  guint                    n = 0;

  for (guint token = list != VALISE_JSON_NONE ? valise_json_first (json, list) : VALISE_JSON_NONE;
       token != VALISE_JSON_NONE && n < MAX_LANGUAGES; token = valise_json_next (json, token))
    {
      g_autofree char *code = valise_json_dup_string (json, token);

      if (code != NULL && valise_language_is_known (code))
        {
          g_strv_builder_add (codes, code);
          n++;
        }
    }
  self->languages = g_strv_builder_end (codes);
}

static gboolean
read_server (ValiseInvitation *self, const ValiseJson *json, GError **error)
{
  g_autoptr (ValisePublicKey) root = NULL;
  g_autoptr (GUri)            uri = NULL;

  self->server = dup_text (json, 0, "server");
  self->token = dup_text (json, 0, "token");
  self->root = dup_text (json, 0, "root");
  if (self->server == NULL || self->token == NULL || self->root == NULL)
    return fail (error, "it lacks a server, a token or the programme's root key");
  uri = g_uri_parse (self->server, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL
      || (g_strcmp0 (g_uri_get_scheme (uri), "https") != 0
          && g_strcmp0 (g_uri_get_scheme (uri), "http") != 0))
    return fail (error, "its server is not an address");
  root = valise_public_key_new (self->root, NULL);
  return root != NULL || fail (error, "its root key is not a key");
}

/**
 * valise_invitation_parse:
 * @text: the file, of anybody's making
 *
 * Any thread. Fails with %VALISE_INVITATION_ERROR_FORMAT or %VALISE_INVITATION_ERROR_NEWER.
 * Whether it ran out is not judged here: a laptop's clock may be wrong, the server says.
 *
 * Returns: (transfer full): what it says
 */
ValiseInvitation *
valise_invitation_parse (GBytes *text, GError **error)
{
  g_autoptr (ValiseInvitation) self = NULL;
  g_autoptr (ValiseJson)       json = NULL;
  g_autofree char             *expires = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (g_bytes_get_size (text) <= MAX_SIZE)
    json = valise_json_scan (text, VALISE_JSON_INTEGERS, NULL);
  if (json == NULL || valise_json_get_kind (json, 0) != VALISE_JSON_KIND_OBJECT)
    {
      fail (error, "it is no JSON object");
      return NULL;
    }
  self = g_new0 (ValiseInvitation, 1);
  if (!check_version (json, error) || !read_programme (self, json, error)
      || !read_server (self, json, error) || !read_pins (self, json, error))
    return NULL;

  self->person = dup_text (json, 0, "person");
  self->participant = dup_text (json, 0, "participant");
  self->role = dup_text (json, 0, "role");
  if (self->person == NULL || self->participant == NULL || self->role == NULL)
    {
      fail (error, "it does not say whom it invites");
      return NULL;
    }
  expires = valise_json_dup_member (json, 0, "expires");
  self->expires_us = expires != NULL ? valise_clock_parse (expires) : -1;
  read_languages (self, json);
  return g_steal_pointer (&self);
}

static void
append_member (GString *out, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (out, ",\n  \"%s\": ", name);
  valise_json_append_string (out, value, -1);
}

static void
append_list (GString *out, const char *name, const char *const *values)
{
  g_string_append_printf (out, ",\n  \"%s\": [", name);
  for (guint i = 0; values[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      valise_json_append_string (out, values[i], -1);
    }
  g_string_append_c (out, ']');
}

/**
 * valise_invitation_to_text:
 *
 * Returns: (transfer full): the file, which valise_invitation_parse() reads back
 */
char *
valise_invitation_to_text (const ValiseInvitation *self)
{
  GString         *out = g_string_new (NULL);
  const char      *pins[] = { self->pin, self->backup_pin, NULL };
  const char      *none[] = { NULL };
  g_autofree char *expires = self->expires_us >= 0 ? valise_clock_format (self->expires_us) : NULL;

  g_string_append_printf (out,
                          "{\n  \"valise-invitation\": %d,\n  \"programme\": {\"id\": ", VERSION);
  valise_json_append_string (out, self->programme, -1);
  g_string_append (out, ", \"name\": {\"en\": ");
  valise_json_append_string (out, self->programme_name, -1);
  g_string_append (out, "}}");
  append_member (out, "server", self->server);
  if (self->pin != NULL)
    append_list (out, "pins", pins);
  append_member (out, "root", self->root);
  append_member (out, "token", self->token);
  append_member (out, "person", self->person);
  append_member (out, "participant", self->participant);
  append_member (out, "role", self->role);
  append_member (out, "expires", expires);
  append_list (out, "languages",
               self->languages != NULL ? (const char *const *) self->languages : none);
  g_string_append (out, "\n}\n");
  return g_string_free (out, FALSE);
}
