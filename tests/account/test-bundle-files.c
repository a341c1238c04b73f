/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bundle-fixture.h"
#include "valise-bundle-request.h"
#include "valise-bundle-writer.h"
#include "valise-file-store.h"
#include "valise-file-transfer.h"
#include "valise-file-upload.h"
#include "valise-file-wishes.h"
#include "valise-store-peer.h"

static void
setup (Bags *bags, gconstpointer data)
{
  bags_open (bags);
}

static void
teardown (Bags *bags, gconstpointer data)
{
  bags_close (bags);
}

static ValiseFileStore *
get_files (Bag *bag)
{
  g_autoptr (GError) error = NULL;
  ValiseFileStore   *files = valise_home_get_files (bag->home, &error);

  g_assert_no_error (error);
  return files;
}

/* Bytes that nothing compresses, as a PDF's. */
static GBytes *
make_bytes (gsize length)
{
  g_autofree guint8 *data = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (g_test_rand_int () >> 7);
  return g_bytes_new_take (g_steal_pointer (&data), length);
}

/* A paper under seal and its original, whose bytes are on the first laptop. */
static char *
put_paper (Bags *bags, const char *symbol, const char *meeting, const char *language, gsize length)
{
  static gint64      issue = 100;
  g_autoptr (GBytes) bytes = make_bytes (length);
  g_autoptr (GError) error = NULL;
  char              *sha256 = valise_file_store_put (get_files (&bags->from), bytes, &error);
  g_autofree char   *id = g_strconcat ("paper:", symbol, NULL);
  g_autofree char   *text = g_strdup_printf (
        "{\"type\":\"paper\",\"symbol\":\"%s\",\"meeting\":\"%s\",\"issued\":\"2026-07-%02dT10:00:"
          "00Z\","
          "\"files\":[{\"name\":\"a.pdf\",\"sha256\":\"%s\",\"length\":%" G_GSIZE_FORMAT
        ",\"language\":\"%s\"}]}",
        symbol, meeting, (int) (issue % 28) + 1, sha256, length, language);
  g_autofree char *rev = bag_put_sealed (&bags->from, id, text, bags->issuing, issue++);

  g_assert_no_error (error);
  return sha256;
}

static void
assert_same_bytes (Bags *bags, Bag *to, const char *sha256)
{
  g_autoptr (GBytes) one = NULL, two = NULL;
  g_autoptr (GError) error = NULL;
  gboolean           complete = FALSE;
  gint64             length = 0;

  valise_file_store_get_present (get_files (to), sha256, &length, &complete);
  g_assert_true (complete);
  one = valise_file_store_read (get_files (&bags->from), sha256, 0, length, &error);
  g_assert_no_error (error);
  two = valise_file_store_read (get_files (to), sha256, 0, length, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (one, two));
}

static gint64
get_present (Bag *bag, const char *sha256)
{
  return valise_file_store_get_present (get_files (bag), sha256, NULL, NULL);
}

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
a_list_from_another_programme_is_refused (Bags *bags, gconstpointer data)
{
  ValiseBundleOrder               order = { .path = bags->file, .recipient = "anyone" };
  ValiseBundleHolder              stranger = bags->to.holder;
  g_autofree char                *list = g_build_filename (bags->root, "to.valise-request", NULL);
  g_autoptr (ValiseBundleRequest) request = NULL;
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  g_autoptr (GError)              error = NULL;

  bags_put_papers (bags, 3);
  stranger.programme = "poa-elsewhere";
  g_assert_true (valise_bundle_request_write (&stranger, list, &error));
  request = valise_bundle_request_read (list, &error);
  g_assert_no_error (error);
  order.request = request;
  receipt = valise_bundle_write (&bags->from.holder, &order, NULL, &error);
  g_assert_null (receipt);
  g_assert_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_PROGRAMME);
  g_assert_false (g_file_test (bags->file, G_FILE_TEST_EXISTS));
}

static void
a_damaged_list_of_what_a_peer_has_is_refused (Bags *bags, gconstpointer data)
{
  g_autofree char   *list = g_build_filename (bags->root, "to.valise-request", NULL);
  g_autofree char   *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize              length = 0;

  bags_put_papers (bags, 3);
  g_assert_true (valise_bundle_request_write (&bags->from.holder, list, &error));
  g_assert_true (g_file_get_contents (list, &text, &length, &error));
  for (gsize n = 0; n < length; n++)
    {
      g_autoptr (GError) refused = NULL;

      g_assert_true (g_file_set_contents (list, text, (gssize) n, NULL));
      g_assert_null (valise_bundle_request_read (list, &refused));
      g_assert_cmpstr (g_quark_to_string (refused->domain), ==, "valise_bundle_error");
    }
}

/* --- of one's own ------------------------------------------------------------------------------
 */

