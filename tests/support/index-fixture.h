/* index-fixture.h - documents that say outright what the index keeps of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-search-index.h"

static inline GPtrArray *
read_test_paragraphs (const ValiseJson *json, guint list)
{
  GPtrArray *paragraphs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_index_paragraph_free);

  for (guint at = valise_json_first (json, list); at != VALISE_JSON_NONE;
       at = valise_json_next (json, at))
    {
      ValiseIndexParagraph *paragraph = g_new0 (ValiseIndexParagraph, 1);

      paragraph->key = valise_json_dup_member (json, at, "key");
      paragraph->number = valise_json_dup_member (json, at, "number");
      paragraph->text = valise_json_dup_member (json, at, "text");
      g_ptr_array_add (paragraphs, paragraph);
    }

  return paragraphs;
}

/* A #ValiseIndexFunc: members are named as the entry's; "secret" is not indexed. What is not
 * here is a "text". */
static inline gboolean
extract_test_entry (const char           *database,
                    const ValiseDocument *document,
                    const ValiseJson     *json,
                    ValiseIndexEntry     *entry,
                    gpointer              user_data)
{
  guint list = 0;

  if (json == NULL)
    {
      entry->type = g_strdup ("text");
      return TRUE;
    }
  entry->type = valise_json_dup_member (json, 0, "type");
  if (g_strcmp0 (entry->type, "secret") == 0)
    return FALSE;
  entry->group = valise_json_dup_member (json, 0, "group");
  entry->title = valise_json_dup_member (json, 0, "title");
  entry->language = valise_json_dup_member (json, 0, "language");
  entry->symbol = valise_json_dup_member (json, 0, "symbol");
  entry->kind = valise_json_dup_member (json, 0, "kind");
  entry->date = valise_json_dup_member (json, 0, "date");
  entry->meeting = valise_json_dup_member (json, 0, "meeting");
  entry->item = valise_json_dup_member (json, 0, "item");
  entry->author = valise_json_dup_member (json, 0, "author");
  entry->order = valise_json_dup_member (json, 0, "order");
  list = valise_json_find (json, 0, "paragraphs");
  if (list != VALISE_JSON_NONE)
    entry->paragraphs = read_test_paragraphs (json, list);

  return TRUE;
}
