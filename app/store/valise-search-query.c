/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-search-query"

#include "config.h"

#include <string.h>

#include "valise-fold.h"
#include "valise-search-query.h"

#define MAX_BYTES 2000 /* of a query; what follows is left out */

/* The query being read. */
typedef struct
{
  ValiseQuery       *query;
  ValiseTokenizer   *tokenizer;
  ValiseCompleteFunc complete;
  gpointer           user_data;
  ValiseQueryHan     han;
  char              *last_raw; /* of the word read last, before it was stemmed */
} Reader;

static void
clear_slot (gpointer data)
{
  g_clear_pointer (&((ValiseQuerySlot *) data)->readings, g_ptr_array_unref);
}

static void
add_reading (ValiseQuerySlot *slot, const char *text, gsize length)
{
  char *reading = g_strndup (text, length);

  if (g_ptr_array_find_with_equal_func (slot->readings, reading, g_str_equal, NULL))
    g_free (reading);
  else
    g_ptr_array_add (slot->readings, reading);
}

static gboolean
is_han (const char *text, gsize length)
{
  gunichar c = length == 0 ? 0 : g_utf8_get_char_validated (text, (gssize) length);

  return c < 0x110000 && c != 0 && valise_fold_character (c).kind == VALISE_FOLD_HAN;
}

static gboolean
add_token (const ValiseToken *token, gpointer user_data)
{
  Reader          *reader = user_data;
  GArray          *slots = reader->query->slots;
  ValiseQuerySlot *slot = NULL;

  if (token->colocated)
    {
      add_reading (&g_array_index (slots, ValiseQuerySlot, slots->len - 1), token->text,
                   token->length);
      return TRUE;
    }
  if (slots->len >= VALISE_QUERY_MAX_SLOTS)
    return FALSE;

  g_array_set_size (slots, slots->len + 1);
  slot = &g_array_index (slots, ValiseQuerySlot, slots->len - 1);
  slot->readings = g_ptr_array_new_with_free_func (g_free);
  add_reading (slot, token->text, token->length);
  g_free (reader->last_raw);
  reader->last_raw = g_strndup (token->raw, token->raw_length);

  return TRUE;
}

/* Ends the phrase that began at slot @first. */
static gboolean
end_phrase (Reader *reader, guint first, guint term)
{
  ValiseQueryPhrase phrase = { .first = first,
                               .n_slots = reader->query->slots->len - first,
                               .term = term };

  if (phrase.n_slots == 0)
    return FALSE;
  g_array_append_val (reader->query->phrases, phrase);

  return TRUE;
}

/* Makes the last slot match what begins like what was typed there last. */
static void
complete_last (Reader *reader)
{
  GArray          *slots = reader->query->slots;
  ValiseQuerySlot *slot = &g_array_index (slots, ValiseQuerySlot, slots->len - 1);
  const char      *raw = reader->last_raw;
  g_auto (GStrv)   stems = NULL;

  if (is_han (raw, strlen (raw)) || reader->complete == NULL
      || (g_utf8_strlen (raw, -1) < 2 && !g_ascii_isdigit (raw[0])))
    return;
  stems = reader->complete (raw, reader->user_data);
  for (guint i = 0; stems != NULL && stems[i] != NULL; i++)
    add_reading (slot, stems[i], strlen (stems[i]));
}

/* A single Han character is the beginning of pairs. */
static void
open_single_han (Reader *reader, guint first)
{
  GArray          *slots = reader->query->slots;
  ValiseQuerySlot *slot = &g_array_index (slots, ValiseQuerySlot, slots->len - 1);

  if (slots->len > first && is_han (reader->last_raw, strlen (reader->last_raw))
      && g_utf8_strlen (reader->last_raw, -1) == 1)
    slot->prefix = TRUE;
}

/* The word without its hyphens, where it has some: NULL where not. */
static char *
join_hyphens (const char *text, gsize length)
{
  GString    *joined = g_string_sized_new (length);
  const char *at = text;
  gboolean    any = FALSE;

  while (at < text + length)
    {
      const char *next = g_utf8_next_char (at);
      gunichar    c = g_utf8_get_char (at);

      if (at > text && next < text + length && valise_fold_character (c).kind == VALISE_FOLD_HYPHEN)
        any = TRUE;
      else
        g_string_append_len (joined, at, next - at);
      at = next;
    }

  return g_string_free (joined, !any);
}

/* Every other pair from @first on is a term, and the last, so that each character counts. */
static void
split_into_terms (Reader *reader, guint first)
{
  guint end = reader->query->slots->len;
  guint at = reader->han == VALISE_QUERY_HAN_ODD ? MIN (first + 1, end - 1) : first;

  for (; at < end; at = at + 2 == end ? end - 1 : at + 2)
    {
      ValiseQueryPhrase phrase = { .first = at, .n_slots = 1, .term = reader->query->n_terms++ };

      g_array_append_val (reader->query->phrases, phrase);
    }
}

