/* valise-file-upload.h - files that others bring, in pieces; and what may name them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document may name a file here only in a database that was shown its bytes: naming a digest
 * is no proof of having it. Pieces belong to who brings them, an account in a database; another
 * never goes on with them. Any thread; blocks.
 */

#pragma once

#include "valise-file-store.h"

G_BEGIN_DECLS

#define VALISE_UPLOAD_MAX_LENGTH (1024LL * 1024 * 1024) /* bytes of a file */
#define VALISE_UPLOAD_MAX_OPEN   16                     /* of one owner, begun and not complete */
#define VALISE_UPLOAD_LIFE_US    (14 * G_TIME_SPAN_DAY) /* after its last piece */

/* Who brings it; lent. */
typedef struct
{
  const char *database;
  const char *account;
} ValiseUploadOwner;

typedef struct
{
  gint64   present; /* bytes of this owner's upload; all of them where complete */
  gboolean proven;  /* the database was shown the bytes, and they are here */
  gboolean known;   /* the bytes are here, by another way */
} ValiseUploadState;

/* Fails with any #ValiseDbError. */
gboolean valise_file_upload_look (ValiseFileStore         *files,
                                  const char              *sha256,
                                  const ValiseUploadOwner *owner,
                                  ValiseUploadState       *state,
                                  GError                 **error);

/**
 * valise_file_upload_append:
 * @length: of the whole file
 * @offset: where @piece belongs
 *
 * Keeps @piece, durably. The last one has the digest verified; then the file is here for all,
 * and proven for the owner's database.
 *
 * Fails with %VALISE_FILE_ERROR_RANGE where the piece does not follow, %VALISE_FILE_ERROR_LIMIT
 * for too long a file or too many begun, %VALISE_FILE_ERROR_DIGEST where the bytes make another
 * digest (and are dropped), or any #ValiseDbError.
 */
gboolean valise_file_upload_append (ValiseFileStore         *files,
                                    const char              *sha256,
                                    const ValiseUploadOwner *owner,
                                    gint64                   length,
                                    gint64                   offset,
                                    GBytes                  *piece,
                                    ValiseUploadState       *state,
                                    GError                 **error);

/* @database was shown the bytes of @sha256, which are here. */
gboolean valise_file_upload_prove (ValiseFileStore *files,
                                   const char      *sha256,
                                   const char      *database,
                                   GError         **error);

/* SHA-256 over @challenge and the bytes of a file that is here, in hex; NULL with @error. */
char *valise_file_upload_digest (ValiseFileStore *files,
                                 const char      *sha256,
                                 const char      *challenge,
                                 GError         **error);

/* Drops uploads whose last piece came before @before_us. */
gboolean valise_file_upload_expire (ValiseFileStore *files, gint64 before_us, GError **error);

G_END_DECLS
