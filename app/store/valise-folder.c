/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-folder"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "valise-archive.h"
#include "valise-folder.h"

#define MAX_DEPTH 3

static gboolean
set_system_error (const char *path, GError **error)
{
  int reason = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (reason), "%s: %s", path,
               g_strerror (reason));
  return FALSE;
}

static int
compare_names_cb (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_names (const char *folder, GError **error)
{
  g_autoptr (GError)    failure = NULL;
  g_autoptr (GDir)      dir = g_dir_open (folder, 0, &failure);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char           *name = NULL;

  if (dir == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, failure->message);
      return NULL;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names_cb);
  return g_steal_pointer (&names);
}

static gboolean
walk (const char      *folder,
      const char      *prefix,
      guint            depth,
      ValiseFolderFunc func,
      gpointer         user_data,
      GError         **error)
{
  g_autoptr (GPtrArray) names = list_names (folder, error);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char      *base = g_ptr_array_index (names, i);
      g_autofree char *name = g_strconcat (prefix, base, NULL);
      g_autofree char *path = g_build_filename (folder, base, NULL);
      g_autofree char *below = g_strconcat (name, "/", NULL);
      GStatBuf         info = { 0 };

      if (!valise_archive_is_name (name) || g_lstat (path, &info) != 0)
        continue;
      if (S_ISREG (info.st_mode) && !func (name, path, user_data, error))
        return FALSE;
      if (S_ISDIR (info.st_mode) && depth < MAX_DEPTH
          && !walk (path, below, depth + 1, func, user_data, error))
        return FALSE;
    }
  return names != NULL;
}

gboolean
valise_folder_walk (const char *folder, ValiseFolderFunc func, gpointer user_data, GError **error)
{
  return walk (folder, "", 1, func, user_data, error);
}

void
valise_folder_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf         info = { 0 };

      if (g_lstat (path, &info) == 0 && S_ISDIR (info.st_mode))
        valise_folder_remove (path);
      else
        (void) g_unlink (path);
    }
  (void) g_rmdir (folder);
}

gboolean
valise_folder_copy_file (const char *from, const char *to, GError **error)
{
  g_autofree char   *data = NULL;
  gsize              length = 0;
  g_autoptr (GError) failure = NULL;

  if (g_file_get_contents (from, &data, &length, &failure)
      && g_file_set_contents_full (to, data, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, &failure))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, failure->message);
  return FALSE;
}

gboolean
valise_folder_flush (const char *folder, GError **error)
{
  int      file = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean ok = file >= 0 && fsync (file) == 0;
  int      reason = errno;

  if (!ok)
    set_system_error (folder, error);
  if (file >= 0)
    g_close (file, NULL);
  errno = reason;
  return ok;
}

gboolean
valise_folder_flush_parent (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return valise_folder_flush (folder, error);
}

gboolean
valise_folder_replace (const char *folder, const char *fresh, const char *aside, GError **error)
{
  gboolean ok = FALSE;

  if (g_access (folder, F_OK) != 0)
    ok = rename (fresh, folder) == 0;
  else if (renameat2 (AT_FDCWD, fresh, AT_FDCWD, folder, RENAME_EXCHANGE) == 0)
    ok = rename (fresh, aside) == 0; /* what was there has the fresh one's name now */
  else
    ok = rename (folder, aside) == 0 && rename (fresh, folder) == 0;
  return ok ? valise_folder_flush_parent (folder, error) : set_system_error (folder, error);
}
