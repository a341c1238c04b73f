/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "valise-authorities.h"

#define NO_TYPE_AUTHORITIES (no_authorities_get_type ())
G_DECLARE_FINAL_TYPE (NoAuthorities, no_authorities, NO, AUTHORITIES, GTlsDatabase)

struct _NoAuthorities
{
  GTlsDatabase parent_instance;
};

G_DEFINE_FINAL_TYPE (NoAuthorities, no_authorities, G_TYPE_TLS_DATABASE)

static GTlsCertificateFlags
no_authorities_verify_chain (GTlsDatabase           *database,
                             GTlsCertificate        *chain,
                             const char             *purpose,
                             GSocketConnectable     *identity,
                             GTlsInteraction        *interaction,
                             GTlsDatabaseVerifyFlags flags,
                             GCancellable           *cancellable,
                             GError                **error)
{
  return G_TLS_CERTIFICATE_UNKNOWN_CA;
}

static void
no_authorities_class_init (NoAuthoritiesClass *klass)
{
  G_TLS_DATABASE_CLASS (klass)->verify_chain = no_authorities_verify_chain;
}

static void
no_authorities_init (NoAuthorities *self)
{
}

GTlsDatabase *
valise_authorities_none (void)
{
  static GTlsDatabase *none = NULL;
  static gsize         made = 0;

  if (g_once_init_enter (&made))
    {
      none = g_object_new (NO_TYPE_AUTHORITIES, NULL);
      g_tls_backend_set_default_database (g_tls_backend_get_default (), none);
      g_once_init_leave (&made, 1);
    }
  return none;
}

GTlsDatabase *
valise_authorities_system (void)
{
  static GTlsDatabase *authorities = NULL;
  static gsize         made = 0;

  if (g_once_init_enter (&made))
    {
      GTlsBackend  *backend = g_tls_backend_get_default ();
      GTlsDatabase *none = valise_authorities_none ();

      /* Whoever connects in between reads more than it needs, and is judged by its own database. */
      g_tls_backend_set_default_database (backend, NULL);
      authorities = g_tls_backend_get_default_database (backend);
      g_tls_backend_set_default_database (backend, none);
      g_once_init_leave (&made, 1);
    }
  return authorities;
}
