/* valise-watch.c - those who wait for a database to change, without a thread each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-watch"

#include "config.h"

#include <poll.h>

#include "valise-watch.h"

/* How often sockets of waiting clients are looked at for a hang-up. */
#define SWEEP_US (2 * G_USEC_PER_SEC)

typedef struct
{
  char         **databases;
  gint64         until_us;
  gint64         heartbeat_us; /* the next one; G_MAXINT64: none */
  guint          interval_ms;
  int            fd;
  ValiseWakeFunc func;
  gpointer       user_data;
} Waiter;

struct _ValiseWatch
{
  GSource *timer;

  GMutex      lock;
  GHashTable *generations; /* database → guint */
  GPtrArray  *waiters;     /* of Waiter, owned */
  gint64      sweep_us;
  gboolean    closed;
};

/* Who was woken, and why, so that they are called without the lock. */
typedef struct
{
  Waiter        *waiter; /* owned unless the wake is a heartbeat */
  ValiseWakeFunc func;
  gpointer       user_data;
  ValiseWake     wake;
} Woken;

static void
free_waiter (Waiter *waiter)
{
  g_strfreev (waiter->databases);
  g_free (waiter);
}

static void
call_woken (GArray *woken)
{
  for (guint i = 0; i < woken->len; i++)
    {
      Woken *one = &g_array_index (woken, Woken, i);

      g_clear_pointer (&one->waiter, free_waiter);
      one->func (one->wake, one->user_data);
    }
  g_array_unref (woken);
}

static void
add_woken (GArray *woken, Waiter *waiter, ValiseWake wake)
{
  Woken one = { .waiter = wake == VALISE_WAKE_HEARTBEAT ? NULL : waiter,
                .func = waiter->func,
                .user_data = waiter->user_data,
                .wake = wake };

  g_array_append_val (woken, one);
}

