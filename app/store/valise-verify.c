/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-verify"

#include "config.h"

#include "valise-batch.h"
#include "valise-canonical.h"
#include "valise-document-table.h"
#include "valise-meta-table.h"
#include "valise-verify-parts.h"

typedef struct
{
  const ValiseVerifier *verifier;
  ValiseVerifyReport   *report;
  ValiseDb             *db;
  gint64                deleted, absent, highest; /* counted, to be compared with the file's own */
} Check;

G_GNUC_PRINTF (2, 3)
static void
tell (Check *check, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list          list;

  va_start (list, format);
  what = g_strdup_vprintf (format, list);
  va_end (list);
  check->report->problems++;
  if (check->verifier->problem != NULL)
    check->verifier->problem (what, check->verifier->user_data);
}

/* --- one leaf -------------------------------------------------------------------------------- */

/* Whether @rev is what the content makes, as valise_canonical_revision() has it. @known: (out):
 * whether its history is known far enough to say. */
static gboolean
is_own_revision (const ValiseDocument *leaf, const ValiseJson *json, gboolean *known)
{
  guint            generation = 0;
  g_autofree char *parent = NULL;
  g_autofree char *made = NULL;

  *known = TRUE;
  if (!valise_revision_parse (leaf->rev, &generation, NULL))
    return FALSE;
  if (generation > 1 && (leaf->ancestors == NULL || leaf->ancestors[0] == NULL))
    return *known = FALSE;
  if (generation > 1)
    parent = g_strdup_printf ("%u-%s", generation - 1, leaf->ancestors[0]);
  made = valise_canonical_revision (parent, leaf->deleted, json);
  return g_str_equal (made, leaf->rev);
}

/* Whether it is proven. */
static gboolean
check_revision (Check *check, const ValiseDocument *leaf, const ValiseJson *json)
{
  const ValiseVerifier *verifier = check->verifier;
  gboolean              known = FALSE;

  if (is_own_revision (leaf, json, &known))
    {
      check->report->digested++;
      return TRUE;
    }
  if (known && (verifier->proves == NULL || !verifier->proves (leaf, json, verifier->user_data)))
    tell (check,
          "%s at %s: its text does not make its revision, and nothing else proves it: "
          "the disk changed it, or another program wrote it",
          leaf->id, leaf->rev);
  return FALSE;
}

/* A text that cannot be read, or that neither its revision nor its seal proves, is no text that
 * was ever taken: the file is to be mended. */
static void
check_text (Check *check, const ValiseDocument *leaf)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = valise_document_scan (leaf, &error);
  gboolean               proven = FALSE;

  if (json == NULL)
    {
      tell (check, "%s at %s: its text cannot be read: %s", leaf->id, leaf->rev, error->message);
      valise_db_mark_suspect (check->db);
      return;
    }
  if ((gint64) g_bytes_get_size (leaf->body) != leaf->size)
    tell (check, "%s at %s: %" G_GSIZE_FORMAT " bytes, not %" G_GINT64_FORMAT, leaf->id, leaf->rev,
          g_bytes_get_size (leaf->body), leaf->size);
  proven = check_revision (check, leaf, json);
  if (check->verifier->leaf == NULL
      || check->verifier->leaf (leaf, json, check->verifier->user_data, &error))
    return;
  tell (check, "%s at %s: %s", leaf->id, leaf->rev, error->message);
  if (!proven)
    valise_db_mark_suspect (check->db);
}

static void
check_leaf (Check *check, const ValiseDocument *leaf)
{
  check->report->leaves++;
  if (leaf->body == NULL)
    return;
  check->report->here++;
  check_text (check, leaf);
}

/* --- one document ---------------------------------------------------------------------------- */

