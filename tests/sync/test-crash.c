/* test-crash.c - the power goes at every flush of everything that writes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See crash-fixture.h. Each picture is opened: it is not damaged, it has every edit that had been
 * acknowledged when it was taken, and no checkpoint in it is ahead of its documents.
 */

#include "crash-fixture.h"
#include "valise-checkpoint.h"
#include "valise-db-copy.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"
#include "valise-verify.h"

#define EDITS 12
#define PULLS 30

/* --- databases --------------------------------------------------------------------------- */

static ValiseDatabase *
open_database (const char *folder, const char *name, GError **error)
{
  g_autofree char *file = g_strconcat (name, ".sqlite", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  return valise_database_open (path, name, TRUE, error);
}

static char *
make_id (guint number)
{
  return g_strdup_printf ("note:%04u", number);
}

static gboolean
put_note (ValiseDatabase *database, guint number, GError **error)
{
  g_autofree char   *id = make_id (number);
  g_autofree char   *filler = g_strnfill (number * 577 % 12000, 'n');
  g_autofree char   *text = g_strdup_printf ("{\"n\":%u,\"text\":\"%s\"}", number, filler);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, error);

  return rev != NULL;
}

static gboolean
has_note (ValiseDatabase *database, guint number)
{
  g_autofree char           *id = make_id (number);
  g_autoptr (ValiseDocument) document = valise_database_get (database, id, NULL, NULL);

  return document != NULL && document->body != NULL
         && g_bytes_get_size (document->body) > number * 577 % 12000;
}

/* --- pictures ---------------------------------------------------------------------------- */

static void
problem_cb (const char *what, gpointer user_data)
{
  g_test_message ("%s: %s", (const char *) user_data, what);
}

/* The log that rides with the documents says up to where the source was read. */
static void
assert_checkpoint_behind_data (ValiseDatabase *database, const char *log_id)
{
  g_autofree char       *log = valise_database_get_local (database, log_id, NULL, NULL);
  g_autoptr (ValiseJson) json =
      log != NULL ? valise_json_scan_text (log, -1, VALISE_JSON_ANY, NULL) : NULL;
  g_autofree char *seq = json != NULL ? valise_json_dup_member (json, 0, "source_last_seq") : NULL;
  gint64           last = seq != NULL ? g_ascii_strtoll (seq, NULL, 10) : 0;

  /* The source gave note N the sequence N + 1. */
  for (guint i = 0; i < last; i++)
    g_assert_true (has_note (database, i));
}

static void
check_picture (const Picture *picture, const char *name, const char *log_id)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = open_database (picture->folder, name, &error);
  const ValiseVerifier       verifier = { problem_cb, NULL, picture->folder };
  ValiseVerifyReport         report = { 0 };

  g_assert_no_error (error);
  valise_verify_database (database, &verifier, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report.problems, ==, 0);
  for (guint i = 0; log_id == NULL && i < picture->acknowledged; i++)
    g_assert_true (has_note (database, i));
  if (log_id != NULL)
    assert_checkpoint_behind_data (database, log_id);
  valise_database_close (database);
}

static void
look_at_notes (const Picture *picture, const char *name)
{
  check_picture (picture, name, NULL);
}

static void
look_at_target (const Picture *picture, const char *log_id)
{
  check_picture (picture, "target", log_id);
}

/* --- scenarios --------------------------------------------------------------------------- */

static void
edit (Fixture *fixture)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) database = open_database (fixture->live, "desk", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < EDITS; i++)
    {
      put_note (database, i, &error);
      g_assert_no_error (error);
      fixture->acknowledged = i + 1;
    }
  valise_database_close (database);
}

static void
no_acknowledged_edit_is_lost (Fixture *fixture, gconstpointer data)
{
  run_and_look (fixture, edit, look_at_notes, "desk");
}

/* A file is made and brought to the newest schema; then it is closed and opened again. */
static void
make (Fixture *fixture)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char           *name = g_strdup_printf ("made-%u", i);
      g_autoptr (GError)         error = NULL;
      g_autoptr (ValiseDatabase) database = open_database (fixture->live, name, &error);
      g_autoptr (ValiseDatabase) again = NULL;

      g_assert_no_error (error);
      valise_database_close (database);
      again = open_database (fixture->live, name, &error);
      g_assert_no_error (error);
      valise_database_close (again);
    }
}

static void
half_made_file_is_made_anew (Fixture *fixture, gconstpointer data)
{
  run_and_look (fixture, make, look_at_notes, "made-0");
  for (guint i = 0; i < fixture->taken->len; i++)
    {
      check_picture (&g_array_index (fixture->taken, Picture, i), "made-1", NULL);
      check_picture (&g_array_index (fixture->taken, Picture, i), "made-2", NULL);
    }
}

/* Maintenance of a database by hand, as no part of Valise does it: whoever does must keep this. */
static void
vacuum (Fixture *fixture)
{
  g_autofree char     *path = g_build_filename (fixture->live, "desk.sqlite", NULL);
  g_autoptr (GError)   error = NULL;
  g_autoptr (ValiseDb) db = NULL;

  edit (fixture);
  db = valise_db_open (path, VALISE_DB_WRITER, 1000, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      valise_db_execute (db, "PRAGMA wal_checkpoint(TRUNCATE); VACUUM", &error);
      g_assert_no_error (error);
    }
}

static void
vacuum_and_checkpoint_lose_nothing (Fixture *fixture, gconstpointer data)
{
  run_and_look (fixture, vacuum, look_at_notes, "desk");
}

