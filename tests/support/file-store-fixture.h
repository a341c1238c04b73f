/* file-store-fixture.h - a store of files in a folder of its own, and a file for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib/gstdio.h>

#include "valise-file-store.h"

typedef struct
{
  char            *root;
  char            *path;
  ValiseFileStore *store;
  GBytes          *bytes; /* of the file, which is not in the store yet */
  char            *sha256;
} Fixture;

/* @length: of the file. No two stretches of it are alike. */
static inline void
open_file_store (Fixture *fixture, gsize length)
{
  g_autoptr (GError) error = NULL;
  guint8            *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (i * 7 + i / 251);
  fixture->bytes = g_bytes_new_take (bytes, length);
  fixture->sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, fixture->bytes);
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->root, "files.sqlite", NULL);
  fixture->store = valise_file_store_open (fixture->path, &error);
  g_assert_no_error (error);
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->store);
  g_assert_no_errno (g_unlink (fixture->path));
  g_assert_no_errno (g_rmdir (fixture->root));
  g_bytes_unref (fixture->bytes);
  g_free (fixture->sha256);
  g_free (fixture->path);
  g_free (fixture->root);
}
