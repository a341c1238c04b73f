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

#include "valise-outline.h"

#define MAX_FRAMES 8 /* degrees of numbering: 3 (a) (i) a. is four */

typedef struct
{
  char *marker;
  char *text;
} Note;

typedef enum
{
  FRAME_BASE,   /* a paragraph: numbered, of the preamble, or neither */
  FRAME_NESTED, /* 1., 2. under a paragraph that ends in a colon */
  FRAME_PARENTHESIS,
  FRAME_ALPHABETIC,
  FRAME_ROMAN,
} FrameKind;

/* One degree of numbering: the item of it that was read last. */
typedef struct
{
  FrameKind kind;
  guint     value;
  char     *key;
  char     *number; /* or NULL */
  guint     texts;  /* unnumbered paragraphs under it */
} Frame;

struct _ValiseOutline
{
  GPtrArray *blocks; /* of ValiseBlock */
  GPtrArray *notes;  /* of Note */
  guint      annexes;

  /* While finishing. */
  ValiseReading *reading; /* lent */
  GHashTable    *keys;    /* key → how often */
  Frame          frames[MAX_FRAMES];
  guint          n_frames;
  guint          annex;
  guint          decimal; /* the last paragraph's number */
  guint          n_preamble, n_texts, n_headings, n_rows, n_closings;
};

static void
note_free (Note *self)
{
  g_free (self->marker);
  g_free (self->text);
  g_free (self);
}

static void
pop_frames (ValiseOutline *self, guint n)
{
  while (self->n_frames > n)
    {
      Frame *frame = &self->frames[--self->n_frames];

      g_clear_pointer (&frame->key, g_free);
      g_clear_pointer (&frame->number, g_free);
    }
}

ValiseOutline *
valise_outline_new (void)
{
  ValiseOutline *self = g_new0 (ValiseOutline, 1);

  self->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_block_free);
  self->notes = g_ptr_array_new_with_free_func ((GDestroyNotify) note_free);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
valise_outline_free (ValiseOutline *self)
{
  if (self == NULL)
    return;

  pop_frames (self, 0);
  g_ptr_array_unref (self->blocks);
  g_ptr_array_unref (self->notes);
  g_hash_table_unref (self->keys);
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
    g_ptr_array_add (self->blocks, valise_block_new (kind, number, text, level, self->annexes));
}

