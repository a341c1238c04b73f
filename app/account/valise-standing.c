/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-standing"

#include "config.h"

#include "valise-json.h"
#include "valise-standing.h"

#define FILE_NAME "standing.json"
#define EVERY_US  (5 * G_USEC_PER_SEC)
#define MAX_RATIO 4000 /* per mille: small documents cost more than they hold */

struct _ValiseStanding
{
  GMutex   mutex;
  char    *path;
  gint64   reached;
  guint64  speeds[VALISE_N_NETWORK_KINDS];
  guint    ratio;
  gboolean changed;
  gint64   saved; /* monotonic µs */
};

static void
read_measures (ValiseStanding *self, const ValiseJson *json)
{
  guint  speeds = valise_json_find (json, 0, "speeds");
  gint64 ratio = valise_json_get_member_int (json, 0, "ratio", 0);

  self->ratio = (guint) CLAMP (ratio, 0, MAX_RATIO);
  for (int kind = 0; speeds != VALISE_JSON_NONE && kind < VALISE_N_NETWORK_KINDS; kind++)
    self->speeds[kind] = (guint64) MAX (
        valise_json_get_member_int (json, speeds, valise_network_kind_get_name (kind), 0), 0);
}

ValiseStanding *
valise_standing_load (const char *folder)
{
  ValiseStanding        *self = g_new0 (ValiseStanding, 1);
  g_autofree char       *text = NULL;
  g_autoptr (ValiseJson) json = NULL;

  g_mutex_init (&self->mutex);
  self->path = g_build_filename (folder, FILE_NAME, NULL);
  if (!g_file_get_contents (self->path, &text, NULL, NULL))
    return self;
  json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  if (json == NULL)
    return self;
  self->reached = MAX (valise_json_get_member_int (json, 0, "reached", 0), 0);
  read_measures (self, json);
  return self;
}

void
valise_standing_free (ValiseStanding *self)
{
  g_free (self->path);
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
valise_standing_set_speed (ValiseStanding *self, ValiseNetworkKind kind, guint64 speed)
{
  g_mutex_lock (&self->mutex);
  self->speeds[kind] = speed;
  self->changed = TRUE;
  g_mutex_unlock (&self->mutex);
}

guint64
valise_standing_get_speed (ValiseStanding *self, ValiseNetworkKind kind)
{
  guint64 speed = 0;

  g_mutex_lock (&self->mutex);
  speed = self->speeds[kind];
  g_mutex_unlock (&self->mutex);
  return speed;
}

void
valise_standing_set_ratio (ValiseStanding *self, guint per_mille)
{
  g_mutex_lock (&self->mutex);
  self->ratio = MIN (per_mille, MAX_RATIO);
  self->changed = TRUE;
  g_mutex_unlock (&self->mutex);
}

guint
valise_standing_get_ratio (ValiseStanding *self)
{
  guint ratio = 0;

  g_mutex_lock (&self->mutex);
  ratio = self->ratio;
  g_mutex_unlock (&self->mutex);
  return ratio;
}

/* Holds the mutex. */
static char *
write_text (ValiseStanding *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "{\"reached\":%" G_GINT64_FORMAT ",\"ratio\":%u,\"speeds\":{",
                          self->reached, self->ratio);
  for (int kind = 0; kind < VALISE_N_NETWORK_KINDS; kind++)
    g_string_append_printf (text, "%s\"%s\":%" G_GUINT64_FORMAT, kind > 0 ? "," : "",
                            valise_network_kind_get_name (kind), self->speeds[kind]);
  g_string_append (text, "}}\n");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
valise_standing_save (ValiseStanding *self, gboolean now, GError **error)
{
  g_autofree char *text = NULL;
  gint64           clock = g_get_monotonic_time ();

  g_mutex_lock (&self->mutex);
  if (self->changed && (now || clock - self->saved >= EVERY_US))
    {
      text = write_text (self);
      self->changed = FALSE;
      self->saved = clock;
    }
  g_mutex_unlock (&self->mutex);

  return text == NULL
         || g_file_set_contents_full (self->path, text, -1,
                                      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                      0600, error);
}
