/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-index-originals"

#include "config.h"

#include "valise-file-wishes.h"
#include "valise-index-originals.h"
#include "valise-index-reading.h"

#define PIECE_US  (G_TIME_SPAN_SECOND / 4) /* of one step */
#define MAX_TRIES 3

struct _ValiseIndexOriginals
{
  ValiseIndexOriginalsParts parts;

  ValiseFileStore    *files;   /* NULL until first needed */
  ValiseIndexReading *reading; /* NULL: none; else its digest is the next in hand */

  GMutex      mutex;
  GHashTable *noted; /* under it: digests to be looked at */
  gboolean    look;  /* under it: at all of them */
  gboolean    busy;  /* under it: with a step, or between two of one reading */
};

/* --- what is to be done ---------------------------------------------------------------- */

void
valise_index_originals_note (const char *sha256, gpointer originals)
{
  ValiseIndexOriginals *self = originals;

  g_mutex_lock (&self->mutex);
  g_hash_table_add (self->noted, g_strdup (sha256));
  g_mutex_unlock (&self->mutex);
  self->parts.wake (self->parts.wake_data);
}

void
valise_index_originals_look (ValiseIndexOriginals *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->look = TRUE;
}

gboolean
valise_index_originals_has_work (ValiseIndexOriginals *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->look || self->busy || g_hash_table_size (self->noted) > 0;
}

/* Whether all are to be looked at; they are not from now on. */
static gboolean
take_look (ValiseIndexOriginals *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gboolean                 look = self->look;

  self->look = FALSE;
  return look;
}

/* One that was noted, which it is no longer; NULL: none. */
static char *
take_noted (ValiseIndexOriginals *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GHashTableIter           iter;
  gpointer                 sha256 = NULL;

  g_hash_table_iter_init (&iter, self->noted);
  if (!g_hash_table_iter_next (&iter, &sha256, NULL))
    return NULL;
  g_hash_table_iter_steal (&iter);

  return sha256;
}

/* --- what is in hand ------------------------------------------------------------------- */

static void
set_reading (ValiseIndexOriginals *self, ValiseIndexReading *reading)
{
  g_clear_pointer (&self->reading, valise_index_reading_free);
  self->reading = reading;
}

static void
set_busy (ValiseIndexOriginals *self, gboolean busy)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->busy = busy;
}

/* What a file needs before its words are known. */
typedef struct
{
  gboolean reading;
  gint64   length; /* bytes */
  gint64   tries;  /* before */
} Need;

static ValiseIndexReading *
open_reading (ValiseIndexOriginals *self, const char *sha256, const Need *need)
{
  if (need->tries < MAX_TRIES)
    return valise_index_reading_new (self->parts.reader, self->files, sha256, need->length);

  g_info ("file %s is not read, after %d tries", sha256, MAX_TRIES);
  return valise_index_reading_new (self->parts.reader, NULL, sha256, need->length);
}

/* --- one file, in a transaction -------------------------------------------------------- */

/* What a transaction did, until it is through. */
typedef struct
{
  GArray *gone;    /* of gint64: places */
  GArray *entries; /* of ValiseIndexEntry: what changes are lent from */
  GArray *changes; /* of ValisePlaceChange */
} Deed;

static void
clear_entry (gpointer data)
{
  valise_index_entry_clear (data);
}

static void
init_deed (Deed *deed)
{
  deed->gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  deed->entries = g_array_new (FALSE, FALSE, sizeof (ValiseIndexEntry));
  deed->changes = g_array_new (FALSE, FALSE, sizeof (ValisePlaceChange));
  g_array_set_clear_func (deed->entries, clear_entry);
}

