/* valise-rules.h - the gate: who may write what, read from the record descriptions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * data/records/TYPE.json says for each kind of document its fields, databases, roles, moves
 * of state, what is searched and what a list shows. This gate judges by them, and by
 * DESIGN §4 (ids in a desk begin with the participant; fields that are final once set).
 * A database that the profile does not describe has no rules, nor has what comes from the
 * account's own server.
 *
 * A refusal reads "ID in DATABASE: RULE: MATTER"; the rules are:
 *
 *     tombstone  shape  integers  prefix  type  database  required  field  id  previous
 *     role       seal   state     closed  final
 */

#pragma once

#include "valise-gate.h"
#include "valise-home.h"
#include "valise-profile.h"
#include "valise-record.h"

G_BEGIN_DECLS

#define VALISE_TYPE_RULES (valise_rules_get_type ())

G_DECLARE_FINAL_TYPE (ValiseRules, valise_rules, VALISE, RULES, GObject)

ValiseRules *valise_rules_new (ValiseProfile *profile, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The gate for what comes to @home: by its `programme` document. %NULL without @error where that
 * has not come yet. Fails with a #ValiseProfileError, and as the store does. */
ValiseGate *valise_rules_new_for_home (ValiseHome *home, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes @record, a kind more, or another description of one; before any thread asks. */
void valise_rules_add (ValiseRules *self, ValiseRecord *record);

G_END_DECLS