static void
pull (Fixture *fixture)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValiseDatabase)   source = open_database (fixture->live, "source", &error);
  g_autoptr (ValiseDatabase)   target = open_database (fixture->live, "target", &error);
  g_autoptr (ValisePeer)       from = valise_store_peer_new (source);
  g_autoptr (ValisePeer)       to = valise_store_peer_new (target);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (from, to, "device");

  g_assert_no_error (error);
  for (guint i = 0; i < PULLS; i++)
    {
      put_note (source, i, &error);
      g_assert_no_error (error);
      if (i % 10 == 9)
        {
          valise_replicator_run (replicator, FALSE, NULL, &error);
          g_assert_no_error (error);
        }
      fixture->acknowledged = i + 1;
    }
  valise_database_close (source);
  valise_database_close (target);
}

static char *
find_log (Fixture *fixture)
{
  g_autoptr (ValiseDatabase) source = open_database (fixture->live, "source", NULL);
  g_autoptr (ValiseDatabase) target = open_database (fixture->live, "target", NULL);
  g_autoptr (ValisePeer)     from = valise_store_peer_new (source);
  g_autoptr (ValisePeer)     to = valise_store_peer_new (target);

  return valise_checkpoint_make_id (valise_peer_get_name (from), valise_peer_get_name (to),
                                    "device", NULL);
}

/* Both ends of one replication: what it writes where it pulls to, and where it pushes from. */
static void
checkpoint_is_never_ahead_of_the_documents (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log_id = NULL;

  g_assert_no_errno (g_mkdir (fixture->live, 0700));
  log_id = find_log (fixture);
  run_and_look (fixture, pull, look_at_target, log_id);
  for (guint i = 0; i < fixture->taken->len; i++)
    {
      Picture *picture = &g_array_index (fixture->taken, Picture, i);

      picture->acknowledged = picture->acknowledged > 0 ? picture->acknowledged - 1 : 0;
      check_picture (picture, "source", NULL);
    }
}

/* --- both machines lose power ------------------------------------------------------------- */

static void
exchange (ValiseDatabase *source, ValiseDatabase *target)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValisePeer)       from = valise_store_peer_new (source);
  g_autoptr (ValisePeer)       to = valise_store_peer_new (target);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (from, to, "device");

  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
}

/* One replicator for all edits, as a program that stays open has it: what it remembers is not to
 * get ahead of the disk. */
static void
push (Fixture *fixture)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValiseDatabase)   source = open_database (fixture->live, "source", &error);
  g_autoptr (ValiseDatabase)   target = open_database (fixture->live, "target", &error);
  g_autoptr (ValisePeer)       from = valise_store_peer_new (source);
  g_autoptr (ValisePeer)       to = valise_store_peer_new (target);
  g_autoptr (ValiseReplicator) replicator = valise_replicator_new (from, to, "device");

  g_assert_no_error (error);
  for (guint i = 0; i < EDITS; i++)
    {
      put_note (source, i, &error);
      g_assert_no_error (error);
      fixture->acknowledged = i + 1;
      if (i % 3 == 2)
        valise_replicator_run (replicator, FALSE, NULL, &error);
      g_assert_no_error (error);
    }
  valise_database_close (source);
  valise_database_close (target);
}

/* Whatever either disk kept, and whatever logs say: after the next run all edits are there. */
static void
look_after_another_run (const Picture *picture, const char *none)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseDatabase) source = NULL;
  g_autoptr (ValiseDatabase) target = NULL;

  check_picture (picture, "source", NULL);
  source = open_database (picture->folder, "source", &error);
  g_assert_no_error (error);
  target = open_database (picture->folder, "target", &error);
  g_assert_no_error (error);
  exchange (source, target);
  valise_database_close (source);
  valise_database_close (target);
  check_picture (picture, "target", NULL);
}

static void
push_goes_on_whatever_either_end_forgot (Fixture *fixture, gconstpointer data)
{
  run_and_look (fixture, push, look_after_another_run, NULL);
}

/* While it is edited; the copy is one that counts once it has its name. */
static void
backup (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->live, "desk.sqlite", NULL);
  g_autofree char *copy = g_build_filename (fixture->live, "copy.sqlite", NULL);

  edit (fixture);
  {
    g_autoptr (GError)         error = NULL;
    g_autoptr (ValiseDatabase) database = open_database (fixture->live, "desk", &error);

    g_assert_no_error (error);
    put_note (database, EDITS, &error);
    valise_db_copy (path, copy, NULL, &error);
    g_assert_no_error (error);
    fixture->acknowledged++;
    put_note (database, EDITS + 1, &error);
    g_assert_no_error (error);
    valise_database_close (database);
  }
}

/* The copy under its name is a whole one; under another it does not count. */
static void
look_at_copy (const Picture *picture, const char *name)
{
  g_autofree char *copy = g_build_filename (picture->folder, "copy.sqlite", NULL);
  Picture          copied = { picture->folder, EDITS };

  check_picture (picture, name, NULL);
  if (picture->acknowledged > EDITS && g_file_test (copy, G_FILE_TEST_EXISTS))
    check_picture (&copied, "copy", NULL);
}

static void
backup_harms_nothing (Fixture *fixture, gconstpointer data)
{
  run_and_look (fixture, backup, look_at_copy, "desk");
}

#define ADD(test) g_test_add ("/crash/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fault_install ();

  ADD (no_acknowledged_edit_is_lost);
  ADD (half_made_file_is_made_anew);
  ADD (vacuum_and_checkpoint_lose_nothing);
  ADD (checkpoint_is_never_ahead_of_the_documents);
  ADD (push_goes_on_whatever_either_end_forgot);
  ADD (backup_harms_nothing);

  return g_test_run ();
}
