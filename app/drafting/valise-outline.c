/* valise-outline.c - blocks in the order of the page become numbered paragraphs with keys
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers are what readers cite, so they stay as their author wrote them, twice 17 if need be.
 * Keys say the place, so they part the two, and one misprint (21, 22, 22, 24) does not part a
 * paragraph from its other languages.
 */

#define G_LOG_DOMAIN "valise-outline"

#include "config.h"

#include <string.h>

#include "valise-numbering.h"
#include "valise-outline.h"

typedef struct
{
  char *marker;
  char *text;
} Note;

struct _ValiseOutline
{
  GPtrArray *blocks; /* of ValiseBlock */
  GPtrArray *notes;  /* of Note */

  /* While finishing. */
  ValiseReading  *reading; /* lent */
  ValiseNumbering numbering;
  guint           decimal; /* the last paragraph's number */
  guint           n_preamble, n_texts, n_headings, n_rows, n_closings;
};

static void
note_free (Note *self)
{
  g_free (self->marker);
  g_free (self->text);
  g_free (self);
}

ValiseOutline *
valise_outline_new (void)
{
  ValiseOutline *self = g_new0 (ValiseOutline, 1);

  self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_block_free);
  self->notes = g_ptr_array_new_with_free_func ((GDestroyNotify) note_free);
  valise_numbering_init (&self->numbering);

  return self;
}

void
valise_outline_free (ValiseOutline *self)
{
  if (self == NULL)
    return;

  valise_numbering_clear (&self->numbering);
  g_ptr_array_unref (self->blocks);
  g_ptr_array_unref (self->notes);
  g_free (self);
}

void
valise_outline_add (ValiseOutline  *self,
                    ValiseBlockKind kind,
                    const char     *number,
                    const char     *text,
                    guint           level)
{
  g_return_if_fail (self != NULL && text != NULL);

  if (*text == '\0' && (number == NULL || *number == '\0'))
    return;

  /* One more than is read is enough to refuse it all. */
  if (self->blocks->len <= VALISE_READER_MAX_PARAGRAPHS)
    g_ptr_array_add (self->blocks,
                     valise_block_new (kind, number, text, level, self->numbering.annexes));
}

void
valise_outline_begin_annex (ValiseOutline *self)
{
  g_return_if_fail (self != NULL);

  self->numbering.annexes++;
}

void
valise_outline_add_note (ValiseOutline *self, const char *marker, const char *text)
{
  Note *note = NULL;

  if (self->notes->len > VALISE_READER_MAX_PARAGRAPHS)
    return;

  note = g_new0 (Note, 1);
  note->marker = g_strdup (marker);
  note->text = g_strdup (text);
  g_ptr_array_add (self->notes, note);
}

static ValiseBlock *
get_block (ValiseOutline *self, guint i)
{
  return i < self->blocks->len ? g_ptr_array_index (self->blocks, i) : NULL;
}

