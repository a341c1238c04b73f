/* valise-text-pieces.c - plain text taken apart into paragraphs, headings and footnotes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-text"

#include "config.h"

#include <string.h>

#include "valise-reader.h"
#include "valise-text-pieces.h"

#define MAX_HEADING  200 /* characters of a marked heading */
#define MAX_BARE     100 /* of an unmarked one */
#define MAX_NUMBERED 60  /* of "3. Conclusions": a sentence that a page cuts is longer */
#define MAX_JOINED   (4 * VALISE_READER_MAX_LENGTH) /* bytes; see valise-block.c */
#define MAX_PAGE     6                              /* characters of a page number's line */

void
valise_piece_free (ValisePiece *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->note);
  g_free (self);
}

gsize
valise_pieces_read_raised (const char *text, char marker[8])
{
  const char *p = text;
  gsize       n = 0;

  for (; n < 7; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == 0xb9)
        marker[n++] = '1';
      else if (c == 0xb2 || c == 0xb3)
        marker[n++] = (char) ('0' + c - 0xb0);
      else if (c == 0x2070 || (c >= 0x2074 && c <= 0x2079))
        marker[n++] = (char) ('0' + c - 0x2070);
      else
        break;
    }
  marker[n] = '\0';

  return (gsize) (p - text);
}

/* --- lines ---------------------------------------------------------------------------------- */

/* "12", "- 3 -", "3/12": a line of its own that only counts pages. */
static gboolean
is_page_number (const char *line)
{
  gboolean digit = FALSE;

  for (const char *p = line; *p != '\0'; p++)
    {
      if (!g_ascii_isdigit (*p) && strchr ("- /", *p) == NULL)
        return FALSE;
      digit = digit || g_ascii_isdigit (*p);
    }

  return digit && strlen (line) <= MAX_PAGE;
}

/* "II." or "II/" before words: its length in bytes, or 0. */
static gsize
match_roman (const char *text)
{
  gsize            letters = strspn (text, "IVX");
  g_autofree char *upper = g_strndup (text, letters);
  g_autofree char *lower = g_ascii_strdown (upper, -1);

  if (letters == 0 || valise_marker_get_roman (lower) == 0 || text[letters] == '\0'
      || strchr ("./", text[letters]) == NULL || text[letters + 1] != ' ')
    return 0;

  return letters + 2;
}

/* "A. " before words. */
static gsize
match_capital (const char *text)
{
  return g_ascii_isupper (text[0]) && text[1] == '.' && text[2] == ' ' ? 3 : 0;
}

/* The marker of a piece; "- 1)" is an item whose bullet is only how it looked. */
static void
read_marker (ValisePiece *piece)
{
  ValiseMarker inner = { 0 };

  if (!valise_marker_read (piece->text, &piece->marker)
      || piece->marker.style != VALISE_MARKER_BULLET)
    return;

  if (valise_marker_read (piece->text + piece->marker.length, &inner)
      && inner.style != VALISE_MARKER_BULLET)
    {
      const char *rest = piece->text + piece->marker.length;

      memmove (piece->text, rest, strlen (rest) + 1);
      piece->marker = inner;
    }
}

static ValisePiece *
new_piece (const char *line)
{
  ValisePiece *piece = g_new0 (ValisePiece, 1);
  char         marker[8];
  gsize        raised = valise_pieces_read_raised (line, marker);

  if (raised > 0 && line[raised] == ' ')
    {
      piece->note = g_strdup (marker);
      piece->text = g_strstrip (g_strdup (line + raised));
      return piece;
    }

  piece->text = g_strdup (line);
  read_marker (piece);

  return piece;
}

static gboolean
begins_piece (const char *line)
{
  char         raised[8];
  ValiseMarker marker;
  gsize        length = valise_pieces_read_raised (line, raised);

  return (length > 0 && line[length] == ' ') || match_roman (line) > 0
         || (valise_marker_read (line, &marker) && !marker.doubtful);
}

static void
join (ValisePiece *piece, const char *more)
{
  char *joined = g_strconcat (piece->text, " ", more, NULL);

  g_free (piece->text);
  piece->text = joined;
}

