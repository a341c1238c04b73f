/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-original"

#include "config.h"

#include <string.h>

#include "valise-bundle-original.h"
#include "valise-digest.h"
#include "valise-file-upload.h"
#include "valise-id.h"

/* Where the members of a payload stand. */
enum
{
  AT_SECTION = 0,
  AT_DIGEST = 1,
  AT_LENGTH = AT_DIGEST + VALISE_DIGEST_SIZE,
  AT_OFFSET = AT_LENGTH + 8,
  AT_ID_LENGTH = AT_OFFSET + 8,
  AT_ID = AT_ID_LENGTH + 2,
};

ValiseBundleOriginal *
valise_bundle_original_new (const char *sha256, guint section, const char *named_by, gint64 length)
{
  ValiseBundleOriginal *self = g_new0 (ValiseBundleOriginal, 1);

  g_strlcpy (self->sha256, sha256, sizeof self->sha256);
  self->section = section;
  self->named_by = g_strdup (named_by);
  self->length = length;
  return self;
}

void
valise_bundle_original_free (ValiseBundleOriginal *self)
{
  g_free (self->named_by);
  g_free (self);
}

/* --- on the wire ---------------------------------------------------------------------------- */

static void
put_u64 (guint8 *at, gint64 value)
{
  guint64 big_endian = GUINT64_TO_BE ((guint64) value);

  memcpy (at, &big_endian, sizeof big_endian);
}

/* -1 where it is none of our numbers. */
static gint64
get_u64 (const guint8 *at)
{
  guint64 big_endian = 0;

  memcpy (&big_endian, at, sizeof big_endian);
  big_endian = GUINT64_FROM_BE (big_endian);
  return big_endian <= VALISE_UPLOAD_MAX_LENGTH ? (gint64) big_endian : -1;
}

GByteArray *
valise_bundle_original_pack (const ValiseBundleOriginal *self, gint64 offset, GBytes *bytes)
{
  GByteArray   *out = g_byte_array_new ();
  gsize         length = 0, id_length = strlen (self->named_by);
  gconstpointer data = g_bytes_get_data (bytes, &length);
  guint8        head[AT_ID] = { (guint8) self->section };

  g_return_val_if_fail (id_length <= VALISE_BUNDLE_MAX_ID && valise_id_is_sha256 (self->sha256),
                        out);

  for (guint i = 0; i < VALISE_DIGEST_SIZE; i++)
    head[AT_DIGEST + i] = (guint8) (g_ascii_xdigit_value (self->sha256[2 * i]) * 16
                                    + g_ascii_xdigit_value (self->sha256[2 * i + 1]));
  put_u64 (head + AT_LENGTH, self->length);
  put_u64 (head + AT_OFFSET, offset);
  head[AT_ID_LENGTH] = (guint8) (id_length >> 8);
  head[AT_ID_LENGTH + 1] = (guint8) id_length;
  g_byte_array_append (out, head, sizeof head);
  g_byte_array_append (out, (const guint8 *) self->named_by, (guint) id_length);
  g_byte_array_append (out, data, (guint) length);
  return out;
}

ValiseBundleOriginal *
valise_bundle_original_unpack (GBytes *data, GBytes **bytes, GError **error)
{
  gsize                 size = 0, id_length = 0;
  const guint8         *at = g_bytes_get_data (data, &size);
  g_autofree char      *sha256 = NULL, *id = NULL;
  gint64                length = -1, offset = -1, piece = 0;
  ValiseBundleOriginal *self = NULL;

  if (size > AT_ID)
    {
      id_length = (gsize) at[AT_ID_LENGTH] << 8 | at[AT_ID_LENGTH + 1];
      length = get_u64 (at + AT_LENGTH);
      offset = get_u64 (at + AT_OFFSET);
    }
  if (id_length > 0 && id_length <= VALISE_BUNDLE_MAX_ID && AT_ID + id_length < size
      && g_utf8_validate_len ((const char *) at + AT_ID, id_length, NULL))
    {
      id = g_strndup ((const char *) at + AT_ID, id_length);
      piece = (gint64) (size - AT_ID - id_length);
    }
  if (id == NULL || offset < 0 || piece > VALISE_BUNDLE_MAX_PIECE || offset + piece > length)
    {
      g_set_error_literal (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_DAMAGED,
                           "The bundle holds a piece of a file that is none");
      return NULL;
    }

  sha256 = valise_hex_encode (at + AT_DIGEST, VALISE_DIGEST_SIZE);
  self = valise_bundle_original_new (sha256, at[AT_SECTION], id, length);
  self->offset = offset;
  self->end = offset + piece;
  if (bytes != NULL)
    *bytes = g_bytes_new_from_bytes (data, AT_ID + id_length, (gsize) piece);
  return self;
}

/* --- what names a file ---------------------------------------------------------------------- */

/* @own: (nullable): the digest, where an id has it; NULL: the member says it. */
static gboolean
tell (const ValiseJson      *json,
      guint                  token,
      const char            *own,
      ValiseBundleNamingFunc func,
      gpointer               user_data)
{
  g_autofree char *sha256 =
      own != NULL ? g_strdup (own) : valise_json_dup_member (json, token, "sha256");
  g_autofree char *language = valise_json_dup_member (json, token, "language");
  gint64           length = valise_json_get_member_int (json, token, "length", -1);

  return !valise_id_is_sha256 (sha256) || length < 0 || length > VALISE_UPLOAD_MAX_LENGTH
         || func (sha256, length, language, user_data);
}

void
valise_bundle_original_list (const ValiseDocument  *document,
                             ValiseBundleNamingFunc func,
                             gpointer               user_data)
{
  static const char      member[] = "\"sha256\"";
  gsize                  length = 0;
  gconstpointer          text = NULL;
  g_autoptr (ValiseJson) json = NULL;
  guint                  list = VALISE_JSON_NONE;

  if (document->body == NULL || document->deleted)
    return;
  /* Most documents name none, and need not be read for that. */
  text = g_bytes_get_data (document->body, &length);
  if (memmem (text, length, member, strlen (member)) != NULL)
    json = valise_document_scan (document, NULL);
  if (json == NULL)
    return;

  if (valise_id_get_sha256 (document->id) != NULL)
    tell (json, 0, valise_id_get_sha256 (document->id), func, user_data);
  list = valise_json_find (json, 0, "files");
  if (list == VALISE_JSON_NONE || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY)
    return;
  for (guint token = valise_json_first (json, list);
       token != VALISE_JSON_NONE && tell (json, token, NULL, func, user_data);
       token = valise_json_next (json, token))
    ;
}

typedef struct
{
  const ValiseBundleOriginal *original;
  gboolean                    found;
} Naming;

static gboolean
compare (const char *sha256, gint64 length, const char *language, gpointer user_data)
{
  Naming *naming = user_data;

  naming->found =
      length == naming->original->length && g_str_equal (sha256, naming->original->sha256);
  return !naming->found;
}

gboolean
valise_bundle_original_is_named (const ValiseBundleOriginal *self, const ValiseDocument *document)
{
  Naming naming = { self, FALSE };

  valise_bundle_original_list (document, compare, &naming);
  return naming.found;
}
