/* valise-bundle.h - a bundle written for somebody, and one read that came
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The replicator joins a store and a bundle-peer, as it joins any two: see
 * valise-bundle-peer.h. What a bundle brings is judged as what any stranger brings
 * (%VALISE_SOURCE_PEER): seals, revisions recomputed, nothing withdrawn. Blocks, any thread;
 * the functions that end in _async do it on a thread of their own.
 */

#pragma once

#include "valise-account.h"
#include "valise-bundle-format.h"

G_BEGIN_DECLS

typedef struct _ValiseGate          ValiseGate;
typedef struct _ValiseBundleReader  ValiseBundleReader;
typedef struct _ValiseBundleRequest ValiseBundleRequest; /* valise-bundle-request.h */

/* Whose folder it is; lent. */
typedef struct
{
  ValiseHome *home;
  const char *programme;
  const char *device;
  const char *person;      /* or NULL */
  const char *participant; /* "xke"; %VALISE_PARTICIPANT_SECRETARIAT: a server's */
  GPtrArray  *gates;       /* (element-type ValiseGate): what judges that which comes */
  ValiseGate *rules; /* the same, but for what a seal speaks for; or NULL: a desk takes nothing */
} ValiseBundleHolder;

/* What to write; lent. */
typedef struct
{
  const char        *path;
  const char        *recipient; /* see valise-bundle-header.h; or a participant */
  const char *const *databases; /* NULL: what such a recipient usually gets */
  const gint64      *since;     /* a sequence for each of them, or NULL: all */
  ValiseBundleSecret secret;
  gint64             max_size; /* bytes of a file; 0: any */

  /* Which of them */
  const char *const   *languages;         /* of texts and files; NULL: all */
  const char          *meeting;           /* id: nothing that is of another; NULL: all */
  const char          *since_date;        /* as 2026-07-03: nothing issued before; NULL: all */
  gint64               since_issue;       /* nothing sealed under this number, or before; 0: all */
  gboolean             without_originals; /* not the files that papers name */
  ValiseBundleRequest *request;           /* what the recipient has already; or NULL */
} ValiseBundleOrder;

/* Since when, from what a person typed: a day, as 2026-07-03, or the number of an issue, from 1.
 * @text: (nullable): nothing is set; kept lent. FALSE: it is neither. */
gboolean valise_bundle_order_set_since (ValiseBundleOrder *order, const char *text);

/* What came of it. */
typedef struct
{
  GPtrArray *files;    /* (element-type filename) */
  GPtrArray *left_out; /* (element-type utf8): ids that no file of that size could hold */
  guint64    documents;
  guint64    bytes;
  guint      originals;      /* files that papers name, or drafts */
  guint64    original_bytes; /* of them */
  guint      originals_away; /* named, and not on this laptop: they could not go along */
} ValiseBundleReceipt;

/* "anyone", "secretariat", "colleagues": what a laptop writes for. */
gboolean valise_bundle_recipient_is_known (const char *recipient);

void valise_bundle_receipt_free (ValiseBundleReceipt *receipt);

/* What a bundle would hold, before it is written. */
typedef struct
{
  guint64  documents;
  guint64  document_bytes; /* that they take in it, about */
  guint    originals;      /* files that are here */
  guint64  original_bytes;
  guint    originals_away; /* named, and not here */
  gboolean has_team_key;   /* for colleagues: they need no passphrase */
} ValiseBundleWeight;

/* What a bundle brought, or would not. */
typedef struct
{
  char      *person;           /* who made it, as it says; or NULL */
  gint64     made_us;          /* when, as it says */
  guint64    documents;        /* it holds so many */
  guint64    stored;           /* came and are durable here */
  guint64    refused;          /* of those, not taken */
  guint      originals;        /* it holds so many files, or parts of some */
  guint      originals_stored; /* came, and are whole and verified here */
  guint      originals_begun;  /* came in part: the rest is in another file of the bundle */
  guint64    original_bytes;   /* of those that are whole */
  GPtrArray *reasons;          /* (element-type utf8): why, each named; at most 100 */
} ValiseBundleArrival;

void valise_bundle_arrival_free (ValiseBundleArrival *arrival);

/**
 * valise_bundle_write:
 *
 * Writes what @holder has of the databases. Nothing is left behind where it fails.
 *
 * Returns: (transfer full): or %NULL with WALL, SECRET, EMPTY (#ValiseBundleError),
 * %G_FILE_ERROR, any #ValiseDbError, %G_IO_ERROR_CANCELLED
 */
ValiseBundleReceipt *valise_bundle_write (const ValiseBundleHolder *holder,
                                          const ValiseBundleOrder  *order,
                                          GCancellable             *cancellable,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What valise_bundle_write() would write now, without writing it. Returns: (transfer full): to be
 * freed with g_free(); or %NULL as it fails */
ValiseBundleWeight *valise_bundle_weigh (const ValiseBundleHolder *holder,
                                         const ValiseBundleOrder  *order,
                                         GCancellable             *cancellable,
                                         GError                  **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * valise_bundle_read:
 * @path: untrusted
 *
 * Looks the file through first: one that is not whole changes nothing. Then takes what passes
 * the gates. One that was cut goes on where it came to; one that was read is not read again.
 *
 * Returns: (transfer full): or %NULL with any #ValiseBundleError, %G_FILE_ERROR,
 * any #ValiseDbError, %G_IO_ERROR_CANCELLED
 */
ValiseBundleArrival *valise_bundle_read (const ValiseBundleHolder *holder,
                                         const char               *path,
                                         const ValiseBundleSecret *secret,
                                         GCancellable             *cancellable,
                                         GError                  **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for an account: with its keys, and from what the server has not acknowledged where
 * it is for the secretariat; for colleagues, with the team's key where no passphrase is given.
 * @rules: (nullable): judge what no seal speaks for. */
ValiseBundleReceipt *valise_account_write_bundle (ValiseAccount           *account,
                                                  const ValiseBundleOrder *order,
                                                  GCancellable            *cancellable,
                                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
ValiseBundleWeight  *valise_account_weigh_bundle (ValiseAccount           *account,
                                                  const ValiseBundleOrder *order,
                                                  GCancellable            *cancellable,
                                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
ValiseBundleArrival *valise_account_read_bundle (ValiseAccount            *account,
                                                 const char               *path,
                                                 const ValiseBundleSecret *secret,
                                                 ValiseGate               *rules,
                                                 GCancellable             *cancellable,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundleReceipt, valise_bundle_receipt_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundleArrival, valise_bundle_arrival_free)

G_END_DECLS
