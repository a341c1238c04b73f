/* valise-office-bundle.c - bundles that the secretariat writes, and those that come back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-office-bundle"

#include "config.h"

#include <string.h>

#include "valise-bundle-wall.h"
#include "valise-office-bundle.h"
#include "valise-trust.h"

static void
describe_holder (ValiseOffice *self, ValiseBundleHolder *holder)
{
  memset (holder, 0, sizeof *holder);
  holder->home = valise_office_get_home (self);
  holder->programme = valise_registry_get_programme (valise_office_get_registry (self));
  holder->device = VALISE_PARTICIPANT_SECRETARIAT;
  holder->participant = VALISE_PARTICIPANT_SECRETARIAT;
}

ValiseBundleReceipt *
valise_office_write_bundle (ValiseOffice *self, const ValiseBundleOrder *order, GError **error)
{
  ValiseBundleHolder holder;

  describe_holder (self, &holder);
  return valise_bundle_write (&holder, order, NULL, error);
}

ValiseBundleArrival *
valise_office_read_bundle (ValiseOffice             *self,
                           const char               *path,
                           const ValiseBundleSecret *secret,
                           GError                  **error)
{
  ValiseRegistry         *registry = valise_office_get_registry (self);
  g_autoptr (ValiseTrust) trust = valise_trust_new (valise_registry_get_programme (registry),
                                                    valise_registry_get_root (registry), error);
  g_autoptr (GPtrArray)   gates = g_ptr_array_new ();
  ValiseBundleHolder      holder;

  if (trust == NULL)
    return NULL;
  describe_holder (self, &holder);
  g_ptr_array_add (gates, trust);
  holder.gates = gates;
  holder.rules = valise_office_get_gate (self);
  return valise_bundle_read (&holder, path, secret, NULL, error);
}

/* --- through the socket --------------------------------------------------------------------- */

void
valise_bundle_append_list (GString *out, const char *name, GPtrArray *texts)
{
  g_string_append_printf (out, ",\"%s\":[", name);
  for (guint i = 0; i < texts->len; i++)
    {
      g_string_append (out, i > 0 ? "," : "");
      valise_json_append_string (out, g_ptr_array_index (texts, i), -1);
    }
  g_string_append_c (out, ']');
}

/* The file that the line names; NULL with @error where that is no name in DIR/server. */
static char *
dup_path (ValiseOffice *self, const ValiseJson *json, GError **error)
{
  g_autofree char *folder = valise_office_dup_server_directory (self);
  g_autofree char *name = valise_json_dup_member (json, 0, "name");

  if (name != NULL && *name != '\0' && *name != '.' && strchr (name, G_DIR_SEPARATOR) == NULL
      && g_str_has_suffix (name, VALISE_BUNDLE_SUFFIX))
    return g_build_filename (folder, name, NULL);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "No name for a bundle");
  return NULL;
}

static char **
dup_databases (const ValiseJson *json)
{
  guint                    list = valise_json_find (json, 0, "databases");
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (list == VALISE_JSON_NONE)
    return NULL;
  for (guint token = valise_json_first (json, list); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *name = valise_json_dup_string (json, token);

      if (name != NULL)
        g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

static void
make_basenames (GPtrArray *paths)
{
  for (guint i = 0; i < paths->len; i++)
    {
      char *path = g_ptr_array_index (paths, i);

      g_ptr_array_index (paths, i) = g_path_get_basename (path);
      g_free (path);
    }
}

static gboolean
serve_write (ValiseOffice *self, const ValiseJson *json, GString *out, GError **error)
{
  g_autofree char                *path = dup_path (self, json, error);
  g_autofree char                *recipient = valise_json_dup_member (json, 0, "for");
  g_autofree char                *passphrase = valise_json_dup_member (json, 0, "passphrase");
  g_auto (GStrv)                  databases = dup_databases (json);
  ValiseBundleOrder               order = { .path = path,
                                            .recipient = recipient,
                                            .databases = (const char *const *) databases,
                                            .secret = { passphrase, NULL } };
  g_autoptr (ValiseBundleReceipt) receipt = NULL;

  if (path == NULL)
    return FALSE;
  if (recipient == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "A bundle is for somebody");
      return FALSE;
    }
  order.max_size = valise_json_get_member_int (json, 0, "max_size", 0);
  receipt = valise_office_write_bundle (self, &order, error);
  if (receipt == NULL)
    return FALSE;
  make_basenames (receipt->files);
  g_string_append_printf (out, "{\"documents\":%" G_GUINT64_FORMAT ",\"bytes\":%" G_GUINT64_FORMAT,
                          receipt->documents, receipt->bytes);
  valise_bundle_append_list (out, "files", receipt->files);
  valise_bundle_append_list (out, "left_out", receipt->left_out);
  g_string_append (out, "}\n");
  return TRUE;
}

static gboolean
serve_read (ValiseOffice *self, const ValiseJson *json, GString *out, GError **error)
{
  g_autofree char                *path = dup_path (self, json, error);
  g_autofree char                *passphrase = valise_json_dup_member (json, 0, "passphrase");
  ValiseBundleSecret              secret = { passphrase, NULL };
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  if (path == NULL)
    return FALSE;
  arrival = valise_office_read_bundle (self, path, &secret, error);
  if (arrival == NULL)
    return FALSE;
  g_string_append_printf (out,
                          "{\"documents\":%" G_GUINT64_FORMAT ",\"stored\":%" G_GUINT64_FORMAT
                          ",\"refused\":%" G_GUINT64_FORMAT,
                          arrival->documents, arrival->stored, arrival->refused);
  valise_bundle_append_list (out, "reasons", arrival->reasons);
  g_string_append (out, "}\n");
  return TRUE;
}

gboolean
valise_office_serve_bundle (ValiseOffice     *self,
                            const char       *command,
                            const ValiseJson *json,
                            GString          *out,
                            GError          **error)
{
  if (g_str_equal (command, "bundle-write"))
    return serve_write (self, json, out, error);
  if (g_str_equal (command, "bundle-read"))
    return serve_read (self, json, out, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "No such command: %.80s", command);
  return FALSE;
}
