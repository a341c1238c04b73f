/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-search-columns"

#include "config.h"

#include <string.h>

#include "valise-language.h"
#include "valise-search-columns.h"

typedef struct
{
  guint16 texts[VALISE_N_LANGUAGES]; /* searched, by language */
} Group;

/* What was last numbered: mostly it is what comes next. */
typedef struct
{
  const char *text; /* of the table of numbers; NULL: nothing yet */
  guint32     number;
} Last;

enum
{
  LAST_TYPE,
  LAST_KIND,
  LAST_MEETING,
  LAST_ITEM,
  LAST_AUTHOR,
  LAST_SYMBOL,
  LAST_GROUP,
  N_LAST
};

/**
 * ValiseSearchColumns:
 *
 * Owned by the index; the indexer's thread writes, searching threads read.
 */
struct _ValiseSearchColumns
{
  GRWLock     lock;
  GArray     *places;  /* of ValisePlace, by place */
  GArray     *groups;  /* of Group, by the group's number */
  GHashTable *numbers; /* string → number, from 1 */
  Last        last[N_LAST];
  gint32      newest_day;
  guint       texts[VALISE_SEARCH_TABLES];
  guint64     words[VALISE_SEARCH_TABLES];
};

guint
valise_search_table_of (const char *language)
{
  const char *const *languages = valise_language_list ();

  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    if (g_strcmp0 (languages[i], language) == 0)
      return i;

  return VALISE_N_LANGUAGES;
}

