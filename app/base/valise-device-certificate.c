/* valise-device-certificate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-device-certificate"

#include "config.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "valise-cipher.h"
#include "valise-device-certificate.h"
#include "valise-digest.h"

#define KEY_SIZE 32 /* bytes, public and private */

static gboolean
fail (GError **error, int status)
{
  g_set_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_FORMAT, "No device certificate: %s",
               gnutls_strerror (status));
  return FALSE;
}

/* The device key as GnuTLS has it for certificates. */
static int
import_key (ValiseKey *device, gnutls_x509_privkey_t key)
{
  g_autofree char *secret = valise_key_to_secret (device);
  guint8           seed[KEY_SIZE], point[KEY_SIZE];
  gnutls_datum_t   k = { seed, KEY_SIZE }, x = { point, KEY_SIZE };
  int              status = GNUTLS_E_INVALID_REQUEST;

  if (valise_base64url_decode (secret, seed, KEY_SIZE)
      && valise_base64url_decode (valise_key_get_public (device), point, KEY_SIZE))
    status = gnutls_x509_privkey_import_ecc_raw (key, GNUTLS_ECC_CURVE_ED25519, &x, NULL, &k);
  valise_secret_wipe (seed, sizeof seed);
  valise_secret_wipe (secret, strlen (secret));
  return status;
}

/* No date of it counts: delegates' clocks are wrong. */
static int
fill (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
  static const char name[] = "valise";
  guint8            serial[16];
  int               status = gnutls_x509_crt_set_version (certificate, 3);

  valise_secret_make (serial, sizeof serial);
  serial[0] &= 0x7f; /* a serial is positive */
  if (status >= 0)
    status = gnutls_x509_crt_set_serial (certificate, serial, sizeof serial);
  if (status >= 0)
    status = gnutls_x509_crt_set_activation_time (certificate, 0);
  if (status >= 0)
    status =
        gnutls_x509_crt_set_expiration_time (certificate, GNUTLS_X509_NO_WELL_DEFINED_EXPIRATION);
  if (status >= 0)
    status = gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                            sizeof name - 1);
  if (status >= 0)
    status = gnutls_x509_crt_set_key (certificate, key);
  if (status >= 0)
    status = gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA512, 0);
  return status;
}

static char *
take_text (gnutls_datum_t *datum)
{
  char *text = g_strndup ((const char *) datum->data, datum->size);

  gnutls_memset (datum->data, 0, datum->size);
  gnutls_free (datum->data);
  datum->data = NULL;
  return text;
}

gboolean
valise_device_certificate_make (ValiseKey *device, char **certificate, char **key, GError **error)
{
  gnutls_x509_privkey_t private_key = NULL;
  gnutls_x509_crt_t     crt = NULL;
  gnutls_datum_t        crt_pem = { NULL, 0 }, key_pem = { NULL, 0 };
  int                   status = gnutls_x509_privkey_init (&private_key);

  if (status >= 0)
    status = gnutls_x509_crt_init (&crt);
  if (status >= 0)
    status = import_key (device, private_key);
  if (status >= 0)
    status = fill (crt, private_key);
  if (status >= 0)
    status = gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &crt_pem);
  if (status >= 0)
    status = gnutls_x509_privkey_export2_pkcs8 (private_key, GNUTLS_X509_FMT_PEM, NULL,
                                                GNUTLS_PKCS_PLAIN, &key_pem);
  if (status >= 0)
    {
      *certificate = take_text (&crt_pem);
      *key = take_text (&key_pem);
    }
  gnutls_free (crt_pem.data);
  if (crt != NULL)
    gnutls_x509_crt_deinit (crt);
  if (private_key != NULL)
    gnutls_x509_privkey_deinit (private_key);
  return status >= 0 || fail (error, status);
}

static int
read_key (const gnutls_datum_t *der, gnutls_x509_crt_t crt, char **text)
{
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  gnutls_datum_t     x = { NULL, 0 }, y = { NULL, 0 };
  int                status = gnutls_x509_crt_import (crt, der, GNUTLS_X509_FMT_DER);

  if (status >= 0)
    status = gnutls_x509_crt_get_pk_ecc_raw (crt, &curve, &x, &y);
  if (status >= 0 && (curve != GNUTLS_ECC_CURVE_ED25519 || x.size != KEY_SIZE))
    status = GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM;
  if (status >= 0)
    *text = valise_base64url_encode (x.data, x.size);
  gnutls_free (x.data);
  gnutls_free (y.data);
  return status;
}

char *
valise_device_certificate_dup_key (gconstpointer der, gsize length, GError **error)
{
  gnutls_datum_t    datum = { (guchar *) der, (unsigned) length };
  gnutls_x509_crt_t crt = NULL;
  char             *text = NULL;
  int               status = gnutls_x509_crt_init (&crt);

  if (status >= 0)
    {
      status = read_key (&datum, crt, &text);
      gnutls_x509_crt_deinit (crt);
    }
  if (status < 0)
    fail (error, status);
  return text;
}