void
valise_outline_begin_annex (ValiseOutline *self)
{
  g_return_if_fail (self != NULL);

  self->annexes++;
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

static char *
make_unique (ValiseOutline *self, char *key)
{
  guint times = GPOINTER_TO_UINT (g_hash_table_lookup (self->keys, key)) + 1;

  g_hash_table_insert (self->keys, g_strdup (key), GUINT_TO_POINTER (times));
  if (times > 1)
    {
      char *unique = g_strdup_printf ("%s~%u", key, times);

      g_free (key);
      key = unique;
    }

  return key;
}

/* "a2." before a key of the second annex. */
static char *
make_key (ValiseOutline *self, const char *letter, guint number, const char *suffix)
{
  g_autofree char *prefix = self->annex > 0 ? g_strdup_printf ("a%u.", self->annex) : g_strdup ("");

  return make_unique (self, g_strdup_printf ("%s%s%u%s", prefix, letter, number, suffix));
}

/* "annex, " or "annex II, " before a number of an annex. */
static char *
make_number (ValiseOutline *self, const char *number)
{
  g_autofree char *roman = NULL;
  g_autofree char *upper = NULL;

  if (self->annex == 0)
    return g_strdup (number);
  if (self->annexes == 1)
    return g_strdup_printf ("annex, %s", number);

  roman = valise_marker_format_roman (self->annex);
  upper = g_ascii_strup (roman, -1);

  return g_strdup_printf ("annex %s, %s", upper, number);
}

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

/* Makes @key and @number, which it takes, the item read last in the @at-th degree. */
static void
set_frame (ValiseOutline *self, guint at, FrameKind kind, guint value, char *key, char *number)
{
  pop_frames (self, at);
  self->frames[at] = (Frame){ kind, value, key, number, 0 };
  self->n_frames = at + 1;
}

static int
find_frame (ValiseOutline *self, FrameKind kind)
{
  for (int i = (int) self->n_frames - 1; i > 0; i--)
    if (self->frames[i].kind == kind)
      return i;

  return -1;
}

static guint
next_number (ValiseOutline *self, guint from)
{
  for (guint i = from + 1; i < self->blocks->len; i++)
    if (valise_block_is_numbered (get_block (self, i)))
      return get_block (self, i)->annex == self->annex ? get_block (self, i)->marker.value : 0;

  return 0;
}

static gboolean
comes_again (ValiseOutline *self, guint from, guint value)
{
  for (guint i = from + 1; i < self->blocks->len && get_block (self, i)->annex == self->annex; i++)
    if (valise_block_is_numbered (get_block (self, i))
        && get_block (self, i)->marker.value == value)
      return TRUE;

  return FALSE;
}

/* "7. … the following objectives:" and then "1.", "2.", before "8." */
static gboolean
is_nested (ValiseOutline *self, guint i)
{
  guint              value = get_block (self, i)->marker.value;
  int                at = find_frame (self, FRAME_NESTED);
  const ValiseBlock *before = i > 0 ? get_block (self, i - 1) : NULL;
  gunichar           last = 0;

  if (at > 0 && self->frames[at].value + 1 == value)
    return self->decimal + 1 != value || comes_again (self, i, value);

  if (value != 1 || self->decimal == 0 || before == NULL || self->n_frames == 0)
    return FALSE;

  last = valise_block_get_last (before);

  return last == ':' || last == 0xff1a;
}

static void
add_item (ValiseOutline     *self,
          const ValiseBlock *block,
          guint              at,
          FrameKind          kind,
          guint              value,
          char              *label)
{
  const Frame     *parent = at > 0 ? &self->frames[at - 1] : NULL;
  g_autofree char *shown = g_strdup_printf ("(%s)", label);
  char            *key = NULL;
  char            *number = NULL;

  key = make_unique (self, g_strdup_printf ("%s.%s", parent != NULL ? parent->key : "x0", label));
  number = parent != NULL && parent->number != NULL
               ? g_strdup_printf ("%s %s", parent->number, shown)
               : make_number (self, shown);
  append (self, key, VALISE_PARAGRAPH_ITEM, number, at, block->text);
  set_frame (self, at, kind, value, key, number);
  g_free (label);
}

/* An item needs a paragraph above it; where none was read, an empty place stands for it. */
static void
ensure_base (ValiseOutline *self)
{
  if (self->n_frames == 0)
    set_frame (self, 0, FRAME_BASE, 0, make_key (self, "x", ++self->n_texts, ""), NULL);
}

/* The degree at which an item of @kind and @value stands. */
static guint
place_item (ValiseOutline *self, FrameKind kind, guint value)
{
  int at = find_frame (self, kind);

  if (at > 0 && (value > 1 || (guint) at + 1 == self->n_frames))
    return (guint) at;

  return MIN (self->n_frames, MAX_FRAMES - 1);
}

/* Whether the next lettered item makes "(i)" a numeral: "(ii)" follows it. */
static gboolean
numeral_follows (ValiseOutline *self, guint from, guint value)
{
  for (guint i = from + 1; i < self->blocks->len; i++)
    {
      const ValiseBlock *block = get_block (self, i);

      if (block->marker.style == VALISE_MARKER_LETTER)
        return valise_marker_get_roman (block->marker.letters) == value + 1;
      if (block->marker.style != VALISE_MARKER_NONE && block->marker.style != VALISE_MARKER_BULLET)
        return FALSE;
    }

  return FALSE;
}

static guint
expected_in (ValiseOutline *self, FrameKind kind)
{
  int at = find_frame (self, kind);

  return at > 0 ? self->frames[at].value + 1 : 1;
}

static void
add_letter (ValiseOutline *self, guint i)
{
  const ValiseBlock *block = get_block (self, i);
  guint              letter = valise_marker_get_alphabetic (block->marker.letters);
  guint              other = valise_marker_get_alphabetic (block->marker.other);
  guint              roman = valise_marker_get_roman (block->marker.letters);
  guint              expected = expected_in (self, FRAME_ALPHABETIC);
  gboolean           is_roman = FALSE;

  if (other > 0 && other == expected)
    letter = other; /* a Cyrillic "с" that stands for "c" */

  if (roman > 0)
    {
      gboolean goes_on =
          find_frame (self, FRAME_ROMAN) > 0 && roman == expected_in (self, FRAME_ROMAN);

      is_roman = letter == 0 || (goes_on && roman > 1)
                 || (roman == 1 && (letter != expected || numeral_follows (self, i, roman)));
      if (is_roman && letter == expected && roman > 1 && !goes_on)
        is_roman = FALSE;
    }

  ensure_base (self);
  if (is_roman)
    add_item (self, block, place_item (self, FRAME_ROMAN, roman), FRAME_ROMAN, roman,
              valise_marker_format_roman (roman));
  else
    add_item (self, block, place_item (self, FRAME_ALPHABETIC, letter), FRAME_ALPHABETIC, letter,
              valise_marker_format_alphabetic (letter));
}

static void
add_text (ValiseOutline *self, const ValiseBlock *block)
{
  guint level = block->marker.style == VALISE_MARKER_BULLET ? MAX (self->n_frames, 1) : 0;
  g_autofree char *key = NULL;

  /* Under a numbered paragraph it belongs to that; else it is the base of what follows. */
  if (self->n_frames > 0 && self->frames[0].number != NULL)
    {
      key = make_unique (self,
                         g_strdup_printf ("%s.t%u", self->frames[0].key, ++self->frames[0].texts));
      append (self, key, VALISE_PARAGRAPH_TEXT, NULL, level, block->text);
      return;
    }

  key = make_key (self, "x", ++self->n_texts, "");
  append (self, key, VALISE_PARAGRAPH_TEXT, NULL, level, block->text);

  /* A bullet stands under the paragraph before it, and parts no list. */
  if (self->n_frames == 0 || block->marker.style != VALISE_MARKER_BULLET)
    set_frame (self, 0, FRAME_BASE, 0, g_steal_pointer (&key), NULL);
}

/* Where the number repeats the last and the next one leaves a gap, the place is in the gap. */
static guint
judge_place (ValiseOutline *self, guint i, guint value)
{
  guint next = next_number (self, i);

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
  char              *key = make_key (self, "o", place, suffix);
  char              *number = make_number (self, bare);

  if (strchr (key, '~') != NULL)
    take_notice (self, "%s paragraphs numbered %s", g_str_has_suffix (key, "~2") ? "two" : "more",
                 number);

  append (self, key, VALISE_PARAGRAPH_OPERATIVE, number, 0, block->text);
  self->decimal = place;
  set_frame (self, 0, FRAME_BASE, place, key, number);
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
        add_item (self, block, place_item (self, FRAME_NESTED, value), FRAME_NESTED, value,
                  g_strdup_printf ("%u", value));
      else
        add_paragraph (self, i);
      break;
    case VALISE_MARKER_PARENTHESIS:
      ensure_base (self);
      add_item (self, block, place_item (self, FRAME_PARENTHESIS, value), FRAME_PARENTHESIS, value,
                g_strdup_printf ("%u", value));
      break;
    case VALISE_MARKER_ROMAN:
      ensure_base (self);
      add_item (self, block, place_item (self, FRAME_ROMAN, value), FRAME_ROMAN, value,
                valise_marker_format_roman (value));
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

  if (self->n_frames > 0 && block->marker.style != VALISE_MARKER_NONE
      && block->marker.style != VALISE_MARKER_DECIMAL
      && block->marker.style != VALISE_MARKER_BULLET)
    {
      add_body (self, i);
      return;
    }

  bare = g_strdup_printf ("PP%u", ++self->n_preamble);
  key = make_key (self, "p", self->n_preamble, "");
  number = make_number (self, bare);
  append (self, key, VALISE_PARAGRAPH_PREAMBLE, number, 0, block->text);
  set_frame (self, 0, FRAME_BASE, 0, key, number);
}

/* A block that is numbered neither by its author nor by its place in a reference. */
static void
add_plain (ValiseOutline *self, const ValiseBlock *block)
{
  g_autofree char *key = NULL;

  switch (block->kind)
    {
    case VALISE_BLOCK_TITLE:
      key = self->annex == 0 ? make_unique (self, g_strdup ("t"))
                             : make_unique (self, g_strdup_printf ("a%u.t", self->annex));
      append (self, key, VALISE_PARAGRAPH_TITLE, NULL, 0, block->text);
      break;
    case VALISE_BLOCK_ORGAN:
      key = make_key (self, "p", ++self->n_preamble, "");
      append (self, key, VALISE_PARAGRAPH_ORGAN, NULL, 0, block->text);
      break;
    case VALISE_BLOCK_HEADING:
      pop_frames (self, 0);
      key = make_key (self, "h", ++self->n_headings, "");
      append (self, key, VALISE_PARAGRAPH_HEADING, NULL, block->level, block->text);
      break;
    case VALISE_BLOCK_ROW:
      key = make_key (self, "b", ++self->n_rows, "");
      append (self, key, VALISE_PARAGRAPH_TABLE, NULL, 0, block->text);
      break;
    case VALISE_BLOCK_CLOSING:
      key = make_key (self, "c", ++self->n_closings, "");
      append (self, key, VALISE_PARAGRAPH_CLOSING, NULL, 0, block->text);
      break;
    case VALISE_BLOCK_PREAMBLE:
    case VALISE_BLOCK_BODY:
    default:
      break;
    }
}

/* A resolution that decides one thing does not number it. */
static const ValiseBlock *
find_only_paragraph (ValiseOutline *self)
{
  const ValiseBlock *only = NULL;

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const ValiseBlock *block = get_block (self, i);

      if (block->annex > 0 || block->kind != VALISE_BLOCK_BODY
          || block->marker.style == VALISE_MARKER_LETTER)
        continue;
      if (only != NULL || block->marker.style != VALISE_MARKER_NONE)
        return NULL;
      only = block;
    }

  return only;
}

