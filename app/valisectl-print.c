/* valisectl-print.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "valise-reading.h"

#include "valisectl-print.h"

void
valisectl_print_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char     *text = json_to_string (root, TRUE);

  g_print ("%s\n", text);
}

void
valisectl_add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
valisectl_add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
valisectl_add_strings (JsonBuilder *builder, const char *name, const char *const *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

const char *
valisectl_state_name (ValiseFileState state)
{
  static const char *const names[] = {
    [VALISE_FILE_KNOWN] = "known",     [VALISE_FILE_WANTED] = "wanted",
    [VALISE_FILE_PARTIAL] = "partial", [VALISE_FILE_PRESENT] = "present",
    [VALISE_FILE_EVICTED] = "evicted",
  };

  return names[state];
}

void
valisectl_print_finding (JsonBuilder *builder, const ValiseFinding *finding)
{
  if (builder == NULL)
    {
      g_print ("%s [%s] %s", finding->symbol, finding->language != NULL ? finding->language : "-",
               finding->title);
      if (finding->sha256 != NULL)
        g_print (", %s, page %u", finding->file, finding->page);
      else if (finding->paragraph != NULL)
        g_print (", %s", finding->paragraph);
      g_print ("\n");
      g_print ("    %s\n", finding->snippet);
      return;
    }

  json_builder_begin_object (builder);
  valisectl_add_string (builder, "symbol", finding->symbol);
  valisectl_add_string (builder, "title", finding->title);
  valisectl_add_string (builder, "language", finding->language);
  valisectl_add_string (builder, "paragraph", finding->paragraph);
  if (finding->sha256 != NULL)
    {
      valisectl_add_string (builder, "file", finding->sha256);
      valisectl_add_string (builder, "name", finding->file);
      json_builder_set_member_name (builder, "page");
      json_builder_add_int_value (builder, finding->page);
    }
  valisectl_add_string (builder, "snippet", finding->snippet);
  json_builder_end_object (builder);
}

void
valisectl_print_text (ValiseText *text)
{
  g_print ("%s\n%s\n\n", valise_text_get_symbol (text), valise_text_get_title (text));
  for (guint i = 0; i < valise_text_get_n_lines (text); i++)
    {
      const ValiseLine *line = valise_text_get_line (text, i);
      g_autofree char  *plain = valise_markup_to_plain (line->text);

      if (g_strcmp0 (line->kind, "title") == 0)
        continue; /* printed above */
      g_print ("%s%s%s\n\n", line->number != NULL ? line->number : "",
               line->number != NULL ? "  " : "", plain);
    }
}

void
valisectl_print_paper (JsonBuilder *builder, ValisePaper *paper)
{
  GListModel              *versions = valise_paper_get_versions (paper);
  const char              *date = valise_paper_get_date (paper); /* NULL: not known */
  g_autoptr (GStrvBuilder) languages = g_strv_builder_new ();
  g_auto (GStrv)           codes = NULL;
  g_autofree char         *joined = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (versions); i++)
    {
      g_autoptr (ValiseVersion) version = g_list_model_get_item (versions, i);

      g_strv_builder_add (languages, valise_version_get_language (version));
    }
  codes = g_strv_builder_end (languages);

  if (builder == NULL)
    {
      joined = g_strjoinv (" ", codes);
      g_print ("%s\t%s\t%s\t%s\n", valise_paper_get_symbol (paper), date != NULL ? date : "",
               joined, valise_paper_get_title (paper));
      return;
    }
  json_builder_begin_object (builder);
  valisectl_add_string (builder, "symbol", valise_paper_get_symbol (paper));
  valisectl_add_string (builder, "kind", valise_paper_get_kind (paper));
  valisectl_add_string (builder, "title", valise_paper_get_title (paper));
  valisectl_add_string (builder, "date", valise_paper_get_date (paper));
  valisectl_add_strings (builder, "languages", (const char *const *) codes);
  json_builder_end_object (builder);
}
