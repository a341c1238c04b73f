/* valise-file-stream.h - a file of the store as a stream, between two texts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the files of this layer: the body of a request that holds a file of any size in 64 KiB of
 * memory. One thread.
 */

#pragma once

#include "valise-file-store.h"

G_BEGIN_DECLS

#define VALISE_TYPE_FILE_STREAM (valise_file_stream_get_type ())

G_DECLARE_FINAL_TYPE (ValiseFileStream, valise_file_stream, VALISE, FILE_STREAM, GInputStream)

/* @sha256: of a complete file of @length bytes; @before and @after: given ahead of it and behind.
 */
GInputStream *valise_file_stream_new (ValiseFileStore *files,
                                      const char      *sha256,
                                      gint64           length,
                                      const char      *before,
                                      const char      *after) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
