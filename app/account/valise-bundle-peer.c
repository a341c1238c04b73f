/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-peer"

#include "config.h"

#include "valise-bundle-peer.h"
#include "valise-id.h"

#define PAGE_BYTES (4 << 20) /* of bodies in a page of the feed, which is kept to be fetched */

/**
 * ValiseBundlePeer:
 *
 * A sequence is how many documents of the section came before, as decimal text. The documents
 * of the last two pages of the feed are kept, since they are what is asked for next; any other
 * is looked for in the file.
 */
struct _ValiseBundlePeer
{
  GObject parent_instance;

  ValiseBundleReader *reader; /* or NULL */
  ValiseBundleWriter *writer; /* or NULL */
  ValiseBundleChoice *choice; /* or NULL */
  char               *database;
  guint               section;
  char               *name;
  char               *epoch;
  GHashTable         *page; /* ValiseDocument by "id\nrev" */
  GHashTable         *page_before;
};

static void valise_bundle_peer_init_peer (ValisePeerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ValiseBundlePeer,
                               valise_bundle_peer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_PEER,
                                                      valise_bundle_peer_init_peer))

static const char *
get_name (ValisePeer *peer)
{
  return VALISE_BUNDLE_PEER (peer)->name;
}

static gboolean
get_info (ValisePeer *peer, ValisePeerInfo *info, GCancellable *cancellable, GError **error)
{
  ValiseBundlePeer *self = VALISE_BUNDLE_PEER (peer);
  guint64           count =
      self->reader != NULL ? valise_bundle_reader_count (self->reader, self->section) : 0;

  info->uuid = g_strdup (self->epoch);
  info->start_time = g_strdup ("0");
  info->update_seq = g_strdup_printf ("%" G_GUINT64_FORMAT, count);
  info->documents = (gint64) count;
  return TRUE;
}

static char *
get_local (ValisePeer *peer, const char *id, GCancellable *cancellable, GError **error)
{
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING, "A bundle has no _local/%s",
               id);
  return NULL;
}

static gboolean
put_local (ValisePeer   *peer,
           const char   *id,
           const char   *body,
           GCancellable *cancellable,
           GError      **error)
{
  g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN,
                       "A bundle keeps no log");
  return FALSE;
}

/* --- reading ------------------------------------------------------------------------------ */

static char *
make_key (const char *id, const char *rev)
{
  return g_strconcat (id, "\n", rev, NULL);
}

typedef struct
{
  ValiseBundlePeer    *self;
  ValisePeerChangeFunc func;
  gpointer             user_data;
  guint                limit;
  guint                rows;
  guint64              seq;
  gsize                bytes;
} Feed;

static gboolean
give_row (ValiseDocument *document, gpointer user_data)
{
  Feed            *feed = user_data;
  const char      *revs[] = { document->rev, NULL };
  ValisePeerChange row = { 0 };
  char             seq[32];

  feed->seq++;
  feed->rows++;
  g_snprintf (seq, sizeof seq, "%" G_GUINT64_FORMAT, feed->seq);
  row.id = document->id;
  row.seq = seq;
  row.deleted = document->deleted;
  row.revs = revs;
  row.size = (gint64) g_bytes_get_size (document->body);
  feed->bytes += g_bytes_get_size (document->body);
  g_hash_table_replace (feed->self->page, make_key (document->id, document->rev),
                        valise_document_ref (document));
  return feed->func (&row, feed->user_data) && (feed->limit == 0 || feed->rows < feed->limit)
         && feed->bytes < PAGE_BYTES;
}

static GHashTable *
new_page (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify) valise_document_unref);
}

static gboolean
changes (ValisePeer          *peer,
         const char          *since,
         guint                limit,
         guint                wait_ms,
         ValisePeerChangeFunc func,
         gpointer             user_data,
         char               **last_seq,
         gint64              *pending,
         GCancellable        *cancellable,
         GError             **error)
{
  ValiseBundlePeer *self = VALISE_BUNDLE_PEER (peer);
  Feed              feed = { self, func, user_data, limit, 0, 0, 0 };
  guint64           count = 0;

  if (since != NULL && !g_ascii_string_to_unsigned (since, 10, 0, G_MAXUINT64, &feed.seq, NULL))
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                   "\"%s\" is not a sequence of a bundle", since);
      return FALSE;
    }
  if (self->reader != NULL)
    {
      count = valise_bundle_reader_count (self->reader, self->section);
      g_hash_table_unref (self->page_before);
      self->page_before = self->page;
      self->page = new_page ();
      if (!valise_bundle_reader_read (self->reader, self->section, feed.seq, give_row, &feed,
                                      cancellable, error))
        return FALSE;
    }
  *last_seq = g_strdup_printf ("%" G_GUINT64_FORMAT, feed.seq);
  if (pending != NULL)
    *pending = (gint64) (count - MIN (feed.seq, count));
  return TRUE;
}

/* A fetch: what the pages lack is looked for in the file, once for all of it. */
typedef struct
{
  ValisePeerDocumentFunc func;
  gpointer               user_data;
  GHashTable            *wanted;  /* set of "id\nrev" */
  GHashTable            *winners; /* ValiseDocument (nullable) by id, where no revision is named */
  GError                *failure;
} Search;

