/* valise-judge.h - puts an arriving document to the gates
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-pipeline.h"

G_BEGIN_DECLS

/* The code of a refusal for a document whose body is not what our documents are. */
#define VALISE_REFUSAL_MALFORMED   "malformed"
#define VALISE_REFUSAL_UNKNOWN_KEY "unknown_key"
#define VALISE_REFUSAL_TOO_LARGE   "too_large"

/* Whether @document passes every one of @gates (element-type ValisePipelineGate); else FALSE
 * with a #ValiseGateError or a #ValiseJsonError. @target tells what the document is now; any
 * thread, where it is a store. */
gboolean valise_judge (const ValiseDocument *document,
                       GPtrArray            *gates,
                       ValisePeer           *target,
                       GError              **error);

/* Whether @target, a store, has a document of that id, and not only its grave. */
gboolean valise_judge_has_winner (ValisePeer *target, const char *id);

/* The code under which a refusal for @error is listed. */
const char *valise_judge_get_code (const GError *error);

G_END_DECLS
