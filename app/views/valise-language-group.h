/* valise-language-group.h - the languages to fetch, a switch each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define VALISE_TYPE_LANGUAGE_GROUP (valise_language_group_get_type ())

/* Signal "changed": a switch was thrown. */
G_DECLARE_FINAL_TYPE (ValiseLanguageGroup,
                      valise_language_group,
                      VALISE,
                      LANGUAGE_GROUP,
                      AdwPreferencesGroup)

/* Offers @offered (NULL or empty: the six), with @chosen (NULL: all) on. */
void valise_language_group_offer (ValiseLanguageGroup *self,
                                  const char *const   *offered,
                                  const char *const   *chosen);

/* The codes that are on, at least one: the last cannot be switched off. */
char **valise_language_group_dup_chosen (ValiseLanguageGroup *self);

G_END_DECLS
