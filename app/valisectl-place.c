/* valisectl-place.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <string.h>

#include "valise-http-peer.h"
#include "valise-store-peer.h"

#include "valisectl-place.h"
#include "valisectl.h"

#define SUFFIX             ".sqlite"
#define FINGERPRINT_LENGTH 64

/* "VALISE_SOURCE_USER", or "VALISE_USER" where that is not set. */
static const char *
get_credential (const char *role, const char *what)
{
  g_autofree char *own = g_strdup_printf ("VALISE_%s_%s", role, what);
  g_autofree char *any = g_strconcat ("VALISE_", what, NULL);
  const char      *value = g_getenv (own);

  return value != NULL ? value : g_getenv (any);
}

/* --- at a URL ------------------------------------------------------------------------------ */

/* Whether it is the address of a database, and nothing secret is in it. */
static gboolean
check_url (const char *spec, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (spec, G_URI_FLAGS_ENCODED, error);

  if (uri == NULL)
    return FALSE;
  if (!g_str_equal (g_uri_get_scheme (uri), "https")
      && !g_str_equal (g_uri_get_scheme (uri), "http"))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s is no address of a server",
                   spec);
      return FALSE;
    }
  if (g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL
      || g_uri_get_fragment (uri) != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "an address is https://HOST:PORT/DATABASE and no more; credentials go "
                           "in VALISE_USER and VALISE_PASSWORD");
      return FALSE;
    }
  if (*g_uri_get_path (uri) == '\0'
      || strspn (g_uri_get_path (uri), "/") == strlen (g_uri_get_path (uri)))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s names no database", spec);
      return FALSE;
    }
  return TRUE;
}

/* "https://host:port/prefix/NAME" into the server's URL and the database's name. */
static gboolean
split_url (const char *spec, char **server, char **database, GError **error)
{
  g_autofree char *trimmed = g_strdup (spec);
  const char      *slash = NULL;

  if (!check_url (spec, error))
    return FALSE;

  while (g_str_has_suffix (trimmed, "/"))
    trimmed[strlen (trimmed) - 1] = '\0';
  slash = strrchr (trimmed, '/');
  *database = g_uri_unescape_string (slash + 1, NULL);
  *server = g_strndup (trimmed, (gsize) (slash - trimmed));
  return *database != NULL;
}

static gboolean
check_trust (GError **error)
{
  for (char **key = valisectl_options.trust; key != NULL && *key != NULL; key++)
    if (strlen (*key) != FINGERPRINT_LENGTH
        || strspn (*key, "0123456789abcdefABCDEF") != FINGERPRINT_LENGTH)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     "--trust takes the SHA-256 of a public key, %d hexadecimal digits, not %s",
                     FINGERPRINT_LENGTH, *key);
        return FALSE;
      }
  return TRUE;
}

/* A server must have one of the keys given with --trust; without, a certified one. */
static void
set_address (ValiseServerAddress *address, const char *server, const char *role)
{
  char **trust = valisectl_options.trust;

  address->url = server;
  address->user = get_credential (role, "USER");
  address->password = get_credential (role, "PASSWORD");
  address->pin = trust != NULL ? trust[0] : NULL;
  address->backup_pin = trust != NULL && trust[0] != NULL ? trust[1] : NULL;
}

static gboolean
create_there (const ValiseServerAddress *address, const char *database, GError **error)
{
  g_autofree char       *escaped = g_uri_escape_string (database, NULL, FALSE);
  g_autofree char       *path = g_strconcat ("/", escaped, NULL);
  g_autoptr (ValiseJson) json = valise_http_exchange (address, "PUT", path, NULL, NULL, error);

  return json != NULL;
}

/* Asks for it, and makes it where it is not there and may be made. */
static gboolean
look_there (ValisePeer                *peer,
            const ValiseServerAddress *address,
            const char                *database,
            gboolean                   create,
            GError                   **error)
{
  g_autoptr (GError) failure = NULL;
  ValisePeerInfo     info = { 0 };

  if (valise_peer_get_info (peer, &info, NULL, &failure))
    {
      valise_peer_info_clear (&info);
      return TRUE;
    }
  if (create && g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    return create_there (address, database, error);

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
open_url (ValisectlPlace *self, const char *role, gboolean create, GError **error)
{
  g_autofree char    *server = NULL;
  g_autofree char    *database = NULL;
  ValiseServerAddress address = { 0 };

  if (!check_trust (error) || !split_url (self->name, &server, &database, error))
    return FALSE;
  set_address (&address, server, role);
  self->peer = valise_http_peer_new (&address, database, error);
  if (self->peer == NULL || !look_there (self->peer, &address, database, create, error))
    return FALSE;

  valise_http_peer_fetch_files (VALISE_HTTP_PEER (self->peer));
  return TRUE;
}

/* --- in a file ----------------------------------------------------------------------------- */

/* A folder that is not there is not made for looking into. */
static ValiseHome *
open_home (const char *directory, const ValisectlPlace *other, gboolean create, GError **error)
{
  if (other != NULL && other->home != NULL
      && g_str_equal (valise_home_get_directory (other->home), directory))
    return g_object_ref (other->home);
  if (create || g_file_test (directory, G_FILE_TEST_IS_DIR))
    return valise_home_open (directory, error);

  g_set_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE, "%s is not there",
               directory);
  return NULL;
}

static gboolean
open_file (ValisectlPlace *self, const ValisectlPlace *other, gboolean create, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (self->name);
  g_autofree char *name = g_path_get_basename (self->name);
  ValiseFileStore *files = NULL;

  if (!g_str_has_suffix (name, SUFFIX))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "%s is neither a URL nor a database's file, DIR/NAME" SUFFIX, self->name);
      return FALSE;
    }
  name[strlen (name) - strlen (SUFFIX)] = '\0';

  self->home = open_home (directory, other, create, error);
  if (self->home == NULL)
    return FALSE;
  self->database = valise_home_get_database (self->home, name, create, error);
  if (self->database != NULL)
    files = valise_home_get_files (self->home, error);
  if (files == NULL)
    return FALSE;

  self->peer = valise_store_peer_new_with_files (self->database, files);
  return TRUE;
}

/* --- either -------------------------------------------------------------------------------- */

ValisectlPlace *
valisectl_place_open (const char           *spec,
                      const char           *role,
                      const ValisectlPlace *other,
                      gboolean              create,
                      GError              **error)
{
  g_autoptr (ValisectlPlace) self = g_new0 (ValisectlPlace, 1);
  gboolean                   is_url = strstr (spec, "://") != NULL;
  GError                    *failure = NULL;

  self->name = is_url ? g_strdup (spec) : g_canonicalize_filename (spec, NULL);
  if (is_url ? open_url (self, role, create, &failure) : open_file (self, other, create, &failure))
    return g_steal_pointer (&self);

  /* What is no address may hold a password. */
  if (failure->domain != G_OPTION_ERROR && failure->domain != G_URI_ERROR)
    g_prefix_error (&failure, "%s: ", self->name);
  g_propagate_error (error, failure);
  return NULL;
}

void
valisectl_place_close (ValisectlPlace *self)
{
  g_clear_object (&self->peer);
  g_clear_object (&self->database);
  if (self->home != NULL)
    valise_home_close (self->home);
  g_clear_object (&self->home);
  g_free (self->name);
  g_free (self);
}
