/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-wishes"

#include "config.h"

#include "valise-file-rows.h"
#include "valise-file-store-parts.h"
#include "valise-file-wishes.h"

/* The columns of read_wish(), in its order. */
#define COLUMNS                                                                                    \
  "SELECT wish.sha256, database, name, symbol, meeting, language, wish.length, priority, stage, "  \
  "evicted, source, tag, problem, ifnull(present, 0), ifnull(complete, 0) "                        \
  "FROM wish LEFT JOIN file ON file.sha256 = wish.sha256 "
#define IN_ORDER "ORDER BY priority DESC, meeting, language, wish.length, wish.sha256"

void
valise_file_wish_free (ValiseFileWish *wish)
{
  g_free (wish->sha256);
  g_free (wish->database);
  g_free (wish->name);
  g_free (wish->symbol);
  g_free (wish->meeting);
  g_free (wish->language);
  g_free (wish->source);
  g_free (wish->tag);
  g_free (wish->problem);
  g_free (wish);
}

ValiseFileWish *
valise_file_wish_copy (const ValiseFileWish *wish)
{
  ValiseFileWish *copy = g_memdup2 (wish, sizeof *wish);

  copy->sha256 = g_strdup (wish->sha256);
  copy->database = g_strdup (wish->database);
  copy->name = g_strdup (wish->name);
  copy->symbol = g_strdup (wish->symbol);
  copy->meeting = g_strdup (wish->meeting);
  copy->language = g_strdup (wish->language);
  copy->source = g_strdup (wish->source);
  copy->tag = g_strdup (wish->tag);
  copy->problem = g_strdup (wish->problem);
  return copy;
}

static ValiseFileWish *
read_wish (ValiseStmt *stmt)
{
  ValiseFileWish *wish = g_new0 (ValiseFileWish, 1);

  wish->sha256 = g_strdup (valise_stmt_get_text (stmt, 0));
  wish->database = g_strdup (valise_stmt_get_text (stmt, 1));
  wish->name = g_strdup (valise_stmt_get_text (stmt, 2));
  wish->symbol = g_strdup (valise_stmt_get_text (stmt, 3));
  wish->meeting = g_strdup (valise_stmt_get_text (stmt, 4));
  wish->language = g_strdup (valise_stmt_get_text (stmt, 5));
  wish->length = valise_stmt_get_int64 (stmt, 6);
  wish->priority = (int) valise_stmt_get_int64 (stmt, 7);
  wish->stage = (ValiseWishStage) valise_stmt_get_int64 (stmt, 8);
  wish->evicted = valise_stmt_get_int64 (stmt, 9) != 0;
  wish->source = g_strdup (valise_stmt_get_text (stmt, 10));
  wish->tag = g_strdup (valise_stmt_get_text (stmt, 11));
  wish->problem = g_strdup (valise_stmt_get_text (stmt, 12));
  wish->present = valise_stmt_get_int64 (stmt, 13);
  wish->complete = valise_stmt_get_int64 (stmt, 14) != 0;
  return wish;
}

/* --- asking ------------------------------------------------------------------------------ */

typedef struct
{
  GPtrArray *wishes;
  int        priority;
} Adding;

static gboolean
add_wish (ValiseDb *db, const ValiseFileWish *wish, int priority, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "INSERT INTO wish VALUES (:sha256, :database, :name, :symbol, :meeting, :language, "
          ":length, :priority, 1, 0, NULL, NULL, NULL) "
          "ON CONFLICT (sha256) DO UPDATE SET database = excluded.database, name = excluded.name, "
          "symbol = excluded.symbol, meeting = excluded.meeting, language = excluded.language, "
          "length = excluded.length, stage = 1, evicted = 0, problem = NULL, "
          "priority = iif (stage = 0, excluded.priority, max (priority, excluded.priority))");

  valise_stmt_bind_text (stmt, ":sha256", wish->sha256);
  valise_stmt_bind_text (stmt, ":database", wish->database);
  valise_stmt_bind_text (stmt, ":name", wish->name);
  valise_stmt_bind_text (stmt, ":symbol", wish->symbol);
  valise_stmt_bind_text (stmt, ":meeting", wish->meeting);
  valise_stmt_bind_text (stmt, ":language", wish->language);
  valise_stmt_bind_int64 (stmt, ":length", wish->length);
  valise_stmt_bind_int64 (stmt, ":priority", priority);
  return valise_stmt_run (stmt, error);
}

