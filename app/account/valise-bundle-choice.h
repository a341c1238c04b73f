/* valise-bundle-choice.h - what of a database goes into a bundle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For valise-bundle-write.c. One thread. Documents are asked for one after another; the files
 * that those name that go, or that are there already, are noted.
 */

#pragma once

#include "valise-bundle-original.h"
#include "valise-bundle.h"

G_BEGIN_DECLS

/* Goes with `public` in any case: without it, what its keys have sealed cannot be judged. */
#define VALISE_BUNDLE_KEYS_ID "keys"

typedef struct _ValiseBundleChoice ValiseBundleChoice;

/* @order is borrowed. */
ValiseBundleChoice *valise_bundle_choice_new (const ValiseBundleOrder *order)
    G_GNUC_WARN_UNUSED_RESULT;
void valise_bundle_choice_free (ValiseBundleChoice *self);

/* Whether @document, of @database, which is the section @section, goes. */
gboolean valise_bundle_choice_take (ValiseBundleChoice   *self,
                                    const char           *database,
                                    guint                 section,
                                    const ValiseDocument *document);

/* The files that were named (element-type ValiseBundleOriginal), each once; transfer none. */
GPtrArray *valise_bundle_choice_get_originals (ValiseBundleChoice *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBundleChoice, valise_bundle_choice_free)

G_END_DECLS
