/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "valise-cipher.h"
#include "valise-digest.h"

static void
a_passphrase_makes_the_key_that_others_make_of_it (void)
{
  /* RFC 7914, 11: PBKDF2-HMAC-SHA-256 ("Password", "NaCl", 80000), its first 32 bytes. */
  const char        *expected = "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56";
  guint8             key[VALISE_CIPHER_KEY_SIZE];
  g_autofree char   *hex = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      valise_cipher_stretch ("Password", (const guint8 *) "NaCl", 4, 80000, key, &error));
  g_assert_no_error (error);
  hex = valise_hex_encode (key, sizeof key);
  g_assert_cmpstr (hex, ==, expected);
}

static void
one_passphrase_typed_on_two_keyboards_is_one (void)
{
  guint8 composed[VALISE_CIPHER_KEY_SIZE], apart[VALISE_CIPHER_KEY_SIZE];

  valise_cipher_stretch ("caf\u00e9", (const guint8 *) "salt", 4, 1000, composed, NULL);
  valise_cipher_stretch ("cafe\u0301", (const guint8 *) "salt", 4, 1000, apart, NULL);
  g_assert_true (valise_secret_equal (composed, apart, sizeof composed));
  valise_cipher_stretch ("cafe", (const guint8 *) "salt", 4, 1000, apart, NULL);
  g_assert_false (valise_secret_equal (composed, apart, sizeof composed));
}

static void
a_key_makes_another_for_each_purpose (void)
{
  /* RFC 5869, A.3 has 22 bytes of key; ours have 32, so purposes are compared, not vectors. */
  guint8 master[VALISE_CIPHER_KEY_SIZE] = { 1 }, one[32], other[32], again[32];

  valise_cipher_derive (master, (const guint8 *) "salt", 4, "one", one, 32, NULL);
  valise_cipher_derive (master, (const guint8 *) "salt", 4, "other", other, 32, NULL);
  valise_cipher_derive (master, (const guint8 *) "salt", 4, "one", again, 32, NULL);
  g_assert_cmpmem (one, 32, again, 32);
  g_assert_false (valise_secret_equal (one, other, 32));
}

/* The GCM specification's test case 14: key, IV and text all zeros. The IV is message 0's. */
static void
sealing_gives_what_the_specification_gives (void)
{
  guint8                   key[VALISE_CIPHER_KEY_SIZE] = { 0 }, text[16] = { 0 };
  g_autoptr (GError)       error = NULL;
  g_autoptr (ValiseCipher) cipher = valise_cipher_new (key, &error);
  g_autoptr (GBytes)       context = g_bytes_new_static ("", 0), sealed = NULL;
  g_autofree char         *hex = NULL;

  g_assert_no_error (error);
  sealed = valise_cipher_seal (cipher, 0, context, text, sizeof text, &error);
  g_assert_no_error (error);
  hex = valise_hex_encode (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  g_assert_cmpstr (hex, ==, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

static void
assert_forged (ValiseCipher *cipher, guint64 number, GBytes *context, const guint8 *data, gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) opened = valise_cipher_open (cipher, number, context, data, n, &error);

  g_assert_null (opened);
  g_assert_error (error, VALISE_CIPHER_ERROR, VALISE_CIPHER_ERROR_FORGED);
}

static void
what_was_changed_moved_or_cut_does_not_open (void)
{
  guint8                   key[VALISE_CIPHER_KEY_SIZE] = { 7 }, bytes[64];
  g_autoptr (ValiseCipher) cipher = valise_cipher_new (key, NULL);
  g_autoptr (GBytes)       context = g_bytes_new_static ("frame", 5);
  g_autoptr (GBytes)       other = g_bytes_new_static ("Frame", 5);
  g_autoptr (GBytes)       sealed = valise_cipher_seal (cipher, 3, context, "a draft", 7, NULL);
  g_autoptr (GBytes)       opened = NULL;
  gsize                    n = g_bytes_get_size (sealed);

  memcpy (bytes, g_bytes_get_data (sealed, NULL), n);
  opened = valise_cipher_open (cipher, 3, context, bytes, n, NULL);
  g_assert_cmpmem (g_bytes_get_data (opened, NULL), g_bytes_get_size (opened), "a draft", 7);
  assert_forged (cipher, 4, context, bytes, n);
  assert_forged (cipher, 3, other, bytes, n);
  for (gsize i = 0; i < n; i++)
    {
      assert_forged (cipher, 3, context, bytes, i);
      bytes[i] ^= 1;
      assert_forged (cipher, 3, context, bytes, n);
      bytes[i] ^= 1;
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cipher/a-passphrase-makes-the-key-that-others-make-of-it",
                   a_passphrase_makes_the_key_that_others_make_of_it);
  g_test_add_func ("/cipher/one-passphrase-typed-on-two-keyboards-is-one",
                   one_passphrase_typed_on_two_keyboards_is_one);
  g_test_add_func ("/cipher/a-key-makes-another-for-each-purpose",
                   a_key_makes_another_for_each_purpose);
  g_test_add_func ("/cipher/sealing-gives-what-the-specification-gives",
                   sealing_gives_what_the_specification_gives);
  g_test_add_func ("/cipher/what-was-changed-moved-or-cut-does-not-open",
                   what_was_changed_moved_or_cut_does_not_open);
  return g_test_run ();
}
