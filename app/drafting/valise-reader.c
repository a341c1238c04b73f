/* valise-reader.c - files that others wrote, read into paragraphs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-reader"

#include "config.h"

#include <string.h>

#include "valise-akn-reader.h"
#include "valise-reader.h"
#include "valise-text-reader.h"

G_DEFINE_QUARK (valise_reader_error, valise_reader_error)

/* What a file begins with that is sometimes offered, and is not read here. */
static const struct
{
  const char *start;
  const char *what;
} OTHERS[] = {
  { "%PDF", "it is a PDF" },
  { "PK\x03\x04", "it is a ZIP archive, as Word and LibreOffice write" },
  { "{\\rtf", "it is Rich Text" },
  { "\xd0\xcf\x11\xe0", "it is an old Word or Office file" },
  { "\xff\xfe", "it is in UTF-16, not UTF-8" },
  { "\xfe\xff", "it is in UTF-16, not UTF-8" },
  { "\x1f\x8b", "it is compressed" },
};

static gboolean
begins_like_xml (const char *data, gsize length)
{
  gsize i = length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  while (i < length && g_ascii_isspace (data[i]))
    i++;

  return i < length && data[i] == '<';
}

static gboolean
check_bytes (const char *data, gsize length, gboolean *xml, GError **error)
{
  const char *invalid = NULL;

  if (length == 0)
    {
      g_set_error_literal (error, VALISE_READER_ERROR, VALISE_READER_ERROR_FORMAT, "it is empty");
      return FALSE;
    }
  if (length > VALISE_READER_MAX_SIZE)
    {
      g_set_error (error, VALISE_READER_ERROR, VALISE_READER_ERROR_LIMIT,
                   "it has %" G_GSIZE_FORMAT " bytes, more than %d", length,
                   VALISE_READER_MAX_SIZE);
      return FALSE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (OTHERS); i++)
    if (length >= strlen (OTHERS[i].start)
        && memcmp (data, OTHERS[i].start, strlen (OTHERS[i].start)) == 0)
      {
        g_set_error_literal (error, VALISE_READER_ERROR, VALISE_READER_ERROR_FORMAT,
                             OTHERS[i].what);
        return FALSE;
      }

  *xml = begins_like_xml (data, length);
  if (!g_utf8_validate_len (data, length, &invalid))
    {
      g_set_error (error, VALISE_READER_ERROR,
                   *xml ? VALISE_READER_ERROR_MALFORMED : VALISE_READER_ERROR_FORMAT,
                   "it is not in UTF-8: byte %" G_GSIZE_FORMAT, (gsize) (invalid - data));
      return FALSE;
    }

  return TRUE;
}

ValiseReading *
valise_reader_read (GBytes *file, const char *name, GError **error)
{
  ValiseReading *reading = NULL;
  const char    *data = NULL;
  gsize          length = 0;
  gboolean       xml = FALSE;

  g_return_val_if_fail (file != NULL && name != NULL, NULL);

  data = g_bytes_get_data (file, &length);
  if (check_bytes (data, length, &xml, error))
    reading = xml ? valise_akn_reader_read (file, error) : valise_text_reader_read (file, error);

  if (reading == NULL)
    g_prefix_error (error, "%s: ", name);

  return reading;
}

gboolean
valise_reader_check (const ValiseReading *reading, GError **error)
{
  if (reading->paragraphs->len > VALISE_READER_MAX_PARAGRAPHS)
    {
      g_set_error (error, VALISE_READER_ERROR, VALISE_READER_ERROR_LIMIT,
                   "it has %u paragraphs, more than %d", reading->paragraphs->len,
                   VALISE_READER_MAX_PARAGRAPHS);
      return FALSE;
    }

  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *paragraph = g_ptr_array_index (reading->paragraphs, i);
      glong                  length = g_utf8_strlen (paragraph->text, -1);

      if (length > VALISE_READER_MAX_LENGTH)
        {
          g_set_error (error, VALISE_READER_ERROR, VALISE_READER_ERROR_LIMIT,
                       "its paragraph %s has %ld characters, more than %d", paragraph->key, length,
                       VALISE_READER_MAX_LENGTH);
          return FALSE;
        }
    }

  return TRUE;
}
