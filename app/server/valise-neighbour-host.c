/* valise-neighbour-host.c - a laptop's server, as valise-host.h describes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-neighbour-host"

#include "config.h"

#include "valise-neighbour-host.h"
#include "valise-neighbour-server.h"

struct _ValiseHost
{
  ValiseNeighbourServer    *server;
  const ValiseHostListener *listener;
  gpointer                  user_data;
};

static void
asked_cb (const char *person,
          const char *participant,
          const char *address,
          const char *code,
          gpointer    user_data)
{
  ValiseHost *self = user_data;

  self->listener->asked (person, participant, address, code, self->user_data);
}

static void
paired_cb (const char *person, gpointer user_data)
{
  ValiseHost *self = user_data;

  self->listener->paired (person, self->user_data);
}

static ValiseNeighbours *
get_neighbours (ValiseHost *self)
{
  return valise_neighbour_server_get_neighbours (self->server);
}

static void
host_stop (ValiseHost *self)
{
  if (self->server != NULL)
    valise_neighbour_server_stop (self->server);
  g_free (self);
}

/* The others where the first has a port; one that cannot be listened at is left out, as one does
 * that came and went. */
static void
listen_further (ValiseHost *self, const char *const *addresses)
{
  guint16 port = valise_neighbour_server_get_port (self->server);

  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!valise_neighbour_server_listen (self->server, addresses[i], port, &error))
        g_message ("Not listening at %s: %s", addresses[i], error->message);
    }
}

static ValiseHost *
host_start (ValiseAccount            *account,
            const char *const        *addresses,
            const ValiseHostListener *listener,
            gpointer                  user_data,
            GError                  **error)
{
  ValiseHost        *self = g_new0 (ValiseHost, 1);
  g_autoptr (GError) failure = NULL;

  self->listener = listener;
  self->user_data = user_data;
  self->server = valise_neighbour_server_start (account, addresses[0], VALISE_COLLEAGUE_PORT,
                                                asked_cb, self, &failure);
  if (self->server == NULL && g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    {
      g_clear_error (&failure);
      self->server =
          valise_neighbour_server_start (account, addresses[0], 0, asked_cb, self, &failure);
    }
  if (self->server == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      host_stop (self);
      return NULL;
    }
  valise_neighbours_set_sharing (get_neighbours (self), FALSE);
  valise_neighbours_watch_paired (get_neighbours (self), paired_cb, self);
  listen_further (self, addresses + 1);
  return self;
}

static guint16
host_get_port (ValiseHost *self)
{
  return valise_neighbour_server_get_port (self->server);
}

static void
host_share (ValiseHost *self, gboolean share)
{
  valise_neighbours_set_sharing (get_neighbours (self), share);
}

static void
host_set_door (ValiseHost *self, gboolean open)
{
  if (open)
    valise_neighbours_open_door (get_neighbours (self));
  else
    valise_neighbours_close_door (get_neighbours (self));
}

static gboolean
host_answer (ValiseHost *self, const char *code, gboolean same)
{
  return valise_neighbours_answer (get_neighbours (self), code, same);
}

const ValiseHostKind valise_neighbour_host = {
  .start = host_start,
  .stop = host_stop,
  .get_port = host_get_port,
  .share = host_share,
  .set_door = host_set_door,
  .answer = host_answer,
};
