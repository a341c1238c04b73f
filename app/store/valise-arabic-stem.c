/* valise-arabic-stem.c - a light stemmer for Arabic
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-arabic-stem"

#include "config.h"

#include <string.h>

#include "valise-arabic-stem.h"

/* Every Arabic letter is two bytes of UTF-8. */
#define LETTER 2

typedef struct
{
  const char *letters;
  guint8      least; /* letters that must be left */
} Affix;

/* Longest first. لل is ل before the article, whose alef is not written then. */
static const Affix articles[] = {
  { "وبال", 3 }, { "وكال", 3 }, { "ولل", 3 }, { "وال", 3 }, { "بال", 3 }, { "كال", 3 },
  { "فال", 3 },  { "ولال", 3 }, { "لال", 4 }, { "ال", 2 },  { "لل", 3 },
};

static const char *const particles[] = { "و", "ف", "ب", "ك", "ل" };

/* As folded: ة is ه, ى is ي. Longest first; taken off one after another, twice at most. */
static const Affix endings[] = {
  { "يات", 3 }, { "تين", 3 }, { "تان", 3 }, { "ها", 3 }, { "هم", 3 },
  { "ان", 3 },  { "ات", 3 },  { "ون", 3 },  { "ين", 3 }, { "يه", 3 },
  { "يا", 3 },  { "نا", 4 },  { "ه", 2 },   { "ي", 3 },  { "ا", 3 },
};

static gboolean
begins (const char *word, gsize length, const Affix *affix)
{
  gsize n = strlen (affix->letters);

  return length >= n + affix->least * LETTER && memcmp (word, affix->letters, n) == 0;
}

static gboolean
ends (const char *word, gsize length, const Affix *affix)
{
  gsize n = strlen (affix->letters);

  return length >= n + affix->least * LETTER && memcmp (word + length - n, affix->letters, n) == 0;
}

static gsize
find_article (const char *word, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (articles); i++)
    if (begins (word, length, &articles[i]))
      return strlen (articles[i].letters);

  return 0;
}

static gsize
find_end (const char *word, gsize length)
{
  for (guint round = 0; round < 2; round++)
    {
      gsize before = length;

      for (guint i = 0; i < G_N_ELEMENTS (endings) && length == before; i++)
        if (ends (word, length, &endings[i]))
          length -= strlen (endings[i].letters);
      if (length == before)
        break;
    }

  return length;
}

gsize
valise_arabic_stem (const char *word, gsize length, gsize *start, gsize *particle)
{
  gsize end = 0;

  *start = find_article (word, length);
  end = *start + find_end (word + *start, length - *start);
  *particle = *start;

  /* للجنة is ل and اللجنة: three lams are written as two, so one may belong to the word. */
  if (*start == 2 * LETTER && memcmp (word, "لل", 2 * LETTER) == 0)
    *particle = LETTER;
  else if (*start == 0 && end >= 4 * LETTER)
    for (guint i = 0; i < G_N_ELEMENTS (particles); i++)
      if (memcmp (word, particles[i], LETTER) == 0)
        *particle = LETTER;

  return end;
}
