/* test-key.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "valise-digest.h"
#include "valise-key.h"

/* RFC 8032, 7.1, in hexadecimal digits */
static const struct
{
  const char *secret, *public_key, *message, *signature;
} vectors[] = {
  { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
    "6b"
    "d25bf5f0595bbe24655141438e7a100b" },
  { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d"
    "8c"
    "387b2eaeb4302aeeb00d291612bb0c00" },
  { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6"
    "59"
    "4a7c15e9716ed28dc027beceea1ec40a" },
  { "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
    "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feeb"
    "bd"
    "454d4423643ce80e2a9ac94fa54ca49f",
    "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0"
    "30"
    "3dca179c138ac17ad9bef1177331a704" },
};

static GBytes *
read_hex (const char *hex)
{
  gsize   n = strlen (hex) / 2;
  guint8 *bytes = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    bytes[i] =
        (guint8) (g_ascii_xdigit_value (hex[2 * i]) * 16 + g_ascii_xdigit_value (hex[2 * i + 1]));

  return g_bytes_new_take (bytes, n);
}

static char *
hex_to_text (const char *hex)
{
  g_autoptr (GBytes) bytes = read_hex (hex);

  return valise_base64url_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static ValiseKey *
load_vector (guint i)
{
  g_autofree char   *secret = hex_to_text (vectors[i].secret);
  g_autoptr (GError) error = NULL;
  ValiseKey         *key = valise_key_from_secret (secret, &error);

  g_assert_no_error (error);
  return key;
}

static ValisePublicKey *
take_public (ValiseKey *key)
{
  g_autoptr (GError) error = NULL;
  ValisePublicKey   *public_key = valise_public_key_new (valise_key_get_public (key), &error);

  g_assert_no_error (error);
  return public_key;
}

static void
vectors_of_rfc_8032_are_met (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (ValiseKey)       key = load_vector (i);
      g_autoptr (ValisePublicKey) public_key = take_public (key);
      g_autoptr (GBytes)          message = read_hex (vectors[i].message);
      gsize                       length;
      const void                 *data = g_bytes_get_data (message, &length);
      g_autofree char            *expected_public = hex_to_text (vectors[i].public_key);
      g_autofree char            *expected = hex_to_text (vectors[i].signature);
      g_autofree char            *signature = valise_key_sign (key, data, length);
      g_autoptr (GError)          error = NULL;

      g_assert_cmpstr (valise_key_get_public (key), ==, expected_public);
      g_assert_cmpstr (signature, ==, expected);
      g_assert_true (valise_public_key_verify (public_key, data, length, expected, &error));
      g_assert_no_error (error);
    }
}

static void
id_is_the_digest_of_the_public_key (void)
{
  g_autoptr (ValiseKey)       key = load_vector (0);
  g_autoptr (ValisePublicKey) public_key = take_public (key);
  g_autoptr (GBytes)          bytes = read_hex (vectors[0].public_key);
  g_autofree char            *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  digest[16] = '\0';
  g_assert_cmpstr (valise_key_get_id (key), ==, digest);
  g_assert_cmpstr (valise_public_key_get_id (public_key), ==, digest);
  g_assert_cmpstr (valise_public_key_get_text (public_key), ==, valise_key_get_public (key));
}

static void
generated_keys_differ_and_come_back_from_their_secret (void)
{
  g_autoptr (GError)    error = NULL;
  g_autoptr (ValiseKey) key = valise_key_generate (&error);
  g_autoptr (ValiseKey) other = valise_key_generate (&error);
  g_autoptr (ValiseKey) again = NULL;
  g_autofree char      *secret = valise_key_to_secret (key);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (secret), ==, 43);
  g_assert_cmpstr (valise_key_get_public (key), !=, valise_key_get_public (other));
  again = valise_key_from_secret (secret, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (valise_key_get_public (again), ==, valise_key_get_public (key));
}

static void
another_key_does_not_verify (void)
{
  g_autoptr (ValiseKey)       key = load_vector (0);
  g_autoptr (ValiseKey)       other = load_vector (1);
  g_autoptr (ValisePublicKey) public_key = take_public (other);
  g_autofree char            *signature = valise_key_sign (key, "note", 4);
  g_autoptr (GError)          error = NULL;

  g_assert_false (valise_public_key_verify (public_key, "note", 4, signature, &error));
  g_assert_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_MISMATCH);
}

static void
every_altered_bit_is_seen (void)
{
  g_autoptr (ValiseKey)       key = load_vector (2);
  g_autoptr (ValisePublicKey) public_key = take_public (key);
  char                        message[] = "The Secretary-General circulates";
  gsize                       length = strlen (message);
  g_autofree char            *signature = valise_key_sign (key, message, length);
  guint8                      bytes[64];

  for (gsize bit = 0; bit < length * 8; bit++)
    {
      message[bit / 8] = (char) (message[bit / 8] ^ (1 << bit % 8));
      g_assert_false (valise_public_key_verify (public_key, message, length, signature, NULL));
      message[bit / 8] = (char) (message[bit / 8] ^ (1 << bit % 8));
    }
  g_assert_false (valise_public_key_verify (public_key, message, length - 1, signature, NULL));
  g_assert_false (valise_public_key_verify (public_key, message, length + 1, signature, NULL));

  g_assert_true (valise_base64url_decode (signature, bytes, sizeof bytes));
  for (gsize bit = 0; bit < sizeof bytes * 8; bit++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *altered = NULL;

      bytes[bit / 8] = (guint8) (bytes[bit / 8] ^ (1 << bit % 8));
      altered = valise_base64url_encode (bytes, sizeof bytes);
      g_assert_false (valise_public_key_verify (public_key, message, length, altered, &error));
      g_assert_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_MISMATCH);
      bytes[bit / 8] = (guint8) (bytes[bit / 8] ^ (1 << bit % 8));
    }
}

