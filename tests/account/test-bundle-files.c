/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bundle-originals.h"
#include "valise-bundle-request.h"
#include "valise-file-wishes.h"
#include "valise-store-peer.h"

static void
sync_file (Bags *bags, Bag *to, const char *name, const char *sha256)
{
  g_autoptr (ValiseDatabase) there = bag_get (&bags->from, name), here = bag_get (to, name);
  g_autoptr (ValisePeer)     target = valise_store_peer_new_with_originals (here, get_files (to));
  g_autoptr (ValisePeer)     source =
      valise_store_peer_new_with_originals (there, get_files (&bags->from));
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (source, target, to->holder.device);
  gint64 length = valise_file_store_get_present (get_files (&bags->from), sha256, NULL, NULL);
  ValiseFileWish wish = { .sha256 = (char *) sha256, .database = (char *) name, .length = length };
  g_autoptr (GError) error = NULL;

  valise_replicator_run (replicator, FALSE, NULL, &error);
  g_assert_no_error (error);
  valise_file_transfer_fetch (source, get_files (to), &wish, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* --- originals travel ------------------------------------------------------------------------- */

static void
a_papers_original_travels_with_it (Bags *bags, gconstpointer data)
{
  const char *const databases[] = { "public", NULL };
  ValiseBundleOrder order = { .path = bags->file, .recipient = "anyone", .databases = databases };
  g_autofree char  *sha256 = put_paper (bags, "A/1", "meeting:one", "en", 400001);
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;

  bags_put_keys (bags);
  receipt = bags_write_order (bags, &order);
  g_assert_cmpuint (receipt->originals, ==, 1);
  g_assert_cmpuint (receipt->original_bytes, ==, 400001);
  g_assert_cmpuint (receipt->originals_away, ==, 0);
  first = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (first->refused, ==, 0);
  g_assert_cmpuint (first->originals, ==, 1);
  g_assert_cmpuint (first->originals_stored, ==, 1);
  g_assert_cmpuint (first->original_bytes, ==, 400001);
  assert_same_bytes (bags, &bags->to, sha256);

  second = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (second->stored, ==, 0);
  g_assert_cmpuint (second->originals_stored, ==, 0);
  g_assert_cmpuint (second->refused, ==, 0);
}

static void
without_originals_only_words_travel (Bags *bags, gconstpointer data)
{
  const char *const databases[] = { "public", NULL };
  ValiseBundleOrder order = {
    .path = bags->file, .recipient = "anyone", .databases = databases, .without_originals = TRUE
  };
  g_autofree char                *sha256 = put_paper (bags, "A/1", "meeting:one", "en", 100000);
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  bags_put_keys (bags);
  receipt = bags_write_order (bags, &order);
  g_assert_cmpuint (receipt->originals, ==, 0);
  g_assert_cmpuint (receipt->bytes, <, 10000);
  arrival = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (arrival->stored, ==, 2);
  g_assert_cmpint (get_present (&bags->to, sha256), ==, 0);
}

static void
one_that_is_not_here_is_counted_and_left (Bags *bags, gconstpointer data)
{
  const char *const  databases[] = { "public", NULL };
  ValiseBundleOrder  order = { .path = bags->file, .recipient = "anyone", .databases = databases };
  g_autofree char   *sha256 = put_paper (bags, "A/1", "meeting:one", "en", 70000);
  const char *const  digests[] = { sha256, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  guint                           kept = 0;

  g_assert_true (valise_file_wishes_evict (get_files (&bags->from), digests, &kept, &error));
  receipt = bags_write_order (bags, &order);
  g_assert_cmpuint (receipt->originals, ==, 0);
  g_assert_cmpuint (receipt->originals_away, ==, 1);
}

static void
larger_than_a_letter_it_goes_in_pieces_through_several (Bags *bags, gconstpointer data)
{
  const char *const databases[] = { "public", NULL };
  ValiseBundleOrder order = {
    .path = bags->file, .recipient = "anyone", .databases = databases, .max_size = 50000
  };
  g_autofree char                *sha256 = put_paper (bags, "A/1", "meeting:one", "en", 170000);
  g_autoptr (ValiseBundleReceipt) receipt = NULL;

  bags_put_keys (bags);
  receipt = bags_write_order (bags, &order);
  g_assert_cmpuint (receipt->files->len, >=, 4);
  for (guint i = 0; i < receipt->files->len; i++)
    {
      const char                     *path = g_ptr_array_index (receipt->files, i);
      gboolean                        last = i + 1 == receipt->files->len;
      g_autoptr (ValiseBundleArrival) arrival = NULL;
      GStatBuf                        status;

      g_assert_no_errno (g_stat (path, &status));
      g_assert_cmpint (status.st_size, <=, 50000);
      arrival = bag_read (&bags->to, path, NULL);
      g_assert_cmpuint (arrival->refused, ==, 0);
      g_assert_cmpuint (arrival->originals_stored, ==, last ? 1 : 0);
      g_assert_cmpuint (arrival->originals_begun, ==, last ? 0 : arrival->originals);
    }
  assert_same_bytes (bags, &bags->to, sha256);
}

/* --- which ------------------------------------------------------------------------------------ */

static void
only_the_meeting_and_language_that_were_chosen_go (Bags *bags, gconstpointer data)
{
  const char *const databases[] = { "public", NULL }, *const french[] = { "fr", NULL };
  ValiseBundleOrder               order = { .path = bags->file,
                                            .recipient = "anyone",
                                            .databases = databases,
                                            .languages = french,
                                            .meeting = "meeting:two" };
  g_autofree char                *one = put_paper (bags, "A/1", "meeting:one", "fr", 3000);
  g_autofree char                *two = put_paper (bags, "A/2", "meeting:two", "fr", 3000);
  g_autofree char                *three = put_paper (bags, "A/3", "meeting:two", "en", 3000);
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  bags_put_keys (bags);
  receipt = bags_write_order (bags, &order);
  g_assert_cmpuint (receipt->documents, ==, 3); /* two papers and the keys */
  g_assert_cmpuint (receipt->originals, ==, 1);
  arrival = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpint (get_present (&bags->to, one), ==, 0);
  g_assert_cmpint (get_present (&bags->to, two), ==, 3000);
  g_assert_cmpint (get_present (&bags->to, three), ==, 0);
}

static guint64
count_written (Bags *bags, const ValiseBundleOrder *order)
{
  g_autoptr (ValiseBundleReceipt) receipt = bags_write_order (bags, order);

  return receipt->documents;
}

static void
what_was_issued_before_stays (Bags *bags, gconstpointer data)
{
  const char *const databases[] = { "public", NULL };
  ValiseBundleOrder order = { .path = bags->file, .recipient = "anyone", .databases = databases };
  const char *const first = "{\"type\":\"paper\",\"issued\":\"2026-03-01T10:00:00Z\"}";
  const char *const last = "{\"type\":\"paper\",\"issued\":\"2026-05-01T10:00:00Z\"}";
  g_autofree char  *one = bag_put_sealed (&bags->from, "paper:A/1", first, bags->issuing, 7);
  g_autofree char  *two = bag_put_sealed (&bags->from, "paper:A/2", last, bags->issuing, 8);

  bags_put_keys (bags);
  g_assert_cmpuint (count_written (bags, &order), ==, 3);
  order.since_issue = 7;
  g_assert_cmpuint (count_written (bags, &order), ==, 2);
  order.since_issue = 0;
  order.since_date = "2026-04-15";
  g_assert_cmpuint (count_written (bags, &order), ==, 2);
}

static void
made_for_a_peer_it_carries_what_that_peer_lacks (Bags *bags, gconstpointer data)
{
  const char *const databases[] = { "public", NULL };
  ValiseBundleOrder order = { .path = bags->file, .recipient = "anyone", .databases = databases };
  g_autofree char  *list = g_build_filename (bags->root, "to.valise-request", NULL);
  g_autofree char  *one = put_paper (bags, "X/1", "meeting:one", "fr", 90000);
  g_autofree char  *two = NULL, *expected = NULL, *found = NULL;
  g_autoptr (ValiseBundleReceipt) all = NULL, rest = NULL;
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;
  g_autoptr (ValiseBundleRequest) request = NULL;
  g_autoptr (GError)              error = NULL;

  bags_put_papers (bags, 50);
  all = bags_write_order (bags, &order);
  first = bag_read (&bags->to, bags->file, NULL);
  two = put_paper (bags, "X/2", "meeting:one", "fr", 90000);

  g_assert_true (valise_bundle_request_write (&bags->to.holder, list, &error));
  g_assert_no_error (error);
  request = valise_bundle_request_read (list, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (valise_bundle_request_get_participant (request), ==, "xke");
  order.request = request;
  rest = bags_write_order (bags, &order);
  g_assert_cmpuint (rest->documents, ==, 2); /* the new paper, and the keys that go always */
  g_assert_cmpuint (rest->originals, ==, 1);
  second = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (second->stored, ==, 1);
  assert_same_bytes (bags, &bags->to, one);
  assert_same_bytes (bags, &bags->to, two);
  expected = bag_describe (&bags->from, "public");
  found = bag_describe (&bags->to, "public");
  g_assert_cmpstr (found, ==, expected);
}

static void
bundle_then_sync_is_sync_then_bundle_for_files_too (Bags *bags, gconstpointer data)
{
  const guint8                    key[VALISE_CIPHER_KEY_SIZE] = { 1 };
  g_autofree char                *sha256 = put_own (bags, "team-xke", 200000);
  g_autofree char                *id = g_strconcat ("file:", sha256, NULL);
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;
  g_autofree char                *expected = NULL, *one = NULL, *two = NULL;
  Bag                             other = { 0 };

  bag_open (bags, &other, "other", "xke");
  bags_write (bags, "team-xke", key);
  first = bag_read (&bags->to, bags->file, key);
  g_assert_cmpuint (first->originals_stored, ==, 1);
  sync_file (bags, &bags->to, "team-xke", sha256);
  sync_file (bags, &other, "team-xke", sha256);
  second = bag_read (&other, bags->file, key);
  g_assert_cmpuint (second->stored, ==, 0);
  g_assert_cmpuint (second->originals_stored, ==, 0);
  g_assert_cmpuint (second->refused, ==, 0);

  expected = bag_describe (&bags->from, "team-xke");
  one = bag_describe (&bags->to, "team-xke");
  two = bag_describe (&other, "team-xke");
  g_assert_cmpstr (one, ==, expected);
  g_assert_cmpstr (two, ==, expected);
  assert_same_bytes (bags, &bags->to, sha256);
  assert_same_bytes (bags, &other, sha256);
  bag_close (&other);
}

/* Cancels once a part of the bundle lies on the stick. */
typedef struct
{
  const char   *path;
  GCancellable *cancellable;
  gint64        seen; /* bytes, when it did */
} Halfway;

static gpointer
cancel_halfway (gpointer user_data)
{
  Halfway *halfway = user_data;

  while (!g_cancellable_is_cancelled (halfway->cancellable))
    {
      GStatBuf about = { 0 };

      if (g_stat (halfway->path, &about) == 0 && about.st_size > (1 << 20))
        {
          halfway->seen = about.st_size;
          g_cancellable_cancel (halfway->cancellable);
        }
      g_usleep (200);
    }
  return NULL;
}

static void
cancelled_among_its_originals_it_leaves_nothing (Bags *bags, gconstpointer data)
{
  g_autofree char *aside = g_build_filename (bags->root, ".for-you.valise-bundle.part", NULL);
  g_autoptr (GCancellable)        cancellable = g_cancellable_new ();
  Halfway                         halfway = { aside, cancellable, 0 };
  const ValiseBundleOrder         order = { .path = bags->file, .recipient = "anyone" };
  GThread                        *thread = NULL;
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseBundleReceipt) again = NULL;

  bags_put_keys (bags);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *symbol = g_strdup_printf ("A/%u", i);
      g_autofree char *sha256 = put_paper (bags, symbol, "meeting:one", "en", 4 << 20);
    }
  thread = g_thread_new ("halfway", cancel_halfway, &halfway);
  g_assert_null (valise_bundle_write (&bags->from.holder, &order, cancellable, &error));
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (halfway.seen, >, 1 << 20);
  g_assert_cmpint (halfway.seen, <, 16 << 20);
  g_assert_false (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (bags->file, G_FILE_TEST_EXISTS));

  again = valise_bundle_write (&bags->from.holder, &order, NULL, NULL);
  g_assert_cmpuint (again->originals, ==, 4);
}

static void
since_takes_a_day_or_an_issue (Bags *bags, gconstpointer data)
{
  static const char *const bad[] = { "",           "0",           "-1",
                                     "yesterday",  "2026-7-3",    "2026-02-30",
                                     "2026-13-01", "2026-07-03x", "3 July" };
  ValiseBundleOrder        order = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (valise_bundle_order_set_since (&order, bad[i]));
  order = (ValiseBundleOrder){ 0 };
  g_assert_true (valise_bundle_order_set_since (&order, NULL));
  g_assert_true (valise_bundle_order_set_since (&order, "2026-07-03"));
  g_assert_cmpstr (order.since_date, ==, "2026-07-03");
  g_assert_true (valise_bundle_order_set_since (&order, "12"));
  g_assert_cmpint (order.since_issue, ==, 12);
}

#define ADD(test) g_test_add ("/bundle-files/" #test, Bags, NULL, bags_setup, test, bags_teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD (since_takes_a_day_or_an_issue);
  ADD (cancelled_among_its_originals_it_leaves_nothing);
  ADD (a_papers_original_travels_with_it);
  ADD (without_originals_only_words_travel);
  ADD (one_that_is_not_here_is_counted_and_left);
  ADD (larger_than_a_letter_it_goes_in_pieces_through_several);
  ADD (only_the_meeting_and_language_that_were_chosen_go);
  ADD (what_was_issued_before_stays);
  ADD (made_for_a_peer_it_carries_what_that_peer_lacks);
  ADD (bundle_then_sync_is_sync_then_bundle_for_files_too);
  return g_test_run ();
}
