/* valise-command.h - valise-server's commands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-office.h"

G_BEGIN_DECLS

/* What scripts can tell apart. */
#define VALISE_EXIT_OK      0
#define VALISE_EXIT_FAILED  1 /* the command could not be done, or a file was refused */
#define VALISE_EXIT_USAGE   2 /* it was not understood */
#define VALISE_EXIT_REFUSED 6 /* done, but some documents were refused; as valisectl */

/* Runs the command in @argv[1]. @read: what reads imported files. */
int valise_command_run (int argc, char **argv, ValiseReadFunc read);

/* --- one file a command; @argv[0] is its name ------------------------------------------------ */

int valise_command_bundle (int argc, char **argv);
int valise_command_init (int argc, char **argv);
int valise_command_import (int argc, char **argv, ValiseReadFunc read);
int valise_command_invite (int argc, char **argv);
int valise_command_revoke (int argc, char **argv);
int valise_command_provision (int argc, char **argv);
int valise_command_serve (int argc, char **argv, ValiseReadFunc read);
int valise_command_backup (int argc, char **argv);
int valise_command_restore (int argc, char **argv);

/* Parses @entries out of @argv and leaves what is no option: at least @least words, at most
 * @most. FALSE with what to exit with in @status: after --help, or with a message. */
gboolean valise_command_parse (const char         *usage,
                               const char         *summary,
                               const GOptionEntry *entries,
                               int                *argc,
                               char             ***argv,
                               int                 least,
                               int                 most,
                               int                *status);

/* Says on standard error what went wrong. Returns: %VALISE_EXIT_FAILED */
int valise_command_fail (const GError *error);

G_END_DECLS
