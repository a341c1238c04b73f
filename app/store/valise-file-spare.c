/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-file-spare"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-disk.h"
#include "valise-file-spare.h"
#include "valise-file-store-parts.h"
#include "valise-folder.h"
#include "valise-id.h"

#define FOLDER        "journal"
#define SUFFIX        ".file"
#define DIGEST_LENGTH 64

static char *
build_path (ValiseFileStore *files, const char *sha256, const char *database)
{
  g_autofree char *folder = valise_file_store_dup_folder (files);
  g_autofree char *name = g_strconcat (sha256, ".", database, SUFFIX, NULL);

  return g_build_filename (folder, FOLDER, name, NULL);
}

/* --- writing ----------------------------------------------------------------------------- */

static gboolean
copy_bytes (ValiseFileStore *files, const char *sha256, const char *part, int file, GError **error)
{
  gint64 length = 0;

  (void) valise_file_store_get_present (files, sha256, &length, NULL);
  for (gint64 at = 0; at < length; at += VALISE_FILE_CHUNK)
    {
      gint64             count = MIN (VALISE_FILE_CHUNK, length - at);
      g_autoptr (GBytes) piece = valise_file_store_read (files, sha256, at, count, error);

      if (piece == NULL)
        return FALSE;
      if (!valise_disk_write_all (file, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece)))
        return valise_disk_set_error (part, error);
    }
  return fsync (file) == 0 || valise_disk_set_error (part, error);
}

static gboolean
write_spare (ValiseFileStore *files, const char *sha256, const char *part, GError **error)
{
  int      file = g_open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gboolean ok = FALSE;

  if (file < 0)
    return valise_disk_set_error (part, error);
  ok = copy_bytes (files, sha256, part, file, error);
  if (close (file) != 0 && ok)
    ok = valise_disk_set_error (part, error);
  return ok;
}

gboolean
valise_file_spare_keep (ValiseFileStore *files,
                        const char      *sha256,
                        const char      *database,
                        GError         **error)
{
  g_autofree char *path = build_path (files, sha256, database);
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return valise_disk_set_error (folder, error);
  if (write_spare (files, sha256, part, error)
      && ((g_rename (part, path) == 0 && valise_folder_flush_parent (path, NULL))
          || valise_disk_set_error (path, error)))
    return TRUE;
  (void) g_unlink (part);
  (void) g_unlink (path);
  return FALSE;
}

void
valise_file_spare_drop (ValiseFileStore *files, const char *sha256, const char *database)
{
  g_autofree char *path = build_path (files, sha256, database);

  if (g_unlink (path) != 0 && errno != ENOENT)
    g_message ("%s: %s", path, g_strerror (errno));
}

/* --- reading ----------------------------------------------------------------------------- */

/* Whether @name is that of a spare, whose digest and database are given. */
static gboolean
parse (const char *name, char **sha256, char **database)
{
  gsize length = strlen (name);

  if (length < DIGEST_LENGTH + 2 + strlen (SUFFIX) || name[DIGEST_LENGTH] != '.'
      || !g_str_has_suffix (name, SUFFIX))
    return FALSE;
  *sha256 = g_strndup (name, DIGEST_LENGTH);
  *database = g_strndup (name + DIGEST_LENGTH + 1, length - DIGEST_LENGTH - 1 - strlen (SUFFIX));
  return valise_id_is_sha256 (*sha256);
}

/* One that cannot be read is passed over: the others may be. */
static gboolean
give (const char         *folder,
      const char         *name,
      const char         *only,
      ValiseFileSpareFunc func,
      gpointer            user_data,
      GError            **error)
{
  g_autofree char        *path = g_build_filename (folder, name, NULL);
  g_autofree char        *sha256 = NULL;
  g_autofree char        *database = NULL;
  g_autoptr (GError)      failure = NULL;
  g_autoptr (GMappedFile) mapped = NULL;
  g_autoptr (GBytes)      bytes = NULL;

  if (!parse (name, &sha256, &database) || (only != NULL && !g_str_equal (only, sha256)))
    return TRUE;
  mapped = g_mapped_file_new (path, FALSE, &failure);
  if (mapped == NULL)
    {
      g_message ("%s", failure->message);
      return TRUE;
    }
  bytes = g_mapped_file_get_bytes (mapped);
  return func (sha256, database, bytes, user_data, error);
}

gboolean
valise_file_spare_each (const char         *folder,
                        const char         *only,
                        ValiseFileSpareFunc func,
                        gpointer            user_data,
                        GError            **error)
{
  g_autofree char *journal = g_build_filename (folder, FOLDER, NULL);
  g_autoptr (GDir) dir = g_dir_open (journal, 0, NULL);
  const char      *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!give (journal, name, only, func, user_data, error))
      return FALSE;
  return TRUE;
}
