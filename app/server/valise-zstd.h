/* valise-zstd.h - one Zstandard stream (RFC 8878) out of pieces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For long answers to our own laptops. It remembers two megabytes, so what papers repeat, and
 * what stood in the paper before, is said once: on real resolutions 0.17 of their size, where
 * gzip takes 0.24. That memory makes it dear (16 MiB each), so there are few at a time.
 *
 * So much thought costs a processor a second for a megabyte. Who reads faster than that is better
 * served by less of it: first a tenth of the work for a tenth more bytes, then a seventh of that
 * for about a seventh more.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValiseZstd ValiseZstd; /* one thread */

/* @near: whether the reader is, who then waits for us more than for the line. NULL: enough of them
 * are under way, or memory is short. Any thread. */
ValiseZstd *valise_zstd_new (gboolean near) G_GNUC_WARN_UNUSED_RESULT;
void        valise_zstd_free (ValiseZstd *self);

/* What the first frame refers back to, as if it stood before; before the first piece. Kept. */
void valise_zstd_set_dictionary (ValiseZstd *self, GBytes *dictionary);

/* From the next piece on it is made more quickly: the reader has waited for us. For good, since
 * each change of mind forgets what was said. Returns: whether that is news */
gboolean valise_zstd_hurry (ValiseZstd *self);

/* Appends what @piece becomes (with @last: and the end) to @out. All that was put in can be
 * read by who has what came out, so a slow line delivers as it goes. */
void valise_zstd_append (ValiseZstd *self,
                         const void *piece,
                         gsize       length,
                         gboolean    last,
                         GByteArray *out);

/* A short @text as one frame that may refer back to @dictionary. */
GBytes *valise_zstd_pack (const char *text,
                          gsize       length,
                          GBytes     *dictionary) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseZstd, valise_zstd_free)

G_END_DECLS
