/* valise-avahi-group.h - one announcement, as Avahi's D-Bus interface takes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Main context of the thread that made it; never blocks. What Avahi does not take is logged and
 * not announced: a laptop that cannot be found can still be called by its address.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Lent for the call. */
typedef struct
{
  const char        *name; /* of the service */
  const char        *type; /* "_valise._tcp" */
  const char        *host; /* a name that is announced with it: "valise-0123.local" */
  const char *const *addresses;
  guint16            port;
  const char *const *text; /* lines of the TXT record */
} ValiseAvahiService;

typedef struct _ValiseAvahiGroup ValiseAvahiGroup;

/* @taken: another on the network has the name or the host. */
ValiseAvahiGroup *valise_avahi_group_new (GDBusConnection          *bus,
                                          const ValiseAvahiService *service,
                                          void (*taken) (gpointer user_data),
                                          gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void              valise_avahi_group_free (ValiseAvahiGroup *self); /* takes it back */

G_END_DECLS
