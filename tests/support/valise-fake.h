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

/* Whether it has more than was read: then a search finds nothing. */
void valise_fake_library_set_behind (ValiseLibrary *self, gboolean is_behind);

/* The list of meetings that was asked for last says that all of it changed. */
void valise_fake_meetings_change (void);

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

/* Whether something waits both ways; whether the connection is metered; the plan that was put
 * last (NULL: none) and how many files were wanted; whether the user went beyond the budget. */
void        valise_fake_scheduler_set_queue (ValiseScheduler *self, guint queue);
void        valise_fake_scheduler_set_metered (ValiseScheduler *self, gboolean metered);
ValisePlan *valise_fake_scheduler_get_plan (ValiseScheduler *self, guint *n_files);
gboolean    valise_fake_scheduler_went_beyond (ValiseScheduler *self);

/* What the next joining fails with; NULL: it succeeds. Taken over. */
void valise_fake_set_join_error (GError *error);

/* The digest of the one file that A/RES/77/37 names, a PDF in English of 288 kB. */
#define VALISE_FAKE_FILE "5f8f2d0c6a1b4e3795d0c2a7e6b1f4038a9c7d5e2b6f10439c8e7a5d3b2f1064"

#define VALISE_FAKE_FILE_NAME "A_RES_77_37-en.pdf"

/* A word that a search finds on its fourth page alone. */
#define VALISE_FAKE_FILE_WORD "norms-of-page-four"

/* Calls it otherwise; @name is kept as it is. */
void valise_fake_file_set_name (const char *name);

/* A file that was asked for arrives as far as @present bytes; with @bytes, whole. */
void valise_fake_file_comes (const char *sha256, gint64 present, GBytes *bytes);

/* It waits for @reason, a #ValiseFileReason. */
void valise_fake_file_waits (const char *sha256, int reason);

/* Symbols fetched so far, "database id" each; and syncs asked for. */
const char *valise_fake_scheduler_get_fetched (ValiseScheduler *self);
guint       valise_fake_scheduler_get_n_syncs (ValiseScheduler *self);

G_END_DECLS
