/* valise-database.h - one replicated set of documents, in one SQLite file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CouchDB's document model: revision trees with all leaves, the winner rule, sequences,
 * tombstones, `_local` documents. Every function here may be called from any thread and
 * blocks; a caller with a window calls from a worker. Readers never wait for the writer.
 */

#pragma once

#include "valise-document.h"
#include "valise-revision.h"

G_BEGIN_DECLS

#define VALISE_DATABASE_ERROR (valise_database_error_quark ())

/**
 * ValiseDatabaseError:
 * @VALISE_DATABASE_ERROR_MISSING: no such document or revision
 * @VALISE_DATABASE_ERROR_CONFLICT: the parent named is not a leaf, or the document exists
 * @VALISE_DATABASE_ERROR_BAD_REVISION: a revision is not "N-hash", or disagrees with its path
 * @VALISE_DATABASE_ERROR_TOO_LARGE: longer than %VALISE_DOCUMENT_MAX_SIZE
 * @VALISE_DATABASE_ERROR_BAD_ID: empty, over 4 KiB, not UTF-8, or beginning with `_`
 */
typedef enum
{
  VALISE_DATABASE_ERROR_MISSING,
  VALISE_DATABASE_ERROR_CONFLICT,
  VALISE_DATABASE_ERROR_BAD_REVISION,
  VALISE_DATABASE_ERROR_TOO_LARGE,
  VALISE_DATABASE_ERROR_BAD_ID,
} ValiseDatabaseError;

GQuark valise_database_error_quark (void);

#define VALISE_TYPE_DATABASE (valise_database_get_type ())

/* Signal "changed" (no argument): something was written. Emitted in the main context that was
 * the thread default of the thread that opened it, once for many writes. */
G_DECLARE_FINAL_TYPE (ValiseDatabase, valise_database, VALISE, DATABASE, GObject)

/* @create: makes the file where there is none. After an unclean exit, quick_check first.
 * Fails with any #ValiseDbError. */
ValiseDatabase *valise_database_open (const char *path,
                                      const char *name,
                                      gboolean    create,
                                      GError    **error) G_GNUC_WARN_UNUSED_RESULT;
/* Waits for the writer, checkpoints, closes; safe to call twice. */
void valise_database_close (ValiseDatabase *self);

const char *valise_database_get_name (ValiseDatabase *self);

typedef struct
{
  gint64 update_seq; /* the highest sequence given */
  gint64 documents;  /* not deleted, known-not-here ones included */
  gint64 deleted;
  gint64 absent;     /* of the documents, those known but not here */
  gint64 size;       /* bytes of the file and its WAL */
  char   uuid[33];   /* 32 hex digits, made with the file: the epoch of its sequences */
  gint64 created_us; /* instance_start_time */
} ValiseDatabaseInfo;

gboolean valise_database_get_info (ValiseDatabase *self, ValiseDatabaseInfo *info, GError **error);

/* @func is called after every commit that gave a new sequence, without a main loop, on the
 * thread that wrote, possibly while it still holds the writer: it must be quick (wake another
 * thread) and call nothing here. Returns: what to give to unwatch, never 0. */
typedef void (*ValiseWatchFunc) (ValiseDatabase *self, gpointer user_data);
guint valise_database_watch (ValiseDatabase *self, ValiseWatchFunc func, gpointer user_data);
/* Once it has returned, @func is not running and won't be called again. */
void valise_database_unwatch (ValiseDatabase *self, guint watch);

/* --- reading ------------------------------------------------------------------------- */

/* The winner (@rev NULL) or one revision. A deleted winner is MISSING unless asked by @rev.
 * `ancestors` and `attachments` are filled. */
ValiseDocument *valise_database_get (ValiseDatabase *self,
                                     const char     *id,
                                     const char     *rev,
                                     GError        **error) G_GNUC_WARN_UNUSED_RESULT;

/* As `open_revs` and `latest=true` have it: for @rev, the leaves that descend from it, or
 * itself where its body is kept. Returns: (element-type ValiseDocument); empty: missing. */
GPtrArray *valise_database_get_latest (ValiseDatabase *self,
                                       const char     *id,
                                       const char     *rev,
                                       GError        **error);

/* All leaves of @id, the winner first (element-type ValiseRevisionLeaf); NULL with MISSING. */
GPtrArray *valise_database_get_leaves (ValiseDatabase *self, const char *id, GError **error);

typedef struct
{
  const char *id;
  gint64      seq;
  gboolean    deleted; /* the winner is a tombstone */
  gboolean    here;    /* the winner's body is on this machine */
  gint64      size;    /* bytes of the winner's body (announced, where not here) */
  GPtrArray  *leaves;  /* (element-type ValiseRevisionLeaf): the winner alone unless asked */
  const ValiseDocument *document; /* the winner, where asked for */
} ValiseChange;                   /* lent for the call */

typedef enum
{
  VALISE_CHANGES_WINNER = 0,
  VALISE_CHANGES_ALL_LEAVES = 1 << 0, /* style=all_docs */
  VALISE_CHANGES_DOCUMENTS = 1 << 1,  /* include_docs */
  VALISE_CHANGES_DESCENDING = 1 << 2,
} ValiseChangesFlags;

/* FALSE stops the feed. It may read the database, and must not write to it. The feed is one
 * read transaction, so a function that waits (on a network, say) keeps the log from being used
 * again: give it a @limit, and wait between two feeds. */
typedef gboolean (*ValiseChangeFunc) (const ValiseChange *change, gpointer user_data);

