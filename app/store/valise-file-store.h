/* valise-file-store.h - the bytes of files, kept once by their SHA-256, in 64 KiB chunks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * files.sqlite, one an account. A file is offered only when it is complete and its digest
 * was verified; a half-arrived one is a count of rows. Any thread; blocks.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_FILE_CHUNK 65536 /* bytes; only the last chunk is shorter */

#define VALISE_FILE_ERROR (valise_file_error_quark ())

/**
 * ValiseFileError:
 * @VALISE_FILE_ERROR_MISSING: no such file here, or not complete
 * @VALISE_FILE_ERROR_DIGEST: the bytes do not make the digest they were announced by
 * @VALISE_FILE_ERROR_RANGE: a range outside the file, or a piece that does not follow
 * @VALISE_FILE_ERROR_LIMIT: too long, or too many at once
 */
typedef enum
{
  VALISE_FILE_ERROR_MISSING,
  VALISE_FILE_ERROR_DIGEST,
  VALISE_FILE_ERROR_RANGE,
  VALISE_FILE_ERROR_LIMIT,
} ValiseFileError;

GQuark valise_file_error_quark (void);

#define VALISE_TYPE_FILE_STORE (valise_file_store_get_type ())

G_DECLARE_FINAL_TYPE (ValiseFileStore, valise_file_store, VALISE, FILE_STORE, GObject)

ValiseFileStore *valise_file_store_open (const char *path,
                                         GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void             valise_file_store_close (ValiseFileStore *self);

/* A file is here whole now, or no longer. On the thread that made it so, its transaction done;
 * quick, and it asks nothing of the store. */
typedef void (*ValiseFileFunc) (const char *sha256, gpointer user_data);

/* @func: (nullable): nobody is told any more; none is at work when the call returns. */
void valise_file_store_watch (ValiseFileStore *self, ValiseFileFunc func, gpointer user_data);

/* Keeps @bytes whole. Returns: the SHA-256, 64 lower-case hex digits. */
char *valise_file_store_put (ValiseFileStore *self, GBytes *bytes, GError **error);

/* A file that arrives in pieces: @offset must be how much is here. When @length bytes are
 * here the digest is verified: DIGEST drops what came. */
gboolean valise_file_store_append (ValiseFileStore *self,
                                   const char      *sha256,
                                   gint64           length,
                                   gint64           offset,
                                   GBytes          *piece,
                                   GError         **error);

/* The same, kept by the system at once (so that the end of this program loses nothing), and
 * on the disk with the next piece that valise_file_store_append() keeps. */
gboolean valise_file_store_append_soon (ValiseFileStore *self,
                                        const char      *sha256,
                                        gint64           length,
                                        gint64           offset,
                                        GBytes          *piece,
                                        GError         **error);

/* Forgets what has come of a file that is not complete. */
gboolean valise_file_store_restart (ValiseFileStore *self, const char *sha256, GError **error);

/* How many bytes are here (0: none), and of how many; @complete: verified and offered. */
gint64 valise_file_store_get_present (ValiseFileStore *self,
                                      const char      *sha256,
                                      gint64          *length,
                                      gboolean        *complete);

/* A range of a complete file. */
GBytes *valise_file_store_read (ValiseFileStore *self,
                                const char      *sha256,
                                gint64           offset,
                                gint64           length,
                                GError         **error);

/* All of a complete file, compared with its digest: what is shown. */
GBytes *valise_file_store_read_whole (ValiseFileStore *self, const char *sha256, GError **error);

/* Compares what is here of @sha256 with its digest, and drops bytes that make another: FALSE
 * with DIGEST. @wanted: (out) (optional): it is in the queue again. */
gboolean valise_file_store_doubt (ValiseFileStore *self,
                                  const char      *sha256,
                                  gboolean        *wanted,
                                  GError         **error);

G_END_DECLS
