/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-membership"

#include "config.h"

#include <string.h>

#include "valise-clock.h"
#include "valise-membership.h"

#define FILE_NAME  "account.json"
#define VERSION    1
#define MAX_GRANTS 64
#define MAX_NAME   200

void
valise_grant_free (ValiseGrant *grant)
{
  g_free (grant->name);
  g_free (grant);
}

ValiseMembership *
valise_membership_new (void)
{
  ValiseMembership *self = g_new0 (ValiseMembership, 1);

  self->grants = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_grant_free);
  return self;
}

/* The members that are plain text, by the names that they have in the file. */
typedef struct
{
  const char *name;
  gsize       offset;
  gboolean    required;
} Field;

static const Field fields[] = {
  { "id", G_STRUCT_OFFSET (ValiseMembership, id), TRUE },
  { "server", G_STRUCT_OFFSET (ValiseMembership, server), FALSE },
  { "pin", G_STRUCT_OFFSET (ValiseMembership, pin), FALSE },
  { "backup_pin", G_STRUCT_OFFSET (ValiseMembership, backup_pin), FALSE },
  { "root", G_STRUCT_OFFSET (ValiseMembership, root), TRUE },
  { "programme", G_STRUCT_OFFSET (ValiseMembership, programme), TRUE },
  { "programme_name", G_STRUCT_OFFSET (ValiseMembership, programme_name), FALSE },
  { "person", G_STRUCT_OFFSET (ValiseMembership, person), FALSE },
  { "participant", G_STRUCT_OFFSET (ValiseMembership, participant), FALSE },
  { "role", G_STRUCT_OFFSET (ValiseMembership, role), FALSE },
  { "user", G_STRUCT_OFFSET (ValiseMembership, user), FALSE },
  { "device", G_STRUCT_OFFSET (ValiseMembership, device), FALSE },
  { "grants_tag", G_STRUCT_OFFSET (ValiseMembership, tag), FALSE },
  { "certificate", G_STRUCT_OFFSET (ValiseMembership, certificate), FALSE },
};

static char **
get_field (const ValiseMembership *self, const Field *field)
{
  return (char **) G_STRUCT_MEMBER_P (self, field->offset);
}

static GPtrArray *
copy_grants (GPtrArray *grants)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_grant_free);

  for (guint i = 0; i < grants->len; i++)
    {
      const ValiseGrant *grant = g_ptr_array_index (grants, i);
      ValiseGrant       *twin = g_new0 (ValiseGrant, 1);

      twin->name = g_strdup (grant->name);
      twin->write = grant->write;
      g_ptr_array_add (copy, twin);
    }
  return copy;
}

ValiseMembership *
valise_membership_copy (const ValiseMembership *self)
{
  ValiseMembership *copy = g_new0 (ValiseMembership, 1);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    *get_field (copy, &fields[i]) = g_strdup (*get_field (self, &fields[i]));
  copy->languages = g_strdupv (self->languages);
  copy->grants = copy_grants (self->grants);
  copy->joined_us = self->joined_us;
  copy->in_file = self->in_file;
  return copy;
}

void
valise_membership_free (ValiseMembership *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_free (*get_field (self, &fields[i]));
  g_strfreev (self->languages);
  g_ptr_array_unref (self->grants);
  g_free (self);
}

static gboolean
is_database (const char *name)
{
  static const char *const taken[] = { "files", "search", NULL }; /* the folder's own */

  return name != NULL && strlen (name) <= MAX_NAME && g_ascii_islower (name[0])
         && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_$()+-") == strlen (name)
         && !g_strv_contains (taken, name);
}

/* A team's own database never lies on the secretariat's server, but for its own team's. */
static gboolean
is_private (const char *name)
{
  return g_str_has_prefix (name, "team-") && !g_str_equal (name, "team-secretariat");
}

GPtrArray *
valise_membership_read_grants (const ValiseJson *json, guint list)
{
  GPtrArray *grants = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_grant_free);

  for (guint token = list != VALISE_JSON_NONE ? valise_json_first (json, list) : VALISE_JSON_NONE;
       token != VALISE_JSON_NONE && grants->len < MAX_GRANTS;
       token = valise_json_next (json, token))
    {
      g_autofree char *name = valise_json_dup_member (json, token, "name");
      ValiseGrant     *grant = NULL;

      if (!is_database (name) || is_private (name))
        continue;
      grant = g_new0 (ValiseGrant, 1);
      grant->name = g_steal_pointer (&name);
      grant->write = valise_json_get_member_true (json, token, "write");
      g_ptr_array_add (grants, grant);
    }
  return grants;
}

