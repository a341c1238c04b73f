/* valise-text-masthead.c - what plain text says about itself before its title
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * English mastheads, as working papers have them. A line that is not understood stays a line
 * of the text.
 */

#define G_LOG_DOMAIN "valise-text"

#include "config.h"

#include <string.h>

#include "valise-language.h"
#include "valise-symbol.h"
#include "valise-text-masthead.h"

#define MAX_LINES  14    /* with words, before the text must have begun */
#define MAX_LENGTH 100   /* bytes of a masthead's line */
#define SAMPLE     65536 /* bytes that tell a language */

static void
set (char **field, char *value)
{
  g_free (*field);
  *field = value;
}

/* "12 May 2023" → "2023-05-12". */
static char *
read_date (const char *line)
{
  static const char *const months[] = { "January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December" };
  g_auto (GStrv)           words = g_strsplit (line, " ", -1);
  guint64                  day = 0;
  guint64                  year = 0;

  if (g_strv_length (words) != 3 || !g_ascii_string_to_unsigned (words[0], 10, 1, 31, &day, NULL)
      || !g_ascii_string_to_unsigned (words[2], 10, 1945, 2100, &year, NULL))
    return NULL;

  for (guint month = 1; month <= G_N_ELEMENTS (months); month++)
    if (strcmp (words[1], months[month - 1]) == 0
        && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
      return g_strdup_printf ("%04u-%02u-%02u", (guint) year, month, (guint) day);

  return NULL;
}

/* "Seventy-seventh session" → "77"; NULL where it is no such line. */
static char *
read_session (const char *line)
{
  static const char *const ones[] = { "",          "first",       "second",     "third",
                                      "fourth",    "fifth",       "sixth",      "seventh",
                                      "eighth",    "ninth",       "tenth",      "eleventh",
                                      "twelfth",   "thirteenth",  "fourteenth", "fifteenth",
                                      "sixteenth", "seventeenth", "eighteenth", "nineteenth" };
  static const char *const tens[] = { "",     "",     "twent",  "thirt", "fort",
                                      "fift", "sixt", "sevent", "eight", "ninet" };
  g_autofree char         *lower = g_ascii_strdown (line, -1);
  char                    *end =
      g_str_has_suffix (lower, " session") ? lower + strlen (lower) - strlen (" session") : NULL;

  if (end == NULL)
    return NULL;

  *end = '\0';
  for (guint i = 1; i < G_N_ELEMENTS (ones); i++)
    if (strcmp (lower, ones[i]) == 0)
      return g_strdup_printf ("%u", i);

  for (guint ten = 2; ten < G_N_ELEMENTS (tens); ten++)
    for (guint one = 0; one < 10; one++)
      {
        g_autofree char *name = one == 0 ? g_strdup_printf ("%sieth", tens[ten])
                                         : g_strdup_printf ("%sy-%s", tens[ten], ones[one]);

        if (strcmp (lower, name) == 0)
          return g_strdup_printf ("%u", ten * 10 + one);
      }

  return NULL;
}

/* "23-12345 (E)" */
static gboolean
is_job_number (const char *line)
{
  return g_ascii_isdigit (line[0]) && g_ascii_isdigit (line[1]) && line[2] == '-'
         && strspn (line + 3, "0123456789") == 5
         && (line[8] == '\0' || g_str_has_prefix (line + 8, " ("));
}

static gboolean
read_original (const char *line, ValiseReading *reading)
{
  const char *name = NULL;

  if (!g_str_has_prefix (line, "Original: "))
    return FALSE;

  name = line + strlen ("Original: ");
  for (const char *const *code = valise_language_list (); *code != NULL; code++)
    if (g_ascii_strcasecmp (valise_language_get_name (*code), name) == 0)
      set (&reading->original_language, g_strdup (*code));

  return reading->original_language != NULL;
}

static gboolean
read_body (const char *line, ValiseReading *reading)
{
  static const struct
  {
    const char *name;
    const char *key;
  } bodies[] = { { "General Assembly", "ga" },
                 { "Security Council", "sc" },
                 { "Economic and Social Council", "ecosoc" } };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    if (strcmp (line, bodies[i].name) == 0)
      {
        set (&reading->body, g_strdup (bodies[i].key));
        return TRUE;
      }

  return strcmp (line, "United Nations") == 0 || g_str_has_prefix (line, "Distr.: ");
}

static gboolean
read_item (const char *line, ValiseReading *reading)
{
  static const char prefix[] = "Agenda item ";
  const char       *item = line + sizeof prefix - 1;

  if (!g_str_has_prefix (line, prefix) || strspn (item, "0123456789 (abcdefgh)") != strlen (item))
    return FALSE;

  g_ptr_array_add (reading->agenda_items, g_strdup (item));

  return TRUE;
}

/* Whether @line is the masthead's; if so, it was taken. */
static gboolean
take_line (const char *line, ValiseReading *reading)
{
  char *found = NULL;

  if (strchr (line, ' ') == NULL && (found = valise_symbol_normalise (line)) != NULL)
    set (&reading->symbol, found);
  else if ((found = read_date (line)) != NULL)
    set (&reading->date, found);
  else if ((found = read_session (line)) != NULL)
    set (&reading->session, found);
  else if (is_job_number (line))
    set (&reading->job_number, g_strdup (line));
  else
    return read_original (line, reading) || read_body (line, reading) || read_item (line, reading);

  return TRUE;
}

void
valise_text_masthead_read (char **lines, ValiseReading *reading)
{
  g_return_if_fail (lines != NULL && reading != NULL);

  for (guint n = 0; *lines != NULL && n < MAX_LINES; lines++)
    {
      g_autofree char *line = g_strstrip (g_strdup (*lines));

      if (*line == '\0')
        continue;
      if (strlen (line) > MAX_LENGTH)
        return;
      if (take_line (line, reading))
        **lines = '\0';
      n++;
    }
}

/* The language whose script or small words are most frequent; NULL in doubt. */
static const char *
judge_language (const char *text, gsize length)
{
  static const struct
  {
    const char *code;
    const char *words[7];
  } latin[] = { { "en", { "the", "of", "and", "to", "in", "be", "is" } },
                { "es", { "el", "los", "y", "del", "que", "por", "las" } },
                { "fr", { "le", "les", "et", "du", "des", "dans", "est" } } };
  guint            arabic = 0, han = 0, cyrillic = 0, letters = 0;
  guint            best = 0;
  guint            score[3] = { 0 };
  g_autofree char *lower = NULL;
  g_auto (GStrv)   words = NULL;

  for (const char *p = text; p < text + MIN (length, SAMPLE); p = g_utf8_next_char (p))
    {
      GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (p));

      arabic += script == G_UNICODE_SCRIPT_ARABIC;
      han += script == G_UNICODE_SCRIPT_HAN;
      cyrillic += script == G_UNICODE_SCRIPT_CYRILLIC;
      letters += script == G_UNICODE_SCRIPT_LATIN;
    }
  if (MAX (MAX (arabic, han), cyrillic) > letters / 2)
    return arabic > han && arabic > cyrillic ? "ar" : han > cyrillic ? "zh" : "ru";

  lower = g_ascii_strdown (text, (gssize) MIN (length, SAMPLE));
  words = g_strsplit_set (lower, " \n\t\r,.;:()", -1);
  for (guint i = 0; words[i] != NULL; i++)
    for (guint language = 0; language < G_N_ELEMENTS (latin); language++)
      for (guint j = 0; j < G_N_ELEMENTS (latin[0].words); j++)
        score[language] += strcmp (words[i], latin[language].words[j]) == 0;

  for (guint language = 1; language < G_N_ELEMENTS (latin); language++)
    if (score[language] > score[best])
      best = language;

  return score[best] > 0 ? latin[best].code : NULL;
}