static void
start_annex (ValiseOutline *self, guint annex)
{
  pop_frames (self, 0);
  self->annex = annex;
  self->decimal = 0;
  self->n_preamble = self->n_texts = self->n_headings = self->n_rows = self->n_closings = 0;
}

static void
number_blocks (ValiseOutline *self)
{
  const ValiseBlock *only = find_only_paragraph (self);

  for (guint i = 0; i < self->blocks->len; i++)
    {
      const ValiseBlock *block = get_block (self, i);

      if (block->annex != self->annex)
        start_annex (self, block->annex);

      if (block->kind == VALISE_BLOCK_PREAMBLE)
        add_preamble (self, i);
      else if (block == only && self->n_preamble > 0)
        {
          char *key = make_key (self, "o", 1, "");

          append (self, key, VALISE_PARAGRAPH_OPERATIVE, NULL, 0, block->text);
          set_frame (self, 0, FRAME_BASE, 1, key, NULL);
        }
      else if (block->kind == VALISE_BLOCK_BODY)
        {
          /* What follows the preamble does not stand under its last paragraph. */
          if (i > 0 && get_block (self, i - 1)->kind == VALISE_BLOCK_PREAMBLE)
            pop_frames (self, 0);
          add_body (self, i);
        }
      else
        add_plain (self, block);
    }
}

