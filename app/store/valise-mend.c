/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-mend"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-batch.h"
#include "valise-clock.h"
#include "valise-file-store-parts.h"
#include "valise-json.h"
#include "valise-mend.h"

#define FILE_NAME    "incident"
#define MAX_INCIDENT 20 /* lines kept */

/* --- what is told ------------------------------------------------------------------------ */

void
valise_incident_free (ValiseIncident *self)
{
  g_free (self->database);
  g_free (self->backup);
  g_free (self);
}

static ValiseIncident *
read_line (const char *line)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (line, -1, VALISE_JSON_INTEGERS, NULL);
  ValiseIncident        *self = NULL;

  if (json == NULL)
    return NULL;
  self = g_new0 (ValiseIncident, 1);
  self->database = valise_json_dup_member (json, 0, "database");
  self->backup = valise_json_dup_member (json, 0, "backup");
  self->at_us = valise_json_get_member_int (json, 0, "at_us", 0);
  self->documents = valise_json_get_member_int (json, 0, "documents", 0);
  self->edits = valise_json_get_member_int (json, 0, "edits", 0);
  self->again = valise_json_get_member_int (json, 0, "again", 0);
  if (self->database != NULL)
    return self;
  valise_incident_free (self);
  return NULL;
}

GPtrArray *
valise_incident_list (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv)   lines = NULL;
  GPtrArray       *found = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_incident_free);

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return found;
  lines = g_strsplit (text, "\n", MAX_INCIDENT + 1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      ValiseIncident *incident = read_line (lines[i]);

      if (incident != NULL)
        g_ptr_array_add (found, incident);
    }
  return found;
}

void
valise_incident_clear (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);

  (void) g_unlink (path);
}

/* What was done counts, whether or not it can be told. */
static void
note (const char *folder, const char *name, const ValiseSalvageReport *report)
{
  g_autofree char   *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char   *before = NULL;
  g_autofree char   *text = NULL;
  g_autofree char   *backup = report->backup[0] != '\0'
                                  ? g_strdup_printf (", \"backup\": \"%s\"", report->backup)
                                  : g_strdup ("");
  g_autoptr (GError) error = NULL;

  g_message ("%s was damaged and is mended: %u %s, %u read from the damaged file, %u to be fetched "
             "again, %u from the journal; backup of %s",
             name, report->documents,
             g_str_equal (name, VALISE_SALVAGE_FILES) ? "whole files" : "documents", report->rows,
             report->doubtful, report->edits,
             report->backup[0] != '\0' ? report->backup : "no day");
  (void) g_file_get_contents (path, &before, NULL, NULL);
  text = g_strdup_printf ("%s{\"database\": \"%s\", \"at_us\": %" G_GINT64_FORMAT
                          ", \"documents\": %u, \"edits\": %u, \"again\": %u%s}\n",
                          before != NULL ? before : "", name, valise_clock_now (),
                          report->documents, report->edits, report->doubtful, backup);
  if (!g_file_set_contents_full (path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &error))
    g_message ("That it was mended cannot be noted: %s", error->message);
}

/* --- mending ----------------------------------------------------------------------------- */

/* A file that is open, for the day its damage shows. */
typedef struct
{
  char          *folder;
  char          *name;
  ValiseMendFunc func;
  gpointer       user_data;
} Healer;

static void
free_healer (gpointer data)
{
  Healer *healer = data;

  g_free (healer->folder);
  g_free (healer->name);
  g_free (healer);
}

static Healer *
make_healer (const char *folder, const char *name, ValiseMendFunc func, gpointer user_data)
{
  Healer *healer = g_new0 (Healer, 1);

  healer->folder = g_strdup (folder);
  healer->name = g_strdup (name);
  healer->func = func;
  healer->user_data = user_data;
  return healer;
}

static gboolean
mend (const char *folder, const char *name, GError **error)
{
  ValiseSalvageReport report = { 0 };
  g_autoptr (GError)  failure = NULL;

  if (valise_salvage_database (folder, name, &report, &failure))
    {
      note (folder, name, &report);
      return TRUE;
    }
  if (failure->domain == VALISE_DB_ERROR)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT,
                 "%s is damaged, and not mended: %s", name, failure->message);
  return FALSE;
}

static gboolean
heal_cb (const char *path, gpointer user_data, GError **error)
{
  Healer *healer = user_data;

  if (!mend (healer->folder, healer->name, error))
    return FALSE;
  if (healer->func != NULL)
    healer->func (healer->user_data);
  return TRUE;
}

static ValiseDatabase *
open_file (const char *folder, const char *name, gboolean create, GError **error)
{
  g_autofree char *file = g_strconcat (name, ".sqlite", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  return valise_database_open (path, name, create, error);
}

/* The file, and its journal: whose edits are merged, where it lacks some. */
static ValiseDatabase *
open_both (const char *folder,
           const char *name,
           gboolean    create,
           const char *journal,
           GError    **error)
{
  g_autoptr (ValiseDatabase) database = open_file (folder, name, create, error);

  if (database == NULL
      || (journal != NULL && !valise_database_start_journal (database, journal, error)))
    return NULL;
  return g_steal_pointer (&database);
}

ValiseDatabase *
valise_mend_open (const char    *folder,
                  const char    *name,
                  gboolean       create,
                  const char    *journal,
                  ValiseMendFunc func,
                  gpointer       user_data,
                  GError       **error)
{
  ValiseDatabase    *database = NULL;
  g_autoptr (GError) failure = NULL;

  if (!valise_salvage_finish (folder, name, error))
    return NULL;
  database = open_both (folder, name, create, journal, &failure);
  if (g_error_matches (failure, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT))
    {
      g_message ("%s", failure->message);
      g_clear_error (&failure);
      if (!mend (folder, name, error))
        return NULL;
      database = open_both (folder, name, create, journal, &failure);
    }
  if (database == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  valise_database_set_healer (database, heal_cb, make_healer (folder, name, func, user_data),
                              free_healer);
  return database;
}

/* --- files ------------------------------------------------------------------------------- */

static ValiseFileStore *
open_store (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, VALISE_SALVAGE_FILES ".sqlite", NULL);

  return valise_file_store_open (path, error);
}

ValiseFileStore *
valise_mend_open_files (const char *folder, ValiseMendFunc func, gpointer user_data, GError **error)
{
  ValiseFileStore   *files = NULL;
  g_autoptr (GError) failure = NULL;

  if (!valise_salvage_finish (folder, VALISE_SALVAGE_FILES, error))
    return NULL;
  files = open_store (folder, &failure);
  if (g_error_matches (failure, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT))
    {
      g_message ("%s", failure->message);
      g_clear_error (&failure);
      if (!mend (folder, VALISE_SALVAGE_FILES, error))
        return NULL;
      files = open_store (folder, &failure);
    }
  if (files == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  valise_file_store_set_healer (
      files, heal_cb, make_healer (folder, VALISE_SALVAGE_FILES, func, user_data), free_healer);
  return files;
}
