/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-salvage"

#include "config.h"

#include <string.h>

#include "valise-db-parts.h"
#include "valise-file-again.h"
#include "valise-file-rows.h"
#include "valise-file-salvage.h"
#include "valise-file-spare.h"
#include "valise-file-store-parts.h"
#include "valise-file-wishes.h"
#include "valise-id.h"

#define TIMEOUT_MS  10000
#define MAX_MISSED  20000 /* rows in a row that are not there: the end, where it is not known */
#define MAX_COLUMNS 13

typedef struct
{
  ValiseDb            *source; /* NULL: nothing can be read */
  ValiseFileStore     *target;
  ValiseFileAgain     *again;
  GHashTable          *lost; /* digests of files that were whole, and are not */
  ValiseSalvageReport *report;
} Salvage;

/* --- bytes ------------------------------------------------------------------------------- */

typedef struct
{
  Salvage      *salvage;
  char         *sha256;
  ValiseFileRow from;
  gboolean      taken; /* (out): whole */
} Copy;

/* The next chunk as it should be, or NULL. */
static GBytes *
read_chunk (const Copy *copy, gint64 present)
{
  ValiseDb              *source = copy->salvage->source;
  gint64                 row = copy->from.row, number = present / VALISE_FILE_CHUNK;
  gint64                 expected = MIN (VALISE_FILE_CHUNK, copy->from.present - present);
  g_autoptr (GError)     failure = NULL;
  g_autoptr (GByteArray) chunk = valise_file_row_read_chunk (source, row, number, &failure);

  if (valise_db_may_pass (failure))
    chunk = valise_file_row_read_chunk (source, row, number, NULL);
  return chunk != NULL && (gint64) chunk->len == expected
             ? g_byte_array_free_to_bytes (g_steal_pointer (&chunk))
             : NULL;
}

static gboolean
copy_chunks (const Copy *copy, ValiseDb *db, ValiseFileRow *file, GError **error)
{
  while (file->present < copy->from.present)
    {
      g_autoptr (GBytes) bytes = read_chunk (copy, file->present);

      if (bytes == NULL)
        break;
      if (!valise_file_row_add (db, file, bytes, error))
        return FALSE;
    }
  return TRUE;
}

/* What came of it is judged by its digest; bytes that make another are worth nothing. */
static gboolean
settle (Copy *copy, ValiseDb *db, ValiseFileRow *file, GError **error)
{
  g_autofree char *digest = NULL;

  if (file->present < file->length)
    return file->present > 0 ? valise_file_row_update (db, file, error)
                             : valise_file_row_drop (db, file->row, error);
  digest = valise_file_row_digest (db, file, error);
  if (digest == NULL)
    return FALSE;
  copy->taken = file->complete = g_str_equal (digest, copy->sha256);
  return file->complete ? valise_file_row_update (db, file, error)
                        : valise_file_row_drop (db, file->row, error);
}

static gboolean
copy_file (ValiseDb *db, gpointer user_data, GError **error)
{
  Copy         *copy = user_data;
  ValiseFileRow file = { 0 };

  if (!valise_file_row_find (db, copy->sha256, &file, error))
    return FALSE;
  copy->taken = file.complete;
  if (file.row != 0) /* a backup had it */
    return TRUE;
  file.length = copy->from.length;
  return valise_file_row_insert (db, copy->sha256, &file, error)
         && copy_chunks (copy, db, &file, error) && settle (copy, db, &file, error);
}

static gboolean
try_row (Salvage *self, gint64 row, Copy *copy, GError **failure)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->source, "SELECT sha256, length, present, complete FROM file WHERE row = :row");

  valise_stmt_bind_int64 (stmt, ":row", row);
  if (valise_stmt_step (stmt, failure) != VALISE_STEP_ROW)
    return FALSE;
  copy->sha256 = g_strdup (valise_stmt_get_text (stmt, 0));
  copy->from.row = row;
  copy->from.length = valise_stmt_get_int64 (stmt, 1);
  copy->from.present = valise_stmt_get_int64 (stmt, 2);
  copy->from.complete = valise_stmt_get_int64 (stmt, 3) != 0;
  return valise_id_is_sha256 (copy->sha256) && copy->from.present >= 0
         && copy->from.present <= copy->from.length;
}

