/* test-files.c - files over a real line that breaks, and who may have them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "laptop.h"
#include "valise-file-attachment.h"
#include "valise-file-mover.h"
#include "valise-file-queue-parts.h"
#include "valise-file-transfer.h"
#include "valise-test.h"
#include "valise-throttle.h"

#define LENGTH (2 * 1000 * 1000) /* bytes; times the environment's count */
#define CUTS   4                 /* a length */

static char *template;

typedef struct
{
  Office           office;
  Laptop           laptop;
  ValiseFileQueue *queue;
  ValisePeer      *peer; /* NULL: not asked yet */
  GBytes          *bytes;
  char            *sha256;
  guint64          cut_every; /* 0: it never breaks */
  guint            n_cuts;
  guint            n_opened; /* peers */
  int              stop;     /* atomic */
} Fixture;

static void
open_as (Fixture *fixture, const char *participant, const char *role)
{
  g_autoptr (ValiseInvitation) invitation = NULL;

  office_open (&fixture->office, template, relay_pass_bytes, NULL);
  invitation = office_invite (&fixture->office, "Amina Diallo", participant, role);
  laptop_join (&fixture->laptop, &fixture->office, invitation, NULL);
  fixture->queue = valise_file_queue_for_account (fixture->laptop.account);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  open_as (fixture, "xke", "delegate");
}

static void
setup_officer (Fixture *fixture, gconstpointer data)
{
  open_as (fixture, "secretariat", "secretariat");
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->peer);
  g_assert_finalize_object (fixture->queue);
  laptop_close (&fixture->laptop);
  office_close (&fixture->office);
  g_clear_pointer (&fixture->bytes, g_bytes_unref);
  g_free (fixture->sha256);
}

static void
make_file (Fixture *fixture, gsize length)
{
  guint32            state = 0x9e3779b9;
  g_autofree guint8 *data = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    {
      state = state * 1664525 + 1013904223;
      data[i] = (guint8) (state >> 24);
    }
  memcpy (data, "%PDF-1.7\n", MIN (length, 9));
  fixture->bytes = g_bytes_new (data, length);
  fixture->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, fixture->bytes);
}

