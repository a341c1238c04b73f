/* valise-gzip.h - gzip (RFC 1952) both ways, with limits and without waiting state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One gzip stream out of pieces. Each piece is deflated by itself and ends on a byte, so a
 * feed that waits holds a checksum and a length, not a window of 256 KiB. */
typedef struct
{
  guint32  crc;
  guint32  length;
  gboolean begun;
} ValiseDeflater;

/* Appends what @piece becomes (with @last: and the end) to @out. */
void valise_deflater_append (ValiseDeflater *self,
                             const void     *piece,
                             gsize           length,
                             gboolean        last,
                             GByteArray     *out);

typedef struct _ValiseInflater ValiseInflater; /* one thread */

ValiseInflater *valise_inflater_new (void) G_GNUC_WARN_UNUSED_RESULT;
void            valise_inflater_free (ValiseInflater *self);

/* Appends what @data becomes to @out, which may not grow past @limit bytes:
 * %G_IO_ERROR_NO_SPACE; %G_IO_ERROR_INVALID_DATA where it is no gzip. */
gboolean valise_inflater_append (ValiseInflater *self,
                                 const void     *data,
                                 gsize           length,
                                 gsize           limit,
                                 GByteArray     *out,
                                 GError        **error);
/* Whether the stream came to its end, checksum included. */
gboolean valise_inflater_is_complete (ValiseInflater *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseInflater, valise_inflater_free)

G_END_DECLS
