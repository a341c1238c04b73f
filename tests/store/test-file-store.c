/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "file-store-fixture.h"

#define LENGTH (3 * VALISE_FILE_CHUNK + 1000) /* bytes: three whole chunks and a short one */

static void
setup (Fixture *fixture, gconstpointer data)
{
  open_file_store (fixture, LENGTH);
}

static gboolean
append (Fixture *fixture, gint64 offset, gsize length, GError **error)
{
  g_autoptr (GBytes) piece = g_bytes_new_from_bytes (fixture->bytes, (gsize) offset, length);

  return valise_file_store_append (fixture->store, fixture->sha256, LENGTH, offset, piece, error);
}

static void
assert_present (Fixture *fixture, gint64 present, gboolean complete)
{
  gint64   length = -1;
  gboolean is_complete = !complete;

  g_assert_cmpint (
      valise_file_store_get_present (fixture->store, fixture->sha256, &length, &is_complete), ==,
      present);
  g_assert_cmpint (length, ==, present > 0 ? LENGTH : 0);
  g_assert_cmpint (is_complete, ==, complete);
}

static void
assert_range (Fixture *fixture, gint64 offset, gint64 length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) expected =
      g_bytes_new_from_bytes (fixture->bytes, (gsize) offset, (gsize) length);
  g_autoptr (GBytes) range =
      valise_file_store_read (fixture->store, fixture->sha256, offset, length, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (range, expected));
}

static void
reopen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_finalize_object (fixture->store);
  fixture->store = valise_file_store_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
file_put_whole_is_read_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *sha256 = valise_file_store_put (fixture->store, fixture->bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (sha256, ==, fixture->sha256);
  reopen (fixture);
  assert_present (fixture, LENGTH, TRUE);
  assert_range (fixture, 0, LENGTH);
}

static void
same_bytes_are_kept_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = valise_file_store_put (fixture->store, fixture->bytes, NULL);
  g_autofree char *second = NULL;
  GStatBuf         before = { 0 };
  GStatBuf         after = { 0 };

  reopen (fixture);
  g_assert_no_errno (g_stat (fixture->path, &before));
  second = valise_file_store_put (fixture->store, fixture->bytes, NULL);
  g_assert_cmpstr (first, ==, second);
  reopen (fixture);
  g_assert_no_errno (g_stat (fixture->path, &after));
  g_assert_cmpint (before.st_size, ==, after.st_size);
}

static void
empty_file_is_a_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autofree char   *sha256 = valise_file_store_put (fixture->store, nothing, &error);
  g_autoptr (GBytes) read = NULL;

  g_assert_no_error (error);
  read = valise_file_store_read (fixture->store, sha256, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (read), ==, 0);
}

static void
pieces_of_any_size_make_the_file (Fixture *fixture, gconstpointer data)
{
  static const gsize sizes[] = { 1, 65535, 65536, 70000, 999, 17 };
  gint64             offset = 0;

  for (guint i = 0; offset < LENGTH; i++)
    {
      g_autoptr (GError) error = NULL;
      gsize              size = MIN (sizes[i % G_N_ELEMENTS (sizes)], (gsize) (LENGTH - offset));

      assert_present (fixture, offset, FALSE);
      append (fixture, offset, size, &error);
      g_assert_no_error (error);
      offset += (gint64) size;
      if (i == 2)
        reopen (fixture);
    }
  assert_present (fixture, LENGTH, TRUE);
  assert_range (fixture, 0, LENGTH);
}

static void
piece_at_another_place_is_refused (Fixture *fixture, gconstpointer data)
{
  static const gint64 offsets[] = { 0, 999, 1001, LENGTH - 10 };
  g_autoptr (GError)  error = NULL;

  g_assert_true (append (fixture, 0, 1000, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      g_assert_false (append (fixture, offsets[i], 10, &error));
      g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE);
      g_clear_error (&error);
    }
  assert_present (fixture, 1000, FALSE);
}