static gboolean
is_better (const ValiseDocument *a, const ValiseDocument *b)
{
  if (b == NULL)
    return TRUE;
  if (a->deleted != b->deleted)
    return b->deleted;
  return valise_revision_compare (a->rev, b->rev) > 0;
}

static gboolean
take_match (ValiseDocument *document, gpointer user_data)
{
  Search          *search = user_data;
  g_autofree char *key = make_key (document->id, document->rev);
  gpointer         best = NULL;

  if (g_hash_table_lookup_extended (search->winners, document->id, NULL, &best)
      && is_better (document, best))
    g_hash_table_replace (search->winners, g_strdup (document->id), valise_document_ref (document));
  return !g_hash_table_remove (search->wanted, key)
         || search->func (document, search->user_data, &search->failure);
}

static ValiseDocument *
find_in_pages (ValiseBundlePeer *self, const char *key)
{
  ValiseDocument *document = g_hash_table_lookup (self->page, key);

  return document != NULL ? document : g_hash_table_lookup (self->page_before, key);
}

/* Gives what of @want the pages have, and notes the rest. */
static gboolean
give_from_pages (ValiseBundlePeer *self, const ValisePeerWant *want, Search *search)
{
  if (want->revs[0] == NULL)
    g_hash_table_replace (search->winners, g_strdup (want->id), NULL);
  for (guint i = 0; want->revs[i] != NULL; i++)
    {
      char           *key = make_key (want->id, want->revs[i]);
      ValiseDocument *document = find_in_pages (self, key);

      if (document == NULL)
        {
          g_hash_table_add (search->wanted, key);
          continue;
        }
      g_free (key);
      if (!search->func (document, search->user_data, &search->failure))
        return FALSE;
    }
  return TRUE;
}

static gboolean
give_winners (Search *search)
{
  GHashTableIter iter;
  gpointer       document = NULL;

  g_hash_table_iter_init (&iter, search->winners);
  while (g_hash_table_iter_next (&iter, NULL, &document))
    if (document != NULL && !search->func (document, search->user_data, &search->failure))
      return FALSE;
  return TRUE;
}

static void
unref_winner (gpointer document)
{
  if (document != NULL)
    valise_document_unref (document);
}

static gboolean
give_all (ValiseBundlePeer *self, GPtrArray *wants, Search *search, GCancellable *cancellable)
{
  for (guint i = 0; i < wants->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, &search->failure)
        || !give_from_pages (self, g_ptr_array_index (wants, i), search))
      return FALSE;
  if (g_hash_table_size (search->wanted) + g_hash_table_size (search->winners) == 0)
    return TRUE;
  return valise_bundle_reader_read (self->reader, self->section, 0, take_match, search, cancellable,
                                    search->failure == NULL ? &search->failure : NULL)
         && search->failure == NULL && give_winners (search);
}

static gboolean
fetch (ValisePeer            *peer,
       GPtrArray             *wants,
       ValisePeerDocumentFunc func,
       gpointer               user_data,
       GCancellable          *cancellable,
       GError               **error)
{
  ValiseBundlePeer *self = VALISE_BUNDLE_PEER (peer);
  Search            search = { func, user_data, NULL, NULL, NULL };
  gboolean          ok = TRUE;

  if (self->reader == NULL)
    return TRUE;
  search.wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  search.winners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_winner);
  ok = give_all (self, wants, &search, cancellable);
  if (!ok)
    g_propagate_error (error, search.failure);
  g_hash_table_unref (search.wanted);
  g_hash_table_unref (search.winners);
  return ok;
}

/* --- writing ------------------------------------------------------------------------------ */

/* A new bundle lacks everything; one that is read takes nothing. */
static GPtrArray *
diff (ValisePeer *peer, GPtrArray *wants, GCancellable *cancellable, GError **error)
{
  ValiseBundlePeer *self = VALISE_BUNDLE_PEER (peer);
  GPtrArray *missing = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);

  for (guint i = 0; self->writer != NULL && i < wants->len; i++)
    {
      const ValisePeerWant *want = g_ptr_array_index (wants, i);

      if (!valise_bundle_writer_has (self->writer, self->section, want->id))
        g_ptr_array_add (missing,
                         valise_peer_want_new (want->id, (const char *const *) want->revs));
    }
  return missing;
}

static gboolean
write_one (ValiseBundlePeer *self, const ValiseDocument *document, GError **error)
{
  if (self->choice != NULL
      && !valise_bundle_choice_take (self->choice, self->database, self->section, document))
    return TRUE;
  return valise_bundle_writer_add (self->writer, self->section, document, error);
}

