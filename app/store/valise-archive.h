/* valise-archive.h - several files in one, each known by its digest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The form of a backup. "Valise backup 1\n"; then for each part a line of JSON, {"name": NAME,
 * "length": N}, its N bytes, and a line with their SHA-256 in hex; last the line {"parts": N}
 * and a line with the SHA-256 of all the digests before it, as they stand, without their line
 * ends. A name is one to three words of [A-Za-z0-9_$()+.-] joined by "/", none beginning with
 * a dot.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_ARCHIVE_ERROR (valise_archive_error_quark ())

/**
 * ValiseArchiveError:
 * @VALISE_ARCHIVE_ERROR_DAMAGED: not such a file, cut off, or a digest does not match
 * @VALISE_ARCHIVE_ERROR_MISSING: it holds no part of that name
 */
typedef enum
{
  VALISE_ARCHIVE_ERROR_DAMAGED,
  VALISE_ARCHIVE_ERROR_MISSING,
} ValiseArchiveError;

GQuark valise_archive_error_quark (void);

typedef struct _ValiseArchive ValiseArchive; /* one that is written; one thread */

/* Writes beside @path until it is finished, with mode 0600. All fail with any #GIOError. */
ValiseArchive *valise_archive_create (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean       valise_archive_add_file (ValiseArchive *self,
                                        const char    *name,
                                        const char    *path,
                                        GCancellable  *cancellable,
                                        GError       **error);
gboolean       valise_archive_add_text (ValiseArchive *self,
                                        const char    *name,
                                        const char    *text,
                                        GError       **error);
/* Flushes, and puts it in its place: before this there is nothing at @path, or what was. */
gboolean valise_archive_finish (ValiseArchive *self, GError **error);
/* Frees; what was not finished goes. */
void valise_archive_free (ValiseArchive *self);

/* Returns: (transfer full) (nullable): where part @name is to be written, a file that is not
 * there yet; %NULL: it is only checked. */
typedef char *(*ValiseArchivePlaceFunc) (const char *name, gint64 length, gpointer user_data);

/* Reads @path whole and checks every digest. What was placed before a failure stays. Fails with
 * %VALISE_ARCHIVE_ERROR_DAMAGED or any #GIOError. */
gboolean valise_archive_read (const char            *path,
                              ValiseArchivePlaceFunc place,
                              gpointer               user_data,
                              GCancellable          *cancellable,
                              GError               **error);

/* The first part, a text of at most 1 MiB. Its digest is checked; the rest is not read. */
char *valise_archive_read_first (const char *path, const char *name, GError **error);

/* One part, into the file @to that is not there yet; the rest is passed over unread. Fails
 * with %VALISE_ARCHIVE_ERROR_MISSING too. */
gboolean valise_archive_extract (const char *path,
                                 const char *name,
                                 const char *to,
                                 GError    **error);

gboolean valise_archive_is_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseArchive, valise_archive_free)

G_END_DECLS
