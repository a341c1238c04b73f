/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-snippet"

#include "config.h"

#include <string.h>

#include "valise-snippet.h"

/* A word of the text: the slots it would do for, and where it stands. */
typedef struct
{
  guint64 slots;
  guint   start; /* in bytes */
  guint   end;
} Word;

/* A reading that fills slots. */
typedef struct
{
  guint64 slots;
  guint   length;
  char    text[VALISE_TOKEN_MAX + 1];
} Reading;

typedef struct
{
  guint start; /* in bytes of the text */
  guint end;
  guint term;
} Mark;

struct _ValiseMatcher
{
  const ValiseQuery *query;
  ValiseTokenizer   *tokenizer;
  GHashTable        *readings; /* of Reading, by its text */
  GArray            *prefixes; /* of Reading */
  guint64            lengths;  /* bit n: some reading is n bytes long */
  ValiseLetters      letters;  /* that words with such readings begin with */

  /* Of the text last read. */
  const char *text;
  GArray     *words; /* of Word */
  GArray     *marks; /* of Mark, by start */
};

static guint
hash_reading (gconstpointer data)
{
  const Reading *reading = data;
  guint          hash = reading->length;

  for (guint i = 0; i < reading->length; i++)
    hash = hash * 33 + (guchar) reading->text[i];

  return hash;
}

static gboolean
equal_readings (gconstpointer a, gconstpointer b)
{
  const Reading *first = a;
  const Reading *second = b;

  return first->length == second->length && memcmp (first->text, second->text, first->length) == 0;
}

static void
add_reading (ValiseMatcher *self, const char *text, guint slot, gboolean prefix)
{
  Reading  reading = { .length = (guint) MIN (strlen (text), VALISE_TOKEN_MAX) };
  Reading *known = NULL;

  memcpy (reading.text, text, reading.length);
  reading.slots = G_GUINT64_CONSTANT (1) << slot;
  valise_letters_add_stem (&self->letters, text);
  if (prefix)
    {
      g_array_append_val (self->prefixes, reading);
      return;
    }
  known = g_hash_table_lookup (self->readings, &reading);
  if (known != NULL)
    {
      known->slots |= reading.slots;
      return;
    }
  known = g_memdup2 (&reading, sizeof reading);
  g_hash_table_add (self->readings, known);
  self->lengths |= G_GUINT64_CONSTANT (1) << reading.length;
}

ValiseMatcher *
valise_matcher_new (const ValiseQuery *query, ValiseTokenizer *tokenizer)
{
  ValiseMatcher *self = g_new0 (ValiseMatcher, 1);

  self->query = query;
  self->tokenizer = tokenizer;
  self->readings = g_hash_table_new_full (hash_reading, equal_readings, g_free, NULL);
  self->prefixes = g_array_new (FALSE, FALSE, sizeof (Reading));
  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));

  for (guint i = 0; i < query->slots->len; i++)
    {
      const ValiseQuerySlot *slot = &g_array_index (query->slots, ValiseQuerySlot, i);

      for (guint j = 0; j < slot->readings->len; j++)
        add_reading (self, slot->readings->pdata[j], i, slot->prefix);
    }

  return self;
}

void
valise_matcher_free (ValiseMatcher *self)
{
  g_clear_pointer (&self->readings, g_hash_table_unref);
  g_clear_pointer (&self->prefixes, g_array_unref);
  g_clear_pointer (&self->words, g_array_unref);
  g_clear_pointer (&self->marks, g_array_unref);
  g_free (self);
}

static guint64
find_slots (ValiseMatcher *self, const ValiseToken *token)
{
  guint64 slots = 0;

  if (self->lengths >> token->length & 1)
    {
      Reading        key = { .length = token->length };
      const Reading *known = NULL;

      memcpy (key.text, token->text, token->length);
      known = g_hash_table_lookup (self->readings, &key);
      if (known != NULL)
        slots = known->slots;
    }
  for (guint i = 0; i < self->prefixes->len; i++)
    {
      const Reading *prefix = &g_array_index (self->prefixes, Reading, i);

      if (token->length >= prefix->length
          && memcmp (token->text, prefix->text, prefix->length) == 0)
        slots |= prefix->slots;
    }

  return slots;
}

