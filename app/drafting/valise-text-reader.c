/* valise-text-reader.c - papers as plain text, as they are pasted, mailed and extracted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-text"

#include "config.h"

#include <string.h>

#include "valise-outline.h"
#include "valise-symbol.h"
#include "valise-text-masthead.h"
#include "valise-text-pieces.h"
#include "valise-text-reader.h"

#define MAX_AUTHOR     60 /* characters of a line that names an author */
#define MAX_TITLE      600
#define MAX_REFERENCES 5000

/* --- inline --------------------------------------------------------------------------------- */

/* "*see below*": the length between the asterisks; 0 where they are no pair around words. */
static gsize
match_emphasis (const char *start, const char *p)
{
  const char *close = NULL;

  if (*p != '*' || (p > start && g_ascii_isalnum (p[-1])) || p[1] == '*' || g_ascii_isspace (p[1]))
    return 0;

  close = strchr (p + 1, '*');
  if (close == NULL || close == p + 1 || g_ascii_isspace (close[-1]) || g_ascii_isalnum (close[1]))
    return 0;

  return (gsize) (close - p - 1);
}

static void
append_inline (GString *out, const char *text, gsize length, GHashTable *notes)
{
  const char *end = text + length;

  for (const char *p = text; p < end;)
    {
      char  marker[8];
      gsize raised = valise_pieces_read_raised (p, marker);
      gsize emphasis = raised == 0 ? match_emphasis (text, p) : 0;

      if (raised > 0)
        {
          if (g_hash_table_contains (notes, marker))
            g_string_append_printf (out, "<note ref=\"%s\"/>", marker);
          else
            g_string_append_printf (out, "<sup>%s</sup>", marker);
          p += raised;
        }
      else if (emphasis > 0 && p + emphasis + 2 <= end)
        {
          g_string_append (out, "<i>");
          append_inline (out, p + 1, emphasis, notes);
          g_string_append (out, "</i>");
          p += emphasis + 2;
        }
      else
        {
          const char *next = g_utf8_next_char (p);

          valise_markup_append_plain (out, p, next - p);
          p = next;
        }
    }
}

static char *
make_markup (const char *text, GHashTable *notes)
{
  GString *out = g_string_new (NULL);

  append_inline (out, text, strlen (text), notes);

  return g_string_free (out, FALSE);
}

/* --- the whole ------------------------------------------------------------------------------ */

/* Takes the footnotes out of the flow, whose halves then meet. Their markers, as a set. */
static GHashTable *
lift_notes (GPtrArray *pieces, GPtrArray *lifted)
{
  GHashTable *markers = g_hash_table_new (g_str_hash, g_str_equal);
  guint       kept = 0;

  for (guint i = 0; i < pieces->len; i++)
    {
      ValisePiece *piece = g_ptr_array_index (pieces, i);

      pieces->pdata[i] = NULL;
      if (piece->note == NULL)
        pieces->pdata[kept++] = piece;
      else
        {
          g_ptr_array_add (lifted, piece);
          g_hash_table_add (markers, piece->note);
        }
    }
  g_ptr_array_set_size (pieces, (int) kept);

  return markers;
}

static gboolean
looks_like_title (GPtrArray *pieces, guint i)
{
  const ValisePiece *piece = i < pieces->len ? g_ptr_array_index (pieces, i) : NULL;

  return piece != NULL && piece->marker.style == VALISE_MARKER_NONE
         && !valise_piece_is_finished (piece) && g_utf8_strlen (piece->text, -1) <= MAX_TITLE;
}

/* "Republic of Korea", then the title; or the title alone. How many pieces they are. */
static guint
read_title (GPtrArray *pieces, ValiseReading *reading)
{
  const ValisePiece *first = NULL;
  const ValisePiece *second = NULL;

  if (!looks_like_title (pieces, 0))
    return 0;

  first = g_ptr_array_index (pieces, 0);
  second = looks_like_title (pieces, 1) ? g_ptr_array_index (pieces, 1) : NULL;
  if (second != NULL && g_utf8_strlen (first->text, -1) <= MAX_AUTHOR
      && g_utf8_strlen (second->text, -1) > g_utf8_strlen (first->text, -1)
      && g_utf8_strlen (second->text, -1) > MAX_AUTHOR / 2)
    {
      g_free (reading->author);
      reading->author = g_strdup (first->text);
      reading->title = g_strdup (second->text);
      return 2;
    }

  reading->title = g_strdup (first->text);

  return 1;
}

