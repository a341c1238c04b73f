/* valise-profile.h - what a programme is made of, as data
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * data/profiles/NAME.json: bodies, languages, roles, databases with who reads and writes them,
 * the series in which symbols are given. Issued as the document `programme` of `public`.
 */

#pragma once

#include "valise-json.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PROFILE (valise_profile_get_type ())

G_DECLARE_FINAL_TYPE (ValiseProfile, valise_profile, VALISE, PROFILE, GObject)

/* A profile shipped with Valise ("poa"), or the text of the `programme` document. */
ValiseProfile *valise_profile_load (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ValiseProfile *valise_profile_parse (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *const *valise_profile_get_languages (ValiseProfile *self);
const char *const *valise_profile_get_roles (ValiseProfile *self);

/* The databases of @participant ("xke", "org-icrc", "secretariat") in @role that it may read,
 * in the order in which they should sync: "public", "states", "desk-xke"… */
char **valise_profile_dup_databases (ValiseProfile *self,
                                     const char    *participant,
                                     const char    *role);

/* Whether somebody may read or write @database at all; what exactly, the gate judges. */
gboolean valise_profile_may_read (ValiseProfile *self,
                                  const char    *database,
                                  const char    *participant,
                                  const char    *role);
gboolean valise_profile_may_write (ValiseProfile *self,
                                   const char    *database,
                                   const char    *participant,
                                   const char    *role);

/* Whether the profile describes @database at all (desks and teams by pattern). */
gboolean valise_profile_has_database (ValiseProfile *self, const char *database);

/* The next symbol's pattern for @kind in @year: "A/AC.292/2026/WP.%u"; NULL without a series. */
char *valise_profile_dup_series (ValiseProfile *self, const char *kind, int year);

G_END_DECLS
