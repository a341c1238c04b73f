/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-reader"

#include "config.h"

#include <string.h>

#include "valise-bundle-reader-parts.h"
#include "valise-digest.h"

/* A frame of documents, as it was found when the bundle was looked through. */
typedef struct
{
  guint64 offset; /* bytes from the file's start */
  guint64 number; /* of the frame */
  guint64 first;  /* of its section's documents */
  guint32 documents;
  guint8  section;
} Frame;

struct _ValiseBundleReader
{
  gatomicrefcount        refs;
  ValiseBundleSource     source;
  gboolean               encrypted;
  char                  *id;
  ValiseBundleHeader    *header;
  GArray                *frames; /* of Frame */
  ValiseBundleOriginals *originals;
  guint64                counts[VALISE_BUNDLE_MAX_DATABASES];
};

/* The look through it, while it goes on. */
typedef struct
{
  ValiseBundleReader *reader;
  GChecksum          *sum; /* of all bytes before `offset` */
  guint64             offset;
  guint64             number;
  guint64             documents;
  guint64             inflated;
} Scan;

static gboolean
refuse (GError **error, ValiseBundleError code, const char *why)
{
  g_set_error_literal (error, VALISE_BUNDLE_ERROR, (int) code, why);
  return FALSE;
}

gboolean
valise_bundle_reader_peek (const char *path, ValiseBundleKey *key, GError **error)
{
  ValiseBundleOpening opening = { 0 };
  ValiseBundleSource  source = { .fd = -1 };
  guint8              bytes[VALISE_BUNDLE_OPENING_SIZE];
  gboolean            ok = valise_bundle_source_open (&source, path, &opening, bytes, error);

  valise_bundle_source_close (&source);
  *key = opening.key;
  return ok;
}

/* --- frames ------------------------------------------------------------------------------- */

/* The document at *@at of @data, and *@at past it; NULL with DAMAGED. */
static ValiseDocument *
take_document (GBytes *data, gsize *at, GError **error)
{
  gsize                      size = 0;
  const guint8              *bytes = g_bytes_get_data (data, &size);
  guint32                    length = 0;
  g_autoptr (ValiseJson)     json = NULL;
  g_autoptr (ValiseDocument) document = NULL;
  g_autoptr (GBytes)         text = NULL;

  if (size - *at >= sizeof length)
    {
      memcpy (&length, bytes + *at, sizeof length);
      length = GUINT32_FROM_BE (length);
      *at += sizeof length;
    }
  if (length > 0 && length <= VALISE_BUNDLE_MAX_DOCUMENT && length <= size - *at)
    {
      text = g_bytes_new_from_bytes (data, *at, length);
      json = valise_json_scan (text, VALISE_JSON_ANY, NULL);
      *at += length;
    }
  if (json != NULL)
    document = valise_document_from_json (json, 0, NULL);
  if (document == NULL || document->id == NULL || document->rev == NULL || document->body == NULL
      || document->id[0] == '_')
    {
      refuse (error, VALISE_BUNDLE_ERROR_DAMAGED, "The bundle holds something that is no document");
      return NULL;
    }
  return g_steal_pointer (&document);
}

/* --- looking through ------------------------------------------------------------------------ */

static gboolean
check_limits (Scan *scan, gsize inflated, GError **error)
{
  scan->inflated += inflated;
  if (scan->inflated <= VALISE_BUNDLE_MAX_INFLATED && scan->number < VALISE_BUNDLE_MAX_FRAMES
      && scan->documents <= VALISE_BUNDLE_MAX_DOCUMENTS)
    return TRUE;
  return refuse (error, VALISE_BUNDLE_ERROR_TOO_LARGE, "The bundle holds more than is read");
}

static gboolean
scan_documents (Scan *scan, GBytes *data, GError **error)
{
  ValiseBundleReader *self = scan->reader;
  const guint8       *bytes = g_bytes_get_data (data, NULL);
  Frame               frame = { scan->offset, scan->number, 0, 0, bytes[0] };
  gsize               at = 1;

  if (frame.section >= self->header->sections->len)
    return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED,
                   "The bundle holds documents of a database that it does not name");
  while (at < g_bytes_get_size (data))
    {
      g_autoptr (ValiseDocument) document = take_document (data, &at, error);

      if (document == NULL)
        return FALSE;
      frame.documents++;
    }
  frame.first = self->counts[frame.section];
  self->counts[frame.section] += frame.documents;
  scan->documents += frame.documents;
  g_array_append_val (self->frames, frame);
  return TRUE;
}

static gboolean
scan_trailer (Scan *scan, GBytes *data, gsize length, GError **error)
{
  g_autoptr (ValiseJson) json = valise_json_scan (data, VALISE_JSON_INTEGERS, NULL);
  g_autofree char       *digest = json != NULL ? valise_json_dup_member (json, 0, "digest") : NULL;

  if (json == NULL
      || valise_json_get_member_int (json, 0, "documents", -1) != (gint64) scan->documents
      || valise_json_get_member_int (json, 0, "frames", -1) != (gint64) scan->number
      || g_strcmp0 (digest, g_checksum_get_string (scan->sum)) != 0)
    return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED,
                   "The bundle does not add up to what its end says");
  if (scan->offset + length != scan->reader->source.size)
    return refuse (error, VALISE_BUNDLE_ERROR_CUT, "Something follows the end of the bundle");
  return TRUE;
}