static gboolean
keep_word (const ValiseToken *token, gpointer user_data)
{
  ValiseMatcher *self = user_data;
  Word           word = { find_slots (self, token), token->start, token->end };

  if (token->colocated && self->words->len > 0)
    {
      Word *last = &g_array_index (self->words, Word, self->words->len - 1);

      last->slots |= word.slots;
      if (word.slots != 0)
        last->start = MIN (last->start, word.start);
    }
  else
    g_array_append_val (self->words, word);

  return TRUE;
}

/* Whether @phrase stands at word @at. */
static gboolean
stands_at (ValiseMatcher *self, const ValiseQueryPhrase *phrase, guint at)
{
  if (at + phrase->n_slots > self->words->len)
    return FALSE;
  for (guint i = 0; i < phrase->n_slots; i++)
    if ((g_array_index (self->words, Word, at + i).slots >> (phrase->first + i) & 1) == 0)
      return FALSE;

  return TRUE;
}

/* A single Han character is looked for as the beginning of a pair: only it was meant. */
static guint
find_end (ValiseMatcher *self, const ValiseQueryPhrase *phrase, guint at)
{
  guint                  last = phrase->n_slots - 1;
  const Word            *word = &g_array_index (self->words, Word, at + last);
  const ValiseQuerySlot *slot =
      &g_array_index (self->query->slots, ValiseQuerySlot, phrase->first + last);
  const char *reading = slot->readings->pdata[0];

  if (slot->prefix && g_utf8_get_char (reading) >= 0x2e80)
    return word->start
           + (guint) (g_utf8_next_char (self->text + word->start) - (self->text + word->start));

  return word->end;
}

static void
mark_phrases (ValiseMatcher *self, guint at)
{
  for (guint i = 0; i < self->query->phrases->len; i++)
    {
      const ValiseQueryPhrase *phrase = &g_array_index (self->query->phrases, ValiseQueryPhrase, i);

      if (stands_at (self, phrase, at))
        {
          Mark mark = { g_array_index (self->words, Word, at).start, find_end (self, phrase, at),
                        phrase->term };

          g_array_append_val (self->marks, mark);
        }
    }
}

static guint
count_terms (const ValiseMatcher *self, guint first, guint n_marks)
{
  guint64 seen = 0;

  for (guint i = first; i < first + n_marks; i++)
    seen |= G_GUINT64_CONSTANT (1) << g_array_index (self->marks, Mark, i).term;

  return (guint) __builtin_popcountll (seen);
}

guint
valise_matcher_read (ValiseMatcher *self, const char *text)
{
  g_array_set_size (self->words, 0);
  g_array_set_size (self->marks, 0);
  self->text = text;

  valise_tokenizer_look (self->tokenizer, text, &self->letters, keep_word, self);
  for (guint i = 0; i < self->words->len; i++)
    if (g_array_index (self->words, Word, i).slots != 0)
      mark_phrases (self, i);

  return count_terms (self, 0, self->marks->len);
}

/* --- cutting ------------------------------------------------------------------------- */

static guint
count_characters (const ValiseMatcher *self, guint start, guint end)
{
  return (guint) g_utf8_strlen (self->text + start, (gssize) (end - start));
}

/* The run of marks that fits and has most terms, then most marks; the earliest of equals. */
static void
find_best_run (const ValiseMatcher *self, guint room, guint *first, guint *n_marks)
{
  guint best = 0;

  *first = *n_marks = 0;
  for (guint i = 0; i < self->marks->len; i++)
    {
      guint start = g_array_index (self->marks, Mark, i).start;
      guint end = g_array_index (self->marks, Mark, i).end;
      guint length = count_characters (self, start, end);
      guint n = 1;
      guint worth = 0;

      for (; i + n < self->marks->len && length <= room; n++)
        {
          guint next = MAX (end, g_array_index (self->marks, Mark, i + n).end);

          length += count_characters (self, end, next);
          if (length > room)
            break;
          end = next;
        }
      worth = count_terms (self, i, n) * 1000 + MIN (n, 999);
      if (worth > best)
        {
          best = worth;
          *first = i;
          *n_marks = n;
        }
    }
}

