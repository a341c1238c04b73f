/* valise-bundle-row.h - the way by USB stick or e-mail, a row of the sync panel
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-account.h"

G_BEGIN_DECLS

#define VALISE_TYPE_BUNDLE_ROW (valise_bundle_row_get_type ())

/* Its buttons activate app.open-bundle and app.write-bundle. */
G_DECLARE_FINAL_TYPE (ValiseBundleRow, valise_bundle_row, VALISE, BUNDLE_ROW, AdwActionRow)

GtkWidget *valise_bundle_row_new (void);

/* The row below it: saves the list of what is here, for who writes one. */
GtkWidget *valise_bundle_row_new_request (void);

/* @account: (nullable). Says when the last one was written; again whenever it is shown. */
void valise_bundle_row_set_account (ValiseBundleRow *self, ValiseAccount *account);

G_END_DECLS
