/* test-spki.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "valise-digest.h"
#include "valise-spki.h"

static gnutls_x509_privkey_t
make_key (void)
{
  gnutls_x509_privkey_t key;

  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_generate (
                       key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                   ==, 0);
  return key;
}

/* A certificate of @key that @key signed; @expected is what GnuTLS says of its key. */
static GBytes *
make_certificate (gnutls_x509_privkey_t key, guint8 serial, char **expected)
{
  gnutls_x509_crt_t certificate;
  gnutls_datum_t    der = { NULL, 0 };
  guint8            id[VALISE_DIGEST_SIZE];
  size_t            id_size = sizeof id;
  GBytes           *bytes = NULL;

  g_assert_cmpint (gnutls_x509_crt_init (&certificate), ==, 0);
  gnutls_x509_crt_set_version (certificate, 3);
  gnutls_x509_crt_set_serial (certificate, &serial, 1);
  gnutls_x509_crt_set_activation_time (certificate, 1700000000 + serial);
  gnutls_x509_crt_set_expiration_time (certificate, 1900000000 + serial);
  gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, "loopback", 8);
  g_assert_cmpint (gnutls_x509_crt_set_key (certificate, key), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0), ==,
                   0);
  g_assert_cmpint (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &der), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, id, &id_size),
                   ==, 0);

  *expected = valise_hex_encode (id, id_size);
  bytes = g_bytes_new (der.data, der.size);
  gnutls_free (der.data);
  gnutls_x509_crt_deinit (certificate);
  return bytes;
}

static char *
digest (GBytes *certificate, GError **error)
{
  gsize       length;
  const void *data = g_bytes_get_data (certificate, &length);

  return valise_spki_digest (data, length, error);
}

static void
renewed_certificate_is_the_same_server (void)
{
  gnutls_x509_privkey_t key = make_key ();
  g_autofree char      *expected = NULL;
  g_autofree char      *expected_again = NULL;
  g_autoptr (GBytes)    old = make_certificate (key, 1, &expected);
  g_autoptr (GBytes)    renewed = make_certificate (key, 2, &expected_again);
  g_autoptr (GError)    error = NULL;
  g_autofree char      *old_digest = digest (old, &error);
  g_autofree char      *renewed_digest = digest (renewed, &error);

  g_assert_no_error (error);
  g_assert_false (g_bytes_equal (old, renewed));
  g_assert_cmpstr (old_digest, ==, expected);
  g_assert_cmpstr (renewed_digest, ==, old_digest);
  gnutls_x509_privkey_deinit (key);
}

static void
another_key_is_another_server (void)
{
  gnutls_x509_privkey_t key = make_key ();
  gnutls_x509_privkey_t other_key = make_key ();
  g_autofree char      *expected = NULL;
  g_autofree char      *other_expected = NULL;
  g_autoptr (GBytes)    certificate = make_certificate (key, 1, &expected);
  g_autoptr (GBytes)    other = make_certificate (other_key, 1, &other_expected);
  g_autofree char      *first = digest (certificate, NULL);
  g_autofree char      *second = digest (other, NULL);

  g_assert_cmpuint (strlen (first), ==, 64);
  g_assert_cmpstr (first, !=, second);
  gnutls_x509_privkey_deinit (key);
  gnutls_x509_privkey_deinit (other_key);
}

static void
what_is_no_certificate_is_refused (void)
{
  gnutls_x509_privkey_t key = make_key ();
  g_autofree char      *expected = NULL;
  g_autoptr (GBytes)    whole = make_certificate (key, 1, &expected);

  for (gsize length = 0; length < g_bytes_get_size (whole); length += 7)
    {
      g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (whole, NULL), length);
      g_autoptr (GError) error = NULL;

      /* An empty GBytes lends no pointer, which the function asks for. */
      if (length == 0)
        g_assert_null (valise_spki_digest ("", 0, &error));
      else
        g_assert_null (digest (part, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
  gnutls_x509_privkey_deinit (key);
}

#define ADD(test) g_test_add_func ("/spki/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (renewed_certificate_is_the_same_server);
  ADD (another_key_is_another_server);
  ADD (what_is_no_certificate_is_refused);

  return g_test_run ();
}
