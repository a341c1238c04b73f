/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "valise-authorities.h"

static void
a_connection_that_is_given_none_reads_none (void)
{
  GTlsBackend              *backend = g_tls_backend_get_default ();
  g_autoptr (GInputStream)  in = g_memory_input_stream_new ();
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GIOStream)     base = g_simple_io_stream_new (in, out);
  g_autoptr (GIOStream)     connection = NULL;
  g_autoptr (GTlsDatabase)  usual = NULL;
  g_autoptr (GError)        error = NULL;

  valise_authorities_none ();
  usual = g_tls_backend_get_default_database (backend);
  g_assert_true (usual == valise_authorities_none ());
  connection = g_tls_client_connection_new (base, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_tls_connection_get_database (G_TLS_CONNECTION (connection)) == usual);
}

static void
the_systems_are_others_and_leave_the_usual_as_it_is (void)
{
  GTlsDatabase            *authorities = valise_authorities_system ();
  g_autoptr (GTlsDatabase) usual = NULL;

  g_assert_nonnull (authorities);
  g_assert_true (authorities != valise_authorities_none ());
  g_assert_true (authorities == valise_authorities_system ());
  usual = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  g_assert_true (usual == valise_authorities_none ());
}

#define ADD(test) g_test_add_func ("/authorities/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_print ("1..0 # SKIP no TLS: glib-networking is not installed\n");
      return 0;
    }

  ADD (a_connection_that_is_given_none_reads_none);
  ADD (the_systems_are_others_and_leave_the_usual_as_it_is);

  return g_test_run ();
}
