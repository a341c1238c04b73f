/* valise-certificate.h - the server's TLS key and certificate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_CERTIFICATE_ERROR (valise_certificate_error_quark ())

/* The code is GnuTLS's. */
GQuark valise_certificate_error_quark (void);

typedef struct
{
  char *certificate; /* PEM, possibly with those that sign it */
  char *key;         /* PEM */
  char *ask;         /* lent: those whose certificates are asked for, PEM; NULL: nobody is asked */
  char *pin;         /* SHA-256 of the public key (SPKI), 64 hex digits */
} ValiseCertificate;

/* Makes DIR/certificate.pem (P-256, signed by itself, named for this host and loopback) and
 * DIR/key.pem (mode 0600), and DIR/backup-key.pem for the day the first key is lost: laptops
 * that joined know its pin already. */
gboolean valise_certificate_make (const char *directory, GError **error);

/* Reads what was made, or the two files given. Any %G_FILE_ERROR, or ours for no PEM. */
ValiseCertificate *valise_certificate_load (const char *directory,
                                            const char *certificate,
                                            const char *key,
                                            GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void               valise_certificate_free (ValiseCertificate *self);

/* The pin of DIR/backup-key.pem; NULL where there is none. */
char *valise_certificate_dup_backup_pin (const char *directory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseCertificate, valise_certificate_free)

G_END_DECLS
