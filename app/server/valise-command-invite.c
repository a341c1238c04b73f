/* valise-command-invite.c - valise-server invite
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-command-invite"

#include "config.h"

#include <string.h>

#include "valise-answer.h"
#include "valise-command.h"
#include "valise-control.h"

typedef struct
{
  char *participant;
  char *role;
  char *name;
  char *url;
} Guest;

static void
clear_guest (Guest *guest)
{
  g_free (guest->participant);
  g_free (guest->role);
  g_free (guest->name);
  g_free (guest->url);
}

static char *
ask_server (GSocketConnection *connection, const Guest *guest, GError **error)
{
  g_autoptr (GString)    line = g_string_new ("{\"command\":\"invite\"");
  g_autoptr (ValiseJson) json = NULL;

  valise_answer_append_member (line, "participant", guest->participant);
  valise_answer_append_member (line, "role", guest->role);
  valise_answer_append_member (line, "name", guest->name);
  if (guest->url != NULL)
    valise_answer_append_member (line, "url", guest->url);
  g_string_append_c (line, '}');
  json = valise_control_ask (connection, line->str, NULL, error);

  return json != NULL ? valise_json_dup_member (json, 0, "invitation") : NULL;
}

static char *
invite (const char *directory, const Guest *guest, GError **error)
{
  g_autoptr (GError)            local = NULL;
  g_autoptr (GSocketConnection) connection = valise_control_connect (directory, &local);
  g_autoptr (ValiseOffice)      office = NULL;

  if (connection != NULL)
    return ask_server (connection, guest, error);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  office = valise_office_open (directory, error);
  return office != NULL ? valise_office_invite (office, guest->name, guest->participant,
                                                guest->role, guest->url, error)
                        : NULL;
}

int
valise_command_invite (int argc, char **argv)
{
  Guest              guest = { 0 };
  int                status = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = NULL;
  const GOptionEntry entries[] = {
    { "participant", 0, 0, G_OPTION_ARG_STRING, &guest.participant,
      "A State's three letters, org-NAME, or secretariat", "ISO3|org-NAME" },
    { "role", 0, 0, G_OPTION_ARG_STRING, &guest.role,
      "delegate, head, secretariat, chair, translator or observer", "ROLE" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &guest.name, "The person's name", "NAME" },
    { "url", 0, 0, G_OPTION_ARG_STRING, &guest.url,
      "Where the laptop finds the server (where it listened last)", "URL" },
    { NULL }
  };

  if (valise_command_parse ("invite DIR --participant ISO3|org-NAME --role ROLE --name NAME "
                            "[--url URL]",
                            "Writes an invitation file to standard output. It connects one "
                            "laptop, once, within seven days.",
                            entries, &argc, &argv, 1, 1, &status))
    {
      if (guest.participant == NULL || guest.role == NULL || guest.name == NULL)
        {
          g_printerr ("valise-server: --participant, --role and --name are needed\n");
          status = VALISE_EXIT_USAGE;
        }
      else
        {
          text = invite (argv[1], &guest, &error);
          status = text != NULL ? VALISE_EXIT_OK : valise_command_fail (error);
        }
    }
  if (text != NULL)
    g_print ("%s%s", text, g_str_has_suffix (text, "\n") ? "" : "\n");
  clear_guest (&guest);

  return status;
}
