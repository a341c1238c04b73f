/* valise-colleagues-window.h - who is paired with this laptop, and pairing with another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Not modal: what happens on the network keeps nobody from reading.
 */

#pragma once

#include <adwaita.h>

#include "valise-pairing-page.h"
#include "valise-vicinity.h"

G_BEGIN_DECLS

#define VALISE_TYPE_COLLEAGUES_WINDOW (valise_colleagues_window_get_type ())

G_DECLARE_FINAL_TYPE (ValiseColleaguesWindow,
                      valise_colleagues_window,
                      VALISE,
                      COLLEAGUES_WINDOW,
                      AdwWindow)

GtkWidget *valise_colleagues_window_new (GtkWindow *parent, ValiseVicinity *vicinity);

/* Shows the page where one pairs, or the list. */
void               valise_colleagues_window_pair (ValiseColleaguesWindow *self, gboolean pair);
ValisePairingPage *valise_colleagues_window_get_pairing (ValiseColleaguesWindow *self);

G_END_DECLS
