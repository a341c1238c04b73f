/* test-bundle-walls.c - what a bundle may not bring, and who may not read it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bundle-fixture.h"

/* --- who is believed ------------------------------------------------------------------------- */

static void
a_forged_paper_is_named_and_keeps_no_true_one_out (Bags *bags, gconstpointer data)
{
  g_autoptr (ValiseKey)           thief = valise_key_generate (NULL);
  g_autofree char                *forged = NULL, *mine = NULL, *bare = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  g_autoptr (ValiseDatabase) public = bag_get (&bags->to, "public");
  g_autofree char *list = NULL;

  bags_put_papers (bags, 3);
  forged = bag_put_sealed (&bags->from, "paper:A/9", "{\"n\":1}", thief, 9);
  bare = bag_put (&bags->from, "public", "paper:A/8", NULL, "{\"n\":1}");
  bags_write (bags, "public", NULL);
  arrival = bag_read (&bags->to, bags->file, NULL);
  g_assert_cmpuint (arrival->stored, ==, 4);
  g_assert_cmpuint (arrival->refused, ==, 2);
  g_assert_cmpuint (arrival->reasons->len, ==, 2);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (arrival->reasons, 0), "paper:A/"));
  g_assert_cmpint (count_documents (public), ==, 4);

  /* What a stranger called by these names is no reason to pass the server's over. */
  list = valise_database_get_local (public, "quarantine", NULL, NULL);
  g_assert_null (list);
  g_assert_cmpuint (bags_sync (bags, &bags->to, "public"), ==,
                    2 + 1); /* and the keys are asked for */
}

static void
a_revision_that_its_content_does_not_make_is_refused (Bags *bags, gconstpointer data)
{
  const guint8               key[VALISE_CIPHER_KEY_SIZE] = { 1 };
  g_autoptr (ValiseDatabase) team = bag_get (&bags->from, "team-xke");
  g_autoptr (GBytes)         body = g_bytes_new_static ("{\"n\":1}", 7);
  g_autoptr (ValiseDocument) document =
      valise_document_new ("para:1", "9-00000000000000000000000000000001", FALSE, body);
  ValiseBatch                    *batch = valise_database_begin (team, NULL);
  ValiseMerge                     merge = VALISE_MERGE_KNOWN;
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  g_assert_true (valise_batch_merge (batch, document, &merge, NULL));
  g_assert_true (valise_batch_commit (batch, NULL));
  bags_write (bags, "team-xke", key);
  arrival = bag_read (&bags->to, bags->file, key);
  g_assert_cmpuint (arrival->stored, ==, 0);
  g_assert_cmpuint (arrival->refused, ==, 1);
}

/* --- who gets what --------------------------------------------------------------------------- */

static void
assert_not_written (Bags *bags, const char *recipient, const char *database, int code)
{
  const char *const               databases[] = { database, NULL };
  ValiseBundleOrder               order = { .path = bags->file,
                                            .recipient = recipient,
                                            .databases = databases,
                                            .secret = { code == VALISE_BUNDLE_ERROR_SECRET ? NULL : "word",
                                                        NULL } };
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseBundleReceipt) receipt =
      valise_bundle_write (&bags->from.holder, &order, NULL, &error);

  g_assert_null (receipt);
  g_assert_error (error, VALISE_BUNDLE_ERROR, code);
  g_assert_false (g_file_test (bags->file, G_FILE_TEST_EXISTS));
}

static void
a_team_is_a_wall (Bags *bags, gconstpointer data)
{
  static const char *const names[] = { "team-xke", "desk-xke", "desk-kor", "inbox", "states" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *rev = bag_put (&bags->from, names[i], "note:1", NULL, "{\"n\":1}");
    }
  assert_not_written (bags, "secretariat", "team-xke", VALISE_BUNDLE_ERROR_WALL);
  assert_not_written (bags, "anyone", "team-xke", VALISE_BUNDLE_ERROR_WALL);
  assert_not_written (bags, "anyone", "desk-xke", VALISE_BUNDLE_ERROR_WALL);
  assert_not_written (bags, "colleagues", "desk-kor", VALISE_BUNDLE_ERROR_WALL);
  assert_not_written (bags, "colleagues", "inbox", VALISE_BUNDLE_ERROR_WALL);
  assert_not_written (bags, "org-icrc", "states", VALISE_BUNDLE_ERROR_WALL);
  assert_not_written (bags, "colleagues", "team-xke", VALISE_BUNDLE_ERROR_SECRET);
  assert_not_written (bags, "secretariat", "desk-xke", VALISE_BUNDLE_ERROR_SECRET);
}