static gboolean
has_hung_up (int fd)
{
  struct pollfd one = { .fd = fd, .events = POLLRDHUP };

  return fd >= 0 && poll (&one, 1, 0) == 1 && (one.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* What happens to @waiter at @now, or FALSE. With the lock held. */
static gboolean
is_due (Waiter *waiter, gint64 now, gboolean sweep, ValiseWake *wake)
{
  if (now >= waiter->until_us)
    *wake = VALISE_WAKE_DUE;
  else if (sweep && has_hung_up (waiter->fd))
    *wake = VALISE_WAKE_HUNG_UP;
  else if (now >= waiter->heartbeat_us)
    *wake = VALISE_WAKE_HEARTBEAT;
  else
    return FALSE;

  if (*wake == VALISE_WAKE_HEARTBEAT)
    waiter->heartbeat_us = now + waiter->interval_ms * 1000LL;
  return TRUE;
}

/* Sets the timer to whatever comes first. With the lock held. */
static void
set_timer (ValiseWatch *self)
{
  gint64 next = -1;

  for (guint i = 0; i < self->waiters->len; i++)
    {
      Waiter *waiter = g_ptr_array_index (self->waiters, i);
      gint64  due = MIN (MIN (waiter->until_us, waiter->heartbeat_us), self->sweep_us);

      next = next < 0 ? due : MIN (next, due);
    }

  g_source_set_ready_time (self->timer, next);
}

static gboolean
timer_cb (gpointer user_data)
{
  ValiseWatch *self = user_data;
  GArray      *woken = g_array_new (FALSE, FALSE, sizeof (Woken));
  gint64       now = g_get_monotonic_time ();
  gboolean     sweep = FALSE;

  g_mutex_lock (&self->lock);
  sweep = now >= self->sweep_us;
  for (guint i = self->waiters->len; i > 0; i--)
    {
      Waiter    *waiter = g_ptr_array_index (self->waiters, i - 1);
      ValiseWake wake = VALISE_WAKE_DUE;

      if (!is_due (waiter, now, sweep, &wake))
        continue;
      add_woken (woken, waiter, wake);
      if (wake != VALISE_WAKE_HEARTBEAT)
        g_ptr_array_remove_index_fast (self->waiters, i - 1);
    }
  if (sweep)
    self->sweep_us = now + SWEEP_US;
  set_timer (self);
  g_mutex_unlock (&self->lock);

  call_woken (woken);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs timer_funcs = { .dispatch = dispatch_timer };

ValiseWatch *
valise_watch_new (GMainContext *context)
{
  ValiseWatch *self = g_new0 (ValiseWatch, 1);

  g_mutex_init (&self->lock);
  self->generations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->waiters = g_ptr_array_new ();
  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, context);

  return self;
}

void
valise_watch_free (ValiseWatch *self)
{
  if (self == NULL)
    return;

  g_assert (self->waiters->len == 0);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_hash_table_unref (self->generations);
  g_ptr_array_unref (self->waiters);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* With the lock held. Each only rises, so a sum that is the same means that each is. */
static guint
sum_generations (ValiseWatch *self, const char *const *databases)
{
  guint sum = 0;

  for (guint i = 0; databases[i] != NULL; i++)
    sum += GPOINTER_TO_UINT (g_hash_table_lookup (self->generations, databases[i]));
  return sum;
}

guint
valise_watch_get_generation (ValiseWatch *self, const char *const *databases)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return sum_generations (self, databases);
}

void
valise_watch_note_change (ValiseWatch *self, const char *database)
{
  GArray *woken = g_array_new (FALSE, FALSE, sizeof (Woken));
  guint   generation = 0;

  g_mutex_lock (&self->lock);
  generation = GPOINTER_TO_UINT (g_hash_table_lookup (self->generations, database));
  g_hash_table_replace (self->generations, g_strdup (database), GUINT_TO_POINTER (generation + 1));
  for (guint i = self->waiters->len; i > 0; i--)
    {
      Waiter *waiter = g_ptr_array_index (self->waiters, i - 1);

      if (!g_strv_contains ((const char *const *) waiter->databases, database))
        continue;
      add_woken (woken, waiter, VALISE_WAKE_CHANGED);
      g_ptr_array_remove_index_fast (self->waiters, i - 1);
    }
  set_timer (self);
  g_mutex_unlock (&self->lock);

  call_woken (woken);
}

static Waiter *
new_waiter (const ValiseWait *wait, int fd, ValiseWakeFunc func, gpointer user_data)
{
  Waiter *waiter = g_new0 (Waiter, 1);
  gint64  now = g_get_monotonic_time ();

  waiter->databases = g_strdupv (wait->databases);
  waiter->until_us = wait->until_us;
  waiter->interval_ms = wait->heartbeat_ms;
  waiter->heartbeat_us = wait->heartbeat_ms > 0 ? now + wait->heartbeat_ms * 1000LL : G_MAXINT64;
  waiter->fd = fd;
  waiter->func = func;
  waiter->user_data = user_data;

  return waiter;
}

/**
 * valise_watch_add:
 * @wait: what it waits for; copied
 * @wake: (out): where it need not wait, why
 */
gboolean
valise_watch_add (ValiseWatch      *self,
                  const ValiseWait *wait,
                  int               fd,
                  ValiseWakeFunc    func,
                  gpointer          user_data,
                  ValiseWake       *wake)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *wake = self->closed ? VALISE_WAKE_CLOSING : VALISE_WAKE_CHANGED;
  if (self->closed
      || sum_generations (self, (const char *const *) wait->databases) != wait->generation)
    return FALSE;

  if (self->waiters->len == 0)
    self->sweep_us = g_get_monotonic_time () + SWEEP_US;
  g_ptr_array_add (self->waiters, new_waiter (wait, fd, func, user_data));
  set_timer (self);
  return TRUE;
}

gboolean
valise_watch_remove (ValiseWatch *self, gpointer user_data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->waiters->len; i++)
    {
      Waiter *waiter = g_ptr_array_index (self->waiters, i);

      if (waiter->user_data != user_data)
        continue;
      g_ptr_array_remove_index_fast (self->waiters, i);
      free_waiter (waiter);
      return TRUE;
    }

  return FALSE;
}

guint
valise_watch_count (ValiseWatch *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->waiters->len;
}

void
valise_watch_close (ValiseWatch *self)
{
  GArray *woken = g_array_new (FALSE, FALSE, sizeof (Woken));

  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  for (guint i = 0; i < self->waiters->len; i++)
    add_woken (woken, g_ptr_array_index (self->waiters, i), VALISE_WAKE_CLOSING);
  g_ptr_array_set_size (self->waiters, 0);
  set_timer (self);
  g_mutex_unlock (&self->lock);

  call_woken (woken);
}
