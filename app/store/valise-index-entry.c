/* valise-index-entry.c - what goes into the index, and what comes out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-index-entry"

#include "config.h"

#include "valise-search-index.h"

void
valise_index_paragraph_free (ValiseIndexParagraph *paragraph)
{
  g_free (paragraph->key);
  g_free (paragraph->number);
  g_free (paragraph->text);
  g_free (paragraph);
}

void
valise_index_entry_clear (ValiseIndexEntry *entry)
{
  char **strings[] = { &entry->type,   &entry->group,  &entry->title, &entry->language,
                       &entry->symbol, &entry->kind,   &entry->date,  &entry->meeting,
                       &entry->item,   &entry->author, &entry->order, &entry->summary,
                       &entry->file };

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_clear_pointer (strings[i], g_free);
  g_clear_pointer (&entry->paragraphs, g_ptr_array_unref);
  g_clear_pointer (&entry->originals, g_ptr_array_unref);
}

void
valise_index_original_free (ValiseIndexOriginal *original)
{
  g_free (original->sha256);
  g_free (original->language);
  g_free (original->title);
  g_free (original->summary);
  g_free (original);
}

void
valise_index_record_free (ValiseIndexRecord *record)
{
  char **strings[] = { &record->database, &record->id,       &record->type,   &record->group,
                       &record->title,    &record->language, &record->symbol, &record->kind,
                       &record->date,     &record->meeting,  &record->item,   &record->author,
                       &record->summary,  &record->file };

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (*strings[i]);
  g_free (record);
}