static gboolean
check_limits (ValiseReading *reading, GError **error)
{
  if (reading->paragraphs->len > VALISE_READER_MAX_PARAGRAPHS)
    {
      g_set_error (error, VALISE_READER_ERROR, VALISE_READER_ERROR_LIMIT,
                   "it has %u paragraphs, more than %d", reading->paragraphs->len,
                   VALISE_READER_MAX_PARAGRAPHS);
      return FALSE;
    }

  for (guint i = 0; i < reading->paragraphs->len; i++)
    {
      const ValiseParagraph *paragraph = g_ptr_array_index (reading->paragraphs, i);
      glong                  length = g_utf8_strlen (paragraph->text, -1);

      if (length > VALISE_READER_MAX_LENGTH)
        {
          g_set_error (error, VALISE_READER_ERROR, VALISE_READER_ERROR_LIMIT,
                       "its paragraph %s has %ld characters, more than %d", paragraph->key, length,
                       VALISE_READER_MAX_LENGTH);
          return FALSE;
        }
    }

  return TRUE;
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
      g_autofree char *key = make_unique (self, g_strconcat ("n", note->marker, NULL));

      append (self, key, VALISE_PARAGRAPH_NOTE, note->marker, 0, note->text);
    }

  return check_limits (reading, error);
}
