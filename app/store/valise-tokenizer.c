/* valise-tokenizer.c - text as the words one searches for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-tokenizer"

#include "config.h"

#include <string.h>

#include "valise-stem.h"
#include "valise-tokenizer.h"
#include "valise-word-cache.h"

/* A pass over one text. */
typedef struct
{
  ValiseTokenizer     *self;
  const guchar        *text;
  const guchar        *at;
  const guchar        *end;
  ValiseTokenizerFlags flags;
  ValiseTokenFunc      func;
  gpointer             user_data;

  const ValiseLetters *letters; /* NULL: every word is stemmed */

  /* The word before a hyphen, folded, to be joined with the one after it. */
  char  joined[VALISE_TOKEN_MAX];
  guint joined_length; /* 0: none */
  guint joined_start;
} Pass;

/* The word being read, folded. */
typedef struct
{
  char         text[VALISE_TOKEN_MAX + VALISE_FOLD_MAX];
  guint        length;
  ValiseScript scripts;
  guint        start; /* in bytes of the source */
  guint        end;
} Word;

struct _ValiseTokenizer
{
  char              language; /* its first letter, 0 for none */
  const ValiseFold *folds;
  ValiseWordCache  *cache;
  guint             length; /* places, since the document began */
};

/* What stands at @at; @scratch is for what the table doesn't have. */
static inline const ValiseFold *
fold_at (const Pass *pass, const guchar *at, guint *length, ValiseFold *scratch)
{
  gunichar c = 0;
  guint    place = 0;

  *length = valise_fold_decode (at, pass->end, &c);
  place = valise_fold_get_place (c);
  if (place != VALISE_FOLD_NO_PLACE)
    return &pass->self->folds[place];

  /* The ideographs in use are their own plain form. */
  if (c >= 0x4e00 && c <= 0x9fff)
    {
      *scratch = (ValiseFold){ .kind = VALISE_FOLD_HAN, .length = 3 };
      memcpy (scratch->text, at, 3);
    }
  else
    *scratch = valise_fold_character (c);

  return scratch;
}

static inline ValiseFoldKind
kind_at (const Pass *pass, const guchar *at, guint *length)
{
  ValiseFold scratch;

  return fold_at (pass, at, length, &scratch)->kind;
}

static gboolean
emit (Pass *pass, const ValiseToken *token)
{
  if (!token->colocated)
    pass->self->length++;

  return pass->func (token, pass->user_data);
}

/* Whether the stem of @word may be one of those looked for. */
static inline gboolean
is_looked_for (const Pass *pass, const char *word, guint length, ValiseScript scripts)
{
  return pass->letters == NULL || length == 0 || (scripts & VALISE_SCRIPT_ARABIC) != 0
         || valise_letters_have (pass->letters, word, length);
}

/* A word's stem, and its other reading where it has one. */
static gboolean
emit_stems (Pass *pass, const char *word, guint length, ValiseScript scripts, ValiseToken *token)
{
  const ValiseWord *found = NULL;

  token->text = token->raw = word;
  token->length = token->raw_length = length;
  if (!is_looked_for (pass, word, length, scripts))
    return emit (pass, token);

  found = valise_word_cache_get (pass->self->cache, word, length, scripts);
  token->text = valise_word_get_stem (found);
  token->length = found->stem_length;
  if (!emit (pass, token))
    return FALSE;
  if (found->other_length == 0)
    return TRUE;

  token->text = valise_word_get_other (found);
  token->length = found->other_length;
  token->colocated = TRUE;

  return emit (pass, token);
}

/* "cyber-security" is also found as cybersecurity. */
static gboolean
emit_joined (Pass *pass, const Word *word)
{
  ValiseToken token = { .start = pass->joined_start, .end = word->end, .colocated = TRUE };

  if (pass->joined_length + word->length > VALISE_TOKEN_MAX)
    return TRUE;
  memcpy (pass->joined + pass->joined_length, word->text, word->length);

  return emit_stems (pass, pass->joined, pass->joined_length + word->length, word->scripts, &token);
}

static gboolean
is_letter_at (const Pass *pass, const guchar *at)
{
  guint length = 0;

  return at < pass->end && kind_at (pass, at, &length) == VALISE_FOLD_LETTER;
}

/* Where @at is a hyphen between two words: its length in bytes, else 0. */
static guint
find_hyphen (const Pass *pass, const guchar *at)
{
  guint length = 0;

  if (at >= pass->end || kind_at (pass, at, &length) != VALISE_FOLD_HYPHEN
      || !is_letter_at (pass, at + length))
    return 0;

  return length;
}

