/* valise-import.h - turns what a reader found into a paper, its text, its meeting and item
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-issuer.h"
#include "valise-registry.h"

G_BEGIN_DECLS

/* As valise_registry_import(), adding to @issuer what is to be written. After a failure the
 * caller drops what was added. */
gboolean valise_import_add (ValiseIssuer              *issuer,
                            ValiseProfile             *profile,
                            ValiseHome                *home,
                            const ValiseReading       *reading,
                            const ValiseImportOptions *options,
                            ValiseImport              *outcome,
                            char                     **symbol,
                            GError                   **error);

/* As valise_registry_get_original_type() and valise_registry_import_original(). */
const char *valise_import_get_original_type (GBytes *bytes);
gboolean    valise_import_add_original (ValiseIssuer              *issuer,
                                        ValiseHome                *home,
                                        GBytes                    *bytes,
                                        const ValiseImportOptions *options,
                                        ValiseImport              *outcome,
                                        char                     **symbol,
                                        GError                   **error);

/**
 * valise_import_add_session:
 * @body: "ga"
 * @session: "77"
 * @meeting: (out): the id of that session's meeting; %NULL where the profile gives the body no
 *   sessions
 *
 * Adds the meeting where it is missing.
 */
gboolean valise_import_add_session (ValiseIssuer  *issuer,
                                    ValiseProfile *profile,
                                    const char    *body,
                                    const char    *session,
                                    char         **meeting,
                                    GError       **error);

/* Who wrote it: whom the reader names, the body, or, where its words say that it is "co-sponsored
 * by" those whom a note lists, these. Sets `authors`, and then `sponsors`. */
void valise_import_set_author (JsonObject *paper, const ValiseReading *reading);

/* Those names, or NULL. */
GPtrArray *valise_import_list_cosponsors (const ValiseReading *reading);

/* Whether the meeting's agenda has the item; FALSE too, with @error, where it cannot be read. */
gboolean valise_import_has_item (ValiseIssuer *issuer,
                                 const char   *meeting,
                                 const char   *item,
                                 GError      **error);

/* Adds the item to the meeting's agenda where it is missing, and its title (may be NULL) in
 * @language where that is; what is there stays. */
gboolean valise_import_add_item (ValiseIssuer *issuer,
                                 const char   *meeting,
                                 const char   *item,
                                 const char   *title,
                                 const char   *language,
                                 gboolean     *changed,
                                 GError      **error);

G_END_DECLS
