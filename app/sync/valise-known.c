/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-known"

#include "config.h"

#include <string.h>

#include "valise-digest.h"
#include "valise-known.h"

#define NAME_DIGITS   8
#define DIGEST_DIGITS 16

gboolean
valise_known_read_name (const char *rev, guint32 *name)
{
  const char *hash = strchr (rev, '-');

  *name = 0;
  for (guint i = 0; i < NAME_DIGITS; i++)
    {
      int digit = hash != NULL ? g_ascii_xdigit_value (hash[i + 1]) : -1;

      if (digit < 0)
        return FALSE;
      *name = *name << 4 | (guint32) digit;
    }
  return TRUE;
}

gboolean
valise_known_is_fit (const ValiseDocument *document)
{
  guint32 name = 0;

  return document->body != NULL && document->attachments == NULL && !document->deleted
         && valise_known_read_name (document->rev, &name);
}

char *
valise_known_dup_names (GPtrArray *documents)
{
  g_autofree guint32 *names = g_new (guint32, documents->len + 1);

  for (guint i = 0; i < documents->len; i++)
    {
      const ValiseDocument *document = g_ptr_array_index (documents, i);
      guint32               name = 0;

      (void) valise_known_read_name (document->rev, &name);
      names[i] = GUINT32_TO_BE (name);
    }
  return valise_base64url_encode (names, documents->len * sizeof *names);
}

GArray *
valise_known_parse_names (const char *text)
{
  gsize              length = strlen (text) * 3 / 4;
  guint              n = (guint) (length / sizeof (guint32));
  g_autoptr (GArray) names = NULL;

  if (length == 0 || length % sizeof (guint32) != 0
      || length > VALISE_KNOWN_MOST * sizeof (guint32))
    return NULL;
  names = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_set_size (names, n);
  if (!valise_base64url_decode (text, names->data, length))
    return NULL;
  for (guint i = 0; i < n; i++)
    g_array_index (names, guint32, i) = GUINT32_FROM_BE (g_array_index (names, guint32, i));
  return g_steal_pointer (&names);
}

/* --- the dictionary -------------------------------------------------------------------------- */

static char *
dup_digest (const GString *text)
{
  char *digest = valise_digest_dup_hex (text->str, text->len);

  digest[DIGEST_DIGITS] = '\0';
  return digest;
}

static void
append (const ValiseDocument *document, GString *out)
{
  valise_document_append_json (document, VALISE_DOCUMENT_PLAIN, out);
  g_string_append_c (out, '\n');
}

GBytes *
valise_known_make (GPtrArray *documents, char **header)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree guint8  *bits = g_malloc0 (documents->len / 8 + 1);
  g_autofree char    *digest = NULL, *digits = NULL;
  guint               found = 0;

  for (guint i = 0; i < documents->len; i++)
    {
      const ValiseDocument *document = g_ptr_array_index (documents, i);

      if (document == NULL)
        continue;
      append (document, text);
      bits[i / 8] |= (guint8) (0x80 >> i % 8);
      found++;
    }
  if (found == 0)
    return NULL;
  digest = dup_digest (text);
  digits = valise_hex_encode (bits, (documents->len + 7) / 8);
  *header =
      found == documents->len ? g_steal_pointer (&digest) : g_strconcat (digest, " ", digits, NULL);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/* Whether the bit @index of the hex digits @bits (nullable: all are set) is set. */
static gboolean
has_bit (const char *bits, guint index)
{
  return bits == NULL || (g_ascii_xdigit_value (bits[index / 4]) & 8 >> index % 4) != 0;
}

/* Whether @bits are as many as @n names need, each a hex digit. */
static gboolean
are_bits (const char *bits, guint n)
{
  gsize length = strlen (bits);

  return length == (gsize) (n + 7) / 8 * 2 && strspn (bits, "0123456789abcdef") == length;
}

GBytes *
valise_known_find (GPtrArray *documents, const char *header)
{
  g_auto (GStrv)      parts = g_strsplit (header, " ", 3);
  guint               n = g_strv_length (parts);
  const char         *bits = n == 2 ? parts[1] : NULL;
  g_autoptr (GString) text = NULL;
  g_autofree char    *digest = NULL;

  if (n < 1 || n > 2 || (bits != NULL && !are_bits (bits, documents->len)))
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < documents->len; i++)
    if (has_bit (bits, i))
      append (g_ptr_array_index (documents, i), text);
  digest = dup_digest (text);
  return g_str_equal (digest, parts[0]) ? g_string_free_to_bytes (g_steal_pointer (&text)) : NULL;
}
