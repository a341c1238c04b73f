/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-retry"

#include "config.h"

#include "valise-peer-error.h"
#include "valise-retry.h"

#define FIRST_US (250 * 1000)

gboolean
valise_retry_may_help (const GError *error)
{
  return g_error_matches (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK)
         || g_error_matches (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_SERVER)
         || g_error_matches (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_BUSY);
}

gboolean
valise_retry_sleep (gint64 wait_us, GCancellable *cancellable, GError **error)
{
  gint64 until = g_get_monotonic_time () + wait_us;
  gint64 now = 0;

  while ((now = g_get_monotonic_time ()) < until && !g_cancellable_is_cancelled (cancellable))
    {
      GPollFD  poll = { 0 };
      gboolean polls = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &poll);

      g_poll (&poll, polls ? 1 : 0, (gint) ((until - now) / 1000) + 1);
      if (polls)
        g_cancellable_release_fd (cancellable);
    }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
valise_retry_pause (guint attempt, GCancellable *cancellable, GError **error)
{
  return valise_retry_sleep (FIRST_US << MIN (attempt, 10), cancellable, error);
}
