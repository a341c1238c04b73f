/* valise-throttle.c - how often an address may fail to sign in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-throttle"

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "valise-throttle.h"

/* Past that many addresses, those that may try again are forgotten. */
#define MAX_ENTRIES 10000

/* For each address the moment at which all its failures will be forgiven (monotonic, µs). */
struct _ValiseThrottle
{
  GMutex      lock;
  GHashTable *forgiven;
};

#define REFILL_US (VALISE_THROTTLE_REFILL_S * G_USEC_PER_SEC)

ValiseThrottle *
valise_throttle_new (void)
{
  ValiseThrottle *self = g_new0 (ValiseThrottle, 1);

  g_mutex_init (&self->lock);
  self->forgiven = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
valise_throttle_free (ValiseThrottle *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->forgiven);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Whoever has one IPv6 address has the 2⁶⁴ beside it. */
static char *
get_network (const char *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);

  if (inet == NULL || g_inet_address_get_family (inet) != G_SOCKET_FAMILY_IPV6)
    return g_strdup (address);

  return g_base64_encode (g_inet_address_to_bytes (inet), 8);
}

static gboolean
is_over (gpointer key, gpointer value, gpointer user_data)
{
  return *(gint64 *) value <= *(gint64 *) user_data;
}

gboolean
valise_throttle_may_try (ValiseThrottle *self, const char *address, guint *wait_s)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char         *network = get_network (address);
  gint64                  *forgiven = g_hash_table_lookup (self->forgiven, network);
  gint64                   allowance = (VALISE_THROTTLE_FAILURES - 1) * REFILL_US;
  gint64                   late = 0;

  if (forgiven != NULL)
    late = *forgiven - allowance - g_get_monotonic_time ();
  *wait_s = late > 0 ? (guint) (late / G_USEC_PER_SEC) + 1 : 0;

  return late <= 0;
}

void
valise_throttle_note_failure (ValiseThrottle *self, const char *address)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  char                    *network = get_network (address);
  gint64                   now = g_get_monotonic_time ();
  gint64                  *forgiven = g_hash_table_lookup (self->forgiven, network);
  gint64                   start = forgiven != NULL ? MAX (*forgiven, now) : now;

  if (g_hash_table_size (self->forgiven) >= MAX_ENTRIES)
    g_hash_table_foreach_remove (self->forgiven, is_over, &now);
  forgiven = g_new (gint64, 1);
  *forgiven = start + REFILL_US;
  g_hash_table_replace (self->forgiven, network, forgiven);
}