static gboolean
add_wishes (ValiseDb *db, gpointer user_data, GError **error)
{
  const Adding *adding = user_data;

  for (guint i = 0; i < adding->wishes->len; i++)
    if (!add_wish (db, adding->wishes->pdata[i], adding->priority, error))
      return FALSE;
  return TRUE;
}

gboolean
valise_file_wishes_add (ValiseFileStore *files, GPtrArray *wishes, int priority, GError **error)
{
  Adding adding = { wishes, priority };

  return valise_file_store_write (files, add_wishes, &adding, error);
}

typedef struct
{
  const char *const *sha256s;
  ValiseWishStage    stage;
} Staging;

static gboolean
set_stages (ValiseDb *db, gpointer user_data, GError **error)
{
  const Staging *staging = user_data;

  for (guint i = 0; staging->sha256s[i] != NULL; i++)
    {
      g_autoptr (ValiseStmt) stmt =
          valise_db_prepare (db, "UPDATE wish SET stage = :stage WHERE sha256 = :sha256");

      valise_stmt_bind_text (stmt, ":sha256", staging->sha256s[i]);
      valise_stmt_bind_int64 (stmt, ":stage", staging->stage);
      if (!valise_stmt_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
valise_file_wishes_set_stage (ValiseFileStore   *files,
                              const char *const *sha256s,
                              ValiseWishStage    stage,
                              GError           **error)
{
  Staging staging = { sha256s, stage };

  return valise_file_store_write (files, set_stages, &staging, error);
}

/* --- noting ------------------------------------------------------------------------------ */

typedef struct
{
  const char *sha256;
  const char *database;
  const char *source;
  const char *text; /* a tag, or a problem */
} Note;

static gboolean
note_source (ValiseDb *db, gpointer user_data, GError **error)
{
  const Note            *note = user_data;
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "UPDATE wish SET source = :source, tag = :tag WHERE sha256 = :sha256");

  valise_stmt_bind_text (stmt, ":sha256", note->sha256);
  valise_stmt_bind_text (stmt, ":source", note->source);
  valise_stmt_bind_text (stmt, ":tag", note->text);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_file_wishes_set_source (ValiseFileStore *files,
                               const char      *sha256,
                               const char      *source,
                               const char      *tag,
                               GError         **error)
{
  Note note = { sha256, NULL, source, tag };

  return valise_file_store_write (files, note_source, &note, error);
}

static gboolean
note_problem (ValiseDb *db, gpointer user_data, GError **error)
{
  const Note            *note = user_data;
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "UPDATE wish SET problem = :problem WHERE sha256 = :sha256");

  valise_stmt_bind_text (stmt, ":sha256", note->sha256);
  valise_stmt_bind_text (stmt, ":problem", note->text);
  return valise_stmt_run (stmt, error);
}

gboolean
valise_file_wishes_set_problem (ValiseFileStore *files,
                                const char      *sha256,
                                const char      *problem,
                                GError         **error)
{
  Note note = { sha256, NULL, NULL, problem };

  return valise_file_store_write (files, note_problem, &note, error);
}

static gboolean
forgive (ValiseDb *db, gpointer user_data, GError **error)
{
  return valise_db_execute (db,
                            "UPDATE wish SET problem = NULL WHERE problem IS NOT NULL;"
                            "UPDATE parcel SET problem = NULL WHERE problem IS NOT NULL",
                            error);
}

gboolean
valise_file_wishes_forgive (ValiseFileStore *files, GError **error)
{
  return valise_file_store_write (files, forgive, NULL, error);
}

/* --- looking ----------------------------------------------------------------------------- */

static gboolean
take_next (ValiseDb *db, gpointer user_data, GError **error)
{
  ValiseFileWish       **wish = user_data;
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, COLUMNS "WHERE stage = 1 AND problem IS NULL AND ifnull (complete, 0) = 0 " IN_ORDER
                  " LIMIT 1");
  ValiseStep step = valise_stmt_step (stmt, error);

  if (step == VALISE_STEP_ROW)
    *wish = read_wish (stmt);
  return step != VALISE_STEP_ERROR;
}

ValiseFileWish *
valise_file_wishes_take_next (ValiseFileStore *files, GError **error)
{
  ValiseFileWish *wish = NULL;

  return valise_file_store_look (files, take_next, &wish, error) ? wish : NULL;
}

static gboolean
list_wishes (ValiseDb *db, gpointer user_data, GError **error)
{
  GPtrArray             *wishes = user_data;
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, COLUMNS "ORDER BY stage = 0 OR ifnull (complete, 0), "
                                     "priority DESC, meeting, language, wish.length, wish.sha256");
  ValiseStep step = VALISE_STEP_DONE;

  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    g_ptr_array_add (wishes, read_wish (stmt));
  return step == VALISE_STEP_DONE;
}

