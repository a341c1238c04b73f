/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf-rtl"

#include "config.h"

#include <string.h>

#include "valise-pdf-rtl.h"

#define LTR_BEGINS 0x202a
#define RTL_BEGINS 0x202b
#define ENDS       0x202c
#define MAX_DEPTH  64 /* as the bidirectional algorithm nearly has it; deeper is no more inside */

/* What stands between two marks. */
typedef struct
{
  gsize    start, end; /* in the words of the line */
  glong    letters;
  gboolean space; /* after it, as poppler has it */
} Token;

/* --- selecting ---------------------------------------------------------------------------- */

static char *
select_corners (PopplerPage *page, double x1, double x2, double height)
{
  PopplerRectangle area = { x1, 0, x2, height };

  return poppler_page_get_selected_text (page, POPPLER_SELECTION_GLYPH, &area);
}

char *
valise_pdf_rtl_select (PopplerPage *page)
{
  double width = 0, height = 0;
  char  *best = NULL;

  poppler_page_get_size (page, &width, &height);
  best = select_corners (page, 0, width, height);
  /* The first line and the last may each begin on either side. Poppler reads the page once. */
  for (guint i = 1; i < 4 && best != NULL; i++)
    {
      char *other = select_corners (page, (i & 1) * width, (i & 2) != 0 ? 0 : width, height);

      if (other != NULL && strlen (other) > strlen (best))
        {
          g_free (best);
          best = g_steal_pointer (&other);
        }
      g_free (other);
    }

  return best;
}

/* --- cleaning ----------------------------------------------------------------------------- */

/* Letters were placed one by one, so a mark is no end of a word. */
static gboolean
is_spelled (const GArray *tokens)
{
  glong letters = 0;

  for (guint i = 0; i < tokens->len; i++)
    letters += g_array_index (tokens, Token, i).letters;

  return letters < 2 * (glong) tokens->len;
}

static void
write_tokens (GString *out, const GString *line, const GArray *tokens)
{
  gboolean spelled = is_spelled (tokens);

  for (guint i = 0; i < tokens->len; i++)
    {
      const Token *token = &g_array_index (tokens, Token, i);
      const Token *next = i + 1 < tokens->len ? token + 1 : NULL;

      g_string_append_len (out, line->str + token->start, (gssize) (token->end - token->start));
      if (next == NULL || !spelled || next->space || token->letters > 2 || next->letters > 2)
        g_string_append_c (out, ' ');
    }
}

static const char *
read_token (const char *at, const char *end, GString *line, GArray *tokens)
{
  Token token = { .start = line->len };
  guint depth = 0;

  while (at < end)
    {
      gunichar c = g_utf8_get_char (at);

      at = g_utf8_next_char (at);
      if (c == RTL_BEGINS || c == LTR_BEGINS)
        depth = MIN (depth + 1, MAX_DEPTH);
      else if (c == ENDS && --depth == 0)
        break;
      else if (c != ENDS)
        {
          g_string_append_unichar (line, c);
          token.letters++;
        }
    }
  token.end = line->len;
  token.space = at < end && *at == ' ';
  g_array_append_val (tokens, token);

  return at;
}

/* One line, up to @end. */
static void
clean_line (const char *at, const char *end, GString *out)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GArray)  tokens = g_array_new (FALSE, FALSE, sizeof (Token));

  while (at < end)
    {
      gunichar c = g_utf8_get_char (at);

      if (c == RTL_BEGINS)
        {
          at = read_token (at, end, line, tokens);
          continue;
        }
      if (c != ' ' && tokens->len > 0)
        {
          write_tokens (out, line, tokens);
          g_array_set_size (tokens, 0);
        }
      if ((c != ' ' || tokens->len == 0) && c != LTR_BEGINS && c != ENDS)
        g_string_append_unichar (out, c);
      at = g_utf8_next_char (at);
    }
  write_tokens (out, line, tokens);
}

char *
valise_pdf_rtl_clean (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  for (const char *at = text; *at != '\0';)
    {
      const char *end = strchrnul (at, '\n');

      clean_line (at, end, out);
      if (*end == '\n')
        g_string_append_c (out, '\n');
      at = *end == '\n' ? end + 1 : end;
    }

  return g_string_free (out, FALSE);
}