static gboolean
emit_word (Pass *pass, const Word *word)
{
  ValiseToken token = { .start = word->start, .end = word->end };
  guint       hyphen = 0;

  if (!emit_stems (pass, word->text, word->length, word->scripts, &token))
    return FALSE;
  if ((pass->flags & VALISE_TOKENIZER_QUERY) != 0)
    return TRUE;
  if (pass->joined_length > 0 && !emit_joined (pass, word))
    return FALSE;

  pass->joined_length = 0;
  hyphen = find_hyphen (pass, pass->at);
  if (hyphen > 0)
    {
      memcpy (pass->joined, word->text, word->length);
      pass->joined_length = word->length;
      pass->joined_start = word->start;
      pass->at += hyphen;
    }

  return TRUE;
}

/* Whether @word, before an apostrophe, is an article or a pronoun that lost its vowel. */
static gboolean
is_elided (const Pass *pass, const Word *word)
{
  static const char *const others[] = { "qu", "lorsqu", "puisqu", "jusqu", "quoiqu", NULL };

  if (word->length == 1)
    return strchr ("ld", word->text[0]) != NULL
           || (pass->self->language == 'f' && strchr ("cjmnst", word->text[0]) != NULL);
  for (guint i = 0; others[i] != NULL; i++)
    if (word->length == strlen (others[i]) && memcmp (word->text, others[i], word->length) == 0)
      return TRUE;

  return FALSE;
}

/* At an apostrophe @length bytes long. TRUE where the word goes on behind it. */
static gboolean
pass_apostrophe (Pass *pass, Word *word, guint length)
{
  const guchar *next = pass->at + length;

  if (!is_letter_at (pass, next))
    return FALSE;

  if (is_elided (pass, word))
    {
      word->length = 0;
      word->scripts = 0;
      word->start = next - pass->text;
    }
  else if ((*next | 0x20) == 's' && !is_letter_at (pass, next + 1))
    {
      pass->at = next + 1; /* the State's: the State */
      return FALSE;
    }

  pass->at = next;

  return TRUE;
}

/* Copies more than it keeps: a length the compiler knows costs a move, another a call. */
static inline void
append_fold (Word *word, const ValiseFold *fold)
{
  if (word->length + fold->length <= VALISE_TOKEN_MAX)
    {
      memcpy (word->text + word->length, fold->text, VALISE_FOLD_MAX);
      word->length += fold->length;
    }
  word->scripts |= fold->script;
}

/* The ASCII letters from @at on, which are most of most texts. */
static void
read_ascii (Pass *pass, Word *word)
{
  const guchar *at = pass->at;
  guint         length = word->length;

  while (at < pass->end && length < VALISE_TOKEN_MAX && (guchar) ((*at | 0x20) - 'a') < 26)
    word->text[length++] = (char) (*at++ | 0x20);
  if (at == pass->at)
    return;
  word->length = length;
  word->scripts |= VALISE_SCRIPT_LATIN;
  word->end = at - pass->text;
  pass->at = at;
}

/* и and a breve of its own are й. */
static void
append_breve (Word *word)
{
  if (word->length >= 2 && memcmp (word->text + word->length - 2, "и", 2) == 0)
    memcpy (word->text + word->length - 2, "й", 2);
}

static gboolean
read_word (Pass *pass)
{
  Word word;

  word.length = 0;
  word.scripts = 0;
  word.start = word.end = pass->at - pass->text;
  while (read_ascii (pass, &word), pass->at < pass->end)
    {
      ValiseFold        scratch;
      guint             length = 1;
      const ValiseFold *fold = fold_at (pass, pass->at, &length, &scratch);

      if (fold->kind == VALISE_FOLD_LETTER)
        {
          append_fold (&word, fold); /* what is too long is cut, between letters */
          word.end = pass->at + length - pass->text;
        }
      else if (fold->kind == VALISE_FOLD_APOSTROPHE)
        {
          if (!pass_apostrophe (pass, &word, length))
            break;
          continue;
        }
      else if (fold->kind == VALISE_FOLD_BREVE)
        append_breve (&word);
      else if (fold->kind != VALISE_FOLD_IGNORE)
        break;
      pass->at += length;
      if (fold->mark)
        word.end = pass->at - pass->text;
    }

  return emit_word (pass, &word);
}

static gboolean
read_number (Pass *pass)
{
  char        digits[VALISE_TOKEN_MAX];
  ValiseToken token = { .text = digits, .raw = digits, .start = pass->at - pass->text };

  while (pass->at < pass->end)
    {
      ValiseFold        scratch;
      guint             length = 1;
      const ValiseFold *fold = fold_at (pass, pass->at, &length, &scratch);

      if (fold->kind != VALISE_FOLD_DIGIT && fold->kind != VALISE_FOLD_IGNORE)
        break;
      pass->at += length;
      if (fold->kind == VALISE_FOLD_IGNORE)
        continue;
      token.end = pass->at - pass->text;
      for (guint i = 0; i < fold->length && token.length < sizeof digits; i++)
        digits[token.length++] = fold->text[i];
    }

  return emit_stems (pass, digits, token.length, VALISE_SCRIPT_OTHER, &token);
}

