/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-pairing"

#include "config.h"

#include <string.h>

#include "valise-cipher.h"
#include "valise-digest.h"
#include "valise-pairing.h"

#define SIZE     32 /* bytes of a key, a nonce, a commitment */
#define CODE_MAX 1000000

struct _ValisePairing
{
  gboolean listens;
  guint8   listener_key[SIZE];
  guint8   connector_key[SIZE];
  guint8   own_nonce[SIZE];
  guint8   their_nonce[SIZE];
  guint8   commitment[SIZE];
  char    *commitment_text; /* NULL: not taken yet */
  char    *nonce_text;
  gboolean taken;  /* the other's nonce was */
  gboolean broken; /* and did not fit */
  char     code[7];
};

G_DEFINE_QUARK (valise_pairing_error, valise_pairing_error)

static gboolean
refuse (GError **error, ValisePairingError code, const char *why)
{
  g_set_error_literal (error, VALISE_PAIRING_ERROR, (int) code, why);
  return FALSE;
}

static gboolean
decode (const char *text, guint8 bytes[SIZE], GError **error)
{
  return (text != NULL && valise_base64url_decode (text, bytes, SIZE))
         || refuse (error, VALISE_PAIRING_ERROR_FORM, "Not 32 bytes in base64url");
}

static void
commit (ValisePairing *self, const guint8 nonce[SIZE], guint8 digest[VALISE_DIGEST_SIZE])
{
  static const char      purpose[] = "valise-pair-1 commit\n";
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) purpose, sizeof purpose - 1);
  g_byte_array_append (bytes, self->listener_key, SIZE);
  g_byte_array_append (bytes, self->connector_key, SIZE);
  g_byte_array_append (bytes, nonce, SIZE);
  valise_digest_compute (bytes->data, bytes->len, digest);
}

/* Of 64 bits, so that no code is noticeably likelier than another. */
static void
make_code (ValisePairing *self)
{
  static const char      purpose[] = "valise-pair-1 code\n";
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8                 digest[VALISE_DIGEST_SIZE];
  guint64                number = 0;

  g_byte_array_append (bytes, (const guint8 *) purpose, sizeof purpose - 1);
  g_byte_array_append (bytes, self->connector_key, SIZE);
  g_byte_array_append (bytes, self->listener_key, SIZE);
  g_byte_array_append (bytes, self->listens ? self->their_nonce : self->own_nonce, SIZE);
  g_byte_array_append (bytes, self->listens ? self->own_nonce : self->their_nonce, SIZE);
  valise_digest_compute (bytes->data, bytes->len, digest);
  memcpy (&number, digest, sizeof number);
  g_snprintf (self->code, sizeof self->code, "%06u", (guint) (GUINT64_FROM_BE (number) % CODE_MAX));
}

ValisePairing *
valise_pairing_new (const char *own, const char *theirs, gboolean listens, GError **error)
{
  g_autoptr (ValisePairing) self = g_new0 (ValisePairing, 1);

  self->listens = listens;
  if (!decode (own, listens ? self->listener_key : self->connector_key, error)
      || !decode (theirs, listens ? self->connector_key : self->listener_key, error))
    return NULL;
  if (memcmp (self->listener_key, self->connector_key, SIZE) == 0)
    {
      refuse (error, VALISE_PAIRING_ERROR_FORM, "A laptop does not pair with itself");
      return NULL;
    }
  valise_secret_make (self->own_nonce, SIZE);
  self->nonce_text = valise_base64url_encode (self->own_nonce, SIZE);
  if (listens)
    {
      commit (self, self->own_nonce, self->commitment);
      self->commitment_text = valise_base64url_encode (self->commitment, SIZE);
    }
  return g_steal_pointer (&self);
}

void
valise_pairing_free (ValisePairing *self)
{
  valise_secret_wipe (self->own_nonce, SIZE);
  g_free (self->commitment_text);
  g_free (self->nonce_text);
  g_free (self);
}

const char *
valise_pairing_get_commitment (ValisePairing *self)
{
  return self->listens ? self->commitment_text : NULL;
}

gboolean
valise_pairing_take_commitment (ValisePairing *self, const char *commitment, GError **error)
{
  if (self->listens || self->commitment_text != NULL)
    return refuse (error, VALISE_PAIRING_ERROR_FORM, "There is a commitment already");
  if (!decode (commitment, self->commitment, error))
    return FALSE;
  self->commitment_text = g_strdup (commitment);
  return TRUE;
}

const char *
valise_pairing_get_nonce (ValisePairing *self)
{
  gboolean early = self->listens ? !self->taken : self->commitment_text == NULL;

  return early ? NULL : self->nonce_text;
}

gboolean
valise_pairing_take_nonce (ValisePairing *self, const char *nonce, GError **error)
{
  guint8 digest[VALISE_DIGEST_SIZE];

  if (self->taken || self->commitment_text == NULL)
    return refuse (error, VALISE_PAIRING_ERROR_FORM, "A nonce comes once, after the commitment");
  if (!decode (nonce, self->their_nonce, error))
    return FALSE;
  self->taken = TRUE;
  if (!self->listens)
    {
      commit (self, self->their_nonce, digest);
      self->broken = !valise_secret_equal (digest, self->commitment, SIZE);
    }
  if (self->broken)
    return refuse (error, VALISE_PAIRING_ERROR_DECEIT,
                   "The other laptop did not keep to what it had committed to");
  make_code (self);
  return TRUE;
}

const char *
valise_pairing_get_code (ValisePairing *self)
{
  return self->taken && !self->broken ? self->code : NULL;
}
