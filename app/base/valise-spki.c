/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-spki"

#include "config.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "valise-spki.h"

/* The DER of the certificate's SubjectPublicKeyInfo, or a GnuTLS error. */
static int
export_public_key (const void *der, gsize length, gnutls_datum_t *info)
{
  gnutls_datum_t    data = { (unsigned char *) der, (unsigned int) length };
  gnutls_x509_crt_t certificate = NULL;
  gnutls_pubkey_t   key = NULL;
  int               status = gnutls_x509_crt_init (&certificate);

  if (status < 0)
    return status;

  status = gnutls_x509_crt_import (certificate, &data, GNUTLS_X509_FMT_DER);
  if (status >= 0)
    status = gnutls_pubkey_init (&key);
  if (status >= 0)
    status = gnutls_pubkey_import_x509 (key, certificate, 0);
  if (status >= 0)
    status = gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, info);

  if (key != NULL)
    gnutls_pubkey_deinit (key);
  gnutls_x509_crt_deinit (certificate);
  return status;
}

char *
valise_spki_digest (const void *der, gsize length, GError **error)
{
  gnutls_datum_t info = { NULL, 0 };
  char          *digest = NULL;
  int            status = GNUTLS_E_ASN1_DER_ERROR;

  g_return_val_if_fail (der != NULL, NULL);

  if (length > 0 && length <= G_MAXINT)
    status = export_public_key (der, length, &info);
  if (status < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Not a certificate: %s",
                   gnutls_strerror (status));
      return NULL;
    }

  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, info.data, info.size);
  gnutls_free (info.data);
  return digest;
}
