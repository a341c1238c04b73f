/* valise-bundle-intake.c - the files that a bundle brings
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-bundle-intake"

#include "config.h"

#include "valise-bundle-intake.h"
#include "valise-file-transfer.h"
#include "valise-file-upload.h"
#include "valise-home.h"

/* One bundle's files while they are taken. */
typedef struct
{
  const ValiseBundleHolder *holder;
  ValiseBundleReader       *reader;
  ValiseBundleArrival      *arrival;
  ValiseFileStore          *files;
  GCancellable             *cancellable;
} Intake;

typedef struct
{
  const ValiseBundleOriginal *original;
  gboolean                    named;
} Search;

static gboolean
look_at (ValiseDocument *document, gpointer user_data, GError **error)
{
  Search *search = user_data;

  search->named |= valise_bundle_original_is_named (search->original, document);
  return TRUE;
}

static gboolean
is_named_in_bundle (const Intake               *self,
                    const ValiseBundleOriginal *original,
                    gboolean                   *named,
                    GError                    **error)
{
  g_autoptr (ValisePeer) peer = valise_bundle_peer_new_reading (self->reader, original->section);
  g_autoptr (GPtrArray)  wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);
  Search search = { original, FALSE };

  g_ptr_array_add (wants, valise_peer_want_new (original->named_by, NULL));
  if (!valise_peer_fetch (peer, wants, look_at, &search, self->cancellable, error))
    return FALSE;
  *named = search.named;
  return TRUE;
}

/* Bytes that nothing names would only take room. */
static gboolean
is_named (const Intake               *self,
          const char                 *name,
          const ValiseBundleOriginal *original,
          gboolean                   *named,
          GError                    **error)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (self->holder->home, name, FALSE, NULL);
  g_autoptr (ValiseDocument) document = NULL;

  *named = FALSE;
  if (database != NULL)
    document = valise_database_get (database, original->named_by, NULL, NULL);
  if (document != NULL && valise_bundle_original_is_named (original, document))
    {
      *named = TRUE;
      return TRUE;
    }
  return !valise_bundle_holder_is_secretariat (self->holder)
         || is_named_in_bundle (self, original, named, error);
}

/* What a bundle cannot give is named, and ends nothing; what the disk refuses does. */
static gboolean
judge (const Intake *self, const ValiseBundleOriginal *original, GError *failure, GError **error)
{
  if (failure->domain != VALISE_PEER_ERROR && failure->domain != VALISE_FILE_ERROR)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    {
      self->arrival->originals_begun++;
      g_error_free (failure);
      return TRUE;
    }
  valise_bundle_arrival_note (self->arrival, 1,
                              g_strdup_printf ("%s: %s", original->named_by, failure->message));
  g_error_free (failure);
  return TRUE;
}

static gboolean
take_bytes (const Intake               *self,
            const char                 *name,
            const ValiseBundleOriginal *original,
            GError                    **error)
{
  g_autoptr (ValisePeer) peer = valise_bundle_peer_new_reading (self->reader, original->section);
  ValiseFileWish         wish = { .sha256 = (char *) original->sha256,
                                  .database = (char *) name,
                                  .name = (char *) original->sha256,
                                  .length = original->length };
  GError                *failure = NULL;
  gboolean               complete = FALSE, before = FALSE;

  valise_file_store_get_present (self->files, original->sha256, NULL, &before);
  if (!valise_file_transfer_fetch (peer, self->files, &wish, NULL, NULL, NULL, self->cancellable,
                                   &failure))
    return judge (self, original, failure, error);
  valise_file_store_get_present (self->files, original->sha256, NULL, &complete);
  if (!complete)
    self->arrival->originals_begun++;
  else if (!before)
    {
      self->arrival->originals_stored++;
      self->arrival->original_bytes += (guint64) original->length;
    }
  return TRUE;
}

/* --- to a server ---------------------------------------------------------------------------- */

typedef struct
{
  const Intake               *self;
  const ValiseBundleOriginal *original;
  ValiseUploadOwner           owner;
  ValiseUploadState           state;
} Upload;

static gboolean
upload_piece (const ValisePeerPiece *piece, gpointer user_data, GError **error)
{
  Upload            *upload = user_data;
  g_autoptr (GBytes) bytes = g_bytes_new (piece->data, piece->length);

  return valise_file_upload_append (upload->self->files, upload->original->sha256, &upload->owner,
                                    upload->original->length, piece->offset, bytes, &upload->state,
                                    error);
}

/* As whoever made the bundle would bring it over the network: the database is shown all of it, in
 * one bundle or in several. */
static gboolean
show_bytes (const Intake               *self,
            const char                 *name,
            const ValiseBundleOriginal *original,
            GError                    **error)
{
  const ValiseBundleHeader *header = valise_bundle_reader_get_header (self->reader);
  g_autoptr (ValisePeer)    peer = valise_bundle_peer_new_reading (self->reader, original->section);
  Upload                    upload = { self, original, { name, header->maker }, { 0 } };
  ValisePeerFile            file = { original->sha256, NULL, original->length, 0, NULL };
  GError                   *failure = NULL;

  if (!valise_file_upload_look (self->files, original->sha256, &upload.owner, &upload.state, error))
    return FALSE;
  if (upload.state.proven)
    return TRUE;
  file.offset = upload.state.present;
  if (!valise_peer_fetch_file (peer, &file, upload_piece, &upload, self->cancellable, &failure))
    return judge (self, original, failure, error);
  if (!upload.state.proven)
    {
      self->arrival->originals_begun++;
      return TRUE;
    }
  self->arrival->originals_stored++;
  self->arrival->original_bytes += (guint64) original->length;
  return TRUE;
}

static gboolean
take_original (const Intake *self, const ValiseBundleOriginal *original, GError **error)
{
  const ValiseBundleHeader  *header = valise_bundle_reader_get_header (self->reader);
  const ValiseBundleSection *section = g_ptr_array_index (header->sections, original->section);
  g_autofree char *obstacle = valise_bundle_holder_dup_obstacle (self->holder, section->name);
  gboolean         named = FALSE;

  if (obstacle != NULL)
    {
      valise_bundle_arrival_note (self->arrival, 1, g_steal_pointer (&obstacle));
      return TRUE;
    }
  if (!is_named (self, section->name, original, &named, error))
    return FALSE;
  if (named && valise_bundle_holder_is_secretariat (self->holder))
    return show_bytes (self, section->name, original, error);
  if (named)
    return take_bytes (self, section->name, original, error);
  valise_bundle_arrival_note (
      self->arrival, 1,
      g_strdup_printf ("%s: no document here names file %s", original->named_by, original->sha256));
  return TRUE;
}

gboolean
valise_bundle_take_originals (const ValiseBundleHolder *holder,
                              ValiseBundleReader       *reader,
                              ValiseBundleArrival      *arrival,
                              GCancellable             *cancellable,
                              GError                  **error)
{
  GPtrArray *originals = valise_bundle_reader_list_originals (reader);
  Intake     self = { holder, reader, arrival, NULL, cancellable };

  arrival->originals = originals->len;
  if (originals->len == 0)
    return TRUE;
  self.files = valise_home_get_files (holder->home, error);
  if (self.files == NULL)
    return FALSE;
  for (guint i = 0; i < originals->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !take_original (&self, g_ptr_array_index (originals, i), error))
      return FALSE;
  return TRUE;
}
