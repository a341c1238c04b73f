/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-store-peer"

#include "config.h"

#include "valise-inline.h"
#include "valise-store-files.h"
#include "valise-store-leaves.h"
#include "valise-store-peer.h"
#include "valise-store-recent.h"
#include "valise-store-write.h"
#include "valise-wait.h"

/**
 * ValiseStorePeer:
 *
 * A database of this machine as a peer. Its sequences are the database's, as decimal text.
 * A document that is known and not here is not offered: there is nothing to give.
 */
struct _ValiseStorePeer
{
  GObject parent_instance;

  ValiseDatabase  *database;
  ValiseFileStore *files;     /* of inline attachments; NULL: they are left as stubs */
  ValiseFileStore *originals; /* what the verbs for files give and take; NULL: nothing */
  char            *name;      /* set once, by new() */
  ValiseOrigin    *origin;    /* (nullable): who need not be offered what came from there */
  gboolean         reading;   /* keeps no logs; set once */
  gint64           since;     /* where its feed begins; set once */
};

static void valise_store_peer_init_peer (ValisePeerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ValiseStorePeer,
                               valise_store_peer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_PEER,
                                                      valise_store_peer_init_peer))

static gboolean
parse_seq (const char *text, gint64 *seq, GError **error)
{
  *seq = 0;
  if (text == NULL || g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, seq, NULL))
    return TRUE;

  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
               "\"%s\" is not a sequence of this database", text);
  return FALSE;
}

/* A missing document is the peer's MISSING, whoever the peer is. */
static void
translate_missing (GError **error)
{
  if (error != NULL
      && g_error_matches (*error, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    {
      (*error)->domain = VALISE_PEER_ERROR;
      (*error)->code = VALISE_PEER_ERROR_MISSING;
    }
}

static const char *
get_name (ValisePeer *peer)
{
  return VALISE_STORE_PEER (peer)->name;
}

static gboolean
get_info (ValisePeer *peer, ValisePeerInfo *info, GCancellable *cancellable, GError **error)
{
  ValiseStorePeer   *self = VALISE_STORE_PEER (peer);
  ValiseDatabaseInfo found = { 0 };

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !valise_database_get_info (self->database, &found, error))
    return FALSE;

  info->uuid = g_strdup (found.uuid);
  info->start_time = g_strdup_printf ("%" G_GINT64_FORMAT, found.created_us);
  info->update_seq = g_strdup_printf ("%" G_GINT64_FORMAT, found.update_seq);
  info->documents = found.documents;
  return TRUE;
}

static char *
get_local (ValisePeer *peer, const char *id, GCancellable *cancellable, GError **error)
{
  ValiseStorePeer *self = VALISE_STORE_PEER (peer);
  char            *body = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (self->reading)
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING, "%s is only read",
                   self->name);
      return NULL;
    }

  body = valise_database_get_local (self->database, id, NULL, error);
  if (body == NULL)
    translate_missing (error);
  return body;
}

static gboolean
put_local (ValisePeer   *peer,
           const char   *id,
           const char   *body,
           GCancellable *cancellable,
           GError      **error)
{
  ValiseStorePeer *self = VALISE_STORE_PEER (peer);
  g_autofree char *rev = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (self->reading)
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN, "%s is only read",
                   self->name);
      return FALSE;
    }

  rev = valise_database_put_local (self->database, id, body, error);
  return rev != NULL;
}

typedef struct
{
  ValisePeerChangeFunc func;
  gpointer             user_data;
  GCancellable        *cancellable;
  GArray              *spans; /* (nullable): to be passed over */
  guint                rows;
} Feed;

/* Only leaves that are here can be given; a row without one is left out. */
static gboolean
offer_change (const ValiseChange *change, gpointer user_data)
{
  Feed                 *feed = user_data;
  g_autoptr (GPtrArray) revs = g_ptr_array_new ();
  ValisePeerChange      row = { 0 };
  char                  seq[32];

  if (feed->spans != NULL && valise_spans_contain (feed->spans, change->seq))
    return !g_cancellable_is_cancelled (feed->cancellable);

  for (guint i = 0; i < change->leaves->len; i++)
    {
      const ValiseRevisionLeaf *leaf = g_ptr_array_index (change->leaves, i);

      if (leaf->here)
        g_ptr_array_add (revs, leaf->rev);
    }
  if (revs->len == 0)
    return !g_cancellable_is_cancelled (feed->cancellable);
  g_ptr_array_add (revs, NULL);

  g_snprintf (seq, sizeof seq, "%" G_GINT64_FORMAT, change->seq);
  row.id = change->id;
  row.seq = seq;
  row.deleted = change->deleted;
  row.revs = (const char *const *) revs->pdata;
  row.size = change->size;
  feed->rows++;
  return feed->func (&row, feed->user_data) && !g_cancellable_is_cancelled (feed->cancellable);
}

