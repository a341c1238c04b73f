/* valise-colleague-words.h - what is said of colleagues on the local network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All returned strings are the caller's.
 */

#pragma once

#include "valise-vicinity.h"

G_BEGIN_DECLS

/* "Near · last exchanged at 14:05 · 2 documents wait"; or what went wrong, with the remedy. */
char *valise_colleague_describe (const ValiseVicinityColleague *colleague);

/* How sharing stands, with the remedy where it stands still. */
char *valise_colleague_describe_sharing (ValiseVicinity *vicinity);

/* "2 paired, 1 near"; for a row that leads to more. */
char *valise_colleague_summarise (ValiseVicinity *vicinity);

/* Why a pairing did not come about, and what to do. */
char *valise_colleague_explain_pairing (const GError *error);

/* "Jun Park, of xke". */
char *valise_colleague_name (const char *person, const char *participant);

G_END_DECLS