/* Overlapping pairs, then the last character alone, so that one character finds a pair by its
 * beginning and two find it whole. */
static gboolean
read_han (Pass *pass)
{
  char        pair[2 * VALISE_FOLD_MAX];
  guint       first_length = 0;
  guint       n_characters = 0;
  ValiseToken token = { .text = pair, .raw = pair };
  guint       begin = 0;

  for (;;)
    {
      ValiseFold        scratch;
      guint             length = 1;
      const gboolean    more = pass->at < pass->end;
      const ValiseFold *fold = more ? fold_at (pass, pass->at, &length, &scratch) : NULL;

      if (more && fold->kind == VALISE_FOLD_IGNORE)
        {
          pass->at += length;
          continue;
        }
      if (!more || fold->kind != VALISE_FOLD_HAN)
        break;

      memcpy (pair + first_length, fold->text, fold->length);
      token.start = begin;
      begin = pass->at - pass->text;
      pass->at += length;
      token.end = pass->at - pass->text;
      token.length = token.raw_length = first_length + fold->length;
      if (n_characters++ > 0 && !emit (pass, &token))
        return FALSE;
      memcpy (pair, fold->text, fold->length);
      first_length = fold->length;
    }

  if ((pass->flags & VALISE_TOKENIZER_QUERY) != 0 && n_characters > 1 && pass->at == pass->end)
    return TRUE;
  token.start = begin;
  token.length = token.raw_length = first_length;

  return emit (pass, &token);
}

static gboolean
read_break (Pass *pass)
{
  ValiseToken token = { .text = VALISE_TOKEN_BREAK,
                        .length = 1,
                        .raw = VALISE_TOKEN_BREAK,
                        .raw_length = 1,
                        .start = pass->at - pass->text,
                        .end = pass->at + 1 - pass->text };

  pass->at++;

  return emit (pass, &token);
}

static gboolean
read_next (Pass *pass)
{
  guint          length = 1;
  ValiseFoldKind kind = kind_at (pass, pass->at, &length);

  if (kind == VALISE_FOLD_LETTER)
    return read_word (pass);

  pass->joined_length = 0;
  switch (kind)
    {
    case VALISE_FOLD_DIGIT:
      return read_number (pass);
    case VALISE_FOLD_HAN:
      return read_han (pass);
    case VALISE_FOLD_BREAK:
      return read_break (pass);
    default:
      pass->at += length;
      return TRUE;
    }
}

ValiseTokenizer *
valise_tokenizer_new (const char *language)
{
  ValiseTokenizer *self = g_new0 (ValiseTokenizer, 1);

  self->language = language == NULL ? '\0' : language[0];
  self->folds = valise_fold_get_table ();
  self->cache = valise_word_cache_new (language);

  return self;
}

void
valise_tokenizer_free (ValiseTokenizer *self)
{
  g_clear_pointer (&self->cache, valise_word_cache_free);
  g_free (self);
}

static gboolean
run (Pass *pass, const char *text, gsize length)
{
  pass->text = pass->at = (const guchar *) text;
  pass->end = pass->text + length;
  while (pass->at < pass->end)
    if (!read_next (pass))
      return FALSE;

  return TRUE;
}

gboolean
valise_tokenizer_run (ValiseTokenizer     *self,
                      const char          *text,
                      gssize               length,
                      ValiseTokenizerFlags flags,
                      ValiseTokenFunc      func,
                      gpointer             user_data)
{
  Pass pass = { .self = self, .flags = flags, .func = func, .user_data = user_data };

  g_return_val_if_fail (text != NULL && length <= G_MAXINT, FALSE);

  return run (&pass, text, length < 0 ? strlen (text) : (gsize) length);
}

gboolean
valise_tokenizer_look (ValiseTokenizer     *self,
                       const char          *text,
                       const ValiseLetters *letters,
                       ValiseTokenFunc      func,
                       gpointer             user_data)
{
  Pass pass = { .self = self, .letters = letters, .func = func, .user_data = user_data };

  g_return_val_if_fail (text != NULL && letters != NULL, FALSE);

  return run (&pass, text, strlen (text));
}

void
valise_tokenizer_begin_document (ValiseTokenizer *self)
{
  self->length = 0;
  valise_word_cache_begin_document (self->cache);
}

guint
valise_tokenizer_get_length (ValiseTokenizer *self)
{
  return self->length;
}

gboolean
valise_tokenizer_drain_words (ValiseTokenizer *self,
                              gboolean         all,
                              ValiseWordFunc   func,
                              gpointer         user_data)
{
  return valise_word_cache_drain (self->cache, all, func, user_data);
}
