/* valise-fake-courier.h - a courier that has no disk, for tests of views
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-courier.h"

G_BEGIN_DECLS

/* What the next reading brings; with a passphrase set, only by it. */
void valise_fake_courier_set_news (guint64 stored, guint64 refused, const char *passphrase);
/* Fails the next reading or writing with that code of #ValiseBundleError; -1: none does. */
void valise_fake_courier_set_failure (int code);

/* The last writing: whom it was for, its passphrase or NULL, and the size of a file. */
ValiseCourierRecipient valise_fake_courier_get_recipient (void);
const char            *valise_fake_courier_get_passphrase (void);
gint64                 valise_fake_courier_get_max_size (void);
gboolean               valise_fake_courier_get_originals (void); /* whether they went along */
guint                  valise_fake_courier_get_writings (void);

/* What it chose by, "MEETING LANGUAGE,LANGUAGE DAY LIST", with "-" for what it did not. */
const char *valise_fake_courier_get_choice (void);

/* Whether the team has a key, so that its bundles need no passphrase; from the next question on. */
void valise_fake_courier_set_team_key (gboolean has);

G_END_DECLS
