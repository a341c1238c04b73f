/* valisectl-read.c - the commands that read the record
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <stdlib.h>

#include "valise-paper-list.h"

#include "valisectl-print.h"
#include "valisectl.h"

int
valisectl_run_search (void)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = valisectl_open_account (&error);
  g_autoptr (ValiseLibrary) library =
      account != NULL ? valisectl_open_library (account, &error) : NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray)    findings = NULL;
  g_autoptr (JsonBuilder)  builder = valisectl_options.json ? json_builder_new () : NULL;
  ValiseLibraryFilter      filter = { .language = valisectl_get_language () };

  if (library == NULL)
    return valisectl_fail (error);

  valise_library_search_async (library, valisectl_options.arguments[0], &filter,
                               (guint) valisectl_options.limit, NULL, valisectl_keep_result,
                               &result);
  valisectl_wait_for (&result);
  findings = valise_library_search_finish (library, result, NULL, &error);
  if (findings == NULL)
    return valisectl_fail (error);

  if (findings->len == 0)
    g_printerr ("valisectl: nothing here has %s\n", valisectl_options.arguments[0]);
  if (builder != NULL)
    json_builder_begin_array (builder);
  for (guint i = 0; i < findings->len; i++)
    valisectl_print_finding (builder, g_ptr_array_index (findings, i));
  if (builder != NULL)
    {
      json_builder_end_array (builder);
      valisectl_print_json (builder);
    }
  return EXIT_SUCCESS;
}

/* The language to show a paper in where none was asked for: the locale's, or one it has here. */
static char *
choose_language (ValiseAccount *account, ValiseLibrary *library, const char *symbol, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ValisePaper)  paper = NULL;
  g_autofree char         *chosen = NULL;
  g_autofree char         *wanted = valisectl_dup_language (account);

  valise_library_open_async (library, symbol, NULL, valisectl_keep_result, &result);
  valisectl_wait_for (&result);
  paper = valise_library_open_finish (library, result, error);
  if (paper == NULL)
    return NULL;

  for (guint i = 0; i < g_list_model_get_n_items (valise_paper_get_versions (paper)); i++)
    {
      g_autoptr (ValiseVersion) version =
          g_list_model_get_item (valise_paper_get_versions (paper), i);
      const char *language = valise_version_get_language (version);

      if (valise_version_get_here (version) && (chosen == NULL || g_str_equal (language, wanted)))
        {
          g_free (chosen);
          chosen = g_strdup (language);
        }
    }
  return chosen != NULL ? g_steal_pointer (&chosen) : g_steal_pointer (&wanted);
}

int
valisectl_run_show (void)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = valisectl_open_account (&error);
  g_autoptr (ValiseLibrary) library =
      account != NULL ? valisectl_open_library (account, &error) : NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ValiseText)   text = NULL;
  g_autofree char         *language = g_strdup (valisectl_get_language ());
  const char              *symbol = valisectl_options.arguments[0];

  if (library != NULL && language == NULL)
    language = choose_language (account, library, symbol, &error);
  if (language == NULL || library == NULL)
    return valisectl_fail (error);

  valise_library_read_async (library, symbol, language, NULL, valisectl_keep_result, &result);
  valisectl_wait_for (&result);
  text = valise_library_read_finish (library, result, &error);
  if (g_error_matches (error, VALISE_LIBRARY_ERROR, VALISE_LIBRARY_ERROR_NOT_HERE))
    {
      g_printerr ("valisectl: %s is known in this language (%s), but not on this laptop; "
                  "valisectl fetch %s --language %s\n",
                  symbol, language, symbol, language);
      return VALISECTL_NOT_FOUND;
    }
  if (text == NULL)
    return valisectl_fail (error);

  valisectl_print_text (text);
  return EXIT_SUCCESS;
}

int
valisectl_run_list (void)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = valisectl_open_account (&error);
  g_autoptr (ValiseLibrary) library =
      account != NULL ? valisectl_open_library (account, &error) : NULL;
  g_autoptr (JsonBuilder) builder = valisectl_options.json ? json_builder_new () : NULL;
  g_autoptr (GListModel)  papers = NULL;

  if (library == NULL)
    return valisectl_fail (error);

  papers = valise_library_list_papers (library, NULL);
  while (!valise_paper_list_get_ready (VALISE_PAPER_LIST (papers)))
    g_main_context_iteration (NULL, TRUE);

  if (builder != NULL)
    json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (papers, i);

      while (!valise_paper_get_loaded (paper))
        g_main_context_iteration (NULL, TRUE);
      if (!valise_paper_is_heading (paper))
        valisectl_print_paper (builder, paper);
    }
  if (builder != NULL)
    {
      json_builder_end_array (builder);
      valisectl_print_json (builder);
    }
  return EXIT_SUCCESS;
}
