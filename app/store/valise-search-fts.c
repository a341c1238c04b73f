/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-search-fts"

#include "config.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "valise-language.h"
#include "valise-search-fts.h"
#include "valise-words.h"

#define COUNTED       500  /* rows of a phrase counted for its weight; beyond, it is reckoned */
#define ENOUGH        16   /* occurrences: more say nothing more */
#define K1            1.2  /* bm25: how soon occurrences cease to matter */
#define B             0.75 /* bm25: how much a text's length matters */
#define SYMBOL_WEIGHT 10
#define TITLE_WEIGHT  5

/**
 * ValiseSearchFts:
 *
 * What one connection shares with the FTS5 in it. Belongs to the connection's thread.
 */
struct _ValiseSearchFts
{
  ValiseTokenizer *tokenizers[VALISE_SEARCH_TABLES]; /* made when asked for */
  ValiseCollector *collector;
};

struct Fts5Tokenizer
{
  ValiseSearchFts *fts;
  guint            table;
};

static int
create_tokenizer (void *context, const char **arguments, int n_arguments, Fts5Tokenizer **out)
{
  Fts5Tokenizer *self = g_new0 (Fts5Tokenizer, 1);

  self->fts = context;
  self->table = valise_search_table_of (n_arguments > 0 ? arguments[0] : NULL);
  *out = self;

  return SQLITE_OK;
}

static void
delete_tokenizer (Fts5Tokenizer *self)
{
  g_free (self);
}

typedef int (*TokenFunc) (void *, int, const char *, int, int, int);

typedef struct
{
  TokenFunc func;
  void     *context;
  int       result;
} Emit;

/* A text's words come as a list of ValiseWords. Where they stand in the text is of no use: the
 * tables keep none. */
static int
emit_list (const char *list, int length, Emit *emit)
{
  for (int at = 0; at + 2 < length && emit->result == SQLITE_OK;)
    {
      int n = (guchar) list[at + 1];

      if (at + 2 + n > length)
        return SQLITE_CORRUPT;
      emit->result =
          emit->func (emit->context, list[at] == VALISE_WORDS_COLOCATED ? FTS5_TOKEN_COLOCATED : 0,
                      list + at + 2, n, at, at + 2 + n);
      at += 2 + n;
    }

  return emit->result;
}

/* A query's words come stemmed, apart by spaces, other readings of one after bars. */
static int
emit_query (const char *text, int length, Emit *emit)
{
  int start = 0;

  for (int at = 0; at <= length && emit->result == SQLITE_OK; at++)
    if (at == length || text[at] == ' ' || text[at] == '|')
      {
        gboolean other = start > 0 && text[start - 1] == '|';

        if (at > start)
          emit->result = emit->func (emit->context, other ? FTS5_TOKEN_COLOCATED : 0, text + start,
                                     at - start, start, at);
        start = at + 1;
      }

  return emit->result;
}

static int
tokenize (Fts5Tokenizer *self,
          void          *context,
          int            flags,
          const char    *text,
          int            length,
          TokenFunc      func)
{
  Emit emit = { .func = func, .context = context, .result = SQLITE_OK };

  if (flags & FTS5_TOKENIZE_QUERY)
    return emit_query (text, length, &emit);

  return text != NULL ? emit_list (text, length, &emit) : SQLITE_OK;
}

typedef struct
{
  guint  rows; /* so far, of all readings of a phrase */
  gint64 last; /* place */
} Count;

static int
count_row (const Fts5ExtensionApi *api, Fts5Context *context, void *user_data)
{
  Count *count = user_data;

  count->last = api->xRowid (context);

  return ++count->rows >= COUNTED ? SQLITE_DONE : SQLITE_OK;
}

static guint
get_origin (const ValiseCollector *collector, guint phrase)
{
  return g_array_index (collector->origins, guint, phrase);
}

/* The texts that have one of the readings from @first on that stand for one phrase of the query.
 * Rows come in their order, so where counting stops early the rest is much like the beginning.
 * What was typed comes first, then the most frequent of what it may become: where these are many
 * already, the others change little. @next: (out): the first reading of another phrase. */
static int
count_texts (const Fts5ExtensionApi *api,
             Fts5Context            *context,
             const ValiseCollector  *collector,
             guint                   first,
             guint                  *next,
             double                 *texts)
{
  Count count = { 0 };
  int   result = SQLITE_OK;

  *texts = 0;
  for (*next = first; *next < collector->origins->len
                      && get_origin (collector, *next) == get_origin (collector, first);
       ++*next)
    {
      guint before = count.rows;

      if (count.rows >= COUNTED)
        continue;
      result = api->xQueryPhrase (context, (int) *next, &count, count_row);
      if (result != SQLITE_OK && result != SQLITE_DONE)
        return result;
      *texts += count.rows - before;
      if (count.rows >= COUNTED)
        *texts = before + (double) (count.rows - before) * collector->n_places / count.last;
    }

  return SQLITE_OK;
}