static void
clear_deed (Deed *deed)
{
  g_array_unref (deed->gone);
  g_array_unref (deed->entries);
  g_array_unref (deed->changes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deed, clear_deed)

static void
update_columns (ValiseSearchColumns *columns, const Deed *deed)
{
  valise_search_columns_lock (columns, TRUE);
  for (guint i = 0; i < deed->gone->len; i++)
    valise_search_columns_remove (columns, g_array_index (deed->gone, gint64, i));
  for (guint i = 0; i < deed->changes->len; i++)
    valise_search_columns_set (columns, &g_array_index (deed->changes, ValisePlaceChange, i));
  valise_search_columns_unlock (columns, TRUE);
}

static gboolean
clear_words (ValiseSearchStore *store,
             const char        *sha256,
             const GArray      *rows,
             Deed              *deed,
             GError           **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const ValiseOriginalRow *row = &g_array_index (rows, ValiseOriginalRow, i);

      if (row->place > 0)
        g_array_append_val (deed->gone, row->place);
    }

  return valise_search_originals_clear (store, sha256, error);
}

/* @pages: (nullable): there are none to be had. */
static gboolean
put_words (ValiseSearchStore *store,
           const char        *pages,
           const GArray      *rows,
           Deed              *deed,
           GError           **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const ValiseOriginalRow *row = &g_array_index (rows, ValiseOriginalRow, i);
      ValiseIndexEntry         entry = { 0 };
      ValisePlaceChange        change = { 0 };
      gboolean                 done = FALSE;

      if (row->looked_at)
        continue;
      done = valise_search_originals_put_words (store, row->row, pages, &entry, &change, error);
      g_clear_pointer (&entry.paragraphs, g_ptr_array_unref);
      g_array_append_val (deed->entries, entry); /* moved: its strings stay where they are */
      if (!done)
        return FALSE;
      if (change.place > 0)
        g_array_append_val (deed->changes, change);
    }

  return TRUE;
}

static gboolean
all_looked_at (const GArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    if (!g_array_index (rows, ValiseOriginalRow, i).looked_at)
      return FALSE;

  return TRUE;
}

/* Brings the entries of a file in step with whether it is here. @need: (out): whether it must be
 * read first; then that is counted. */
static gboolean
settle (ValiseIndexOriginals *self,
        ValiseSearchStore    *store,
        const char           *sha256,
        Need                 *need,
        Deed                 *deed,
        GError              **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GArray) rows = valise_search_originals_find (store, sha256, error);
  g_autofree char   *pages = NULL;
  gboolean           here = FALSE;
  ValiseReadingState state = VALISE_READING_NONE;

  if (rows == NULL)
    return FALSE;
  valise_file_store_get_present (self->files, sha256, &need->length, &here);
  if (!here || rows->len == 0)
    return clear_words (store, sha256, rows, deed, error);
  if (all_looked_at (rows))
    return TRUE;

  state = valise_search_originals_get_reading (store, sha256, &need->tries, &pages, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (state == VALISE_READING_DONE || state == VALISE_READING_REFUSED)
    return put_words (store, pages, rows, deed, error);
  need->reading = TRUE;

  return valise_search_originals_begin (store, sha256, error);
}

/* @over: (nullable): a reading that is, of the same file. */
static gboolean
write_file (ValiseIndexOriginals     *self,
            ValiseSearchStore        *store,
            const char               *sha256,
            const ValiseIndexReading *over,
            Need                     *need,
            Deed                     *deed,
            GError                  **error)
{
  ValiseReadingState state =
      over != NULL && over->opened != NULL ? VALISE_READING_DONE : VALISE_READING_REFUSED;

  return (over == NULL
          || valise_search_originals_keep (store, sha256, state, over->words->str, error))
         && settle (self, store, sha256, need, deed, error)
         && valise_search_store_flush_words (store, FALSE, error)
         && valise_search_store_finish (store, error);
}

static gboolean
commit_file (ValiseIndexOriginals     *self,
             ValiseSearchStore        *store,
             const char               *sha256,
             const ValiseIndexReading *over,
             Need                     *need,
             gboolean                 *changed,
             GError                  **error)
{
  g_auto (Deed) deed = { 0 };

  init_deed (&deed);
  if (!valise_db_begin (store->db, error))
    return FALSE;
  if (!write_file (self, store, sha256, over, need, &deed, error))
    {
      valise_db_rollback (store->db);
      return FALSE;
    }
  if (!valise_db_commit (store->db, error))
    return FALSE;
  update_columns (self->parts.columns, &deed);
  *changed = deed.gone->len > 0 || deed.changes->len > 0;

  return TRUE;
}

