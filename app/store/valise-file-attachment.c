/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-attachment"

#include "config.h"

#include <string.h>

#include "valise-digest.h"
#include "valise-file-attachment.h"
#include "valise-id.h"
#include "valise-revision.h"

#define PREFIX       "sha256-"
#define DEFAULT_TYPE "application/octet-stream"

char *
valise_file_attachment_dup_digest (const char *sha256)
{
  guchar           bytes[VALISE_DIGEST_SIZE];
  g_autofree char *base64 = NULL;

  if (!valise_id_is_sha256 (sha256))
    return NULL;

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guchar) (g_ascii_xdigit_value (sha256[2 * i]) * 16
                         + g_ascii_xdigit_value (sha256[2 * i + 1]));
  base64 = g_base64_encode (bytes, sizeof bytes);

  return g_strconcat (PREFIX, base64, NULL);
}

char *
valise_file_attachment_dup_sha256 (const char *digest)
{
  gsize              length = 0;
  g_autofree guchar *bytes = NULL;

  if (digest == NULL || !g_str_has_prefix (digest, PREFIX))
    return NULL;
  bytes = g_base64_decode (digest + strlen (PREFIX), &length);

  return length == VALISE_DIGEST_SIZE ? valise_hex_encode (bytes, length) : NULL;
}

char *
valise_file_attachment_make (const char *name,
                             const char *type,
                             const char *sha256,
                             gint64      length,
                             guint       generation)
{
  GString         *out = g_string_new ("{");
  g_autofree char *digest = valise_file_attachment_dup_digest (sha256);

  valise_json_append_string (out, name, -1);
  g_string_append (out, ":{\"content_type\":");
  valise_json_append_string (out, type != NULL ? type : DEFAULT_TYPE, -1);
  g_string_append_printf (
      out, ",\"revpos\":%u,\"digest\":\"%s\",\"length\":%" G_GINT64_FORMAT ",\"stub\":true}}",
      generation, digest, length);

  return g_string_free (out, FALSE);
}

char *
valise_file_attachment_dup_name (const char *attachments, char **type)
{
  g_autoptr (ValiseJson) json = NULL;
  guint                  first = VALISE_JSON_NONE;

  if (attachments != NULL)
    json = valise_json_scan_text (attachments, -1, VALISE_JSON_ANY, NULL);
  if (json != NULL && valise_json_get_kind (json, 0) == VALISE_JSON_KIND_OBJECT)
    first = valise_json_first (json, 0);
  if (first == VALISE_JSON_NONE)
    return NULL;

  if (type != NULL)
    *type = valise_json_dup_member (json, first, "content_type");
  return valise_json_dup_name (json, first);
}

gboolean
valise_file_attachment_is_settled (const char *attachments, const char *sha256)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (attachments, -1, VALISE_JSON_ANY, NULL);
  guint                  first = json != NULL ? valise_json_first (json, 0) : VALISE_JSON_NONE;
  g_autofree char       *digest = NULL, *theirs = NULL;

  if (first == VALISE_JSON_NONE || valise_json_next (json, first) != VALISE_JSON_NONE
      || !valise_json_get_member_true (json, first, "stub"))
    return FALSE;

  digest = valise_json_dup_member (json, first, "digest");
  theirs = valise_file_attachment_dup_sha256 (digest);
  return g_strcmp0 (theirs, sha256) == 0;
}

ValiseDocument *
valise_file_attachment_settle (ValiseDocument *document)
{
  const char            *sha256 = valise_id_get_sha256 (document->id);
  g_autoptr (ValiseJson) json = NULL;
  ValiseDocument        *settled = NULL;
  g_autofree char       *name = NULL, *type = NULL, *media = NULL;
  guint                  generation = 1;

  if (sha256 == NULL || document->deleted || document->body == NULL
      || (document->attachments != NULL
          && valise_file_attachment_is_settled (document->attachments, sha256)))
    return valise_document_ref (document);
  json = valise_document_scan (document, NULL);
  if (json == NULL)
    return valise_document_ref (document);

  name = valise_file_attachment_dup_name (document->attachments, &type);
  media = valise_json_dup_member (json, 0, "media");
  (void) valise_revision_parse (document->rev, &generation, NULL);
  settled = valise_document_new (document->id, document->rev, FALSE, document->body);
  settled->ancestors = g_strdupv (document->ancestors);
  settled->size = document->size;
  settled->seq = document->seq;
  settled->attachments = valise_file_attachment_make (
      name != NULL ? name : VALISE_FILE_ATTACHMENT, type != NULL ? type : media, sha256,
      MAX (valise_json_get_member_int (json, 0, "length", 0), 0), generation);
  return settled;
}
