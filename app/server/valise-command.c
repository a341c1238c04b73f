/* valise-command.c - valise-server's commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-command"

#include "config.h"

#include <string.h>

#include "valise-command.h"

static const char help[] =
    "Usage: valise-server COMMAND …\n"
    "\n"
    "The secretariat's server: keeps a programme's record and serves it to laptops.\n"
    "\n"
    "  init DIR      makes a programme, its keys and its certificate\n"
    "  import DIR    registers and issues papers from files\n"
    "  invite DIR    writes an invitation for one person's laptop\n"
    "  revoke DIR    lists the laptops that may sign in, and ends one of them\n"
    "  bundle        writes and reads files that carry documents by USB stick or e-mail\n"
    "  provision URL prepares an Apache CouchDB to serve a programme in its place\n"
    "  serve DIR     serves it over HTTPS until it is interrupted\n"
    "  backup DIR    writes all of it into one file\n"
    "  restore DIR   puts a backup in its place\n"
    "\n"
    "valise-server COMMAND --help tells more. import, invite, revoke, bundle and backup work\n"
    "while serve runs, and when it does not.\n";

int
valise_command_fail (const GError *error)
{
  g_printerr ("valise-server: %s\n", error != NULL ? error->message : "failed");
  return VALISE_EXIT_FAILED;
}

gboolean
valise_command_parse (const char         *usage,
                      const char         *summary,
                      const GOptionEntry *entries,
                      int                *argc,
                      char             ***argv,
                      int                 least,
                      int                 most,
                      int                *status)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError)         error = NULL;
  gboolean                   wants_help = FALSE;
  const GOptionEntry         more[] = {
            { "help", 'h', 0, G_OPTION_ARG_NONE, &wants_help, "Show this", NULL }, { NULL }
  };

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, more, NULL);
  *status = VALISE_EXIT_USAGE;
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      g_printerr ("valise-server: %s\n", error->message);
      return FALSE;
    }
  if (wants_help)
    {
      g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);
      const char      *options = strstr (text, "\n\n");

      g_print ("Usage: valise-server %s\n\n%s%s", usage, summary, options != NULL ? options : "");
      *status = VALISE_EXIT_OK;
      return FALSE;
    }
  if (*argc - 1 < least || *argc - 1 > most)
    {
      g_printerr ("Usage: valise-server %s\n", usage);
      return FALSE;
    }

  return TRUE;
}

int
valise_command_run (int argc, char **argv, ValiseReadFunc read)
{
  const char *name = argc > 1 ? argv[1] : "";

  g_set_prgname ("valise-server");
  if (strcmp (name, "init") == 0)
    return valise_command_init (argc - 1, argv + 1);
  if (strcmp (name, "import") == 0)
    return valise_command_import (argc - 1, argv + 1, read);
  if (strcmp (name, "invite") == 0)
    return valise_command_invite (argc - 1, argv + 1);
  if (strcmp (name, "revoke") == 0)
    return valise_command_revoke (argc - 1, argv + 1);
  if (strcmp (name, "bundle") == 0)
    return valise_command_bundle (argc - 1, argv + 1);
  if (strcmp (name, "provision") == 0)
    return valise_command_provision (argc - 1, argv + 1);
  if (strcmp (name, "serve") == 0)
    return valise_command_serve (argc - 1, argv + 1, read);
  if (strcmp (name, "backup") == 0)
    return valise_command_backup (argc - 1, argv + 1);
  if (strcmp (name, "restore") == 0)
    return valise_command_restore (argc - 1, argv + 1);
  if (strcmp (name, "--help") == 0 || strcmp (name, "-h") == 0 || strcmp (name, "help") == 0)
    {
      g_print ("%s", help);
      return VALISE_EXIT_OK;
    }
  if (strcmp (name, "--version") == 0)
    {
      g_print ("valise-server %s\n", VALISE_VERSION);
      return VALISE_EXIT_OK;
    }

  g_printerr ("%s", help);
  return VALISE_EXIT_USAGE;
}
