/* valise-spki.h - a server's key, known by its digest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * valise_spki_digest:
 * @der: an X.509 certificate in DER; untrusted
 * @length: its bytes
 *
 * The SHA-256 of the certificate's SubjectPublicKeyInfo (RFC 7469's pin): it stays the same
 * when a certificate is renewed for the same key. Any thread.
 *
 * Returns: (transfer full): 64 lower-case hex digits, or %NULL with %G_IO_ERROR_INVALID_DATA
 */
char *valise_spki_digest (const void *der, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
