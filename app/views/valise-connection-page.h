/* valise-connection-page.h - what the network may cost, in plain words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-scheduler.h"

G_BEGIN_DECLS

#define VALISE_TYPE_CONNECTION_PAGE (valise_connection_page_get_type ())

/* What is changed counts at once. */
G_DECLARE_FINAL_TYPE (ValiseConnectionPage,
                      valise_connection_page,
                      VALISE,
                      CONNECTION_PAGE,
                      AdwPreferencesPage)

GtkWidget *valise_connection_page_new (ValiseScheduler *scheduler);

G_END_DECLS
