/* valise-block.c - a piece of text as a reader found it, before it is numbered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-block"

#include "config.h"

#include <string.h>

#include "valise-block.h"
#include "valise-reader.h"

/* Joining copies, so a file of nothing but broken sentences must not be joined without end. */
#define MAX_JOINED (4 * VALISE_READER_MAX_LENGTH) /* bytes */

#define TAIL 256 /* bytes at the end that hold a last character, whatever marks follow it */

ValiseBlock *
valise_block_new (ValiseBlockKind kind,
                  const char     *number,
                  const char     *text,
                  guint           level,
                  guint           annex)
{
  ValiseBlock *self = g_new0 (ValiseBlock, 1);

  self->kind = kind;
  self->number = g_strdup (number);
  self->text = g_strdup (text);
  self->level = level;
  self->annex = annex;

  return self;
}

void
valise_block_free (ValiseBlock *self)
{
  if (self == NULL)
    return;

  g_free (self->number);
  g_free (self->text);
  g_free (self);
}

gboolean
valise_block_is_numbered (const ValiseBlock *self)
{
  return self->marker.style == VALISE_MARKER_DECIMAL && !self->marker.doubtful;
}

gunichar
valise_block_get_last (const ValiseBlock *self)
{
  gsize            length = strlen (self->text);
  const char      *tail = self->text + (length > TAIL ? length - TAIL : 0);
  g_autofree char *plain = NULL;

  while ((*tail & 0xc0) == 0x80) /* not from the middle of a character */
    tail++;
  plain = g_strchomp (valise_markup_to_plain (tail));

  return *plain == '\0' ? 0 : g_utf8_get_char (g_utf8_prev_char (plain + strlen (plain)));
}

static gunichar
get_first (const ValiseBlock *self)
{
  g_autofree char *plain = valise_markup_to_plain (self->text);

  return g_utf8_get_char (g_strchug (plain));
}

void
valise_block_take_marker (ValiseBlock *self)
{
  const char *rest = self->text + self->marker.length;

  memmove (self->text, rest, strlen (rest) + 1);
  self->marker.length = 0;
  self->marker.doubtful = FALSE;
}

static void
join (ValiseBlock *self, const char *first, const char *second)
{
  char *joined = g_strconcat (first, *second != '\0' ? " " : "", second, NULL);

  g_free (self->text);
  self->text = joined;
}

static void
read_marker (ValiseBlock *self)
{
  ValiseMarker inner = { 0 };
  gboolean     within = valise_marker_read (self->text, &inner);

  if (self->number != NULL && *g_strstrip (self->number) != '\0')
    {
      /* A number that is no marker ("Article 3") belongs to the words. */
      if (!valise_marker_read_alone (self->number, &self->marker))
        {
          join (self, self->number, self->text);
          return;
        }

      self->marker.doubtful = FALSE;
      self->marker.length = 0;
      if (!within || inner.style != self->marker.style || inner.doubtful)
        return;
    }

  if (!within)
    return;

  self->marker = inner;
  if (inner.style != VALISE_MARKER_BULLET && !inner.doubtful)
    valise_block_take_marker (self);
}

static gboolean
ends_in_comma (const ValiseBlock *self)
{
  gunichar last = valise_block_get_last (self);

  return last == ',' || last == 0x060c || last == 0xff0c;
}

static void
return_to_preamble (GPtrArray *blocks)
{
  gboolean preamble = FALSE;

  for (guint i = 0; i < blocks->len; i++)
    {
      ValiseBlock *block = g_ptr_array_index (blocks, i);

      if (block->annex > 0
          || (block->kind == VALISE_BLOCK_BODY && block->marker.style != VALISE_MARKER_NONE))
        return;
      if (block->kind == VALISE_BLOCK_PREAMBLE)
        preamble = TRUE;
      else if (preamble && block->kind == VALISE_BLOCK_BODY && ends_in_comma (block))
        block->kind = VALISE_BLOCK_PREAMBLE;
    }
}

