/* valise-sentences.h - the one place where an error becomes a sentence with a remedy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Below the views, errors speak to a log. What a person reads is made here: what happened,
 * in their words, and what they can do. All returned strings are the caller's.
 */

#pragma once

#include "valise-scheduler.h"

G_BEGIN_DECLS

/* Never empty: an error nobody foresaw gets a general sentence and its own message. */
char *valise_sentence_for_error (const GError *error);

/* What keeps the laptop from its secretariat, with the remedy; NULL where nothing does. */
char *valise_sentence_for_problem (ValiseSyncProblem problem);

/**
 * ValiseStatus:
 *
 * How the sync stands, as the status row and the panel say it.
 *
 * @icon: an icon's name
 * @title: "Reached at 14:05"
 * @detail: "2 waiting to be sent"; empty where there is nothing to add
 */
typedef struct
{
  const char *icon;
  char       *title;
  char       *detail;
} ValiseStatus;

/* @scheduler: (nullable): without one the record is a sample. */
void valise_status_read (ValiseStatus *status, ValiseScheduler *scheduler);
void valise_status_clear (ValiseStatus *status);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ValiseStatus, valise_status_clear)

G_END_DECLS
