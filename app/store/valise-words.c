/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-words"

#include "config.h"

#include "valise-words.h"

#define FEW 8 /* entries for which no thread is begun */

struct _ValiseWordsAhead
{
  const GArray *jobs;
  guint         n_taken;
  GThread      *thread; /* NULL: words are found when they are taken */
  GAsyncQueue  *ready;  /* of ValiseWords, in order */
  int           stopped;
};

static gboolean
append_word (const ValiseToken *token, gpointer user_data)
{
  GString *list = user_data;

  if (token->length == 0)
    return TRUE;
  g_string_append_c (list, token->colocated ? VALISE_WORDS_COLOCATED : VALISE_WORDS_PLAIN);
  g_string_append_c (list, (char) token->length); /* less than 128, see VALISE_STEM_SIZE */
  g_string_append_len (list, token->text, token->length);

  return TRUE;
}

static void
append_text (GString *list, ValiseTokenizer *tokenizer, const char *text)
{
  if (text != NULL)
    valise_tokenizer_run (tokenizer, text, -1, VALISE_TOKENIZER_TEXT, append_word, list);
}

ValiseWords *
valise_words_new (ValiseTokenizer *tokenizer, const ValiseIndexEntry *entry)
{
  ValiseWords *self = g_new0 (ValiseWords, 1);
  guint        n_paragraphs = entry->paragraphs != NULL ? entry->paragraphs->len : 0;

  self->symbol = g_string_new (NULL);
  self->title = g_string_new (NULL);
  self->body = g_string_sized_new (n_paragraphs > 0 ? 10000 : 1);
  valise_tokenizer_begin_document (tokenizer);
  append_text (self->symbol, tokenizer, entry->symbol);
  append_text (self->title, tokenizer, entry->title);
  for (guint i = 0; i < n_paragraphs; i++)
    {
      const ValiseIndexParagraph *paragraph = entry->paragraphs->pdata[i];

      if (paragraph->text == NULL)
        continue;
      append_text (self->body, tokenizer, paragraph->text);
      append_text (self->body, tokenizer, VALISE_TOKEN_BREAK);
    }
  self->length = valise_tokenizer_get_length (tokenizer);

  return self;
}

void
valise_words_free (ValiseWords *self)
{
  g_string_free (self->symbol, TRUE);
  g_string_free (self->title, TRUE);
  g_string_free (self->body, TRUE);
  g_free (self);
}

/* --- ahead ----------------------------------------------------------------------------- */

static ValiseWords *
find_words (ValiseWordsAhead *self, guint number)
{
  const ValiseWordsJob *job = &g_array_index (self->jobs, ValiseWordsJob, number);

  return valise_words_new (job->tokenizer, job->entry);
}

static gpointer
run (gpointer data)
{
  ValiseWordsAhead *self = data;

  for (guint i = 0; i < self->jobs->len && !g_atomic_int_get (&self->stopped); i++)
    g_async_queue_push (self->ready, find_words (self, i));

  return NULL;
}

ValiseWordsAhead *
valise_words_ahead_new (const GArray *jobs)
{
  ValiseWordsAhead *self = g_new0 (ValiseWordsAhead, 1);

  self->jobs = jobs;
  self->ready = g_async_queue_new_full ((GDestroyNotify) valise_words_free);
  /* Where there is no thread to be had, it goes without. */
  if (jobs->len > FEW)
    self->thread = g_thread_try_new ("valise-words", run, self, NULL);

  return self;
}

void
valise_words_ahead_free (ValiseWordsAhead *self)
{
  g_atomic_int_set (&self->stopped, TRUE);
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_pointer (&self->ready, g_async_queue_unref);
  g_free (self);
}

ValiseWords *
valise_words_ahead_take (ValiseWordsAhead *self)
{
  guint number = self->n_taken++;

  g_return_val_if_fail (number < self->jobs->len, NULL);

  return self->thread != NULL ? g_async_queue_pop (self->ready) : find_words (self, number);
}
