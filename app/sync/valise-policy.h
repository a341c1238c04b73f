/* valise-policy.h - what of a feed a laptop brings home: the words in its user's languages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Judged by the id alone, so that a row of the feed is enough (DESIGN §4, "Known, not here").
 */

#pragma once

#include "valise-replicator.h"

G_BEGIN_DECLS

typedef struct _ValisePolicy ValisePolicy; /* immutable; any thread */

/* @languages: (nullable): codes of those whose texts are fetched; %NULL: all. Copied. */
ValisePolicy *valise_policy_new (const char *const *languages);
ValisePolicy *valise_policy_ref (ValisePolicy *self);
void          valise_policy_unref (ValisePolicy *self);

/* A #ValiseWantFunc whose data is a #ValisePolicy: texts in other languages and files are to
 * be known; everything else, and every tombstone, is fetched. */
ValiseWant valise_policy_want (const char *id, gboolean deleted, gpointer policy);

/* Names the choice, for valise_replicator_set_want_version(): the same languages in another
 * order are the same choice. */
const char *valise_policy_get_version (ValisePolicy *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValisePolicy, valise_policy_unref)

G_END_DECLS
