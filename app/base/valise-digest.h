/* valise-digest.h - SHA-256, and bytes as hexadecimal digits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_DIGEST_SIZE 32 /* bytes */

/* SHA-256 of @length bytes. GnuTLS and not GChecksum: it uses the processor's instructions
 * for it, where there are any. Any thread. */
void valise_digest_compute (const void *data, gsize length, guint8 digest[VALISE_DIGEST_SIZE]);

/* Returns: (transfer full): the same as 64 lower-case hex digits */
char *valise_digest_dup_hex (const void *data, gsize length);

/* Returns: (transfer full): @length bytes as lower-case hex digits */
char *valise_hex_encode (const void *bytes, gsize length);

G_END_DECLS
