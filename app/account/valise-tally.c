/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-tally"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "valise-clock.h"
#include "valise-tally.h"

#define FILE_NAME  "today"
#define SLOT       128                  /* bytes; there are two */
#define WRITE_AT   2048                 /* bytes counted that are not in the file yet */
#define SYNC_US    (5 * G_USEC_PER_SEC) /* between two waits for the disk */
#define CHECK_SIZE 16                   /* hex digits */

struct _ValiseTally
{
  GMutex  mutex;
  int     fd; /* -1: it cannot be kept */
  guint64 serial;
  char    day[16]; /* "2026-11-22" */
  guint64 received;
  guint64 sent;
  guint64 unwritten; /* bytes */
  gint64  synced_us; /* monotonic */
};

static void
read_today (char day[16])
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (valise_clock_now () / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char      *text = local != NULL ? g_date_time_format (local, "%Y-%m-%d") : NULL;

  g_strlcpy (day, text != NULL ? text : "", 16);
}

/* --- slots ------------------------------------------------------------------------------- */

static char *
make_check (const char *line)
{
  char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, line, -1);

  digest[CHECK_SIZE] = '\0';
  return digest;
}

static gboolean
read_slot (const char *slot, guint64 *serial, char day[16], guint64 *received, guint64 *sent)
{
  const char      *check = strrchr (slot, ' ');
  g_autofree char *line = check != NULL ? g_strndup (slot, (gsize) (check - slot)) : NULL;
  g_autofree char *expected = line != NULL ? make_check (line) : NULL;

  return expected != NULL && strncmp (check + 1, expected, CHECK_SIZE) == 0
         && sscanf (line, "%" G_GUINT64_FORMAT " %15s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                    serial, day, received, sent)
                == 4;
}

static void
load (ValiseTally *self)
{
  for (int i = 0; i < 2; i++)
    {
      char    slot[SLOT + 1] = { 0 };
      char    day[16] = { 0 };
      guint64 serial = 0, received = 0, sent = 0;

      if (pread (self->fd, slot, SLOT, i * SLOT) <= 0
          || !read_slot (slot, &serial, day, &received, &sent) || serial < self->serial)
        continue;
      self->serial = serial;
      g_strlcpy (self->day, day, sizeof self->day);
      self->received = received;
      self->sent = sent;
    }
}

/* Into the slot that was written before the last one. Holds the mutex. */
static void
store (ValiseTally *self)
{
  g_autofree char *line = NULL, *check = NULL;
  char             slot[SLOT];

  self->unwritten = 0;
  self->serial++;
  line = g_strdup_printf ("%" G_GUINT64_FORMAT " %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                          self->serial, self->day, self->received, self->sent);
  check = make_check (line);
  memset (slot, ' ', sizeof slot);
  g_snprintf (slot, sizeof slot, "%s %s\n", line, check);
  /* A count that cannot be kept must not stop the sync; a full disk shows itself elsewhere. */
  if (self->fd >= 0
      && pwrite (self->fd, slot, sizeof slot, (off_t) (self->serial % 2) * SLOT) != SLOT)
    g_info ("The day's bytes cannot be kept: %s", g_strerror (errno));
}

/* A new day starts at nothing. Holds the mutex. */
static void
turn_day (ValiseTally *self)
{
  char today[16];

  read_today (today);
  if (strcmp (today, self->day) == 0)
    return;
  g_strlcpy (self->day, today, sizeof self->day);
  self->received = self->sent = 0;
}

/* --- the tally ------------------------------------------------------------------------------ */

ValiseTally *
valise_tally_open (const char *folder)
{
  ValiseTally     *self = g_new0 (ValiseTally, 1);
  g_autofree char *path = g_build_filename (folder, FILE_NAME, NULL);

  g_mutex_init (&self->mutex);
  self->fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->fd >= 0)
    load (self);
  else
    g_info ("%s: %s", path, g_strerror (errno));
  return self;
}

void
valise_tally_add (ValiseTally *self, guint64 received, guint64 sent)
{
  gboolean due = FALSE;
  gint64   now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->mutex);
  turn_day (self);
  self->received += received;
  self->sent += sent;
  self->unwritten += received + sent;
  if (self->unwritten >= WRITE_AT)
    store (self);
  due = now_us - self->synced_us >= SYNC_US;
  if (due)
    self->synced_us = now_us;
  g_mutex_unlock (&self->mutex);
  if (due)
    valise_tally_sync (self);
}

void
valise_tally_get_today (ValiseTally *self, guint64 *received, guint64 *sent)
{
  g_mutex_lock (&self->mutex);
  turn_day (self);
  *received = self->received;
  *sent = self->sent;
  g_mutex_unlock (&self->mutex);
}

void
valise_tally_sync (ValiseTally *self)
{
  g_mutex_lock (&self->mutex);
  if (self->unwritten > 0)
    store (self);
  g_mutex_unlock (&self->mutex);
  if (self->fd >= 0 && fdatasync (self->fd) != 0)
    g_info ("The day's bytes cannot be kept: %s", g_strerror (errno));
}

void
valise_tally_free (ValiseTally *self)
{
  valise_tally_sync (self);
  if (self->fd >= 0)
    close (self->fd);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
