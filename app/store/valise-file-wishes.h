/* valise-file-wishes.h - which files are wanted, in which order, and which are owed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Kept in files.sqlite beside the bytes, so that both are of one moment. Any thread; blocks.
 * Everything here fails with any #ValiseDbError, and is durable when it returns.
 */

#pragma once

#include "valise-file-store.h"

G_BEGIN_DECLS

/* Whether a file is to be fetched. */
typedef enum
{
  VALISE_WISH_NOT_NOW, /* no longer, or not any more: it is here */
  VALISE_WISH_WAITS,
  VALISE_WISH_HELD, /* it keeps its place, and waits until it is let go */
} ValiseWishStage;

/* A file, as the paper that names it has it; and how it stands. */
typedef struct
{
  char  *sha256;
  char  *database; /* whose document `file:SHA256` gives it */
  char  *name;
  char  *symbol;   /* of the paper; NULL: none */
  char  *meeting;  /* NULL: none */
  char  *language; /* NULL: none in particular */
  gint64 length;   /* bytes */
  int    priority;

  ValiseWishStage stage;
  gboolean        evicted;
  char           *source;  /* who gave what is present, or NULL */
  char           *tag;     /* what they call it, or NULL */
  char           *problem; /* or NULL */

  gint64   present;  /* bytes here */
  gboolean complete; /* all are, and were verified */
} ValiseFileWish;

ValiseFileWish *valise_file_wish_copy (const ValiseFileWish *wish) G_GNUC_WARN_UNUSED_RESULT;
void            valise_file_wish_free (ValiseFileWish *wish);

/* A file made here, on its way to the peer of a database. */
typedef struct
{
  char    *sha256;
  char    *database;
  gint64   length;       /* bytes */
  gboolean acknowledged; /* the peer has it */
  char    *problem;      /* or NULL */
} ValiseFileParcel;

void valise_file_parcel_free (ValiseFileParcel *parcel);

/* Puts @wishes (element-type ValiseFileWish) into the queue. One that is there gets the higher
 * of both priorities, and is no longer held; one that is here whole is only noted. */
gboolean valise_file_wishes_add (ValiseFileStore *files,
                                 GPtrArray       *wishes,
                                 int              priority,
                                 GError         **error);

/* Files that were never asked for are passed over. NOT_NOW keeps what has come. */
gboolean valise_file_wishes_set_stage (ValiseFileStore   *files,
                                       const char *const *sha256s,
                                       ValiseWishStage    stage,
                                       GError           **error);

/* Notes who gives the bytes of a file and by which tag; NULLs: nobody yet. */
gboolean valise_file_wishes_set_source (ValiseFileStore *files,
                                        const char      *sha256,
                                        const char      *source,
                                        const char      *tag,
                                        GError         **error);

/* @problem: (nullable): why a file could not be fetched; NULL: there is none any more. */
gboolean valise_file_wishes_set_problem (ValiseFileStore *files,
                                         const char      *sha256,
                                         const char      *problem,
                                         GError         **error);

/* Forgets every problem, so that all is tried again. */
gboolean valise_file_wishes_forgive (ValiseFileStore *files, GError **error);

/* The next to be fetched that has no problem; NULL without an error where there is none. */
ValiseFileWish *valise_file_wishes_take_next (ValiseFileStore *files,
                                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* All that was ever asked for (element-type ValiseFileWish): the queue first, in its order,
 * then the others. */
GPtrArray *valise_file_wishes_list (ValiseFileStore *files,
                                    GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* How much of a file is here. */
typedef struct
{
  gint64   present; /* bytes */
  gboolean complete;
} ValiseFileHere;

/* Of all files of which something is here, asked for or not: digest → ValiseFileHere. */
GHashTable *valise_file_wishes_list_here (ValiseFileStore *files,
                                          GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives up the bytes of files, whole or in part, and never the wish; one in the queue is no
 * longer wanted. A file that is owed to a peer stays, with @n_kept (out) counting them. */
gboolean valise_file_wishes_evict (ValiseFileStore   *files,
                                   const char *const *sha256s,
                                   guint             *n_kept,
                                   GError           **error);

/* --- what is owed ------------------------------------------------------------------------ */

/* @sha256, which is here, is to reach the peer of @database. */
gboolean valise_file_parcels_add (ValiseFileStore *files,
                                  const char      *sha256,
                                  const char      *database,
                                  GError         **error);

/* The peer has it. */
gboolean valise_file_parcels_acknowledge (ValiseFileStore *files,
                                          const char      *sha256,
                                          const char      *database,
                                          GError         **error);
gboolean valise_file_parcels_set_problem (ValiseFileStore *files,
                                          const char      *sha256,
                                          const char      *database,
                                          const char      *problem,
                                          GError         **error);

/* @acknowledged: (out): whether the peer of @database has it; not where it was never owed. */
gboolean valise_file_parcels_get_acknowledged (ValiseFileStore *files,
                                               const char      *sha256,
                                               const char      *database,
                                               gboolean        *acknowledged,
                                               GError         **error);

/* Those not acknowledged (element-type ValiseFileParcel), the smallest first. */
GPtrArray *valise_file_parcels_list (ValiseFileStore *files,
                                     GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseFileWish, valise_file_wish_free)

G_END_DECLS
