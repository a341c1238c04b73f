/* valise-zstd-decoder.h - reads a Zstandard stream (RFC 8878)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A #GConverter for an answer's body; untrusted: it keeps at most eight megabytes of what went
 * by, which is what RFC 8878 asks of every reader. How much comes out is for who reads.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_TYPE_ZSTD_DECODER (valise_zstd_decoder_get_type ())

G_DECLARE_FINAL_TYPE (ValiseZstdDecoder, valise_zstd_decoder, VALISE, ZSTD_DECODER, GObject)

GConverter *valise_zstd_decoder_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* What the first frame may refer back to, as if it had been read before it. To be called before
 * anything is read. */
void valise_zstd_decoder_set_dictionary (ValiseZstdDecoder *self, GBytes *dictionary);

G_END_DECLS