static void
check_head (Check *check, const char *id, const ValiseDocumentRow *row, GPtrArray *leaves)
{
  const ValiseRevisionLeaf *winner = leaves->len > 0 ? g_ptr_array_index (leaves, 0) : NULL;

  if (winner == NULL)
    {
      tell (check, "%s: it has no revision", id);
      return;
    }
  if (!g_str_equal (winner->rev, row->rev))
    tell (check, "%s: the winner is %s, not %s", id, winner->rev, row->rev);
  if (winner->deleted != row->deleted)
    tell (check, "%s: whether it is deleted is not what its tree says", id);
  if (leaves->len != row->leaves)
    tell (check, "%s: %u leaves, not %u", id, leaves->len, row->leaves);
}

static gboolean
check_document (Check *check, const char *id, GError **error)
{
  g_auto (ValiseDocumentRow) row = { 0 };
  g_autoptr (GPtrArray)      leaves = NULL;

  if (!valise_document_table_find (check->db, id, &row, error))
    return FALSE;
  if (row.row == 0)
    {
      tell (check, "%s: listed, and not found by its id", id);
      return TRUE;
    }
  leaves = valise_revision_tree_get_leaves (row.tree);
  check_head (check, id, &row, leaves);
  check->report->documents++;
  check->deleted += row.deleted;
  check->absent += !row.deleted && !row.here;
  check->highest = MAX (check->highest, row.seq);
  for (guint i = 0; i < leaves->len; i++)
    {
      const ValiseRevisionLeaf  *leaf = g_ptr_array_index (leaves, i);
      g_autoptr (GError)         failure = NULL;
      g_autoptr (ValiseDocument) document =
          valise_document_table_read (check->db, id, &row, leaf->rev, &failure);

      if (document != NULL)
        check_leaf (check, document);
      else
        tell (check, "%s at %s: %s", id, leaf->rev,
              failure != NULL ? failure->message : "its row is missing");
    }
  return TRUE;
}

static gboolean
check_documents (Check *check, GError **error)
{
  g_autoptr (ValiseStmt) stmt =
      valise_db_prepare (check->db, "SELECT id FROM document ORDER BY row");
  ValiseStep step = VALISE_STEP_ERROR;

  while ((step = valise_stmt_step (stmt, error)) == VALISE_STEP_ROW)
    {
      g_autofree char   *id = g_strdup (valise_stmt_get_text (stmt, 0));
      g_autoptr (GError) failure = NULL;

      if (!check_document (check, id, &failure))
        tell (check, "%s: %s", id, failure->message);
    }
  return step == VALISE_STEP_DONE;
}

/* --- the file as a whole --------------------------------------------------------------------- */

static void
compare (Check *check, const char *what, gint64 said, gint64 counted)
{
  if (said != counted)
    tell (check, "%" G_GINT64_FORMAT " %s counted, the file says %" G_GINT64_FORMAT, counted, what,
          said);
}

static gboolean
check_counters (Check *check, GError **error)
{
  g_auto (ValiseMetaRow) meta = { 0 };

  if (!valise_meta_read (check->db, &meta, error))
    return FALSE;
  compare (check, "documents", meta.documents, check->report->documents - check->deleted);
  compare (check, "deleted documents", meta.deleted, check->deleted);
  compare (check, "documents known and not here", meta.absent, check->absent);
  if (check->highest > meta.update_seq)
    tell (check, "a document has sequence %" G_GINT64_FORMAT ", the file came to %" G_GINT64_FORMAT,
          check->highest, meta.update_seq);
  return TRUE;
}

gboolean
valise_verify_database (ValiseDatabase       *database,
                        const ValiseVerifier *verifier,
                        ValiseVerifyReport   *report,
                        GError              **error)
{
  ValiseDbPool *pool = valise_database_get_pool (database);
  Check         check = { verifier, report, valise_db_pool_take_reader (pool, error), 0, 0, 0 };
  gboolean      ok = FALSE;

  if (check.db == NULL)
    return FALSE;
  ok = valise_verify_pages (check.db, "", verifier, &report->problems, error)
       && check_documents (&check, error) && check_counters (&check, error);
  valise_db_pool_give_reader (pool, check.db);
  return ok;
}
