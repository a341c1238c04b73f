/* fuzz-replay.c - gives a target its corpus, where there is no libFuzzer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: fuzz-TARGET DIR: a case for each file of DIR, with the file as it is, then cut short in
 * the middle, and with each of its first bytes changed.
 */

#include <string.h>

#include "fuzz.h"

#define CHANGED 256 /* of a file's first bytes, one at a time */

static void
a_file_is_taken_whole_cut_and_changed (gconstpointer data)
{
  g_autofree char   *contents = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize              size = 0;

  g_assert_true (g_file_get_contents (data, &contents, &size, NULL));
  bytes = g_memdup2 (contents, size);
  LLVMFuzzerTestOneInput (bytes, size);
  LLVMFuzzerTestOneInput (bytes, size / 2);
  for (gsize i = 0; i < MIN (size, CHANGED); i++)
    {
      bytes[i] ^= (guint8) (1 + i * 37);
      LLVMFuzzerTestOneInput (bytes, size);
      bytes[i] = (guint8) contents[i];
    }
}

int
main (int argc, char *argv[])
{
  g_autoptr (GDir) dir = NULL;
  const char      *name = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  dir = g_dir_open (argv[1], 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_strconcat ("/fuzz/", name, NULL);

      g_test_add_data_func_full (path, g_build_filename (argv[1], name, NULL),
                                 a_file_is_taken_whole_cut_and_changed, g_free);
    }
  return g_test_run ();
}