/* FALSE where there is no such row, or none that can be read. An upload that others had begun
 * is theirs to begin again. */
static gboolean
read_row (Salvage *self, gint64 row, Copy *copy)
{
  g_autoptr (GError) failure = NULL;

  return try_row (self, row, copy, &failure)
         || (valise_db_may_pass (failure) && try_row (self, row, copy, NULL));
}

static gboolean
salvage_row (Salvage *self, gint64 row, gboolean *found, GError **error)
{
  Copy     copy = { .salvage = self };
  gboolean ok = TRUE;

  *found = read_row (self, row, &copy);
  if (*found)
    ok = valise_file_store_write (self->target, copy_file, &copy, error);
  if (*found && ok)
    {
      self->report->rows += copy.taken;
      if (copy.from.complete && !copy.taken)
        g_hash_table_add (self->lost, g_strdup (copy.sha256));
    }
  g_free (copy.sha256);
  return ok;
}

/* One by one, by their numbers: what a damaged page holds is missed, and nothing after it. */
static gboolean
salvage_bytes (Salvage *self, GError **error)
{
  gint64 last = G_MAXINT64;
  guint  missed = 0;

  if (!valise_db_read_value (self->source, "SELECT max(row) FROM file", &last, NULL, NULL))
    last = G_MAXINT64;
  for (gint64 row = 1; row <= last && missed < MAX_MISSED; row++)
    {
      gboolean found = FALSE;

      if (!salvage_row (self, row, &found, error))
        return FALSE;
      missed = found ? 0 : missed + 1;
    }
  return TRUE;
}

/* --- what was noted beside them ---------------------------------------------------------- */

/* A table, read from its first row and from its last: between them may be a damaged page. */
typedef struct
{
  const char *const columns[MAX_COLUMNS];
  const char       *forwards;
  const char       *backwards;
  const char       *insert;
} Table;

static const Table tables[] = {
  { { ":sha256", ":database", ":name", ":symbol", ":meeting", ":language", ":length", ":priority",
      ":stage", ":evicted", ":source", ":tag", ":problem" },
    "SELECT * FROM wish ORDER BY sha256",
    "SELECT * FROM wish ORDER BY sha256 DESC",
    "INSERT INTO wish VALUES (:sha256, :database, :name, :symbol, :meeting, :language, :length, "
    ":priority, :stage, :evicted, :source, :tag, :problem) ON CONFLICT DO NOTHING" },
  { { ":sha256", ":database", ":acknowledged", ":problem" },
    "SELECT * FROM parcel ORDER BY sha256, database",
    "SELECT * FROM parcel ORDER BY sha256 DESC, database DESC",
    "INSERT INTO parcel VALUES (:sha256, :database, :acknowledged, :problem) "
    "ON CONFLICT DO NOTHING" },
  { { ":sha256", ":database" },
    "SELECT * FROM proof ORDER BY sha256, database",
    "SELECT * FROM proof ORDER BY sha256 DESC, database DESC",
    "INSERT INTO proof VALUES (:sha256, :database) ON CONFLICT DO NOTHING" },
};

