/* corpus-fixture.h - forty-eight resolutions in six languages, read, and their XML beside them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "valise-reader.h"

#define N_RESOLUTIONS 48
#define N_LANGUAGES   6

static const char *const LANGUAGES[N_LANGUAGES] = { "en", "ar", "es", "fr", "ru", "zh" };

typedef struct
{
  char          *name;
  ValiseReading *reading;
  xmlDoc        *document;
} File;

static GHashTable *symbols; /* symbol → File[N_LANGUAGES] */

static guint n_files;

static inline void
read_file (const char *folder, const char *name, guint language)
{
  g_autofree char   *path = g_build_filename (folder, name, NULL);
  g_autofree char   *contents = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize              length = 0;
  ValiseReading     *reading = NULL;
  File              *files = NULL;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  bytes = g_bytes_new (contents, length);
  reading = valise_reader_read (bytes, name, &error);
  g_assert_no_error (error);
  g_assert_nonnull (reading->symbol);

  files = g_hash_table_lookup (symbols, reading->symbol);
  if (files == NULL)
    {
      files = g_new0 (File, N_LANGUAGES);
      g_hash_table_insert (symbols, g_strdup (reading->symbol), files);
    }

  g_assert_null (files[language].reading);
  files[language].name = g_strdup (path);
  files[language].reading = reading;
  files[language].document = xmlReadMemory (contents, (int) length, NULL, NULL, XML_PARSE_NONET);
  g_assert_nonnull (files[language].document);
  n_files++;
}

static inline void
free_files (gpointer data)
{
  File *files = data;

  for (guint i = 0; i < N_LANGUAGES; i++)
    {
      g_free (files[i].name);
      valise_reading_free (files[i].reading);
      xmlFreeDoc (files[i].document);
    }
  g_free (files);
}

static inline gboolean
read_all (void)
{
  const char *shared = g_getenv ("VALISE_SHARED");

  symbols = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_files);
  for (guint i = 0; i < N_LANGUAGES; i++)
    {
      g_autofree char *folder =
          g_build_filename (shared != NULL ? shared : "", "corpus", LANGUAGES[i], NULL);
      g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

      if (dir == NULL)
        return FALSE;
      for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
        read_file (folder, name, i);
    }

  return TRUE;
}

/* Calls @check for every file. */
static inline void
for_each (void (*check) (const char *symbol, guint language, const File *file))
{
  GHashTableIter iter;
  gpointer       symbol = NULL;
  gpointer       files = NULL;

  g_hash_table_iter_init (&iter, symbols);
  while (g_hash_table_iter_next (&iter, &symbol, &files))
    for (guint i = 0; i < N_LANGUAGES; i++)
      check (symbol, i, (File *) files + i);
}

static inline xmlXPathObject *
evaluate (const File *file, const char *path)
{
  xmlXPathContext *context = xmlXPathNewContext (file->document);
  xmlXPathObject  *found = NULL;

  xmlXPathRegisterNs (context, BAD_CAST "a",
                      BAD_CAST "http://docs.oasis-open.org/legaldocml/ns/akn/3.0");
  found = xmlXPathEvalExpression (BAD_CAST path, context);
  xmlXPathFreeContext (context);
  g_assert_nonnull (found);

  return found;
}

static inline int
count_in_xml (const File *file, const char *path)
{
  xmlXPathObject *found = evaluate (file, path);
  int             count = found->nodesetval != NULL ? found->nodesetval->nodeNr : 0;

  xmlXPathFreeObject (found);

  return count;
}

static inline char *
text_in_xml (const File *file, const char *path)
{
  g_autofree char *whole = g_strdup_printf ("normalize-space(%s)", path);
  xmlXPathObject  *found = evaluate (file, whole);
  char            *text = g_strdup ((const char *) found->stringval);

  xmlXPathFreeObject (found);

  return text;
}

/* The numbers of the operative paragraphs, by this test's own reading of the XML: "1 2 3". */
static inline char *
numbers_in_xml (const File *file)
{
  g_autoptr (GRegex) digits = g_regex_new ("^\\s*(\\d+)\\s*[-–.,]", 0, 0, NULL);
  GString           *numbers = g_string_new (NULL);
  xmlXPathObject    *found = evaluate (file, "//a:mainBody//a:paragraph");

  for (int i = 0; found->nodesetval != NULL && i < found->nodesetval->nodeNr; i++)
    {
      xmlChar               *text = xmlNodeGetContent (found->nodesetval->nodeTab[i]);
      g_autoptr (GMatchInfo) match = NULL;

      if (g_regex_match (digits, (const char *) text, 0, &match))
        {
          g_autofree char *number = g_match_info_fetch (match, 1);

          g_string_append_printf (numbers, "%s ", number);
        }
      xmlFree (text);
    }
  xmlXPathFreeObject (found);

  return g_string_free (numbers, FALSE);
}

/* Letters alone: spaces, digits and marks may be read otherwise, words may not. */
static inline guint
count_letters (const char *text)
{
  guint count = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    count += g_unichar_isalpha (g_utf8_get_char (text));

  return count;
}

static inline guint
count_letters_in_xml (const File *file, const char *path)
{
  xmlXPathObject *found = evaluate (file, path);
  guint           count = 0;

  for (int i = 0; found->nodesetval != NULL && i < found->nodesetval->nodeNr; i++)
    {
      xmlChar *text = xmlNodeGetContent (found->nodesetval->nodeTab[i]);

      count += count_letters ((const char *) text);
      xmlFree (text);
    }
  xmlXPathFreeObject (found);

  return count;
}