static ValiseMembership *
parse (const char *text, GError **error)
{
  g_autoptr (ValiseMembership) self = g_new0 (ValiseMembership, 1);
  g_autoptr (ValiseJson)       json = NULL;
  g_autofree char             *joined = NULL;

  self->grants = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_grant_free);
  json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, error);
  if (json == NULL)
    return NULL;
  if (valise_json_get_member_int (json, 0, "valise-account", 0) != VERSION)
    {
      g_set_error_literal (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_DAMAGED,
                           "not an account of this version");
      return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char **field = get_field (self, &fields[i]);

      *field = valise_json_dup_member (json, 0, fields[i].name);
      if (*field == NULL && fields[i].required)
        {
          g_set_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_DAMAGED, "it lacks \"%s\"",
                       fields[i].name);
          return NULL;
        }
    }
  joined = valise_json_dup_member (json, 0, "joined");
  self->joined_us = joined != NULL ? valise_clock_parse (joined) : 0;
  self->in_file = valise_json_get_member_true (json, 0, "secrets_in_file");
  self->languages = valise_json_dup_strings (json, valise_json_find (json, 0, "languages"));
  g_ptr_array_unref (self->grants);
  self->grants = valise_membership_read_grants (json, valise_json_find (json, 0, "databases"));
  return g_steal_pointer (&self);
}

ValiseMembership *
valise_membership_load (const char *folder, GError **error)
{
  g_autofree char   *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char   *text = NULL;
  g_autoptr (GError) failure = NULL;
  ValiseMembership  *self = NULL;
  gboolean           absent = FALSE;

  if (g_file_get_contents (path, &text, NULL, &failure))
    self = parse (text, &failure);
  if (self != NULL)
    return self;

  absent = g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT)
           || g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  g_set_error (error, VALISE_ACCOUNT_ERROR,
               absent ? VALISE_ACCOUNT_ERROR_NONE : VALISE_ACCOUNT_ERROR_DAMAGED, "%s: %s", path,
               failure->message);
  return NULL;
}

gboolean
valise_grants_equal (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const ValiseGrant *one = g_ptr_array_index (a, i), *other = g_ptr_array_index (b, i);

      if (!g_str_equal (one->name, other->name) || one->write != other->write)
        return FALSE;
    }
  return TRUE;
}

static void
append_grants (GString *out, GPtrArray *grants)
{
  g_string_append (out, ",\n  \"databases\": [");
  for (guint i = 0; i < grants->len; i++)
    {
      const ValiseGrant *grant = g_ptr_array_index (grants, i);

      g_string_append (out, i > 0 ? ", {\"name\": " : "{\"name\": ");
      valise_json_append_string (out, grant->name, -1);
      g_string_append_printf (out, ", \"read\": true, \"write\": %s}",
                              grant->write ? "true" : "false");
    }
  g_string_append_c (out, ']');
}

static char *
make_text (const ValiseMembership *self)
{
  GString         *out = g_string_new (NULL);
  g_autofree char *joined = valise_clock_format (self->joined_us);

  g_string_append_printf (out, "{\n  \"valise-account\": %d,\n  \"joined\": \"%s\"", VERSION,
                          joined);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (*get_field (self, &fields[i]) != NULL)
      {
        g_string_append_printf (out, ",\n  \"%s\": ", fields[i].name);
        valise_json_append_string (out, *get_field (self, &fields[i]), -1);
      }
  g_string_append_printf (out, ",\n  \"secrets_in_file\": %s,\n  \"languages\": [",
                          self->in_file ? "true" : "false");
  for (guint i = 0; self->languages != NULL && self->languages[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      valise_json_append_string (out, self->languages[i], -1);
    }
  g_string_append_c (out, ']');
  append_grants (out, self->grants);
  g_string_append (out, "\n}\n");
  return g_string_free (out, FALSE);
}

gboolean
valise_membership_save (const ValiseMembership *self, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *text = make_text (self);

  return g_file_set_contents_full (
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}
