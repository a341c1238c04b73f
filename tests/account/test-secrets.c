/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <glib/gstdio.h>

#include "valise-account.h"
#include "valise-secrets.h"

/* A keyring in a file of libsecret's own, as it offers for tests: no daemon, no bus. */
static char *keyring;

/* libsecret's file loses the tags of the versions it writes; to see that it is libsecret that
 * does, the sanitizer must walk the whole stack. */
const char *__asan_default_options (void);
const char *__lsan_default_suppressions (void);

const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}

const char *
__lsan_default_suppressions (void)
{
  return "leak:libsecret-1\n";
}

typedef struct
{
  char *folder;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("valise-XXXXXX", NULL);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_no_errno (g_rmdir (fixture->folder)); /* fails if a secret was left there */
  g_free (fixture->folder);
}

static void
a_keyring_keeps_them_and_no_file_does (Fixture *fixture, gconstpointer data)
{
  ValiseSecrets             secrets = { "pass\"word", "device" };
  g_autoptr (ValiseSecrets) found = NULL;
  g_autoptr (GError)        error = NULL;
  gboolean                  in_file = TRUE;

  g_assert_true (valise_secrets_store (&secrets, "a-1", fixture->folder, &in_file, &error));
  g_assert_no_error (error);
  g_assert_false (in_file);
  g_assert_true (g_file_test (keyring, G_FILE_TEST_EXISTS));

  found = valise_secrets_load ("a-1", fixture->folder, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->password, ==, "pass\"word");
  g_assert_cmpstr (found->device, ==, "device");
  g_assert_null (valise_secrets_load ("a-2", fixture->folder, FALSE, &error));
  g_assert_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NO_SECRET);
}

static void
what_is_forgotten_is_gone (Fixture *fixture, gconstpointer data)
{
  ValiseSecrets      secrets = { "password", "device" };
  g_autoptr (GError) error = NULL;
  gboolean           in_file = TRUE;

  g_assert_true (valise_secrets_store (&secrets, "a-1", fixture->folder, &in_file, &error));
  valise_secrets_forget ("a-1", fixture->folder);
  g_assert_null (valise_secrets_load ("a-1", fixture->folder, FALSE, &error));
  g_assert_error (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NO_SECRET);
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("valise-XXXXXX", NULL);
  int              status = 0;

  keyring = g_build_filename (folder, "keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  g_test_init (&argc, &argv, NULL);

#define ADD(test) g_test_add ("/secrets/" #test, Fixture, NULL, setup, test, teardown)
  ADD (a_keyring_keeps_them_and_no_file_does);
  ADD (what_is_forgotten_is_gone);

  status = g_test_run ();
  g_unlink (keyring);
  g_rmdir (folder);
  g_free (keyring);
  return status;
}
