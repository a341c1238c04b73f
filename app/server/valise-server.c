/* valise-server.c - a secretariat that serves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-server"

#include "config.h"

#include <string.h>

#include "valise-control.h"
#include "valise-id.h"
#include "valise-listener.h"
#include "valise-log.h"
#include "valise-server.h"

struct _ValiseServer
{
  ValiseService      service;
  ValiseListener    *listener;
  ValiseControl     *control;
  ValiseCertificate *certificate;
  char              *url;
};

/* Where laptops find it: a wildcard address is this host by name. */
static char *
make_url (const char *address, guint16 port)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);

  if (inet != NULL && g_inet_address_get_is_any (inet))
    return g_strdup_printf ("https://%s:%u", g_get_host_name (), port);
  if (strchr (address, ':') != NULL)
    return g_strdup_printf ("https://[%s]:%u", address, port);

  return g_strdup_printf ("https://%s:%u", address, port);
}

static gboolean
open_service (ValiseServer *self, const char *directory, const ValiseLimits *limits, GError **error)
{
  g_autofree char *server = NULL;
  g_autofree char *run = valise_random_hex (8);

  g_strlcpy (self->service.run, run, sizeof self->service.run);
  self->service.office = valise_office_open (directory, error);
  if (self->service.office == NULL)
    return FALSE;

  server = valise_office_dup_server_directory (self->service.office);
  self->service.sessions = valise_sessions_new (server, error);
  self->service.throttle = valise_throttle_new ();
  self->service.cache = valise_cache_new (limits->cache);
  self->service.room = limits->room;

  return self->service.sessions != NULL;
}

static gboolean
listen_on (ValiseServer *self, const ValiseServerOptions *options, GError **error)
{
  const char      *address = options->address != NULL ? options->address : "127.0.0.1";
  g_autofree char *server = valise_office_dup_server_directory (self->service.office);

  self->certificate = valise_certificate_load (server, options->certificate, options->key, error);
  if (self->certificate == NULL)
    return FALSE;
  self->listener = valise_listener_new (&self->service, &options->limits, self->certificate,
                                        address, options->port, error);
  if (self->listener == NULL)
    return FALSE;
  self->url = make_url (address, valise_listener_get_port (self->listener));

  return valise_office_set_address (self->service.office, self->url, self->certificate->pin, error);
}

ValiseServer *
valise_server_start (const char *directory, const ValiseServerOptions *options, GError **error)
{
  ValiseServer *self = g_new0 (ValiseServer, 1);

  if (open_service (self, directory, &options->limits, error) && listen_on (self, options, error))
    self->control = valise_control_new (self->service.office, options->read, error);
  if (self->control == NULL)
    {
      valise_server_stop (self, 0);
      return NULL;
    }

  valise_log_event ("listening", self->url);
  return self;
}

const char *
valise_server_get_url (ValiseServer *self)
{
  return self->url;
}

const char *
valise_server_get_pin (ValiseServer *self)
{
  return self->certificate->pin;
}

ValiseOffice *
valise_server_get_office (ValiseServer *self)
{
  return self->service.office;
}

guint
valise_server_get_n_connections (ValiseServer *self)
{
  return valise_listener_get_n_connections (self->listener);
}

void
valise_server_stop (ValiseServer *self, guint grace_ms)
{
  if (self->control != NULL)
    valise_log_event ("stopping", self->url);
  g_clear_pointer (&self->control, valise_control_free);
  if (self->listener != NULL)
    valise_listener_stop (self->listener, grace_ms);
  g_clear_pointer (&self->listener, valise_listener_free);
  valise_office_close (self->service.office);
  valise_cache_free (self->service.cache);
  valise_throttle_free (self->service.throttle);
  valise_sessions_free (self->service.sessions);
  valise_certificate_free (self->certificate);
  g_free (self->url);
  g_free (self);
}
