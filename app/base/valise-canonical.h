/* valise-canonical.h - the one form of a document that is hashed, sealed and signed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RFC 8785 (JSON Canonicalization Scheme): members by UTF-16 code units, shortest
 * ECMAScript numbers, the fewest escapes.
 */

#pragma once

#include "valise-json.h"

G_BEGIN_DECLS

/* Appends the canonical form of @token, whole. Any thread. */
void valise_canonical_append (GString *out, const ValiseJson *json, guint token);

/* Appends the canonical form of the document @json without its top-level members that begin
 * with `_`, and without `seal` and `signed`: what revisions, seals and signatures cover. */
void valise_canonical_append_body (GString *out, const ValiseJson *json);

/* Returns: (transfer full): SHA-256 of that body, 64 lower-case hex digits */
char *valise_canonical_digest (const ValiseJson *json);

/**
 * valise_canonical_revision:
 * @parent: (nullable): the revision edited, "N-hash"; %NULL for a first one
 * @deleted: whether this revision is a tombstone
 * @json: the document, with or without its `_` members
 *
 * The revision that an edit makes: N+1, and the first 128 bits of the SHA-256 over @parent
 * (or nothing), "\n", "1" or "0", "\n", and the canonical body. The same edit made on two
 * laptops therefore has one revision.
 *
 * Returns: (transfer full): "N-" and 32 lower-case hex digits
 */
char *valise_canonical_revision (const char *parent, gboolean deleted, const ValiseJson *json);

G_END_DECLS
