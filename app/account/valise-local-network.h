/* valise-local-network.h - which addresses are of the local network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A laptop listens for colleagues, and calls them, only where the world cannot: at the addresses
 * that RFC 1918, RFC 3927 and RFC 4193 keep for local networks. Any thread.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether @address, numeric, is of a local network. Not the laptop's own (127.0.0.1), and not one
 * that needs the name of an interface beside it (fe80::/10). */
gboolean valise_local_network_has (const char *address);

/* This laptop's addresses on local networks, most at %VALISE_LOCAL_NETWORK_MAX, IPv4 first; those
 * of tunnels left out. Empty where it is on none. */
#define VALISE_LOCAL_NETWORK_MAX 8

char **valise_local_network_list (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
