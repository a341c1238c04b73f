/* valise-db-pool.h - one file's connections: one that writes, a few that read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whoever holds the writer is the one writer, and it alone checkpoints. Readers are opened
 * when they are wanted, at most four a file, and see the last commit before their read
 * transaction. Any thread.
 *
 * A program has hundreds of these pools (a server's databases). Past a limit that the system's
 * number of descriptors sets, the one used least lately closes its connections, and opens them
 * again when somebody asks: nobody outside notices.
 */

#pragma once

#include "valise-db.h"

G_BEGIN_DECLS

typedef struct _ValiseDbPool ValiseDbPool;

/* The file's kind, as valise_db_migrate() has it; lent for the call. */
typedef struct
{
  guint32       application_id;
  const char   *resource_dir;
  const char   *name;
  ValiseDbFlags flags; /* %VALISE_DB_CREATE, %VALISE_DB_RELAXED */
} ValiseDbKind;

/* Opens the writer and migrates. Fails with any #ValiseDbError. */
ValiseDbPool *valise_db_pool_open (const char         *path,
                                   const ValiseDbKind *kind,
                                   GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* Waits for whoever holds a connection, and closes; safe to call twice. What is asked of the
 * pool afterwards fails with ENGINE. */
void valise_db_pool_close (ValiseDbPool *self);
/* Closes and frees; nobody else may use it any more. */
void valise_db_pool_free (ValiseDbPool *self);

/* Mends the damaged file at @path, which nobody has open; FALSE where it cannot. */
typedef gboolean (*ValiseDbHealFunc) (const char *path, gpointer user_data, GError **error);

/* Called when a connection met damage, before the next one is lent: on the thread that asks
 * for it, while all others wait. It asks nothing of the pool. To be set before another thread
 * has the pool. */
void valise_db_pool_set_healer (ValiseDbPool *self, ValiseDbHealFunc func, gpointer user_data);

/* How many pools have their files open; for tests. */
guint valise_db_pool_count_awake (void);

const char *valise_db_pool_get_path (ValiseDbPool *self);

/* Waits its turn. Give it back, from any thread, with no transaction open. */
ValiseDb *valise_db_pool_take_writer (ValiseDbPool *self, GError **error);
void      valise_db_pool_give_writer (ValiseDbPool *self, ValiseDb *writer);

/* A reader inside a read transaction, for this thread, which may hold several: asking for a
 * second one while holding the first never waits. Giving it back ends the transaction. */
ValiseDb *valise_db_pool_take_reader (ValiseDbPool *self, GError **error);
void      valise_db_pool_give_reader (ValiseDbPool *self, ValiseDb *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseDbPool, valise_db_pool_free)

G_END_DECLS