/* --- stepping -------------------------------------------------------------------------- */

/* Notes what is here and was not looked at, and what was and is not here any more. */
static gboolean
look_at_all (ValiseIndexOriginals *self, ValiseSearchStore *store, GError **error)
{
  g_autoptr (GError)     reason = NULL;
  g_autoptr (GHashTable) here = valise_file_wishes_list_here (self->files, &reason);
  g_autoptr (GHashTable) named = valise_search_originals_list (store, error);
  GHashTableIter         iter;
  gpointer               sha256 = NULL;
  gpointer               looked_at = NULL;

  if (here == NULL)
    g_info ("files can't be listed: %s", reason->message);
  if (named == NULL || here == NULL)
    return named != NULL;

  g_hash_table_iter_init (&iter, named);
  while (g_hash_table_iter_next (&iter, &sha256, &looked_at))
    {
      const ValiseFileHere *file = g_hash_table_lookup (here, sha256);
      gboolean              is_here = file != NULL && file->complete;

      if (is_here != (GPOINTER_TO_INT (looked_at) != 0))
        valise_index_originals_note (sha256, self);
    }

  return TRUE;
}

/* FALSE where there are none to be had. */
static gboolean
open_files (ValiseIndexOriginals *self)
{
  g_autoptr (GError) reason = NULL;
  ValiseFileStore   *files = NULL;

  if (self->files != NULL)
    return TRUE;
  files = self->parts.files (self->parts.files_data, &reason);
  if (files == NULL)
    {
      g_info ("no words of files: %s", reason->message);
      return FALSE;
    }
  self->files = g_object_ref (files);
  valise_file_store_watch (files, valise_index_originals_note, self);

  return TRUE;
}

static gboolean
step_reading (ValiseIndexOriginals *self,
              ValiseSearchStore    *store,
              gboolean             *changed,
              GError              **error)
{
  ValiseIndexReading *reading = self->reading;
  Need                need = { 0 };

  if (reading->state == VALISE_READING_BEGUN
      && !valise_index_reading_read (reading, PIECE_US, self->parts.closing))
    return TRUE;
  if (reading->state != VALISE_READING_NONE
      && !commit_file (self, store, reading->sha256, reading, &need, changed, error))
    return FALSE;
  set_reading (self, NULL);

  return TRUE;
}

static gboolean
step_noted (ValiseIndexOriginals *self, ValiseSearchStore *store, gboolean *changed, GError **error)
{
  g_autofree char *sha256 = NULL;
  Need             need = { 0 };

  if (take_look (self) && open_files (self) && !look_at_all (self, store, error))
    return FALSE;

  sha256 = take_noted (self);
  if (sha256 == NULL || !open_files (self))
    return TRUE;
  if (!commit_file (self, store, sha256, NULL, &need, changed, error))
    {
      valise_index_originals_note (sha256, self);
      return FALSE;
    }
  if (need.reading)
    set_reading (self, open_reading (self, sha256, &need));

  return TRUE;
}

gboolean
valise_index_originals_step (ValiseIndexOriginals *self,
                             ValiseSearchStore    *store,
                             gboolean             *changed,
                             GError              **error)
{
  gboolean done = FALSE;

  *changed = FALSE;
  set_busy (self, TRUE);
  done = self->reading != NULL ? step_reading (self, store, changed, error)
                               : step_noted (self, store, changed, error);
  set_busy (self, self->reading != NULL);

  return done;
}

/* --- the object ------------------------------------------------------------------------ */

ValiseIndexOriginals *
valise_index_originals_new (const ValiseIndexOriginalsParts *parts)
{
  ValiseIndexOriginals *self = g_new0 (ValiseIndexOriginals, 1);

  self->parts = *parts;
  self->noted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->look = TRUE;
  g_mutex_init (&self->mutex);

  return self;
}

void
valise_index_originals_free (ValiseIndexOriginals *self)
{
  if (self->files != NULL)
    valise_file_store_watch (self->files, NULL, NULL);
  g_clear_object (&self->files);
  set_reading (self, NULL);
  g_hash_table_unref (self->noted);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
