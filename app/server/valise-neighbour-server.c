/* valise-neighbour-server.c - a laptop that serves its own databases to paired colleagues
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-neighbour-server"

#include "config.h"

#include <string.h>

#include "valise-device-certificate.h"
#include "valise-listener.h"
#include "valise-neighbour-server.h"

#define CONNECTIONS         16 /* a delegation's laptops, not a secretariat's */
#define CONNECTIONS_ADDRESS 4  /* a laptop syncs over two; no stranger holds them all */

struct _ValiseNeighbourServer
{
  ValiseService     service;
  ValiseCertificate certificate;
  GPtrArray        *listeners; /* (element-type ValiseListener) */
};

static gboolean
open_service (ValiseNeighbourServer *self,
              ValiseAccount         *account,
              ValiseNeighboursFunc   func,
              gpointer               user_data,
              GError               **error)
{
  g_autoptr (ValiseKey) device = valise_account_dup_device_key (account, error);

  if (device == NULL
      || !valise_device_certificate_make (device, &self->certificate.certificate,
                                          &self->certificate.key, error))
    return FALSE;
  self->certificate.ask = self->certificate.certificate;
  self->service.office = valise_office_open_laptop (valise_account_get_home (account));
  self->service.throttle = valise_throttle_new ();
  self->service.cache = valise_cache_new (0);
  self->service.neighbours = valise_neighbours_new (account, device, func, user_data, error);
  return self->service.neighbours != NULL;
}

gboolean
valise_neighbour_server_listen (ValiseNeighbourServer *self,
                                const char            *address,
                                guint16                port,
                                GError               **error)
{
  ValiseLimits    limits = VALISE_LIMITS_DEFAULT;
  ValiseListener *listener = NULL;

  limits.connections = CONNECTIONS;
  limits.connections_address = CONNECTIONS_ADDRESS;
  listener =
      valise_listener_new (&self->service, &limits, &self->certificate, address, port, error);
  if (listener != NULL)
    g_ptr_array_add (self->listeners, listener);
  return listener != NULL;
}

ValiseNeighbourServer *
valise_neighbour_server_start (ValiseAccount       *account,
                               const char          *address,
                               guint16              port,
                               ValiseNeighboursFunc func,
                               gpointer             user_data,
                               GError             **error)
{
  ValiseNeighbourServer *self = g_new0 (ValiseNeighbourServer, 1);

  self->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_listener_free);
  if (open_service (self, account, func, user_data, error)
      && valise_neighbour_server_listen (self, address, port, error))
    return self;
  valise_neighbour_server_stop (self);
  return NULL;
}

void
valise_neighbour_server_stop (ValiseNeighbourServer *self)
{
  g_ptr_array_unref (self->listeners);
  g_clear_pointer (&self->service.office, valise_office_close);
  g_clear_pointer (&self->service.cache, valise_cache_free);
  g_clear_pointer (&self->service.throttle, valise_throttle_free);
  g_clear_pointer (&self->service.neighbours, valise_neighbours_free);
  if (self->certificate.key != NULL)
    explicit_bzero (self->certificate.key, strlen (self->certificate.key));
  g_free (self->certificate.certificate);
  g_free (self->certificate.key);
  g_free (self);
}

guint16
valise_neighbour_server_get_port (ValiseNeighbourServer *self)
{
  return valise_listener_get_port (g_ptr_array_index (self->listeners, 0));
}

ValiseNeighbours *
valise_neighbour_server_get_neighbours (ValiseNeighbourServer *self)
{
  return self->service.neighbours;
}
