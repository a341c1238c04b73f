/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "folder.h"
#include "valise-file-queue-parts.h"
#include "valise-home.h"

#define PATIENCE_US (20 * G_USEC_PER_SEC)

typedef struct
{
  char            *root;
  ValiseAccount   *account;
  ValiseFileQueue *queue;
  guint            n_changed;
  guint            n_items_changed;
} Fixture;

static const char *const digests[] = {
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
  "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
};

static void
count_changed (Fixture *fixture)
{
  fixture->n_changed++;
}

static void
count_items_changed (Fixture *fixture)
{
  fixture->n_items_changed++;
}

static void
open_queue (Fixture *fixture)
{
  fixture->queue = valise_file_queue_for_account (fixture->account);
  g_signal_connect_swapped (fixture->queue, "changed", G_CALLBACK (count_changed), fixture);
  g_signal_connect_swapped (fixture->queue, "items-changed", G_CALLBACK (count_items_changed),
                            fixture);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->account = valise_account_new_sample (fixture->root, "poa-x", "root", &error);
  g_assert_no_error (error);
  open_queue (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  gpointer queue = fixture->queue;

  g_object_add_weak_pointer (queue, &queue);
  g_object_unref (fixture->queue);
  while (queue != NULL) /* a thread that read a file lets it go a moment later */
    g_usleep (1000);
  valise_account_close (fixture->account);
  g_assert_finalize_object (fixture->account);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  remove_folder (fixture->root);
  g_free (fixture->root);
}

static void
wait_for_change (Fixture *fixture)
{
  guint  before = fixture->n_changed;
  gint64 until = g_get_monotonic_time () + PATIENCE_US;

  while (fixture->n_changed == before && g_get_monotonic_time () < until)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpuint (fixture->n_changed, >, before);
}

static void
want (Fixture *fixture, guint number, gint64 length, int priority)
{
  const ValiseFileWanted wanted = { digests[number], "public",        "A_RES_77_37-en.pdf",
                                    "A/RES/77/37",   "meeting:ga-77", "en",
                                    length };

  valise_file_queue_want (fixture->queue, &wanted, 1, priority);
}

static ValiseFileItem *
get (Fixture *fixture, guint position)
{
  g_autoptr (ValiseFileItem) item = g_list_model_get_item (G_LIST_MODEL (fixture->queue), position);

  g_assert_nonnull (item);
  return item; /* lent: the list has it */
}

static void
wanted_file_shows_in_the_list_by_itself (Fixture *fixture, gconstpointer data)
{
  ValiseFileCounts counts = { 0 };
  ValiseFileItem  *item = NULL;

  g_assert_false (valise_file_queue_get_ready (fixture->queue));
  wait_for_change (fixture);
  g_assert_true (valise_file_queue_get_ready (fixture->queue));
  want (fixture, 0, 5000, VALISE_FILE_ASKED_FOR);
  wait_for_change (fixture);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->queue)), ==, 1);
  item = get (fixture, 0);
  g_assert_cmpstr (valise_file_item_get_symbol (item), ==, "A/RES/77/37");
  g_assert_cmpstr (valise_file_item_get_language (item), ==, "en");
  g_assert_cmpint (valise_file_item_get_state (item), ==, VALISE_FILE_WANTED);
  g_assert_cmpint (valise_file_item_get_reason (item), ==, VALISE_FILE_OFFLINE);
  valise_file_queue_get_counts (fixture->queue, &counts);
  g_assert_cmpuint (counts.n_waiting, ==, 1);
  g_assert_cmpint (counts.bytes_waiting, ==, 5000);
}

static void
item_stays_the_same_while_its_file_does (Fixture *fixture, gconstpointer data)
{
  const char *const held[] = { digests[1], NULL };
  ValiseFileItem   *item = NULL;
  guint             n_items_changed = 0;

  want (fixture, 0, 10, 0);
  want (fixture, 1, 20, 0);
  valise_file_queue_flush (fixture->queue);
  item = get (fixture, 1);
  n_items_changed = fixture->n_items_changed;

  valise_file_queue_hold (fixture->queue, held);
  valise_file_queue_flush (fixture->queue);
  g_assert_true (get (fixture, 1) == item);
  g_assert_cmpint (valise_file_item_get_reason (item), ==, VALISE_FILE_HELD);
  g_assert_cmpuint (fixture->n_items_changed, ==, n_items_changed);
}

static void
first_moves_and_the_others_are_in_line (Fixture *fixture, gconstpointer data)
{
  const char *const held[] = { digests[0], NULL };

  for (guint i = 0; i < 3; i++)
    want (fixture, i, 10 * (i + 1), 0);
  valise_file_queue_hold (fixture->queue, held);
  valise_file_control_set_standing (valise_file_queue_get_control (fixture->queue),
                                    VALISE_FILE_MOVES);
  valise_file_queue_flush (fixture->queue);
  g_assert_cmpint (valise_file_item_get_reason (get (fixture, 0)), ==, VALISE_FILE_HELD);
  g_assert_cmpint (valise_file_item_get_reason (get (fixture, 1)), ==, VALISE_FILE_MOVES);
  g_assert_cmpint (valise_file_item_get_reason (get (fixture, 2)), ==, VALISE_FILE_IN_LINE);
}

