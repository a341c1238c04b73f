/* valise-bundle-intake.h - what the files that read a bundle share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-bundle-peer.h"
#include "valise-bundle.h"

G_BEGIN_DECLS

gboolean valise_bundle_holder_is_secretariat (const ValiseBundleHolder *holder);

/* Why nothing is taken into @database; NULL: it may be. */
char *valise_bundle_holder_dup_obstacle (const ValiseBundleHolder *holder, const char *database);

/* Counts @refused, and takes @reason. */
void valise_bundle_arrival_note (ValiseBundleArrival *arrival, guint64 refused, char *reason);

/* Takes the files of which the bytes are in the bundle, where a document that is here names
 * them; a server looks for that document in the bundle, too. Each goes on where it stands here,
 * and counts only once its digest was verified. */
gboolean valise_bundle_take_originals (const ValiseBundleHolder *holder,
                                       ValiseBundleReader       *reader,
                                       ValiseBundleArrival      *arrival,
                                       GCancellable             *cancellable,
                                       GError                  **error);

G_END_DECLS