/* RFC 8032, 5.1.7: S is below the order of the group, or one signature could be had from
 * another without the key. */
static void
second_form_of_a_signature_is_refused (void)
{
  static const guint8   order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                                      0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
  g_autoptr (ValiseKey) key = load_vector (1);
  g_autoptr (ValisePublicKey) public_key = take_public (key);
  g_autofree char            *signature = valise_key_sign (key, "\x72", 1);
  g_autofree char            *other = NULL;
  g_autoptr (GError)          error = NULL;
  guint8                      bytes[64];
  guint                       carry = 0;

  g_assert_true (valise_base64url_decode (signature, bytes, sizeof bytes));
  for (guint i = 0; i < 32; i++)
    {
      carry += (guint) bytes[32 + i] + order[i];
      bytes[32 + i] = (guint8) carry;
      carry >>= 8;
    }
  g_assert_cmpuint (carry, ==, 0);

  other = valise_base64url_encode (bytes, sizeof bytes);
  g_assert_false (valise_public_key_verify (public_key, "\x72", 1, other, &error));
  g_assert_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_MISMATCH);
}

static void
what_is_no_key_is_a_format_error (void)
{
  static const char *const texts[] = {
    "",
    "A",
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR",
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp",
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR ",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9"
    "\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError)          error = NULL;
      g_autoptr (ValisePublicKey) public_key = valise_public_key_new (texts[i], &error);
      g_autoptr (ValiseKey)       key = NULL;

      g_assert_null (public_key);
      g_assert_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_FORMAT);
      g_clear_error (&error);

      key = valise_key_from_secret (texts[i], &error);
      g_assert_null (key);
      g_assert_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_FORMAT);
      g_assert_true (*texts[i] == '\0' || strlen (texts[i]) == 1
                     || strstr (error->message, texts[i]) == NULL); /* it may be a secret */
    }
}

static void
what_is_no_signature_is_a_format_error (void)
{
  g_autoptr (ValiseKey)       key = load_vector (0);
  g_autoptr (ValisePublicKey) public_key = take_public (key);
  g_autofree char            *signature = valise_key_sign (key, "", 0);
  g_autofree char            *longer = g_strconcat (signature, "A", NULL);
  const char *const texts[] = { "", "AAAA", longer, signature + 1, valise_key_get_public (key) };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (valise_public_key_verify (public_key, "", 0, texts[i], &error));
      g_assert_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_FORMAT);
    }
}

static void
file_is_for_its_owner_alone_and_reads_back (void)
{
  g_autofree char      *root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  g_autofree char      *path = g_build_filename (root, "device.key", NULL);
  g_autoptr (ValiseKey) key = load_vector (3);
  g_autoptr (ValiseKey) again = NULL;
  g_autoptr (GError)    error = NULL;
  GStatBuf              status;

  /* A file with a wider mode must not lend it to the key. */
  g_assert_true (g_file_set_contents_full (path, "old", 3, 0, 0644, &error));
  g_assert_true (valise_key_save (key, path, &error));
  g_assert_no_error (error);
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);

  again = valise_key_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (valise_key_get_id (again), ==, valise_key_get_id (key));
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rmdir (root)); /* nothing beside it was left */
}

static void
file_that_is_absent_or_damaged_says_so (void)
{
  g_autofree char      *root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  g_autofree char      *path = g_build_filename (root, "device.key", NULL);
  g_autofree char      *nowhere = g_build_filename (root, "absent", "device.key", NULL);
  g_autoptr (ValiseKey) key = load_vector (3);
  g_autoptr (GError)    error = NULL;

  g_assert_null (valise_key_load (path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_false (valise_key_save (key, nowhere, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (path, "half a k", -1, &error));
  g_assert_null (valise_key_load (path, &error));
  g_assert_error (error, VALISE_KEY_ERROR, VALISE_KEY_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rmdir (root));
}

static gpointer
verify_many (gpointer data)
{
  g_autoptr (ValiseKey) key = load_vector (0);
  g_autofree char      *signature = valise_key_sign (key, "note", 4);
  guint                 good = 0;

  for (guint i = 0; i < 100; i++)
    good += valise_public_key_verify (data, i % 2 == 0 ? "note" : "nose", 4, signature, NULL);

  return GUINT_TO_POINTER (good);
}

static void
threads_share_one_public_key (void)
{
  g_autoptr (ValiseKey)       key = load_vector (0);
  g_autoptr (ValisePublicKey) public_key = take_public (key);
  GThread                    *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("verify", verify_many, public_key);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 50);
}

#define ADD(test) g_test_add_func ("/key/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (vectors_of_rfc_8032_are_met);
  ADD (id_is_the_digest_of_the_public_key);
  ADD (generated_keys_differ_and_come_back_from_their_secret);
  ADD (another_key_does_not_verify);
  ADD (every_altered_bit_is_seen);
  ADD (second_form_of_a_signature_is_refused);
  ADD (what_is_no_key_is_a_format_error);
  ADD (what_is_no_signature_is_a_format_error);
  ADD (file_is_for_its_owner_alone_and_reads_back);
  ADD (file_that_is_absent_or_damaged_says_so);
  ADD (threads_share_one_public_key);

  return g_test_run ();
}
