/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-search-finder"

#include "config.h"

#include <math.h>
#include <string.h>

#include "valise-fold.h"
#include "valise-search-finder.h"

#define RECENCY      0.2  /* what the newest text has over an old one */
#define RECENCY_DAYS 1000 /* in which half of that is lost */
#define GROUP_TEXTS  12   /* of one group: its languages, and room for a few revisions */

/* One search. */
typedef struct
{
  ValiseSearchStore   *store;
  ValiseSearchColumns *columns;
  const char          *text;
  int                  language; /* table asked for, -1: all */
  ValiseFindings      *findings;
  ValiseCollector      collector;
  guint                table; /* being asked */
  guint32              file;  /* the type of entries that stand for one */
  GCancellable        *cancellable;
} Search;

/* A group that was found. */
typedef struct
{
  guint32  group;
  float    score; /* its best text's */
  guint    texts; /* a bit for each table in which a text of it was found */
  gboolean files; /* one was found */
} Group;

#define NONE VALISE_N_LANGUAGES /* the table of what has no language */

static char **
complete (const char *prefix, gpointer user_data)
{
  Search *search = user_data;

  return valise_search_store_complete (search->store, prefix, search->table);
}

static gboolean
ask_table (Search *search, ValiseQueryHan han, GError **error)
{
  ValiseTokenizer *tokenizer = valise_search_fts_get_tokenizer (search->store->fts, search->table);
  ValiseQuery    **query = &search->findings->queries[search->table];
  g_autofree char *match = NULL;

  g_clear_pointer (query, valise_query_free);
  *query = valise_query_new (search->text, tokenizer, complete, search, han);
  if ((*query)->n_terms == 0)
    return TRUE;
  g_array_set_size (search->collector.origins, 0);
  match = valise_query_to_match (*query, search->collector.origins);

  return valise_search_store_search (search->store, search->table, match, &search->collector,
                                     search->cancellable, error);
}

/* Each language with its own rules; what has no language may belong to any. */
static gboolean
ask_tables (Search *search, ValiseQueryHan han, GError **error)
{
  for (search->table = 0; search->table < VALISE_SEARCH_TABLES; search->table++)
    if ((search->language < 0 || (guint) search->language == search->table || search->table == NONE)
        && !ask_table (search, han, error))
      return FALSE;

  return TRUE;
}

/* bm25, and a little for being new. Days count back from the newest text, not from a clock
 * that may be wrong. */
static float
weigh (ValiseSearchColumns *columns, const ValisePlace *place, float score)
{
  double age = valise_search_columns_get_newest_day (columns) - place->day;

  return place->day == 0 ? score : (float) (score * (1 + RECENCY * exp2 (-age / RECENCY_DAYS)));
}

/* Gives each match its full weight. Returns: the groups (of Group). */
static GArray *
find_groups (Search *search)
{
  g_autofree guint32 *numbers =
      g_new0 (guint32, valise_search_columns_get_n_groups (search->columns));
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (Group));

  for (guint i = 0; i < search->collector.matches->len; i++)
    {
      ValiseMatch       *match = &g_array_index (search->collector.matches, ValiseMatch, i);
      const ValisePlace *place = valise_search_columns_get (search->columns, match->place);
      Group             *group = NULL;

      match->score = weigh (search->columns, place, match->score);
      if (numbers[place->group] == 0)
        {
          g_array_append_val (groups, ((Group){ .group = place->group }));
          numbers[place->group] = groups->len;
        }
      group = &g_array_index (groups, Group, numbers[place->group] - 1);
      group->score = MAX (group->score, match->score);
      if (place->type == search->file)
        group->files = TRUE;
      else
        group->texts |= 1u << place->table;
    }

  return groups;
}

/* Best first; of equals, the one indexed first. */
static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const Group *first = a;
  const Group *second = b;

  if (first->score != second->score)
    return first->score > second->score ? -1 : 1;

  return first->group < second->group ? -1 : 1;
}

/* Leaves the @limit best of @groups, in order. Few are wanted of many, so what can't be among
 * them is dropped without being sorted. */
static void
keep_best (GArray *groups, guint limit)
{
  const guint room = limit * 4;
  guint       kept = 0;

  if (limit == 0 || groups->len <= room)
    {
      g_array_sort (groups, compare_groups);
      g_array_set_size (groups, limit == 0 ? groups->len : MIN (limit, groups->len));
      return;
    }

  for (guint i = 0; i < groups->len; i++)
    {
      Group *data = &g_array_index (groups, Group, 0);

      if (kept >= room)
        {
          qsort (data, kept, sizeof (Group), compare_groups);
          kept = limit;
        }
      if (kept < limit || i < room || compare_groups (&data[i], &data[limit - 1]) < 0)
        data[kept++] = data[i];
    }
  g_array_set_size (groups, kept);
  g_array_sort (groups, compare_groups);
  g_array_set_size (groups, MIN (limit, kept));
}

/* A match among the best groups. */
typedef struct
{
  guint       rank; /* of its group */
  ValiseFound found;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *first = a;
  const Ranked *second = b;

  if (first->rank != second->rank)
    return first->rank < second->rank ? -1 : 1;
  if (first->found.score != second->found.score)
    return first->found.score > second->found.score ? -1 : 1;

  return first->found.row < second->found.row ? -1 : 1;
}

/* Whether a match would only say again what another of its group says: what has no language, as
 * a paper's own title, where a text or a file was found; a file, where a text in its language. */
