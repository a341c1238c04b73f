/* valise-pairing-page.h - two people compare six digits, and their laptops are colleagues
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-vicinity.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PAIRING_PAGE (valise_pairing_page_get_type ())

/* Signal "paired" (a person's name): it came about. */
G_DECLARE_FINAL_TYPE (ValisePairingPage, valise_pairing_page, VALISE, PAIRING_PAGE, AdwBin)

GtkWidget *valise_pairing_page_new (ValiseVicinity *vicinity);

/* Lets others ask while it is open; gives up what is under way when it is not. */
void valise_pairing_page_set_open (ValisePairingPage *self, gboolean open);

/* Asks the laptop at @address, as if it had been typed or chosen. */
void valise_pairing_page_call (ValisePairingPage *self, const char *address);

/* The digits that are to be compared, as they stand there; NULL: none. */
const char *valise_pairing_page_get_code (ValisePairingPage *self);

/* As if a button had been pressed. */
void valise_pairing_page_answer (ValisePairingPage *self, gboolean same);

G_END_DECLS
