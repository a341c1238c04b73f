/* valise-search-fts.h - FTS5 taught our tokenizer and our way of counting
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-db.h"
#include "valise-search-columns.h"
#include "valise-tokenizer.h"

G_BEGIN_DECLS

/* What one search of one table finds. */
typedef struct
{
  gint64 place;
  float  score;
} ValiseMatch;

typedef struct
{
  ValiseSearchColumns *columns; /* locked for reading while the search runs */
  ValisePlaceFilter    filter;
  GArray              *matches;  /* of ValiseMatch */
  guint8              *seen;     /* by place: it is among them */
  guint                n_places; /* of all tables */
  guint                texts;    /* in the table */
  double               length;   /* of its texts on average, in words */

  GArray *origins; /* of guint: of FTS5's phrases, the query's each stands for, in order */
  GArray *weights; /* of double: of the query's phrases, learnt at its first row */
} ValiseCollector;

typedef struct _ValiseSearchFts ValiseSearchFts;

/* Registers the tokenizer "valise" (argument: a language) and the function valise_collect()
 * on @db. To be freed after @db is closed. Fails with %VALISE_DB_ERROR_ENGINE. */
ValiseSearchFts *valise_search_fts_new (ValiseDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void             valise_search_fts_free (ValiseSearchFts *self);

/* Of the table of that number; used by FTS5 while it indexes, by the caller between. */
ValiseTokenizer *valise_search_fts_get_tokenizer (ValiseSearchFts *self, guint table);

/* Where valise_collect() puts what it sees from now on; NULL: nowhere. */
void valise_search_fts_set_collector (ValiseSearchFts *self, ValiseCollector *collector);

G_END_DECLS
