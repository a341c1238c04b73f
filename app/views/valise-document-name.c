/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-document-name"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "valise-document-name.h"
#include "valise-format.h"
#include "valise-id.h"

char *
valise_document_name (const char *id)
{
  static const struct
  {
    const char *type;
    const char *word;
  } words[] = {
    { "submission", N_ ("Submission") }, { "report", N_ ("Report") },
    { "position", N_ ("Position") },     { "nomination", N_ ("Nomination") },
    { "meeting", N_ ("Meeting") },       { "agenda", N_ ("Agenda") },
  };
  g_autofree char *symbol = valise_id_dup_symbol (id);

  if (symbol != NULL)
    return valise_format_isolate (symbol);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *middle = g_strconcat (":", words[i].type, ":", NULL);

      if (g_str_has_prefix (id, words[i].type) || strstr (id, middle) != NULL)
        return g_strdup (_ (words[i].word));
    }
  return g_strdup (_ ("Document"));
}

char *
valise_document_name_of_reason (const char *line)
{
  const char      *gap = NULL;
  g_autofree char *id = NULL;

  g_return_val_if_fail (line != NULL, NULL);

  gap = strstr (line, ": ");
  id = gap != NULL ? g_strndup (line, (gsize) (gap - line)) : g_strdup (line);
  return valise_document_name (id);
}
