/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-index-ahead"

#include "config.h"

#include "valise-index-ahead.h"

#define FEW 8 /* documents for which no thread is begun */

struct _ValiseIndexAhead
{
  ValiseIndexAheadParts parts;
  guint                 n_given;
  guint                 n_taken;
  GThread              *thread; /* NULL: rounds are made ready when they are given */
  GAsyncQueue          *rounds; /* of GPtrArray, for the thread; an empty one ends it */
  GAsyncQueue          *ready;  /* of ValiseIndexItem, in order */
  int                   stopped;
};

void
valise_index_item_free (ValiseIndexItem *item)
{
  if (item == NULL)
    return;
  g_clear_pointer (&item->document, valise_document_unref);
  valise_index_entry_clear (&item->entry);
  g_clear_pointer (&item->words, valise_words_free);
  g_free (item);
}

/* --- making ready ---------------------------------------------------------------------- */

static gboolean
extract (ValiseIndexAhead *self, ValiseIndexItem *item)
{
  const ValiseDocument  *document = item->document;
  g_autoptr (ValiseJson) json = NULL;

  if (document->body != NULL)
    {
      json = valise_document_scan (document, NULL);
      if (json == NULL) /* the database took it, so that's not for us to report */
        return FALSE;
    }

  return self->parts.extract (self->parts.database, document, json, &item->entry,
                              self->parts.extract_data);
}

static ValiseIndexItem *
make_item (ValiseIndexAhead *self, ValiseDocument *document)
{
  ValiseIndexItem *item = g_new0 (ValiseIndexItem, 1);

  item->document = valise_document_ref (document);
  item->indexed = extract (self, item);
  if (!item->indexed)
    valise_index_entry_clear (&item->entry);

  return item;
}

/* What it is found by; then its paragraphs have done their work. */
static void
find_words (ValiseIndexAhead *self, ValiseIndexItem *item, guint table)
{
  if (item->indexed && item->document->body != NULL)
    item->words =
        valise_words_new (valise_search_fts_get_tokenizer (self->parts.fts, table), &item->entry);
  g_clear_pointer (&item->entry.paragraphs, g_ptr_array_unref);
}

static void
make_ready (ValiseIndexAhead *self, GPtrArray *round)
{
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_full (round->len, (GDestroyNotify) valise_index_item_free);

  for (guint i = 0; i < round->len && !g_atomic_int_get (&self->stopped); i++)
    g_ptr_array_add (items, make_item (self, round->pdata[i]));

  for (guint table = 0; table < VALISE_SEARCH_TABLES; table++)
    for (guint i = 0; i < items->len && !g_atomic_int_get (&self->stopped); i++)
      {
        ValiseIndexItem *item = items->pdata[i];

        if (item == NULL || valise_search_table_of (item->entry.language) != table)
          continue;
        find_words (self, item, table);
        items->pdata[i] = NULL;
        g_async_queue_push (self->ready, item);
      }
}

static gpointer
run (gpointer data)
{
  ValiseIndexAhead *self = data;

  for (;;)
    {
      g_autoptr (GPtrArray) round = g_async_queue_pop (self->rounds);

      if (round->len == 0)
        return NULL;
      make_ready (self, round);
    }
}

/* --- for the writer -------------------------------------------------------------------- */

ValiseIndexAhead *
valise_index_ahead_new (const ValiseIndexAheadParts *parts)
{
  ValiseIndexAhead *self = g_new0 (ValiseIndexAhead, 1);

  self->parts = *parts;
  self->rounds = g_async_queue_new_full ((GDestroyNotify) g_ptr_array_unref);
  self->ready = g_async_queue_new_full ((GDestroyNotify) valise_index_item_free);

  return self;
}

void
valise_index_ahead_free (ValiseIndexAhead *self)
{
  g_atomic_int_set (&self->stopped, TRUE);
  if (self->thread != NULL)
    g_async_queue_push (self->rounds, g_ptr_array_new ());
  g_clear_pointer (&self->thread, g_thread_join);
  g_clear_pointer (&self->rounds, g_async_queue_unref);
  g_clear_pointer (&self->ready, g_async_queue_unref);
  g_free (self);
}

void
valise_index_ahead_give (ValiseIndexAhead *self, GPtrArray *round)
{
  g_autoptr (GPtrArray) taken = round;

  if (round->len == 0)
    return;
  self->n_given += round->len;
  /* Where there is no thread to be had, it goes without. */
  if (self->thread == NULL && round->len > FEW)
    self->thread = g_thread_try_new ("valise-words", run, self, NULL);
  if (self->thread != NULL)
    g_async_queue_push (self->rounds, g_steal_pointer (&taken));
  else
    make_ready (self, round);
}

guint
valise_index_ahead_get_n_left (ValiseIndexAhead *self)
{
  return self->n_given - self->n_taken;
}

ValiseIndexItem *
valise_index_ahead_take (ValiseIndexAhead *self)
{
  if (self->n_taken == self->n_given)
    return NULL;
  self->n_taken++;

  return g_async_queue_pop (self->ready);
}
