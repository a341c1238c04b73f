/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-bundle-wall"

#include "config.h"

#include <string.h>

#include "valise-bundle-wall.h"

/* Whose database it is, as its name says: lent from @database, or NULL. */
static const char *
get_owner (const char *database, const char *prefix)
{
  return g_str_has_prefix (database, prefix) ? database + strlen (prefix) : NULL;
}

gboolean
valise_bundle_wall_admits (const char *participant, const char *database)
{
  const char *team = get_owner (database, "team-");
  const char *desk = get_owner (database, "desk-");

  if (team != NULL)
    return g_strcmp0 (team, participant) == 0;
  if (desk != NULL)
    return g_strcmp0 (desk, participant) == 0
           || g_strcmp0 (participant, VALISE_PARTICIPANT_SECRETARIAT) == 0;
  if (g_str_equal (database, "states"))
    return !g_str_has_prefix (participant, "org-"); /* observers are no States */
  return !g_str_equal (database, "inbox")
         || g_strcmp0 (participant, VALISE_PARTICIPANT_SECRETARIAT) == 0;
}

/* Whether what is for @recipient may hold @database, where it leaves @participant. */
static gboolean
may_go (const char *participant, const char *recipient, const char *database)
{
  if (g_str_equal (recipient, VALISE_BUNDLE_FOR_ANYONE))
    return g_str_equal (database, "public") || g_str_equal (database, "states");
  if (g_str_equal (recipient, VALISE_BUNDLE_FOR_COLLEAGUES))
    return valise_bundle_wall_admits (participant, database);
  return valise_bundle_wall_admits (recipient, database);
}

gboolean
valise_bundle_wall_check (const char *participant,
                          const char *recipient,
                          const char *database,
                          GError    **error)
{
  if (valise_bundle_wall_admits (participant, database)
      && may_go (participant, recipient, database))
    return TRUE;
  g_set_error (error, VALISE_BUNDLE_ERROR, VALISE_BUNDLE_ERROR_WALL, "%s does not go from %s to %s",
               database, participant, recipient);
  return FALSE;
}

gboolean
valise_bundle_wall_is_own (const char *database)
{
  return g_str_has_prefix (database, "desk-") || g_str_has_prefix (database, "team-");
}

gboolean
valise_bundle_wall_is_secret (const char *database)
{
  return !g_str_equal (database, "public");
}

gboolean
valise_bundle_wall_has_rules (const char *database)
{
  return !g_str_equal (database, "public") && !g_str_equal (database, "states")
         && !g_str_has_prefix (database, "team-");
}