GPtrArray *
valise_pieces_read (const char *const *lines)
{
  GPtrArray   *pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_piece_free);
  ValisePiece *current = NULL;

  g_return_val_if_fail (lines != NULL, pieces);

  for (; *lines != NULL && pieces->len <= VALISE_READER_MAX_PARAGRAPHS; lines++)
    {
      g_autofree char *line = g_strstrip (g_strdup (*lines));

      if (*line == '\0' || (current == NULL && is_page_number (line)))
        {
          current = NULL;
          continue;
        }

      if (current == NULL || begins_piece (line) || strlen (current->text) > MAX_JOINED)
        {
          current = new_piece (line);
          g_ptr_array_add (pieces, current);
        }
      else
        join (current, line);
    }

  return pieces;
}

/* --- what the page parted ------------------------------------------------------------------- */

gboolean
valise_piece_is_finished (const ValisePiece *self)
{
  static const char after[] = "*)]}\"'\u2019\u201d\u00bb ";
  const char       *end = self->text + strlen (self->text);

  while (end > self->text)
    {
      const char *last = g_utf8_prev_char (end);
      gunichar    c = g_utf8_get_char (last);
      char        marker[8];

      if (g_utf8_strchr (after, -1, c) == NULL && valise_pieces_read_raised (last, marker) == 0)
        return !g_unichar_isalnum (c) && c != ',' && c != '-' && c != '(';
      end = last;
    }

  return TRUE;
}

static gunichar
first_letter (const ValisePiece *piece)
{
  const char *p = piece->text;

  while (*p != '\0' && !g_unichar_isalnum (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);

  return g_utf8_get_char (p);
}

static gboolean
is_unmarked (const ValisePiece *piece)
{
  return piece->marker.style == VALISE_MARKER_NONE && match_roman (piece->text) == 0;
}

/* Whether @piece is a heading, which the piece after it helps to tell. */
static gboolean
is_heading (const ValisePiece *piece, const ValisePiece *next, guint *level)
{
  glong length = g_utf8_strlen (piece->text, -1);

  *level = 0;
  if (valise_piece_is_finished (piece) || length > MAX_HEADING)
    return FALSE;
  if (match_roman (piece->text) > 0)
    return TRUE;

  *level = 1;
  if (match_capital (piece->text) > 0)
    return length <= MAX_BARE;
  if (next == NULL || !is_unmarked (next) || g_unichar_islower (first_letter (next)))
    return FALSE;
  if (piece->marker.style == VALISE_MARKER_PARENTHESIS)
    return piece->marker.open;
  if (piece->marker.style == VALISE_MARKER_DECIMAL)
    return length <= MAX_NUMBERED;

  *level = 0;

  return piece->marker.style == VALISE_MARKER_NONE && length <= MAX_BARE;
}

/* Whether @next is the other half of a sentence that @piece breaks off. A numbered paragraph
 * may go on with a capital ("of all / Member States"); another line without a point may be a
 * heading, so only a small letter tells. */
static gboolean
goes_on (const ValisePiece *piece, const ValisePiece *next)
{
  if (!is_unmarked (next) || valise_piece_is_finished (piece) || strlen (piece->text) > MAX_JOINED)
    return FALSE;

  return g_unichar_islower (first_letter (next)) || piece->marker.style == VALISE_MARKER_DECIMAL
         || piece->marker.style == VALISE_MARKER_PARENTHESIS
         || piece->marker.style == VALISE_MARKER_LETTER;
}

void
valise_pieces_mend (GPtrArray *pieces, guint from)
{
  guint kept = MIN (from, pieces->len);

  g_return_if_fail (pieces != NULL);

  for (guint i = kept; i < pieces->len; i++)
    {
      ValisePiece *piece = g_ptr_array_index (pieces, i);
      ValisePiece *next = i + 1 < pieces->len ? g_ptr_array_index (pieces, i + 1) : NULL;
      ValisePiece *before = kept > from ? g_ptr_array_index (pieces, kept - 1) : NULL;

      if (before != NULL && !before->heading && goes_on (before, piece))
        {
          join (before, piece->text);
          valise_piece_free (piece);
          pieces->pdata[i] = NULL;
          continue;
        }

      piece->heading = is_heading (piece, next, &piece->level);
      if (piece->heading)
        memset (&piece->marker, 0, sizeof piece->marker);
      pieces->pdata[i] = NULL;
      pieces->pdata[kept++] = piece;
    }

  g_ptr_array_set_size (pieces, (int) kept);
}
