/* valise-office-invite.c - where laptops find the office, whom it asks in, and whom out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-office-invite"

#include "config.h"

#include <string.h>

#include "valise-certificate.h"
#include "valise-clock.h"
#include "valise-invitation.h"
#include "valise-office.h"

#define DEFAULT_URL "https://127.0.0.1:6985"

/* --- where it is --------------------------------------------------------------------------- */

static char *
address_path (ValiseOffice *self)
{
  return g_build_filename (valise_office_get_directory (self), "server", "address.json", NULL);
}

gboolean
valise_office_set_address (ValiseOffice *self, const char *url, const char *pin, GError **error)
{
  g_autofree char    *path = address_path (self);
  g_autoptr (GString) text = g_string_new ("{\"url\":");

  valise_json_append_string (text, url, -1);
  g_string_append (text, ",\"pin\":");
  valise_json_append_string (text, pin, -1);
  g_string_append (text, "}\n");

  return g_file_set_contents_full (path, text->str, (gssize) text->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* The address remembered; without one, the default and the pin of our own certificate. */
static gboolean
get_address (ValiseOffice *self, char **url, char **pin, GError **error)
{
  g_autofree char              *path = address_path (self);
  g_autofree char              *server = valise_office_dup_server_directory (self);
  g_autofree char              *text = NULL;
  g_autoptr (ValiseJson)        json = NULL;
  g_autoptr (ValiseCertificate) certificate = NULL;

  if (g_file_get_contents (path, &text, NULL, NULL))
    json = valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL);
  if (json != NULL)
    {
      *url = valise_json_dup_member (json, 0, "url");
      *pin = valise_json_dup_member (json, 0, "pin");
    }
  if (*url != NULL && *pin != NULL)
    return TRUE;

  g_clear_pointer (url, g_free);
  g_clear_pointer (pin, g_free);
  certificate = valise_certificate_load (server, NULL, NULL, error);
  if (certificate == NULL)
    return FALSE;
  *url = g_strdup (DEFAULT_URL);
  *pin = g_strdup (certificate->pin);
  return TRUE;
}

/* --- inviting ------------------------------------------------------------------------------ */

/* "xke", "org-icrc", "secretariat". */
static gboolean
is_participant (const char *text)
{
  static const char *letters = "abcdefghijklmnopqrstuvwxyz";
  static const char *more = "abcdefghijklmnopqrstuvwxyz0123456789-";
  gsize              length = strlen (text);

  if (strcmp (text, "secretariat") == 0)
    return TRUE;
  if (g_str_has_prefix (text, "org-"))
    return length > 4 && length <= 64 && strspn (text + 4, more) == length - 4;

  return length == 3 && strspn (text, letters) == 3;
}

static gboolean
check_guest (ValiseOffice *self,
             const char   *name,
             const char   *participant,
             const char   *role,
             GError      **error)
{
  const char *const *roles = valise_profile_get_roles (valise_office_get_profile (self));

  if (!is_participant (participant))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%s” is no participant: a State's three letters, org-NAME or secretariat",
                 participant);
  else if (!g_strv_contains (roles, role))
    {
      g_autofree char *all = g_strjoinv (", ", (char **) roles);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "“%s” is no role of this programme: %s", role, all);
    }
  else if (strcmp (role, "secretariat") == 0 && strcmp (participant, "secretariat") != 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "Only the secretariat's own people have the role secretariat");
  else if (*name == '\0' || strlen (name) > 200 || !g_utf8_validate (name, -1, NULL))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "A person's name has 1 to 200 bytes of UTF-8");
  else
    return TRUE;

  return FALSE;
}

/* The databases that a new person will ask for: a desk exists from the first one on. */
static gboolean
ensure_databases (ValiseOffice *self, const char *participant, const char *role, GError **error)
{
  g_auto (GStrv) names =
      valise_profile_dup_databases (valise_office_get_profile (self), participant, role);

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (ValiseDatabase) database =
          valise_office_get_database (self, names[i], TRUE, error);

      if (database == NULL)
        return FALSE;
    }

  return TRUE;
}

/**
 * valise_office_invite:
 * @participant: in any case of letters
 * @url: (nullable): where the laptop shall find the server
 *
 * Returns: (transfer full): the invitation file's text
 */
char *
valise_office_invite (ValiseOffice *self,
                      const char   *name,
                      const char   *participant,
                      const char   *role,
                      const char   *url,
                      GError      **error)
{
  ValiseRegistry              *registry = valise_office_get_registry (self);
  g_autofree char             *whose = g_ascii_strdown (participant, -1);
  g_autofree char             *server = valise_office_dup_server_directory (self);
  g_autoptr (ValiseInvitation) invitation = g_new0 (ValiseInvitation, 1);

  if (!check_guest (self, name, whose, role, error)
      || !get_address (self, &invitation->server, &invitation->pin, error)
      || !ensure_databases (self, whose, role, error))
    return NULL;

  if (url != NULL)
    {
      g_free (invitation->server);
      invitation->server = g_strdup (url);
    }
  invitation->expires_us = valise_clock_now () + VALISE_INVITATION_LIFETIME_US;
  invitation->token = valise_accounts_invite (valise_office_get_accounts (self), name, whose, role,
                                              invitation->expires_us, error);
  if (invitation->token == NULL)
    return NULL;
  invitation->backup_pin = valise_certificate_dup_backup_pin (server);
  invitation->programme = g_strdup (valise_registry_get_programme (registry));
  invitation->programme_name = g_strdup (valise_registry_get_name (registry));
  invitation->root = g_strdup (valise_registry_get_root (registry));
  invitation->person = g_strdup (name);
  invitation->participant = g_steal_pointer (&whose);
  invitation->role = g_strdup (role);
  invitation->languages =
      g_strdupv ((char **) valise_profile_get_languages (valise_office_get_profile (self)));

  return valise_invitation_to_text (invitation);
}

/* --- and out ------------------------------------------------------------------------------- */

char *
valise_office_dup_watched_name (const char *account)
{
  return g_strconcat ("account:", account, NULL);
}

gboolean
valise_office_revoke (ValiseOffice *self, const char *account, GError **error)
{
  g_autofree char *name = valise_office_dup_watched_name (account);

  if (!valise_accounts_revoke (valise_office_get_accounts (self), account, error))
    return FALSE;
  valise_watch_note_change (valise_office_get_watch (self), name);
  return TRUE;
}
