/* valise-history.h - where one was, for Back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValiseHistory ValiseHistory;

ValiseHistory *valise_history_new (void) G_GNUC_WARN_UNUSED_RESULT;
void           valise_history_free (ValiseHistory *self);
void           valise_history_clear (ValiseHistory *self);

/* A place, and in Papers the paper that lay open (nullable). The same twice counts once. */
void valise_history_push (ValiseHistory *self, const char *place, const char *symbol);

/* The last place pushed, which is forgotten; FALSE: there is none. */
gboolean valise_history_pop (ValiseHistory *self, char **place, char **symbol);

G_END_DECLS
