/* crash-fixture.h - scenarios on a disk that loses power at every flush
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A scenario runs once, on a disk that leaves, at each flush, pictures of what a disk without power
 * might hold: nothing of what was not flushed, some writes of it in no order, some sectors of some
 * writes. Each picture is then opened and looked at. VALISE_TEST_COUNT runs so many rounds, each
 * with other chances.
 */

#pragma once

#include "fault-vfs.h"
#include "valise-folder.h"
#include "valise-test.h"

typedef struct
{
  char   *root;
  char   *live;         /* where databases live */
  char   *pictures;     /* where pictures go */
  GArray *taken;        /* of Picture */
  guint   acknowledged; /* edits, or files: what is not to be lost, now */
} Fixture;

typedef struct
{
  char *folder;
  guint acknowledged; /* when it was taken */
} Picture;

static inline void
clear_picture (gpointer data)
{
  g_free (((Picture *) data)->folder);
}

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->live = g_build_filename (fixture->root, "live", NULL);
  fixture->pictures = g_build_filename (fixture->root, "pictures", NULL);
  fixture->taken = g_array_new (FALSE, FALSE, sizeof (Picture));
  g_array_set_clear_func (fixture->taken, clear_picture);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  valise_folder_remove (fixture->root);
  g_array_unref (fixture->taken);
  g_free (fixture->pictures);
  g_free (fixture->live);
  g_free (fixture->root);
}

/* --- pictures ---------------------------------------------------------------------------- */

static inline void
taken_cb (const char *folder, gpointer user_data)
{
  Fixture *fixture = user_data;
  Picture  picture = { g_strdup (folder), fixture->acknowledged };

  g_array_append_val (fixture->taken, picture);
}

/* Runs @scenario on a new disk, and has @look look at every picture. */
static inline void
run_and_look (Fixture *fixture,
              void (*scenario) (Fixture *),
              void (*look) (const Picture *, const char *),
              const char *about)
{
  for (guint round = 0; round < valise_test_count (1); round++)
    {
      valise_folder_remove (fixture->live);
      valise_folder_remove (fixture->pictures);
      g_assert_no_errno (g_mkdir (fixture->live, 0700));
      g_assert_no_errno (g_mkdir (fixture->pictures, 0700));
      g_array_set_size (fixture->taken, 0);
      fixture->acknowledged = 0;

      fault_begin_pictures (fixture->pictures, round * 100000 + 1, taken_cb, fixture);
      scenario (fixture);
      fault_end_pictures ();
      g_test_message ("%u pictures", fixture->taken->len);
      g_assert_cmpuint (fixture->taken->len, >=, 15);
      for (guint i = 0; i < fixture->taken->len; i++)
        look (&g_array_index (fixture->taken, Picture, i), about);
    }
}
