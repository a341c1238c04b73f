/* valise-certificate.c - the server's TLS key and certificate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-certificate"

#include "config.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#include "valise-certificate.h"
#include "valise-clock.h"

/* Clients know the key, not the dates; those are wide so that no clock objects to them. */
#define VALID_BEFORE_S (366 * 24 * 3600)
#define VALID_AFTER_S  (3653LL * 24 * 3600)

G_DEFINE_QUARK (valise_certificate_error, valise_certificate_error)

/* TRUE where @code is success; else sets @error to what GnuTLS says while doing @what. */
static gboolean
check (int code, const char *what, GError **error)
{
  if (code >= 0)
    return TRUE;

  g_set_error (error, VALISE_CERTIFICATE_ERROR, code, "%s: %s", what, gnutls_strerror (code));
  return FALSE;
}

static gboolean
write_pem (const char *directory, const char *name, gnutls_datum_t *pem, int mode, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  gboolean         written = g_file_set_contents_full (
              path, (const char *) pem->data, pem->size,
              G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode, error);

  gnutls_memset (pem->data, 0, pem->size);
  gnutls_free (pem->data);
  return written;
}

/* A new P-256 key, kept in @name; NULL with @error. */
static gnutls_x509_privkey_t
make_key (const char *directory, const char *name, GError **error)
{
  gnutls_x509_privkey_t key = NULL;
  gnutls_datum_t        pem = { 0 };

  if (!check (gnutls_x509_privkey_init (&key), "Making a key", error))
    return NULL;
  if (check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                           GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
             "Making a key", error)
      && check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL,
                                                   GNUTLS_PKCS_PLAIN, &pem),
                "Writing a key", error)
      && write_pem (directory, name, &pem, 0600, error))
    return key;

  gnutls_x509_privkey_deinit (key);
  return NULL;
}

static gboolean
add_name (gnutls_x509_crt_t              crt,
          gnutls_x509_subject_alt_name_t kind,
          const void                    *name,
          guint                          length)
{
  return gnutls_x509_crt_set_subject_alt_name (crt, kind, name, length, GNUTLS_FSAN_APPEND) >= 0;
}

/* Who it is for: this host by name, and loopback. */
static gboolean
set_names (gnutls_x509_crt_t crt)
{
  static const guint8 loopback4[4] = { 127, 0, 0, 1 };
  static const guint8 loopback6[16] = { [15] = 1 };
  const char         *host = g_get_host_name ();

  return gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, "valise-server",
                                        strlen ("valise-server"))
             >= 0
         && add_name (crt, GNUTLS_SAN_DNSNAME, "localhost", strlen ("localhost"))
         && (strcmp (host, "localhost") == 0
             || add_name (crt, GNUTLS_SAN_DNSNAME, host, (guint) strlen (host)))
         && add_name (crt, GNUTLS_SAN_IPADDRESS, loopback4, sizeof loopback4)
         && add_name (crt, GNUTLS_SAN_IPADDRESS, loopback6, sizeof loopback6);
}

static gboolean
set_terms (gnutls_x509_crt_t crt)
{
  guint8 serial[16] = { 0 };
  gint64 now_s = valise_clock_now () / G_USEC_PER_SEC;

  if (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial) < 0)
    return FALSE;
  serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, and of full length */

  return gnutls_x509_crt_set_version (crt, 3) >= 0
         && gnutls_x509_crt_set_serial (crt, serial, sizeof serial) >= 0
         && gnutls_x509_crt_set_activation_time (crt, now_s - VALID_BEFORE_S) >= 0
         && gnutls_x509_crt_set_expiration_time (crt, now_s + VALID_AFTER_S) >= 0
         && gnutls_x509_crt_set_basic_constraints (crt, 0, -1) >= 0
         && gnutls_x509_crt_set_key_usage (crt, GNUTLS_KEY_DIGITAL_SIGNATURE) >= 0
         && gnutls_x509_crt_set_key_purpose_oid (crt, GNUTLS_KP_TLS_WWW_SERVER, 0) >= 0;
}

static gboolean
make_certificate (const char *directory, gnutls_x509_privkey_t key, GError **error)
{
  gnutls_x509_crt_t crt = NULL;
  gnutls_datum_t    pem = { 0 };
  gboolean          made = FALSE;

  if (!check (gnutls_x509_crt_init (&crt), "Making a certificate", error))
    return FALSE;

  if (!set_names (crt) || !set_terms (crt) || gnutls_x509_crt_set_key (crt, key) < 0)
    check (GNUTLS_E_INVALID_REQUEST, "Making a certificate", error);
  else
    made = check (gnutls_x509_crt_sign2 (crt, crt, key, GNUTLS_DIG_SHA256, 0),
                  "Signing the certificate", error)
           && check (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &pem),
                     "Writing the certificate", error)
           && write_pem (directory, "certificate.pem", &pem, 0644, error);
  gnutls_x509_crt_deinit (crt);

  return made;
}

