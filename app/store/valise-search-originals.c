/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-search-originals"

#include "config.h"

#include "valise-search-originals.h"

#define INFIX " file:" /* of an entry's id, after the document's */

/* --- naming ---------------------------------------------------------------------------- */

/* Ids of the files of @id: from @from up to @to. */
static void
bind_ids (ValiseStmt *stmt, const char *database, const char *id)
{
  g_autofree char *from = g_strconcat (id, INFIX, NULL);
  g_autofree char *to = g_strconcat (id, INFIX, "~", NULL);

  valise_stmt_bind_text (stmt, ":database", database);
  valise_stmt_bind_text (stmt, ":from", from);
  valise_stmt_bind_text (stmt, ":to", to);
}

gboolean
valise_search_originals_forget (ValiseSearchStore *self,
                                const char        *database,
                                const char        *id,
                                GArray            *gone,
                                GError           **error)
{
  g_autoptr (ValiseStmt) places =
      valise_db_prepare (self->db, "SELECT place FROM entry WHERE database = :database"
                                   " AND id > :from AND id < :to");
  g_autoptr (ValiseStmt) entries = NULL;
  ValiseStep             step = VALISE_STEP_DONE;
  guint                  n_rows = 0;

  bind_ids (places, database, id);
  for (; (step = valise_stmt_step (places, error)) == VALISE_STEP_ROW; n_rows++)
    {
      gint64 place = valise_stmt_get_int64 (places, 0);

      if (place > 0)
        g_array_append_val (gone, place);
    }
  if (step == VALISE_STEP_ERROR || n_rows == 0)
    return step == VALISE_STEP_DONE;

  entries = valise_db_prepare (self->db, "DELETE FROM entry WHERE database = :database"
                                         " AND id > :from AND id < :to");
  bind_ids (entries, database, id);
  return valise_stmt_run (entries, error);
}

/* @entry as that of its file @original, all lent. */
static ValiseIndexEntry
lend_entry (const ValiseIndexEntry *entry, const ValiseIndexOriginal *original)
{
  return (ValiseIndexEntry){
    .type = (char *) VALISE_INDEX_TYPE_FILE,
    .group = entry->group,
    .title = original->title,
    .language = original->language,
    .symbol = entry->symbol,
    .kind = entry->kind,
    .date = entry->date,
    .meeting = entry->meeting,
    .item = entry->item,
    .author = entry->author,
    .order = entry->order,
    .summary = original->summary,
    .file = original->sha256,
  };
}

gboolean
valise_search_originals_name (ValiseSearchStore      *self,
                              const char             *database,
                              const char             *id,
                              const ValiseIndexEntry *entry,
                              GError                **error)
{
  for (guint i = 0; entry->originals != NULL && i < entry->originals->len; i++)
    {
      const ValiseIndexOriginal *original = entry->originals->pdata[i];
      const ValiseIndexEntry     lent = lend_entry (entry, original);
      g_autofree char           *own_id = g_strconcat (id, INFIX, original->sha256, NULL);
      g_autoptr (ValiseDocument) document = valise_document_new (own_id, NULL, FALSE, NULL);
      ValisePlaceChange          change = { 0 };
      gint64                     old_place = 0;

      document->size = original->length;
      if (!valise_search_store_put (self, database, document, &lent, NULL, &change, &old_place,
                                    error))
        return FALSE;
    }

  return TRUE;
}

/* --- words ----------------------------------------------------------------------------- */

GPtrArray *
valise_search_originals_part (const char *pages)
{
  GPtrArray *paragraphs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_index_paragraph_free);
  g_auto (GStrv) texts = g_strsplit (pages, VALISE_ORIGINAL_PAGE, -1);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      ValiseIndexParagraph *paragraph = NULL;

      if (*texts[i] == '\0')
        continue;
      paragraph = g_new0 (ValiseIndexParagraph, 1);
      paragraph->number = g_strdup_printf ("%u", i + 1);
      paragraph->text = g_steal_pointer (&texts[i]);
      texts[i] = g_strdup ("");
      g_ptr_array_add (paragraphs, paragraph);
    }

  return paragraphs;
}

/* What words need of an entry, and what the columns do. */
static gboolean
read_entry (ValiseSearchStore *self, gint64 row, ValiseIndexEntry *entry, GError **error)
{
  g_autoptr (ValiseIndexRecord) record = valise_search_store_get_row (self, row, error);

  if (record == NULL)
    return FALSE;

  *entry = (ValiseIndexEntry){
    .type = g_steal_pointer (&record->type),
    .group = g_steal_pointer (&record->group),
    .title = g_steal_pointer (&record->title),
    .language = g_steal_pointer (&record->language),
    .symbol = g_steal_pointer (&record->symbol),
    .kind = g_steal_pointer (&record->kind),
    .date = g_steal_pointer (&record->date),
    .meeting = g_steal_pointer (&record->meeting),
    .item = g_steal_pointer (&record->item),
    .author = g_steal_pointer (&record->author),
  };
  return TRUE;
}