static char *
put_own (Bags *bags, const char *name, gsize length)
{
  g_autoptr (ValiseDatabase) database = bag_get (&bags->from, name);
  g_autoptr (GBytes)         bytes = make_bytes (length);
  g_autoptr (GError)         error = NULL;
  char *sha256 = valise_file_transfer_put (get_files (&bags->from), database, bytes,
                                           "application/pdf", &error);

  g_assert_no_error (error);
  return sha256;
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

static void
open_office (Bags *bags, Bag *office)
{
  g_autoptr (ValiseDatabase) desk = NULL;

  bag_open (bags, office, "office", "secretariat");
  office->holder.rules = VALISE_GATE (office->trust);
  desk = bag_get (office, "desk-xke");
}

/* The office takes a file's document only where the desk was shown its bytes. */
static void
to_the_secretariat_a_file_goes_with_its_bytes_or_not_at_all (Bags *bags, gconstpointer data)
{
  const guint8                    key[VALISE_CIPHER_KEY_SIZE] = { 1 };
  const char *const               databases[] = { "desk-xke", NULL };
  g_autofree char                *sha256 = put_own (bags, "desk-xke", 150000);
  ValiseBundleOrder               order = { .path = bags->file,
                                            .recipient = "secretariat",
                                            .databases = databases,
                                            .secret = { NULL, key },
                                            .without_originals = TRUE };
  ValiseUploadOwner               owner = { "desk-xke", "" };
  ValiseUploadState               state = { 0 };
  Bag                             office = { 0 };
  g_autoptr (ValiseBundleReceipt) without = NULL, with = NULL;
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;

  open_office (bags, &office);
  without = bags_write_order (bags, &order);
  first = bag_read (&office, bags->file, key);
  g_assert_cmpuint (first->stored, ==, 0);
  g_assert_cmpuint (first->refused, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (first->reasons, 0), "without its file"));

  order.without_originals = FALSE;
  with = bags_write_order (bags, &order);
  second = bag_read (&office, bags->file, key);
  g_assert_cmpuint (second->stored, ==, 1);
  g_assert_cmpuint (second->refused, ==, 0);
  g_assert_cmpuint (second->originals_stored, ==, 1);
  assert_same_bytes (bags, &office, sha256);
  g_assert_true (valise_file_upload_look (get_files (&office), sha256, &owner, &state, NULL));
  g_assert_true (state.proven);
  bag_close (&office);
}

/* What is in the office by another way, and is named in a bundle without being shown, is not
 * given to who names it. */
static void
naming_a_digest_gives_nobody_its_bytes (Bags *bags, gconstpointer data)
{
  const guint8                    key[VALISE_CIPHER_KEY_SIZE] = { 1 };
  const char *const               databases[] = { "desk-xke", NULL };
  g_autofree char                *sha256 = put_own (bags, "desk-xke", 1500);
  ValiseBundleOrder               order = { .path = bags->file,
                                            .recipient = "secretariat",
                                            .databases = databases,
                                            .secret = { NULL, key },
                                            .without_originals = TRUE };
  Bag                             office = { 0 };
  g_autoptr (GBytes)              bytes = NULL;
  g_autofree char                *embargoed = NULL;
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  open_office (bags, &office);
  bytes = valise_file_store_read (get_files (&bags->from), sha256, 0, 1500, NULL);
  embargoed = valise_file_store_put (get_files (&office), bytes, NULL);
  receipt = bags_write_order (bags, &order);
  arrival = bag_read (&office, bags->file, key);
  g_assert_cmpuint (arrival->stored, ==, 0);
  g_assert_cmpuint (arrival->refused, ==, 1);
  bag_close (&office);
}

/* --- what is not taken ------------------------------------------------------------------------ */

/* A bundle with one document, and one file said to be named by it. */
static void
write_by_hand (Bags *bags, const char *id, const char *text, const char *sha256, gint64 length)
{
  ValiseBundleSecret             none = { NULL, NULL };
  ValiseBundleHeader            *header = valise_bundle_header_new ();
  g_autoptr (ValiseBundleWriter) writer = NULL;
  g_autoptr (GBytes)             body = g_bytes_new (text, strlen (text));
  g_autoptr (ValiseJson)     json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  g_autofree char           *rev = valise_canonical_revision (NULL, FALSE, json);
  g_autoptr (ValiseDocument) document = valise_document_new (id, rev, FALSE, body);
  g_autoptr (ValiseBundleOriginal) original = valise_bundle_original_new (sha256, 0, id, length);
  g_autoptr (GError)               error = NULL;

  header->programme = g_strdup (PROGRAMME);
  header->maker = g_strdup ("from");
  header->recipient = g_strdup ("anyone");
  valise_bundle_header_add (header, "public", "e", 0, 1);
  writer = valise_bundle_writer_new (bags->file, header, &none, 0, &error);
  g_assert_no_error (error);
  g_assert_true (valise_bundle_writer_add (writer, 0, document, &error));
  g_assert_true (valise_bundle_writer_add_original (writer, original, get_files (&bags->from), NULL,
                                                    NULL, &error));
  g_assert_true (valise_bundle_writer_finish (writer, &error));
  g_assert_no_error (error);
  valise_bundle_header_free (header);
}