static GPtrArray *
write_documents (ValisePeer   *peer,
                 GPtrArray    *documents,
                 const char   *local_id,
                 const char   *local_body,
                 GCancellable *cancellable,
                 GError      **error)
{
  ValiseBundlePeer     *self = VALISE_BUNDLE_PEER (peer);
  g_autoptr (GPtrArray) refusals =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_refusal_free);

  if (self->writer == NULL)
    {
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN,
                           "A bundle that is read takes no documents");
      return NULL;
    }
  for (guint i = 0; i < documents->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !write_one (self, g_ptr_array_index (documents, i), error))
      return NULL;
  return g_steal_pointer (&refusals);
}

/* --- files -------------------------------------------------------------------------------- */

static gboolean
fetch_file (ValisePeer           *peer,
            const ValisePeerFile *file,
            ValisePeerPieceFunc   func,
            gpointer              user_data,
            GCancellable         *cancellable,
            GError              **error)
{
  ValiseBundlePeer           *self = VALISE_BUNDLE_PEER (peer);
  const ValiseBundleOriginal *original =
      self->reader != NULL ? valise_bundle_reader_find_original (self->reader, file->sha256) : NULL;

  if (original == NULL || original->section != self->section || file->offset < original->offset
      || file->offset >= original->end)
    g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING,
                 "File %s from byte %" G_GINT64_FORMAT " on is not in this bundle", file->sha256,
                 file->offset);
  else if (original->length != file->length)
    g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
                 "File %s is of another length in this bundle", file->sha256);
  else
    return valise_bundle_reader_read_original (self->reader, original, file->offset, func,
                                               user_data, cancellable, error);
  return FALSE;
}

static gboolean
send_file (ValisePeer        *peer,
           ValiseDocument    *document,
           ValiseFileStore   *files,
           ValisePeerSentFunc func,
           gpointer           user_data,
           GCancellable      *cancellable,
           GError           **error)
{
  ValiseBundlePeer                *self = VALISE_BUNDLE_PEER (peer);
  const char                      *sha256 = valise_id_get_sha256 (document->id);
  g_autoptr (ValiseBundleOriginal) original = NULL;
  gint64                           length = 0;

  g_return_val_if_fail (sha256 != NULL && self->writer != NULL, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  valise_file_store_get_present (files, sha256, &length, NULL);
  original = valise_bundle_original_new (sha256, self->section, document->id, length);
  return valise_bundle_writer_add (self->writer, self->section, document, error)
         && valise_bundle_writer_add_original (self->writer, original, files, func, user_data,
                                               error);
}

/* A log that rides along costs nothing, and is left out. */
static gboolean
is_atomic (ValisePeer *peer)
{
  return VALISE_BUNDLE_PEER (peer)->writer != NULL;
}

static void
valise_bundle_peer_init_peer (ValisePeerInterface *iface)
{
  iface->get_name = get_name;
  iface->get_info = get_info;
  iface->get_local = get_local;
  iface->put_local = put_local;
  iface->changes = changes;
  iface->diff = diff;
  iface->fetch = fetch;
  iface->write = write_documents;
  iface->is_atomic = is_atomic;
  iface->fetch_file = fetch_file;
  iface->send_file = send_file;
}

/* --- the object --------------------------------------------------------------------------- */

static void
valise_bundle_peer_finalize (GObject *object)
{
  ValiseBundlePeer *self = VALISE_BUNDLE_PEER (object);

  g_clear_pointer (&self->reader, valise_bundle_reader_unref);
  g_hash_table_unref (self->page);
  g_hash_table_unref (self->page_before);
  g_free (self->name);
  g_free (self->epoch);
  g_free (self->database);

  G_OBJECT_CLASS (valise_bundle_peer_parent_class)->finalize (object);
}

static void
valise_bundle_peer_class_init (ValiseBundlePeerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_bundle_peer_finalize;
}

static void
valise_bundle_peer_init (ValiseBundlePeer *self)
{
  self->page = new_page ();
  self->page_before = new_page ();
}

ValisePeer *
valise_bundle_peer_new_reading (ValiseBundleReader *reader, guint section)
{
  const ValiseBundleHeader  *header = valise_bundle_reader_get_header (reader);
  const ValiseBundleSection *part = NULL;
  ValiseBundlePeer          *self = NULL;

  g_return_val_if_fail (section < header->sections->len, NULL);

  part = g_ptr_array_index (header->sections, section);
  self = g_object_new (VALISE_TYPE_BUNDLE_PEER, NULL);
  self->reader = valise_bundle_reader_ref (reader);
  self->section = section;
  self->epoch = g_strdup (valise_bundle_reader_get_id (reader));
  self->name = g_strdup_printf ("bundle/%s/%s", self->epoch, part->name);
  return VALISE_PEER (self);
}

ValisePeer *
valise_bundle_peer_new_writing (ValiseBundleWriter *writer,
                                guint               section,
                                const char         *database,
                                ValiseBundleChoice *choice)
{
  ValiseBundlePeer *self = g_object_new (VALISE_TYPE_BUNDLE_PEER, NULL);

  self->writer = writer;
  self->choice = choice;
  self->database = g_strdup (database);
  self->section = section;
  self->epoch = valise_bundle_writer_dup_id (writer);
  self->name = g_strdup_printf ("bundle/%s/%u", self->epoch, section);
  return VALISE_PEER (self);
}