gboolean
valise_search_originals_put_words (ValiseSearchStore *self,
                                   gint64             row,
                                   const char        *pages,
                                   ValiseIndexEntry  *entry,
                                   ValisePlaceChange *change,
                                   GError           **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, "UPDATE entry SET place = :place, length = :length, here = 1 WHERE row = :row");
  g_autoptr (ValiseWords) words = NULL;

  if (!read_entry (self, row, entry, error))
    return FALSE;
  entry->paragraphs = pages != NULL ? valise_search_originals_part (pages) : NULL;
  *change = valise_search_store_describe (entry);
  change->row = row;
  if (entry->paragraphs != NULL && entry->paragraphs->len > 0)
    words = valise_words_new (valise_search_fts_get_tokenizer (self->fts, change->table), entry);
  if (words != NULL && !valise_search_store_put_words (self, words, change, error))
    return FALSE;

  valise_stmt_bind_int64 (stmt, ":row", row);
  valise_stmt_bind_int64 (stmt, ":place", change->place);
  valise_stmt_bind_int64 (stmt, ":length", change->length);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_search_originals_clear (ValiseSearchStore *self, const char *sha256, GError **error)
{
  g_autoptr (ValiseStmt) entries = valise_db_prepare (
      self->db, "UPDATE entry SET place = 0, length = 0, here = 0 WHERE file = :sha256");
  g_autoptr (ValiseStmt) reading =
      valise_db_prepare (self->db, "DELETE FROM reading WHERE sha256 = :sha256");

  valise_stmt_bind_text (entries, ":sha256", sha256);
  valise_stmt_bind_text (reading, ":sha256", sha256);
  return valise_stmt_run (entries, error) && valise_stmt_run (reading, error);
}

gboolean
valise_search_originals_begin (ValiseSearchStore *self, const char *sha256, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "INSERT INTO reading VALUES (:sha256, 1, 0, '')"
                                   " ON CONFLICT (sha256) DO UPDATE SET tries = tries + 1");

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_search_originals_keep (ValiseSearchStore *self,
                              const char        *sha256,
                              ValiseReadingState state,
                              const char        *pages,
                              GError           **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, "INSERT OR REPLACE INTO reading VALUES (:sha256, 0, :state, :pages)");

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  valise_stmt_bind_int64 (stmt, ":state", state);
  valise_stmt_bind_text (stmt, ":pages", pages);
  return valise_stmt_run (stmt, error);
}

/* --- reading --------------------------------------------------------------------------- */

GArray *
valise_search_originals_find (ValiseSearchStore *self, const char *sha256, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "SELECT row, place, here FROM entry WHERE file = :sha256");
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (ValiseOriginalRow));
  ValiseStep         step = VALISE_STEP_DONE;

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      ValiseOriginalRow row = { valise_stmt_get_int64 (stmt, 0), valise_stmt_get_int64 (stmt, 1),
                                valise_stmt_get_int64 (stmt, 2) != 0 };

      g_array_append_val (rows, row);
    }

  return step == VALISE_STEP_DONE ? g_steal_pointer (&rows) : NULL;
}

ValiseReadingState
valise_search_originals_get_reading (ValiseSearchStore *self,
                                     const char        *sha256,
                                     gint64            *tries,
                                     char             **pages,
                                     GError           **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, "SELECT state, tries, pages FROM reading WHERE sha256 = :sha256");
  ValiseReadingState state = VALISE_READING_NONE;

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  if (valise_stmt_step (stmt, error) != VALISE_STEP_ROW)
    return VALISE_READING_NONE;
  state = (ValiseReadingState) valise_stmt_get_int64 (stmt, 0);
  if (tries != NULL)
    *tries = valise_stmt_get_int64 (stmt, 1);
  if (pages != NULL && state == VALISE_READING_DONE)
    *pages = g_strdup (valise_stmt_get_text (stmt, 2));

  return state;
}

GHashTable *
valise_search_originals_list (ValiseSearchStore *self, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (self->db, "SELECT file, min(here) FROM entry WHERE file IS NOT NULL"
                                   " GROUP BY file");
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ValiseStep             step = VALISE_STEP_DONE;

  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    g_hash_table_insert (files, g_strdup (valise_stmt_get_text (stmt, 0)),
                         GINT_TO_POINTER (valise_stmt_get_int64 (stmt, 1) != 0));

  return step == VALISE_STEP_DONE ? g_steal_pointer (&files) : NULL;
}