static void
bytes_that_no_paper_names_take_no_room (Bags *bags, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes (50000);
  g_autofree char   *sha256 = valise_file_store_put (get_files (&bags->from), bytes, NULL);
  g_autofree char   *text =
      g_strdup_printf ("{\"files\":[{\"name\":\"a\",\"sha256\":\"%s\",\"length\":50000}]}", sha256);
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  write_by_hand (bags, "paper:A/1", text, sha256, 50000); /* without a seal */
  arrival = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (arrival->stored, ==, 0);
  g_assert_cmpuint (arrival->originals_stored, ==, 0);
  g_assert_cmpuint (arrival->refused, ==, 2);
  g_assert_cmpint (get_present (&bags->to, sha256), ==, 0);
}

static void
add_frame (GByteArray        *file,
           ValiseBundleCoder *coder,
           guint64            number,
           ValiseBundleFrame  kind,
           gconstpointer      data,
           gsize              length)
{
  g_autoptr (GBytes) frame = valise_bundle_coder_pack (coder, number, kind, data, length, NULL);

  g_byte_array_append (file, g_bytes_get_data (frame, NULL), (guint) g_bytes_get_size (frame));
}

/* A bundle of one piece, as somebody makes it who minds no rule. */
static void
write_piece (Bags *bags, const ValiseBundleOriginal *original, GBytes *bytes)
{
  ValiseBundleSecret            none = { NULL, NULL };
  ValiseBundleHeader           *header = valise_bundle_header_new ();
  g_autoptr (GByteArray)        payload = valise_bundle_original_pack (original, 0, bytes);
  g_autoptr (GByteArray)        file = g_byte_array_new ();
  g_autoptr (GChecksum)         sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (ValiseBundleCoder) coder = NULL;
  ValiseBundleOpening           opening = { 0 };
  guint8                        head[VALISE_BUNDLE_OPENING_SIZE];
  g_autofree char              *text = NULL, *end = NULL;

  header->programme = g_strdup (PROGRAMME);
  header->maker = g_strdup ("mallory");
  header->recipient = g_strdup ("anyone");
  valise_bundle_header_add (header, "public", "e", 0, 1);
  text = valise_bundle_header_to_text (header);
  valise_bundle_opening_init (&opening, &none);
  coder = valise_bundle_coder_new_writing (&opening, &none, NULL);
  valise_bundle_opening_pack (&opening, head);
  g_byte_array_append (file, head, sizeof head);
  add_frame (file, coder, 0, VALISE_BUNDLE_FRAME_HEADER, text, strlen (text));
  add_frame (file, coder, 1, VALISE_BUNDLE_FRAME_PIECE, payload->data, payload->len);
  g_checksum_update (sum, file->data, (gssize) file->len);
  end = g_strdup_printf ("{\"documents\":0,\"frames\":2,\"digest\":\"%s\"}",
                         g_checksum_get_string (sum));
  add_frame (file, coder, 2, VALISE_BUNDLE_FRAME_TRAILER, end, strlen (end));
  g_assert_true (
      g_file_set_contents (bags->file, (const char *) file->data, (gssize) file->len, NULL));
  valise_bundle_header_free (header);
}

static void
bytes_that_make_another_digest_are_dropped_and_named (Bags *bags, gconstpointer data)
{
  const char *const databases[] = { "public", NULL };
  ValiseBundleOrder order = {
    .path = bags->file, .recipient = "anyone", .databases = databases, .without_originals = TRUE
  };
  g_autofree char                 *sha256 = put_paper (bags, "A/1", "meeting:one", "en", 50000);
  g_autoptr (ValiseBundleOriginal) original =
      valise_bundle_original_new (sha256, 0, "paper:A/1", 50000);
  g_autoptr (GBytes)              other = make_bytes (50000);
  g_autoptr (ValiseBundleReceipt) receipt = NULL;
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;

  bags_put_keys (bags);
  receipt = bags_write_order (bags, &order);
  first = bag_read (&bags->to, bags->file, NULL);
  write_piece (bags, original, other);
  second = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (second->originals, ==, 1);
  g_assert_cmpuint (second->originals_stored, ==, 0);
  g_assert_cmpuint (second->refused, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (second->reasons, 0), "paper:A/1"));
  g_assert_cmpint (get_present (&bags->to, sha256), ==, 0);
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

#define ADD(test) g_test_add ("/bundle-files/" #test, Bags, NULL, setup, test, teardown)

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
  ADD (a_list_from_another_programme_is_refused);
  ADD (a_damaged_list_of_what_a_peer_has_is_refused);
  ADD (bundle_then_sync_is_sync_then_bundle_for_files_too);
  ADD (to_the_secretariat_a_file_goes_with_its_bytes_or_not_at_all);
  ADD (naming_a_digest_gives_nobody_its_bytes);
  ADD (bytes_that_no_paper_names_take_no_room);
  ADD (bytes_that_make_another_digest_are_dropped_and_named);
  return g_test_run ();
}