static void
anothers_desk_does_not_come_in (Bags *bags, gconstpointer data)
{
  const guint8                    key[VALISE_CIPHER_KEY_SIZE] = { 1 };
  Bag                             other = { 0 };
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  g_autofree char *rev = bag_put (&bags->from, "desk-xke", "xke:submission:1", NULL, "{\"n\":1}");
  g_auto (GStrv)   names = NULL;

  bag_open (bags, &other, "other", "kor");
  bags_write (bags, "desk-xke", key);
  arrival = bag_read (&other, bags->file, key);
  g_assert_cmpuint (arrival->stored, ==, 0);
  g_assert_cmpuint (arrival->refused, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (arrival->reasons, 0), "desk-xke"));
  names = valise_home_list_databases (other.home);
  g_assert_null (names[0]);
  bag_close (&other);
}

static void
another_programmes_bundle_is_refused (Bags *bags, gconstpointer data)
{
  ValiseBundleSecret              none = { NULL, NULL };
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;

  bags_put_papers (bags, 1);
  bags_write (bags, "public", NULL);
  bags->to.holder.programme = "another";
  arrival = valise_bundle_read (&bags->to.holder, bags->file, &none, NULL, &error);
  g_assert_null (arrival);
  g_assert_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_PROGRAMME);
}

static void
only_its_passphrase_opens_it (Bags *bags, gconstpointer data)
{
  ValiseBundleOrder  order = { .path = bags->file,
                               .recipient = "colleagues",
                               .secret = { "le mot de passe", NULL } };
  ValiseBundleSecret none = { NULL, NULL }, wrong = { "le mot de passé", NULL };
  g_autofree char   *rev =
      bag_put (&bags->from, "team-xke", "para:1", NULL, "{\"t\":\"nobody else may read this\"}");
  g_autoptr (ValiseBundleReceipt) receipt = bags_write_order (bags, &order);
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  g_autoptr (GError)              locked = NULL, refused = NULL, error = NULL;
  g_autofree char                *bytes = NULL;
  gsize                           length = 0;
  ValiseBundleKey                 key = VALISE_BUNDLE_KEY_NONE;

  g_assert_true (valise_bundle_reader_peek (bags->file, &key, NULL));
  g_assert_cmpint (key, ==, VALISE_BUNDLE_KEY_PASSPHRASE);
  g_assert_null (valise_bundle_read (&bags->to.holder, bags->file, &none, NULL, &locked));
  g_assert_error (locked, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_LOCKED);
  g_assert_null (valise_bundle_read (&bags->to.holder, bags->file, &wrong, NULL, &refused));
  g_assert_error (refused, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_PASSPHRASE);
  arrival = valise_bundle_read (&bags->to.holder, bags->file, &order.secret, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (arrival->stored, ==, 1);

  g_assert_true (g_file_get_contents (bags->file, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, "team-xke", 8));
  g_assert_null (memmem (bytes, length, "Amina", 5));
}

#define ADD(test) g_test_add ("/bundle-walls/" #test, Bags, NULL, bags_setup, test, bags_teardown)

/* The bag's holder has no rules. */
static void
without_rules_a_desk_takes_nothing_from_a_bundle (Bags *bags, gconstpointer data)
{
  const guint8     key[VALISE_CIPHER_KEY_SIZE] = { 1 };
  g_autofree char *rev = bag_put (&bags->from, "desk-xke", "xke:submission:1", NULL, "{\"n\":1}");
  g_autoptr (ValiseBundleArrival) first = NULL, second = NULL;

  bags_write (bags, "desk-xke", key);
  first = bag_read (&bags->to, bags->file, key);
  g_assert_cmpuint (first->stored, ==, 0);
  g_assert_cmpuint (first->refused, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (first->reasons, 0), ==,
                   "desk-xke: the programme is not here yet");

  bags->to.holder.rules = VALISE_GATE (bags->to.trust);
  second = bag_read (&bags->to, bags->file, key);
  g_assert_cmpuint (second->stored, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD (a_forged_paper_is_named_and_keeps_no_true_one_out);
  ADD (a_revision_that_its_content_does_not_make_is_refused);
  ADD (a_team_is_a_wall);
  ADD (anothers_desk_does_not_come_in);
  ADD (another_programmes_bundle_is_refused);
  ADD (without_rules_a_desk_takes_nothing_from_a_bundle);
  ADD (only_its_passphrase_opens_it);
  return g_test_run ();
}
