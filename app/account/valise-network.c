/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-network"

#include "config.h"

#include <string.h>

#include "valise-network.h"

#define ROUTES     "/proc/net/route"
#define ROUTES6    "/proc/net/ipv6_route"
#define INTERFACES "/sys/class/net"
#define ANYWHERE   "00000000" /* destination and mask of the default route */

/* The interface of IPv4's default route, or NULL: "eth0 00000000 0102A8C0 0003 0 0 0 00000000". */
static char *
find_interface (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv)   lines = NULL;

  if (!g_file_get_contents (ROUTES, &text, NULL, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit_set (lines[i], "\t ", -1);

      if (g_strv_length (fields) > 7 && strcmp (fields[1], ANYWHERE) == 0
          && strcmp (fields[7], ANYWHERE) == 0)
        return g_strdup (fields[0]);
    }
  return NULL;
}

/* The same of IPv6: destination and its length come first, the interface last. */
static char *
find_interface6 (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv)   lines = NULL;

  if (!g_file_get_contents (ROUTES6, &text, NULL, NULL))
    return NULL;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *name = strrchr (lines[i], ' ');

      if (g_str_has_prefix (lines[i], "00000000000000000000000000000000 00 ") && name != NULL
          && strcmp (name + 1, "lo") != 0)
        return g_strdup (name + 1);
    }
  return NULL;
}

static gboolean
has_entry (const char *interface, const char *entry)
{
  g_autofree char *path = g_build_filename (INTERFACES, interface, entry, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

ValiseNetworkKind
valise_network_get_kind (GNetworkMonitor *monitor)
{
  g_autofree char *interface = NULL;

  if (monitor != NULL && g_network_monitor_get_network_metered (monitor))
    return VALISE_NETWORK_METERED;

  interface = find_interface ();
  if (interface == NULL)
    interface = find_interface6 ();
  if (interface == NULL || strchr (interface, '/') != NULL)
    return VALISE_NETWORK_OTHER;
  if (has_entry (interface, "wireless") || has_entry (interface, "phy80211"))
    return VALISE_NETWORK_WIFI;
  /* A cable has a device behind it; a tunnel, or a telephone's link, has not. */
  return has_entry (interface, "device") ? VALISE_NETWORK_WIRED : VALISE_NETWORK_OTHER;
}

const char *
valise_network_kind_get_name (ValiseNetworkKind kind)
{
  static const char *const names[VALISE_N_NETWORK_KINDS] = { "other", "wired", "wifi", "metered" };

  return names[kind < VALISE_N_NETWORK_KINDS ? kind : VALISE_NETWORK_OTHER];
}