/* One word, or a quoted phrase; @last: the end of the query, where one may still be typing. */
static void
read_term (Reader *reader, const char *text, gsize length, gboolean quoted, gboolean last)
{
  ValiseQuery     *query = reader->query;
  guint            first = query->slots->len;
  g_autofree char *joined = quoted ? NULL : join_hyphens (text, length);

  valise_tokenizer_run (reader->tokenizer, text, (gssize) length, VALISE_TOKENIZER_QUERY, add_token,
                        reader);
  if (query->slots->len == first)
    return;

  /* One letter at the end of words is a word begun: it narrows nothing down yet. */
  if (last && query->n_terms > 0 && query->slots->len == first + 1
      && g_utf8_strlen (reader->last_raw, -1) == 1 && !g_ascii_isdigit (reader->last_raw[0])
      && !is_han (reader->last_raw, strlen (reader->last_raw)))
    {
      g_array_set_size (query->slots, first);
      return;
    }
  if (last)
    complete_last (reader);
  open_single_han (reader, first);

  if (reader->han != VALISE_QUERY_HAN_PHRASE && !quoted && is_han (text, length))
    {
      split_into_terms (reader, first);
      return;
    }
  end_phrase (reader, first, query->n_terms);
  if (joined != NULL)
    {
      first = query->slots->len;
      valise_tokenizer_run (reader->tokenizer, joined, -1, VALISE_TOKENIZER_QUERY, add_token,
                            reader);
      if (last && query->slots->len > first)
        complete_last (reader);
      end_phrase (reader, first, query->n_terms);
    }
  query->n_terms++;
}

/* Opening and closing marks of quotation, as the six languages use them. */
static gboolean
is_quote (gunichar c)
{
  return c == '"' || c == 0xab || c == 0xbb || (c >= 0x201c && c <= 0x201f)
         || (c >= 0x300c && c <= 0x300f) || c == 0xff02 || c == 0x301d || c == 0x301e;
}

static void
read_all (Reader *reader, const char *text, gsize length)
{
  const char *end = text + length;
  const char *start = text;
  gboolean    quoted = FALSE;

  for (const char *at = text;; at = g_utf8_next_char (at))
    {
      gunichar c = at < end ? g_utf8_get_char (at) : 0;

      if (at < end && !is_quote (c) && (quoted || !g_unichar_isspace (c)))
        continue;
      if (at > start)
        read_term (reader, start, at - start, quoted, at == end && !quoted);
      if (at == end)
        break;
      start = g_utf8_next_char (at);
      quoted ^= is_quote (c);
    }
}

ValiseQuery *
valise_query_new (const char        *text,
                  ValiseTokenizer   *tokenizer,
                  ValiseCompleteFunc complete,
                  gpointer           user_data,
                  ValiseQueryHan     han)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) strnlen (text, MAX_BYTES));
  ValiseQuery     *self = g_new0 (ValiseQuery, 1);
  Reader           reader = {
              .query = self, .tokenizer = tokenizer, .complete = complete, .user_data = user_data, .han = han
  };

  self->slots = g_array_new (FALSE, TRUE, sizeof (ValiseQuerySlot));
  g_array_set_clear_func (self->slots, clear_slot);
  self->phrases = g_array_new (FALSE, TRUE, sizeof (ValiseQueryPhrase));
  read_all (&reader, valid, strlen (valid));
  g_free (reader.last_raw);

  return self;
}

void
valise_query_free (ValiseQuery *self)
{
  g_clear_pointer (&self->slots, g_array_unref);
  g_clear_pointer (&self->phrases, g_array_unref);
  g_free (self);
}

static void
append_slot (GString *match, const ValiseQuerySlot *slot)
{
  for (guint i = 0; i < slot->readings->len; i++)
    g_string_append_printf (match, "%s%s", i > 0 ? "|" : "", (char *) slot->readings->pdata[i]);
}

static void
append_phrase (GString *match, const ValiseQuery *self, const ValiseQueryPhrase *phrase)
{
  const ValiseQuerySlot *slots = &g_array_index (self->slots, ValiseQuerySlot, phrase->first);

  g_string_append_c (match, '"');
  for (guint i = 0; i < phrase->n_slots; i++)
    {
      if (i > 0)
        g_string_append_c (match, ' ');
      append_slot (match, &slots[i]);
    }
  g_string_append (match, "\"");
  if (slots[phrase->n_slots - 1].prefix)
    g_string_append (match, " *");
}

/* One word's readings as alternatives: of synonyms within a phrase FTS5 merges every position in
 * each row it passes, of alternatives it looks at none that isn't asked for. */
static guint
append_readings (GString *match, const ValiseQuerySlot *slot)
{
  for (guint i = 0; i < slot->readings->len; i++)
    g_string_append_printf (match, "%s\"%s\"", i > 0 ? " OR " : "",
                            (char *) slot->readings->pdata[i]);

  return slot->readings->len;
}

char *
valise_query_to_match (const ValiseQuery *self, GArray *origins)
{
  GString *match = g_string_new (NULL);
  guint    term = G_MAXUINT;

  for (guint i = 0; i < self->phrases->len; i++)
    {
      const ValiseQueryPhrase *phrase = &g_array_index (self->phrases, ValiseQueryPhrase, i);
      const ValiseQuerySlot   *slot = &g_array_index (self->slots, ValiseQuerySlot, phrase->first);
      guint                    n_made = 1;

      if (phrase->term == term)
        g_string_append (match, " OR ");
      else
        g_string_append (match, i > 0 ? ") AND (" : "(");
      if (phrase->n_slots == 1 && !slot->prefix)
        n_made = append_readings (match, slot);
      else
        append_phrase (match, self, phrase);
      for (; n_made > 0; n_made--)
        g_array_append_val (origins, i);
      term = phrase->term;
    }
  g_string_append (match, ")");

  return g_string_free (match, FALSE);
}
