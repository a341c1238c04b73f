/* valise-search-columns.h - what ranking and filtering need of each text, in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A word search finds places: numbers, never used twice, of a text as it was once indexed.
 * Here a place leads to its entry, its group and its filters, some 50 bytes each, so that
 * 50,000 of them are weighed without a query each. Places of texts that changed or went lead
 * nowhere: their words stay in the index until it is made anew.
 */

#pragma once

#include "valise-language.h"
#include "valise-search-index.h"

G_BEGIN_DECLS

#define VALISE_SEARCH_TABLES (VALISE_N_LANGUAGES + 1) /* the last: of no language */

/* One searched entry. Strings are numbers: valise_search_columns_get_string(). 0: none. */
typedef struct
{
  guint32 row; /* 0: the place leads nowhere */
  guint32 group;
  guint32 type;
  guint32 kind;
  guint32 meeting;
  guint32 item;
  guint32 author;
  guint32 symbol;
  gint32  day;    /* since 1 January of the year 1; 0: without a date */
  guint32 length; /* words */
  guint8  table;  /* 0 to VALISE_SEARCH_TABLES - 1 */
} ValisePlace;

/* What comes and goes with one transaction. */
typedef struct
{
  gint64            place;
  gint64            row; /* 0: the place goes */
  ValiseIndexFilter strings;
  const char       *group; /* NULL: the entry is its own group */
  const char       *date;
  guint             table;
  guint             length;
} ValisePlaceChange;

typedef struct _ValiseSearchColumns ValiseSearchColumns;

ValiseSearchColumns *valise_search_columns_new (void) G_GNUC_WARN_UNUSED_RESULT;
void                 valise_search_columns_free (ValiseSearchColumns *self);

/* Readers share it, a writer has it alone. Everything below is called between the two. */
void valise_search_columns_lock (ValiseSearchColumns *self, gboolean write);
void valise_search_columns_unlock (ValiseSearchColumns *self, gboolean write);

void valise_search_columns_clear (ValiseSearchColumns *self);
void valise_search_columns_set (ValiseSearchColumns *self, const ValisePlaceChange *change);
void valise_search_columns_remove (ValiseSearchColumns *self, gint64 place);

/* NULL where it leads nowhere. */
const ValisePlace *valise_search_columns_get (ValiseSearchColumns *self, gint64 place);

guint  valise_search_columns_get_n_places (ValiseSearchColumns *self);
guint  valise_search_columns_get_n_groups (ValiseSearchColumns *self);
gint32 valise_search_columns_get_newest_day (ValiseSearchColumns *self);

/* Texts of @table, and their words on average. */
void valise_search_columns_get_size (ValiseSearchColumns *self,
                                     guint                table,
                                     guint               *texts,
                                     double              *length);

/* A filter made ready: numbers, 0 for any, G_MAXUINT32 for what no entry has. */
typedef struct
{
  guint32 type, kind, meeting, item, author, symbol;
  int     table; /* -1: any */
} ValisePlaceFilter;

ValisePlaceFilter valise_search_columns_prepare (ValiseSearchColumns     *self,
                                                 const ValiseIndexFilter *filter);
gboolean          valise_search_columns_match (ValiseSearchColumns     *self,
                                               const ValisePlace       *place,
                                               const ValisePlaceFilter *filter);

/* The table of a language's texts; the last for NULL and for what is none of the six. */
guint valise_search_table_of (const char *language);

G_END_DECLS
