/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-programme-data"

#include "config.h"

#include "valise-programme-data.h"
#include "valise-programme-resources.h"

#define PREFIX "/org/valise/Valise/programme/"

/* The linker drops a resource object that nothing names, so it is registered by hand. */
static void
ensure_registered (void)
{
  static gsize registered = 0;

  if (g_once_init_enter (&registered))
    {
      valise_programme_register_resource ();
      g_once_init_leave (&registered, 1);
    }
}

GBytes *
valise_programme_data_read (const char *path, GError **error)
{
  g_autofree char *full = g_strconcat (PREFIX, path, NULL);

  ensure_registered ();

  return g_resources_lookup_data (full, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}

ValiseJson *
valise_programme_data_load (const char *path, GError **error)
{
  g_autoptr (GBytes) text = valise_programme_data_read (path, error);

  return text != NULL ? valise_json_scan (text, VALISE_JSON_INTEGERS, error) : NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
valise_programme_data_list (const char *folder)
{
  g_autofree char *full = g_strconcat (PREFIX, folder, "/", NULL);
  char           **names = NULL;

  ensure_registered ();

  names = g_resources_enumerate_children (full, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  if (names == NULL)
    return g_new0 (char *, 1);

  qsort (names, g_strv_length (names), sizeof (char *), compare_names);

  return names;
}
