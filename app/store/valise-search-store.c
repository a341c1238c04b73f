/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-search-store"

#include "config.h"

#include <string.h>

#include "valise-search-store.h"

#define APPLICATION_ID 0x564c5358 /* "VLSX" */
#define TIMEOUT_MS     5000       /* waiting for another writer; there is none */

/* Raised by every change of search-0001.sql, of the tokenizer or of its exceptions. */
#define VALISE_SEARCH_FORMAT 4

static gboolean
refuse (const char *path, GError **error)
{
  g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT, "%s was made by another Valise",
               path);

  return FALSE;
}

static gboolean
read_meta (ValiseSearchStore *self, const char *path, guint version, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "SELECT format, version, place FROM meta");
  ValiseStep step = valise_stmt_step (stmt, error);

  if (step == VALISE_STEP_ERROR)
    return FALSE;
  if (step == VALISE_STEP_DONE || valise_stmt_get_int64 (stmt, 0) != VALISE_SEARCH_FORMAT
      || valise_stmt_get_int64 (stmt, 1) != version)
    return refuse (path, error);
  self->place = valise_stmt_get_int64 (stmt, 2);

  return TRUE;
}

static gboolean
write_meta (ValiseSearchStore *self, guint version, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "INSERT INTO meta (one, format, version, place)"
                                   " VALUES (1, :format, :version, 0)");

  valise_stmt_bind_int64 (stmt, ":format", VALISE_SEARCH_FORMAT);
  valise_stmt_bind_int64 (stmt, ":version", version);

  return valise_stmt_run (stmt, error);
}

/* A new file gets its row; another keeps what it has, for read_meta() to judge. */
static gboolean
prepare_writer (ValiseSearchStore *self, guint version, GError **error)
{
  g_autoptr (ValiseStmt) stmt = NULL;
  ValiseStep             step = VALISE_STEP_ERROR;

  if (!valise_db_migrate (self->db, APPLICATION_ID, "/org/valise/Valise/sql", "search", error))
    return FALSE;
  stmt = valise_db_prepare (self->db, "SELECT 1 FROM meta");
  step = valise_stmt_step (stmt, error);

  return step == VALISE_STEP_ROW || (step == VALISE_STEP_DONE && write_meta (self, version, error));
}

ValiseSearchStore *
valise_search_store_open (const char *path, gboolean writer, guint version, GError **error)
{
  ValiseSearchStore *self = g_new0 (ValiseSearchStore, 1);
  ValiseDbFlags      flags =
      writer ? VALISE_DB_WRITER | VALISE_DB_CREATE | VALISE_DB_RELAXED : VALISE_DB_READER;

  self->db = valise_db_open (path, flags, TIMEOUT_MS, error);
  if (self->db != NULL)
    self->fts = valise_search_fts_new (self->db, error);
  if (self->fts != NULL && (!writer || prepare_writer (self, version, error))
      && read_meta (self, path, version, error))
    return self;

  valise_search_store_close (self);

  return NULL;
}

void
valise_search_store_close (ValiseSearchStore *self)
{
  g_clear_pointer (&self->db, valise_db_close);
  g_clear_pointer (&self->fts, valise_search_fts_free);
  g_free (self);
}

/* --- following ------------------------------------------------------------------------- */

static gboolean
list_places (ValiseSearchStore *self, const char *database, GArray *places, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, "SELECT place FROM entry WHERE database = :database AND place > 0");
  ValiseStep step = VALISE_STEP_DONE;

  valise_stmt_bind_text (stmt, ":database", database);
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      gint64 place = valise_stmt_get_int64 (stmt, 0);

      g_array_append_val (places, place);
    }

  return step == VALISE_STEP_DONE;
}

static gboolean
drop_database (ValiseSearchStore *self, const char *database, GArray *gone, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "DELETE FROM entry WHERE database = :database");

  if (!list_places (self, database, gone, error))
    return FALSE;
  valise_stmt_bind_text (stmt, ":database", database);

  return valise_stmt_run (stmt, error);
}

static gboolean
start_database (ValiseSearchStore *self, const char *database, const char *uuid, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "INSERT INTO followed (database, uuid, seq)"
                                   " VALUES (:database, :uuid, 0) ON CONFLICT (database)"
                                   " DO UPDATE SET uuid = excluded.uuid, seq = 0");

  valise_stmt_bind_text (stmt, ":database", database);
  valise_stmt_bind_text (stmt, ":uuid", uuid);

  return valise_stmt_run (stmt, error);
}

gboolean
valise_search_store_follow (ValiseSearchStore *self,
                            const char        *database,
                            const char        *uuid,
                            gint64            *seq,
                            GArray            *gone,
                            GError           **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "SELECT uuid, seq FROM followed WHERE database = :database");
  ValiseStep step = VALISE_STEP_DONE;

  *seq = 0;
  valise_stmt_bind_text (stmt, ":database", database);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_ERROR)
    return FALSE;
  if (step == VALISE_STEP_ROW && g_strcmp0 (valise_stmt_get_text (stmt, 0), uuid) == 0)
    {
      *seq = valise_stmt_get_int64 (stmt, 1);
      return TRUE;
    }

  return drop_database (self, database, gone, error)
         && start_database (self, database, uuid, error);
}

