/* test-replication-faults.c - the disk and memory fail at every call of a pull and of a push
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See fault-loop.h. Both ends are on the same disk, so it is now the one that fails, now the
 * other, and now the log of one of them.
 */

#include "fault-loop.h"
#include "valise-checkpoint.h"
#include "valise-folder.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"
#include "valise-verify.h"

#define NOTES 8
#define EDITS 3

typedef struct
{
  char *root;
  char *template; /* source.sqlite with NOTES notes; target.sqlite, empty */
  char *folder;
  guint acknowledged; /* notes that are not to be lost */
} Fixture;

static ValiseDatabase *
open_database (const char *folder, const char *name, GError **error)
{
  g_autofree char *file = g_strconcat (name, ".sqlite", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  return valise_database_open (path, name, TRUE, error);
}

static gboolean
put_note (ValiseDatabase *database, guint number, GError **error)
{
  g_autofree char   *id = g_strdup_printf ("note:%04u", number);
  g_autofree char   *filler = g_strnfill (number * 577 % 12000, 'n');
  g_autofree char   *text = g_strdup_printf ("{\"n\":%u,\"text\":\"%s\"}", number, filler);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, error);

  return rev != NULL;
}

static gboolean
has_note (ValiseDatabase *database, guint number)
{
  g_autofree char           *id = g_strdup_printf ("note:%04u", number);
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL && document->body != NULL;
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) source = NULL;
  g_autoptr (ValiseDatabase) target = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->template = g_build_filename (fixture->root, "template", NULL);
  fixture->folder = g_build_filename (fixture->root, "folder", NULL);
  g_assert_no_errno (g_mkdir (fixture->template, 0700));
  source = open_database (fixture->template, "source", &error);
  g_assert_no_error (error);
  target = open_database (fixture->template, "target", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < NOTES; i++)
    g_assert_true (put_note (source, i, NULL));
  valise_database_close (source);
  valise_database_close (target);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  valise_folder_remove (fixture->root);
  g_free (fixture->folder);
  g_free (fixture->template);
  g_free (fixture->root);
}

static void
copy_folder (gpointer user_data)
{
  static const char *const names[] = { "source.sqlite", "target.sqlite" };
  Fixture                 *fixture = user_data;

  valise_folder_remove (fixture->folder);
  g_assert_no_errno (g_mkdir (fixture->folder, 0700));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = g_build_filename (fixture->template, names[i], NULL);
      g_autofree char *to = g_build_filename (fixture->folder, names[i], NULL);

      g_assert_true (valise_folder_copy_file (from, to, NULL));
    }
  fixture->acknowledged = NOTES;
}

static gboolean
exchange (ValiseDatabase *source, ValiseDatabase *target, GError **error)
{
  g_autoptr (ValisePeer)       from = valise_store_peer_new (source);
  g_autoptr (ValisePeer)       to = valise_store_peer_new (target);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (from, to, "device");

  return valise_replicator_run (replicator, FALSE, NULL, error);
}

/* Brings @edits new notes and all others from source to target; @edits 0 is a pull. */
static void
replicate (Fixture *fixture, guint edits)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) source = open_database (fixture->folder, "source", &error);
  g_autoptr (ValiseDatabase) target = NULL;
  gboolean                   ok = source != NULL;

  for (guint i = NOTES; ok && i < NOTES + edits; i++)
    {
      ok = put_note (source, i, &error);
      if (ok)
        fixture->acknowledged = i + 1;
    }
  if (ok)
    target = open_database (fixture->folder, "target", &error);
  ok = target != NULL && exchange (source, target, &error);
  if (!ok)
    {
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, !=, "");
    }
  if (source != NULL)
    valise_database_close (source);
  if (target != NULL)
    valise_database_close (target);
}

static void
pull (gpointer user_data)
{
  replicate (user_data, 0);
}

static void
push (gpointer user_data)
{
  replicate (user_data, EDITS);
}

/* --- what is left ------------------------------------------------------------------------- */

static void
problem_cb (const char *what, gpointer user_data)
{
  g_test_message ("%s: %s", (const char *) user_data, what);
}

static void
assert_sound (ValiseDatabase *database)
{
  const ValiseVerifier verifier = { problem_cb, NULL,
                                    (gpointer) valise_database_get_name (database) };
  ValiseVerifyReport   report = { 0 };
  g_autoptr (GError)   error = NULL;

  valise_verify_database (database, &verifier, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report.problems, ==, 0);
}

/* The source gave note N the sequence N + 1. */
static void
assert_log_behind_documents (ValiseDatabase *source, ValiseDatabase *target)
{
  g_autoptr (ValisePeer) from = valise_store_peer_new (source);
  g_autoptr (ValisePeer) to = valise_store_peer_new (target);
  g_autofree char       *log_id = valise_checkpoint_make_id (valise_peer_get_name (from),
                                                             valise_peer_get_name (to), "device", NULL);
  g_autofree char       *log = valise_database_get_local (target, log_id, NULL, NULL);
  g_autoptr (ValiseJson) json =
      log != NULL ? valise_json_scan_text (log, -1, VALISE_JSON_ANY, NULL) : NULL;
  g_autofree char *seq = json != NULL ? valise_json_dup_member (json, 0, "source_last_seq") : NULL;
  gint64           last = seq != NULL ? g_ascii_strtoll (seq, NULL, 10) : 0;

  for (guint i = 0; i < last; i++)
    g_assert_true (has_note (target, i));
}

/* Both ends are sound, and the next run brings everything. */
static void
check (gpointer user_data)
{
  Fixture                   *fixture = user_data;
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) source = open_database (fixture->folder, "source", &error);
  g_autoptr (ValiseDatabase) target = NULL;

  g_assert_no_error (error);
  target = open_database (fixture->folder, "target", &error);
  g_assert_no_error (error);
  assert_sound (source);
  assert_sound (target);
  assert_log_behind_documents (source, target);
  exchange (source, target, &error);
  g_assert_no_error (error);
  assert_sound (target);
  for (guint i = 0; i < fixture->acknowledged; i++)
    g_assert_true (has_note (source, i) && has_note (target, i));
  valise_database_close (source);
  valise_database_close (target);
}

static void
a_pull_that_fails_goes_on_with_the_next (Fixture *fixture, gconstpointer data)
{
  fault_loop_run (&(FaultScenario){ copy_folder, pull, check }, fixture);
}

static void
a_push_that_fails_loses_no_edit (Fixture *fixture, gconstpointer data)
{
  fault_loop_run (&(FaultScenario){ copy_folder, push, check }, fixture);
}

#define ADD(test) g_test_add ("/replication-faults/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  fault_loop_install ();
  g_test_init (&argc, &argv, NULL);

  ADD (a_pull_that_fails_goes_on_with_the_next);
  ADD (a_push_that_fails_loses_no_edit);

  return g_test_run ();
}
