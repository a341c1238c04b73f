/* valise-command-revoke.c - valise-server revoke
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-command-revoke"

#include "config.h"

#include "valise-answer.h"
#include "valise-command.h"
#include "valise-control.h"

static void
print_person (const char *account, const char *name, const char *participant, const char *role)
{
  g_print ("%s\t%s\t%s\t%s\n", account, participant, role, name);
}

static void
print_answer (const ValiseJson *json)
{
  guint array = valise_json_find (json, 0, "accounts");

  for (guint token = valise_json_first (json, array); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char *account = valise_json_dup_member (json, token, "account");
      g_autofree char *name = valise_json_dup_member (json, token, "name");
      g_autofree char *participant = valise_json_dup_member (json, token, "participant");
      g_autofree char *role = valise_json_dup_member (json, token, "role");

      print_person (account, name, participant, role);
    }
}

/* By the secretariat that serves. @account: (nullable): lists. */
static gboolean
ask_server (GSocketConnection *connection, const char *account, GError **error)
{
  g_autoptr (GString) line =
      g_string_new (account != NULL ? "{\"command\":\"revoke\"" : "{\"command\":\"accounts\"");
  g_autoptr (ValiseJson) json = NULL;

  if (account != NULL)
    valise_answer_append_member (line, "account", account);
  g_string_append_c (line, '}');
  json = valise_control_ask (connection, line->str, NULL, error);
  if (json != NULL && account == NULL)
    print_answer (json);
  return json != NULL;
}

/* While nobody serves. */
static gboolean
act_alone (const char *directory, const char *account, GError **error)
{
  g_autoptr (ValiseOffice) office = valise_office_open (directory, error);
  g_autoptr (GPtrArray)    people = NULL;

  if (office == NULL)
    return FALSE;
  if (account != NULL)
    return valise_office_revoke (office, account, error);

  people = valise_accounts_list (valise_office_get_accounts (office));
  for (guint i = 0; i < people->len; i++)
    {
      const ValisePerson *person = people->pdata[i];

      print_person (person->account, person->name, person->participant, person->role);
    }
  return TRUE;
}

int
valise_command_revoke (int argc, char **argv)
{
  const GOptionEntry            entries[] = { { NULL } };
  g_autoptr (GError)            error = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  const char                   *account = NULL;
  int                           status = 0;
  gboolean                      ok = FALSE;

  if (!valise_command_parse ("revoke DIR [ACCOUNT]",
                             "Ends the account of one laptop, one that was lost say: it signs in\n"
                             "no more, and what it is waiting for ends at once. What it has, it\n"
                             "keeps. Without ACCOUNT, lists those that may sign in: account,\n"
                             "participant, role, name.",
                             entries, &argc, &argv, 1, 2, &status))
    return status;

  account = argc > 2 ? argv[2] : NULL;
  connection = valise_control_connect (argv[1], &error);
  if (connection != NULL)
    ok = ask_server (connection, account, &error);
  else if (error == NULL)
    ok = act_alone (argv[1], account, &error);
  return ok ? VALISE_EXIT_OK : valise_command_fail (error);
}
