/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-writer"

#include "config.h"

#include <string.h>

#include "valise-bundle-part.h"
#include "valise-bundle-writer.h"
#include "valise-id.h"

#define PIECE_MIN 4096 /* bytes: smaller ones are not worth their heads */

/* A document in the block, or the one that each file begins with. */
typedef struct
{
  char   *id;
  GBytes *text;
} Item;

struct _ValiseBundleWriter
{
  char               *path;
  ValiseBundleHeader *header;
  char               *passphrase; /* or NULL */
  guint8              team_key[VALISE_CIPHER_KEY_SIZE];
  ValiseBundleSecret  secret; /* lent from the two */
  gint64              max_size;

  Item      *first; /* what every file begins with, or NULL */
  guint      first_section;
  GPtrArray *parts; /* (element-type ValiseBundlePart); the last is open */
  GPtrArray *block; /* (element-type Item): of one section, not yet written */
  guint      section;
  gsize      size; /* bytes of the block */
  GPtrArray *left_out;
  GPtrArray *files; /* set by finish() */

  GHashTable
         *originals; /* set of SHA-256: files that are written; and "ID\nREV" of their documents */
  guint   n_originals;
  guint64 original_bytes;
};

static Item *
new_item (const ValiseDocument *document)
{
  Item    *item = g_new0 (Item, 1);
  GString *text = g_string_new (NULL);

  valise_document_append_json (document, VALISE_DOCUMENT_REVISIONS, text);
  item->id = g_strdup (document->id);
  item->text = g_string_free_to_bytes (text);
  return item;
}

static void
free_item (gpointer data)
{
  Item *item = data;

  g_bytes_unref (item->text);
  g_free (item->id);
  g_free (item);
}

/* --- files -------------------------------------------------------------------------------- */

static char *
make_path (ValiseBundleWriter *self, guint part)
{
  g_autofree char *stem = NULL;

  if (part == 1)
    return g_strdup (self->path);
  stem = g_str_has_suffix (self->path, VALISE_BUNDLE_SUFFIX)
             ? g_strndup (self->path, strlen (self->path) - strlen (VALISE_BUNDLE_SUFFIX))
             : g_strdup (self->path);
  return g_strdup_printf ("%s-%u" VALISE_BUNDLE_SUFFIX, stem, part);
}

static ValiseBundlePart *
get_part (ValiseBundleWriter *self)
{
  return g_ptr_array_index (self->parts, self->parts->len - 1);
}

static void
append_item (GByteArray *block, const Item *item)
{
  gsize         length = 0;
  const guint8 *text = g_bytes_get_data (item->text, &length);
  guint32       big_endian = GUINT32_TO_BE ((guint32) length);

  g_byte_array_append (block, (const guint8 *) &big_endian, sizeof big_endian);
  g_byte_array_append (block, text, (guint) length);
}

static gboolean
write_first (ValiseBundleWriter *self, GError **error)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();
  guint8                 section = (guint8) self->first_section;
  gboolean               fits = TRUE;

  if (self->first == NULL)
    return TRUE;
  g_byte_array_append (block, &section, 1);
  append_item (block, self->first);
  if (!valise_bundle_part_write (get_part (self), block->data, block->len, 1, self->max_size, &fits,
                                 error))
    return FALSE;
  if (fits)
    return TRUE;
  g_set_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_TOO_LARGE,
               "A file of %" G_GINT64_FORMAT " bytes cannot even hold %s", self->max_size,
               self->first->id);
  return FALSE;
}

static gboolean
open_part (ValiseBundleWriter *self, GError **error)
{
  g_autofree char  *path = make_path (self, self->parts->len + 1);
  ValiseBundlePart *part = NULL;

  self->header->part = self->parts->len + 1;
  part = valise_bundle_part_new (path, self->header, &self->secret, error);
  if (part == NULL)
    return FALSE;
  g_ptr_array_add (self->parts, part);
  return write_first (self, error);
}

/* --- blocks ------------------------------------------------------------------------------- */

static gboolean
try_range (ValiseBundleWriter *self, guint start, guint end, gboolean *fits, GError **error)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();
  guint8                 section = (guint8) self->section;

  g_byte_array_append (block, &section, 1);
  for (guint i = start; i < end; i++)
    append_item (block, g_ptr_array_index (self->block, i));
  return valise_bundle_part_write (get_part (self), block->data, block->len, end - start,
                                   self->max_size, fits, error);
}

static gboolean
is_fresh (ValiseBundleWriter *self)
{
  ValiseBundlePart *part = get_part (self);

  return valise_bundle_part_get_pieces (part) == 0
         && valise_bundle_part_get_documents (part) <= (self->first != NULL ? 1 : 0);
}