/* Whether @block goes on in the middle of the sentence that @before broke off. */
static gboolean
is_continuation (const ValiseBlock *before, const ValiseBlock *block)
{
  gunichar last = 0;

  if (before->kind != VALISE_BLOCK_BODY || block->kind != VALISE_BLOCK_BODY
      || before->annex != block->annex || block->marker.style != VALISE_MARKER_NONE
      || before->marker.style == VALISE_MARKER_NONE || strlen (before->text) > MAX_JOINED)
    return FALSE;

  last = valise_block_get_last (before);

  return (g_unichar_isalnum (last) || last == ',') && g_unichar_islower (get_first (block));
}

static void
join_broken_sentences (GPtrArray *blocks, GPtrArray *notices)
{
  guint kept = 0;

  for (guint i = 0; i < blocks->len; i++)
    {
      ValiseBlock *block = g_ptr_array_index (blocks, i);
      ValiseBlock *before = kept > 0 ? g_ptr_array_index (blocks, kept - 1) : NULL;

      if (before == NULL || !is_continuation (before, block))
        {
          blocks->pdata[i] = NULL;
          blocks->pdata[kept++] = block;
          continue;
        }

      join (before, before->text, block->text);
      if (before->marker.style == VALISE_MARKER_DECIMAL)
        g_ptr_array_add (notices,
                         g_strdup_printf ("paragraph %u stood in two parts, which are joined",
                                          before->marker.value));
      valise_block_free (block);
      blocks->pdata[i] = NULL;
    }

  g_ptr_array_set_size (blocks, (int) kept);
}

void
valise_block_prepare_all (GPtrArray *blocks, GPtrArray *notices)
{
  g_return_if_fail (blocks != NULL && notices != NULL);

  for (guint i = 0; i < blocks->len; i++)
    {
      ValiseBlock *block = g_ptr_array_index (blocks, i);

      if (block->kind == VALISE_BLOCK_BODY || block->kind == VALISE_BLOCK_PREAMBLE)
        read_marker (block);
    }

  return_to_preamble (blocks);
  join_broken_sentences (blocks, notices);
}

/* --- what comes later explains what came before ---------------------------------------------- */

guint
valise_blocks_get_next_number (GPtrArray *blocks, guint from)
{
  const ValiseBlock *start = blocks->pdata[from];

  for (guint i = from + 1; i < blocks->len; i++)
    {
      const ValiseBlock *block = blocks->pdata[i];

      if (valise_block_is_numbered (block))
        return block->annex == start->annex ? block->marker.value : 0;
    }

  return 0;
}

gboolean
valise_blocks_number_again (GPtrArray *blocks, guint from, guint value)
{
  const ValiseBlock *start = blocks->pdata[from];

  for (guint i = from + 1; i < blocks->len; i++)
    {
      const ValiseBlock *block = blocks->pdata[i];

      if (block->annex != start->annex)
        return FALSE;
      if (valise_block_is_numbered (block) && block->marker.value == value)
        return TRUE;
    }

  return FALSE;
}

gboolean
valise_blocks_numeral_follows (GPtrArray *blocks, guint from, guint value)
{
  for (guint i = from + 1; i < blocks->len; i++)
    {
      const ValiseBlock *block = blocks->pdata[i];

      if (block->marker.style == VALISE_MARKER_LETTER)
        return valise_marker_get_roman (block->marker.letters) == value + 1;
      if (block->marker.style != VALISE_MARKER_NONE && block->marker.style != VALISE_MARKER_BULLET)
        return FALSE;
    }

  return FALSE;
}

const ValiseBlock *
valise_blocks_find_only (GPtrArray *blocks)
{
  const ValiseBlock *only = NULL;

  for (guint i = 0; i < blocks->len; i++)
    {
      const ValiseBlock *block = blocks->pdata[i];

      if (block->annex > 0 || block->kind != VALISE_BLOCK_BODY
          || block->marker.style == VALISE_MARKER_LETTER)
        continue;
      if (only != NULL || block->marker.style != VALISE_MARKER_NONE)
        return NULL;
      only = block;
    }

  return only;
}
