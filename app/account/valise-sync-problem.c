/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-sync-problem"

#include "config.h"

#include "valise-db.h"
#include "valise-home.h"
#include "valise-peer-error.h"
#include "valise-sync-problem.h"

static gboolean
is_loopback (const char *server)
{
  g_autoptr (GUri) uri = server != NULL ? g_uri_parse (server, G_URI_FLAGS_NONE, NULL) : NULL;
  const char      *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL
         && (g_str_has_prefix (host, "127.") || g_str_equal (host, "::1")
             || g_str_equal (host, "localhost"));
}

/* Why the server did not answer, as far as this laptop can tell. */
static ValiseSyncProblem
explain_network (const char *server, GNetworkMonitor *monitor, ValiseSyncProblem otherwise)
{
  if (is_loopback (server))
    return otherwise;
  if (!g_network_monitor_get_network_available (monitor))
    return VALISE_PROBLEM_NO_NETWORK;
  if (g_network_monitor_get_connectivity (monitor) == G_NETWORK_CONNECTIVITY_PORTAL)
    return VALISE_PROBLEM_PORTAL;
  return otherwise;
}

ValiseSyncProblem
valise_sync_problem_explain (const GError *error, const char *server, GNetworkMonitor *monitor)
{
  if (error->domain == VALISE_DB_ERROR || error->domain == G_FILE_ERROR
      || error->domain == VALISE_HOME_ERROR)
    return VALISE_PROBLEM_DISK;
  if (error->domain == VALISE_ACCOUNT_ERROR)
    return VALISE_PROBLEM_CREDENTIALS;
  if (error->domain != VALISE_PEER_ERROR)
    return VALISE_PROBLEM_SERVER;

  switch ((ValisePeerError) error->code)
    {
    case VALISE_PEER_ERROR_NETWORK:
      return explain_network (server, monitor, VALISE_PROBLEM_UNREACHABLE);
    case VALISE_PEER_ERROR_PORTAL:
      return VALISE_PROBLEM_PORTAL;
    case VALISE_PEER_ERROR_IDENTITY:
      return explain_network (server, monitor, VALISE_PROBLEM_IDENTITY);
    case VALISE_PEER_ERROR_CREDENTIALS:
    case VALISE_PEER_ERROR_FORBIDDEN:
      return VALISE_PROBLEM_CREDENTIALS;
    case VALISE_PEER_ERROR_MISSING:
    case VALISE_PEER_ERROR_TOO_LARGE:
    case VALISE_PEER_ERROR_BUSY:
    case VALISE_PEER_ERROR_SERVER:
    case VALISE_PEER_ERROR_PROTOCOL:
    default:
      return VALISE_PROBLEM_SERVER;
    }
}
