/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-index-reading"

#include "config.h"

#include "valise-index-reading.h"

static void
open_file (ValiseIndexReading *self, ValiseFileStore *files)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GBytes) bytes = valise_file_store_read_whole (files, self->sha256, &reason);

  self->state = VALISE_READING_NONE;
  if (bytes != NULL)
    {
      self->opened = self->reader->open (bytes, &self->n_pages, &reason);
      self->state = self->opened != NULL ? VALISE_READING_BEGUN : VALISE_READING_REFUSED;
    }
  if (reason != NULL)
    g_info ("file %s can't be read: %s", self->sha256, reason->message);
  self->n_pages = MIN (self->n_pages, VALISE_INDEX_MAX_PAGES);
}

ValiseIndexReading *
valise_index_reading_new (const ValiseIndexReader *reader,
                          ValiseFileStore         *files,
                          const char              *sha256,
                          gint64                   length)
{
  ValiseIndexReading *self = g_new0 (ValiseIndexReading, 1);

  self->reader = reader;
  self->sha256 = g_strdup (sha256);
  self->words = g_string_new (NULL);
  self->state = VALISE_READING_REFUSED;
  if (files != NULL && length <= VALISE_INDEX_MAX_FILE)
    open_file (self, files);

  return self;
}

void
valise_index_reading_free (ValiseIndexReading *self)
{
  if (self->opened != NULL)
    self->reader->close (self->opened);
  g_string_free (self->words, TRUE);
  g_free (self->sha256);
  g_free (self);
}

static void
read_page (ValiseIndexReading *self)
{
  g_autofree char *words = self->reader->dup_page (self->opened, self->page);

  /* Neither is a word's, and both have a meaning where words are kept. */
  g_strdelimit (words, VALISE_ORIGINAL_PAGE VALISE_TOKEN_BREAK, ' ');
  if (self->page++ > 0)
    g_string_append (self->words, VALISE_ORIGINAL_PAGE);
  g_string_append (self->words, words);
}

gboolean
valise_index_reading_read (ValiseIndexReading *self, gint64 piece_us, const int *closing)
{
  gint64 since_us = g_get_monotonic_time ();
  gint64 now_us = since_us;

  while (self->page < self->n_pages && self->words->len < VALISE_INDEX_MAX_WORDS
         && now_us - since_us < piece_us && !g_atomic_int_get (closing))
    {
      read_page (self);
      now_us = g_get_monotonic_time ();
    }
  self->spent_us += now_us - since_us;
  if (self->page < self->n_pages && self->words->len < VALISE_INDEX_MAX_WORDS
      && self->spent_us < VALISE_INDEX_MAX_US)
    return FALSE;
  self->state = VALISE_READING_DONE;

  return TRUE;
}
