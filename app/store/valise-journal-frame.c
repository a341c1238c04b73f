/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-journal-frame"

#include "config.h"

#include <string.h>

#include "valise-digest.h"
#include "valise-journal-frame.h"

#define MAGIC         "VLJ1"
#define MAGIC_SIZE    4
#define CHECK_SIZE    16 /* bytes of the digest */
#define HEAD_SIZE     (MAGIC_SIZE + 4 + CHECK_SIZE)
#define MAX_PAYLOAD   (VALISE_DOCUMENT_MAX_SIZE + 1024 * 1024)
#define MAX_ANCESTORS 64 /* kept of an edit: what is older, every other copy has */
#define FORM          "(sxssbasmsay)"

/* The body as it is: a GVariant that lends @body's bytes. */
static GVariant *
make_body (GBytes *body)
{
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_ref (body) : g_bytes_new (NULL, 0);

  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

static GVariant *
make_ancestors (char *const *ancestors)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (guint i = 0; ancestors != NULL && ancestors[i] != NULL && i < MAX_ANCESTORS; i++)
    g_variant_builder_add (&builder, "s", ancestors[i]);
  return g_variant_builder_end (&builder);
}

static GVariant *
swap_on_big_endian (GVariant *value)
{
  g_autoptr (GVariant) taken = g_variant_ref_sink (value);

  return G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap (taken)
                                      : (GVariant *) g_steal_pointer (&taken);
}

void
valise_journal_frame_append (GByteArray *out, const char *epoch, const ValiseDocument *document)
{
  g_autoptr (GVariant) value = swap_on_big_endian (g_variant_new (
      "(sxssb@asms@ay)", epoch, document->seq, document->id, document->rev, document->deleted,
      make_ancestors (document->ancestors), document->attachments, make_body (document->body)));
  gsize                size = g_variant_get_size (value);
  guint32              length = GUINT32_TO_LE ((guint32) size);
  guint8               digest[VALISE_DIGEST_SIZE];

  valise_digest_compute (g_variant_get_data (value), size, digest);
  g_byte_array_append (out, (const guint8 *) MAGIC, MAGIC_SIZE);
  g_byte_array_append (out, (const guint8 *) &length, sizeof length);
  g_byte_array_append (out, digest, CHECK_SIZE);
  g_byte_array_append (out, g_variant_get_data (value), (guint) size);
}

static ValiseDocument *
read_payload (GVariant *value, char **epoch)
{
  g_autoptr (GVariant) body = NULL;
  g_autoptr (GBytes)   bytes = NULL;
  g_autofree char     *id = NULL, *rev = NULL, *attachments = NULL;
  char               **ancestors = NULL;
  gboolean             deleted = FALSE;
  gint64               seq = 0;
  ValiseDocument      *document = NULL;

  g_variant_get (value, "(sxssb^asms@ay)", epoch, &seq, &id, &rev, &deleted, &ancestors,
                 &attachments, &body);
  bytes = g_variant_get_data_as_bytes (body);
  document = valise_document_new (id, rev, deleted, bytes);
  document->ancestors = ancestors;
  document->attachments = g_steal_pointer (&attachments);
  document->seq = seq;
  return document;
}

ValiseDocument *
valise_journal_frame_read (const guint8 *data, gsize length, gsize *used, char **epoch)
{
  g_autoptr (GBytes)   bytes = NULL;
  g_autoptr (GVariant) value = NULL;
  guint32              size = 0;
  guint8               digest[VALISE_DIGEST_SIZE];

  if (length < HEAD_SIZE || memcmp (data, MAGIC, MAGIC_SIZE) != 0)
    return NULL;
  memcpy (&size, data + MAGIC_SIZE, sizeof size);
  size = GUINT32_FROM_LE (size);
  if (size > MAX_PAYLOAD || size > length - HEAD_SIZE)
    return NULL;
  valise_digest_compute (data + HEAD_SIZE, size, digest);
  if (memcmp (digest, data + MAGIC_SIZE + sizeof size, CHECK_SIZE) != 0)
    return NULL;

  bytes = g_bytes_new (data + HEAD_SIZE, size); /* a copy, so that it is aligned */
  value = swap_on_big_endian (g_variant_new_from_bytes (G_VARIANT_TYPE (FORM), bytes, FALSE));
  if (!g_variant_is_normal_form (value))
    return NULL;
  *used = HEAD_SIZE + size;
  return read_payload (value, epoch);
}

gsize
valise_journal_frame_find (const guint8 *data, gsize length)
{
  const guint8 *found = length > 0 ? memmem (data, length, MAGIC, MAGIC_SIZE) : NULL;

  return found != NULL ? (gsize) (found - data) : length;
}