/* Writes the block's documents from @start to @end: here, in halves, or in the next file. */
static gboolean
write_range (ValiseBundleWriter *self, guint start, guint end, GError **error)
{
  gboolean fits = TRUE;
  guint    middle = start + (end - start) / 2;

  if (!try_range (self, start, end, &fits, error))
    return FALSE;
  if (fits)
    return TRUE;
  if (end - start > 1)
    return write_range (self, start, middle, error) && write_range (self, middle, end, error);
  if (is_fresh (self))
    {
      const Item *item = g_ptr_array_index (self->block, start);

      g_ptr_array_add (self->left_out, g_strdup (item->id));
      return TRUE;
    }
  return valise_bundle_part_end (get_part (self), error) && open_part (self, error)
         && write_range (self, start, end, error);
}

static gboolean
flush (ValiseBundleWriter *self, GError **error)
{
  gboolean ok = self->block->len == 0 || write_range (self, 0, self->block->len, error);

  g_ptr_array_set_size (self->block, 0);
  self->size = 0;
  return ok;
}

gboolean
valise_bundle_writer_set_first (ValiseBundleWriter   *self,
                                guint                 section,
                                const ValiseDocument *document,
                                GError              **error)
{
  g_return_val_if_fail (self->first == NULL && self->parts->len == 1, FALSE);

  self->first = new_item (document);
  self->first_section = section;
  return write_first (self, error);
}

gboolean
valise_bundle_writer_has (ValiseBundleWriter *self, guint section, const char *id)
{
  return self->first != NULL && self->first_section == section && g_str_equal (self->first->id, id);
}

gboolean
valise_bundle_writer_add (ValiseBundleWriter   *self,
                          guint                 section,
                          const ValiseDocument *document,
                          GError              **error)
{
  g_return_val_if_fail (section < self->header->sections->len, FALSE);
  g_return_val_if_fail (document->body != NULL && document->rev != NULL, FALSE);

  /* The document of a file may come twice: by itself, and with the bytes. */
  if (valise_id_get_sha256 (document->id) != NULL
      && !g_hash_table_add (self->originals, g_strconcat (document->id, "\n", document->rev, NULL)))
    return TRUE;
  if (section != self->section && !flush (self, error))
    return FALSE;
  self->section = section;
  g_ptr_array_add (self->block, new_item (document));
  self->size += g_bytes_get_size (document->body);
  return self->size < VALISE_BUNDLE_BLOCK || flush (self, error);
}

/* --- originals ---------------------------------------------------------------------------- */

/* At most @most bytes of the file from @offset: here, or fewer, or from the next part on. @written:
 * (out): how many; 0: no part can hold any. */
static gboolean
write_piece (ValiseBundleWriter         *self,
             const ValiseBundleOriginal *original,
             ValiseFileStore            *files,
             gint64                      offset,
             gint64                     *written,
             GError                    **error)
{
  gint64 most = MIN (original->length - offset, VALISE_BUNDLE_MAX_PIECE);

  for (gint64 count = most;;)
    {
      g_autoptr (GBytes) bytes =
          valise_file_store_read (files, original->sha256, offset, count, error);
      g_autoptr (GByteArray) payload = NULL;
      gboolean               fits = TRUE;

      *written = count;
      if (bytes == NULL)
        return FALSE;
      payload = valise_bundle_original_pack (original, offset, bytes);
      if (!valise_bundle_part_write (get_part (self), payload->data, payload->len, 0,
                                     self->max_size, &fits, error))
        return FALSE;
      if (fits)
        return TRUE;
      if (count > PIECE_MIN)
        count /= 2;
      else if (is_fresh (self))
        break;
      else if (!valise_bundle_part_end (get_part (self), error) || !open_part (self, error))
        return FALSE;
      else
        count = most;
    }
  *written = 0;
  return TRUE;
}

gboolean
valise_bundle_writer_add_original (ValiseBundleWriter         *self,
                                   const ValiseBundleOriginal *original,
                                   ValiseFileStore            *files,
                                   ValisePeerSentFunc          func,
                                   gpointer                    user_data,
                                   GError                    **error)
{
  gint64 offset = 0, written = 0;

  g_return_val_if_fail (original->section < self->header->sections->len, FALSE);

  if (g_hash_table_contains (self->originals, original->sha256))
    return func == NULL || func (original->length, user_data, error);
  if (!flush (self, error))
    return FALSE;
  while (offset < original->length)
    {
      if ((func != NULL && !func (offset, user_data, error))
          || !write_piece (self, original, files, offset, &written, error))
        return FALSE;
      offset += written;
      if (written == 0)
        {
          g_ptr_array_add (self->left_out, valise_id_for_file (original->sha256));
          return TRUE;
        }
    }
  g_hash_table_add (self->originals, g_strdup (original->sha256));
  self->n_originals++;
  self->original_bytes += (guint64) original->length;
  return func == NULL || func (offset, user_data, error);
}

guint
valise_bundle_writer_count_originals (ValiseBundleWriter *self, guint64 *bytes)
{
  *bytes = self->original_bytes;
  return self->n_originals;
}

