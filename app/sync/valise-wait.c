/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-wait"

#include "config.h"

#include "valise-wait.h"

/* How often a waiting feed looks for itself, in milliseconds: the database's signal comes in
 * its opener's main context, which may not be running (in a program without a window). */
#define LOOK_MS 500

/* Counted: a handler may still be running on another thread when it is disconnected. */
typedef struct
{
  GMutex   mutex;
  GCond    cond;
  gboolean rung;
} Bell;

static void
bell_clear (gpointer data)
{
  Bell *bell = data;

  g_cond_clear (&bell->cond);
  g_mutex_clear (&bell->mutex);
}

static void
bell_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, bell_clear);
}

static void
bell_unref_closure (gpointer data, GClosure *closure)
{
  bell_unref (data);
}

static void
ring_cb (GObject *object, Bell *bell)
{
  g_mutex_lock (&bell->mutex);
  bell->rung = TRUE;
  g_cond_broadcast (&bell->cond);
  g_mutex_unlock (&bell->mutex);
}

/* Sleeps until the bell rings, @until (monotonic µs) or the next look. */
static void
sleep_a_while (Bell *bell, gint64 until)
{
  gint64 look = g_get_monotonic_time () + LOOK_MS * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&bell->mutex);
  while (!bell->rung && g_cond_wait_until (&bell->cond, &bell->mutex, MIN (look, until)))
    ;
  bell->rung = FALSE;
  g_mutex_unlock (&bell->mutex);
}

gboolean
valise_wait_for_change (ValiseDatabase *database,
                        gint64          since,
                        guint           wait_ms,
                        GCancellable   *cancellable,
                        GError        **error)
{
  gint64             until = g_get_monotonic_time () + wait_ms * G_TIME_SPAN_MILLISECOND;
  ValiseDatabaseInfo info = { 0 };
  Bell              *bell = g_atomic_rc_box_new0 (Bell);
  gulong             changed = 0, cancelled = 0;
  gboolean           ok = TRUE;

  g_mutex_init (&bell->mutex);
  g_cond_init (&bell->cond);
  changed = g_signal_connect_data (database, "changed", G_CALLBACK (ring_cb),
                                   g_atomic_rc_box_acquire (bell), bell_unref_closure, 0);
  if (cancellable != NULL)
    cancelled = g_cancellable_connect (cancellable, G_CALLBACK (ring_cb),
                                       g_atomic_rc_box_acquire (bell), bell_unref);

  while ((ok = valise_database_get_info (database, &info, error)) && info.update_seq <= since
         && !g_cancellable_is_cancelled (cancellable) && g_get_monotonic_time () < until)
    sleep_a_while (bell, until);

  g_cancellable_disconnect (cancellable, cancelled);
  g_signal_handler_disconnect (database, changed);
  bell_unref (bell);
  return ok;
}