ValiseSearchColumns *
valise_search_columns_new (void)
{
  ValiseSearchColumns *self = g_new0 (ValiseSearchColumns, 1);

  g_rw_lock_init (&self->lock);
  self->places = g_array_new (FALSE, TRUE, sizeof (ValisePlace));
  self->groups = g_array_new (FALSE, TRUE, sizeof (Group));
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
valise_search_columns_free (ValiseSearchColumns *self)
{
  g_clear_pointer (&self->places, g_array_unref);
  g_clear_pointer (&self->groups, g_array_unref);
  g_clear_pointer (&self->numbers, g_hash_table_unref);
  g_rw_lock_clear (&self->lock);
  g_free (self);
}

void
valise_search_columns_lock (ValiseSearchColumns *self, gboolean write)
{
  if (write)
    g_rw_lock_writer_lock (&self->lock);
  else
    g_rw_lock_reader_lock (&self->lock);
}

void
valise_search_columns_unlock (ValiseSearchColumns *self, gboolean write)
{
  if (write)
    g_rw_lock_writer_unlock (&self->lock);
  else
    g_rw_lock_reader_unlock (&self->lock);
}

void
valise_search_columns_clear (ValiseSearchColumns *self)
{
  g_array_set_size (self->places, 0);
  g_array_set_size (self->groups, 0);
  g_hash_table_remove_all (self->numbers);
  memset (self->last, 0, sizeof self->last);
  self->newest_day = 0;
  memset (self->texts, 0, sizeof self->texts);
  memset (self->words, 0, sizeof self->words);
}

static guint32
number_of (ValiseSearchColumns *self, guint column, const char *text)
{
  Last    *last = &self->last[column];
  gpointer key = NULL;
  gpointer number = NULL;

  if (text == NULL)
    return 0;
  if (last->text != NULL && strcmp (last->text, text) == 0)
    return last->number;
  if (!g_hash_table_lookup_extended (self->numbers, text, &key, &number))
    {
      key = g_strdup (text);
      number = GUINT_TO_POINTER (g_hash_table_size (self->numbers) + 1);
      g_hash_table_insert (self->numbers, key, number);
    }
  *last = (Last){ key, GPOINTER_TO_UINT (number) };

  return last->number;
}

/* At least one digit and at most @most, which are passed. */
static gboolean
take_number (const char **at, guint most, guint *number)
{
  const char *start = *at;

  for (*number = 0; most > 0 && g_ascii_isdigit (**at); most--)
    *number = 10 * *number + (guint) (*(*at)++ - '0');

  return *at > start;
}

static gint32
parse_day (const char *date)
{
  guint year = 0;
  guint month = 0;
  guint day = 0;

  if (date == NULL || !take_number (&date, 4, &year) || *date++ != '-'
      || !take_number (&date, 2, &month) || *date++ != '-' || !take_number (&date, 2, &day)
      || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return 0;

  return (gint32) g_date_get_julian (
      &(GDate){ .dmy = 1, .day = day, .month = month, .year = year });
}

void
valise_search_columns_remove (ValiseSearchColumns *self, gint64 place)
{
  ValisePlace *old = NULL;

  if (place <= 0 || place >= self->places->len)
    return;
  old = &g_array_index (self->places, ValisePlace, place);
  if (old->row == 0)
    return;
  if (old->table < VALISE_N_LANGUAGES && old->group < self->groups->len)
    g_array_index (self->groups, Group, old->group).texts[old->table]--;
  self->texts[old->table]--;
  self->words[old->table] -= old->length;
  *old = (ValisePlace){ 0 };
}

void
valise_search_columns_set (ValiseSearchColumns *self, const ValisePlaceChange *change)
{
  g_autofree char *own = NULL;
  const char      *group = change->group;
  ValisePlace     *place = NULL;

  g_return_if_fail (change->place > 0 && change->place < G_MAXINT32);
  g_return_if_fail (change->table < VALISE_SEARCH_TABLES);

  valise_search_columns_remove (self, change->place);
  if (group == NULL)
    group = own = g_strdup_printf ("\x1e%" G_GINT64_FORMAT, change->row);
  if (change->place >= self->places->len)
    g_array_set_size (self->places, (guint) change->place + 1);

  place = &g_array_index (self->places, ValisePlace, change->place);
  place->row = (guint32) change->row;
  place->group = number_of (self, LAST_GROUP, group);
  place->type = number_of (self, LAST_TYPE, change->strings.type);
  place->kind = number_of (self, LAST_KIND, change->strings.kind);
  place->meeting = number_of (self, LAST_MEETING, change->strings.meeting);
  place->item = number_of (self, LAST_ITEM, change->strings.item);
  place->author = number_of (self, LAST_AUTHOR, change->strings.author);
  place->symbol = number_of (self, LAST_SYMBOL, change->strings.symbol);
  place->day = parse_day (change->date);
  place->length = change->length;
  place->table = (guint8) change->table;

  if (place->group >= self->groups->len)
    g_array_set_size (self->groups, place->group + 1);
  if (place->table < VALISE_N_LANGUAGES)
    g_array_index (self->groups, Group, place->group).texts[place->table]++;
  self->texts[place->table]++;
  self->words[place->table] += place->length;
  self->newest_day = MAX (self->newest_day, place->day);
}

const ValisePlace *
valise_search_columns_get (ValiseSearchColumns *self, gint64 place)
{
  const ValisePlace *found = NULL;

  if (place <= 0 || place >= self->places->len)
    return NULL;
  found = &g_array_index (self->places, ValisePlace, place);

  return found->row == 0 ? NULL : found;
}

guint
valise_search_columns_get_n_places (ValiseSearchColumns *self)
{
  return self->places->len;
}

guint
valise_search_columns_get_n_groups (ValiseSearchColumns *self)
{
  return self->groups->len;
}

gint32
valise_search_columns_get_newest_day (ValiseSearchColumns *self)
{
  return self->newest_day;
}

void
valise_search_columns_get_size (ValiseSearchColumns *self,
                                guint                table,
                                guint               *texts,
                                double              *length)
{
  *texts = self->texts[table];
  *length = *texts == 0 ? 1 : MAX (1, (double) self->words[table] / *texts);
}

static guint32
find_number (ValiseSearchColumns *self, const char *text)
{
  gpointer number = NULL;

  if (text == NULL)
    return 0;
  number = g_hash_table_lookup (self->numbers, text);

  return number == NULL ? G_MAXUINT32 : GPOINTER_TO_UINT (number);
}

ValisePlaceFilter
valise_search_columns_prepare (ValiseSearchColumns *self, const ValiseIndexFilter *filter)
{
  ValisePlaceFilter ready = { .table = -1 };

  if (filter == NULL)
    return ready;
  ready.type = find_number (self, filter->type);
  ready.kind = find_number (self, filter->kind);
  ready.meeting = find_number (self, filter->meeting);
  ready.item = find_number (self, filter->item);
  ready.author = find_number (self, filter->author);
  ready.symbol = find_number (self, filter->symbol);
  if (filter->language != NULL)
    ready.table = (int) valise_search_table_of (filter->language);

  return ready;
}

gboolean
valise_search_columns_match (ValiseSearchColumns     *self,
                             const ValisePlace       *place,
                             const ValisePlaceFilter *filter)
{
  if ((filter->type != 0 && filter->type != place->type)
      || (filter->kind != 0 && filter->kind != place->kind)
      || (filter->meeting != 0 && filter->meeting != place->meeting)
      || (filter->item != 0 && filter->item != place->item)
      || (filter->author != 0 && filter->author != place->author)
      || (filter->symbol != 0 && filter->symbol != place->symbol))
    return FALSE;
  if (filter->table < 0 || filter->table == place->table)
    return TRUE;

  /* What has no language of its own counts where its group has a text in the one asked for. */
  return place->table == VALISE_N_LANGUAGES && filter->table < VALISE_N_LANGUAGES
         && g_array_index (self->groups, Group, place->group).texts[filter->table] > 0;
}
