/* library-fixture.h - the sample programme in a library, and waiting for what it answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "folder.h"
#include "valise-library.h"
#include "valise-registry.h"

typedef struct
{
  char          *root;
  ValiseHome    *home;
  ValiseLibrary *library;
} Fixture;

static inline void
setup_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->home = valise_home_open (fixture->root, &error);
  g_assert_no_error (error);
}

/* Waits for the indexer, then for the lists that follow it. */
static inline void
settle (Fixture *fixture)
{
  gint64 end = 0;

  g_assert_true (valise_search_index_catch_up (valise_home_get_index (fixture->home), 120 * 1000));
  end = g_get_monotonic_time () + 700 * G_TIME_SPAN_MILLISECOND;
  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static inline void
open_library (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->library = valise_library_new (fixture->home, "en", &error);
  g_assert_no_error (error);
  settle (fixture);
}

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseRegistry) registry = NULL;

  setup_empty (fixture, data);
  registry = valise_registry_create (fixture->home, "poa", NULL, &error);
  g_assert_no_error (error);
  valise_registry_issue_sample (registry, &error);
  g_assert_no_error (error);
  open_library (fixture);
}

/* What is under way on a worker holds the library until it is done. */
static inline void
close_library (Fixture *fixture)
{
  gpointer library = fixture->library;
  gint64   end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  g_object_add_weak_pointer (library, &library);
  g_object_unref (g_steal_pointer (&fixture->library));
  while (library != NULL && g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (500);
    }
  g_assert_null (library);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  close_library (fixture);
  valise_home_close (fixture->home);
  g_assert_finalize_object (fixture->home);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

/* --- waiting for answers ---------------------------------------------------------------------- */

static inline void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static inline void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static inline ValisePaper *
open_paper (Fixture *fixture, const char *symbol, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  valise_library_open_async (fixture->library, symbol, NULL, keep_result, &result);
  wait_for (&result);

  return valise_library_open_finish (fixture->library, result, error);
}

static inline ValiseText *
read_text (Fixture *fixture, const char *symbol, const char *language, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  valise_library_read_async (fixture->library, symbol, language, NULL, keep_result, &result);
  wait_for (&result);

  return valise_library_read_finish (fixture->library, result, error);
}

static inline void
wait_loaded (ValisePaper *paper)
{
  while (!valise_paper_get_loaded (paper))
    g_main_context_iteration (NULL, TRUE);
}

/* The row of @symbol, loaded; NULL where the list has none. */
static inline ValisePaper *
find_row (GListModel *list, const char *symbol)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (list, i);

      wait_loaded (paper);
      if (g_strcmp0 (valise_paper_get_symbol (paper), symbol) == 0)
        return g_steal_pointer (&paper);
    }

  return NULL;
}

/* The titles of the headings, each on a line. */
static inline char *
join_headings (GListModel *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (list, i);

      if (valise_paper_is_heading (paper))
        g_string_append_printf (text, "%s\n", valise_paper_get_title (paper));
    }

  return g_string_free (text, FALSE);
}
