/* valise-file-queue.h - the files that are to be fetched and sent, as a list one can look at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A GListModel of ValiseFileItem: what waits or moves, in the order in which it will: what goes
 * out first, then by priority, meeting, language and size. What is here already, and what was
 * given up, is not in the list, but is counted and can be asked for.
 *
 * Main thread unless said otherwise; nothing here blocks unless it says so. What is asked of the
 * queue is done by a worker in the order in which it was asked, is durable a moment later, and
 * shows by "changed". It survives restarts.
 *
 *     g_autoptr (ValiseFileQueue) queue = valise_file_queue_for_account (account);
 *     const ValiseFileWanted wanted = { sha256, "public", name, symbol, meeting, "en", length };
 *
 *     valise_file_queue_want (queue, &wanted, 1, VALISE_FILE_ASKED_FOR);
 */

#pragma once

#include "valise-account.h"
#include "valise-file-item.h"

G_BEGIN_DECLS

/* A file as a paper names it; lent for the call. */
typedef struct
{
  const char *sha256;
  const char *database; /* that of the paper */
  const char *name;
  const char *symbol;   /* of the paper, or NULL */
  const char *meeting;  /* id, or NULL */
  const char *language; /* or NULL */
  gint64      length;   /* bytes */
} ValiseFileWanted;

typedef struct
{
  guint  n_waiting;      /* to be fetched, held ones and those with a problem included */
  gint64 bytes_waiting;  /* still to come, of those */
  guint  n_held;         /* of them: held */
  gint64 bytes_held;     /* still to come, of those held */
  guint  n_outgoing;     /* to be sent */
  gint64 bytes_outgoing; /* still to go */
  guint  n_here;         /* files that are here whole */
  gint64 bytes_here;     /* of all files, half-arrived ones included */
} ValiseFileCounts;

/* Says whether a file may move now: what the user's policy is asked before every 64 KiB, on the
 * thread that moves them, so it must be quick. @outgoing: it is to be sent; @priority: how
 * urgent; @bytes: how many are about to move. Returns: %VALISE_FILE_MOVES, or why not. */
typedef ValiseFileReason (*ValiseFileGuard) (gboolean outgoing,
                                             int      priority,
                                             gint64   bytes,
                                             gpointer user_data);

#define VALISE_TYPE_FILE_QUEUE (valise_file_queue_get_type ())

/* Signals: "changed" (no argument): the list, a state or a count did; at most five times a
 * second. "failed" (string): what was asked could not be kept; the message is for the log. */
G_DECLARE_FINAL_TYPE (ValiseFileQueue, valise_file_queue, VALISE, FILE_QUEUE, GObject)

/* The one queue of @account. Any thread; it tells what changes in the main context of the thread
 * that asked first. Returns: (transfer full) */
ValiseFileQueue *valise_file_queue_for_account (ValiseAccount *account) G_GNUC_WARN_UNUSED_RESULT;

/* Whether what is kept was read once; then "changed" has been emitted. */
gboolean valise_file_queue_get_ready (ValiseFileQueue *self);

/* --- asking ---------------------------------------------------------------------------------- */

/* Puts files into the queue, or further to its front. One that is here is left as it is. */
void valise_file_queue_want (ValiseFileQueue        *self,
                             const ValiseFileWanted *wanted,
                             guint                   n_wanted,
                             int                     priority);

/* Keeps files from moving, and lets them go again; they keep their place. */
void valise_file_queue_hold (ValiseFileQueue *self, const char *const *sha256s);
void valise_file_queue_resume (ValiseFileQueue *self, const char *const *sha256s);

/* "Not now": takes files out of the queue. What has come of them stays. */
void valise_file_queue_cancel (ValiseFileQueue *self, const char *const *sha256s);

/* Gives up the bytes of files, never what is known of them. One that is still to be sent stays. */
void valise_file_queue_evict (ValiseFileQueue *self, const char *const *sha256s);

/* Waits until all that was asked is done, and the list shows it. Blocks: for programs without a
 * window. */
void valise_file_queue_flush (ValiseFileQueue *self);

/* --- looking --------------------------------------------------------------------------------- */

void valise_file_queue_get_counts (ValiseFileQueue *self, ValiseFileCounts *counts);

/* How a file stands, in the queue or not. @present: (out) (optional): bytes here. */
ValiseFileState valise_file_queue_get_state (ValiseFileQueue *self,
                                             const char      *sha256,
                                             gint64          *present);

/* The item of a file in the list; (transfer none) (nullable). */
ValiseFileItem *valise_file_queue_find (ValiseFileQueue *self, const char *sha256);

/* Of all that was ever asked for here, in the list or not: (transfer full) (element-type
 * ValiseFileItem). */
GPtrArray *valise_file_queue_list_all (ValiseFileQueue *self);

/* The whole of a file that is here. Fails with #ValiseFileError or any #ValiseDbError. */
void    valise_file_queue_read_async (ValiseFileQueue    *self,
                                      const char         *sha256,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
GBytes *valise_file_queue_read_finish (ValiseFileQueue *self, GAsyncResult *result, GError **error);

/* --- the user's policy ----------------------------------------------------------------------- */

/* @func: (nullable): nothing keeps files back. @destroy is called on any thread. */
void valise_file_queue_set_guard (ValiseFileQueue *self,
                                  ValiseFileGuard  func,
                                  gpointer         user_data,
                                  GDestroyNotify   destroy);

/* What the guard says may have changed: whoever waits asks it again. Any thread. */
void valise_file_queue_guard_changed (ValiseFileQueue *self);

G_END_DECLS
