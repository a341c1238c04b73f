/* test-file-kill.c - kill -9 while a file is fetched, again and again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * VALISE_FILE_KILL_KB: how large the file is; 20000 and more by hand.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "folder.h"
#include "valise-file-transfer.h"
#include "valise-home.h"
#include "valise-id.h"
#include "valise-store-peer.h"

#define STEP_US 3000 /* a piece takes, so that there is a while to be killed in */

typedef struct
{
  ValiseHome      *home;
  ValiseDatabase  *database;
  ValiseFileStore *files;
} Place;

static void
place_open (Place *place, const char *root, const char *name)
{
  g_autofree char   *folder = g_build_filename (root, name, NULL);
  g_autoptr (GError) error = NULL;

  place->home = valise_home_open (folder, &error);
  g_assert_no_error (error);
  place->database = valise_home_get_database (place->home, "team-xke", TRUE, &error);
  g_assert_no_error (error);
  place->files = valise_home_get_files (place->home, &error);
  g_assert_no_error (error);
}

static void
place_close (Place *place)
{
  g_clear_object (&place->database);
  valise_home_close (place->home);
  g_clear_object (&place->home);
}

/* --- the program that is killed ----------------------------------------------------------------
 */

static gboolean
take_time (gint64 moved, gint64 bytes, gpointer user_data, GError **error)
{
  g_usleep (STEP_US);
  return TRUE;
}

/* Fetches the file from one folder into the other, telling when it begins. */
static int
fetch (const char *root, const char *sha256, gint64 length)
{
  Place                  from = { 0 }, to = { 0 };
  g_autoptr (ValisePeer) peer = NULL;
  ValiseFileWish         wish = { .sha256 = (char *) sha256,
                                  .database = (char *) "team-xke",
                                  .length = length };
  g_autoptr (GError)     error = NULL;
  gboolean               ok = FALSE;

  place_open (&from, root, "from");
  place_open (&to, root, "to");
  peer = valise_store_peer_new_with_originals (from.database, from.files);
  g_print ("begins\n");
  ok = valise_file_transfer_fetch (peer, to.files, &wish, NULL, take_time, NULL, NULL, &error);
  g_clear_object (&peer);
  place_close (&from);
  place_close (&to);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* --- the test -----------------------------------------------------------------------------------
 */

/* Starts the fetch; @after_us > 0: kills it then. Returns: whether it came to its end. */
static gboolean
run_fetch (const char *root, const char *sha256, gint64 length, gulong after_us)
{
  g_autofree char        *size = g_strdup_printf ("%" G_GINT64_FORMAT, length);
  g_autofree char        *self = g_file_read_link ("/proc/self/exe", NULL);
  const char *const       argv[] = { self, "--fetch", root, sha256, size, NULL };
  g_autoptr (GError)      error = NULL;
  g_autoptr (GSubprocess) child = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  char                    begun[8] = "";

  g_assert_no_error (error);
  if (after_us > 0)
    {
      g_assert_true (g_input_stream_read_all (g_subprocess_get_stdout_pipe (child), begun, 6, NULL,
                                              NULL, &error));
      g_usleep (after_us);
      g_subprocess_send_signal (child, SIGKILL);
    }
  g_assert_true (g_subprocess_wait (child, NULL, &error));
  return g_subprocess_get_if_exited (child) && g_subprocess_get_exit_status (child) == EXIT_SUCCESS;
}

static char *
put_file (const char *root, gsize length)
{
  g_autofree guint8 *data = g_malloc (length);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  Place              from = { 0 };
  char              *sha256 = NULL;

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (g_test_rand_int () >> 9);
  bytes = g_bytes_new_take (g_steal_pointer (&data), length);
  place_open (&from, root, "from");
  sha256 = valise_file_transfer_put (from.files, from.database, bytes, "application/pdf", &error);
  g_assert_no_error (error);
  place_close (&from);
  return sha256;
}

static gint64
look (const char *root, const char *sha256, gint64 length, gboolean *complete)
{
  Place  to = { 0 };
  gint64 present = 0;

  place_open (&to, root, "to");
  present = valise_file_store_get_present (to.files, sha256, NULL, complete);
  if (*complete)
    {
      g_autoptr (GBytes) bytes = valise_file_store_read (to.files, sha256, 0, length, NULL);
      g_autofree char   *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

      g_assert_cmpstr (digest, ==, sha256);
    }
  place_close (&to);
  return present;
}

static void
what_has_come_is_never_fetched_again (void)
{
  const char      *given = g_getenv ("VALISE_FILE_KILL_KB");
  gint64           length = (given != NULL ? atoi (given) : 1000) * G_GINT64_CONSTANT (1000) + 77;
  g_autofree char *root = g_dir_make_tmp ("valise-file-kill-XXXXXX", NULL);
  g_autofree char *sha256 = put_file (root, (gsize) length);
  gboolean         complete = FALSE;
  gint64           present = 0;
  guint            kills = 0, part_way = 0;

  while (!complete && kills < 400)
    {
      gint64 before = present;

      kills += !run_fetch (root, sha256, length, (gulong) g_test_rand_int_range (1, 100000));
      present = look (root, sha256, length, &complete);
      g_assert_cmpint (present, >=, before);
      part_way += present > 0 && present < length;
    }
  g_test_message ("%" G_GINT64_FORMAT " bytes, killed %u times, %u part way", length, kills,
                  part_way);
  g_assert_true (complete || run_fetch (root, sha256, length, 0));
  g_assert_cmpint (look (root, sha256, length, &complete), ==, length);
  g_assert_true (complete);
  g_assert_cmpuint (part_way, >, 0);
  remove_folder (root);
}

int
main (int argc, char *argv[])
{
  if (argc == 5 && g_str_equal (argv[1], "--fetch"))
    return fetch (argv[2], argv[3], g_ascii_strtoll (argv[4], NULL, 10));
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file-kill/what_has_come_is_never_fetched_again",
                   what_has_come_is_never_fetched_again);
  return g_test_run ();
}