/* One frame; @more: (out): whether others follow. */
static gboolean
scan_frame (Scan *scan, gboolean *more, GError **error)
{
  ValiseBundleReader *self = scan->reader;
  ValiseBundleFrame   kind = 0;
  gsize               length = 0;
  g_autoptr (GBytes)  data = valise_bundle_source_read (&self->source, scan->offset, scan->number,
                                                        &kind, &length, scan->sum, error);

  *more = kind != VALISE_BUNDLE_FRAME_TRAILER;
  if (data == NULL || !check_limits (scan, g_bytes_get_size (data), error))
    return FALSE;
  if ((kind == VALISE_BUNDLE_FRAME_HEADER) != (scan->number == 0))
    return refuse (error, VALISE_BUNDLE_ERROR_DAMAGED, "The bundle's frames are out of order");
  if (!*more)
    return scan_trailer (scan, data, length, error);
  if (kind == VALISE_BUNDLE_FRAME_HEADER)
    {
      self->header = valise_bundle_header_parse (data, error);
      if (self->header == NULL)
        return FALSE;
    }
  else if (kind == VALISE_BUNDLE_FRAME_PIECE
               ? !valise_bundle_originals_take (self->originals, scan->offset, scan->number, data,
                                                self->header->sections->len, error)
               : !scan_documents (scan, data, error))
    return FALSE;
  scan->offset += length;
  scan->number++;
  return TRUE;
}

static gboolean
look_through (ValiseBundleReader *self,
              const guint8        opening[VALISE_BUNDLE_OPENING_SIZE],
              GCancellable       *cancellable,
              GError            **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  Scan                  scan = { self, sum, VALISE_BUNDLE_OPENING_SIZE, 0, 0, 0 };
  gboolean              more = TRUE;

  g_checksum_update (sum, opening, VALISE_BUNDLE_OPENING_SIZE);
  while (more)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !scan_frame (&scan, &more, error))
      return FALSE;
  return TRUE;
}

ValiseBundleReader *
valise_bundle_reader_open (const char               *path,
                           const ValiseBundleSecret *secret,
                           GCancellable             *cancellable,
                           GError                  **error)
{
  g_autoptr (ValiseBundleReader) self = NULL;
  ValiseBundleOpening            opening = { 0 };
  guint8                         bytes[VALISE_BUNDLE_OPENING_SIZE];

  g_return_val_if_fail (path != NULL && secret != NULL, NULL);

  self = g_new0 (ValiseBundleReader, 1);
  g_atomic_ref_count_init (&self->refs);
  self->source.fd = -1;
  self->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
  self->originals = valise_bundle_originals_new ();
  if (!valise_bundle_source_open (&self->source, path, &opening, bytes, error))
    return NULL;
  self->encrypted = opening.key != VALISE_BUNDLE_KEY_NONE;
  self->id = valise_hex_encode (opening.id, sizeof opening.id);
  self->source.coder = valise_bundle_coder_new_reading (&opening, secret, error);
  if (self->source.coder == NULL || !look_through (self, bytes, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

ValiseBundleReader *
valise_bundle_reader_ref (ValiseBundleReader *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
valise_bundle_reader_unref (ValiseBundleReader *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  valise_bundle_source_close (&self->source);
  valise_bundle_originals_free (self->originals);
  g_clear_pointer (&self->header, valise_bundle_header_free);
  g_array_unref (self->frames);
  g_free (self->id);
  g_free (self);
}

/* --- reading ------------------------------------------------------------------------------ */

const ValiseBundleHeader *
valise_bundle_reader_get_header (ValiseBundleReader *self)
{
  return self->header;
}

const char *
valise_bundle_reader_get_id (ValiseBundleReader *self)
{
  return self->id;
}

guint64
valise_bundle_reader_get_bytes (ValiseBundleReader *self)
{
  return self->source.size;
}

gboolean
valise_bundle_reader_is_encrypted (ValiseBundleReader *self)
{
  return self->encrypted;
}

guint64
valise_bundle_reader_count (ValiseBundleReader *self, guint section)
{
  g_return_val_if_fail (section < self->header->sections->len, 0);

  return self->counts[section];
}

/* The documents of @frame from the @start-th of its section; @more: (out): what @func said. */
static gboolean
give_frame (ValiseBundleReader  *self,
            const Frame         *frame,
            guint64              start,
            ValiseBundleReadFunc func,
            gpointer             user_data,
            gboolean            *more,
            GError             **error)
{
  ValiseBundleFrame  kind = 0;
  gsize              length = 0, at = 1;
  g_autoptr (GBytes) data = valise_bundle_source_read (&self->source, frame->offset, frame->number,
                                                       &kind, &length, NULL, error);

  if (data == NULL)
    return FALSE;
  for (guint64 i = frame->first; *more && i < frame->first + frame->documents; i++)
    {
      g_autoptr (ValiseDocument) document = take_document (data, &at, error);

      if (document == NULL)
        return FALSE;
      if (i >= start)
        *more = func (document, user_data);
    }
  return TRUE;
}

gboolean
valise_bundle_reader_read (ValiseBundleReader  *self,
                           guint                section,
                           guint64              start,
                           ValiseBundleReadFunc func,
                           gpointer             user_data,
                           GCancellable        *cancellable,
                           GError             **error)
{
  gboolean more = TRUE;

  for (guint i = 0; more && i < self->frames->len; i++)
    {
      const Frame *frame = &g_array_index (self->frames, Frame, i);

      if (frame->section != section || frame->first + frame->documents <= start)
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !give_frame (self, frame, start, func, user_data, &more, error))
        return FALSE;
    }
  return TRUE;
}

ValiseBundleOriginals *
valise_bundle_reader_get_originals (ValiseBundleReader *self)
{
  return self->originals;
}

const ValiseBundleSource *
valise_bundle_reader_get_source (ValiseBundleReader *self)
{
  return &self->source;
}