static const char *
judge_kind (const ValiseReading *reading)
{
  static const struct
  {
    const char *words;
    const char *kind;
  } titles[] = { { "national views", VALISE_READING_NATIONAL_VIEWS },
                 { "working paper", VALISE_READING_WORKING_PAPER },
                 { "draft resolution", VALISE_READING_PAPER },
                 { "letter dated", VALISE_READING_LETTER },
                 { "note by", VALISE_READING_NOTE },
                 { "note verbale", VALISE_READING_NOTE },
                 { "report of", VALISE_READING_REPORT } };
  g_autoptr (ValiseSymbol) symbol =
      reading->symbol != NULL ? valise_symbol_parse (reading->symbol) : NULL;
  g_autofree char *title = g_ascii_strdown (reading->title != NULL ? reading->title : "", -1);

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (strstr (title, titles[i].words) != NULL)
      return titles[i].kind;

  return symbol != NULL ? valise_symbol_get_kind (symbol) : NULL;
}

void
valise_text_masthead_judge (const char *text, gsize length, ValiseReading *reading)
{
  const char *kind = NULL;

  g_return_if_fail (text != NULL && reading != NULL);

  kind = judge_kind (reading);
  if (kind != NULL)
    set (&reading->kind, g_strdup (kind));
  set (&reading->language, g_strdup (judge_language (text, length)));
}
