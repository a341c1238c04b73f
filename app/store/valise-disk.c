/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-disk"

#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "valise-db.h"
#include "valise-disk.h"

gboolean
valise_disk_set_error (const char *path, GError **error)
{
  int           reason = errno;
  ValiseDbError code = VALISE_DB_ERROR_ENGINE;

  if (reason == ENOSPC || reason == EDQUOT)
    code = VALISE_DB_ERROR_FULL;
  else if (reason == EROFS || reason == EACCES || reason == EPERM)
    code = VALISE_DB_ERROR_READ_ONLY;
  g_set_error (error, VALISE_DB_ERROR, (int) code, "%s: %s", path, g_strerror (reason));
  return FALSE;
}

gboolean
valise_disk_write_all (int file, gconstpointer data, gsize length)
{
  const char *at = data;

  while (length > 0)
    {
      ssize_t written = write (file, at, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      at += written;
      length -= (gsize) written;
    }
  return TRUE;
}