/* Rows that are left out make no page: a page without any would look like the feed's end. */
static gboolean
read_feed (ValiseStorePeer *self,
           gint64           since,
           guint            limit,
           Feed            *feed,
           gint64          *last,
           gint64          *pending,
           GError         **error)
{
  *last = since;
  do
    {
      if (feed->spans != NULL)
        *last = valise_spans_pass (feed->spans, *last);
      if (!valise_database_changes (self->database, *last, limit, VALISE_CHANGES_ALL_LEAVES,
                                    offer_change, feed, last, pending, error)
          || g_cancellable_set_error_if_cancelled (feed->cancellable, error))
        return FALSE;
    }
  while (feed->rows == 0 && *pending > 0);
  return TRUE;
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
  ValiseStorePeer   *self = VALISE_STORE_PEER (peer);
  g_autoptr (GArray) spans = NULL;
  Feed               feed = { func, user_data, cancellable, NULL, 0 };
  gint64             seq = 0, last = 0;

  if (!parse_seq (since, &seq, error))
    return FALSE;
  seq = MAX (seq, self->since);
  if (wait_ms > 0 && !valise_wait_for_change (self->database, seq, wait_ms, cancellable, error))
    return FALSE;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (self->origin != NULL)
    feed.spans = spans = valise_origin_dup_spans (self->origin);
  if (!read_feed (self, seq, limit, &feed, &last, pending, error))
    return FALSE;

  *last_seq = g_strdup_printf ("%" G_GINT64_FORMAT, last);
  return TRUE;
}

static GPtrArray *
diff (ValisePeer *peer, GPtrArray *wants, GCancellable *cancellable, GError **error)
{
  ValiseStorePeer      *self = VALISE_STORE_PEER (peer);
  g_autoptr (GPtrArray) missing =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);

  for (guint i = 0; i < wants->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !valise_store_leaves_diff (self->database, g_ptr_array_index (wants, i), missing, error))
      return NULL;

  return g_steal_pointer (&missing);
}

static gboolean
give (ValiseStorePeer       *self,
      ValiseDocument        *document,
      ValisePeerDocumentFunc func,
      gpointer               user_data,
      GError               **error)
{
  g_autoptr (ValiseDocument) filled = valise_inline_dup_filled (self->files, document, error);

  return filled != NULL && (filled->body == NULL || func (filled, user_data, error));
}

static gboolean
fetch (ValisePeer            *peer,
       GPtrArray             *wants,
       ValisePeerDocumentFunc func,
       gpointer               user_data,
       GCancellable          *cancellable,
       GError               **error)
{
  ValiseStorePeer *self = VALISE_STORE_PEER (peer);

  for (guint i = 0; i < wants->len; i++)
    {
      g_autoptr (GPtrArray) found =
          g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);

      if (!valise_store_leaves_collect (self->database, g_ptr_array_index (wants, i), found, error))
        return FALSE;
      for (guint j = 0; j < found->len; j++)
        {
          if (g_cancellable_set_error_if_cancelled (cancellable, error)
              || !give (self, g_ptr_array_index (found, j), func, user_data, error))
            return FALSE;
        }
    }
  return TRUE;
}

static GPtrArray *
write_documents (ValisePeer   *peer,
                 GPtrArray    *documents,
                 const char   *local_id,
                 const char   *local_body,
                 GCancellable *cancellable,
                 GError      **error)
{
  ValiseStorePeer *self = VALISE_STORE_PEER (peer);
  ValiseStoreWrite write = { self->database, self->files, self->origin };

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return valise_store_write (&write, documents, local_id, local_body, error);
}

