/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "valise-file-wishes.h"
#include "valise-folder.h"

typedef struct
{
  char            *root;
  char            *path;
  ValiseFileStore *store;
} Fixture;

/* Digests of files of so many bytes, all the letter. */
static GBytes *
make_bytes (char letter, gsize length)
{
  char *data = g_malloc (length);

  memset (data, letter, length);
  return g_bytes_new_take (data, length);
}

static char *
dup_digest (char letter, gsize length)
{
  g_autoptr (GBytes) bytes = make_bytes (letter, length);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static void
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = valise_file_store_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "files.sqlite", NULL);
  open_store (fixture);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->store);
  valise_folder_remove (fixture->root); /* what is owed is in a folder of its own, too */
  g_free (fixture->path);
  g_free (fixture->root);
}

static void
reopen (Fixture *fixture)
{
  g_assert_finalize_object (fixture->store);
  open_store (fixture);
}

static char *
want (Fixture    *fixture,
      char        letter,
      gsize       length,
      const char *meeting,
      const char *language,
      int         priority)
{
  g_autoptr (GError)    error = NULL;
  g_autofree char      *sha256 = dup_digest (letter, length);
  g_autoptr (GPtrArray) wishes = g_ptr_array_new ();
  ValiseFileWish        wish = { .sha256 = sha256,
                                 .database = (char *) "public",
                                 .name = (char *) "paper.pdf",
                                 .meeting = (char *) meeting,
                                 .language = (char *) language,
                                 .length = (gint64) length };

  g_ptr_array_add (wishes, &wish);
  g_assert_true (valise_file_wishes_add (fixture->store, wishes, priority, &error));
  g_assert_no_error (error);
  return g_steal_pointer (&sha256);
}

static void
append (Fixture *fixture, char letter, gsize length, gsize count)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *sha256 = dup_digest (letter, length);
  g_autoptr (GBytes) piece = make_bytes (letter, count);
  gint64             at = valise_file_store_get_present (fixture->store, sha256, NULL, NULL);

  valise_file_store_append (fixture->store, sha256, (gint64) length, at, piece, &error);
  g_assert_no_error (error);
}

static void
assert_next (Fixture *fixture, const char *sha256)
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (ValiseFileWish) wish = valise_file_wishes_take_next (fixture->store, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (wish != NULL ? wish->sha256 : NULL, ==, sha256);
}

static void
set_stage (Fixture *fixture, const char *sha256, ValiseWishStage stage)
{
  g_autoptr (GError) error = NULL;
  const char *const  one[] = { sha256, NULL };

  valise_file_wishes_set_stage (fixture->store, one, stage, &error);
  g_assert_no_error (error);
}

static guint
evict (Fixture *fixture, const char *sha256)
{
  g_autoptr (GError) error = NULL;
  const char *const  one[] = { sha256, NULL };
  guint              n_kept = 0;

  valise_file_wishes_evict (fixture->store, one, &n_kept, &error);
  g_assert_no_error (error);
  return n_kept;
}

static void
urgent_files_go_first_then_by_meeting_language_and_size (Fixture *fixture, gconstpointer data)
{
  g_autofree char      *big = want (fixture, 'a', 900, "meeting:1", "en", 0);
  g_autofree char      *french = want (fixture, 'b', 100, "meeting:1", "fr", 0);
  g_autofree char      *later = want (fixture, 'c', 100, "meeting:2", "en", 0);
  g_autofree char      *small = want (fixture, 'd', 200, "meeting:1", "en", 0);
  g_autofree char      *asked = want (fixture, 'e', 9000, "meeting:3", "zh", 200);
  const char *const     order[] = { asked, small, big, french, later };
  g_autoptr (GPtrArray) wishes = NULL;

  reopen (fixture);
  wishes = valise_file_wishes_list (fixture->store, NULL);
  g_assert_cmpuint (wishes->len, ==, G_N_ELEMENTS (order));
  for (guint i = 0; i < wishes->len; i++)
    g_assert_cmpstr (((ValiseFileWish *) wishes->pdata[i])->sha256, ==, order[i]);
  assert_next (fixture, asked);
}

static void
asking_again_only_makes_more_urgent (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = want (fixture, 'a', 100, "meeting:1", "en", 100);
  g_autofree char *second = want (fixture, 'b', 100, "meeting:1", "en", 200);
  g_autofree char *again = want (fixture, 'b', 100, "meeting:1", "en", 0);

  assert_next (fixture, second);
  g_free (again);
  again = want (fixture, 'a', 100, "meeting:1", "en", 300);
  assert_next (fixture, first);
}

static void
held_file_is_passed_over_until_it_is_let_go (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = want (fixture, 'a', 100, NULL, NULL, 200);
  g_autofree char *second = want (fixture, 'b', 100, NULL, NULL, 0);

  set_stage (fixture, first, VALISE_WISH_HELD);
  reopen (fixture);
  assert_next (fixture, second);
  set_stage (fixture, first, VALISE_WISH_WAITS);
  assert_next (fixture, first);
}

static void
not_now_keeps_the_bytes_that_came (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sha256 = want (fixture, 'a', 100000, NULL, NULL, 0);
  g_autofree char *again = NULL;

  append (fixture, 'a', 100000, 70000);
  set_stage (fixture, sha256, VALISE_WISH_NOT_NOW);
  assert_next (fixture, NULL);
  g_assert_cmpint (valise_file_store_get_present (fixture->store, sha256, NULL, NULL), ==, 70000);
  again = want (fixture, 'a', 100000, NULL, NULL, 0);
  assert_next (fixture, sha256);
}

