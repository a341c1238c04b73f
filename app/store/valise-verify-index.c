/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-verify-index"

#include "config.h"

#include "valise-batch.h"
#include "valise-db-parts.h"
#include "valise-document-table.h"
#include "valise-search-fts.h"
#include "valise-verify-parts.h"

#define TIMEOUT_MS 10000

/* --- the file as a whole ----------------------------------------------------------------- */

#define VOCABULARY(table)                                                                          \
  {                                                                                                \
    table, "CREATE VIRTUAL TABLE temp.read_" table " USING fts5vocab (main, " table ", 'row')",    \
        "SELECT ifnull (sum (cnt), 0) FROM temp.read_" table                                       \
  }
#define LANGUAGE(code) VOCABULARY ("words_" code), VOCABULARY ("heads_" code)

static const struct
{
  const char *table;
  const char *open;
  const char *read;
} vocabularies[] = { LANGUAGE ("ar"), LANGUAGE ("en"), LANGUAGE ("es"),  LANGUAGE ("fr"),
                     LANGUAGE ("ru"), LANGUAGE ("zh"), LANGUAGE ("none") };

/* Through every word that FTS5 has, to the end. */
static void
check_words (ValiseDb *index, const ValiseVerifier *verifier, gint64 *problems)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vocabularies); i++)
    {
      g_autoptr (GError) failure = NULL;
      gint64             words = 0;

      if (!valise_db_execute (index, vocabularies[i].open, &failure)
          || !valise_db_read_value (index, vocabularies[i].read, &words, NULL, &failure))
        valise_verify_tell (verifier, problems, "index: %s: %s", vocabularies[i].table,
                            failure->message);
    }
}

/* The index of a database that is followed; none where it is being made. */
static gboolean
has_tables (ValiseDb *index)
{
  gint64 version = 0;

  return valise_db_read_value (index, "PRAGMA user_version", &version, NULL, NULL) && version > 0;
}

gboolean
valise_verify_index_pages (const char           *path,
                           const ValiseVerifier *verifier,
                           gint64               *problems,
                           GError              **error)
{
  ValiseDb        *index = NULL;
  ValiseSearchFts *fts = NULL;
  gboolean         ok = FALSE;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  index = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, error);
  if (index != NULL)
    fts = valise_search_fts_new (index, error);
  if (fts != NULL)
    ok = !has_tables (index) || valise_verify_pages (index, "index: ", verifier, problems, error);
  if (ok && has_tables (index))
    check_words (index, verifier, problems);
  g_clear_pointer (&index, valise_db_close);
  g_clear_pointer (&fts, valise_search_fts_free);
  return ok;
}

/* --- what it has ------------------------------------------------------------------------- */

/* How far the index follows @database; -1: not this file, or not at all. */
static gint64
read_followed (ValiseDb *index, const char *name, const char *uuid)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (index, "SELECT seq FROM followed WHERE database = :name AND uuid = :uuid");

  valise_stmt_bind_text (stmt, ":name", name);
  valise_stmt_bind_text (stmt, ":uuid", uuid);
  return valise_stmt_step (stmt, NULL) == VALISE_STEP_ROW ? valise_stmt_get_int64 (stmt, 0) : -1;
}

/* An entry of a document that has changed since is only late. */
static gboolean
check_entry (ValiseDb             *db,
             ValiseStmt           *entry,
             gint64                followed,
             const ValiseVerifier *verifier,
             gint64               *problems,
             GError              **error)
{
  g_auto (ValiseDocumentRow) row = { 0 };
  g_autofree char           *id = g_strdup (valise_stmt_get_text (entry, 0));

  if (!valise_document_table_find (db, id, &row, error))
    return FALSE;
  if (row.row != 0 && row.seq > followed)
    return TRUE;
  if (row.row == 0)
    valise_verify_tell (verifier, problems, "index: %s is in no database", id);
  else if (row.deleted)
    valise_verify_tell (verifier, problems, "index: %s is deleted", id);
  else if (row.here != (valise_stmt_get_int64 (entry, 1) != 0))
    valise_verify_tell (verifier, problems, "index: whether %s is here is not so", id);
  else if (row.size != valise_stmt_get_int64 (entry, 2))
    valise_verify_tell (verifier, problems, "index: %s has another size", id);
  return TRUE;
}

