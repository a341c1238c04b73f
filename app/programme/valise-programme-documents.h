/* valise-programme-documents.h - what a new programme says of itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For the registry.
 */

#pragma once

#include "valise-issuer.h"
#include "valise-profile.h"

G_BEGIN_DECLS

/* Adds the documents `programme` and `body:KEY` of @profile to what @issuer will commit.
 * @programme: the id; @name: in English, or NULL or "": as the profile is called. Fails as
 * valise_issuer_add(). */
gboolean valise_programme_documents_add (ValiseIssuer  *issuer,
                                         ValiseProfile *profile,
                                         const char    *programme,
                                         const char    *name,
                                         GError       **error);

G_END_DECLS