gboolean
valise_search_store_set_seq (ValiseSearchStore *self,
                             const char        *database,
                             gint64             seq,
                             GError           **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "UPDATE followed SET seq = :seq WHERE database = :database");

  valise_stmt_bind_text (stmt, ":database", database);
  valise_stmt_bind_int64 (stmt, ":seq", seq);

  return valise_stmt_run (stmt, error);
}

/* --- entries --------------------------------------------------------------------------- */

/* Here and below each statement writes one row and has no RETURNING and no ON CONFLICT: a
 * statement that may have to be undone in part has SQLite set a savepoint, at which FTS5
 * writes out what it holds. Documents would be segments of their own, to be merged. */

/* Where the entry of @id is and its words are; 0: nowhere. */
static gboolean
find_old (ValiseSearchStore *self,
          const char        *database,
          const char        *id,
          gint64            *row,
          gint64            *place,
          GError           **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, "SELECT row, place FROM entry WHERE database = :database AND id = :id");
  ValiseStep step = VALISE_STEP_DONE;

  *row = *place = 0;
  valise_stmt_bind_text (stmt, ":database", database);
  valise_stmt_bind_text (stmt, ":id", id);
  step = valise_stmt_step (stmt, error);
  if (step == VALISE_STEP_ROW)
    {
      *row = valise_stmt_get_int64 (stmt, 0);
      *place = valise_stmt_get_int64 (stmt, 1);
    }

  return step != VALISE_STEP_ERROR;
}

gboolean
valise_search_store_remove (ValiseSearchStore *self,
                            const char        *database,
                            const char        *id,
                            gint64            *place,
                            GError           **error)
{
  g_autoptr (ValiseStmt) stmt = NULL;
  gint64                 row = 0;

  if (!find_old (self, database, id, &row, place, error))
    return FALSE;
  if (row == 0)
    return TRUE;
  stmt = valise_db_prepare (self->db, "DELETE FROM entry WHERE row = :row");
  valise_stmt_bind_int64 (stmt, ":row", row);

  return valise_stmt_run (stmt, error);
}

/* So that 5 comes before 10, and 5 (a) after 5: each number gets its length before it. */
static char *
make_item_key (const char *item)
{
  GString *key = g_string_new (NULL);

  for (const char *at = item; at != NULL && *at != '\0';)
    {
      gsize digits = strspn (at, "0123456789");

      if (digits == 0)
        {
          g_string_append_c (key, g_ascii_tolower (*at++));
          continue;
        }
      while (digits > 1 && *at == '0')
        at++, digits--;
      g_string_append_c (key, (char) ('0' + MIN (digits, 9)));
      g_string_append_len (key, at, (gssize) digits);
      at += digits;
    }

  return g_string_free (key, FALSE);
}

#define INSERT(language)                                                                           \
  {                                                                                                \
    "INSERT INTO words_" language " (rowid, symbol, title, body)"                                  \
    " VALUES (:place, :symbol, :title, :body)",                                                    \
        "INSERT INTO heads_" language " (rowid, symbol, title) VALUES (:place, :symbol, :title)"   \
  }

/* By table, in the order of valise_search_table_of(). */
static const struct
{
  const char *words;
  const char *heads;
} inserts[VALISE_SEARCH_TABLES] = { INSERT ("ar"), INSERT ("en"), INSERT ("es"),  INSERT ("fr"),
                                    INSERT ("ru"), INSERT ("zh"), INSERT ("none") };

static gboolean
insert_words (ValiseSearchStore *self,
              const char        *sql,
              gint64             place,
              const ValiseWords *words,
              gboolean           whole, /* FALSE: the heads alone */
              GError           **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (self->db, sql);

  valise_stmt_bind_int64 (stmt, ":place", place);
  valise_stmt_bind_lent_text (stmt, ":symbol", words->symbol->str);
  valise_stmt_bind_lent_text (stmt, ":title", words->title->str);
  if (whole)
    valise_stmt_bind_lent_text (stmt, ":body", words->body->str);

  return valise_stmt_run (stmt, error);
}

gboolean
valise_search_store_put_words (ValiseSearchStore *self,
                               const ValiseWords *words,
                               ValisePlaceChange *change,
                               GError           **error)
{
  change->place = ++self->place;
  change->length = words->length;

  return insert_words (self, inserts[change->table].words, change->place, words, TRUE, error)
         && insert_words (self, inserts[change->table].heads, change->place, words, FALSE, error);
}

