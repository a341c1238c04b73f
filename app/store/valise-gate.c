/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-gate"

#include "config.h"

#include "valise-gate.h"

G_DEFINE_QUARK (valise_gate_error, valise_gate_error)

G_DEFINE_INTERFACE (ValiseGate, valise_gate, G_TYPE_OBJECT)

static void
valise_gate_default_init (ValiseGateInterface *iface)
{
}

/**
 * valise_gate_judge:
 * @write: lent for the call
 *
 * Any thread. Fails with a #ValiseGateError.
 *
 * Returns: whether @write may be made
 */
gboolean
valise_gate_judge (ValiseGate *self, const ValiseWrite *write, GError **error)
{
  g_return_val_if_fail (VALISE_IS_GATE (self), FALSE);
  g_return_val_if_fail (write != NULL, FALSE);

  return VALISE_GATE_GET_IFACE (self)->judge (self, write, error);
}