static void take_notice (ValiseOutline *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
take_notice (ValiseOutline *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (self->reading->notices, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/* --- numbering ------------------------------------------------------------------------------ */

static void
append (ValiseOutline *self,
        const char    *key,
        const char    *kind,
        const char    *number,
        guint          level,
        const char    *text)
{
  g_ptr_array_add (self->reading->paragraphs,
                   valise_paragraph_new (key, kind, number, level, text));
}

/* "7. … the following objectives:" and then "1.", "2.", before "8." */
static gboolean
is_nested (ValiseOutline *self, guint i)
{
  guint              value = get_block (self, i)->marker.value;
  int                at = valise_numbering_find (&self->numbering, VALISE_DEGREE_NESTED);
  const ValiseBlock *before = i > 0 ? get_block (self, i - 1) : NULL;
  gunichar           last = 0;

  if (at > 0 && self->numbering.degrees[at].value + 1 == value)
    return self->decimal + 1 != value || valise_blocks_number_again (self->blocks, i, value);

  if (value != 1 || self->decimal == 0 || before == NULL || self->numbering.depth == 0)
    return FALSE;

  last = valise_block_get_last (before);

  return last == ':' || last == 0xff1a;
}

static void
add_item (ValiseOutline     *self,
          const ValiseBlock *block,
          guint              at,
          ValiseDegreeKind   kind,
          guint              value,
          char              *label)
{
  const ValiseDegree *parent = at > 0 ? &self->numbering.degrees[at - 1] : NULL;
  g_autofree char    *shown = g_strdup_printf ("(%s)", label);
  char               *key = NULL;
  char               *number = NULL;

  key = valise_numbering_make_unique (
      &self->numbering, g_strdup_printf ("%s.%s", parent != NULL ? parent->key : "x0", label));
  number = parent != NULL && parent->number != NULL
               ? g_strdup_printf ("%s %s", parent->number, shown)
               : valise_numbering_make_number (&self->numbering, shown);
  append (self, key, VALISE_PARAGRAPH_ITEM, number, at, block->text);
  valise_numbering_enter (&self->numbering, at, kind, value, key, number);
  g_free (label);
}

/* An item needs a paragraph above it; where none was read, an empty place stands for it. */
static void
ensure_base (ValiseOutline *self)
{
  if (self->numbering.depth == 0)
    valise_numbering_enter (&self->numbering, 0, VALISE_DEGREE_BASE, 0,
                            valise_numbering_make_key (&self->numbering, "x", ++self->n_texts, ""),
                            NULL);
}

static void
add_letter (ValiseOutline *self, guint i)
{
  const ValiseBlock *block = get_block (self, i);
  guint              letter = valise_marker_get_alphabetic (block->marker.letters);
  guint              other = valise_marker_get_alphabetic (block->marker.other);
  guint              roman = valise_marker_get_roman (block->marker.letters);
  guint    expected = valise_numbering_expect (&self->numbering, VALISE_DEGREE_ALPHABETIC);
  gboolean is_roman = FALSE;

  if (other > 0 && other == expected)
    letter = other; /* a Cyrillic "с" that stands for "c" */

  if (roman > 0)
    {
      gboolean goes_on =
          valise_numbering_find (&self->numbering, VALISE_DEGREE_ROMAN) > 0
          && roman == valise_numbering_expect (&self->numbering, VALISE_DEGREE_ROMAN);

      is_roman =
          letter == 0 || (goes_on && roman > 1)
          || (roman == 1
              && (letter != expected || valise_blocks_numeral_follows (self->blocks, i, roman)));
      if (is_roman && letter == expected && roman > 1 && !goes_on)
        is_roman = FALSE;
    }

  ensure_base (self);
  if (is_roman)
    add_item (self, block, valise_numbering_place (&self->numbering, VALISE_DEGREE_ROMAN, roman),
              VALISE_DEGREE_ROMAN, roman, valise_marker_format_roman (roman));
  else
    add_item (self, block,
              valise_numbering_place (&self->numbering, VALISE_DEGREE_ALPHABETIC, letter),
              VALISE_DEGREE_ALPHABETIC, letter, valise_marker_format_alphabetic (letter));
}

static void
add_text (ValiseOutline *self, const ValiseBlock *block)
{
  guint level = block->marker.style == VALISE_MARKER_BULLET ? MAX (self->numbering.depth, 1) : 0;
  g_autofree char *key = NULL;

  /* Under a numbered paragraph it belongs to that; else it is the base of what follows. */
  if (self->numbering.depth > 0 && self->numbering.degrees[0].number != NULL)
    {
      key = valise_numbering_make_unique (&self->numbering,
                                          g_strdup_printf ("%s.t%u", self->numbering.degrees[0].key,
                                                           ++self->numbering.degrees[0].texts));
      append (self, key, VALISE_PARAGRAPH_TEXT, NULL, level, block->text);
      return;
    }

  key = valise_numbering_make_key (&self->numbering, "x", ++self->n_texts, "");
  append (self, key, VALISE_PARAGRAPH_TEXT, NULL, level, block->text);

  /* A bullet stands under the paragraph before it, and parts no list. */
  if (self->numbering.depth == 0 || block->marker.style != VALISE_MARKER_BULLET)
    valise_numbering_enter (&self->numbering, 0, VALISE_DEGREE_BASE, 0, g_steal_pointer (&key),
                            NULL);
}

/* Where the number repeats the last and the next one leaves a gap, the place is in the gap. */
static guint
judge_place (ValiseOutline *self, guint i, guint value)
{
  guint next = valise_blocks_get_next_number (self->blocks, i);

  if (value == self->decimal && next == value + 2)
    {
      take_notice (self, "paragraph %u is numbered %u", value + 1, value);
      return value + 1;
    }
  if (self->decimal > 0 && value > self->decimal + 1)
    take_notice (self, "paragraph %u is followed by paragraph %u", self->decimal, value);

  return value;
}

static void
add_paragraph (ValiseOutline *self, guint i)
{
  const ValiseBlock *block = get_block (self, i);
  const char        *suffix = block->marker.suffix;
  guint              value = block->marker.value;
  guint              place = *suffix == '\0' ? judge_place (self, i, value) : value;
  g_autofree char   *bare = g_strdup_printf ("%u%s%s", value, *suffix != '\0' ? " " : "", suffix);
  char              *key = valise_numbering_make_key (&self->numbering, "o", place, suffix);
  char              *number = valise_numbering_make_number (&self->numbering, bare);

  if (strchr (key, '~') != NULL)
    take_notice (self, "%s paragraphs numbered %s", g_str_has_suffix (key, "~2") ? "two" : "more",
                 number);

  append (self, key, VALISE_PARAGRAPH_OPERATIVE, number, 0, block->text);
  self->decimal = place;
  valise_numbering_enter (&self->numbering, 0, VALISE_DEGREE_BASE, place, key, number);
}

static void
add_body (ValiseOutline *self, guint i)
{
  const ValiseBlock *block = get_block (self, i);
  guint              value = block->marker.value;

  switch (block->marker.style)
    {
    case VALISE_MARKER_DECIMAL:
      if (block->marker.doubtful && value != self->decimal + 1)
        {
          add_text (self, block);
          break;
        }
      if (block->marker.doubtful)
        valise_block_take_marker (get_block (self, i));
      if (is_nested (self, i))
        add_item (self, block,
                  valise_numbering_place (&self->numbering, VALISE_DEGREE_NESTED, value),
                  VALISE_DEGREE_NESTED, value, g_strdup_printf ("%u", value));
      else
        add_paragraph (self, i);
      break;
    case VALISE_MARKER_PARENTHESIS:
      ensure_base (self);
      add_item (self, block,
                valise_numbering_place (&self->numbering, VALISE_DEGREE_PARENTHESIS, value),
                VALISE_DEGREE_PARENTHESIS, value, g_strdup_printf ("%u", value));
      break;
    case VALISE_MARKER_ROMAN:
      ensure_base (self);
      add_item (self, block, valise_numbering_place (&self->numbering, VALISE_DEGREE_ROMAN, value),
                VALISE_DEGREE_ROMAN, value, valise_marker_format_roman (value));
      break;
    case VALISE_MARKER_LETTER:
      add_letter (self, i);
      break;
    case VALISE_MARKER_NONE:
    case VALISE_MARKER_BULLET:
    default:
      add_text (self, block);
    }
}

static void
add_preamble (ValiseOutline *self, guint i)
{
  const ValiseBlock *block = get_block (self, i);
  g_autofree char   *bare = NULL;
  char              *key = NULL;
  char              *number = NULL;

  if (self->numbering.depth > 0 && block->marker.style != VALISE_MARKER_NONE
      && block->marker.style != VALISE_MARKER_DECIMAL
      && block->marker.style != VALISE_MARKER_BULLET)
    {
      add_body (self, i);
      return;
    }

  bare = g_strdup_printf ("PP%u", ++self->n_preamble);
  key = valise_numbering_make_key (&self->numbering, "p", self->n_preamble, "");
  number = valise_numbering_make_number (&self->numbering, bare);
  append (self, key, VALISE_PARAGRAPH_PREAMBLE, number, 0, block->text);
  valise_numbering_enter (&self->numbering, 0, VALISE_DEGREE_BASE, 0, key, number);
}

/* A block that is numbered neither by its author nor by its place in a reference. */
static void
add_plain (ValiseOutline *self, const ValiseBlock *block)
{
  g_autofree char *key = NULL;

  switch (block->kind)
    {
    case VALISE_BLOCK_TITLE:
      key = self->numbering.annex == 0
                ? valise_numbering_make_unique (&self->numbering, g_strdup ("t"))
                : valise_numbering_make_unique (&self->numbering,
                                                g_strdup_printf ("a%u.t", self->numbering.annex));
      append (self, key, VALISE_PARAGRAPH_TITLE, NULL, 0, block->text);
      break;
    case VALISE_BLOCK_ORGAN:
      key = valise_numbering_make_key (&self->numbering, "p", ++self->n_preamble, "");
      append (self, key, VALISE_PARAGRAPH_ORGAN, NULL, 0, block->text);
      break;
    case VALISE_BLOCK_HEADING:
      valise_numbering_leave (&self->numbering, 0);
      key = valise_numbering_make_key (&self->numbering, "h", ++self->n_headings, "");
      append (self, key, VALISE_PARAGRAPH_HEADING, NULL, block->level, block->text);
      break;
    case VALISE_BLOCK_ROW:
      key = valise_numbering_make_key (&self->numbering, "b", ++self->n_rows, "");
      append (self, key, VALISE_PARAGRAPH_TABLE, NULL, 0, block->text);
      break;
    case VALISE_BLOCK_CLOSING:
      key = valise_numbering_make_key (&self->numbering, "c", ++self->n_closings, "");
      append (self, key, VALISE_PARAGRAPH_CLOSING, NULL, 0, block->text);
      break;
    case VALISE_BLOCK_PREAMBLE:
    case VALISE_BLOCK_BODY:
    default:
      break;
    }
}

static void
start_annex (ValiseOutline *self, guint annex)
{
  valise_numbering_leave (&self->numbering, 0);
  self->numbering.annex = annex;
  self->decimal = 0;
  self->n_preamble = self->n_texts = self->n_headings = self->n_rows = self->n_closings = 0;
}

static void
number_blocks (ValiseOutline *self)
{
  const ValiseBlock *only = valise_blocks_find_only (self->blocks);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const ValiseBlock *block = get_block (self, i);

      if (block->annex != self->numbering.annex)
        start_annex (self, block->annex);

      if (block->kind == VALISE_BLOCK_PREAMBLE)
        add_preamble (self, i);
      else if (block == only && self->n_preamble > 0)
        {
          char *key = valise_numbering_make_key (&self->numbering, "o", 1, "");

          append (self, key, VALISE_PARAGRAPH_OPERATIVE, NULL, 0, block->text);
          valise_numbering_enter (&self->numbering, 0, VALISE_DEGREE_BASE, 1, key, NULL);
        }
      else if (block->kind == VALISE_BLOCK_BODY)
        {
          /* What follows the preamble does not stand under its last paragraph. */
          if (i > 0 && get_block (self, i - 1)->kind == VALISE_BLOCK_PREAMBLE)
            valise_numbering_leave (&self->numbering, 0);
          add_body (self, i);
        }
      else
        add_plain (self, block);
    }
}

gboolean
valise_outline_finish (ValiseOutline *self, ValiseReading *reading, GError **error)
{
  g_return_val_if_fail (self != NULL && reading != NULL, FALSE);

  self->reading = reading;
  valise_block_prepare_all (self->blocks, reading->notices);
  number_blocks (self);

  for (guint i = 0; i < self->notes->len; i++)
    {
      const Note      *note = g_ptr_array_index (self->notes, i);
      g_autofree char *key =
          valise_numbering_make_unique (&self->numbering, g_strconcat ("n", note->marker, NULL));

      append (self, key, VALISE_PARAGRAPH_NOTE, note->marker, 0, note->text);
    }

  return valise_reader_check (reading, error);
}
