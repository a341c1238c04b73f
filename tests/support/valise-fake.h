/* valise-fake.h - a made-up record: valise-library.h without a store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A test of views that links this gets a library, an account and a scheduler that answer at
 * once, the same every time, and as many papers as it likes. People, States and words are
 * invented. Its clock should stand at VALISE_FAKE_NOW.
 */

#pragma once

#include "valise-account.h"
#include "valise-library.h"
#include "valise-scheduler.h"

G_BEGIN_DECLS

#define VALISE_FAKE_NOW "2026-07-21T14:05:00Z"

/* How many papers the next library has beyond the dozen that are written out. */
void valise_fake_set_extra (guint n_papers);

/* How many paragraphs each text has; 0: the usual. */
void valise_fake_set_lines (guint n_lines);

/* An account that nobody joined, of Kestria; @sample: one without a server. */
ValiseAccount *valise_fake_account_new (gboolean sample);

/* What the scheduler stands at from now on; notifies. */
void valise_fake_scheduler_set (ValiseScheduler  *self,
                                ValiseSyncPhase   phase,
                                ValiseSyncProblem problem,
                                gint64            last_reached_us);
void valise_fake_scheduler_progress (ValiseScheduler *self,
                                     guint64          received,
                                     guint64          expected,
                                     guint64          bytes);
void valise_fake_scheduler_refuse (ValiseScheduler *self, const char *const *refused);

/* What the next joining fails with; NULL: it succeeds. Taken over. */
void valise_fake_set_join_error (GError *error);

/* Symbols fetched so far, "database id" each; and syncs asked for. */
const char *valise_fake_scheduler_get_fetched (ValiseScheduler *self);
guint       valise_fake_scheduler_get_n_syncs (ValiseScheduler *self);

G_END_DECLS