GPtrArray *
valise_file_wishes_list (ValiseFileStore *files, GError **error)
{
  g_autoptr (GPtrArray) wishes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_file_wish_free);

  return valise_file_store_look (files, list_wishes, wishes, error) ? g_steal_pointer (&wishes)
                                                                    : NULL;
}

/* A row that is an upload's has more than a digest for its name. */
static gboolean
list_here (ValiseDb *db, gpointer user_data, GError **error)
{
  GHashTable            *here = user_data;
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "SELECT sha256, present, complete FROM file WHERE length (sha256) = 64");
  ValiseStep step = VALISE_STEP_DONE;

  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      ValiseFileHere *file = g_new0 (ValiseFileHere, 1);

      file->present = valise_stmt_get_int64 (stmt, 1);
      file->complete = valise_stmt_get_int64 (stmt, 2) != 0;
      g_hash_table_insert (here, g_strdup (valise_stmt_get_text (stmt, 0)), file);
    }
  return step == VALISE_STEP_DONE;
}

GHashTable *
valise_file_wishes_list_here (ValiseFileStore *files, GError **error)
{
  g_autoptr (GHashTable) here = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return valise_file_store_look (files, list_here, here, error) ? g_steal_pointer (&here) : NULL;
}

/* --- evicting ---------------------------------------------------------------------------- */

typedef struct
{
  const char *const *sha256s;
  guint              n_kept;
} Evicting;

static gboolean
is_owed (ValiseDb *db, const char *sha256, gboolean *owed, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      db, "SELECT 1 FROM parcel WHERE sha256 = :sha256 AND acknowledged = 0 LIMIT 1");
  ValiseStep step = VALISE_STEP_ERROR;

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  step = valise_stmt_step (stmt, error);
  *owed = step == VALISE_STEP_ROW;
  return step != VALISE_STEP_ERROR;
}

static gboolean
mark_evicted (ValiseDb *db, const char *sha256, gboolean was_whole, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (db, "UPDATE wish SET stage = 0, evicted = :evicted, source = NULL, "
                             "tag = NULL, problem = NULL WHERE sha256 = :sha256");

  valise_stmt_bind_text (stmt, ":sha256", sha256);
  valise_stmt_bind_int64 (stmt, ":evicted", was_whole);
  return valise_stmt_run (stmt, error);
}

static gboolean
evict (ValiseDb *db, gpointer user_data, GError **error)
{
  Evicting *evicting = user_data;

  for (guint i = 0; evicting->sha256s[i] != NULL; i++)
    {
      const char   *sha256 = evicting->sha256s[i];
      ValiseFileRow file = { 0 };
      gboolean      owed = FALSE;

      if (!is_owed (db, sha256, &owed, error) || !valise_file_row_find (db, sha256, &file, error))
        return FALSE;
      evicting->n_kept += owed;
      if (owed || file.row == 0)
        continue;
      if (!valise_file_row_drop (db, file.row, error)
          || !mark_evicted (db, sha256, file.complete, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
valise_file_wishes_evict (ValiseFileStore   *files,
                          const char *const *sha256s,
                          guint             *n_kept,
                          GError           **error)
{
  Evicting           evicting = { sha256s, 0 };
  g_autoptr (GError) failure = NULL;

  if (!valise_file_store_write (files, evict, &evicting, error))
    return FALSE;
  if (!valise_file_store_shrink (files, &failure))
    g_message ("%s", failure->message);
  for (guint i = 0; sha256s[i] != NULL; i++)
    valise_file_store_tell (files, sha256s[i]);
  if (n_kept != NULL)
    *n_kept = evicting.n_kept;
  return TRUE;
}
