/* valise-wait-words.h - the user's policy in plain words: what waits, and why
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All returned strings are the caller's.
 */

#pragma once

#include "valise-scheduler.h"

G_BEGIN_DECLS

/* "waits until 22:00"; "" where it waits for nothing in particular. */
char *valise_wait_words (ValiseWaitReason reason, ValiseScheduler *scheduler);

/* The same of one file; "" where it moves, was not asked for or had a problem. */
char *valise_wait_words_for_file (ValiseFileReason reason, ValiseScheduler *scheduler);

/* Why all of it stands still, and what to do about it; NULL where it does not by the policy. */
char *valise_wait_sentence (ValiseScheduler *scheduler);

/* "253 kB of 1 MB used today · then text only" */
char *valise_wait_describe_budget (ValiseScheduler *scheduler);

/* "HTTPS, by Wi-Fi" */
const char *valise_wait_describe_way (ValiseNetworkKind kind);

/* "about 3 s" at the speed last measured on this connection; "" where none was. */
char *valise_wait_describe_duration (ValiseScheduler *scheduler, guint64 bytes);

/* "about 40 s on this Wi-Fi · 11 min at 64 kbit/s", of @bytes. */
char *valise_wait_describe_time (ValiseScheduler *scheduler, guint64 bytes);

G_END_DECLS
