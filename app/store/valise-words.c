/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-words"

#include "config.h"

#include "valise-words.h"

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
