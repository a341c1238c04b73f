/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-identity"

#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "valise-digest.h"
#include "valise-identity.h"

#define FILE_NAME "identity"

/* machine-id(5): it is not to be shown as it is. */
static char *
dup_machine (void)
{
  g_autofree char *text = NULL;
  g_autofree char *salted = NULL;

  if (!g_file_get_contents ("/etc/machine-id", &text, NULL, NULL))
    return g_strdup ("unknown");
  salted = g_strconcat ("org.valise.Valise ", g_strstrip (text), NULL);
  return valise_digest_dup_hex (salted, strlen (salted));
}

static char *
describe (int lock)
{
  g_autofree char *machine = dup_machine ();
  struct statx     info = { 0 };
  gboolean         ok = statx (lock, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &info) == 0;

  return g_strdup_printf ("valise-identity 1\nmachine %s\nlock %" G_GUINT64_FORMAT
                          " %" G_GINT64_FORMAT ".%09u\n",
                          machine, ok ? (guint64) info.stx_ino : 0,
                          ok ? (gint64) info.stx_btime.tv_sec : 0, ok ? info.stx_btime.tv_nsec : 0);
}

ValiseIdentity
valise_identity_check (const char *folder, int lock)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *noted = NULL;
  g_autofree char *now = describe (lock);

  if (!g_file_get_contents (path, &noted, NULL, NULL))
    return VALISE_IDENTITY_NEW;
  return g_str_equal (noted, now) ? VALISE_IDENTITY_SAME : VALISE_IDENTITY_COPY;
}

static gboolean
write_text (const char *folder, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);

  return g_file_set_contents_full (
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

gboolean
valise_identity_keep (const char *folder, int lock, GError **error)
{
  g_autofree char *text = describe (lock);

  return write_text (folder, text, error);
}

gboolean
valise_identity_spoil (const char *folder, GError **error)
{
  return write_text (folder, "restored\n", error);
}
