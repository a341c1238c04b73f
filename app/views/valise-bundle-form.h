/* valise-bundle-form.h - which documents go into a bundle: the rows of a form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-context.h"
#include "valise-courier.h"

G_BEGIN_DECLS

#define VALISE_REQUEST_SUFFIX ".valise-request"

#define VALISE_TYPE_BUNDLE_FORM (valise_bundle_form_get_type ())

/* Signal "changed": something else is chosen now. */
G_DECLARE_FINAL_TYPE (ValiseBundleForm,
                      valise_bundle_form,
                      VALISE,
                      BUNDLE_FORM,
                      AdwPreferencesGroup)

/* Everything goes, until something is chosen. Once. */
void valise_bundle_form_set_context (ValiseBundleForm *self, ValiseContext *context);

/* Fills what @order chooses by; lent, until something changes. */
void valise_bundle_form_read (ValiseBundleForm *self, ValiseCourierOrder *order);

/* The list of what they have is @path, or none. */
void valise_bundle_form_set_request (ValiseBundleForm *self, const char *path);
/* "Without what Jun Park has already", where there is a list; NULL: there is none. */
char *valise_bundle_form_describe_list (ValiseBundleForm *self);
/* Whose list that is, once it was read: as it says, or NULL. */
void valise_bundle_form_name (ValiseBundleForm *self, const char *person);

/* As its user would: the meeting with the id, or any; the language's button; the day, or any. The
 * first is FALSE where that meeting is not here. */
gboolean valise_bundle_form_set_meeting (ValiseBundleForm *self, const char *meeting);
void     valise_bundle_form_set_language (ValiseBundleForm *self, const char *code, gboolean on);
void     valise_bundle_form_set_since (ValiseBundleForm *self, const char *day);

G_END_DECLS
