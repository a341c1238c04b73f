/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-standing"

#include "config.h"

#include "valise-clock.h"
#include "valise-json.h"
#include "valise-standing.h"

#define FILE_NAME "standing.json"
#define EVERY_US  (5 * G_USEC_PER_SEC)

struct _ValiseStanding
{
  GMutex   mutex;
  char    *path;
  gint64   reached;
  char    *day; /* "2026-11-22" */
  guint64  received;
  guint64  sent;
  gboolean changed;
  gint64   saved; /* monotonic µs */
};

static char *
dup_today (void)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (valise_clock_now () / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d") : g_strdup ("");
}

/* A new day starts at nothing. Holds the mutex. */
static void
turn_day (ValiseStanding *self)
{
  g_autofree char *today = dup_today ();

  if (g_strcmp0 (today, self->day) == 0)
    return;
  g_free (self->day);
  self->day = g_steal_pointer (&today);
  self->received = 0;
  self->sent = 0;
  self->changed = TRUE;
}

ValiseStanding *
valise_standing_load (const char *folder)
{
  ValiseStanding        *self = g_new0 (ValiseStanding, 1);
  g_autofree char       *text = NULL, *reached = NULL;
  g_autoptr (ValiseJson) json = NULL;

  g_mutex_init (&self->mutex);
  self->path = g_build_filename (folder, FILE_NAME, NULL);
  if (!g_file_get_contents (self->path, &text, NULL, NULL))
    return self;
  json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  if (json == NULL)
    return self;
  self->reached = MAX (valise_json_get_member_int (json, 0, "reached", 0), 0);
  self->day = valise_json_dup_member (json, 0, "day");
  self->received = (guint64) MAX (valise_json_get_member_int (json, 0, "received", 0), 0);
  self->sent = (guint64) MAX (valise_json_get_member_int (json, 0, "sent", 0), 0);
  return self;
}

void
valise_standing_free (ValiseStanding *self)
{
  g_free (self->path);
  g_free (self->day);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
valise_standing_set_reached (ValiseStanding *self, gint64 time_us)
{
  g_mutex_lock (&self->mutex);
  self->reached = time_us;
  self->changed = TRUE;
  g_mutex_unlock (&self->mutex);
}

void
valise_standing_add_bytes (ValiseStanding *self, guint64 received, guint64 sent)
{
  if (received == 0 && sent == 0)
    return;

  g_mutex_lock (&self->mutex);
  turn_day (self);
  self->received += received;
  self->sent += sent;
  self->changed = TRUE;
  g_mutex_unlock (&self->mutex);
}

gint64
valise_standing_get_reached (ValiseStanding *self)
{
  gint64 reached = 0;

  g_mutex_lock (&self->mutex);
  reached = self->reached;
  g_mutex_unlock (&self->mutex);
  return reached;
}

void
valise_standing_get_today (ValiseStanding *self, guint64 *received, guint64 *sent)
{
  g_mutex_lock (&self->mutex);
  turn_day (self);
  *received = self->received;
  *sent = self->sent;
  g_mutex_unlock (&self->mutex);
}

gboolean
valise_standing_save (ValiseStanding *self, gboolean now, GError **error)
{
  g_autofree char *text = NULL;
  gint64           clock = g_get_monotonic_time ();
  gboolean         due = FALSE;

  g_mutex_lock (&self->mutex);
  due = self->changed && (now || clock - self->saved >= EVERY_US);
  if (due)
    {
      turn_day (self);
      text = g_strdup_printf ("{\"reached\":%" G_GINT64_FORMAT
                              ",\"day\":\"%s\",\"received\":%" G_GUINT64_FORMAT
                              ",\"sent\":%" G_GUINT64_FORMAT "}\n",
                              self->reached, self->day, self->received, self->sent);
      self->changed = FALSE;
      self->saved = clock;
    }
  g_mutex_unlock (&self->mutex);

  return !due
         || g_file_set_contents_full (self->path, text, -1,
                                      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                      0600, error);
}
