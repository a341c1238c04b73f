/* valise.c - the window: joins the layers, holds no logic
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "valise-application.h"
#include "valise-neighbour-host.h"

/* The folder of the catalogues: the installed one, or the build's, which whoever runs Valise
 * uninstalled names in VALISE_LOCALEDIR. */
static const char *
get_locale_dir (void)
{
  const char *named = g_getenv ("VALISE_LOCALEDIR");

  return named != NULL ? named : VALISE_LOCALE_DIR;
}

int
main (int argc, char *argv[])
{
  g_autoptr (ValiseApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, get_locale_dir ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = valise_application_new (G_APPLICATION_DEFAULT_FLAGS);
  valise_application_set_host (application, &valise_neighbour_host);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
