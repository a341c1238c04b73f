/* valise-patience.c - how long a client that asks for news would wait for some
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-patience"

#include "config.h"

#include "valise-patience.h"

#define DEFAULT_TIMEOUT_MS 60000 /* CouchDB's */
#define MAX_WAIT_MS        3600000
#define MIN_HEARTBEAT_MS   1000 /* faster ones only wake radios */
#define DEFAULT_BEAT_MS    60000

gboolean
valise_patience_read (ValisePatience *self, const ValiseRequest *request, GError **error)
{
  const char *beat = valise_request_get_query (request, "heartbeat");

  self->timeout_ms = DEFAULT_TIMEOUT_MS;
  self->heartbeat_ms = 0;
  if (!valise_request_get_count (request, "timeout", MAX_WAIT_MS, &self->timeout_ms, error))
    return FALSE;

  if (g_strcmp0 (beat, "true") == 0)
    self->heartbeat_ms = DEFAULT_BEAT_MS;
  else if (g_strcmp0 (beat, "false") != 0
           && !valise_request_get_count (request, "heartbeat", MAX_WAIT_MS, &self->heartbeat_ms,
                                         error))
    return FALSE;
  if (self->heartbeat_ms > 0)
    {
      self->heartbeat_ms = MAX (self->heartbeat_ms, MIN_HEARTBEAT_MS);
      /* A heartbeat asks to wait as long as it takes. */
      if (valise_request_get_query (request, "timeout") == NULL)
        self->timeout_ms = MAX_WAIT_MS;
    }

  return TRUE;
}
