/* valise-passphrase.h - a passphrase that a file holds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Never an argument of a program: every user of the machine can read those.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_PASSPHRASE_MAX 1024 /* bytes */

/* The first line of the file @path ("-": of standard input), without its end. Fails with any
 * %G_FILE_ERROR, or %G_IO_ERROR_INVALID_DATA where it is empty, too long or no UTF-8. */
char *valise_passphrase_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Overwrites and frees; takes %NULL. */
void valise_passphrase_free (char *passphrase);

G_END_DECLS