/* @entry is lent until the statement is released. */
static void
bind_entry (ValiseStmt *stmt, const ValiseIndexEntry *entry)
{
  g_autofree char *item_key = make_item_key (entry->item);

  valise_stmt_bind_lent_text (stmt, ":type", entry->type != NULL ? entry->type : "");
  valise_stmt_bind_lent_text (stmt, ":belongs", entry->group);
  valise_stmt_bind_lent_text (stmt, ":language", entry->language);
  valise_stmt_bind_lent_text (stmt, ":symbol", entry->symbol);
  valise_stmt_bind_lent_text (stmt, ":kind", entry->kind);
  valise_stmt_bind_lent_text (stmt, ":date", entry->date);
  valise_stmt_bind_lent_text (stmt, ":meeting", entry->meeting);
  valise_stmt_bind_lent_text (stmt, ":item", entry->item);
  valise_stmt_bind_text (stmt, ":item_key", item_key);
  valise_stmt_bind_lent_text (stmt, ":author", entry->author);
  /* What has no order of its own comes after what has, by date. */
  valise_stmt_bind_lent_text (stmt, ":order_key", entry->order != NULL ? entry->order : "\x7f");
  valise_stmt_bind_lent_text (stmt, ":title", entry->title);
  valise_stmt_bind_lent_text (stmt, ":summary", entry->summary);
  valise_stmt_bind_lent_text (stmt, ":file", entry->file);
}

static ValiseStmt *
prepare_entry (ValiseSearchStore *self, gboolean is_new)
{
  if (is_new)
    return valise_db_prepare (
        self->db,
        "INSERT INTO entry (place, length, here, size, database, id, type, belongs, language,"
        " symbol, kind, date, meeting, item, item_key, author, order_key, title, summary, file)"
        " VALUES (:place, :length, :here, :size, :database, :id, :type, :belongs, :language,"
        " :symbol, :kind, :date, :meeting, :item, :item_key, :author, :order_key, :title,"
        " :summary, :file)");

  return valise_db_prepare (
      self->db, "UPDATE entry SET place = :place, length = :length, here = :here, size = :size,"
                " database = :database, id = :id, type = :type, belongs = :belongs,"
                " language = :language, symbol = :symbol, kind = :kind, date = :date,"
                " meeting = :meeting, item = :item, item_key = :item_key, author = :author,"
                " order_key = :order_key, title = :title, summary = :summary, file = :file"
                " WHERE row = :row");
}

static gboolean
read_new_row (ValiseSearchStore *self, gint64 *row, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (self->db, "SELECT last_insert_rowid()");

  if (valise_stmt_step (stmt, error) != VALISE_STEP_ROW)
    return FALSE;
  *row = valise_stmt_get_int64 (stmt, 0);

  return TRUE;
}

/* Over the row in @change, or, where that is 0, in a new one. */
static gboolean
put_entry (ValiseSearchStore      *self,
           const char             *database,
           const ValiseDocument   *document,
           const ValiseIndexEntry *entry,
           ValisePlaceChange      *change,
           GError                **error)
{
  gboolean               is_new = change->row == 0;
  g_autoptr (ValiseStmt) stmt = prepare_entry (self, is_new);

  if (!is_new)
    valise_stmt_bind_int64 (stmt, ":row", change->row);
  valise_stmt_bind_int64 (stmt, ":place", change->place);
  valise_stmt_bind_int64 (stmt, ":length", change->length);
  valise_stmt_bind_int64 (stmt, ":here", document->body != NULL);
  valise_stmt_bind_int64 (stmt, ":size", document->size);
  valise_stmt_bind_text (stmt, ":database", database);
  valise_stmt_bind_text (stmt, ":id", document->id);
  bind_entry (stmt, entry);

  return valise_stmt_run (stmt, error) && (!is_new || read_new_row (self, &change->row, error));
}

ValisePlaceChange
valise_search_store_describe (const ValiseIndexEntry *entry)
{
  return (ValisePlaceChange){
    .strings = { .type = entry->type,
                 .kind = entry->kind,
                 .meeting = entry->meeting,
                 .item = entry->item,
                 .author = entry->author,
                 .language = entry->language,
                 .symbol = entry->symbol },
    .group = entry->group,
    .date = entry->date,
    .table = valise_search_table_of (entry->language),
  };
}

gboolean
valise_search_store_put (ValiseSearchStore      *self,
                         const char             *database,
                         const ValiseDocument   *document,
                         const ValiseIndexEntry *entry,
                         const ValiseWords      *words,
                         ValisePlaceChange      *change,
                         gint64                 *old_place,
                         GError                **error)
{
  *change = valise_search_store_describe (entry);

  return find_old (self, database, document->id, &change->row, old_place, error)
         && (words == NULL || valise_search_store_put_words (self, words, change, error))
         && put_entry (self, database, document, entry, change, error);
}

gboolean
valise_search_store_finish (ValiseSearchStore *self, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (self->db, "UPDATE meta SET place = :place");

  valise_stmt_bind_int64 (stmt, ":place", self->place);

  return valise_stmt_run (stmt, error);
}