/* --- the end ------------------------------------------------------------------------------ */

static gboolean
publish (ValiseBundleWriter *self, GError **error)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      ValiseBundlePart *part = g_ptr_array_index (self->parts, i);

      if (!valise_bundle_part_publish (part, error))
        return FALSE;
      g_ptr_array_add (self->files, g_strdup (valise_bundle_part_get_path (part)));
    }
  return TRUE;
}

gboolean
valise_bundle_writer_finish (ValiseBundleWriter *self, GError **error)
{
  if (!flush (self, error))
    return FALSE;
  /* Opened for a document that then fitted no file. */
  if (self->parts->len > 1 && is_fresh (self))
    {
      g_ptr_array_set_size (self->parts, (int) self->parts->len - 1);
      return publish (self, error);
    }
  return valise_bundle_part_end (get_part (self), error) && publish (self, error);
}

/* --- the writer --------------------------------------------------------------------------- */

static ValiseBundleHeader *
copy_header (const ValiseBundleHeader *header)
{
  ValiseBundleHeader *copy = valise_bundle_header_new ();

  copy->programme = g_strdup (header->programme);
  copy->maker = g_strdup (header->maker);
  copy->person = g_strdup (header->person);
  copy->recipient = g_strdup (header->recipient);
  copy->made_us = header->made_us;
  for (guint i = 0; i < header->sections->len; i++)
    {
      const ValiseBundleSection *section = g_ptr_array_index (header->sections, i);

      valise_bundle_header_add (copy, section->name, section->epoch, section->since,
                                section->until);
    }
  return copy;
}

static void
keep_secret (ValiseBundleWriter *self, const ValiseBundleSecret *secret)
{
  self->passphrase = g_strdup (secret->passphrase);
  self->secret.passphrase = self->passphrase;
  if (secret->team_key != NULL)
    {
      memcpy (self->team_key, secret->team_key, VALISE_CIPHER_KEY_SIZE);
      self->secret.team_key = self->team_key;
    }
}

ValiseBundleWriter *
valise_bundle_writer_new (const char               *path,
                          const ValiseBundleHeader *header,
                          const ValiseBundleSecret *secret,
                          gint64                    max_size,
                          GError                  **error)
{
  g_autoptr (ValiseBundleWriter) self = NULL;

  g_return_val_if_fail (path != NULL && header != NULL && secret != NULL, NULL);
  g_return_val_if_fail (header->sections->len <= VALISE_BUNDLE_MAX_DATABASES, NULL);

  if (max_size != 0 && max_size < VALISE_BUNDLE_SIZE_MIN)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%" G_GINT64_FORMAT " bytes are too few for a file; at least %d", max_size,
                   VALISE_BUNDLE_SIZE_MIN);
      return NULL;
    }

  self = g_new0 (ValiseBundleWriter, 1);
  self->path = g_strdup (path);
  self->header = copy_header (header);
  keep_secret (self, secret);
  self->max_size = max_size;
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_bundle_part_free);
  self->block = g_ptr_array_new_with_free_func (free_item);
  self->left_out = g_ptr_array_new_with_free_func (g_free);
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->originals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return open_part (self, error) ? g_steal_pointer (&self) : NULL;
}

void
valise_bundle_writer_free (ValiseBundleWriter *self)
{
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->block);
  g_ptr_array_unref (self->left_out);
  g_ptr_array_unref (self->files);
  g_hash_table_unref (self->originals);
  g_clear_pointer (&self->first, free_item);
  valise_bundle_header_free (self->header);
  if (self->passphrase != NULL)
    valise_secret_wipe (self->passphrase, strlen (self->passphrase));
  valise_secret_wipe (self->team_key, sizeof self->team_key);
  g_free (self->passphrase);
  g_free (self->path);
  g_free (self);
}

GPtrArray *
valise_bundle_writer_get_files (ValiseBundleWriter *self)
{
  return self->files;
}

/* The document that every file begins with counts once. */
guint64
valise_bundle_writer_get_documents (ValiseBundleWriter *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->parts->len; i++)
    sum += valise_bundle_part_get_documents (g_ptr_array_index (self->parts, i));
  return self->first != NULL ? sum - (self->parts->len - 1) : sum;
}

guint64
valise_bundle_writer_get_bytes (ValiseBundleWriter *self)
{
  guint64 sum = 0;

  for (guint i = 0; i < self->parts->len; i++)
    sum += valise_bundle_part_get_bytes (g_ptr_array_index (self->parts, i));
  return sum;
}

GPtrArray *
valise_bundle_writer_get_left_out (ValiseBundleWriter *self)
{
  return self->left_out;
}

char *
valise_bundle_writer_dup_id (ValiseBundleWriter *self)
{
  return valise_bundle_part_dup_id (g_ptr_array_index (self->parts, 0));
}
