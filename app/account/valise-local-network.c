/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-local-network"

#include "config.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "valise-local-network.h"

gboolean
valise_local_network_has (const char *address)
{
  static const char *const ranges[] = { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                        "169.254.0.0/16", "fc00::/7" };
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  for (guint i = 0; parsed != NULL && i < G_N_ELEMENTS (ranges); i++)
    {
      g_autoptr (GInetAddressMask) range = g_inet_address_mask_new_from_string (ranges[i], NULL);

      if (g_inet_address_mask_matches (range, parsed))
        return TRUE;
    }
  return FALSE;
}

/* NULL where the interface is not up, is a tunnel, or the address is not a local network's. */
static char *
dup_address (const struct ifaddrs *interface, int family)
{
  const unsigned int         flags = IFF_UP | IFF_RUNNING;
  g_autoptr (GSocketAddress) native = NULL;
  g_autofree char           *text = NULL;
  gsize length = family == AF_INET ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6);

  if (interface->ifa_addr == NULL || interface->ifa_addr->sa_family != family
      || (interface->ifa_flags & flags) != flags
      || (interface->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) != 0)
    return NULL;
  native = g_socket_address_new_from_native (interface->ifa_addr, length);
  if (native == NULL)
    return NULL;
  text =
      g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (native)));
  return valise_local_network_has (text) ? g_steal_pointer (&text) : NULL;
}

char **
valise_local_network_list (void)
{
  static const int      families[] = { AF_INET, AF_INET6 };
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  struct ifaddrs       *interfaces = NULL;

  if (getifaddrs (&interfaces) != 0)
    interfaces = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    for (struct ifaddrs *at = interfaces; at != NULL; at = at->ifa_next)
      {
        g_autofree char *address = dup_address (at, families[i]);

        if (address != NULL && list->len < VALISE_LOCAL_NETWORK_MAX
            && !g_ptr_array_find_with_equal_func (list, address, g_str_equal, NULL))
          g_ptr_array_add (list, g_steal_pointer (&address));
      }
  if (interfaces != NULL)
    freeifaddrs (interfaces);
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&list), FALSE);
}
