/* valise-mending.h - tells that a part of the record was damaged, and what was done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-account.h"
#include "valise-bar.h"

G_BEGIN_DECLS

/* @bar says it from now on, whenever there is something to say, until its button is pressed.
 * @account NULL: there is no record, and nothing to say. */
void valise_mending_follow (ValiseBar *bar, ValiseAccount *account);

/* One sentence; NULL where nothing was mended, or it has been said. Reads a file; any thread. */
char *valise_mending_dup_sentence (ValiseAccount *account);

G_END_DECLS