static void
take_references (GPtrArray *pieces, ValiseReading *reading)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < pieces->len; i++)
    {
      const ValisePiece    *piece = g_ptr_array_index (pieces, i);
      g_autoptr (GPtrArray) spans = valise_symbol_find_in_text (piece->text);

      for (guint j = 0; j < spans->len && reading->references->len < MAX_REFERENCES; j++)
        {
          const ValiseSymbolSpan *span = g_ptr_array_index (spans, j);
          char                   *symbol = NULL;

          if (g_hash_table_contains (seen, span->symbol)
              || g_strcmp0 (span->symbol, reading->symbol) == 0)
            continue;

          symbol = g_strdup (span->symbol);
          g_ptr_array_add (reading->references, symbol);
          g_hash_table_add (seen, symbol);
        }
    }
}

static void
add_pieces (ValiseOutline *outline, GPtrArray *pieces, guint from, GHashTable *notes)
{
  if (from > 0)
    {
      const ValisePiece *title = g_ptr_array_index (pieces, from - 1);
      g_autofree char   *markup = make_markup (title->text, notes);

      valise_outline_add (outline, VALISE_BLOCK_TITLE, NULL, markup, 0);
    }

  for (guint i = from; i < pieces->len; i++)
    {
      const ValisePiece *piece = g_ptr_array_index (pieces, i);
      g_autofree char   *markup = make_markup (piece->text, notes);

      valise_outline_add (outline, piece->heading ? VALISE_BLOCK_HEADING : VALISE_BLOCK_BODY, NULL,
                          markup, piece->level);
    }
}

static void
add_notes (ValiseOutline *outline, GPtrArray *lifted, GHashTable *notes)
{
  for (guint i = 0; i < lifted->len; i++)
    {
      const ValisePiece *piece = g_ptr_array_index (lifted, i);
      g_autofree char   *markup = make_markup (piece->text, notes);

      valise_outline_add_note (outline, piece->note, markup);
    }
}

static gboolean
check_characters (const char *text, gsize length, GError **error)
{
  gboolean words = FALSE;

  for (const char *p = text; p < text + length; p++)
    {
      if (((guchar) *p < 0x20 && strchr ("\t\n\r\f", *p) == NULL) || *p == 0x7f)
        {
          g_set_error (error, VALISE_READER_ERROR, VALISE_READER_ERROR_FORMAT,
                       "it is no text: byte %" G_GSIZE_FORMAT " is a control character",
                       (gsize) (p - text));
          return FALSE;
        }
      words = words || (guchar) *p > ' ';
    }

  if (!words)
    g_set_error_literal (error, VALISE_READER_ERROR, VALISE_READER_ERROR_FORMAT,
                         "it has no words in it");

  return words;
}

/* The lines, whatever ends them; a page's end is an empty one. */
static GStrv
split_lines (const char *data, gsize length)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  const char           *end = data + length;
  const char           *start = data;

  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    start += 3;

  for (const char *p = start; p <= end; p++)
    if (p == end || strchr ("\n\r\f", *p) != NULL)
      {
        char *line = g_strndup (start, (gsize) (p - start));

        g_ptr_array_add (lines, g_strdelimit (line, "\t", ' '));
        if (p < end && *p == '\f')
          g_ptr_array_add (lines, g_strdup (""));
        if (p + 1 < end && p[0] == '\r' && p[1] == '\n')
          p++;
        start = p + 1;
      }

  g_ptr_array_add (lines, NULL);

  return (GStrv) g_ptr_array_free (g_steal_pointer (&lines), FALSE);
}

ValiseReading *
valise_text_reader_read (GBytes *file, GError **error)
{
  gsize                     length = 0;
  const char               *data = g_bytes_get_data (file, &length);
  g_autoptr (ValiseReading) reading = valise_reading_new ();
  g_autoptr (ValiseOutline) outline = valise_outline_new ();
  g_autoptr (GPtrArray)     pieces = NULL;
  g_autoptr (GPtrArray)     lifted =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_piece_free);
  g_autoptr (GHashTable) notes = NULL;
  g_auto (GStrv)         lines = NULL;
  guint                  from = 0;

  if (!check_characters (data, length, error))
    return NULL;

  lines = split_lines (data, length);
  valise_text_masthead_read (lines, reading);
  pieces = valise_pieces_read ((const char *const *) lines);
  notes = lift_notes (pieces, lifted);
  from = read_title (pieces, reading);
  valise_pieces_mend (pieces, from);
  valise_text_masthead_judge (data, length, reading);

  take_references (pieces, reading);
  take_references (lifted, reading);
  add_pieces (outline, pieces, from, notes);
  add_notes (outline, lifted, notes);

  if (!valise_outline_finish (outline, reading, error))
    return NULL;
  if (reading->paragraphs->len == 0)
    {
      g_set_error_literal (error, VALISE_READER_ERROR, VALISE_READER_ERROR_FORMAT,
                           "it has no text in it");
      return NULL;
    }

  return g_steal_pointer (&reading);
}