static void
other_length_or_too_many_bytes_are_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece = g_bytes_new_from_bytes (fixture->bytes, 0, 1000);

  g_assert_true (append (fixture, 0, 1000, NULL));
  g_assert_false (
      valise_file_store_append (fixture->store, fixture->sha256, LENGTH + 1, 1000, piece, &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_false (
      valise_file_store_append (fixture->store, fixture->sha256, LENGTH, -1, piece, &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_false (valise_file_store_append (fixture->store, fixture->sha256, LENGTH, 1000,
                                            fixture->bytes, &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE);
  assert_present (fixture, 1000, FALSE);
}

static void
wrong_bytes_are_dropped_and_can_come_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (fixture->bytes, NULL), LENGTH);
  g_autoptr (GBytes) damaged = NULL;

  copy[LENGTH / 2] ^= 1;
  damaged = g_bytes_new (copy, LENGTH);
  g_assert_false (
      valise_file_store_append (fixture->store, fixture->sha256, LENGTH, 0, damaged, &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST);
  g_clear_error (&error);
  assert_present (fixture, 0, FALSE);

  append (fixture, 0, LENGTH, &error);
  g_assert_no_error (error);
  assert_range (fixture, 0, LENGTH);
}

static void
what_is_no_digest_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char  *upper = g_ascii_strup (fixture->sha256, -1);
  const char *const names[] = { "", "abc", upper, "../../etc/passwd" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          valise_file_store_append (fixture->store, names[i], LENGTH, 0, fixture->bytes, &error));
      g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_DIGEST);
    }
}

static void
half_a_file_is_not_offered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (valise_file_store_read (fixture->store, fixture->sha256, 0, 1, &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_MISSING);
  g_clear_error (&error);

  g_assert_true (append (fixture, 0, LENGTH - 1, NULL));
  g_assert_null (valise_file_store_read (fixture->store, fixture->sha256, 0, 1, &error));
  g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_MISSING);
}

static void
put_replaces_what_arrived_in_pieces (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sha256 = NULL;

  g_assert_true (append (fixture, 0, 100000, NULL));
  sha256 = valise_file_store_put (fixture->store, fixture->bytes, NULL);
  g_assert_cmpstr (sha256, ==, fixture->sha256);
  assert_range (fixture, 0, LENGTH);
}

static void
every_range_gives_its_bytes (Fixture *fixture, gconstpointer data)
{
  static const gint64 edges[] = { 0,
                                  1,
                                  VALISE_FILE_CHUNK - 1,
                                  VALISE_FILE_CHUNK,
                                  VALISE_FILE_CHUNK + 1,
                                  3 * VALISE_FILE_CHUNK,
                                  LENGTH - 1,
                                  LENGTH };
  g_autofree char    *sha256 = valise_file_store_put (fixture->store, fixture->bytes, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (edges); i++)
    for (gsize j = i; j < G_N_ELEMENTS (edges); j++)
      assert_range (fixture, edges[i], edges[j] - edges[i]);
}

static void
range_outside_the_file_is_refused (Fixture *fixture, gconstpointer data)
{
  static const gint64 ranges[][2] = {
    { -1, 2 }, { 0, LENGTH + 1 }, { LENGTH, 1 }, { 0, -1 }, { 1, G_MAXINT64 }
  };
  g_autofree char *sha256 = valise_file_store_put (fixture->store, fixture->bytes, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          valise_file_store_read (fixture->store, sha256, ranges[i][0], ranges[i][1], &error));
      g_assert_error (error, VALISE_FILE_ERROR, VALISE_FILE_ERROR_RANGE);
    }
}

/* --- many at once ---------------------------------------------------------------------------- */

static gpointer
open_one (gpointer data)
{
  g_autofree char            *path = data;
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseFileStore) store = valise_file_store_open (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (store);
  return NULL;
}

/* Each finds out how to make its tables, at the same moment as the others. */
static void
stores_opened_at_once_are_all_made (Fixture *fixture, gconstpointer data)
{
  GThread *threads[16];

  for (guint round = 0; round < 10; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("opener", open_one,
                                   g_strdup_printf ("%s/%u-%u.sqlite", fixture->root, round, i));
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        g_thread_join (threads[i]);
    }
  for (guint i = 0; i < 10 * G_N_ELEMENTS (threads); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("%s/%u-%u.sqlite", fixture->root, i / (guint) G_N_ELEMENTS (threads),
                           i % (guint) G_N_ELEMENTS (threads));

      g_assert_no_errno (g_unlink (path));
    }
}

#define ADD(test) g_test_add ("/file-store/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (file_put_whole_is_read_back);
  ADD (same_bytes_are_kept_once);
  ADD (empty_file_is_a_file);
  ADD (pieces_of_any_size_make_the_file);
  ADD (piece_at_another_place_is_refused);
  ADD (other_length_or_too_many_bytes_are_refused);
  ADD (wrong_bytes_are_dropped_and_can_come_again);
  ADD (what_is_no_digest_is_refused);
  ADD (half_a_file_is_not_offered);
  ADD (put_replaces_what_arrived_in_pieces);
  ADD (every_range_gives_its_bytes);
  ADD (range_outside_the_file_is_refused);
  ADD (stores_opened_at_once_are_all_made);

  return g_test_run ();
}
