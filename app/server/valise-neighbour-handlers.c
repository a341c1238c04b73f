/* valise-neighbour-handlers.c - what strangers on the local network reach
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-neighbour-handlers"

#include "config.h"

#include "valise-handlers.h"

VALISE_HANDLER (pair)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ValiseJson) json = NULL;

  if (service->neighbours == NULL)
    {
      valise_answer_fail (answer, 404, "not_found", "missing"); /* a secretariat does not pair */
      return;
    }
  json = valise_request_scan (request, &error);
  if (json == NULL
      || !valise_neighbours_take (service->neighbours, request->key, request->address, json,
                                  answer->text, &error))
    valise_answer_fail_with (answer, error);
}
