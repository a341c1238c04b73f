/* valise-db.h - the one door to SQLite
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A connection is used by one thread at a time; whoever lends it to another keeps the order.
 * Preparing and binding never need a check: the first failure is kept and comes out of the
 * next step.
 *
 *     g_autoptr (ValiseStmt) stmt = valise_db_prepare (
 *         db, "SELECT title FROM document WHERE symbol = :symbol");
 *
 *     valise_stmt_bind_text (stmt, ":symbol", symbol);
 *     while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
 *       g_ptr_array_add (titles, g_strdup (valise_stmt_get_text (stmt, 0)));
 *     return step == VALISE_STEP_DONE;
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_DB_ERROR (valise_db_error_quark ())

/**
 * ValiseDbError:
 * @VALISE_DB_ERROR_ENGINE: a failure not named below
 * @VALISE_DB_ERROR_CONSTRAINT: the row breaks a rule of the schema
 * @VALISE_DB_ERROR_BUSY: another writer outlasted the timeout
 * @VALISE_DB_ERROR_CORRUPT: damaged, or not a database of ours (application_id)
 * @VALISE_DB_ERROR_TOO_NEW: written by a later Valise; left untouched
 * @VALISE_DB_ERROR_FULL: no room left on the disk
 * @VALISE_DB_ERROR_READ_ONLY: the file or its folder cannot be written
 */
typedef enum
{
  VALISE_DB_ERROR_ENGINE,
  VALISE_DB_ERROR_CONSTRAINT,
  VALISE_DB_ERROR_BUSY,
  VALISE_DB_ERROR_CORRUPT,
  VALISE_DB_ERROR_TOO_NEW,
  VALISE_DB_ERROR_FULL,
  VALISE_DB_ERROR_READ_ONLY,
} ValiseDbError;

GQuark valise_db_error_quark (void);

typedef enum
{
  VALISE_STEP_ERROR = -1,
  VALISE_STEP_DONE,
  VALISE_STEP_ROW,
} ValiseStep;

/**
 * ValiseDbFlags:
 * @VALISE_DB_WRITER: may write, and alone checkpoints; without it the connection only reads
 * @VALISE_DB_CREATE: makes the file where there is none
 * @VALISE_DB_RELAXED: synchronous=NORMAL: derived data, which a power cut may take back
 */
typedef enum
{
  VALISE_DB_READER = 0,
  VALISE_DB_WRITER = 1 << 0,
  VALISE_DB_CREATE = 1 << 1,
  VALISE_DB_RELAXED = 1 << 2,
} ValiseDbFlags;

typedef struct _ValiseDb   ValiseDb;   /* one connection */
typedef struct _ValiseStmt ValiseStmt; /* lent from its cache, to one user at a time */

/* The work of one transaction; FALSE, with @error set, rolls it back. */
typedef gboolean (*ValiseDbFunc) (ValiseDb *db, gpointer user_data, GError **error);

/* @path may be ":memory:" for a writer; @timeout_ms bounds the wait for another writer.
 * WAL, foreign keys on, no mmap, trusted_schema off. An existing file is only read until
 * valise_db_migrate() has accepted it. Fails with any #ValiseDbError. */
ValiseDb *valise_db_open (const char *path, ValiseDbFlags flags, guint timeout_ms, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void valise_db_close (ValiseDb *db);

/* Brings a file of kind @application_id (four ASCII letters) to the newest schema: runs the
 * scripts NAME-NNNN.sql of the GResource folder @resource_dir above user_version, each in
 * one transaction. A file of another kind is CORRUPT, a newer one TOO_NEW; both untouched. */
gboolean valise_db_migrate (ValiseDb   *db,
                            guint32     application_id,
                            const char *resource_dir,
                            const char *name,
                            GError    **error);

/* What was read cannot be so: the pool has the file mended before it lends it again. */
void valise_db_mark_suspect (ValiseDb *db);

/* PRAGMA quick_check; FALSE with CORRUPT. */
gboolean valise_db_check (ValiseDb *db, GError **error);

/* BEGIN IMMEDIATE to COMMIT, whose failure is an error too. Writes do not nest. */
gboolean valise_db_write (ValiseDb *db, ValiseDbFunc func, gpointer user_data, GError **error);

/* The same by hand, for a writer that streams: between the two, only its own thread. */
gboolean valise_db_begin (ValiseDb *db, GError **error);
gboolean valise_db_commit (ValiseDb *db, GError **error);
void     valise_db_rollback (ValiseDb *db);

/* A read transaction: what is read until the end is one moment. */
gboolean valise_db_begin_read (ValiseDb *db, GError **error);
void     valise_db_end_read (ValiseDb *db);

/* @sql is a string literal: its address is the cache's key. */
ValiseStmt *valise_db_prepare (ValiseDb *db, const char *sql);
void        valise_stmt_release (ValiseStmt *stmt);

/* Runs SQL without parameters or rows, possibly several statements. */
gboolean valise_db_execute (ValiseDb *db, const char *sql, GError **error);

/* A tokenizer or function is registered on the raw handle; only store files may ask. */
gpointer valise_db_get_handle (ValiseDb *db);

void valise_stmt_bind_text (ValiseStmt *stmt, const char *name, const char *value);
/* @value is not copied: it stays as it is until the statement is released, or bound anew. */
void valise_stmt_bind_lent_text (ValiseStmt *stmt, const char *name, const char *value);
void valise_stmt_bind_int64 (ValiseStmt *stmt, const char *name, gint64 value);
void valise_stmt_bind_bytes (ValiseStmt *stmt,
                             const char *name,
                             GBytes     *value); /* NULL: SQL NULL */
void valise_stmt_bind_blob (ValiseStmt *stmt, const char *name, const void *data, gsize length);

ValiseStep valise_stmt_step (ValiseStmt *stmt, GError **error);
gboolean   valise_stmt_run (ValiseStmt *stmt, GError **error); /* to the end, then resets */
void       valise_stmt_reset (ValiseStmt *stmt);

/* Columns count from 0; text and blobs last until the next step. */
const char   *valise_stmt_get_text (ValiseStmt *stmt, int column);
gint64        valise_stmt_get_int64 (ValiseStmt *stmt, int column);
gconstpointer valise_stmt_get_blob (ValiseStmt *stmt, int column, gsize *length);
GBytes       *valise_stmt_dup_bytes (ValiseStmt *stmt, int column); /* NULL for SQL NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseDb, valise_db_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseStmt, valise_stmt_release)

G_END_DECLS
