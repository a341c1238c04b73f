/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-home-lock"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "valise-home-lock.h"
#include "valise-home.h"

static gboolean
set_system_error (const char *path, const char *what, GError **error)
{
  int reason = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (reason), "%s: %s: %s", path,
               what, g_strerror (reason));
  return FALSE;
}

static gboolean
refuse_locked (const char *path, int lock, GError **error)
{
  char    pid[16] = { 0 };
  ssize_t length = pread (lock, pid, sizeof pid - 1, 0);

  if (length > 0)
    pid[strcspn (pid, "\n")] = '\0';
  g_set_error (error, VALISE_HOME_ERROR, VALISE_HOME_ERROR_LOCKED, "%s is held by process %s", path,
               length > 0 ? pid : "(unnamed)");
  return FALSE;
}

static gboolean
write_pid (const char *path, int lock, GError **error)
{
  if (ftruncate (lock, 0) == 0 && lseek (lock, 0, SEEK_SET) == 0
      && dprintf (lock, "%d\n", (int) getpid ()) > 0)
    return TRUE;
  return set_system_error (path, "cannot be written", error);
}

int
valise_home_take_lock (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  int              lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  gboolean         is_held = FALSE;

  if (lock < 0)
    {
      set_system_error (path, "cannot be opened", error);
      return -1;
    }

  if (flock (lock, LOCK_EX | LOCK_NB) == 0)
    is_held = write_pid (path, lock, error);
  else if (errno == EWOULDBLOCK)
    refuse_locked (path, lock, error);
  else
    set_system_error (path, "cannot be locked", error);

  if (!is_held)
    {
      g_close (lock, NULL);
      return -1;
    }
  return lock;
}
