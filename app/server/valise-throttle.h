/* valise-throttle.h - how often an address may fail to sign in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * By address, not by account: a limit by account would let anybody lock a delegation out.
 * Any thread.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_THROTTLE_FAILURES 10 /* in a row, then one in: */
#define VALISE_THROTTLE_REFILL_S 6

typedef struct _ValiseThrottle ValiseThrottle;

ValiseThrottle *valise_throttle_new (void) G_GNUC_WARN_UNUSED_RESULT;
void            valise_throttle_free (ValiseThrottle *self);

/* Whether @address may try now; else how many seconds to wait, in @wait_s (out). */
gboolean valise_throttle_may_try (ValiseThrottle *self, const char *address, guint *wait_s);
void     valise_throttle_note_failure (ValiseThrottle *self, const char *address);

G_END_DECLS
