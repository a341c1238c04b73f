/* valise-known.h - what both ends of a stream hold already, so that it need not be said again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A stream that begins with an empty memory says once more what the documents before it said. So
 * a laptop names those that came last, and the answer is compressed as if they stood before it.
 *
 * The question: `known`, in base64url, of each document the first four bytes of its revision's
 * hash, the oldest first. The server looks for them among what this laptop was given before: the
 * documents up to the sequence from which it goes on. What it finds makes the dictionary: of each,
 * in the order of their names, `_id`, `_rev` and body as they travel, and a line feed; the raw
 * bytes that a Zstandard frame may refer back to (RFC 8878, 5). The answer's header says which:
 *
 *     Valise-Known: DIGEST [BITS]
 *
 * DIGEST: the first 16 hex digits of the SHA-256 of the dictionary. BITS: hex digits, one bit a
 * name, the first name's the highest: whether it was found; left out where all were. Without the
 * header, or where the answer is not in Zstandard, there is no dictionary. A laptop that comes to
 * another digest asks anew, and names nothing. It holds for the answer's first frame.
 *
 * Four bytes may mean two documents; then the digest differs. A server never looks outside of the
 * database that is asked, so names tell nobody what they may not read.
 */

#pragma once

#include "valise-document.h"

G_BEGIN_DECLS

#define VALISE_KNOWN_HEADER "Valise-Known"
#define VALISE_KNOWN_MOST   512 /* documents */
#define VALISE_KNOWN_BYTES                                                                         \
  (1792 * 1024) /* of a dictionary; with it 256 KiB of a stream are read                           \
                 * before what a reader remembers forgets its beginning */

/* The name of the revision @rev; FALSE where its hash is not of at least eight hex digits. */
gboolean valise_known_read_name (const char *rev, guint32 *name);

/* Whether @document is the same bytes at both ends: here, and without files in it. */
gboolean valise_known_is_fit (const ValiseDocument *document);

/* The names of @documents (element-type ValiseDocument), as a question has them. */
char *valise_known_dup_names (GPtrArray *documents) G_GNUC_WARN_UNUSED_RESULT;

/* Returns: (transfer full) (element-type guint32): the names in @text, or %NULL where that is none,
 * or more than %VALISE_KNOWN_MOST */
GArray *valise_known_parse_names (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* The dictionary of @documents (element-type ValiseDocument, %NULL: not found), and what the header
 * says of it; %NULL where there is nothing in it. */
GBytes *valise_known_make (GPtrArray *documents, char **header) G_GNUC_WARN_UNUSED_RESULT;

/* The dictionary that @header speaks of, out of the @documents that were named; %NULL where it is
 * not the same. */
GBytes *valise_known_find (GPtrArray *documents, const char *header) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
