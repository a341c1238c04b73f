/* test-bundle-proofs.c - originals in a bundle, and what nobody takes on trust
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bundle-originals.h"
#include "valise-bundle-request.h"
#include "valise-bundle-writer.h"
#include "valise-file-upload.h"

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

#define ADD(test) g_test_add ("/bundle-proofs/" #test, Bags, NULL, bags_setup, test, bags_teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD (a_list_from_another_programme_is_refused);
  ADD (a_damaged_list_of_what_a_peer_has_is_refused);
  ADD (to_the_secretariat_a_file_goes_with_its_bytes_or_not_at_all);
  ADD (naming_a_digest_gives_nobody_its_bytes);
  ADD (bytes_that_no_paper_names_take_no_room);
  ADD (bytes_that_make_another_digest_are_dropped_and_named);
  return g_test_run ();
}
