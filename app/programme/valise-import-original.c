/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-import"

#include "config.h"

#include "valise-import-parts.h"

#include <string.h>

#include "valise-file-attachment.h"
#include "valise-id.h"
#include "valise-language.h"
#include "valise-symbol.h"

#define PDF_TYPE  "application/pdf"
#define DOCX_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define MAX_NAME  255 /* bytes, as data/records has it */

/* By its first bytes; a DOCX is a ZIP whose directory, at its end, lists the words. */
const char *
valise_import_get_original_type (GBytes *bytes)
{
  gsize             length = 0;
  const char       *data = g_bytes_get_data (bytes, &length);
  static const char words[] = "word/document.xml";

  if (length >= 5 && memcmp (data, "%PDF-", 5) == 0)
    return PDF_TYPE;
  if (length >= 4 && memcmp (data, "PK\003\004", 4) == 0
      && memmem (data, length, words, sizeof words - 1) != NULL)
    return DOCX_TYPE;
  return NULL;
}

/* --- what its name says ---------------------------------------------------------------------- */

/* "A_RES_77_37-en.pdf" to "A_RES_77_37"; @language: (out): "en", or NULL. */
static char *
split_name (const char *name, const char **language)
{
  g_autofree char *stem = g_strdup (name);
  char            *dot = strrchr (stem, '.');
  char            *mark = NULL;

  if (dot != NULL)
    *dot = '\0';
  mark = stem + strlen (stem);
  while (mark > stem && strchr ("-_. (", mark[-1]) == NULL)
    mark--;
  g_strdelimit (mark, ")", '\0');
  *language = mark > stem ? valise_language_normalise (mark) : NULL;
  if (*language != NULL)
    mark[-1] = '\0';

  return g_steal_pointer (&stem);
}

/* The paper that a file's name names, and its language; NULL: none that is a symbol. */
static char *
guess_symbol (const char *name, const char **language)
{
  g_autofree char *stem = split_name (name, language);

  g_strdelimit (stem, "_", '/');
  return valise_symbol_normalise (stem);
}

/* --- the paper ------------------------------------------------------------------------------- */

typedef struct
{
  ValiseIssuer *issuer;
  const char   *sha256;
  const char   *name;
  const char   *language; /* or NULL */
  const char   *media;
  const char   *symbol;
  gint64        length; /* bytes */
} Original;

static gboolean
issue_file (const Original *original, gboolean *changed, GError **error)
{
  g_autoptr (JsonObject) file = json_object_new ();
  g_autofree char       *id = valise_id_for_file (original->sha256);
  g_autofree char       *paper = valise_id_for_paper (original->symbol);
  g_autofree char       *attachments = valise_file_attachment_make (
            VALISE_FILE_ATTACHMENT, original->media, original->sha256, original->length, 1);
  g_autoptr (JsonObject) before = NULL;
  g_autoptr (GError)     unread = NULL;

  before = valise_issuer_get (original->issuer, VALISE_IMPORT_DATABASE, id, &unread);
  if (unread != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&unread));
      return FALSE;
    }
  if (before != NULL) /* of another paper too: the bytes are one file */
    return TRUE;

  json_object_set_string_member (file, "type", "file");
  json_object_set_string_member (file, "sha256", original->sha256);
  json_object_set_int_member (file, "length", original->length);
  json_object_set_string_member (file, "media", original->media);
  json_object_set_string_member (file, "paper", paper);
  json_object_set_string_member (file, "state", "issued");
  if (!valise_issuer_add_tree (original->issuer, VALISE_IMPORT_DATABASE, id, file, changed, error))
    return FALSE;

  valise_issuer_set_attachments (original->issuer, VALISE_IMPORT_DATABASE, id, attachments);
  return TRUE;
}

static JsonObject *
make_entry (const Original *original)
{
  JsonObject *entry = json_object_new ();

  json_object_set_string_member (entry, "name", original->name);
  json_object_set_string_member (entry, "sha256", original->sha256);
  json_object_set_int_member (entry, "length", original->length);
  valise_tree_set_string (entry, "language", original->language);
  return entry;
}

