/* valise-courier.h - bundles for a window: written and read off the main thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What valise-bundle.h does, for callers that do not see the store. Called back in the main
 * context that was the thread's default; fails with #ValiseBundleError and with what the store
 * and the disk fail with.
 */

#pragma once

#include "valise-account.h"
#include "valise-bundle-error.h"

G_BEGIN_DECLS

typedef struct _ValiseGate ValiseGate; /* views need not know the store */

/* Makes the gate that judges what no seal speaks for: the programme's, which this layer does not
 * know. NULL without @error where the programme is not here yet. Called on the thread that
 * reads. */
typedef ValiseGate *(*ValiseCourierRules) (ValiseHome *home, GError **error);

/* Whom a bundle is for. */
typedef enum
{
  VALISE_COURIER_ANYONE,      /* the public record; needs no passphrase */
  VALISE_COURIER_SECRETARIAT, /* this participant's desk */
  VALISE_COURIER_COLLEAGUES,  /* the record, the desk and the team's own */
} ValiseCourierRecipient;

/* What is to be written; lent. */
typedef struct
{
  ValiseCourierRecipient recipient;
  const char            *passphrase; /* or NULL: needed but for ANYONE, and a team with a key */
  gint64                 max_size;   /* bytes of a file, 0: any */
  gboolean               without_originals; /* of papers: the words alone */

  /* Which of them; what says neither its meeting nor its day goes in any case */
  const char        *meeting;   /* id; NULL: all */
  const char *const *languages; /* of texts and files; NULL: all */
  const char        *since;     /* a day, as 2026-07-03: nothing issued before; NULL: all */
  const char        *request;   /* the path of the list of what they have; NULL: none */
} ValiseCourierOrder;

/* What that would be. */
typedef struct
{
  guint64  documents;
  guint64  document_bytes; /* that they would take, about */
  guint    originals;      /* files that are here */
  guint64  original_bytes;
  guint    originals_away; /* named by papers, and not here */
  gboolean has_team_key;   /* for colleagues: a passphrase is not needed */
  char    *person;         /* whose list it was, as it says; NULL: it has no name, or none was */
  gboolean is_colleague;   /* who is of this delegation, as it says */
} ValiseCourierWeight;

/* What was written. */
typedef struct
{
  char   *path; /* of the first file */
  guint   files;
  guint   left_out; /* documents that no file of that size could hold */
  guint64 documents;
  guint   originals;
  guint64 bytes;
} ValiseCourierParcel;

/* What came. */
typedef struct
{
  char   *person; /* who made it, as it says; or NULL */
  guint64 documents;
  guint64 stored;
  guint64 refused;
  guint   originals; /* files that came, whole */
  char  **reasons;   /* why, each naming its document */
} ValiseCourierNews;

void valise_courier_weight_free (ValiseCourierWeight *weight);
void valise_courier_parcel_free (ValiseCourierParcel *parcel);
void valise_courier_news_free (ValiseCourierNews *news);

/* Fails as valise_bundle_request_read() where that is the list's fault, with PROGRAMME where it is
 * of another programme. */
void                 valise_courier_weigh_async (ValiseAccount            *account,
                                                 const ValiseCourierOrder *order,
                                                 GCancellable             *cancellable,
                                                 GAsyncReadyCallback       callback,
                                                 gpointer                  user_data);
ValiseCourierWeight *valise_courier_weigh_finish (GAsyncResult *result,
                                                  GError      **error) G_GNUC_WARN_UNUSED_RESULT;

void                 valise_courier_write_async (ValiseAccount            *account,
                                                 const char               *path,
                                                 const ValiseCourierOrder *order,
                                                 GCancellable             *cancellable,
                                                 GAsyncReadyCallback       callback,
                                                 gpointer                  user_data);
ValiseCourierParcel *valise_courier_write_finish (GAsyncResult *result,
                                                  GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* Saves into @path what this laptop has, so that others can write it the rest. The finish gives the
 * file's bytes, -1 with %G_FILE_ERROR and with what the store fails with. */
void   valise_courier_request_async (ValiseAccount      *account,
                                     const char         *path,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gint64 valise_courier_request_finish (GAsyncResult *result, GError **error);

/* @passphrase: (nullable): without one that it needs, fails with LOCKED.
 * @rules: (nullable). */
void               valise_courier_read_async (ValiseAccount      *account,
                                              const char         *path,
                                              const char         *passphrase,
                                              ValiseCourierRules  rules,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
ValiseCourierNews *valise_courier_read_finish (GAsyncResult *result,
                                               GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* When the last bundle of @account was written (µs since 1970) and its bytes; FALSE: none was.
 * Reads a small file. */
gboolean valise_courier_get_last (ValiseAccount *account, gint64 *when_us, guint64 *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseCourierWeight, valise_courier_weight_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseCourierParcel, valise_courier_parcel_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseCourierNews, valise_courier_news_free)

G_END_DECLS
