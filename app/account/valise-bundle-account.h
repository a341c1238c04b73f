/* valise-bundle-account.h - what the files that write a bundle share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-bundle.h"

G_BEGIN_DECLS

/* The databases that @recipient usually gets from @holder. */
char **valise_bundle_holder_choose_databases (const ValiseBundleHolder *holder,
                                              const char               *recipient);

G_END_DECLS
