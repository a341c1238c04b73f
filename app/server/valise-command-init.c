/* valise-command-init.c - valise-server init
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-command-init"

#include "config.h"

#include "valise-command.h"

int
valise_command_init (int argc, char **argv)
{
  g_autofree char   *profile = NULL;
  g_autofree char   *name = NULL;
  gboolean           sample = FALSE;
  int                status = 0;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "profile", 0, 0, G_OPTION_ARG_STRING, &profile, "What kind of programme (poa)", "PROFILE" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, "What it is called", "NAME" },
    { "sample", 0, 0, G_OPTION_ARG_NONE, &sample, "Issue the sample programme in it", NULL },
    { NULL }
  };

  if (!valise_command_parse ("init DIR [--profile PROFILE] [--name NAME] [--sample]",
                             "Makes DIR: databases, certificate, root and working keys. Keep a "
                             "copy of DIR/keys/root.key where no network is.",
                             entries, &argc, &argv, 1, 1, &status))
    return status;

  if (!valise_office_create (argv[1], profile != NULL ? profile : "poa", name, sample, &error))
    return valise_command_fail (error);

  g_print ("%s holds a programme. Next: valise-server serve %s\n", argv[1], argv[1]);
  return VALISE_EXIT_OK;
}
