/* valise-attachments.c - the files of a document: inline, as stubs, and in the file store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-attachments"

#include "config.h"

#include <string.h>

#include "valise-attachments.h"
#include "valise-file-attachment.h"

#define DEFAULT_TYPE "application/octet-stream"

G_DEFINE_QUARK (valise_attachment_error, valise_attachment_error)

void
valise_attachment_clear (ValiseAttachment *self)
{
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->sha256, g_free);
  g_clear_pointer (&self->digest, g_free);
}

gboolean
valise_attachments_find (const char *attachments, const char *name, ValiseAttachment *attachment)
{
  g_autoptr (ValiseJson) json = NULL;
  guint                  token = VALISE_JSON_NONE;

  if (attachments != NULL)
    json = valise_json_scan_text (attachments, -1, VALISE_JSON_ANY, NULL);
  if (json != NULL)
    token = valise_json_find (json, 0, name);
  if (token == VALISE_JSON_NONE)
    return FALSE;

  attachment->type = valise_json_dup_member (json, token, "content_type");
  attachment->digest = valise_json_dup_member (json, token, "digest");
  attachment->sha256 = valise_file_attachment_dup_sha256 (attachment->digest);
  attachment->length = valise_json_get_member_int (json, token, "length", 0);
  if (attachment->type != NULL && attachment->sha256 != NULL)
    return TRUE;

  valise_attachment_clear (attachment);
  return FALSE;
}

static void
append_name (GString *out, const char *name)
{
  g_string_append_c (out, out->len > 0 ? ',' : '{');
  valise_json_append_string (out, name, -1);
  g_string_append_c (out, ':');
}

static void
append_stub (GString *out, const char *type, const char *sha256, gsize length, guint generation)
{
  g_autofree char *digest = valise_file_attachment_dup_digest (sha256);

  g_string_append (out, "{\"content_type\":");
  valise_json_append_string (out, type != NULL ? type : DEFAULT_TYPE, -1);
  g_string_append_printf (
      out, ",\"revpos\":%u,\"digest\":\"%s\",\"length\":%" G_GSIZE_FORMAT ",\"stub\":true}",
      generation, digest, length);
}

/* Inline data into the file store. */
static gboolean
take_data (ValiseFileStore  *files,
           const ValiseJson *json,
           guint             token,
           guint             generation,
           GString          *out,
           GError          **error)
{
  g_autofree char   *data = valise_json_dup_member (json, token, "data");
  g_autofree char   *type = valise_json_dup_member (json, token, "content_type");
  gint64             revpos = valise_json_get_member_int (json, token, "revpos", generation);
  gsize              length = 0;
  guchar            *bytes = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autofree char   *sha256 = NULL;

  if (data == NULL)
    {
      g_set_error (error, VALISE_ATTACHMENT_ERROR, VALISE_ATTACHMENT_ERROR_NO_DATA,
                   "Attachments come inline or by a PUT of their own");
      return FALSE;
    }
  bytes = g_base64_decode (data, &length);
  file = g_bytes_new_take (bytes, length);
  sha256 = valise_file_store_put (files, file, error);
  if (sha256 == NULL)
    return FALSE;

  append_stub (out, type, sha256, length, (guint) CLAMP (revpos, 1, (gint64) generation));
  return TRUE;
}

/* A stub must be one that a revision here has too. */
static gboolean
take_stub (const ValiseJson *json,
           guint             token,
           const char       *name,
           GPtrArray        *known,
           GString          *out,
           GError          **error)
{
  g_autofree char *digest = valise_json_dup_member (json, token, "digest");

  for (guint i = 0; known != NULL && i < known->len; i++)
    {
      const char            *text = g_ptr_array_index (known, i);
      g_autoptr (ValiseJson) other = valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL);
      guint            found = other != NULL ? valise_json_find (other, 0, name) : VALISE_JSON_NONE;
      g_autofree char *raw = NULL;
      g_autofree char *theirs = NULL;

      if (found == VALISE_JSON_NONE)
        continue;
      theirs = valise_json_dup_member (other, found, "digest");
      if (digest != NULL && g_strcmp0 (digest, theirs) != 0)
        continue;
      raw = valise_json_dup_raw (other, found);
      g_string_append (out, raw);
      return TRUE;
    }

  g_set_error (error, VALISE_ATTACHMENT_ERROR, VALISE_ATTACHMENT_ERROR_MISSING_STUB,
               "Attachment %s is a stub of nothing here", name);
  return FALSE;
}

