/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-foremost"

#include "config.h"

#include <string.h>

#include "valise-foremost.h"
#include "valise-id.h"
#include "valise-language.h"

#define DAY_LENGTH 10

enum
{
  RANK_KEYS,
  RANK_PROGRAMME,
  RANK_BODY,
  RANK_MEETING,
  RANK_AGENDA,
  RANK_PAPER,
  RANK_TEXT,
};

struct _ValiseForemost
{
  GArray     *entries; /* of ValiseForemostEntry */
  GHashTable *seqs;    /* set of gint64, lent from the entries */
};

/* While it is made. */
typedef struct
{
  ValiseDatabase    *database;
  const char        *day;
  const char *const *languages;
  gint64             since;
  gint64             until;
  GArray            *entries;

  guint       rank; /* of what is listed */
  char       *meeting;
  char       *start;   /* its first day */
  gboolean    held;    /* on that day */
  GHashTable *items;   /* set: what its agenda has for that day; empty: all */
  GPtrArray  *symbols; /* of the papers */
} Making;

gboolean
valise_foremost_is_day (const char *text)
{
  if (text == NULL || strlen (text) != DAY_LENGTH)
    return FALSE;
  for (guint i = 0; i < DAY_LENGTH; i++)
    if (i == 4 || i == 7 ? text[i] != '-' : !g_ascii_isdigit (text[i]))
      return FALSE;
  return TRUE;
}

static void
add_entry (Making *making, const ValiseChange *change)
{
  ValiseForemostEntry entry = { making->rank, change->seq, NULL };

  if (change->seq <= making->since || change->seq > making->until)
    return;
  entry.id = g_strdup (change->id);
  g_array_append_val (making->entries, entry);
}

static gboolean
take_any (const ValiseChange *change, gpointer user_data)
{
  add_entry (user_data, change);
  return TRUE;
}

static gboolean
list (Making *making, guint rank, const char *prefix, ValiseChangeFunc func, GError **error)
{
  gboolean         many = g_str_has_suffix (prefix, ":");
  g_autofree char *end = many ? g_strconcat (prefix, "\xf4\x8f\xbf\xbf", NULL) : g_strdup (prefix);

  making->rank = rank;
  return valise_database_list (making->database, prefix, end, 0,
                               func == take_any ? VALISE_CHANGES_WINNER : VALISE_CHANGES_DOCUMENTS,
                               func, making, error);
}

/* --- the meeting ----------------------------------------------------------------------------- */

static ValiseJson *
scan_change (const ValiseChange *change)
{
  if (change->document == NULL || change->document->body == NULL)
    return NULL;
  return valise_json_scan (change->document->body, VALISE_JSON_ANY, NULL);
}

/* The items of the sittings on the day, or on the next that has one. */
static void
read_items (Making *making, const ValiseJson *json)
{
  guint            sittings = valise_json_find (json, 0, "sittings");
  g_autofree char *nearest = NULL;

  g_hash_table_remove_all (making->items);
  for (guint token = valise_json_first (json, sittings); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *date = valise_json_dup_member (json, token, "date");
      guint            items = valise_json_find (json, token, "items");

      if (date == NULL || strcmp (date, making->day) < 0
          || (nearest != NULL && strcmp (date, nearest) > 0))
        continue;
      if (g_strcmp0 (date, nearest) != 0)
        g_hash_table_remove_all (making->items);
      for (guint item = valise_json_first (json, items); item != VALISE_JSON_NONE;
           item = valise_json_next (json, item))
        g_hash_table_add (making->items, valise_json_dup_string (json, item));
      g_free (nearest);
      nearest = g_steal_pointer (&date);
    }
}

/* Whether a meeting from @start to @end is nearer to the day than what was found so far. */
static gboolean
is_nearer (const Making *making, const char *start, const char *end)
{
  if (!valise_foremost_is_day (start) || (end != NULL && strcmp (end, making->day) < 0)
      || (end == NULL && strcmp (start, making->day) < 0))
    return FALSE;
  if (making->meeting == NULL)
    return TRUE;
  return !making->held && strcmp (start, making->start) < 0;
}

static gboolean
take_meeting (const ValiseChange *change, gpointer user_data)
{
  Making                *making = user_data;
  g_autoptr (ValiseJson) json = scan_change (change);
  g_autofree char       *start = NULL, *end = NULL, *state = NULL;

  add_entry (making, change);
  if (json == NULL)
    return TRUE;
  start = valise_json_dup_member (json, 0, "start");
  end = valise_json_dup_member (json, 0, "end");
  state = valise_json_dup_member (json, 0, "state");
  if (g_strcmp0 (state, "withdrawn") == 0 || !is_nearer (making, start, end))
    return TRUE;

  making->held = strcmp (start, making->day) <= 0;
  g_free (making->meeting);
  g_free (making->start);
  making->meeting = g_strdup (change->id);
  making->start = g_steal_pointer (&start);
  read_items (making, json);
  return TRUE;
}

/* --- its papers ------------------------------------------------------------------------------ */

