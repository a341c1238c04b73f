/* valise-cache.h - compressed answers, kept while they are likely to be asked for again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * After a change everybody asks for the same documents; they are then compressed once. A key
 * holds the database's uuid and update_seq, so nothing ever needs to be taken out as wrong.
 * Within one database every reader sees the same, so a key needs no account. Any thread.
 *
 * An answer is kept as the pieces that it went out in: who reads it over a slow line can use each
 * of them as soon as it has come, and would wait longer where they ran into each other.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_CACHE_ENTRY_MAX (8 * 1024 * 1024) /* bytes, compressed */

typedef struct _ValiseCache ValiseCache;

/* @capacity: bytes of all answers together; the least recently used goes first. */
ValiseCache *valise_cache_new (gsize capacity) G_GNUC_WARN_UNUSED_RESULT;
void         valise_cache_free (ValiseCache *self);

/* Returns: (transfer full) (nullable) (element-type GBytes): the pieces, not to be changed */
GPtrArray *valise_cache_get (ValiseCache *self, const char *key) G_GNUC_WARN_UNUSED_RESULT;
/* @pieces: (element-type GBytes): kept, and no longer changed by the caller */
void valise_cache_put (ValiseCache *self, const char *key, GPtrArray *pieces);

G_END_DECLS
