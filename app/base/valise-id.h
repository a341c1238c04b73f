/* valise-id.h - identifiers made on the laptop, and what they say
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A ULID: 26 characters of Crockford's base 32, 48 bits of milliseconds and 80 random bits;
 * within one process and millisecond they rise. Any thread. */
char *valise_id_new_ulid (void);

/* "TYPE:" and a new ULID. */
char *valise_id_new (const char *type);

/* The part before the first colon: "text" of "text:A/RES/77/37:fr"; the whole id without one. */
char *valise_id_dup_type (const char *id);

/* Of "text:SYMBOL:LANGUAGE": the language, lent from @id, or %NULL for any other id. */
const char *valise_id_get_language (const char *id);

/* Of "paper:SYMBOL" and "text:SYMBOL:LANGUAGE": the symbol; %NULL for any other id. */
char *valise_id_dup_symbol (const char *id);

/* Whether @text (nullable) is a SHA-256 as we write it: 64 lower-case hex digits. */
gboolean valise_id_is_sha256 (const char *text);

/* Of "file:SHA256": the digest, 64 lower-case hex digits lent from @id; %NULL for any other id. */
const char *valise_id_get_sha256 (const char *id);

char *valise_id_for_file (const char *sha256);
char *valise_id_for_paper (const char *symbol);
char *valise_id_for_text (const char *symbol, const char *language);

/* Random bytes from the system, as lower-case hex or base64url without padding. */
char *valise_random_hex (gsize bytes);
char *valise_random_token (gsize bytes);

G_END_DECLS