static void
issue_file (Fixture *fixture)
{
  g_autoptr (GError)        error = NULL;
  const ValiseImportOptions options = { .name = "A_AC.292_2026_WP.1-en.pdf" };

  valise_registry_import_original (office_get_registry (&fixture->office), fixture->bytes, &options,
                                   NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
want (Fixture *fixture)
{
  const ValiseFileWanted wanted = { fixture->sha256,
                                    "public",
                                    "A_AC.292_2026_WP.1-en.pdf",
                                    "A/AC.292/2026/WP.1",
                                    NULL,
                                    "en",
                                    (gint64) g_bytes_get_size (fixture->bytes) };

  valise_file_queue_want (fixture->queue, &wanted, 1, VALISE_FILE_ASKED_FOR);
  valise_file_queue_flush (fixture->queue);
}

/* --- moving ---------------------------------------------------------------------------------- */

static ValisePeer *
open_peer (const char *name, gpointer user_data, GError **error)
{
  Fixture *fixture = user_data;

  /* One connection and one sign-in for all attempts, as a round has it. */
  fixture->n_opened++;
  if (fixture->peer == NULL)
    fixture->peer = valise_http_peer_new (&fixture->laptop.address, name, error);
  return fixture->peer != NULL ? g_object_ref (fixture->peer) : NULL;
}

/* Asked before each piece: the line breaks again after some more bytes from the server. */
static gboolean
break_line (gpointer user_data)
{
  Fixture *fixture = user_data;
  gboolean armed = FALSE;

  g_mutex_lock (&fixture->office.relay->mutex);
  armed = fixture->office.relay->cut_at > 0;
  g_mutex_unlock (&fixture->office.relay->mutex);
  if (fixture->cut_every == 0 || armed)
    return FALSE;
  fixture->n_cuts++;
  relay_cut_after (fixture->office.relay,
                   fixture->cut_every / 2
                       + (guint64) g_test_rand_int_range (0, (gint32) fixture->cut_every),
                   NULL);
  return FALSE;
}

/* Breaks the line within pieces that go out, wherever that happens to be. */
static gpointer
break_sending (gpointer data)
{
  Fixture *fixture = data;
  guint64  next = relay_get_up (fixture->office.relay) + LENGTH / CUTS;

  while (!g_atomic_int_get (&fixture->stop))
    {
      if (relay_get_up (fixture->office.relay) > next)
        {
          relay_cut (fixture->office.relay);
          fixture->n_cuts++;
          next = relay_get_up (fixture->office.relay) + LENGTH / CUTS;
        }
      g_usleep (100);
    }
  return NULL;
}

static void
move (Fixture *fixture)
{
  const ValiseFileMoverSource source = { valise_account_get_home (fixture->laptop.account),
                                         fixture->queue, open_peer, break_line, fixture };
  g_autoptr (GCancellable)    cancellable = g_cancellable_new ();
  g_autoptr (GError)          error = NULL;

  valise_file_mover_finish (valise_file_mover_start (&source, FALSE, cancellable), &error);
  g_assert_no_error (error);
  valise_file_queue_flush (fixture->queue);
}

static ValiseFileState
get_state (Fixture *fixture)
{
  return valise_file_queue_get_state (fixture->queue, fixture->sha256, NULL);
}

static void
assert_same_bytes (ValiseHome *home, Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      valise_file_store_read (valise_home_get_files (home, NULL), fixture->sha256, 0,
                              (gint64) g_bytes_get_size (fixture->bytes), &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, fixture->bytes));
}

/* @waste: what a cut may cost beyond the 3 %, in bytes. */
static void
assert_cheap (Fixture *fixture, guint64 carried, gsize length, gsize waste)
{
  g_test_message ("%u cuts; %" G_GUINT64_FORMAT " bytes for a file of %" G_GSIZE_FORMAT ": %.3f",
                  fixture->n_cuts, carried, length, (double) carried / (double) length);
  g_assert_cmpuint (fixture->n_cuts, >, 2);
  g_assert_cmpuint (carried, <=, length + length * 3 / 100 + fixture->n_cuts * waste);
}

static void
file_over_a_line_cut_again_and_again_costs_little_more (Fixture *fixture, gconstpointer data)
{
  gsize   length = (gsize) LENGTH * valise_test_count (1);
  guint64 before = 0;

  make_file (fixture, length);
  issue_file (fixture);
  want (fixture);
  before = relay_get_down (fixture->office.relay);
  fixture->cut_every = LENGTH / CUTS;
  move (fixture);
  g_assert_cmpint (get_state (fixture), ==, VALISE_FILE_PRESENT);
  assert_same_bytes (valise_account_get_home (fixture->laptop.account), fixture);
  assert_cheap (fixture, relay_get_down (fixture->office.relay) - before, length, 0);
}

static void
held_file_stays_and_goes_on_when_it_is_let_go (Fixture *fixture, gconstpointer data)
{
  const char *const some[] = { NULL, NULL };
  const char       *one[2] = { some[0], NULL };

  make_file (fixture, 100000);
  issue_file (fixture);
  want (fixture);
  one[0] = fixture->sha256;
  valise_file_queue_hold (fixture->queue, one);
  valise_file_queue_flush (fixture->queue);
  move (fixture);
  g_assert_cmpint (get_state (fixture), ==, VALISE_FILE_WANTED);
  valise_file_queue_resume (fixture->queue, one);
  valise_file_queue_flush (fixture->queue);
  move (fixture);
  g_assert_cmpint (get_state (fixture), ==, VALISE_FILE_PRESENT);
}

static ValiseFileReason
allow_some (gboolean outgoing, int priority, gint64 bytes, gpointer user_data)
{
  gint64 *left = user_data;

  *left -= bytes;
  return *left >= 0 ? VALISE_FILE_MOVES : VALISE_FILE_BUDGET;
}

static void
policy_stops_a_file_within_a_piece (Fixture *fixture, gconstpointer data)
{
  gint64 left = 3 * VALISE_FILE_CHUNK, present = 0;

  make_file (fixture, 20 * VALISE_FILE_CHUNK);
  issue_file (fixture);
  want (fixture);
  valise_file_queue_set_guard (fixture->queue, allow_some, &left, NULL);
  move (fixture);
  valise_file_queue_get_state (fixture->queue, fixture->sha256, &present);
  g_assert_cmpint (present, >, 0);
  g_assert_cmpint (present, <=, 4 * VALISE_FILE_CHUNK);
  valise_file_queue_set_guard (fixture->queue, NULL, NULL, NULL);
  move (fixture);
  g_assert_cmpint (get_state (fixture), ==, VALISE_FILE_PRESENT);
}

static void
file_that_nobody_issued_is_a_problem_and_no_failure (Fixture *fixture, gconstpointer data)
{
  ValiseFileItem *item = NULL;

  make_file (fixture, 1000);
  want (fixture);
  move (fixture);
  item = valise_file_queue_find (fixture->queue, fixture->sha256);
  g_assert_nonnull (item);
  g_assert_cmpint (valise_file_item_get_reason (item), ==, VALISE_FILE_PROBLEM);
}

/* --- sending --------------------------------------------------------------------------------- */

static void
put (Fixture *fixture)
{
  g_autoptr (ValiseDatabase) database = laptop_get_database (&fixture->laptop, "team-secretariat");
  g_autoptr (GError)         error = NULL;
  g_autofree char           *sha256 =
      valise_file_transfer_put (valise_file_queue_get_store (fixture->queue, NULL), database,
                                fixture->bytes, "application/pdf", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (sha256, ==, fixture->sha256);
}

static void
assert_sent (Fixture *fixture)
{
  ValiseFileCounts           counts = { 0 };
  g_autoptr (ValiseDatabase) there = office_get_database (&fixture->office, "team-secretariat");
  g_autofree char           *id = valise_id_for_file (fixture->sha256);
  g_autoptr (ValiseDocument) document = valise_database_get (there, id, NULL, NULL);

  valise_file_queue_get_counts (fixture->queue, &counts);
  g_assert_cmpuint (counts.n_outgoing, ==, 0);
  g_assert_nonnull (document);
  g_assert_nonnull (strstr (document->attachments, "\"stub\":true"));
  assert_same_bytes (valise_office_get_home (office_get (&fixture->office)), fixture);
}

static void
sending_over_a_line_cut_again_and_again_costs_little_more (Fixture *fixture, gconstpointer data)
{
  gsize    length = (gsize) LENGTH * valise_test_count (1);
  guint64  before = 0;
  GThread *breaker = NULL;

  make_file (fixture, length);
  put (fixture);
  before = relay_get_up (fixture->office.relay);
  breaker = g_thread_new ("breaker", break_sending, fixture);
  move (fixture);
  g_atomic_int_set (&fixture->stop, 1);
  g_thread_join (breaker);
  assert_sent (fixture);
  assert_cheap (fixture, relay_get_up (fixture->office.relay) - before, length, VALISE_FILE_CHUNK);
}

static void
files_of_every_edge_are_sent_whole (Fixture *fixture, gconstpointer data)
{
  static const gsize lengths[] = { 0, 1, VALISE_FILE_CHUNK, VALISE_FILE_CHUNK + 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_clear_pointer (&fixture->bytes, g_bytes_unref);
      g_clear_pointer (&fixture->sha256, g_free);
      make_file (fixture, lengths[i]);
      put (fixture);
      move (fixture);
      assert_sent (fixture);
    }
}

/* What the server can do is asked of it once, not for each file. */
static void
one_peer_serves_all_files_of_a_database (Fixture *fixture, gconstpointer data)
{
  for (gsize length = 1; length <= 3; length++)
    {
      g_clear_pointer (&fixture->bytes, g_bytes_unref);
      g_clear_pointer (&fixture->sha256, g_free);
      make_file (fixture, length);
      put (fixture);
    }
  move (fixture);
  assert_sent (fixture);
  g_assert_cmpuint (fixture->n_opened, ==, 1);
}

static void
file_the_server_has_is_proven_and_not_sent (Fixture *fixture, gconstpointer data)
{
  guint64 before = 0;

  make_file (fixture, LENGTH);
  issue_file (fixture);
  put (fixture);
  before = relay_get_up (fixture->office.relay);
  move (fixture);
  assert_sent (fixture);
  g_assert_cmpuint (relay_get_up (fixture->office.relay) - before, <, 20000);
}

/* --- who may --------------------------------------------------------------------------------- */

/* The status of the answer, which a failure names after its path. */
static guint
ask (Fixture *fixture, const char *method, const char *database, const char *rest, const char *body)
{
  g_autofree char       *path = g_strconcat ("/", database, rest, NULL);
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json =
      valise_http_exchange (&fixture->laptop.address, method, path, body, NULL, &error);
  const char *status = NULL;

  if (json != NULL)
    return 200;
  status = strstr (error->message, ": ");
  g_assert_nonnull (status);
  return (guint) g_ascii_strtoull (status + 2, NULL, 10);
}

/* Kestria's laptop knows the digest of a file that the secretariat keeps to itself. */
static void
knowing_a_digest_gets_nobody_a_file (Fixture *fixture, gconstpointer data)
{
  ValiseHome      *home = valise_office_get_home (office_get (&fixture->office));
  g_autofree char *sha256 = NULL, *upload = NULL, *piece = NULL, *proof = NULL;

  make_file (fixture, 1000);
  sha256 = valise_file_store_put (valise_home_get_files (home, NULL), fixture->bytes, NULL);
  upload = g_strconcat ("/_files/", sha256, NULL);
  piece = g_strconcat (upload, "?offset=990&length=1000", NULL);
  proof = g_strconcat (upload, "?proof=", sha256, NULL);

  g_assert_cmpuint (ask (fixture, "GET", "team-secretariat", upload, NULL), ==, 403);
  g_assert_cmpuint (ask (fixture, "GET", "public", upload, NULL), ==, 403);
  g_assert_cmpuint (ask (fixture, "GET", "desk-xke", upload, NULL), ==, 200);
  g_assert_cmpuint (ask (fixture, "PUT", "desk-xke", piece, "{}"), ==, 409);
  g_assert_cmpuint (ask (fixture, "PUT", "desk-xke", proof, "{}"), ==, 409);
  {
    g_autofree char *digest = valise_file_attachment_dup_digest (sha256);
    g_autofree char *document =
        g_strdup_printf ("{\"_attachments\":{\"original\":{\"stub\":true,\"digest\":\"%s\","
                         "\"length\":1000,\"revpos\":1,\"content_type\":\"application/pdf\"}}}",
                         digest);
    g_autofree char *path = g_strconcat ("/file%3A", sha256, NULL);
    guint            status = ask (fixture, "PUT", "desk-xke", path, document);

    g_assert_true (status == 412 || status == 403);
    g_free (path);
    path = g_strconcat ("/file%3A", sha256, "/original", NULL);
    g_assert_cmpuint (ask (fixture, "GET", "desk-xke", path, NULL), ==, 404);
  }
}

/* Each takes the server a whole reading. */
static void
who_guesses_proofs_is_slowed (Fixture *fixture, gconstpointer data)
{
  ValiseHome      *home = valise_office_get_home (office_get (&fixture->office));
  g_autofree char *sha256 = NULL, *proof = NULL;

  make_file (fixture, 1000);
  sha256 = valise_file_store_put (valise_home_get_files (home, NULL), fixture->bytes, NULL);
  proof = g_strconcat ("/_files/", sha256, "?proof=", sha256, NULL);
  for (guint i = 0; i < VALISE_THROTTLE_FAILURES; i++)
    g_assert_cmpuint (ask (fixture, "PUT", "desk-xke", proof, "{}"), ==, 409);
  g_assert_cmpuint (ask (fixture, "PUT", "desk-xke", proof, "{}"), ==, 429);
}

/* What is said again of a file that is proven is neither read for nor held against who says it. */
static void
a_proven_file_is_proven_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *again = NULL;

  make_file (fixture, 1000);
  issue_file (fixture);
  put (fixture);
  move (fixture);
  assert_sent (fixture);
  again = g_strconcat ("/_files/", fixture->sha256, "?proof=", fixture->sha256, NULL);
  for (guint i = 0; i < 2 * VALISE_THROTTLE_FAILURES; i++)
    g_assert_cmpuint (ask (fixture, "PUT", "team-secretariat", again, "{}"), ==, 200);
}

#define ADD(test, setup) g_test_add ("/files/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  template = office_make_template ();

  ADD (file_over_a_line_cut_again_and_again_costs_little_more, setup);
  ADD (held_file_stays_and_goes_on_when_it_is_let_go, setup);
  ADD (policy_stops_a_file_within_a_piece, setup);
  ADD (file_that_nobody_issued_is_a_problem_and_no_failure, setup);
  ADD (sending_over_a_line_cut_again_and_again_costs_little_more, setup_officer);
  ADD (files_of_every_edge_are_sent_whole, setup_officer);
  ADD (one_peer_serves_all_files_of_a_database, setup_officer);
  ADD (file_the_server_has_is_proven_and_not_sent, setup_officer);
  ADD (knowing_a_digest_gets_nobody_a_file, setup);
  ADD (who_guesses_proofs_is_slowed, setup);
  ADD (a_proven_file_is_proven_once, setup_officer);

  status = g_test_run ();
  remove_folder (template);
  g_free (template);
  return status;
}
