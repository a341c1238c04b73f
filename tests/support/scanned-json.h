/* scanned-json.h - JSON that a test takes for good
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-json.h"

static inline ValiseJson *
scan (const char *text)
{
  g_autoptr (GError) error = NULL;
  ValiseJson        *json = valise_json_scan_text (text, -1, VALISE_JSON_ANY, &error);

  if (json == NULL)
    g_error ("Refused: %s: %s", text, error->message);
  return json;
}
