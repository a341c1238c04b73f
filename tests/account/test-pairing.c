/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "valise-device-certificate.h"
#include "valise-digest.h"
#include "valise-id.h"
#include "valise-pairing.h"

static ValisePairing *
begin (ValiseKey *own, ValiseKey *theirs, gboolean listens)
{
  g_autoptr (GError) error = NULL;
  ValisePairing     *pairing = valise_pairing_new (valise_key_get_public (own),
                                                   valise_key_get_public (theirs), listens, &error);

  g_assert_no_error (error);
  return pairing;
}

/* The messages between @connector and @listener, in their order. */
static void
exchange (ValisePairing *connector, ValisePairing *listener)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
      valise_pairing_take_commitment (connector, valise_pairing_get_commitment (listener), &error));
  g_assert_true (
      valise_pairing_take_nonce (listener, valise_pairing_get_nonce (connector), &error));
  g_assert_true (
      valise_pairing_take_nonce (connector, valise_pairing_get_nonce (listener), &error));
  g_assert_no_error (error);
}

static void
two_honest_laptops_show_one_code (void)
{
  g_autoptr (ValiseKey) amina = valise_key_generate (NULL), jun = valise_key_generate (NULL);

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (ValisePairing) connector = begin (amina, jun, FALSE);
      g_autoptr (ValisePairing) listener = begin (jun, amina, TRUE);

      exchange (connector, listener);
      g_assert_cmpuint (strlen (valise_pairing_get_code (connector)), ==, 6);
      g_assert_cmpstr (valise_pairing_get_code (connector), ==, valise_pairing_get_code (listener));
    }
}

/* Somebody between them has a key of its own on both sides, and passes nonces on or makes
 * others: either way two people see two codes. */
static void
a_relay_that_swaps_keys_is_seen_by_the_code (void)
{
  g_autoptr (ValiseKey) amina = valise_key_generate (NULL), jun = valise_key_generate (NULL);
  g_autoptr (ValiseKey) thief = valise_key_generate (NULL);
  guint                 alike = 0;

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (ValisePairing) connector = begin (amina, thief, FALSE);
      g_autoptr (ValisePairing) to_connector = begin (thief, amina, TRUE);
      g_autoptr (ValisePairing) to_listener = begin (thief, jun, FALSE);
      g_autoptr (ValisePairing) listener = begin (jun, thief, TRUE);

      exchange (connector, to_connector);
      exchange (to_listener, listener);
      alike +=
          strcmp (valise_pairing_get_code (connector), valise_pairing_get_code (listener)) == 0;
    }
  g_assert_cmpuint (alike, <=, 1);
}

/* The relay passes every message on as it is: the keys that TLS proved still differ. */
static void
a_relay_that_passes_messages_on_is_refused (void)
{
  g_autoptr (ValiseKey)     amina = valise_key_generate (NULL), jun = valise_key_generate (NULL);
  g_autoptr (ValiseKey)     thief = valise_key_generate (NULL);
  g_autoptr (ValisePairing) connector = begin (amina, thief, FALSE);
  g_autoptr (ValisePairing) listener = begin (jun, thief, TRUE);
  g_autoptr (GError)        error = NULL;

  g_assert_true (
      valise_pairing_take_commitment (connector, valise_pairing_get_commitment (listener), NULL));
  g_assert_true (valise_pairing_take_nonce (listener, valise_pairing_get_nonce (connector), NULL));
  g_assert_false (
      valise_pairing_take_nonce (connector, valise_pairing_get_nonce (listener), &error));
  g_assert_error (error, VALISE_PAIRING_ERROR, VALISE_PAIRING_ERROR_DECEIT);
  g_assert_null (valise_pairing_get_code (connector));
}

