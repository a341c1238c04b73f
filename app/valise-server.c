/* valise-server.c - the secretariat's server: joins server to the readers it may not see
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <locale.h>

#include "valise-command.h"
#include "valise-reader.h"

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");

  return valise_command_run (argc, argv, valise_reader_read);
}
