/* valise-gate-script.h - the gate as a function in JavaScript, for a CouchDB
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `validate_doc_update` of one database: data/couchdb/gate.js, the one interpreter, over the
 * profile and the same descriptions of records that #ValiseRules reads. It judges role and
 * shape. What a CouchDB never shows it (the winner, where a new root arrives; how a number was
 * spelled) and what it cannot compute (a seal, a signature, a revision's digest) is judged by
 * whoever receives.
 */

#pragma once

#include "valise-profile.h"
#include "valise-record.h"

G_BEGIN_DECLS

/* The member of a user's roles that says whose it is: "participant:fra". */
#define VALISE_GATE_SCRIPT_PARTICIPANT "participant:"

/* The role of whoever carries others' documents: no author. */
#define VALISE_GATE_SCRIPT_RELAY "relay"

/**
 * valise_gate_script_make:
 * @records: (element-type ValiseRecord): those described
 * @database: one that @profile describes
 *
 * Returns: (transfer full): "function (newDoc, oldDoc, userCtx, secObj) {…}", in ES5; the same
 *   for the same profile and records
 */
char *valise_gate_script_make (ValiseProfile *profile,
                               GPtrArray     *records,
                               const char    *database,
                               GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
