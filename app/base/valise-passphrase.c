/* valise-passphrase.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-passphrase"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "valise-cipher.h"
#include "valise-passphrase.h"

void
valise_passphrase_free (char *passphrase)
{
  if (passphrase != NULL)
    valise_secret_wipe (passphrase, strlen (passphrase));
  g_free (passphrase);
}

char *
valise_passphrase_read (const char *path, GError **error)
{
  gboolean standard = g_str_equal (path, "-");
  FILE    *file = standard ? stdin : g_fopen (path, "r");
  char     line[VALISE_PASSPHRASE_MAX + 2] = { 0 };
  char    *passphrase = NULL;

  if (file == NULL)
    {
      int saved = errno;

      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved), "%s: %s", path,
                   g_strerror (saved));
      return NULL;
    }
  if (fgets (line, sizeof line, file) != NULL)
    line[strcspn (line, "\r\n")] = '\0';
  if (!standard)
    fclose (file);

  if (line[0] != '\0' && strlen (line) <= VALISE_PASSPHRASE_MAX && g_utf8_validate (line, -1, NULL))
    passphrase = g_strdup (line);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "%s: its first line is no passphrase (1 to %d bytes of UTF-8)", path,
                 VALISE_PASSPHRASE_MAX);
  valise_secret_wipe (line, sizeof line);
  return passphrase;
}