/* Has the paper name the file. @is_new: (out): it names no other by that name. */
static gboolean
name_file (const Original *original, JsonObject *paper, gboolean *is_new)
{
  JsonArray *before = valise_tree_get_array (paper, "files");
  JsonArray *after = json_array_new ();
  gboolean   placed = FALSE, known = FALSE;

  for (guint i = 0; i < json_array_get_length (before); i++)
    {
      JsonObject *entry = json_array_get_object_element (before, i);
      gboolean same_name = g_strcmp0 (valise_tree_get_string (entry, "name"), original->name) == 0;
      gboolean same_file =
          g_strcmp0 (valise_tree_get_string (entry, "sha256"), original->sha256) == 0;

      known |= same_file && same_name
               && g_strcmp0 (valise_tree_get_string (entry, "language"), original->language) == 0;
      if (!same_name && !same_file)
        json_array_add_object_element (after, json_object_ref (entry));
      else if (!placed)
        json_array_add_object_element (after, make_entry (original));
      placed |= same_name || same_file;
    }
  if (!placed)
    json_array_add_object_element (after, make_entry (original));
  json_object_set_array_member (paper, "files", after);

  *is_new = !placed;
  return !known;
}

/* NULL with @error where it is not here, or cannot be read. */
static JsonObject *
get_paper (const Original *original, const char *id, GError **error)
{
  g_autoptr (GError) unread = NULL;
  JsonObject *paper = valise_issuer_get (original->issuer, VALISE_IMPORT_DATABASE, id, &unread);

  if (unread != NULL)
    g_propagate_error (error, g_steal_pointer (&unread));
  else if (paper == NULL)
    valise_import_refuse (error, "There is no paper %s yet; import its text first",
                          original->symbol);
  return paper;
}

static gboolean
add_original (const Original *original,
              const char     *id,
              JsonObject     *paper,
              ValiseImport   *outcome,
              GError        **error)
{
  gboolean is_new = FALSE, changed = FALSE, renamed = FALSE;

  if (!issue_file (original, &changed, error))
    return FALSE;
  if (name_file (original, paper, &is_new)
      && !valise_issuer_add_tree (original->issuer, VALISE_IMPORT_DATABASE, id, paper, &renamed,
                                  error))
    return FALSE;

  *outcome = !changed && !renamed ? VALISE_IMPORT_UNCHANGED
             : is_new             ? VALISE_IMPORT_REGISTERED
                                  : VALISE_IMPORT_UPDATED;
  return TRUE;
}

static gboolean
check_name (const char *name, GError **error)
{
  if (*name != '\0' && strlen (name) <= MAX_NAME && g_utf8_validate (name, -1, NULL))
    return TRUE;

  return valise_import_refuse (error, "“%.80s” is no name for a file", name);
}

gboolean
valise_import_add_original (ValiseIssuer              *issuer,
                            ValiseHome                *home,
                            GBytes                    *bytes,
                            const ValiseImportOptions *options,
                            ValiseImport              *outcome,
                            char                     **symbol,
                            GError                   **error)
{
  const char      *language = NULL;
  g_autofree char *guess = guess_symbol (options->name, &language);
  g_autofree char *given =
      options->symbol != NULL ? valise_symbol_normalise (options->symbol) : NULL;
  ValiseFileStore       *files = NULL;
  g_autofree char       *sha256 = NULL, *id = NULL;
  Original               original = { issuer, NULL, options->name };
  g_autoptr (JsonObject) paper = NULL;

  if (options->symbol != NULL && given == NULL)
    return valise_import_refuse (error, "“%.80s” is no symbol", options->symbol);
  if (given == NULL && guess == NULL)
    return valise_import_refuse (error, "Of which paper? “%.80s” does not say", options->name);
  if (options->language != NULL)
    language = valise_language_normalise (options->language);
  if (options->language != NULL && language == NULL)
    return valise_import_refuse (error, "“%.20s” is no language", options->language);
  if (!check_name (options->name, error))
    return FALSE;

  original.symbol = given != NULL ? given : guess;
  id = valise_id_for_paper (original.symbol);
  paper = get_paper (&original, id, error);
  if (paper == NULL)
    return FALSE; /* and no bytes are left behind that nothing names */

  /* The bytes before the documents: none of those names what is not there. */
  files = valise_home_get_files (home, error);
  sha256 = files != NULL ? valise_file_store_put (files, bytes, error) : NULL;
  if (sha256 == NULL)
    return FALSE;
  original.sha256 = sha256;
  original.language = language;
  original.media = valise_import_get_original_type (bytes);
  original.length = (gint64) g_bytes_get_size (bytes);
  if (!add_original (&original, id, paper, outcome, error))
    return FALSE;

  *symbol = g_strdup (original.symbol);
  return TRUE;
}
