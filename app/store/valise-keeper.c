/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-keeper"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "valise-backup.h"
#include "valise-clock.h"
#include "valise-db.h"
#include "valise-folder.h"
#include "valise-json.h"
#include "valise-keeper.h"
#include "valise-salvage.h"

#define SUFFIX     ".backup"
#define DAYS       7
#define WEEKS      4
#define EVERY_S    3600
#define NICE       10
#define DAY_LENGTH 8 /* "20261127" */
#define FLAGS      VALISE_BACKUP_WITHOUT_FILES
#define ROOM       3 /* times what goes into a backup */

/* --- the names ------------------------------------------------------------------------------- */

static GDateTime *
read_date (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  int              year = 0, month = 0, day = 0;

  if (sscanf (name, "%4d%2d%2d-", &year, &month, &day) != 3)
    return NULL;
  return g_date_time_new_utc (year, month, day, 0, 0, 0);
}

static char *
make_path (const char *folder, gint64 now_us)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autofree char      *name = g_date_time_format (now, "%Y%m%d-%H%M%S" SUFFIX);

  return g_build_filename (folder, "backups", name, NULL);
}

/* Newest first: one a day of the newest days, then one a week. */
static void
prune (const char *folder)
{
  g_auto (GStrv) paths = valise_salvage_list_backups (folder);
  int            last_day = -1, last_week = -1;
  guint          days = 0, weeks = 0;

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GDateTime) date = read_date (paths[i]);
      int                   day = 0, week = 0;
      gboolean              stays = FALSE;

      if (date == NULL)
        continue; /* not one of ours */
      day = g_date_time_get_year (date) * 1000 + g_date_time_get_day_of_year (date);
      week = g_date_time_get_week_numbering_year (date) * 100 + g_date_time_get_week_of_year (date);
      if (day != last_day && days < DAYS)
        {
          stays = TRUE;
          days++;
        }
      else if (day != last_day && week != last_week && weeks < WEEKS)
        {
          stays = TRUE;
          weeks++;
        }
      if (stays)
        {
          last_day = day;
          last_week = week;
        }
      else
        (void) g_unlink (paths[i]);
    }
}

/* --- one look -------------------------------------------------------------------------------- */

/* Whether @newest, a backup, has another day, and other contents than the folder now. */
static gboolean
is_due (const char *folder, const char *newest, const char *path, gboolean *due, GError **error)
{
  g_autofree char       *about = NULL;
  g_autofree char       *last = g_path_get_basename (newest);
  g_autofree char       *next = g_path_get_basename (path);
  g_autofree char       *state = NULL;
  g_autofree char       *held = NULL;
  g_autoptr (ValiseJson) json = NULL;

  *due = FALSE;
  if (strncmp (last, next, DAY_LENGTH) >= 0) /* a clock put back makes none either */
    return TRUE;
  state = valise_backup_make_state (folder, error);
  if (state == NULL)
    return FALSE;
  about = valise_backup_read_about (newest, NULL); /* a damaged one is no reason to make none */
  if (about != NULL)
    json = valise_json_scan_text (about, -1, VALISE_JSON_ANY, NULL);
  if (json != NULL)
    held = valise_json_dup_member (json, 0, "state");
  *due = g_strcmp0 (held, state) != 0;
  return TRUE;
}

/* A backup takes about what goes into it; the copy it is made from, and the check of it, once
 * more. A disk that is nearly full is left to its user. */
static gboolean
check_room (const char *folder, GError **error)
{
  struct statvfs disk = { 0 };
  guint64        size = 0, room = 0;

  if (!valise_backup_measure (folder, FLAGS, &size, error))
    return FALSE;
  if (statvfs (folder, &disk) != 0)
    return TRUE; /* writing says what it lacks */
  room = (guint64) disk.f_bavail * disk.f_frsize;
  if (room > ROOM * size)
    return TRUE;
  g_set_error (error, VALISE_DB_ERROR, VALISE_DB_ERROR_FULL,
               "%s: a backup takes %" G_GUINT64_FORMAT " bytes for a while, and %" G_GUINT64_FORMAT
               " are left",
               folder, ROOM * size, room);
  return FALSE;
}

