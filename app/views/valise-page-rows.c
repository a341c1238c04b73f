/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-rows"

#include "config.h"

#include <string.h>

#include "valise-markup.h"
#include "valise-page-rows.h"
#include "valise-reading.h"

static gboolean
is_title (ValiseText *text, guint line)
{
  return strcmp (valise_text_get_line (text, line)->kind, VALISE_PARAGRAPH_TITLE) == 0;
}

static void
add_row (GArray *rows, int line, int other)
{
  ValisePageLine row = { line, other };

  g_array_append_val (rows, row);
}

/* The lines of @other from @from up to @to that no line of @text is paired with. */
static void
add_unpaired (GArray *rows, ValiseText *other, const gboolean *paired, int from, int to)
{
  for (int i = from; i < to; i++)
    if (!paired[i] && !is_title (other, (guint) i))
      add_row (rows, -1, i);
}

void
valise_page_rows_pair (GArray *rows, ValiseText *text, ValiseText *other)
{
  guint                n_lines = valise_text_get_n_lines (text);
  guint                n_others = other != NULL ? valise_text_get_n_lines (other) : 0;
  g_autofree int      *pairs = g_new (int, n_lines + 1);
  g_autofree gboolean *paired = g_new0 (gboolean, n_others + 1);
  int                  next = 0;

  g_array_set_size (rows, 0);
  for (guint i = 0; i < n_lines; i++)
    {
      pairs[i] = other != NULL ? valise_text_pair (text, i, other) : -1;
      /* A pair counts once, even where a text gives one key twice. */
      if (pairs[i] >= 0 && paired[pairs[i]])
        pairs[i] = -1;
      else if (pairs[i] >= 0)
        paired[pairs[i]] = TRUE;
    }

  for (guint i = 0; i < n_lines; i++)
    {
      if (pairs[i] >= next)
        {
          add_unpaired (rows, other, paired, next, pairs[i]);
          next = pairs[i] + 1;
        }
      if (!is_title (text, i))
        add_row (rows, (int) i, pairs[i]);
    }
  if (other != NULL)
    add_unpaired (rows, other, paired, next, (int) n_others);
}

guint
valise_page_rows_count_pairs (const GArray *rows)
{
  guint n_pairs = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const ValisePageLine *row = &g_array_index (rows, ValisePageLine, i);

      n_pairs += row->line >= 0 && row->other >= 0;
    }
  return n_pairs;
}

const ValiseLine *
valise_page_rows_get_words (const GArray *rows, int row, ValiseText *text, ValiseText *other)
{
  const ValisePageLine *line = NULL;

  if (row < 0 || row >= (int) rows->len)
    return NULL;
  line = &g_array_index (rows, ValisePageLine, row);
  return line->line >= 0 ? valise_text_get_line (text, (guint) line->line)
                         : valise_text_get_line (other, (guint) line->other);
}

int
valise_page_rows_find_key (const GArray *rows, ValiseText *text, const char *key)
{
  for (guint i = 0; key != NULL && i < rows->len; i++)
    {
      int line = g_array_index (rows, ValisePageLine, i).line;

      if (line >= 0 && strcmp (valise_text_get_line (text, (guint) line)->key, key) == 0)
        return (int) i;
    }
  return -1;
}

static void
find_in_line (GArray *places, int row, guint column, ValiseText *text, int line, const char *query)
{
  g_autofree char   *shown = NULL;
  g_autoptr (GArray) ranges = NULL;

  if (text == NULL || line < 0)
    return;

  shown = valise_markup_shown_text (valise_text_get_line (text, (guint) line)->text);
  ranges = valise_find_in (shown, query);
  for (guint i = 0; i < ranges->len / 2; i++)
    {
      ValisePagePlace place = { row, column, (int) i };

      g_array_append_val (places, place);
    }
}

void
valise_page_rows_find (GArray       *places,
                       const GArray *rows,
                       ValiseText   *text,
                       ValiseText   *other,
                       const char   *query)
{
  g_array_set_size (places, 0);
  if (query == NULL || *query == '\0')
    return;

  for (guint i = 0; i < rows->len; i++)
    {
      const ValisePageLine *row = &g_array_index (rows, ValisePageLine, i);

      find_in_line (places, (int) i, 0, text, row->line, query);
      find_in_line (places, (int) i, 1, other, row->other, query);
    }
}