char *
valise_attachments_take (ValiseFileStore *files,
                         const char      *attachments,
                         GPtrArray       *known,
                         guint            generation,
                         GError         **error)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (attachments, -1, VALISE_JSON_ANY, error);
  g_autoptr (GString)    out = g_string_new (NULL);
  guint                  token = VALISE_JSON_NONE;

  if (json == NULL)
    return NULL;

  for (token = valise_json_first (json, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *name = valise_json_dup_name (json, token);

      if (*name == '_')
        {
          g_set_error (error, VALISE_ATTACHMENT_ERROR, VALISE_ATTACHMENT_ERROR_BAD_NAME,
                       "Attachment name '%s' starts with prohibited character '_'", name);
          return NULL;
        }
      append_name (out, name);
      if (valise_json_get_member_true (json, token, "stub")
              ? !take_stub (json, token, name, known, out, error)
              : !take_data (files, json, token, generation, out, error))
        return NULL;
    }

  g_string_append (out, out->len > 0 ? "}" : "{}");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
valise_attachments_fill (ValiseFileStore *files, const char *attachments, GError **error)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (attachments, -1, VALISE_JSON_ANY, error);
  g_autoptr (GString)    out = g_string_new (NULL);
  guint                  token = VALISE_JSON_NONE;

  if (json == NULL)
    return NULL;

  for (token = valise_json_first (json, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char   *name = valise_json_dup_name (json, token);
      ValiseAttachment   attachment = { 0 };
      g_autoptr (GBytes) bytes = NULL;
      g_autofree char   *base64 = NULL;

      if (!valise_attachments_find (attachments, name, &attachment))
        continue;
      bytes = valise_file_store_read_whole (files, attachment.sha256, error);
      if (bytes != NULL)
        {
          base64 = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
          append_name (out, name);
          g_string_append (out, "{\"content_type\":");
          valise_json_append_string (out, attachment.type, -1);
          g_string_append_printf (
              out, ",\"revpos\":%" G_GINT64_FORMAT ",\"digest\":\"%s\",\"data\":\"%s\"}",
              valise_json_get_member_int (json, token, "revpos", 1), attachment.digest, base64);
        }
      valise_attachment_clear (&attachment);
      if (bytes == NULL)
        return NULL;
    }

  g_string_append (out, out->len > 0 ? "}" : "{}");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
valise_attachments_replace (ValiseFileStore *files,
                            const char      *attachments,
                            const char      *name,
                            const char      *type,
                            GBytes          *bytes,
                            guint            generation,
                            GError         **error)
{
  g_autoptr (ValiseJson) json = NULL;
  g_autoptr (GString)    out = g_string_new (NULL);
  g_autofree char       *sha256 = NULL;
  guint                  token = VALISE_JSON_NONE;

  json =
      valise_json_scan_text (attachments != NULL ? attachments : "{}", -1, VALISE_JSON_ANY, error);
  if (json == NULL)
    return NULL;

  for (token = valise_json_first (json, 0); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *other = valise_json_dup_name (json, token);
      g_autofree char *raw = valise_json_dup_raw (json, token);

      if (strcmp (other, name) == 0)
        continue;
      append_name (out, other);
      g_string_append (out, raw);
    }
  if (bytes != NULL)
    {
      sha256 = valise_file_store_put (files, bytes, error);
      if (sha256 == NULL)
        return NULL;
      append_name (out, name);
      append_stub (out, type, sha256, g_bytes_get_size (bytes), generation);
    }
  if (out->len > 0)
    g_string_append_c (out, '}');

  return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}