/* Papers of no item, such as the agenda as it was circulated, are of every day. */
static gboolean
is_of_the_day (const Making *making, const ValiseJson *json)
{
  guint items = valise_json_find (json, 0, "items");
  guint item = VALISE_JSON_NONE;

  if (items == VALISE_JSON_NONE || g_hash_table_size (making->items) == 0
      || valise_json_count (json, items) == 0)
    return TRUE;
  for (item = valise_json_first (json, items); item != VALISE_JSON_NONE;
       item = valise_json_next (json, item))
    {
      g_autofree char *number = valise_json_dup_string (json, item);

      if (number != NULL && g_hash_table_contains (making->items, number))
        return TRUE;
    }
  return FALSE;
}

static gboolean
take_paper (const ValiseChange *change, gpointer user_data)
{
  Making                *making = user_data;
  g_autoptr (ValiseJson) json = scan_change (change);
  g_autofree char       *meeting = NULL;

  if (json == NULL)
    return TRUE;
  meeting = valise_json_dup_member (json, 0, "meeting");
  if (g_strcmp0 (meeting, making->meeting) != 0 || !is_of_the_day (making, json))
    return TRUE;
  add_entry (making, change);
  g_ptr_array_add (making->symbols, valise_id_dup_symbol (change->id));
  return TRUE;
}

static gboolean
list_texts (Making *making, GError **error)
{
  const char *const *languages =
      making->languages != NULL ? making->languages : valise_language_list ();

  for (guint i = 0; i < making->symbols->len; i++)
    for (guint j = 0; j < VALISE_N_LANGUAGES && languages[j] != NULL; j++)
      {
        g_autofree char *id =
            valise_id_for_text (g_ptr_array_index (making->symbols, i), languages[j]);

        if (!list (making, RANK_TEXT, id, take_any, error))
          return FALSE;
      }
  return TRUE;
}

static gboolean
list_meeting (Making *making, GError **error)
{
  g_autofree char *agenda = NULL;

  if (making->meeting == NULL)
    return TRUE;
  agenda = g_strconcat ("agenda:", strchr (making->meeting, ':') + 1, NULL);
  return list (making, RANK_AGENDA, agenda, take_any, error)
         && list (making, RANK_PAPER, "paper:", take_paper, error) && list_texts (making, error);
}

/* --- the whole ------------------------------------------------------------------------------- */

static int
compare_places (const ValiseForemostEntry *entry, guint rank, gint64 seq)
{
  if (entry->rank != rank)
    return entry->rank < rank ? -1 : 1;
  return (entry->seq > seq) - (entry->seq < seq);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const ValiseForemostEntry *other = b;

  return compare_places (a, other->rank, other->seq);
}

static void
clear_entry (gpointer data)
{
  g_free (((ValiseForemostEntry *) data)->id);
}

static ValiseForemost *
finish (Making *making)
{
  ValiseForemost *self = g_new0 (ValiseForemost, 1);

  self->entries = g_array_ref (making->entries);
  g_array_sort (self->entries, compare_entries);
  self->seqs = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < self->entries->len; i++)
    g_hash_table_add (self->seqs, &g_array_index (self->entries, ValiseForemostEntry, i).seq);
  return self;
}

ValiseForemost *
valise_foremost_new (ValiseDatabase    *database,
                     const char        *day,
                     const char *const *languages,
                     gint64             since,
                     gint64             until,
                     GError           **error)
{
  Making          making = { database, day, languages, since, until };
  ValiseForemost *self = NULL;

  making.entries = g_array_new (FALSE, FALSE, sizeof (ValiseForemostEntry));
  g_array_set_clear_func (making.entries, clear_entry);
  making.items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  making.symbols = g_ptr_array_new_with_free_func (g_free);
  if (list (&making, RANK_KEYS, "keys", take_any, error)
      && list (&making, RANK_PROGRAMME, "programme", take_any, error)
      && list (&making, RANK_BODY, "body:", take_any, error)
      && list (&making, RANK_MEETING, "meeting:", take_meeting, error)
      && list_meeting (&making, error))
    self = finish (&making);

  g_free (making.meeting);
  g_free (making.start);
  g_hash_table_unref (making.items);
  g_ptr_array_unref (making.symbols);
  g_array_unref (making.entries);
  return self;
}

void
valise_foremost_free (ValiseForemost *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->seqs);
  g_array_unref (self->entries);
  g_free (self);
}

const ValiseForemostEntry *
valise_foremost_get (const ValiseForemost *self, guint index)
{
  return index < self->entries->len ? &g_array_index (self->entries, ValiseForemostEntry, index)
                                    : NULL;
}

guint
valise_foremost_find (const ValiseForemost *self, guint rank, gint64 seq)
{
  guint index = 0;

  while (index < self->entries->len
         && compare_places (valise_foremost_get (self, index), rank, seq) <= 0)
    index++;
  return index;
}

gboolean
valise_foremost_has (const ValiseForemost *self, gint64 seq)
{
  return g_hash_table_contains (self->seqs, &seq);
}
