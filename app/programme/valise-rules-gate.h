/* valise-rules-gate.h - the programme's rules, for those who do not see the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValiseGate ValiseGate;
typedef struct _ValiseHome ValiseHome;

/* As valise_rules_new_for_home(). Any thread; blocks. */
ValiseGate *valise_rules_gate_for_home (ValiseHome *home, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