/* What one that was killed left behind. */
static void
sweep (const char *folder)
{
  static const char *const left[] = { ".part", ".copy", ".check" };
  g_autofree char         *backups = g_build_filename (folder, "backups", NULL);
  g_autoptr (GDir)         dir = g_dir_open (backups, 0, NULL);
  const char              *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    for (gsize i = 0; i < G_N_ELEMENTS (left); i++)
      {
        g_autofree char *path = g_build_filename (backups, name, NULL);

        if (!g_str_has_suffix (name, left[i]))
          continue;
        if (g_file_test (path, G_FILE_TEST_IS_DIR))
          valise_folder_remove (path);
        else
          (void) g_unlink (path);
      }
}

gboolean
valise_keeper_run (const char   *folder,
                   gint64        now_us,
                   GCancellable *cancellable,
                   char        **made,
                   GError      **error)
{
  g_auto (GStrv)   backups = valise_salvage_list_backups (folder);
  g_autofree char *path = make_path (folder, now_us);
  g_autofree char *parent = g_path_get_dirname (path);
  gboolean         due = TRUE;

  *made = NULL;
  if (backups[0] != NULL && !is_due (folder, backups[0], path, &due, error))
    return FALSE;
  if (!due)
    return TRUE;
  if (!check_room (folder, error))
    return FALSE;

  (void) g_mkdir_with_parents (parent, 0700); /* writing says whether it is there */
  sweep (folder);
  if (!valise_backup_write (folder, path, FLAGS, cancellable, NULL, error))
    return FALSE;
  if (!valise_backup_check (path, cancellable, error))
    {
      (void) g_unlink (path);
      return FALSE;
    }
  prune (folder);
  *made = g_steal_pointer (&path);
  return TRUE;
}

/* --- the thread ------------------------------------------------------------------------------ */

struct _ValiseKeeper
{
  char          *folder;
  ValiseKeptFunc kept;
  gpointer       user_data;
  GCancellable  *cancellable;
  GThread       *thread;

  GMutex   mutex;
  GCond    cond;
  gboolean stopped; /* under the mutex */
  guint    wait_s;
};

static void
look (ValiseKeeper *self)
{
  g_autofree char   *made = NULL;
  g_autofree char   *about = NULL;
  g_autoptr (GError) error = NULL;

  if (!valise_keeper_run (self->folder, valise_clock_now (), self->cancellable, &made, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_message ("No backup was made: %s", error->message);
      if (self->kept != NULL && g_error_matches (error, VALISE_DB_ERROR, VALISE_DB_ERROR_CORRUPT))
        self->kept (NULL, self->user_data);
      return;
    }
  if (made == NULL)
    return;
  g_info ("Backup %s made and verified", made);
  if (self->kept != NULL && (about = valise_backup_read_about (made, NULL)) != NULL)
    self->kept (about, self->user_data);
}

static gpointer
keeper_thread (gpointer data)
{
  ValiseKeeper *self = data;

  (void) setpriority (PRIO_PROCESS, (id_t) gettid (), NICE); /* of this thread alone, on Linux */
  g_mutex_lock (&self->mutex);
  while (!self->stopped)
    {
      gint64 until = g_get_monotonic_time () + self->wait_s * G_TIME_SPAN_SECOND;

      while (!self->stopped && g_cond_wait_until (&self->cond, &self->mutex, until))
        ;
      if (self->stopped)
        break;
      g_mutex_unlock (&self->mutex);
      look (self);
      g_mutex_lock (&self->mutex);
      self->wait_s = EVERY_S;
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

ValiseKeeper *
valise_keeper_start (const char *folder, guint first_s, ValiseKeptFunc kept, gpointer user_data)
{
  ValiseKeeper *self = g_new0 (ValiseKeeper, 1);

  self->folder = g_strdup (folder);
  self->kept = kept;
  self->user_data = user_data;
  self->wait_s = first_s;
  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("valise-keeper", keeper_thread, self);
  return self;
}

void
valise_keeper_stop (ValiseKeeper *self)
{
  if (self == NULL)
    return;

  g_mutex_lock (&self->mutex);
  self->stopped = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_object_unref (self->cancellable);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self->folder);
  g_free (self);
}
