/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pdf-words"

#include "config.h"

#include "valise-home.h"
#include "valise-pdf-words.h"
#include "valise-pdf.h"

static gpointer
open_pdf (GBytes *bytes, guint *n_pages, GError **error)
{
  ValisePdf *pdf = valise_pdf_new (bytes, error);

  if (pdf != NULL)
    *n_pages = valise_pdf_get_n_pages (pdf);
  return pdf;
}

/* Letters as a layout joins them: Latin and Armenian ligatures, and the forms of Arabic. */
static gboolean
is_joined (gunichar c)
{
  return (c >= 0xfb00 && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfefc);
}

static void
append_joined (GString *words, const char *at, const char *next)
{
  g_autofree char *apart = g_utf8_normalize (at, next - at, G_NORMALIZE_NFKC);

  if (apart != NULL)
    g_string_append (words, apart);
}

/* What breaks lines and columns on a page says nothing of its sentences. */
static char *
dup_page (gpointer opened, guint page)
{
  g_autofree char *text = valise_pdf_dup_text (opened, page);
  GString         *words = g_string_sized_new (1024);
  gboolean         space = FALSE;

  for (const char *at = text, *next = NULL; *at != '\0'; at = next)
    {
      gunichar c = g_utf8_get_char (at);

      next = g_utf8_next_char (at);
      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          space = TRUE;
          continue;
        }
      if (space && words->len > 0)
        g_string_append_c (words, ' ');
      space = FALSE;
      if (is_joined (c))
        append_joined (words, at, next);
      else
        g_string_append_len (words, at, next - at);
    }

  return g_string_free (words, FALSE);
}

static void
close_pdf (gpointer opened)
{
  valise_pdf_unref (opened);
}

void
valise_pdf_words_read_for (ValiseHome *home)
{
  static const ValiseIndexReader reader = { open_pdf, dup_page, close_pdf };

  g_return_if_fail (VALISE_IS_HOME (home));

  valise_home_set_reader (home, &reader);
}
