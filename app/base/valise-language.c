/* valise-language.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-language"

#include "config.h"

#include <string.h>

#include "valise-language.h"

typedef struct
{
  const char *code;    /* ISO 639-1 */
  const char *codes_3; /* ISO 639-2, terminologic and bibliographic, by spaces */
  const char *endonym;
  const char *name; /* in English */
  char        letter;
  gboolean    rtl;
} Language;

/* In the order of their codes. The letters are those of UN job numbers. */
static const Language languages[VALISE_N_LANGUAGES] = {
  { "ar", "ara", "العربية", "Arabic", 'A', TRUE },
  { "en", "eng", "English", "English", 'E', FALSE },
  { "es", "spa", "español", "Spanish", 'S', FALSE },
  { "fr", "fra fre", "français", "French", 'F', FALSE },
  { "ru", "rus", "русский", "Russian", 'R', FALSE },
  { "zh", "zho chi", "中文", "Chinese", 'C', FALSE },
};

static const Language *
find_code (const char *code)
{
  for (guint i = 0; code != NULL && i < VALISE_N_LANGUAGES; i++)
    if (g_str_equal (code, languages[i].code))
      return &languages[i];

  return NULL;
}

const char *const *
valise_language_list (void)
{
  static const char *const codes[] = { "ar", "en", "es", "fr", "ru", "zh", NULL };

  return codes;
}

gboolean
valise_language_is_known (const char *code)
{
  return find_code (code) != NULL;
}

static gboolean
is_meant (const Language *language, const char *text, gsize length)
{
  /* A letter stands alone: the locale "C.UTF-8" is not Chinese. */
  if (length == 1)
    return text[0] == language->letter && text[1] == '\0';
  if (length == 2)
    return g_ascii_strncasecmp (text, language->code, 2) == 0;
  if (length != 3)
    return FALSE;
  return g_ascii_strncasecmp (text, language->codes_3, 3) == 0
         || (strlen (language->codes_3) == 7
             && g_ascii_strncasecmp (text, language->codes_3 + 4, 3) == 0);
}

/**
 * valise_language_normalise:
 * @text: (nullable): a code of ISO 639-1 or 639-2, or a locale or language tag that begins
 *   with one, in any case; or a UN letter, a capital
 *
 * "C" is the letter of Chinese, so a caller that asks about the user's locale leaves the
 * locale of that name out.
 *
 * Returns: (nullable): one of valise_language_list(), or %NULL where none is meant
 */
const char *
valise_language_normalise (const char *text)
{
  gsize length = text == NULL ? 0 : strcspn (text, "_-.@");

  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    if (is_meant (&languages[i], text, length))
      return languages[i].code;

  return NULL;
}

const char *
valise_language_get_endonym (const char *code)
{
  const Language *language = find_code (code);

  return language == NULL ? code : language->endonym;
}

/* @code itself where unknown. */
const char *
valise_language_get_name (const char *code)
{
  const Language *language = find_code (code);

  return language == NULL ? code : language->name;
}

gboolean
valise_language_is_rtl (const char *code)
{
  const Language *language = find_code (code);

  return language != NULL && language->rtl;
}

char
valise_language_get_letter (const char *code)
{
  const Language *language = find_code (code);

  return language == NULL ? '\0' : language->letter;
}
