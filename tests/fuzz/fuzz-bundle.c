/* fuzz-bundle.c - any bytes as a bundle that somebody hands over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first byte says what the rest is: a whole file, or, since no chance finds the marks of one,
 * frames that are marked here: only a documents' frame, or frames of any kind and order.
 */

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "valise-bundle-reader.h"

static const ValiseBundleSecret none = { NULL, NULL };

typedef struct
{
  GByteArray        *file;
  ValiseBundleCoder *coder;
  guint64            frames;
} Maker;

static void
add_frame (Maker *maker, ValiseBundleFrame kind, gconstpointer data, gsize length)
{
  g_autoptr (GBytes) frame =
      valise_bundle_coder_pack (maker->coder, maker->frames++, kind, data, length, NULL);

  if (frame != NULL)
    g_byte_array_append (maker->file, g_bytes_get_data (frame, NULL),
                         (guint) g_bytes_get_size (frame));
}

static void
begin (Maker *maker)
{
  ValiseBundleOpening opening = { 0 };
  guint8              bytes[VALISE_BUNDLE_OPENING_SIZE];

  valise_bundle_opening_init (&opening, &none);
  maker->coder = valise_bundle_coder_new_writing (&opening, &none, NULL);
  g_assert_nonnull (maker->coder);
  valise_bundle_opening_pack (&opening, bytes);
  g_byte_array_append (maker->file, bytes, sizeof bytes);
}

static void
add_header (Maker *maker)
{
  g_autoptr (ValiseBundleHeader) header = valise_bundle_header_new ();
  g_autofree char               *text = NULL;

  header->programme = g_strdup ("poa");
  header->maker = g_strdup ("device");
  header->recipient = g_strdup (VALISE_BUNDLE_FOR_ANYONE);
  header->made_us = 1;
  header->part = 1;
  valise_bundle_header_add (header, "public", "epoch", 0, 9);
  text = valise_bundle_header_to_text (header);
  add_frame (maker, VALISE_BUNDLE_FRAME_HEADER, text, strlen (text));
}

/* How many documents the lengths in @data delimit. */
static guint
count_documents (const guint8 *data, gsize size)
{
  guint n = 0;

  for (gsize at = 1; size >= 4 && at <= size - 4; n++)
    {
      gsize length = ((gsize) data[at] << 24) + ((gsize) data[at + 1] << 16)
                     + ((gsize) data[at + 2] << 8) + data[at + 3];

      if (length > size - 4 - at)
        break;
      at += 4 + length;
    }
  return n;
}

static void
add_trailer (Maker *maker, guint documents)
{
  g_autofree char *digest =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, maker->file->data, maker->file->len);
  g_autofree char *text = g_strdup_printf ("{\"documents\":%u,\"frames\":%u,\"digest\":\"%s\"}",
                                           documents, (guint) maker->frames, digest);

  add_frame (maker, VALISE_BUNDLE_FRAME_TRAILER, text, strlen (text));
}

/* Frames as @data says: kind, two bytes of length, payload. */
static void
add_any_frames (Maker *maker, const guint8 *data, gsize size)
{
  static const ValiseBundleFrame kinds[] = { VALISE_BUNDLE_FRAME_HEADER,
                                             VALISE_BUNDLE_FRAME_DOCUMENTS,
                                             VALISE_BUNDLE_FRAME_TRAILER };

  while (size >= 3)
    {
      gsize length = MIN (((gsize) data[1] << 8) + data[2], size - 3);

      add_frame (maker,
                 data[0] == 'F' ? VALISE_BUNDLE_FRAME_PIECE : kinds[data[0] % G_N_ELEMENTS (kinds)],
                 data + 3, length);
      data += 3 + length;
      size -= 3 + length;
    }
}

static gboolean
take_document (ValiseDocument *document, gpointer user_data)
{
  guint64 *n = user_data;

  g_assert_nonnull (document->id);
  g_assert_nonnull (document->rev);
  (*n)++;
  return TRUE;
}

/* Pieces come in order, and within the file that they are said to be of. */
static gboolean
take_piece (const ValisePeerPiece *piece, gpointer user_data, GError **error)
{
  gint64 *at = user_data;

  g_assert_cmpint (piece->offset, ==, *at);
  g_assert_cmpuint (piece->length, >, 0);
  g_assert_cmpuint (piece->length, <=, VALISE_FILE_CHUNK);
  *at += (gint64) piece->length;
  return TRUE;
}

static void
read_originals (ValiseBundleReader *reader)
{
  GPtrArray *originals = valise_bundle_reader_list_originals (reader);

  for (guint i = 0; i < originals->len; i++)
    {
      const ValiseBundleOriginal *original = g_ptr_array_index (originals, i);
      gint64                      at = original->offset;

      g_assert_cmpint (original->end, <=, original->length);
      if (valise_bundle_reader_read_original (reader, original, at, take_piece, &at, NULL, NULL))
        g_assert_cmpint (at, ==, original->end);
    }
}

static void
read_bundle (const char *path)
{
  ValiseBundleKey                key = VALISE_BUNDLE_KEY_NONE;
  g_autoptr (ValiseBundleReader) reader = NULL;
  guint                          sections = 0;

  valise_bundle_reader_peek (path, &key, NULL);
  if (key == VALISE_BUNDLE_KEY_PASSPHRASE) /* a derivation is meant to be slow */
    return;
  reader = valise_bundle_reader_open (path, &none, NULL, NULL);
  sections = reader != NULL ? valise_bundle_reader_get_header (reader)->sections->len : 0;
  for (guint i = 0; i < sections; i++)
    {
      guint64 n = 0;

      if (valise_bundle_reader_read (reader, i, 0, take_document, &n, NULL, NULL))
        g_assert_cmpuint (n, ==, valise_bundle_reader_count (reader, i));
    }
  if (reader != NULL)
    read_originals (reader);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  Maker                  maker = { .file = file };
  int                    fd = memfd_create ("bundle", MFD_CLOEXEC);
  g_autofree char       *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  gsize                  rest = size > 0 ? size - 1 : 0;

  if (size == 0 || data[0] % 3 == 0)
    g_byte_array_append (file, data + MIN (size, 1), (guint) rest);
  else
    {
      begin (&maker);
      if (data[0] % 3 == 1)
        {
          gboolean is_piece = data[0] == 'F'; /* 70, and so of this remainder */

          add_header (&maker);
          add_frame (&maker, is_piece ? VALISE_BUNDLE_FRAME_PIECE : VALISE_BUNDLE_FRAME_DOCUMENTS,
                     data + 1, rest);
          add_trailer (&maker, is_piece ? 0 : count_documents (data + 1, rest));
        }
      else
        add_any_frames (&maker, data + 1, rest);
      valise_bundle_coder_free (maker.coder);
    }
  if (fd >= 0 && write (fd, file->data, file->len) == (gssize) file->len)
    read_bundle (path);
  if (fd >= 0)
    close (fd);
  return 0;
}
