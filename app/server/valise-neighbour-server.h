/* valise-neighbour-server.h - a laptop that serves its own databases to paired colleagues
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The secretariat's listener and routes, over the account's own home; only what reads is
 * reached, and by whom valise-neighbours.h says. TLS by the device key, which asks for the
 * other's. It runs on threads of its own.
 */

#pragma once

#include "valise-neighbours.h"

G_BEGIN_DECLS

typedef struct _ValiseNeighbourServer ValiseNeighbourServer;

/* @address: numeric; @port: 0 for any. Fails as valise_listener_new() does, and with
 * #ValiseAccountError, %VALISE_PROFILE_ERROR. */
ValiseNeighbourServer *valise_neighbour_server_start (ValiseAccount       *account,
                                                      const char          *address,
                                                      guint16              port,
                                                      ValiseNeighboursFunc func,
                                                      gpointer             user_data,
                                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Listens at one more address, for the same. */
gboolean          valise_neighbour_server_listen (ValiseNeighbourServer *self,
                                                  const char            *address,
                                                  guint16                port,
                                                  GError               **error);
void              valise_neighbour_server_stop (ValiseNeighbourServer *self);
guint16           valise_neighbour_server_get_port (ValiseNeighbourServer *self); /* the first's */
ValiseNeighbours *valise_neighbour_server_get_neighbours (ValiseNeighbourServer *self);

G_END_DECLS
