/* valise-pairing.h - two laptops make sure of each other's keys by six digits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whoever listens commits to a nonce before it sees the other's, and shows its own only after:
 *
 *     listener → connector   C = SHA-256 ("valise-pair-1 commit\n", listener's key, connector's
 *                                key, listener's nonce)
 *     connector → listener   its nonce
 *     listener → connector   its nonce, which must fit C
 *
 * Then both compute six digits of SHA-256 ("valise-pair-1 code\n", connector's key, listener's
 * key, connector's nonce, listener's nonce), and two people compare them. Somebody in between
 * has other keys on either side, and can choose no nonce after the one it must fit is known: the
 * digits agree once in a million times, and a pairing is tried once. The keys are those that the
 * TLS of the connection has proved, never those that a message names.
 *
 * One thread. Texts are 32 bytes in base64url.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define VALISE_PAIRING_ERROR (valise_pairing_error_quark ())

/**
 * ValisePairingError:
 * @VALISE_PAIRING_ERROR_FORM: not what the protocol has there, or not in that order
 * @VALISE_PAIRING_ERROR_DECEIT: the nonce is not the one that was committed to
 */
typedef enum
{
  VALISE_PAIRING_ERROR_FORM,
  VALISE_PAIRING_ERROR_DECEIT,
} ValisePairingError;

GQuark valise_pairing_error_quark (void);

typedef struct _ValisePairing ValisePairing;

/* @own, @theirs: public keys as text. @listens: whether this is the one that listens. */
ValisePairing *valise_pairing_new (const char *own,
                                   const char *theirs,
                                   gboolean    listens,
                                   GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void           valise_pairing_free (ValisePairing *self);

/* The listener's: what it sends first. */
const char *valise_pairing_get_commitment (ValisePairing *self);

/* The connector's: takes it, once. */
gboolean valise_pairing_take_commitment (ValisePairing *self,
                                         const char    *commitment,
                                         GError       **error);

/* One's own nonce; %NULL while it is too early to show: before the commitment was taken, or,
 * of the listener, before the other's nonce was. */
const char *valise_pairing_get_nonce (ValisePairing *self);

/* The other's, once. The connector's must fit the commitment, else DECEIT: then there will be
 * no code. */
gboolean valise_pairing_take_nonce (ValisePairing *self, const char *nonce, GError **error);

/* Six digits to be compared; %NULL before both nonces are known. */
const char *valise_pairing_get_code (ValisePairing *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePairing, valise_pairing_free)

G_END_DECLS
