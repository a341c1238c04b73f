/* valise-ways.h - the ways by which things move: the connection, and whatever else there is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-context.h"

G_BEGIN_DECLS

#define VALISE_TYPE_WAYS (valise_ways_get_type ())

G_DECLARE_FINAL_TYPE (ValiseWays, valise_ways, VALISE, WAYS, GtkBox)

/* Says again how the day's limit stands, and which languages are fetched. @context: not NULL. */
void valise_ways_update (ValiseWays *self, ValiseContext *context);

/* Adds a way of another kind below: an AdwActionRow made elsewhere. */
void valise_ways_append (ValiseWays *self, GtkWidget *row);

G_END_DECLS