static void
a_nonce_chosen_afterwards_is_refused (void)
{
  g_autoptr (ValiseKey)     amina = valise_key_generate (NULL), jun = valise_key_generate (NULL);
  g_autoptr (ValisePairing) connector = begin (amina, jun, FALSE);
  g_autoptr (ValisePairing) listener = begin (jun, amina, TRUE);
  g_autofree char          *other = valise_random_token (32);
  g_autoptr (GError)        error = NULL;

  g_assert_true (
      valise_pairing_take_commitment (connector, valise_pairing_get_commitment (listener), NULL));
  g_assert_false (valise_pairing_take_nonce (connector, other, &error));
  g_assert_error (error, VALISE_PAIRING_ERROR, VALISE_PAIRING_ERROR_DECEIT);
  g_assert_null (valise_pairing_get_code (connector));
}

/* Who shows its nonce early could be answered with one that fits. */
static void
nothing_is_shown_too_early_nor_taken_twice (void)
{
  g_autoptr (ValiseKey)     amina = valise_key_generate (NULL), jun = valise_key_generate (NULL);
  g_autoptr (ValisePairing) connector = begin (amina, jun, FALSE);
  g_autoptr (ValisePairing) listener = begin (jun, amina, TRUE);
  g_autofree char          *other = valise_random_token (32);
  g_autoptr (GError)        error = NULL;

  g_assert_null (valise_pairing_get_nonce (connector));
  g_assert_null (valise_pairing_get_nonce (listener));
  g_assert_null (valise_pairing_get_code (connector));
  g_assert_false (valise_pairing_take_nonce (connector, other, NULL));
  exchange (connector, listener);
  g_assert_false (valise_pairing_take_nonce (listener, other, &error));
  g_assert_error (error, VALISE_PAIRING_ERROR, VALISE_PAIRING_ERROR_FORM);
  g_assert_false (
      valise_pairing_take_commitment (connector, valise_pairing_get_commitment (listener), NULL));
}

static void
what_is_no_key_nor_nonce_is_refused (void)
{
  g_autoptr (ValiseKey)     amina = valise_key_generate (NULL), jun = valise_key_generate (NULL);
  g_autoptr (ValisePairing) listener = begin (jun, amina, TRUE);
  g_autoptr (GError)        error = NULL;
  const char               *own = valise_key_get_public (amina);

  g_assert_null (valise_pairing_new (own, "short", TRUE, &error));
  g_assert_error (error, VALISE_PAIRING_ERROR, VALISE_PAIRING_ERROR_FORM);
  g_assert_null (valise_pairing_new (own, own, TRUE, NULL));
  g_assert_false (valise_pairing_take_nonce (listener, "", NULL));
  g_assert_false (valise_pairing_take_nonce (listener, NULL, NULL));
  g_assert_null (valise_pairing_get_code (listener));
}

static void
a_device_key_is_its_certificate (void)
{
  g_autoptr (ValiseKey)       device = valise_key_generate (NULL);
  g_autofree char            *certificate = NULL, *key = NULL, *found = NULL;
  g_autoptr (GError)          error = NULL, failure = NULL;
  g_autoptr (GTlsCertificate) tls = NULL;
  g_autoptr (GByteArray)      der = NULL;
  g_autofree char            *pem = NULL;

  g_assert_true (valise_device_certificate_make (device, &certificate, &key, &error));
  g_assert_no_error (error);
  pem = g_strconcat (certificate, key, NULL);
  tls = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);
  g_object_get (tls, "certificate", &der, NULL);
  found = valise_device_certificate_dup_key (der->data, der->len, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, valise_key_get_public (device));

  g_assert_null (valise_device_certificate_dup_key (der->data, der->len - 1, &failure));
  g_assert_error (failure, VALISE_KEY_ERROR, VALISE_KEY_ERROR_FORMAT);
}

#define ADD(test) g_test_add_func ("/pairing/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD (two_honest_laptops_show_one_code);
  ADD (a_relay_that_swaps_keys_is_seen_by_the_code);
  ADD (a_relay_that_passes_messages_on_is_refused);
  ADD (a_nonce_chosen_afterwards_is_refused);
  ADD (nothing_is_shown_too_early_nor_taken_twice);
  ADD (what_is_no_key_nor_nonce_is_refused);
  ADD (a_device_key_is_its_certificate);
  return g_test_run ();
}
