/* valise-server-handlers.c - the server itself: who it is, and its databases
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-server-handlers"

#include "config.h"

#include "valise-handlers.h"
#include "valise-json.h"

VALISE_HANDLER (welcome)
{
  ValiseAccounts *accounts = valise_office_get_accounts (service->office);

  g_string_printf (
      answer->text,
      "{\"couchdb\":\"Welcome\",\"version\":\"" VALISE_VERSION
      "\",\"uuid\":\"%s\",\"vendor\":{\"name\":\"Valise\",\"version\":\"" VALISE_VERSION
      "\"},\"features\":[\"valise-1\",\"size\",\"gzip\",\"files\",\"stream\",\"known\",\"zstd\","
      "\"poll\"]}\n",
      accounts != NULL ? valise_accounts_get_uuid (accounts) : "");
}

VALISE_HANDLER (up) { g_string_assign (answer->text, "{\"status\":\"ok\"}\n"); }

VALISE_HANDLER (all_dbs)
{
  g_auto (GStrv) names = valise_home_list_databases (valise_office_get_home (service->office));

  g_string_append_c (answer->text, '[');
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (answer->text, ',');
      valise_json_append_string (answer->text, names[i], -1);
    }
  g_string_append (answer->text, "]\n");
}
