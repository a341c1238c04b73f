/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-import"

#include "config.h"

#include "valise-import-parts.h"

#include <string.h>

#include "valise-clock.h"
#include "valise-id.h"
#include "valise-symbol.h"

#define PAST_ALL "\xef\xbf\xbf" /* U+FFFF: sorts after what a symbol may hold */

typedef struct
{
  ValiseImportFile *import;
  const char       *prefix; /* "paper:A/AC.292/2026/WP." */
  guint64           highest;
  char *known; /* the symbol under which the same words, or the same file, came before */
} Series;

static gboolean
is_same_paper (ValiseImportFile *import, JsonObject *paper)
{
  JsonObject *origin = NULL;
  JsonObject *titles = NULL;

  if (!json_object_has_member (paper, "origin"))
    return FALSE;

  origin = valise_tree_get_object (paper, "origin");
  titles = valise_tree_get_object (paper, "title");

  return g_strcmp0 (valise_tree_get_string (origin, "digest"), import->digest) == 0
         || (import->options->name != NULL
             && g_strcmp0 (valise_tree_get_string (origin, "name"), import->options->name) == 0
             && g_strcmp0 (valise_tree_get_string (titles, import->language), import->title) == 0);
}

static gboolean
look_at_paper (const ValiseChange *change, gpointer user_data)
{
  Series                *series = user_data;
  g_autoptr (ValiseJson) json = NULL;
  g_autoptr (JsonObject) paper = NULL;

  if (g_str_has_prefix (change->id, series->prefix))
    series->highest =
        MAX (series->highest, g_ascii_strtoull (change->id + strlen (series->prefix), NULL, 10));
  if (series->known != NULL || change->document == NULL || change->document->body == NULL)
    return TRUE;

  json = valise_document_scan (change->document, NULL);
  paper = json != NULL ? valise_tree_parse (json, NULL) : NULL;
  if (paper != NULL && is_same_paper (series->import, paper))
    series->known = valise_id_dup_symbol (change->id);

  return TRUE;
}

static gboolean
read_series (ValiseImportFile *import, Series *series, GError **error)
{
  g_autofree char *root = valise_profile_dup_series_root (import->profile, import->reading->kind);
  g_autofree char *start = g_strconcat ("paper:", root, NULL);
  g_autofree char *end = g_strconcat (start, PAST_ALL, NULL);
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (import->home, VALISE_IMPORT_DATABASE, FALSE, error);

  return database != NULL
         && valise_database_list (database, start, end, 0, VALISE_CHANGES_DOCUMENTS, look_at_paper,
                                  series, error);
}

/* The next symbol of its series, or that under which it is known. */
static gboolean
give_symbol (ValiseImportFile *import, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (valise_clock_now () / G_USEC_PER_SEC);
  g_autofree char      *pattern = valise_profile_dup_series (import->profile, import->reading->kind,
                                                             g_date_time_get_year (now));
  g_autofree char      *prefix = NULL;
  const char           *place = pattern != NULL ? strstr (pattern, "%u") : NULL;
  Series                series = { .import = import };

  if (place == NULL)
    return valise_import_refuse (error, "It has no symbol, and there is no series for a %s",
                                 import->reading->kind);

  prefix = g_strdup_printf ("paper:%.*s", (int) (place - pattern), pattern);
  series.prefix = prefix;
  if (!read_series (import, &series, error))
    return FALSE;

  import->unnumbered = TRUE;
  import->symbol = series.known != NULL
                       ? series.known
                       : g_strdup_printf ("%s%" G_GUINT64_FORMAT "%s", prefix + strlen ("paper:"),
                                          series.highest + 1, place + strlen ("%u"));

  return TRUE;
}

gboolean
valise_import_find_symbol (ValiseImportFile *import, GError **error)
{
  const char *given =
      import->options->symbol != NULL ? import->options->symbol : import->reading->symbol;

  if (given == NULL)
    return give_symbol (import, error);

  import->symbol = valise_symbol_normalise (given);

  return import->symbol != NULL ? TRUE : valise_import_refuse (error, "“%s” is no symbol", given);
}
