/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-archive-read"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-archive.h"
#include "valise-json.h"

#define HEADER        "Valise backup 1\n"
#define BLOCK         (256 * 1024)
#define MAX_LINE      1024
#define MAX_PARTS     10000
#define DIGEST_LENGTH 64
#define MAX_TEXT      (1024 * 1024)

typedef struct
{
  const char   *path;
  FILE         *file;
  gint64        left; /* bytes of the file not yet read, at the start of a part */
  GChecksum    *digests;
  guint         parts;
  GCancellable *cancellable;
} Reader;

/* The head of a part; a name of NULL is the end. */
typedef struct
{
  char  *name;
  gint64 length;
} Head;

static gboolean
refuse (Reader *reader, const char *what, GError **error)
{
  g_set_error (error, VALISE_ARCHIVE_ERROR, VALISE_ARCHIVE_ERROR_DAMAGED, "%s: %s", reader->path,
               what);
  return FALSE;
}

static gboolean
open_reader (Reader *reader, const char *path, GError **error)
{
  char     header[sizeof HEADER] = { 0 };
  GStatBuf info = { 0 };

  reader->path = path;
  reader->file = g_fopen (path, "rbe");
  if (reader->file == NULL || fstat (fileno (reader->file), &info) != 0)
    {
      int reason = errno;

      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (reason), "%s: %s", path,
                   g_strerror (reason));
      return FALSE;
    }
  reader->left = info.st_size;
  reader->digests = g_checksum_new (G_CHECKSUM_SHA256);
  if (fread (header, 1, strlen (HEADER), reader->file) == strlen (HEADER)
      && g_str_equal (header, HEADER))
    return TRUE;
  return refuse (reader, "it is no backup of Valise", error);
}

static void
close_reader (Reader *reader)
{
  g_clear_pointer (&reader->file, fclose);
  g_clear_pointer (&reader->digests, g_checksum_free);
}

static gboolean
read_line (Reader *reader, char line[MAX_LINE], GError **error)
{
  char *end = NULL;

  if (fgets (line, MAX_LINE, reader->file) == NULL || (end = strchr (line, '\n')) == NULL)
    return refuse (reader, "it is cut off", error);
  *end = '\0';
  return TRUE;
}

static gboolean
read_head (Reader *reader, Head *head, GError **error)
{
  char                   line[MAX_LINE];
  g_autoptr (ValiseJson) json = NULL;

  if (!read_line (reader, line, error))
    return FALSE;
  json = valise_json_scan_text (line, -1, VALISE_JSON_INTEGERS, NULL);
  if (json == NULL)
    return refuse (reader, "it is damaged", error);

  head->length = valise_json_get_member_int (json, 0, "length", -1);
  if (valise_json_get_member_int (json, 0, "parts", -1) == reader->parts && head->length < 0)
    return TRUE;
  head->name = valise_json_dup_member (json, 0, "name");
  if (head->name != NULL && valise_archive_is_name (head->name) && head->length >= 0
      && head->length <= reader->left && reader->parts < MAX_PARTS)
    return TRUE;
  g_clear_pointer (&head->name, g_free);
  return refuse (reader, "it is damaged", error);
}

static gboolean
check_digest (Reader *reader, const char *found, GError **error)
{
  char line[MAX_LINE];

  if (!read_line (reader, line, error))
    return FALSE;
  if (!g_str_equal (line, found))
    return refuse (reader, "it is damaged: a digest does not match", error);
  g_checksum_update (reader->digests, (const guchar *) found, DIGEST_LENGTH);
  reader->parts++;
  return TRUE;
}

static gboolean
write_block (FILE *target, const char *to, const guint8 *block, gsize length, GError **error)
{
  int reason = 0;

  if (target == NULL || fwrite (block, 1, length, target) == length)
    return TRUE;
  reason = errno;
  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (reason), "%s: %s", to,
               g_strerror (reason));
  return FALSE;
}

static gboolean
copy_part (Reader *reader, const Head *head, FILE *target, const char *to, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8    *block = g_malloc (BLOCK);

  for (gint64 left = head->length; left > 0;)
    {
      gsize got = fread (block, 1, (gsize) MIN (left, BLOCK), reader->file);

      if (got == 0)
        return refuse (reader, "it is cut off", error);
      if (g_cancellable_set_error_if_cancelled (reader->cancellable, error)
          || !write_block (target, to, block, got, error))
        return FALSE;
      g_checksum_update (sum, block, (gssize) got);
      left -= (gint64) got;
    }
  return check_digest (reader, g_checksum_get_string (sum), error);
}

