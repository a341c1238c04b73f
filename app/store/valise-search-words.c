/* valise-search-words.c - the words met, for completing what is half typed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-search-words"

#include "config.h"

#include <string.h>

#include "valise-arabic-stem.h"
#include "valise-search-store.h"

#define MAX_COMPLETIONS 16 /* of the last word: the most frequent */
#define MAX_SHORT       8  /* where only a letter or two of it are there */
#define MAX_NUMBERS     16

typedef struct
{
  ValiseStmt *stmt;
  guint       table;
  GError     *error;
} Flush;

static gboolean
put_word (Flush *flush, const char *word, const char *stem, guint documents)
{
  valise_stmt_bind_int64 (flush->stmt, ":language", flush->table);
  valise_stmt_bind_text (flush->stmt, ":word", word);
  valise_stmt_bind_text (flush->stmt, ":stem", stem);
  valise_stmt_bind_int64 (flush->stmt, ":documents", documents);

  return valise_stmt_run (flush->stmt, &flush->error);
}

/* How long the article is that @word, Arabic or not, begins with. */
static gsize
find_article (const char *word)
{
  gsize start = 0;
  gsize particle = 0;

  if ((guchar) word[0] >= 0xd8 && (guchar) word[0] <= 0xdb)
    valise_arabic_stem (word, strlen (word), &start, &particle);

  return start;
}

static gboolean
flush_word (const char *word, const char *stem, guint documents, gpointer user_data)
{
  gsize article = find_article (word);

  /* An Arabic word is also begun without its article. */
  return put_word (user_data, word, stem, documents)
         && (article == 0 || put_word (user_data, word + article, stem, documents));
}

gboolean
valise_search_store_flush_words (ValiseSearchStore *self, gboolean all, GError **error)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, "INSERT INTO word (language, word, stem, documents)"
                " VALUES (:language, :word, :stem, :documents) ON CONFLICT (language, word)"
                " DO UPDATE SET documents = documents + excluded.documents");
  Flush flush = { .stmt = stmt };

  for (flush.table = 0; flush.table < VALISE_SEARCH_TABLES; flush.table++)
    if (!valise_tokenizer_drain_words (valise_search_fts_get_tokenizer (self->fts, flush.table),
                                       all, flush_word, &flush))
      {
        g_propagate_error (error, flush.error);
        return FALSE;
      }

  return TRUE;
}

/* How many words a beginning may stand for: each costs a look in every text that has one. A
 * short one says little; a number, though, is mostly the end of a symbol, all near to hand. */
static gint64
limit_completions (const char *prefix)
{
  if (g_ascii_isdigit (prefix[0]))
    return MAX_NUMBERS;

  return g_utf8_strlen (prefix, -1) <= 2 ? MAX_SHORT : MAX_COMPLETIONS;
}

char **
valise_search_store_complete (ValiseSearchStore *self, const char *prefix, guint table)
{
  g_autoptr (ValiseStmt) stmt = valise_db_prepare (
      self->db, "SELECT stem FROM word WHERE language = :language AND word >= :from AND word < :to"
                " GROUP BY stem ORDER BY sum(documents) DESC LIMIT :limit");
  g_autofree char         *to = g_strconcat (prefix, "\xf4\x8f\xbf\xbf", NULL);
  g_autoptr (GStrvBuilder) stems = g_strv_builder_new ();
  g_autoptr (GError)       error = NULL;
  ValiseStep               step = VALISE_STEP_DONE;

  valise_stmt_bind_int64 (stmt, ":language", table);
  valise_stmt_bind_text (stmt, ":from", prefix);
  valise_stmt_bind_text (stmt, ":to", to);
  valise_stmt_bind_int64 (stmt, ":limit", limit_completions (prefix));
  while ((step = valise_stmt_step (stmt, &error)) == VALISE_STEP_ROW)
    g_strv_builder_add (stems, valise_stmt_get_text (stmt, 0));
  if (step == VALISE_STEP_ERROR) /* the search that follows meets the same and reports it */
    g_debug ("no completions: %s", error->message);

  return g_strv_builder_end (stems);
}
