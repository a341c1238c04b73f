/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-travel"

#include "config.h"

#include "valise-language.h"
#include "valise-library-parts.h"
#include "valise-paper-parts.h"
#include "valise-symbol.h"
#include "valise-travel-parts.h"

#define ROWS_AT_ONCE 256

/* What is gathered while the papers are gone through. */
typedef struct
{
  ValiseSearchIndex *index;
  ValiseTravel      *travel;
  GHashTable        *papers; /* set of symbols of the meeting's own papers */
  GPtrArray         *cited;  /* (element-type utf8), in the order in which they are named */
  GHashTable        *named;  /* set of them; lent */
  GCancellable      *cancellable;
} Gathering;

static void
free_text (gpointer data)
{
  ValiseTravelText *text = data;

  g_free (text->database);
  g_free (text->id);
  g_free (text);
}

void
valise_travel_free (ValiseTravel *self)
{
  for (int part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    {
      g_ptr_array_unref (self->needs[part].texts);
      g_ptr_array_unref (self->needs[part].symbols);
    }
  g_ptr_array_unref (self->files);
  g_strfreev (self->languages);
  g_strfreev (self->others);
  g_free (self->meeting);
  g_free (self->title);
  g_free (self);
}

static ValiseTravel *
make_travel (const char *meeting, const char *title, const char *const *languages)
{
  ValiseTravel            *self = g_new0 (ValiseTravel, 1);
  g_autoptr (GStrvBuilder) others = g_strv_builder_new ();

  self->meeting = g_strdup (meeting);
  self->title = g_strdup (title);
  self->languages = g_strdupv ((char **) (languages != NULL ? languages : valise_language_list ()));
  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    if (!g_strv_contains ((const char *const *) self->languages, *code))
      g_strv_builder_add (others, *code);
  self->others = g_strv_builder_end (others);
  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  for (int part = 0; part < VALISE_TRAVEL_N_PARTS; part++)
    {
      self->needs[part].texts = g_ptr_array_new_with_free_func (free_text);
      self->needs[part].symbols = g_ptr_array_new_with_free_func (g_free);
    }
  return self;
}

/* --- texts ----------------------------------------------------------------------------------- */

static void
add_text (ValiseTravelNeed *need, const ValiseIndexRecord *record)
{
  ValiseTravelText *text = NULL;

  if (record->here)
    {
      need->here++;
      return;
    }
  text = g_new0 (ValiseTravelText, 1);
  text->database = g_strdup (record->database);
  text->id = g_strdup (record->id);
  text->size = record->size;
  need->bytes += (guint64) MAX (record->size, 0);
  g_ptr_array_add (need->texts, text);
}

/* The texts of the paper @symbol: those in a language asked for to @own, the rest to @others
 * (nullable). Returns: how many there are; -1 with @error. */
static int
add_texts (Gathering        *gathering,
           const char       *symbol,
           ValiseTravelNeed *own,
           ValiseTravelNeed *others,
           GError          **error)
{
  g_autoptr (GPtrArray) group = valise_search_index_get_group (gathering->index, symbol, error);
  int                   count = 0;

  if (group == NULL)
    return -1;
  for (guint i = 0; i < group->len; i++)
    {
      const ValiseIndexRecord *record = group->pdata[i];

      if (g_strcmp0 (record->type, "text") != 0 || record->language == NULL)
        continue;
      count++;
      if (g_strv_contains ((const char *const *) gathering->travel->languages, record->language))
        add_text (own, record);
      else if (others != NULL)
        add_text (others, record);
    }
  return count;
}

/* --- papers ---------------------------------------------------------------------------------- */

static void
note_cited (Gathering *gathering, const ValiseJson *summary)
{
  g_auto (GStrv) references = valise_paper_dup_references (summary);

  for (guint i = 0; references[i] != NULL; i++)
    {
      g_autofree char *symbol = valise_symbol_normalise (references[i]);

      if (symbol == NULL || g_hash_table_contains (gathering->named, symbol))
        continue;
      g_hash_table_add (gathering->named, symbol);
      g_ptr_array_add (gathering->cited, g_steal_pointer (&symbol));
    }
}

static void
note_files (Gathering *gathering, const ValiseJson *summary, const ValiseIndexRecord *record)
{
  g_autoptr (GPtrArray) files = valise_paper_files_read (summary, record);
  const char *const    *languages = (const char *const *) gathering->travel->languages;

  for (guint i = 0; i < files->len; i++)
    {
      const char *language = valise_paper_file_get_language (files->pdata[i]);

      if (language == NULL || g_strv_contains (languages, language))
        g_ptr_array_add (gathering->travel->files, g_object_ref (files->pdata[i]));
    }
}

static gboolean
add_paper (Gathering *gathering, const ValiseIndexRecord *record, GError **error)
{
  ValiseTravelNeed      *needs = gathering->travel->needs;
  g_autoptr (ValiseJson) summary = NULL;

  if (record == NULL || record->symbol == NULL
      || !g_hash_table_add (gathering->papers, g_strdup (record->symbol)))
    return TRUE;
  if (record->summary != NULL)
    summary = valise_json_scan_text (record->summary, -1, VALISE_JSON_INTEGERS, NULL);
  if (summary != NULL)
    {
      note_cited (gathering, summary);
      note_files (gathering, summary, record);
    }
  needs[VALISE_TRAVEL_OWN].papers++;
  g_ptr_array_add (needs[VALISE_TRAVEL_OWN].symbols, g_strdup (record->symbol));
  return add_texts (gathering, record->symbol, &needs[VALISE_TRAVEL_OWN],
                    &needs[VALISE_TRAVEL_OTHERS], error)
         >= 0;
}

static gboolean
add_papers (Gathering *gathering, GError **error)
{
  const ValiseIndexFilter filter = { .type = "paper", .meeting = gathering->travel->meeting };
  g_autoptr (GArray)      rows = valise_search_index_list (gathering->index, &filter, error);

  for (guint start = 0; rows != NULL && start < rows->len; start += ROWS_AT_ONCE)
    {
      guint                 count = MIN (rows->len - start, ROWS_AT_ONCE);
      gint64                numbers[ROWS_AT_ONCE];
      g_autoptr (GPtrArray) records = NULL;

      for (guint i = 0; i < count; i++)
        numbers[i] = g_array_index (rows, ValiseIndexRow, start + i).row;
      records = valise_search_index_get_rows (gathering->index, numbers, count, error);
      if (records == NULL || g_cancellable_set_error_if_cancelled (gathering->cancellable, error))
        return FALSE;
      for (guint i = 0; i < records->len; i++)
        if (!add_paper (gathering, records->pdata[i], error))
          return FALSE;
    }
  return rows != NULL;
}

/* What is named and not known here cannot be fetched, and is not counted. */
static gboolean
add_cited (Gathering *gathering, GError **error)
{
  ValiseTravelNeed *need = &gathering->travel->needs[VALISE_TRAVEL_CITED];

  for (guint i = 0; i < gathering->cited->len; i++)
    {
      const char *symbol = g_ptr_array_index (gathering->cited, i);
      int         count = 0;

      if (g_hash_table_contains (gathering->papers, symbol))
        continue;
      count = add_texts (gathering, symbol, need, NULL, error);
      if (count < 0 || g_cancellable_set_error_if_cancelled (gathering->cancellable, error))
        return FALSE;
      if (count == 0)
        continue;
      need->papers++;
      g_ptr_array_add (need->symbols, g_strdup (symbol));
    }
  return TRUE;
}

ValiseTravel *
valise_travel_gather (ValiseSearchIndex *index,
                      const char        *meeting,
                      const char        *title,
                      const char *const *languages,
                      GCancellable      *cancellable,
                      GError           **error)
{
  g_autoptr (ValiseTravel) travel = make_travel (meeting, title, languages);
  g_autoptr (GHashTable)   papers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable)   named = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray)    cited = g_ptr_array_new_with_free_func (g_free);
  Gathering                gathering = { index, travel, papers, cited, named, cancellable };

  if (!add_papers (&gathering, error) || !add_cited (&gathering, error))
    return NULL;
  travel->needs[VALISE_TRAVEL_OTHERS].papers = travel->needs[VALISE_TRAVEL_OWN].papers;
  return g_steal_pointer (&travel);
}
