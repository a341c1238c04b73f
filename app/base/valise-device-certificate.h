/* valise-device-certificate.h - a device key as the certificate that TLS asks for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * X.509, signed by itself, nameless and without an end: nothing but the key in it counts.
 */

#pragma once

#include "valise-key.h"

G_BEGIN_DECLS

/* @certificate, @key: (out) (transfer full): PEM; @key is secret. Fails with
 * %VALISE_KEY_ERROR_FORMAT, whose message says what GnuTLS could not. */
gboolean valise_device_certificate_make (ValiseKey *device,
                                         char     **certificate,
                                         char     **key,
                                         GError   **error);

/* The Ed25519 public key of the certificate @der, as text; %NULL with %VALISE_KEY_ERROR_FORMAT
 * where it is none, or has another kind of key. @der: untrusted. */
char *valise_device_certificate_dup_key (gconstpointer der,
                                         gsize         length,
                                         GError      **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