/* Documents changed after @since, in order of sequence, at most @limit (0: all).
 * @last_seq: (out): the last one given, or where the feed stands when it is read whole;
 * @pending: (out) (nullable): how many more there are. */
gboolean valise_database_changes (ValiseDatabase    *self,
                                  gint64             since,
                                  guint              limit,
                                  ValiseChangesFlags flags,
                                  ValiseChangeFunc   func,
                                  gpointer           user_data,
                                  gint64            *last_seq,
                                  gint64            *pending,
                                  GError           **error);

/* Documents whose last change was at or before @until, the newest first: their winners alone, of at
 * most @limit documents. */
gboolean valise_database_list_recent (ValiseDatabase  *self,
                                      gint64           until,
                                      guint            limit,
                                      ValiseChangeFunc func,
                                      gpointer         user_data,
                                      GError         **error);

/* Documents by id, from @start (inclusive) to @end (inclusive, NULL: open), not deleted. */
gboolean valise_database_list (ValiseDatabase    *self,
                               const char        *start,
                               const char        *end,
                               guint              limit,
                               ValiseChangesFlags flags,
                               ValiseChangeFunc   func,
                               gpointer           user_data,
                               GError           **error);

/* Of @revs of @id: those not in its tree (transfer full, NULL-terminated, NULL: none missing),
 * and in @possible_ancestors the leaves here that might be their ancestors. @outlived: one that its
 * deletion has followed. */
char **valise_database_diff (ValiseDatabase    *self,
                             const char        *id,
                             const char *const *revs,
                             char            ***possible_ancestors,
                             const char       **outlived,
                             GError           **error);

/* --- writing: durable when it returns -------------------------------------------------- */

/* An interactive edit: @parent must be a leaf (NULL: the document is new, or its winner a
 * tombstone, which it extends). @body: the text of a JSON object. Returns: the new revision. */
char *valise_database_put (ValiseDatabase *self,
                           const char     *id,
                           const char     *parent,
                           gboolean        deleted,
                           GBytes         *body,
                           const char     *attachments,
                           GError        **error) G_GNUC_WARN_UNUSED_RESULT;

/* A batch of replicated revisions (new_edits=false), in one transaction with the checkpoint
 * that covers them. A document without a body is recorded as known, not here. */
typedef struct _ValiseBatch ValiseBatch; /* one thread; holds the writer until ended */

ValiseBatch *valise_database_begin (ValiseDatabase *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean     valise_batch_merge (ValiseBatch          *batch,
                                 const ValiseDocument *document,
                                 ValiseMerge          *merge,
                                 GError              **error);
/* An interactive edit among them, as valise_database_put(): several become durable together. */
char    *valise_batch_put (ValiseBatch *batch,
                           const char  *id,
                           const char  *parent,
                           gboolean     deleted,
                           GBytes      *body,
                           const char  *attachments,
                           GError     **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean valise_batch_put_local (ValiseBatch *batch,
                                 const char  *id,
                                 const char  *body,
                                 GError     **error);

/* Sequences, both ends included. */
typedef struct
{
  gint64 first;
  gint64 last;
} ValiseSpan;

/* To be called before the first merge: from now on the batch notes which of the sequences that
 * it gives are of documents whose every leaf was merged by it; valise_batch_dup_spans() gives
 * them (element-type ValiseSpan), in order. Interactive edits are not for such a batch. */
void    valise_batch_note_spans (ValiseBatch *batch);
GArray *valise_batch_dup_spans (ValiseBatch *batch);

/* Commits and frees; or, after a failure or to give up, drops and frees. */
gboolean valise_batch_commit (ValiseBatch *batch, GError **error);
void     valise_batch_cancel (ValiseBatch *batch);

/* --- the journal of edits: see valise-journal.h and valise-database-journal.c ------------- */

/* From now on every edit made here is in @path too before it counts. Edits found there that
 * this file lacks are merged into it. To be called once, before another thread has the
 * database. Fails with any #ValiseDbError. */
gboolean valise_database_start_journal (ValiseDatabase *self, const char *path, GError **error);

/* Merges the edits of the journal at @path, which stays as it is; @count: (out): how many. */
gboolean valise_database_merge_journal (ValiseDatabase *self,
                                        const char     *path,
                                        guint          *count,
                                        GError        **error);

/* The edits up to sequence @seq of the epoch @uuid are acknowledged or in a verified backup,
 * but for those whose id and revision @keep (nullable) wants to stay. */
typedef gboolean (*ValiseKeepFunc) (const char *id, const char *rev, gpointer user_data);
gboolean valise_database_trim_journal (ValiseDatabase *self,
                                       const char     *uuid,
                                       gint64          seq,
                                       ValiseKeepFunc  keep,
                                       gpointer        user_data,
                                       GError        **error);

/* Bytes of edits not yet safe elsewhere; 0 where no journal is kept. */
gint64 valise_database_get_unsafe_bytes (ValiseDatabase *self);

/* A new epoch: to be called where the file may be an earlier or another's copy, so that no
 * peer takes its sequences for those it knew. Fails with any #ValiseDbError. */
gboolean valise_database_renew_epoch (ValiseDatabase *self, GError **error);

/* --- `_local` documents: never replicated ---------------------------------------------- */

/* @id without "_local/". The body's text, and its "0-N" revision; NULL with MISSING. */
char *valise_database_get_local (ValiseDatabase *self, const char *id, char **rev, GError **error);
char *valise_database_put_local (ValiseDatabase *self,
                                 const char     *id,
                                 const char     *body,
                                 GError        **error); /* its new "0-N" */
gboolean valise_database_delete_local (ValiseDatabase *self, const char *id, GError **error);

G_END_DECLS
