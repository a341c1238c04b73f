/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-sample"

#include "config.h"

#include "valise-registry.h"
#include "valise-sample.h"

/* What a sample account may read; it has no delegation and so no desk. */
static const char *const shared_databases[] = { "public" };

static ValiseRegistry *
open_registry (ValiseHome *home, GError **error)
{
  g_autoptr (GError) local = NULL;
  ValiseRegistry    *registry = valise_registry_open (home, &local);

  if (registry == NULL
      && g_error_matches (local, VALISE_REGISTRY_ERROR, VALISE_REGISTRY_ERROR_NONE))
    return valise_registry_create (home, "poa", "Sample programme", error);

  if (registry == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return registry;
}

gboolean
valise_sample_issue (const char *directory, char **programme, char **root, GError **error)
{
  g_autoptr (ValiseHome)     home = NULL;
  g_autoptr (ValiseRegistry) registry = NULL;
  gboolean                   issued = FALSE;

  g_return_val_if_fail (directory != NULL, FALSE);

  home = valise_home_open (directory, error);
  if (home == NULL)
    return FALSE;

  registry = open_registry (home, error);
  issued = registry != NULL && valise_registry_issue_sample (registry, error);
  if (issued)
    {
      *programme = g_strdup (valise_registry_get_programme (registry));
      *root = g_strdup (valise_registry_get_root (registry));
    }
  valise_home_close (home);

  return issued;
}

typedef struct
{
  ValiseBatch *batch;
  GError     **error;
  gboolean     failed;
} Copy;

static gboolean
copy_change (const ValiseChange *change, gpointer user_data)
{
  Copy       *copy = user_data;
  ValiseMerge merge = VALISE_MERGE_KNOWN;

  copy->failed = change->document != NULL
                 && !valise_batch_merge (copy->batch, change->document, &merge, copy->error);

  return !copy->failed;
}

/* In one transaction, so that a sample is whole or absent. */
static gboolean
copy_database (ValiseDatabase *from, ValiseDatabase *to, GError **error)
{
  Copy     copy = { .batch = valise_database_begin (to, error), .error = error };
  gint64   last_seq = 0;
  gboolean read = FALSE;

  if (copy.batch == NULL)
    return FALSE;

  read = valise_database_changes (from, 0, 0, VALISE_CHANGES_DOCUMENTS, copy_change, &copy,
                                  &last_seq, NULL, copy.failed ? NULL : error);
  if (!read || copy.failed)
    {
      valise_batch_cancel (copy.batch);
      return FALSE;
    }
  return valise_batch_commit (copy.batch, error);
}

static gboolean
copy_named (ValiseHome *from, ValiseHome *to, const char *name, GError **error)
{
  g_autoptr (ValiseDatabase) source = valise_home_get_database (from, name, TRUE, error);
  g_autoptr (ValiseDatabase) target =
      source != NULL ? valise_home_get_database (to, name, TRUE, error) : NULL;

  return target != NULL && copy_database (source, target, error);
}

gboolean
valise_sample_copy (const char *directory, ValiseHome *home, GError **error)
{
  g_autoptr (ValiseHome) secretariat = NULL;
  gboolean               copied = TRUE;

  g_return_val_if_fail (directory != NULL, FALSE);
  g_return_val_if_fail (home != NULL, FALSE);

  secretariat = valise_home_open (directory, error);
  if (secretariat == NULL)
    return FALSE;

  for (guint i = 0; copied && i < G_N_ELEMENTS (shared_databases); i++)
    copied = copy_named (secretariat, home, shared_databases[i], error);
  valise_home_close (secretariat);

  return copied;
}