static gboolean
check_entries (ValiseDb             *index,
               ValiseDb             *db,
               const char           *name,
               gint64                followed,
               const ValiseVerifier *verifier,
               gint64               *entries,
               gint64               *problems,
               GError              **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (index, "SELECT id, here, size FROM entry WHERE database = :name"
                                " AND file IS NULL"); /* those are no documents */
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":name", name);
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      ++*entries;
      if (!check_entry (db, stmt, followed, verifier, problems, error))
        return FALSE;
    }
  return step == VALISE_STEP_DONE;
}

/* --- what it should have ----------------------------------------------------------------- */

typedef struct
{
  ValiseDb             *index;
  const char           *name;
  gint64                followed;
  ValiseIndexFunc       extract;
  const ValiseVerifier *verifier;
  gint64               *problems;
} Expecting;

static void
compare_entry (Expecting *self, ValiseStmt *row, const char *id, const ValiseIndexEntry *entry)
{
  const char *const names[] = { "group", "title", "language", "symbol", "kind",
                                "date",  "item",  "meeting",  "author", "summary" };
  const char *const values[] = { entry->group,  entry->title,  entry->language, entry->symbol,
                                 entry->kind,   entry->date,   entry->item,     entry->meeting,
                                 entry->author, entry->summary };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (values[i], valise_stmt_get_text (row, (int) i)) != 0)
      valise_verify_tell (self->verifier, self->problems, "index: %s has another %s", id, names[i]);
}

static void
expect_entry (Expecting *self, const char *id, const ValiseIndexEntry *entry)
{
  g_autoptr (ValiseStmt) row = valise_db_prepare (
      self->index, "SELECT belongs, title, language, symbol, kind, date, item, meeting, author, "
                   "summary FROM entry WHERE database = :database AND id = :id");
  g_autoptr (GError) failure = NULL;
  ValiseStep         step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (row, ":database", self->name);
  valise_stmt_bind_text (row, ":id", id);
  step = valise_stmt_step (row, &failure);
  if (step == VALISE_STEP_ROW)
    compare_entry (self, row, id, entry);
  else
    valise_verify_tell (self->verifier, self->problems, "index: %s %s", id,
                        failure != NULL ? failure->message : "is not in it");
}

static gboolean
expect_cb (const ValiseChange *change, gpointer user_data)
{
  Expecting             *self = user_data;
  g_autoptr (ValiseJson) json = NULL;
  ValiseIndexEntry       entry = { 0 };

  if (change->deleted || change->document == NULL || change->seq > self->followed)
    return TRUE;
  if (change->document->body != NULL)
    {
      json = valise_document_scan (change->document, NULL);
      if (json == NULL) /* its database is told of that */
        return TRUE;
    }
  if (self->extract (self->name, change->document, json, &entry, NULL))
    expect_entry (self, change->id, &entry);
  valise_index_entry_clear (&entry);
  return TRUE;
}

gboolean
valise_verify_index (const char           *path,
                     ValiseDatabase       *database,
                     ValiseIndexFunc       extract,
                     const ValiseVerifier *verifier,
                     gint64               *entries,
                     gint64               *problems,
                     GError              **error)
{
  ValiseDbPool        *pool = valise_database_get_pool (database);
  const char          *name = valise_database_get_name (database);
  g_autoptr (ValiseDb) index = NULL;
  ValiseDatabaseInfo   info = { 0 };
  ValiseDb            *db = NULL;
  Expecting            expecting = { NULL, name, -1, extract, verifier, problems };
  gint64               last = 0;
  gboolean             ok = TRUE;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  index = valise_db_open (path, VALISE_DB_READER, TIMEOUT_MS, error);
  if (index == NULL || !valise_database_get_info (database, &info, error))
    return FALSE;
  expecting.index = index;
  expecting.followed = read_followed (index, name, info.uuid);
  if (expecting.followed > info.update_seq)
    valise_verify_tell (verifier, problems, "index: it is ahead of %s", name);
  if (expecting.followed < 0)
    return TRUE;

  db = valise_db_pool_take_reader (pool, error);
  ok = db != NULL
       && check_entries (index, db, name, expecting.followed, verifier, entries, problems, error);
  if (db != NULL)
    valise_db_pool_give_reader (pool, db);
  return ok
         && (extract == NULL
             || valise_database_changes (database, 0, 0, VALISE_CHANGES_DOCUMENTS, expect_cb,
                                         &expecting, &last, NULL, error));
}
