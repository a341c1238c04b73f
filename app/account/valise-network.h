/* valise-network.h - what this laptop's connection is, as far as the system says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Speeds are kept by kind. Where a byte is paid for, the price is the kind, whatever carries it. */
typedef enum
{
  VALISE_NETWORK_OTHER, /* a kind that the system does not tell, or none at all */
  VALISE_NETWORK_WIRED,
  VALISE_NETWORK_WIFI,
  VALISE_NETWORK_METERED,
} ValiseNetworkKind;

#define VALISE_N_NETWORK_KINDS 4

/* @monitor: whose word counts for metered. Looks at the interface of the default route; blocks
 * no longer than reading two small files of the kernel's takes. */
ValiseNetworkKind valise_network_get_kind (GNetworkMonitor *monitor);

/* "other", "wired", "wifi", "metered": for files and scripts. */
const char *valise_network_kind_get_name (ValiseNetworkKind kind);

G_END_DECLS
