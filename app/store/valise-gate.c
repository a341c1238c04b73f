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

/**
 * valise_gate_takes_tombstones:
 * @database: where they would be written
 * @source: from whom they would come
 *
 * Any thread.
 *
 * Returns: %FALSE where valise_gate_judge() refuses every tombstone, whatever it says
 */
gboolean
valise_gate_takes_tombstones (ValiseGate *self, const char *database, ValiseSource source)
{
  ValiseGateInterface *iface = NULL;

  g_return_val_if_fail (VALISE_IS_GATE (self), TRUE);

  iface = VALISE_GATE_GET_IFACE (self);
  return iface->takes_tombstones == NULL || iface->takes_tombstones (self, database, source);
}
