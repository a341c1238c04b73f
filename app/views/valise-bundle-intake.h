/* valise-bundle-intake.h - a bundle that is opened, from the file to the sentence about it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-context.h"
#include "valise-courier.h"

G_BEGIN_DECLS

/* Says a sentence to the user. */
typedef void (*ValiseBundleTold) (const char *sentence, gpointer user_data);

/* Whether @file is one, by its name. */
gboolean valise_bundle_intake_takes (GFile *file);

/**
 * valise_bundle_intake_open:
 * @parent: over which a passphrase is asked for, or what was refused is listed
 * @context: whose record it comes to
 * @told: (nullable): given a sentence where all went well; @user_data is an object, kept meanwhile
 *
 * Reads it off the main thread. Main thread.
 */
void valise_bundle_intake_open (GtkWindow       *parent,
                                ValiseContext   *context,
                                GFile           *file,
                                ValiseBundleTold told,
                                gpointer         user_data);

/* "31 documents came from Amina Diallo", and what was not taken: as it is said. */
char *valise_bundle_intake_describe (const ValiseCourierNews *news);

G_END_DECLS
