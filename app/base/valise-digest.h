/* valise-digest.h - SHA-256, and bytes as text
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

/* Returns: (transfer full): @length bytes in base64url without padding (RFC 4648, 5) */
char *valise_base64url_encode (const void *bytes, gsize length);

/* Decodes @text into @length bytes. %FALSE, @bytes undefined, where it is not the one text
 * that valise_base64url_encode() makes of so many bytes. */
gboolean valise_base64url_decode (const char *text, void *bytes, gsize length);

G_END_DECLS
