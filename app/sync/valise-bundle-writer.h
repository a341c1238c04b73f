/* valise-bundle-writer.h - writes a bundle, in as many files as its size asks for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One thread. Holds one block of documents in memory, however many go through. Nothing stands
 * under its name before valise_bundle_writer_finish(): until then the files are beside it, as
 * ".NAME.part".
 */

#pragma once

#include "valise-bundle-header.h"
#include "valise-bundle-original.h"
#include "valise-peer.h"

G_BEGIN_DECLS

#define VALISE_BUNDLE_SIZE_MIN 16384 /* bytes: a smaller file would hold next to nothing */

typedef struct _ValiseBundleWriter ValiseBundleWriter;

/**
 * valise_bundle_writer_new:
 * @path: of the first file; the next is "STEM-2.valise-bundle"
 * @header: copied; its part is set by the writer
 * @secret: what it is encrypted with; both members %NULL: not at all
 * @max_size: bytes of a file, from %VALISE_BUNDLE_SIZE_MIN; 0: any
 *
 * Returns: (transfer full): a writer, or %NULL with %G_FILE_ERROR, #ValiseCipherError,
 * %G_IO_ERROR_INVALID_ARGUMENT for a @max_size out of range
 */
ValiseBundleWriter *valise_bundle_writer_new (const char               *path,
                                              const ValiseBundleHeader *header,
                                              const ValiseBundleSecret *secret,
                                              gint64                    max_size,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A document that every file begins with, so that each stands alone: the `keys`. Before any
 * valise_bundle_writer_add(). */
gboolean valise_bundle_writer_set_first (ValiseBundleWriter   *self,
                                         guint                 section,
                                         const ValiseDocument *document,
                                         GError              **error);

/* Whether that is document @id of @section. */
gboolean valise_bundle_writer_has (ValiseBundleWriter *self, guint section, const char *id);

/* Adds @document, with its revisions, to @section. */
gboolean valise_bundle_writer_add (ValiseBundleWriter   *self,
                                   guint                 section,
                                   const ValiseDocument *document,
                                   GError              **error);

/**
 * valise_bundle_writer_add_original:
 * @original: what it is, and which document names it; after that document
 * @files: where all its bytes are
 *
 * Writes the bytes in pieces, going on in the next file of the bundle where one is full. One that
 * is there already is not written again.
 *
 * Fails with any #ValiseDbError, %VALISE_FILE_ERROR_MISSING, as @func does, %G_FILE_ERROR
 */
gboolean valise_bundle_writer_add_original (ValiseBundleWriter         *self,
                                            const ValiseBundleOriginal *original,
                                            ValiseFileStore            *files,
                                            ValisePeerSentFunc          func,
                                            gpointer                    user_data,
                                            GError                    **error);

/* How many files are in it. @bytes: (out): of them. */
guint valise_bundle_writer_count_originals (ValiseBundleWriter *self, guint64 *bytes);

/* Writes what is left; then the files stand under their names, durable. */
gboolean valise_bundle_writer_finish (ValiseBundleWriter *self, GError **error);

/* After that: the files' paths (element-type filename), how many documents and bytes. */
GPtrArray *valise_bundle_writer_get_files (ValiseBundleWriter *self); /* transfer none */
guint64    valise_bundle_writer_get_documents (ValiseBundleWriter *self);
guint64    valise_bundle_writer_get_bytes (ValiseBundleWriter *self);

/* The ids of documents that no file could hold (element-type utf8); transfer none. */
GPtrArray *valise_bundle_writer_get_left_out (ValiseBundleWriter *self);

/* Of the first file, hex. */
char *valise_bundle_writer_dup_id (ValiseBundleWriter *self);

/* Without a finish before, nothing is left behind. */
void valise_bundle_writer_free (ValiseBundleWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundleWriter, valise_bundle_writer_free)

G_END_DECLS
