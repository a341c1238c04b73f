/* valise-stem.c - what the inflections of a word have in common
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-stem"

#include "config.h"

#include <libstemmer.h>
#include <string.h>

#include "valise-arabic-stem.h"
#include "valise-exceptions.h"
#include "valise-stem.h"

#define LEAST 3 /* letters: shorter words are left as they are */

struct _ValiseStemmer
{
  const char        *language; /* of Latin letters: "en", "es" or "fr" */
  struct sb_stemmer *latin;
  struct sb_stemmer *russian;
};

/* A word that a rule is about to change; room for a longer ending. */
typedef struct
{
  char  text[80];
  gsize length;
} Word;

static gboolean
replace_ending (Word *word, const char *from, const char *to, gsize least)
{
  gsize n = strlen (from);

  if (word->length < n + least || memcmp (word->text + word->length - n, from, n) != 0)
    return FALSE;
  memcpy (word->text + word->length - n, to, strlen (to));
  word->length += strlen (to) - n;

  return TRUE;
}

static void
try_endings (Word *word, const char *const endings[][2], gsize least)
{
  for (guint i = 0; endings[i][0] != NULL; i++)
    if (replace_ending (word, endings[i][0], endings[i][1], least))
      return;
}

/* The United Nations writes -ize, many others -ise. */
static void
prepare_english (Word *word)
{
  static const char *const endings[][2] = {
    { "isations", "izations" }, { "isation", "ization" }, { "isers", "izers" },
    { "ising", "izing" },       { "ised", "ized" },       { "ises", "izes" },
    { "iser", "izer" },         { "ise", "ize" },         { NULL, NULL },
  };

  try_endings (word, endings, 4);
}

/* Snowball knows some endings by their accent only, and takes -er and -ar for verbs. */
static void
prepare_spanish (Word *word)
{
  static const char *const endings[][2] = {
    { "dades", "dad" },     { "cion", "ción" }, { "sion", "sión" }, { "logia", "logía" },
    { "logias", "logías" }, { "ares", "ar" },   { "eres", "er" },   { "ices", "iz" },
    { "aces", "az" },       { NULL, NULL },
  };

  try_endings (word, endings, 2);
}

/* Without its accent a participle's feminine looks like another stem. */
static void
prepare_french (Word *word)
{
  static const char *const endings[][2] = {
    { "ieres", "ier" }, { "iere", "ier" }, { "ees", "e" }, { "ee", "e" }, { NULL, NULL },
  };

  try_endings (word, endings, 3);
}

static void
run_snowball (struct sb_stemmer *snowball, const Word *word, ValiseStem *stem)
{
  const sb_symbol *found = NULL;
  const guchar    *end = NULL;

  stem->length = 0;
  if (snowball != NULL)
    found = sb_stemmer_stem (snowball, (const sb_symbol *) word->text, (int) word->length);
  if (found == NULL) /* out of memory: the word stands for itself */
    found = (const sb_symbol *) word->text;
  end = found + (snowball != NULL ? (gsize) sb_stemmer_length (snowball) : word->length);

  while (found < end)
    {
      gunichar   c = 0;
      ValiseFold fold;

      found += valise_fold_decode (found, end, &c);
      fold = valise_fold_character (c);
      if (stem->length + fold.length < sizeof stem->stem)
        memcpy (stem->stem + stem->length, fold.text, fold.length);
      stem->length = MIN (stem->length + fold.length, sizeof stem->stem - 1);
    }
}

/* Broken plurals are known by what is left of them. Returns: the length of @out. */
static guint
take_arabic (const char *text, gsize length, char *out)
{
  const char *found = NULL;

  memcpy (out, text, length);
  out[length] = '\0';
  found = valise_exceptions_find ("ar", out);
  if (found == NULL)
    return length;

  return g_strlcpy (out, found, VALISE_STEM_SIZE);
}

static void
run_arabic (const char *word, gsize length, ValiseStem *stem)
{
  gsize start = 0;
  gsize particle = 0;
  gsize end = valise_arabic_stem (word, length, &start, &particle);

  stem->length = take_arabic (word + start, end - start, stem->stem);
  if (particle != start)
    stem->other_length = take_arabic (word + particle, end - particle, stem->other);
}

static void
run_latin (ValiseStemmer *self, Word *word, ValiseStem *stem)
{
  switch (self->language[1])
    {
    case 'n':
      prepare_english (word);
      break;
    case 's':
      prepare_spanish (word);
      break;
    default:
      prepare_french (word);
      break;
    }
  run_snowball (self->latin, word, stem);
}

static gboolean
find_exception (const char *language, const Word *word, ValiseStem *stem)
{
  const char *found = valise_exceptions_find (language, word->text);

  if (found == NULL)
    return FALSE;
  stem->length = strlen (found);
  memcpy (stem->stem, found, stem->length);

  return TRUE;
}

ValiseStemmer *
valise_stemmer_new (const char *language)
{
  ValiseStemmer *self = g_new0 (ValiseStemmer, 1);

  self->language = "en";
  if (g_strcmp0 (language, "es") == 0 || g_strcmp0 (language, "fr") == 0)
    self->language = g_intern_string (language);
  self->latin = sb_stemmer_new (self->language, "UTF_8");
  self->russian = sb_stemmer_new ("ru", "UTF_8");

  return self;
}

void
valise_stemmer_free (ValiseStemmer *self)
{
  g_clear_pointer (&self->latin, sb_stemmer_delete);
  g_clear_pointer (&self->russian, sb_stemmer_delete);
  g_free (self);
}

void
valise_stemmer_run (ValiseStemmer *self,
                    const char    *word,
                    gsize          length,
                    ValiseScript   scripts,
                    ValiseStem    *stem)
{
  Word copy = { .length = MIN (length, sizeof stem->stem - 1) };

  memcpy (copy.text, word, copy.length);
  copy.text[copy.length] = '\0';
  stem->length = stem->other_length = 0;

  if (scripts == VALISE_SCRIPT_ARABIC)
    {
      run_arabic (copy.text, copy.length, stem);
    }
  else if (scripts == VALISE_SCRIPT_CYRILLIC)
    {
      if (!find_exception ("ru", &copy, stem))
        run_snowball (self->russian, &copy, stem);
    }
  else if (scripts == VALISE_SCRIPT_LATIN && copy.length >= LEAST)
    {
      if (!find_exception (self->language, &copy, stem))
        run_latin (self, &copy, stem);
    }

  if (stem->length == 0)
    {
      memcpy (stem->stem, copy.text, copy.length);
      stem->length = copy.length;
    }
}
