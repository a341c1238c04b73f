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

#define VALISE_PROFILE_ERROR (valise_profile_error_quark ())

/**
 * ValiseProfileError:
 * @VALISE_PROFILE_ERROR_FORMAT: not a profile
 */
typedef enum
{
  VALISE_PROFILE_ERROR_FORMAT,
} ValiseProfileError;

GQuark valise_profile_error_quark (void);

#define VALISE_TYPE_PROFILE (valise_profile_get_type ())

G_DECLARE_FINAL_TYPE (ValiseProfile, valise_profile, VALISE, PROFILE, GObject)

/* A profile shipped with Valise ("poa"), or the text of the `programme` document. Fails with
 * FORMAT, any #ValiseJsonError, or a #GResourceError where none of that name is shipped. */
ValiseProfile *valise_profile_load (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ValiseProfile *valise_profile_parse (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *const *valise_profile_get_languages (ValiseProfile *self);
const char *const *valise_profile_get_roles (ValiseProfile *self);

/* The whole of it, for what only one room asks (bodies, limits…). Lent. */
const ValiseJson *valise_profile_get_json (ValiseProfile *self);

/* The databases of @participant ("xke", "org-icrc", "secretariat") in @role that it may read,
 * in the order in which they should sync: "public", "states", "desk-xke"…
 * A team's own database is not among them: it is never on the secretariat's server. */
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

/* What ids in @database begin with: "participant" (the one after whom it is named),
 * "any-participant", or %NULL: nothing. @named: (out): that participant, lent from @database, or
 * %NULL. */
const char *valise_profile_get_id_rule (ValiseProfile *self,
                                        const char    *database,
                                        const char   **named);

/* Whether every leaf of @database must carry a seal. */
gboolean valise_profile_is_sealed (ValiseProfile *self, const char *database);

/**
 * valise_profile_admits:
 * @audience: words: "everyone" (with any role of the profile), "states" (participants that are
 *   States), "participant" (after whom @database is named), or a role
 * @participant: (nullable):
 * @roles: (nullable): the roles held
 *
 * Whether one of @audience is meant by who asks. Somebody without a role of the profile is
 * never meant.
 */
gboolean valise_profile_admits (ValiseProfile     *self,
                                const char *const *audience,
                                const char        *database,
                                const char        *participant,
                                const char *const *roles);

/**
 * valise_profile_check_prefix:
 * @rest: (out): where "TYPE:KEY" begins in @id, lent
 *
 * Whether @id may stand in @database as far as its prefix goes: in a desk it begins with the
 * desk's participant, in `inbox` and `bureau` with some participant (DESIGN §4). `file:SHA256`
 * may stand anywhere: it is nobody's name.
 */
gboolean valise_profile_check_prefix (ValiseProfile *self,
                                      const char    *database,
                                      const char    *id,
                                      const char   **rest);

/* The databases that a secretariat's server has from the start: those that are no pattern. */
char **valise_profile_dup_server_databases (ValiseProfile *self);

/* The next symbol's pattern for @kind in @year: "A/AC.292/2026/WP.%u"; NULL without a series. */
char *valise_profile_dup_series (ValiseProfile *self, const char *kind, int year);

/* What all symbols of that series begin with, whatever the year: "A/AC.292/". */
char *valise_profile_dup_series_root (ValiseProfile *self, const char *kind);

G_END_DECLS
