/* valise-cache.h - compressed answers, kept while they are likely to be asked for again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * After a change everybody asks for the same documents; they are then compressed once. A key
 * holds the database's uuid and update_seq, so nothing ever needs to be taken out as wrong.
 * Within one database every reader sees the same, so a key needs no account. Any thread.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_CACHE_ENTRY_MAX (8 * 1024 * 1024) /* bytes, compressed */

typedef struct _ValiseCache ValiseCache;

/* @capacity: bytes of all answers together; the least recently used goes first. */
ValiseCache *valise_cache_new (gsize capacity) G_GNUC_WARN_UNUSED_RESULT;
void         valise_cache_free (ValiseCache *self);

GBytes *valise_cache_get (ValiseCache *self, const char *key); /* transfer full, or NULL */
void    valise_cache_put (ValiseCache *self, const char *key, GBytes *answer);

G_END_DECLS
