/* disk-fixture.h - a folder with a database in it, and what can be done to files
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-folder.h"
#include "valise-home.h"

typedef struct
{
  char       *root;
  char       *folder; /* in root */
  ValiseHome *home;   /* NULL: closed */
} Disk;

static inline void
disk_open (Disk *self)
{
  g_autoptr (GError) error = NULL;

  self->home = valise_home_open (self->folder, &error);
  g_assert_no_error (error);
  valise_home_keep_journals (self->home);
  valise_home_settle (self->home, &error);
  g_assert_no_error (error);
}

static inline void
disk_close (Disk *self)
{
  if (self->home != NULL)
    valise_home_close (self->home);
  g_clear_object (&self->home);
}

static inline void
disk_setup (Disk *self, gconstpointer data)
{
  self->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  self->folder = g_build_filename (self->root, "account", NULL);
  disk_open (self);
}

static inline void
disk_teardown (Disk *self, gconstpointer data)
{
  disk_close (self);
  valise_folder_remove (self->root);
  g_assert_false (g_file_test (self->root, G_FILE_TEST_EXISTS));
  g_free (self->folder);
  g_free (self->root);
}

static inline ValiseDatabase *
disk_get_database (Disk *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_home_get_database (self->home, name, TRUE, &error);

  g_assert_no_error (error);
  return database;
}

/* Writes notes @first to @last - 1, each an edit of its own; long ones, to fill pages. */
static G_GNUC_UNUSED void
disk_write (Disk *self, const char *name, guint first, guint last)
{
  g_autoptr (ValiseDatabase) database = disk_get_database (self, name);

  for (guint i = first; i < last; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *id = g_strdup_printf ("note:%04u", i);
      g_autofree char   *filler = g_strnfill (i * 97 % 3000, 'n');
      g_autofree char   *text = g_strdup_printf ("{\"n\":%u,\"text\":\"%s\"}", i, filler);
      g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
      g_autofree char   *rev = valise_database_put (database, id, NULL, FALSE, body, NULL, &error);

      g_assert_no_error (error);
    }
}

static G_GNUC_UNUSED void
disk_assert_notes (Disk *self, const char *name, guint count)
{
  g_autoptr (ValiseDatabase) database = disk_get_database (self, name);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GError)         error = NULL;
      g_autofree char           *id = g_strdup_printf ("note:%04u", i);
      g_autoptr (ValiseDocument) note = valise_database_get (database, id, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint ((gint64) g_bytes_get_size (note->body), >, i * 97 % 3000);
    }
}

static G_GNUC_UNUSED char *
disk_build_path (Disk *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

/* Overwrites @length bytes at @offset with rubbish. */
static G_GNUC_UNUSED void
disk_damage (const char *path, gint64 offset, gsize length)
{
  g_autofree guint8 *rubbish = g_malloc (length);
  int                file = g_open (path, O_RDWR | O_CLOEXEC, 0);

  memset (rubbish, 0x55, length);
  g_assert_cmpint (file, >=, 0);
  g_assert_cmpint (pwrite (file, rubbish, length, offset), ==, (gssize) length);
  g_assert_no_errno (close (file));
}

static G_GNUC_UNUSED gint64
disk_get_size (const char *path)
{
  GStatBuf info = { 0 };

  g_assert_no_errno (g_stat (path, &info));
  return info.st_size;
}

/* Drops what the journal has, as if a server had acknowledged it. */
static G_GNUC_UNUSED void
disk_acknowledge (Disk *self, const char *name)
{
  g_autoptr (ValiseDatabase) database = disk_get_database (self, name);
  ValiseDatabaseInfo         info = { 0 };

  g_assert_true (valise_database_get_info (database, &info, NULL));
  g_assert_true (
      valise_database_trim_journal (database, info.uuid, info.update_seq, NULL, NULL, NULL));
  g_assert_cmpint (valise_database_get_unsafe_bytes (database), ==, 0);
}
