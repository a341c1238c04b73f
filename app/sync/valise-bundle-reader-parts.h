/* valise-bundle-reader-parts.h - what the files of valise-bundle-reader share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-bundle-reader.h"

G_BEGIN_DECLS

/* A bundle on its disk, of which frames are read. */
typedef struct
{
  char              *path;
  int                fd; /* -1: closed */
  guint64            size;
  ValiseBundleCoder *coder;
} ValiseBundleSource;

/* The file at @path, and what its opening says. Fails with %G_FILE_ERROR, FOREIGN, VERSION, CUT,
 * DAMAGED. */
gboolean valise_bundle_source_open (ValiseBundleSource  *self,
                                    const char          *path,
                                    ValiseBundleOpening *opening,
                                    guint8               bytes[VALISE_BUNDLE_OPENING_SIZE],
                                    GError             **error);
void     valise_bundle_source_close (ValiseBundleSource *self);

/* Frame @number at @offset. @kind, @length: (out): what it is, and its bytes, head and mark
 * included. @sum: (nullable): takes the bytes. */
GBytes *valise_bundle_source_read (const ValiseBundleSource *self,
                                   guint64                   offset,
                                   guint64                   number,
                                   ValiseBundleFrame        *kind,
                                   gsize                    *length,
                                   GChecksum                *sum,
                                   GError                  **error);

/* --- the files in it -------------------------------------------------------------------------- */

typedef struct _ValiseBundleOriginals ValiseBundleOriginals;

ValiseBundleOriginals *valise_bundle_originals_new (void);
void                   valise_bundle_originals_free (ValiseBundleOriginals *self);

/* Takes what frame @number at @offset, a piece, holds: @data. Fails with DAMAGED where it does not
 * follow, TOO_LARGE. */
gboolean valise_bundle_originals_take (ValiseBundleOriginals *self,
                                       guint64                offset,
                                       guint64                number,
                                       GBytes                *data,
                                       guint                  sections,
                                       GError               **error);

ValiseBundleOriginals    *valise_bundle_reader_get_originals (ValiseBundleReader *self);
const ValiseBundleSource *valise_bundle_reader_get_source (ValiseBundleReader *self);

G_END_DECLS
