/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-hit"

#include "config.h"

#include "valise-hit.h"

/* The paragraph with most of the query's terms, the first of such; NULL: none has any. */
static const ValiseIndexParagraph *
find_paragraph (ValiseMatcher *matcher, const ValiseIndexEntry *entry, guint n_terms, guint *best)
{
  const ValiseIndexParagraph *found = NULL;

  *best = 0;
  for (guint i = 0; entry->paragraphs != NULL && i < entry->paragraphs->len && *best < n_terms; i++)
    {
      const ValiseIndexParagraph *paragraph = entry->paragraphs->pdata[i];
      guint terms = paragraph->text == NULL ? 0 : valise_matcher_read (matcher, paragraph->text);

      if (terms > *best)
        {
          *best = terms;
          found = paragraph;
        }
    }

  return found;
}

void
valise_hit_cut (ValiseHit              *hit,
                const ValiseIndexEntry *entry,
                ValiseMatcher          *matcher,
                guint                   n_terms)
{
  const char                 *title = hit->record->title != NULL ? hit->record->title : "";
  guint                       in_title = valise_matcher_read (matcher, title);
  guint                       in_paragraph = 0;
  const ValiseIndexParagraph *paragraph = find_paragraph (matcher, entry, n_terms, &in_paragraph);

  if (in_title > in_paragraph)
    paragraph = NULL;
  if (paragraph != NULL)
    {
      hit->paragraph = g_strdup (paragraph->number);
      hit->key = g_strdup (paragraph->key);
    }
  valise_matcher_read (matcher, paragraph != NULL ? paragraph->text : title);
  hit->snippet = valise_matcher_cut (matcher, hit->marks);
}

void
valise_hit_free (ValiseHit *hit)
{
  g_clear_pointer (&hit->record, valise_index_record_free);
  g_clear_pointer (&hit->marks, g_array_unref);
  g_free (hit->paragraph);
  g_free (hit->key);
  g_free (hit->snippet);
  g_free (hit);
}
