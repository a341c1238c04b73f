/* valise-upload.h - the body of a request as it comes in, inflated and limited
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ValiseUpload ValiseUpload; /* one thread */

ValiseUpload *valise_upload_new (gboolean gzip) G_GNUC_WARN_UNUSED_RESULT;
void          valise_upload_free (ValiseUpload *self);

/* Takes what came. Past @limit bytes, as it came or inflated: %VALISE_HTTP_ERROR 413; what is
 * no gzip: 400. After a failure nothing is held and the rest need not be given. */
gboolean valise_upload_append (ValiseUpload *self,
                               const void   *data,
                               gsize         length,
                               gsize         limit,
                               GError      **error);

gsize valise_upload_get_held (ValiseUpload *self); /* bytes of memory */

/* The body, which leaves the upload empty; 400 where it was cut short. */
GBytes *valise_upload_finish (ValiseUpload *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseUpload, valise_upload_free)

G_END_DECLS