static gboolean
is_double (const Search *search, const Group *group, const ValisePlace *place)
{
  guint spoken = group->texts & ~(1u << NONE);

  if (place->type == search->file)
    return (place->table == NONE ? spoken : group->texts & (1u << place->table)) != 0;

  return place->table == NONE && (spoken != 0 || group->files);
}

/* The matches of @groups, best first. */
static GArray *
rank_matches (Search *search, GArray *groups)
{
  g_autofree guint32 *ranks =
      g_new0 (guint32, valise_search_columns_get_n_groups (search->columns));
  GArray *ranked = g_array_new (FALSE, FALSE, sizeof (Ranked));

  for (guint i = 0; i < groups->len; i++)
    ranks[g_array_index (groups, Group, i).group] = i + 1;
  for (guint i = 0; i < search->collector.matches->len; i++)
    {
      const ValiseMatch *match = &g_array_index (search->collector.matches, ValiseMatch, i);
      const ValisePlace *place = valise_search_columns_get (search->columns, match->place);
      guint              rank = ranks[place->group];

      if (rank == 0 || is_double (search, &g_array_index (groups, Group, rank - 1), place))
        continue;
      g_array_append_val (ranked, ((Ranked){ rank, { place->row, place->table, match->score } }));
    }
  g_array_sort (ranked, compare_ranked);

  return ranked;
}

static void
keep_found (Search *search, guint limit)
{
  g_autoptr (GArray) groups = find_groups (search);
  g_autoptr (GArray) ranked = NULL;
  guint              rank = 0;
  guint              n_texts = 0;

  search->findings->n_groups = groups->len;
  keep_best (groups, limit);
  ranked = rank_matches (search, groups);
  for (guint i = 0; i < ranked->len; i++)
    {
      const Ranked *match = &g_array_index (ranked, Ranked, i);

      n_texts = match->rank == rank ? n_texts + 1 : 1;
      rank = match->rank;
      if (n_texts <= GROUP_TEXTS)
        g_array_append_val (search->findings->found, match->found);
    }
}

static gboolean
has_han (const char *text)
{
  gunichar c = 0;

  for (const guchar *at = (const guchar *) text, *end = at + strlen (text); at < end;)
    {
      at += valise_fold_decode (at, end, &c);
      if (c >= 0x3400 && valise_fold_character (c).kind == VALISE_FOLD_HAN)
        return TRUE;
    }

  return FALSE;
}

/* With the columns locked. */
static gboolean
run (Search *search, const ValiseIndexFilter *filter, guint limit, GError **error)
{
  const ValiseIndexFilter files = { .type = VALISE_INDEX_TYPE_FILE };
  g_autofree guint8 *seen = g_new0 (guint8, valise_search_columns_get_n_places (search->columns));

  search->collector.seen = seen;
  search->file = valise_search_columns_prepare (search->columns, &files).type;
  search->collector.filter = valise_search_columns_prepare (search->columns, filter);
  search->language = search->collector.filter.table;
  /* Whoever writes Chinese without spaces may have meant several words. */
  for (ValiseQueryHan han = VALISE_QUERY_HAN_PHRASE;
       han <= VALISE_QUERY_HAN_ODD && search->collector.matches->len == 0; han++)
    if ((han == VALISE_QUERY_HAN_PHRASE || has_han (search->text))
        && !ask_tables (search, han, error))
      return FALSE;
  keep_found (search, limit);

  return TRUE;
}

ValiseFindings *
valise_search_find (ValiseSearchStore       *store,
                    ValiseSearchColumns     *columns,
                    const char              *text,
                    const ValiseIndexFilter *filter,
                    guint                    limit,
                    GCancellable            *cancellable,
                    GError                 **error)
{
  g_autoptr (ValiseFindings) findings = g_new0 (ValiseFindings, 1);
  g_autoptr (GArray)         matches = g_array_new (FALSE, FALSE, sizeof (ValiseMatch));
  g_autoptr (GArray)         origins = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray)         weights = g_array_new (FALSE, FALSE, sizeof (double));
  gboolean                   done = FALSE;
  Search                     search = {
                        .store = store,
                        .columns = columns,
                        .text = text,
                        .findings = findings,
                        .collector = { .columns = columns, .matches = matches, .origins = origins, .weights = weights },
                        .cancellable = cancellable,
  };

  findings->found = g_array_new (FALSE, FALSE, sizeof (ValiseFound));
  valise_search_columns_lock (columns, FALSE);
  done = run (&search, filter, limit, error);
  valise_search_columns_unlock (columns, FALSE);

  return done ? g_steal_pointer (&findings) : NULL;
}

ValiseMatcher *
valise_findings_get_matcher (ValiseFindings *self, ValiseSearchStore *store, guint table)
{
  if (self->matchers[table] == NULL)
    self->matchers[table] = valise_matcher_new (
        self->queries[table], valise_search_fts_get_tokenizer (store->fts, table));

  return self->matchers[table];
}

void
valise_findings_free (ValiseFindings *self)
{
  g_clear_pointer (&self->found, g_array_unref);
  for (guint i = 0; i < VALISE_SEARCH_TABLES; i++)
    {
      g_clear_pointer (&self->matchers[i], valise_matcher_free);
      g_clear_pointer (&self->queries[i], valise_query_free);
    }
  g_free (self);
}
