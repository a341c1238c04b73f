/* valise-rules-gate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-rules-gate"

#include "config.h"

#include "valise-rules-gate.h"
#include "valise-rules.h"

ValiseGate *
valise_rules_gate_for_home (ValiseHome *home, GError **error)
{
  return valise_rules_new_for_home (home, error);
}
