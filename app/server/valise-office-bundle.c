/* valise-office-bundle.c - bundles that the secretariat writes, and those that come back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-office-bundle"

#include "config.h"

#include <string.h>

#include "valise-bundle-request.h"
#include "valise-bundle-wall.h"
#include "valise-office-bundle.h"
#include "valise-passphrase.h"
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

/* The file that @member of the line names; NULL with @error where that is no name in DIR/server. */
static char *
dup_path (ValiseOffice     *self,
          const ValiseJson *json,
          const char       *member,
          const char       *suffix,
          GError          **error)
{
  g_autofree char *folder = valise_office_dup_server_directory (self);
  g_autofree char *name = valise_json_dup_member (json, 0, member);

  if (name != NULL && *name != '\0' && *name != '.' && strchr (name, G_DIR_SEPARATOR) == NULL
      && g_str_has_suffix (name, suffix))
    return g_build_filename (folder, name, NULL);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "No name for a file");
  return NULL;
}

static char **
dup_list (const ValiseJson *json, const char *member)
{
  guint                    list = valise_json_find (json, 0, member);
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

/* What a line asks for, and what the order borrows of it. */
typedef struct
{
  ValiseBundleOrder order;
  char             *path;
  char             *recipient;
  char             *passphrase;
  char             *meeting;
  char             *since;
  char            **databases;
  char            **languages;
} Question;

static void
clear_question (Question *self)
{
  g_free (self->path);
  g_free (self->recipient);
  valise_passphrase_free (self->passphrase);
  g_free (self->meeting);
  g_free (self->since);
  g_strfreev (self->databases);
  g_strfreev (self->languages);
  g_clear_pointer (&self->order.request, valise_bundle_request_free);
}

/* The list that the line names, if it names one. */
static gboolean
read_request (Question *self, ValiseOffice *office, const ValiseJson *json, GError **error)
{
  g_autofree char *path = NULL;

  if (valise_json_find (json, 0, "request") == VALISE_JSON_NONE)
    return TRUE;
  path = dup_path (office, json, "request", VALISE_BUNDLE_REQUEST_SUFFIX, error);
  if (path != NULL)
    self->order.request = valise_bundle_request_read (path, error);
  return self->order.request != NULL;
}

static gboolean
read_question (Question *self, ValiseOffice *office, const ValiseJson *json, GError **error)
{
  self->path = dup_path (office, json, "name", VALISE_BUNDLE_SUFFIX, error);
  if (self->path == NULL)
    return FALSE;
  self->recipient = valise_json_dup_member (json, 0, "for");
  self->passphrase = valise_json_dup_member (json, 0, "passphrase");
  self->meeting = valise_json_dup_member (json, 0, "meeting");
  self->since = valise_json_dup_member (json, 0, "since");
  self->databases = dup_list (json, "databases");
  self->languages = dup_list (json, "languages");
  self->order.path = self->path;
  self->order.recipient = self->recipient;
  self->order.databases = (const char *const *) self->databases;
  self->order.languages = (const char *const *) self->languages;
  self->order.meeting = self->meeting;
  self->order.secret.passphrase = self->passphrase;
  self->order.max_size = valise_json_get_member_int (json, 0, "max_size", 0);
  self->order.without_originals = valise_json_get_member_int (json, 0, "without_originals", 0) != 0;
  if (self->recipient != NULL && valise_bundle_order_set_since (&self->order, self->since))
    return read_request (self, office, json, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "A bundle is for somebody, and since a day or an issue");
  return FALSE;
}

static gboolean
serve_write (ValiseOffice *self, const ValiseJson *json, GString *out, GError **error)
{
  Question                        question = { 0 };
  g_autoptr (ValiseBundleReceipt) receipt = NULL;

  if (read_question (&question, self, json, error))
    receipt = valise_office_write_bundle (self, &question.order, error);
  clear_question (&question);
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
  g_autofree char                *path = dup_path (self, json, "name", VALISE_BUNDLE_SUFFIX, error);
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