static void
not_now_leaves_the_list_and_is_remembered (Fixture *fixture, gconstpointer data)
{
  const char *const     some[] = { digests[0], NULL };
  g_autoptr (GPtrArray) all = NULL;

  want (fixture, 0, 10, 0);
  valise_file_queue_cancel (fixture->queue, some);
  valise_file_queue_flush (fixture->queue);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->queue)), ==, 0);
  all = valise_file_queue_list_all (fixture->queue);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpint (valise_file_item_get_reason (all->pdata[0]), ==, VALISE_FILE_NOT_ASKED);
}

static void
queue_survives_a_restart (Fixture *fixture, gconstpointer data)
{
  want (fixture, 0, 10, 0);
  want (fixture, 1, 20, VALISE_FILE_PINNED);
  g_assert_finalize_object (fixture->queue);
  open_queue (fixture);
  valise_file_queue_flush (fixture->queue);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->queue)), ==, 2);
  g_assert_cmpstr (valise_file_item_get_sha256 (get (fixture, 0)), ==, digests[1]);
}

static void
everybody_sees_one_queue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseFileQueue) other = valise_file_queue_for_account (fixture->account);

  g_assert_true (other == fixture->queue);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
file_that_is_here_is_read_and_counted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes)       bytes = g_bytes_new_static ("%PDF-1.7", 8);
  g_autoptr (GBytes)       read = NULL;
  ValiseFileStore         *files = valise_file_queue_get_store (fixture->queue, NULL);
  g_autofree char         *sha256 = valise_file_store_put (files, bytes, NULL);
  ValiseFileCounts         counts = { 0 };
  gint64                   present = 0;

  valise_file_queue_flush (fixture->queue);
  g_assert_cmpint (valise_file_queue_get_state (fixture->queue, sha256, &present), ==,
                   VALISE_FILE_PRESENT);
  g_assert_cmpint (present, ==, 8);
  g_assert_cmpint (valise_file_queue_get_state (fixture->queue, digests[2], NULL), ==,
                   VALISE_FILE_KNOWN);
  valise_file_queue_get_counts (fixture->queue, &counts);
  g_assert_cmpuint (counts.n_here, ==, 1);
  g_assert_cmpint (counts.bytes_here, ==, 8);

  valise_file_queue_read_async (fixture->queue, sha256, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  read = valise_file_queue_read_finish (fixture->queue, result, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, bytes));
}

static void
file_owed_to_a_peer_is_shown_and_not_given_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("%PDF-1.7", 8);
  ValiseFileStore   *files = valise_file_queue_get_store (fixture->queue, NULL);
  g_autofree char   *sha256 = valise_file_store_put (files, bytes, NULL);
  const char *const  some[] = { sha256, NULL };

  g_assert_true (valise_file_parcels_add (files, sha256, "desk-xke", NULL));
  valise_file_queue_evict (fixture->queue, some);
  valise_file_queue_flush (fixture->queue);
  g_assert_cmpint (valise_file_queue_get_state (fixture->queue, sha256, NULL), ==,
                   VALISE_FILE_PRESENT);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->queue)), ==, 1);
  g_assert_true (valise_file_item_is_outgoing (get (fixture, 0)));
}

static ValiseFileReason
say_metered (gboolean outgoing, int priority, gint64 bytes, gpointer user_data)
{
  return priority < VALISE_FILE_ASKED_FOR ? VALISE_FILE_METERED : VALISE_FILE_MOVES;
}

static void
mark (gpointer data)
{
  *(gboolean *) data = TRUE;
}

static void
policy_is_asked_and_let_go (Fixture *fixture, gconstpointer data)
{
  ValiseFileControl *control = valise_file_queue_get_control (fixture->queue);
  guint64            turn = valise_file_control_get_turn (control);
  gboolean           gone = FALSE;

  g_assert_cmpint (valise_file_control_ask_guard (control, FALSE, 0, 1), ==, VALISE_FILE_MOVES);
  valise_file_queue_set_guard (fixture->queue, say_metered, &gone, mark);
  g_assert_cmpuint (valise_file_control_get_turn (control), >, turn);
  g_assert_cmpint (valise_file_control_ask_guard (control, FALSE, 0, 1), ==, VALISE_FILE_METERED);
  g_assert_cmpint (valise_file_control_ask_guard (control, FALSE, VALISE_FILE_ASKED_FOR, 1), ==,
                   VALISE_FILE_MOVES);
  valise_file_queue_set_guard (fixture->queue, NULL, NULL, NULL);
  g_assert_true (gone);
}

#define ADD(test) g_test_add ("/file-queue/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (wanted_file_shows_in_the_list_by_itself);
  ADD (item_stays_the_same_while_its_file_does);
  ADD (first_moves_and_the_others_are_in_line);
  ADD (not_now_leaves_the_list_and_is_remembered);
  ADD (queue_survives_a_restart);
  ADD (everybody_sees_one_queue);
  ADD (file_that_is_here_is_read_and_counted);
  ADD (file_owed_to_a_peer_is_shown_and_not_given_up);
  ADD (policy_is_asked_and_let_go);

  return g_test_run ();
}