static void
whole_file_is_no_longer_fetched (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sha256 = want (fixture, 'a', 1000, NULL, NULL, 0);

  append (fixture, 'a', 1000, 1000);
  assert_next (fixture, NULL);
}

static void
file_with_a_problem_lets_others_by_until_forgiven (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = want (fixture, 'a', 100, NULL, NULL, 9);
  g_autofree char *second = want (fixture, 'b', 100, NULL, NULL, 0);

  g_assert_true (valise_file_wishes_set_problem (fixture->store, first, "not there", NULL));
  assert_next (fixture, second);
  g_assert_true (valise_file_wishes_forgive (fixture->store, NULL));
  assert_next (fixture, first);
}

static void
eviction_takes_the_bytes_and_leaves_the_wish (Fixture *fixture, gconstpointer data)
{
  g_autofree char      *sha256 = want (fixture, 'a', 1000, NULL, NULL, 0);
  g_autoptr (GPtrArray) wishes = NULL;
  gboolean              complete = TRUE;

  append (fixture, 'a', 1000, 1000);
  g_assert_cmpuint (evict (fixture, sha256), ==, 0);
  reopen (fixture);
  g_assert_cmpint (valise_file_store_get_present (fixture->store, sha256, NULL, &complete), ==, 0);
  g_assert_false (complete);
  wishes = valise_file_wishes_list (fixture->store, NULL);
  g_assert_cmpuint (wishes->len, ==, 1);
  g_assert_true (((ValiseFileWish *) wishes->pdata[0])->evicted);
  assert_next (fixture, NULL);
}

static gint64
get_size (const char *path)
{
  GStatBuf status;

  g_assert_no_errno (g_stat (path, &status));
  return status.st_size;
}

static void
the_disk_has_back_what_was_evicted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) large = make_bytes ('l', 3000000), small = make_bytes ('s', 90000);
  g_autofree char   *sha256 = valise_file_store_put (fixture->store, large, NULL);
  g_autofree char   *stays = valise_file_store_put (fixture->store, small, NULL);
  g_autoptr (GBytes) after = NULL;
  gint64             before = 0;

  reopen (fixture); /* what was in the log is in the file */
  before = get_size (fixture->path);
  g_assert_cmpint (before, >, 3000000);
  g_assert_cmpuint (evict (fixture, sha256), ==, 0);
  reopen (fixture);
  g_assert_cmpint (get_size (fixture->path), <, before - 2900000);
  after = valise_file_store_read (fixture->store, stays, 0, 90000, NULL);
  g_assert_true (g_bytes_equal (after, small));
}

static void
file_the_peer_has_not_got_is_never_evicted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = make_bytes ('a', 70000);
  g_autofree char   *sha256 = valise_file_store_put (fixture->store, bytes, NULL);
  gboolean           complete = FALSE;

  g_assert_true (valise_file_parcels_add (fixture->store, sha256, "desk-xke", NULL));
  g_assert_true (valise_file_parcels_add (fixture->store, sha256, "team-xke", NULL));
  g_assert_cmpuint (evict (fixture, sha256), ==, 1);
  g_assert_true (valise_file_parcels_acknowledge (fixture->store, sha256, "desk-xke", NULL));
  g_assert_cmpuint (evict (fixture, sha256), ==, 1);
  g_assert_cmpint (valise_file_store_get_present (fixture->store, sha256, NULL, &complete), ==,
                   70000);
  g_assert_true (complete);

  g_assert_true (valise_file_parcels_acknowledge (fixture->store, sha256, "team-xke", NULL));
  g_assert_cmpuint (evict (fixture, sha256), ==, 0);
  g_assert_cmpint (valise_file_store_get_present (fixture->store, sha256, NULL, NULL), ==, 0);
}

static void
what_is_owed_is_listed_smallest_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes)    big = make_bytes ('a', 70000);
  g_autoptr (GBytes)    small = make_bytes ('b', 7);
  g_autofree char      *first = valise_file_store_put (fixture->store, big, NULL);
  g_autofree char      *second = valise_file_store_put (fixture->store, small, NULL);
  g_autoptr (GPtrArray) parcels = NULL;

  g_assert_true (valise_file_parcels_add (fixture->store, first, "desk-xke", NULL));
  g_assert_true (valise_file_parcels_add (fixture->store, second, "desk-xke", NULL));
  reopen (fixture);
  parcels = valise_file_parcels_list (fixture->store, NULL);
  g_assert_cmpuint (parcels->len, ==, 2);
  g_assert_cmpstr (((ValiseFileParcel *) parcels->pdata[0])->sha256, ==, second);
  g_assert_cmpstr (((ValiseFileParcel *) parcels->pdata[1])->sha256, ==, first);
}

#define ADD(test) g_test_add ("/file-wishes/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (urgent_files_go_first_then_by_meeting_language_and_size);
  ADD (asking_again_only_makes_more_urgent);
  ADD (held_file_is_passed_over_until_it_is_let_go);
  ADD (not_now_keeps_the_bytes_that_came);
  ADD (whole_file_is_no_longer_fetched);
  ADD (file_with_a_problem_lets_others_by_until_forgiven);
  ADD (the_disk_has_back_what_was_evicted);
  ADD (eviction_takes_the_bytes_and_leaves_the_wish);
  ADD (file_the_peer_has_not_got_is_never_evicted);
  ADD (what_is_owed_is_listed_smallest_first);

  return g_test_run ();
}