static gboolean
copy_rows (ValiseDb *source, const char *sql, ValiseDb *db, const Table *table, GError **error)
{
  g_autoptr (ValiseStmt) rows = valise_db_prepare (source, sql);

  while (valise_stmt_step (rows, NULL) == VALISE_STEP_ROW)
    {
      g_autoptr (ValiseStmt) insert = valise_db_prepare (db, table->insert);
      g_autoptr (GError)     failure = NULL;

      for (int i = 0; i < MAX_COLUMNS && table->columns[i] != NULL; i++)
        valise_stmt_bind_text (insert, table->columns[i], valise_stmt_get_text (rows, i));
      if (valise_stmt_run (insert, &failure)
          || g_error_matches (failure, VALISE_DB_ERROR, VALISE_DB_ERROR_CONSTRAINT)) /* rubbish */
        continue;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return TRUE;
}

static gboolean
copy_tables (ValiseDb *db, gpointer user_data, GError **error)
{
  Salvage *self = user_data;

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!copy_rows (self->source, tables[i].forwards, db, &tables[i], error)
        || !copy_rows (self->source, tables[i].backwards, db, &tables[i], error))
      return FALSE;
  return TRUE;
}

/* --- what nobody else has, and what is wanted again -------------------------------------- */

static gboolean
put_spare (const char *sha256,
           const char *database,
           GBytes     *bytes,
           gpointer    user_data,
           GError    **error)
{
  Salvage         *self = user_data;
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *kept = NULL;
  gboolean         complete = FALSE;

  if (!g_str_equal (digest, sha256))
    return TRUE;
  valise_file_store_get_present (self->target, sha256, NULL, &complete);
  if (!complete)
    {
      kept = valise_file_store_put (self->target, bytes, error);
      if (kept == NULL)
        return FALSE;
      self->report->edits++;
    }
  g_hash_table_remove (self->lost, sha256);
  return valise_file_parcels_add (self->target, sha256, database, error);
}

static gboolean
want_lost (ValiseDb *db, gpointer user_data, GError **error)
{
  Salvage       *self = user_data;
  GHashTableIter iter;
  const char    *sha256 = NULL;

  g_hash_table_iter_init (&iter, self->lost);
  while (g_hash_table_iter_next (&iter, (gpointer *) &sha256, NULL))
    {
      ValiseFileRow file = { 0 };
      gboolean      wanted = FALSE;

      if (!valise_file_row_find (db, sha256, &file, error))
        return FALSE;
      if (file.complete)
        continue;
      if (!valise_file_again_want (self->again, db, sha256, &wanted, error))
        return FALSE;
      self->report->doubtful += wanted;
      if (!wanted)
        g_message ("File %s is lost, and whose it is is not known", sha256);
    }
  return TRUE;
}

static gboolean
count_whole (ValiseDb *db, gpointer user_data, GError **error)
{
  gint64 *count = user_data;

  return valise_db_read_value (db, "SELECT count(*) FROM file WHERE complete = 1", count, NULL,
                               error);
}

static gboolean
salvage (Salvage *self, const char *folder, GError **error)
{
  g_autoptr (GPtrArray) known = valise_file_again_list (self->again);
  gint64                whole = 0;

  if (self->source != NULL
      && (!salvage_bytes (self, error)
          || !valise_file_store_write (self->target, copy_tables, self, error)))
    return FALSE;
  for (guint i = 0; i < known->len; i++)
    g_hash_table_add (self->lost, g_strdup (g_ptr_array_index (known, i)));
  if (!valise_file_spare_each (folder, NULL, put_spare, self, error)
      || !valise_file_store_write (self->target, want_lost, self, error)
      || !valise_file_store_look (self->target, count_whole, &whole, error))
    return FALSE;
  self->report->documents = (guint) whole;
  return TRUE;
}

gboolean
valise_file_salvage (const char          *folder,
                     const char          *damaged,
                     ValiseFileStore     *target,
                     ValiseSalvageReport *report,
                     GError             **error)
{
  g_autoptr (GError)          failure = NULL;
  g_autoptr (ValiseFileAgain) again = valise_file_again_open (folder);
  g_autoptr (GHashTable)      lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (ValiseDb) source = valise_db_open (damaged, VALISE_DB_READER, TIMEOUT_MS, &failure);
  Salvage              self = { source, target, again, lost, report };

  if (source == NULL)
    g_info ("Nothing can be read: %s", failure->message);
  return salvage (&self, folder, error);
}
