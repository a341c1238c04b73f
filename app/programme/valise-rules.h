/* valise-rules.h - the gate: who may write what, read from the record descriptions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * data/records/TYPE.json says for each kind of document its fields, databases, roles, moves
 * of state, what is searched and what a list shows. This gate judges by them, and by
 * DESIGN §4 (ids in a desk begin with the participant; fields that are final once set).
 * A database that the profile does not describe has no rules.
 */

#pragma once

#include "valise-gate.h"
#include "valise-profile.h"

G_BEGIN_DECLS

#define VALISE_TYPE_RULES (valise_rules_get_type ())

G_DECLARE_FINAL_TYPE (ValiseRules, valise_rules, VALISE, RULES, GObject)

ValiseRules *valise_rules_new (ValiseProfile *profile, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