/* A feed that is only read keeps no memory either: it is for a file, not for a peer. */
static gboolean
set_origin (ValisePeer *peer, ValisePeerOrigin *origin, GError **error)
{
  ValiseStorePeer *self = VALISE_STORE_PEER (peer);

  if (self->reading)
    return TRUE;
  g_clear_pointer (&self->origin, valise_origin_free);
  self->origin = valise_origin_new (self->database, origin->name, origin->epoch);
  return valise_origin_settle (self->origin, origin, error);
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
  ValiseStorePeer *self = VALISE_STORE_PEER (peer);

  if (self->originals != NULL)
    return valise_store_files_fetch (self->database, self->originals, file, func, user_data,
                                     cancellable, error);
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING, "%s has no files", self->name);
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
  ValiseStorePeer      *self = VALISE_STORE_PEER (peer);
  g_autoptr (GPtrArray) one = g_ptr_array_new (), refusals = NULL;

  if (self->originals == NULL)
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_FORBIDDEN, "%s takes no files",
                   self->name);
      return FALSE;
    }
  if (!valise_store_files_copy (document, files, self->originals, func, user_data, cancellable,
                                error))
    return FALSE;
  g_ptr_array_add (one, document);
  refusals = write_documents (peer, one, NULL, NULL, cancellable, error);
  if (refusals != NULL && refusals->len > 0)
    g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL, "%s: %s", document->id,
                 ((const ValiseRefusal *) g_ptr_array_index (refusals, 0))->reason);
  return refusals != NULL && refusals->len == 0;
}

static gboolean
is_atomic (ValisePeer *peer)
{
  return TRUE;
}

static GPtrArray *
recent (ValisePeer *peer, guint documents, gsize bytes)
{
  return valise_store_recent (VALISE_STORE_PEER (peer)->database, documents, bytes);
}

static void
valise_store_peer_init_peer (ValisePeerInterface *iface)
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
  iface->set_origin = set_origin;
  iface->recent = recent;
  iface->fetch_file = fetch_file;
  iface->send_file = send_file;
}

static void
valise_store_peer_dispose (GObject *object)
{
  ValiseStorePeer *self = VALISE_STORE_PEER (object);

  g_clear_object (&self->database);
  g_clear_object (&self->files);
  g_clear_object (&self->originals);

  G_OBJECT_CLASS (valise_store_peer_parent_class)->dispose (object);
}

static void
valise_store_peer_finalize (GObject *object)
{
  ValiseStorePeer *self = VALISE_STORE_PEER (object);

  g_clear_pointer (&self->origin, valise_origin_free);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (valise_store_peer_parent_class)->finalize (object);
}

static void
valise_store_peer_class_init (ValiseStorePeerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_store_peer_dispose;
  G_OBJECT_CLASS (klass)->finalize = valise_store_peer_finalize;
}

static void
valise_store_peer_init (ValiseStorePeer *self)
{
}

/**
 * valise_store_peer_new:
 * @database: an open database, which the peer keeps a reference to
 *
 * Any thread; the verbs block and may be called from several threads.
 *
 * Returns: (transfer full): a peer
 */
ValisePeer *
valise_store_peer_new (ValiseDatabase *database)
{
  return valise_store_peer_new_with_files (database, NULL);
}

ValisePeer *
valise_store_peer_new_with_files (ValiseDatabase *database, ValiseFileStore *files)
{
  ValiseStorePeer *self = NULL;

  g_return_val_if_fail (VALISE_IS_DATABASE (database), NULL);
  g_return_val_if_fail (files == NULL || VALISE_IS_FILE_STORE (files), NULL);

  self = g_object_new (VALISE_TYPE_STORE_PEER, NULL);
  self->database = g_object_ref (database);
  g_set_object (&self->files, files);
  /* By name alone: what the file's uuid adds is the epoch, which the checkpoint compares. */
  self->name = g_strconcat ("store:", valise_database_get_name (database), NULL);
  return VALISE_PEER (self);
}

ValisePeer *
valise_store_peer_new_reading (ValiseDatabase *database, gint64 since)
{
  ValisePeer *peer = valise_store_peer_new (database);

  g_return_val_if_fail (peer != NULL, NULL);

  VALISE_STORE_PEER (peer)->reading = TRUE;
  VALISE_STORE_PEER (peer)->since = since;
  return peer;
}

ValisePeer *
valise_store_peer_new_with_originals (ValiseDatabase *database, ValiseFileStore *originals)
{
  ValisePeer *peer = valise_store_peer_new (database);

  g_return_val_if_fail (VALISE_IS_FILE_STORE (originals), peer);

  VALISE_STORE_PEER (peer)->originals = g_object_ref (originals);
  return peer;
}
