/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "file-store-fixture.h"
#include "valise-clock.h"
#include "valise-file-upload.h"

#define LENGTH (VALISE_FILE_CHUNK + 1000) /* bytes */

static const ValiseUploadOwner ours = { "desk-xke", "xke-1" };
static const ValiseUploadOwner theirs = { "desk-xor", "xor-1" };

static void
setup (Fixture *fixture, gconstpointer data)
{
  open_file_store (fixture, LENGTH);
}

static gboolean
append (Fixture                 *fixture,
        const ValiseUploadOwner *owner,
        gint64                   offset,
        gsize                    count,
        ValiseUploadState       *state,
        GError                 **error)
{
  g_autoptr (GBytes) piece = g_bytes_new_from_bytes (fixture->bytes, (gsize) offset, count);

  return valise_file_upload_append (fixture->store, fixture->sha256, owner, LENGTH, offset, piece,
                                    state, error);
}

static ValiseUploadState
look (Fixture *fixture, const ValiseUploadOwner *owner)
{
  ValiseUploadState state = { 0 };

  g_assert_true (valise_file_upload_look (fixture->store, fixture->sha256, owner, &state, NULL));
  return state;
}

static void
pieces_become_a_file_for_all_and_a_proof_for_one (Fixture *fixture, gconstpointer data)
{
  ValiseUploadState state = { 0 };
  gboolean          complete = FALSE;

  g_assert_true (append (fixture, &ours, 0, VALISE_FILE_CHUNK, &state, NULL));
  g_assert_cmpint (state.present, ==, VALISE_FILE_CHUNK);
  g_assert_false (state.proven);
  valise_file_store_get_present (fixture->store, fixture->sha256, NULL, &complete);
  g_assert_false (complete);

  g_assert_true (append (fixture, &ours, VALISE_FILE_CHUNK, 1000, &state, NULL));
  g_assert_true (state.proven);
  valise_file_store_get_present (fixture->store, fixture->sha256, NULL, &complete);
  g_assert_true (complete);
  g_assert_true (look (fixture, &theirs).known);
  g_assert_false (look (fixture, &theirs).proven);
}

static void
nobody_goes_on_with_what_another_began (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseUploadState  state = { 0 };

  g_assert_true (append (fixture, &ours, 0, VALISE_FILE_CHUNK, &state, NULL));
  g_assert_cmpint (look (fixture, &theirs).present, ==, 0);
  g_assert_false (append (fixture, &theirs, VALISE_FILE_CHUNK, 1000, &state, &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE);
}

static void
wrong_bytes_are_dropped_and_can_come_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ValiseUploadState  state = { 0 };
  g_autofree char   *zeros = g_malloc0 (LENGTH);
  g_autoptr (GBytes) wrong = g_bytes_new (zeros, LENGTH);

  g_assert_false (valise_file_upload_append (fixture->store, fixture->sha256, &ours, LENGTH, 0,
                                             wrong, &state, &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST);
  g_assert_cmpint (look (fixture, &ours).present, ==, 0);
  g_assert_true (append (fixture, &ours, 0, LENGTH, &state, NULL));
}

static void
too_much_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) byte = g_bytes_new_static ("x", 1);
  ValiseUploadState  state = { 0 };

  g_assert_false (valise_file_upload_append (fixture->store, fixture->sha256, &ours,
                                             VALISE_UPLOAD_MAX_LENGTH + 1, 0, byte, &state,
                                             &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_LIMIT);
  g_clear_error (&error);

  for (guint i = 0; i <= VALISE_UPLOAD_MAX_OPEN; i++)
    {
      g_autofree char *sha256 = g_strdup_printf ("%064x", i);
      gboolean         ok =
          valise_file_upload_append (fixture->store, sha256, &ours, 100, 0, byte, &state, &error);

      g_assert_true (ok == (i < VALISE_UPLOAD_MAX_OPEN));
    }
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_LIMIT);
}

static void
upload_that_was_given_up_is_dropped (Fixture *fixture, gconstpointer data)
{
  ValiseUploadState state = { 0 };

  g_assert_true (append (fixture, &ours, 0, 1000, &state, NULL));
  g_assert_true (valise_file_upload_expire (fixture->store, 1, NULL));
  g_assert_cmpint (look (fixture, &ours).present, ==, 1000);
  g_assert_true (
      valise_file_upload_expire (fixture->store, valise_clock_now () + G_USEC_PER_SEC, NULL));
  g_assert_cmpint (look (fixture, &ours).present, ==, 0);
}

#define ADD(test) g_test_add ("/file-upload/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (pieces_become_a_file_for_all_and_a_proof_for_one);
  ADD (nobody_goes_on_with_what_another_began);
  ADD (wrong_bytes_are_dropped_and_can_come_again);
  ADD (too_much_is_refused);
  ADD (upload_that_was_given_up_is_dropped);

  return g_test_run ();
}