/**
 * valise_certificate_make:
 * @directory: exists
 *
 * Returns: %FALSE with our error, or any %G_FILE_ERROR
 */
gboolean
valise_certificate_make (const char *directory, GError **error)
{
  gnutls_x509_privkey_t key = make_key (directory, "key.pem", error);
  gnutls_x509_privkey_t backup = NULL;
  gboolean              made = FALSE;

  if (key == NULL)
    return FALSE;

  backup = make_key (directory, "backup-key.pem", error);
  made = backup != NULL && make_certificate (directory, key, error);
  gnutls_x509_privkey_deinit (key);
  gnutls_x509_privkey_deinit (backup);

  return made;
}

/* SHA-256 over the SubjectPublicKeyInfo of @pubkey, which it ends. */
static char *
dup_pin (gnutls_pubkey_t pubkey)
{
  gnutls_datum_t spki = { 0 };
  char          *pin = NULL;

  if (gnutls_pubkey_export2 (pubkey, GNUTLS_X509_FMT_DER, &spki) >= 0)
    pin = g_compute_checksum_for_data (G_CHECKSUM_SHA256, spki.data, spki.size);
  gnutls_free (spki.data);
  gnutls_pubkey_deinit (pubkey);

  return pin;
}

static char *
dup_pin_of_certificate (const char *pem)
{
  gnutls_datum_t    datum = { (guchar *) pem, (guint) strlen (pem) };
  gnutls_x509_crt_t crt = NULL;
  gnutls_pubkey_t   pubkey = NULL;
  char             *pin = NULL;

  if (gnutls_x509_crt_init (&crt) < 0)
    return NULL;
  if (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_PEM) >= 0
      && gnutls_pubkey_init (&pubkey) >= 0)
    {
      if (gnutls_pubkey_import_x509 (pubkey, crt, 0) >= 0)
        pin = dup_pin (g_steal_pointer (&pubkey));
      else
        gnutls_pubkey_deinit (pubkey);
    }
  gnutls_x509_crt_deinit (crt);

  return pin;
}

/**
 * valise_certificate_load:
 * @directory: what valise_certificate_make() was given
 * @certificate, @key: (nullable): PEM files to use instead
 */
ValiseCertificate *
valise_certificate_load (const char *directory,
                         const char *certificate,
                         const char *key,
                         GError    **error)
{
  g_autoptr (ValiseCertificate) self = g_new0 (ValiseCertificate, 1);
  g_autofree char              *made = g_build_filename (directory, "certificate.pem", NULL);
  g_autofree char              *made_key = g_build_filename (directory, "key.pem", NULL);

  if (!g_file_get_contents (certificate != NULL ? certificate : made, &self->certificate, NULL,
                            error)
      || !g_file_get_contents (key != NULL ? key : made_key, &self->key, NULL, error))
    return NULL;

  self->pin = dup_pin_of_certificate (self->certificate);
  if (self->pin == NULL)
    {
      g_set_error (error, VALISE_CERTIFICATE_ERROR, GNUTLS_E_BASE64_DECODING_ERROR,
                   "%s is no certificate in PEM", certificate != NULL ? certificate : made);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
valise_certificate_free (ValiseCertificate *self)
{
  if (self == NULL)
    return;

  if (self->key != NULL)
    gnutls_memset (self->key, 0, strlen (self->key));
  g_free (self->key);
  g_free (self->certificate);
  g_free (self->pin);
  g_free (self);
}

char *
valise_certificate_dup_backup_pin (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "backup-key.pem", NULL);
  g_autofree char *pem = NULL;
  gnutls_privkey_t key = NULL;
  gnutls_pubkey_t  pubkey = NULL;
  gnutls_datum_t   datum = { 0 };
  char            *pin = NULL;

  if (!g_file_get_contents (path, &pem, NULL, NULL) || gnutls_privkey_init (&key) < 0)
    return NULL;

  datum.data = (guchar *) pem;
  datum.size = (guint) strlen (pem);
  if (gnutls_privkey_import_x509_raw (key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0) >= 0
      && gnutls_pubkey_init (&pubkey) >= 0)
    {
      if (gnutls_pubkey_import_privkey (pubkey, key, 0, 0) >= 0)
        pin = dup_pin (g_steal_pointer (&pubkey));
      else
        gnutls_pubkey_deinit (pubkey);
    }
  gnutls_privkey_deinit (key);
  gnutls_memset (pem, 0, strlen (pem));

  return pin;
}
