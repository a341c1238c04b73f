/* valise-server.h - a secretariat that serves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Office, listener and control socket, joined. It runs on threads of its own: no main loop is
 * needed around it.
 */

#pragma once

#include "valise-limits.h"
#include "valise-office.h"

G_BEGIN_DECLS

typedef struct
{
  const char    *address;     /* numeric, NULL: "127.0.0.1" */
  guint16        port;        /* 0: any */
  const char    *certificate; /* PEM files, or NULL: those made by init */
  const char    *key;
  ValiseLimits   limits;
  ValiseReadFunc read; /* for imports by the control socket, or NULL: none */
} ValiseServerOptions;

#define VALISE_SERVER_DEFAULT_PORT 6985

typedef struct _ValiseServer ValiseServer;

/* Opens DIR and serves it. Fails as valise_office_open(), valise_certificate_load() and
 * valise_listener_new() do. */
ValiseServer *valise_server_start (const char                *directory,
                                   const ValiseServerOptions *options,
                                   GError                   **error) G_GNUC_WARN_UNUSED_RESULT;

const char   *valise_server_get_url (ValiseServer *self); /* "https://127.0.0.1:6985" */
const char   *valise_server_get_pin (ValiseServer *self);
ValiseOffice *valise_server_get_office (ValiseServer *self);
guint         valise_server_get_n_connections (ValiseServer *self);

/* Finishes what runs (for at most @grace_ms), closes everything and frees. */
void valise_server_stop (ValiseServer *self, guint grace_ms);

G_END_DECLS
