/* fault-identity.h - a certificate of its own for a server of the tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "valise-spki.h"

/* A certificate for @key, good from @from to @to (seconds since 1970), as PEM with the key. */
static inline char *
fault_make_pem (gnutls_x509_privkey_t key, gint64 from, gint64 to, char **pin)
{
  gnutls_x509_crt_t certificate = NULL;
  gnutls_datum_t    pem = { NULL, 0 }, key_pem = { NULL, 0 }, der = { NULL, 0 };
  const char        serial = 1;
  char             *text = NULL;

  g_assert_cmpint (gnutls_x509_crt_init (&certificate), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_version (certificate, 3), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_serial (certificate, &serial, 1), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_activation_time (certificate, from), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_expiration_time (certificate, to), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_dn (certificate, "CN=127.0.0.1", NULL), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_key (certificate, key), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0), ==,
                   0);
  g_assert_cmpint (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &der), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL,
                                                      GNUTLS_PKCS_PLAIN, &key_pem),
                   ==, 0);
  text = g_strdup_printf ("%.*s%.*s", (int) pem.size, pem.data, (int) key_pem.size, key_pem.data);
  *pin = valise_spki_digest (der.data, der.size, NULL);
  gnutls_free (pem.data);
  gnutls_free (key_pem.data);
  gnutls_free (der.data);
  gnutls_x509_crt_deinit (certificate);
  return text;
}

/* A new certificate, good from @from to @to (seconds since 1970), and the @pin of its key. */
static inline GTlsCertificate *
fault_make_certificate (gint64 from, gint64 to, char **pin)
{
  gnutls_x509_privkey_t key = NULL;
  g_autofree char      *pem = NULL;
  GTlsCertificate      *certificate = NULL;
  g_autoptr (GError)    error = NULL;

  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_generate (
                       key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                   ==, 0);
  pem = fault_make_pem (key, from, to, pin);
  gnutls_x509_privkey_deinit (key);
  certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);
  return certificate;
}