/* The rarer a phrase, the more it weighs. */
static int
weigh_phrases (const Fts5ExtensionApi *api, Fts5Context *context, ValiseCollector *collector)
{
  gboolean only = get_origin (collector, 0) == get_origin (collector, collector->origins->len - 1);

  for (guint i = 0, next = 0; i < collector->origins->len; i = next)
    {
      double rows = 0;
      double weight = 1;
      int    result = SQLITE_OK;

      if (only)
        next = collector->origins->len;
      else
        result = count_texts (api, context, collector, i, &next, &rows);
      if (result != SQLITE_OK)
        return result;
      if (!only)
        weight = log (1 + (collector->texts - MIN (rows, collector->texts) + 0.5) / (rows + 0.5));
      g_array_append_val (collector->weights, weight);
    }

  return SQLITE_OK;
}

static double
count_occurrences (const Fts5ExtensionApi *api, Fts5Context *context, int phrase)
{
  Fts5PhraseIter iter;
  int            column = -1;
  int            offset = 0;
  double         sum = 0;

  if (api->xPhraseFirst (context, phrase, &iter, &column, &offset) != SQLITE_OK)
    return 0;
  while (column >= 0 && sum < ENOUGH)
    {
      sum += column == 0 ? SYMBOL_WEIGHT : column == 1 ? TITLE_WEIGHT : 1;
      api->xPhraseNext (context, &iter, &column, &offset);
    }

  return sum;
}

static double
score_row (const Fts5ExtensionApi *api,
           Fts5Context            *context,
           const ValiseCollector  *collector,
           const ValisePlace      *place)
{
  double norm = K1 * (1 - B + B * place->length / collector->length);
  double score = 0;

  for (guint i = 0, phrase = 0; i < collector->weights->len; i++)
    {
      double occurrences = 0;

      for (; phrase < collector->origins->len && get_origin (collector, phrase) == i; phrase++)
        if (occurrences < ENOUGH)
          occurrences += count_occurrences (api, context, (int) phrase);
      score += g_array_index (collector->weights, double, i) * occurrences * (K1 + 1)
               / (occurrences + norm);
    }

  return score;
}

/* SQL: valise_collect(table): keeps the row at hand, if it passes the filter. */
static void
collect (const Fts5ExtensionApi *api,
         Fts5Context            *context,
         sqlite3_context        *sql,
         int                     n_values,
         sqlite3_value         **values)
{
  ValiseSearchFts   *self = api->xUserData (context);
  ValiseCollector   *collector = self->collector;
  ValiseMatch        match = { .place = api->xRowid (context) };
  const ValisePlace *place = NULL;

  if (collector == NULL)
    return;
  place = valise_search_columns_get (collector->columns, match.place);
  if (place == NULL || collector->seen[match.place]
      || !valise_search_columns_match (collector->columns, place, &collector->filter))
    return;

  if (collector->weights->len == 0)
    {
      int result = weigh_phrases (api, context, collector);

      if (result != SQLITE_OK)
        {
          sqlite3_result_error_code (sql, result);
          return;
        }
    }
  match.score = (float) score_row (api, context, collector, place);
  collector->seen[match.place] = 1;
  g_array_append_val (collector->matches, match);
}

static fts5_api *
find_api (sqlite3 *handle)
{
  fts5_api     *api = NULL;
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (handle, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK)
    {
      sqlite3_bind_pointer (stmt, 1, &api, "fts5_api_ptr", NULL);
      sqlite3_step (stmt);
    }
  sqlite3_finalize (stmt);

  return api;
}

ValiseSearchFts *
valise_search_fts_new (ValiseDb *db, GError **error)
{
  fts5_tokenizer   tokenizer = { create_tokenizer, delete_tokenizer, tokenize };
  fts5_api        *api = find_api (valise_db_get_handle (db));
  ValiseSearchFts *self = g_new0 (ValiseSearchFts, 1);

  if (api != NULL && api->xCreateTokenizer (api, "valise", self, &tokenizer, NULL) == SQLITE_OK
      && api->xCreateFunction (api, "valise_collect", self, collect, NULL) == SQLITE_OK)
    return self;

  valise_search_fts_free (self);
  g_set_error_literal (error, VALISE_DB_ERROR, VALISE_DB_ERROR_ENGINE,
                       "This SQLite has no full-text search (FTS5)");

  return NULL;
}

void
valise_search_fts_free (ValiseSearchFts *self)
{
  for (guint i = 0; i < VALISE_SEARCH_TABLES; i++)
    g_clear_pointer (&self->tokenizers[i], valise_tokenizer_free);
  g_free (self);
}

ValiseTokenizer *
valise_search_fts_get_tokenizer (ValiseSearchFts *self, guint table)
{
  g_return_val_if_fail (table < VALISE_SEARCH_TABLES, NULL);

  if (self->tokenizers[table] == NULL)
    self->tokenizers[table] =
        valise_tokenizer_new (table < VALISE_N_LANGUAGES ? valise_language_list ()[table] : NULL);

  return self->tokenizers[table];
}

void
valise_search_fts_set_collector (ValiseSearchFts *self, ValiseCollector *collector)
{
  self->collector = collector;
}