static gboolean
may_cut (const char *at)
{
  gunichar before = g_utf8_get_char (g_utf8_prev_char (at));
  gunichar after = g_utf8_get_char (at);

  return g_unichar_isspace (before) || g_unichar_isspace (after) || before >= 0x2e80
         || after >= 0x2e80;
}

/* From @at @characters on (or, negative, back), to where words part; within @limit. */
static const char *
step (const char *text, const char *at, int characters, const char *limit)
{
  const char *last = at;

  for (int i = 0; i < ABS (characters) && at != limit; i++)
    {
      at = characters > 0 ? g_utf8_next_char (at) : g_utf8_prev_char (at);
      if (at == limit || (at > text && may_cut (at)))
        last = at;
    }

  return last;
}

static const char *
skip_spaces (const char *start, const char *end)
{
  while (start < end && g_unichar_isspace (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);

  return start;
}

static const char *
drop_spaces (const char *start, const char *end)
{
  while (end > start && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);

  return end;
}

static gboolean
is_blank (const char *start, const char *end)
{
  return skip_spaces (start, end) == end;
}

/* Appends the mark, or lengthens the one before where nothing but a space parts them. */
static void
append_mark (GArray *marks, const char *snippet, guint start, guint end)
{
  guint *last = marks->len == 0 ? NULL : &g_array_index (marks, guint, marks->len - 1);

  if (last != NULL && (start <= *last || is_blank (snippet + *last, snippet + start)))
    {
      *last = MAX (*last, end);
      return;
    }
  g_array_append_val (marks, start);
  g_array_append_val (marks, end);
}

static void
choose_window (ValiseMatcher *self, const char **start, const char **end)
{
  const char *text_end = self->text + strlen (self->text);
  const int   room = VALISE_SNIPPET_LENGTH - 2; /* for an ellipsis on each side */
  guint       first = 0;
  guint       n_marks = 0;
  int         spare = room;

  *start = *end = self->text;
  find_best_run (self, room, &first, &n_marks);
  if (n_marks > 0)
    {
      *start = self->text + g_array_index (self->marks, Mark, first).start;
      *end = self->text + g_array_index (self->marks, Mark, first + n_marks - 1).end;
      spare -= (int) g_utf8_strlen (*start, *end - *start);
    }
  if (spare <= 0)
    {
      *end = g_utf8_offset_to_pointer (*start, MIN (room, g_utf8_strlen (*start, *end - *start)));
      return;
    }

  /* A third before, so that what follows, which one reads for, has more. */
  *start = step (self->text, *start, -spare / 3, self->text);
  spare = room - (int) g_utf8_strlen (*start, *end - *start);
  *end = step (self->text, *end, spare, text_end);
  spare = room - (int) g_utf8_strlen (*start, *end - *start);
  *start = step (self->text, *start, -spare, self->text);
}

char *
valise_matcher_cut (ValiseMatcher *self, GArray *marks)
{
  const char *start = self->text;
  const char *end = self->text + strlen (self->text);
  GString    *snippet = g_string_new (NULL);
  int         shift = 0;

  if (g_utf8_strlen (self->text, -1) > VALISE_SNIPPET_LENGTH)
    choose_window (self, &start, &end);
  if (!is_blank (self->text, start))
    g_string_append (snippet, "…");
  start = skip_spaces (start, end);
  shift = (int) snippet->len - (int) (start - self->text);
  end = drop_spaces (start, end);
  g_string_append_len (snippet, start, end - start);
  if (!is_blank (end, end + strlen (end)))
    g_string_append (snippet, "…");

  for (guint i = 0; i < self->marks->len; i++)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i);
      const char *from = MAX (self->text + mark->start, start);
      const char *to = MIN (self->text + mark->end, end);

      if (from < to)
        append_mark (marks, snippet->str, (guint) (from - self->text + shift),
                     (guint) (to - self->text + shift));
    }

  return g_string_free (snippet, FALSE);
}