/* @to: (nullable): the new file that gets the part. */
static gboolean
take_part (Reader *reader, const Head *head, const char *to, GError **error)
{
  g_autofree char *folder = to != NULL ? g_path_get_dirname (to) : NULL;
  FILE            *target = NULL;
  gboolean         ok = FALSE;

  if (to == NULL)
    return copy_part (reader, head, NULL, NULL, error);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    target = g_fopen (to, "wbxe");
  if (target == NULL || fchmod (fileno (target), 0600) != 0)
    {
      int reason = errno;

      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (reason), "%s: %s", to,
                   g_strerror (reason));
      g_clear_pointer (&target, fclose);
      return FALSE;
    }
  ok = copy_part (reader, head, target, to, error);
  if (ok && (fflush (target) != 0 || fsync (fileno (target)) != 0))
    {
      int reason = errno;

      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (reason), "%s: %s", to,
                   g_strerror (reason));
      ok = FALSE;
    }
  fclose (target);
  return ok;
}

static gboolean
read_end (Reader *reader, GError **error)
{
  g_autofree char *sum = g_strdup (g_checksum_get_string (reader->digests));
  char             line[MAX_LINE];

  if (!read_line (reader, line, error))
    return FALSE;
  return g_str_equal (line, sum)
         || refuse (reader, "it is damaged: a digest does not match", error);
}

static gboolean
read_parts (Reader *reader, ValiseArchivePlaceFunc place, gpointer user_data, GError **error)
{
  for (;;)
    {
      Head             head = { 0 };
      g_autofree char *name = NULL;
      g_autofree char *to = NULL;

      if (!read_head (reader, &head, error))
        return FALSE;
      if (head.name == NULL)
        return read_end (reader, error);
      name = head.name;
      if (place != NULL)
        to = place (head.name, head.length, user_data);
      if (!take_part (reader, &head, to, error))
        return FALSE;
    }
}

gboolean
valise_archive_read (const char            *path,
                     ValiseArchivePlaceFunc place,
                     gpointer               user_data,
                     GCancellable          *cancellable,
                     GError               **error)
{
  Reader   reader = { .cancellable = cancellable };
  gboolean ok = open_reader (&reader, path, error) && read_parts (&reader, place, user_data, error);

  close_reader (&reader);
  return ok;
}

char *
valise_archive_read_first (const char *path, const char *name, GError **error)
{
  Reader           reader = { 0 };
  Head             head = { 0 };
  g_autofree char *text = NULL;
  g_autofree char *digest = NULL;
  gboolean         ok = open_reader (&reader, path, error) && read_head (&reader, &head, error);

  if (ok && (g_strcmp0 (head.name, name) != 0 || head.length > MAX_TEXT))
    ok = refuse (&reader, "it does not begin as a backup does", error);
  if (ok)
    {
      text = g_malloc0 ((gsize) head.length + 1);
      ok = fread (text, 1, (gsize) head.length, reader.file) == (gsize) head.length
           || refuse (&reader, "it is cut off", error);
    }
  if (ok)
    {
      digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, (gssize) head.length);
      ok = check_digest (&reader, digest, error);
    }
  g_free (head.name);
  close_reader (&reader);
  return ok ? g_steal_pointer (&text) : NULL;
}

/* Moves past a part that is not wanted. */
static gboolean
skip_part (Reader *reader, const Head *head, GError **error)
{
  reader->parts++;
  return fseeko (reader->file, head->length + DIGEST_LENGTH + 1, SEEK_CUR) == 0
         || refuse (reader, "it is cut off", error);
}

gboolean
valise_archive_extract (const char *path, const char *name, const char *to, GError **error)
{
  Reader   reader = { 0 };
  gboolean ok = open_reader (&reader, path, error);
  gboolean found = FALSE;

  while (ok && !found)
    {
      Head             head = { 0 };
      g_autofree char *held = NULL;

      ok = read_head (&reader, &head, error);
      held = head.name;
      if (ok && head.name == NULL)
        {
          g_set_error (error, VALISE_ARCHIVE_ERROR, VALISE_ARCHIVE_ERROR_MISSING, "%s holds no %s",
                       path, name);
          ok = FALSE;
        }
      else if (ok && g_str_equal (head.name, name))
        ok = found = take_part (&reader, &head, to, error);
      else if (ok)
        ok = skip_part (&reader, &head, error);
    }
  close_reader (&reader);
  return ok && found;
}
