/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-originals"

#include "config.h"

#include "valise-bundle-reader-parts.h"

/* A frame with a piece, as it was found when the bundle was looked through. */
typedef struct
{
  guint64 offset; /* bytes from the bundle's start */
  guint64 number; /* of the frame */
  gint64  at;     /* where the piece belongs in its file */
} Piece;

/* A file, and which of the pieces are its own. */
typedef struct
{
  ValiseBundleOriginal *original;
  guint                 first;
  guint                 pieces;
} Entry;

struct _ValiseBundleOriginals
{
  GArray     *pieces;  /* of Piece, in the bundle's order */
  GPtrArray  *list;    /* (element-type ValiseBundleOriginal) */
  GHashTable *entries; /* Entry by SHA-256 */
  Entry      *last;    /* lent; NULL: none yet */
};

ValiseBundleOriginals *
valise_bundle_originals_new (void)
{
  ValiseBundleOriginals *self = g_new0 (ValiseBundleOriginals, 1);

  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_bundle_original_free);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  return self;
}

void
valise_bundle_originals_free (ValiseBundleOriginals *self)
{
  g_hash_table_unref (self->entries);
  g_ptr_array_unref (self->list);
  g_array_unref (self->pieces);
  g_free (self);
}

static gboolean
refuse (GError **error, ValiseBundleError code, const char *why)
{
  g_set_error_literal (error, VALISE_BUNDLE_ERROR, (int) code, why);
  return FALSE;
}

/* Whether @next goes on where the last file of @self stands. */
static gboolean
continues (const ValiseBundleOriginals *self, const ValiseBundleOriginal *next)
{
  const ValiseBundleOriginal *last = self->last != NULL ? self->last->original : NULL;

  return last != NULL && g_str_equal (last->sha256, next->sha256) && last->end == next->offset
         && last->length == next->length && last->section == next->section;
}

/* Takes @next. */
static gboolean
begin (ValiseBundleOriginals *self, ValiseBundleOriginal *next, GError **error)
{
  if (self->list->len == VALISE_BUNDLE_MAX_ORIGINALS)
    {
      valise_bundle_original_free (next);
      return refuse (error, VALISE_BUNDLE_ERROR_TOO_LARGE, "The bundle holds too many files");
    }
  if (g_hash_table_contains (self->entries, next->sha256))
    {
      valise_bundle_original_free (next);
      return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED,
                     "The bundle holds pieces of a file that do not follow one another");
    }
  self->last = g_new0 (Entry, 1);
  self->last->original = next;
  self->last->first = self->pieces->len;
  g_ptr_array_add (self->list, next);
  g_hash_table_insert (self->entries, next->sha256, self->last);
  return TRUE;
}

gboolean
valise_bundle_originals_take (ValiseBundleOriginals *self,
                              guint64                offset,
                              guint64                number,
                              GBytes                *data,
                              guint                  sections,
                              GError               **error)
{
  ValiseBundleOriginal *next = valise_bundle_original_unpack (data, NULL, error);
  Piece                 piece = { offset, number, 0 };

  if (next == NULL)
    return FALSE;
  piece.at = next->offset;
  if (next->section >= sections)
    {
      valise_bundle_original_free (next);
      return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED,
                     "The bundle holds a file of a database that it does not name");
    }
  if (continues (self, next))
    {
      self->last->original->end = next->end;
      valise_bundle_original_free (next);
    }
  else if (!begin (self, next, error))
    return FALSE;
  self->last->pieces++;
  g_array_append_val (self->pieces, piece);
  return TRUE;
}

/* --- reading -------------------------------------------------------------------------------- */

GPtrArray *
valise_bundle_reader_list_originals (ValiseBundleReader *self)
{
  return valise_bundle_reader_get_originals (self)->list;
}

const ValiseBundleOriginal *
valise_bundle_reader_find_original (ValiseBundleReader *self, const char *sha256)
{
  const Entry *entry =
      g_hash_table_lookup (valise_bundle_reader_get_originals (self)->entries, sha256);

  return entry != NULL ? entry->original : NULL;
}

/* @bytes, which belong at @at, from @offset on: no further at once than to a multiple of 64 KiB. */
static gboolean
give (GBytes             *bytes,
      gint64              at,
      gint64              offset,
      ValisePeerPieceFunc func,
      gpointer            user_data,
      GError            **error)
{
  gsize         length = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  gint64        end = at + (gint64) length;

  for (gint64 from = MAX (at, offset); from < end;)
    {
      gint64          to = MIN (end, (from / VALISE_FILE_CHUNK + 1) * VALISE_FILE_CHUNK);
      ValisePeerPiece piece = { from, data + (from - at), (gsize) (to - from), NULL };

      if (!func (&piece, user_data, error))
        return FALSE;
      from = to;
    }
  return TRUE;
}

gboolean
valise_bundle_reader_read_original (ValiseBundleReader         *self,
                                    const ValiseBundleOriginal *original,
                                    gint64                      offset,
                                    ValisePeerPieceFunc         func,
                                    gpointer                    user_data,
                                    GCancellable               *cancellable,
                                    GError                    **error)
{
  const ValiseBundleOriginals *all = valise_bundle_reader_get_originals (self);
  const Entry                 *entry = g_hash_table_lookup (all->entries, original->sha256);

  g_return_val_if_fail (entry != NULL, FALSE);

  for (guint i = entry->first; i < entry->first + entry->pieces; i++)
    {
      const Piece                     *piece = &g_array_index (all->pieces, Piece, i);
      g_autoptr (GBytes)               data = NULL, bytes = NULL;
      g_autoptr (ValiseBundleOriginal) again = NULL;
      ValiseBundleFrame                kind = 0;
      gsize                            length = 0;

      if (i + 1 < entry->first + entry->pieces
          && g_array_index (all->pieces, Piece, i + 1).at <= offset)
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      data = valise_bundle_source_read (valise_bundle_reader_get_source (self), piece->offset,
                                        piece->number, &kind, &length, NULL, error);
      if (data != NULL)
        again = valise_bundle_original_unpack (data, &bytes, error);
      if (again == NULL || !give (bytes, piece->at, offset, func, user_data, error))
        return FALSE;
    }
  return TRUE;
}
