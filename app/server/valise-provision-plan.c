/* valise-provision-plan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-provision-plan"

#include "config.h"

#include <string.h>

#include "valise-gate-script.h"
#include "valise-provision-plan.h"
#include "valise-record.h"

#define BUREAU "bureau"

void
valise_provision_user_free (ValiseProvisionUser *self)
{
  g_free (self->name);
  g_free (self->password);
  g_free (self->participant);
  g_free (self->role);
  g_free (self);
}

static void
append_member (GString *out, const char *name, const char *value)
{
  g_string_append_c (out, out->str[out->len - 1] == '{' ? ' ' : ',');
  valise_json_append_string (out, name, -1);
  g_string_append_c (out, ':');
  valise_json_append_string (out, value, -1);
}

static void
append_word (GString *out, const char *word)
{
  if (out->str[out->len - 1] != '[')
    g_string_append_c (out, ',');
  valise_json_append_string (out, word, -1);
}

/* Whether a role that a user has is meant by the readers of @database. Asked of the profile, so
 * that its words are read in one place. */
char *
valise_provision_make_security (ValiseProfile *profile, const char *database)
{
  GString           *out = g_string_new ("{\"admins\":{\"names\":[],\"roles\":[\"_admin\"]},"
                                                   "\"members\":{\"names\":[],\"roles\":[");
  const char *const *roles = valise_profile_get_roles (profile);
  const char        *named = NULL;

  valise_profile_get_id_rule (profile, database, &named);
  for (gsize i = 0; roles[i] != NULL; i++)
    if (valise_profile_may_read (profile, database, NULL, roles[i]))
      append_word (out, roles[i]);
  if (valise_profile_may_read (profile, database, "xxx", roles[0])
      && !valise_profile_may_read (profile, database, NULL, roles[0]))
    append_word (out, "states");
  if (named != NULL)
    {
      g_autofree char *role = g_strconcat (VALISE_GATE_SCRIPT_PARTICIPANT, named, NULL);

      append_word (out, role);
    }
  append_word (out, VALISE_GATE_SCRIPT_RELAY);
  g_string_append (out, "]}}");

  return g_string_free (out, FALSE);
}

char *
valise_provision_make_design (ValiseProfile *profile,
                              GPtrArray     *records,
                              const char    *database,
                              GError       **error)
{
  g_autofree char *script = valise_gate_script_make (profile, records, database, error);
  GString         *out = NULL;

  if (script == NULL)
    return NULL;

  out = g_string_new ("{");
  append_member (out, "_id", VALISE_PROVISION_DESIGN);
  append_member (out, "language", "javascript");
  append_member (out, "validate_doc_update", script);
  g_string_append_c (out, '}');

  return g_string_free (out, FALSE);
}

char *
valise_provision_make_user (const ValiseProvisionUser *user)
{
  GString         *out = g_string_new ("{");
  g_autofree char *id = g_strconcat ("org.couchdb.user:", user->name, NULL);
  g_autofree char *participant =
      user->participant != NULL
          ? g_strconcat (VALISE_GATE_SCRIPT_PARTICIPANT, user->participant, NULL)
          : NULL;

  append_member (out, "_id", id);
  append_member (out, "name", user->name);
  append_member (out, "type", "user");
  if (user->password != NULL)
    append_member (out, "password", user->password);
  g_string_append (out, ",\"roles\":[");
  append_word (out, user->role);
  if (participant != NULL)
    append_word (out, participant);
  /* A State has three letters; see valise-profile.c. */
  if (user->participant != NULL && strlen (user->participant) == 3)
    append_word (out, "states");
  g_string_append (out, "]}");

  return g_string_free (out, FALSE);
}

static void
append_end (GString    *out,
            const char *name,
            const char *url,
            const char *database,
            const char *password)
{
  g_autofree char *address = g_strconcat (url, "/", database, NULL);

  g_string_append_printf (out, ",\"%s\":{", name);
  append_member (out, "url", address);
  if (password != NULL)
    {
      g_string_append (out, ",\"auth\":{\"basic\":{");
      append_member (out, "username", VALISE_PROVISION_RELAY);
      append_member (out, "password", password);
      g_string_append (out, "}}");
    }
  g_string_append_c (out, '}');
}

char *
valise_provision_make_relay (const char *url,
                             const char *source,
                             const char *target,
                             const char *selector,
                             const char *password)
{
  GString         *out = g_string_new ("{");
  g_autofree char *id = g_strconcat ("valise:", source, ":", target, NULL);

  append_member (out, "_id", id);
  append_end (out, "source", url, source, password);
  append_end (out, "target", url, target, password);
  g_string_append (out, ",\"continuous\":true,\"create_target\":false");
  if (selector != NULL)
    g_string_append_printf (out, ",\"selector\":%s", selector);
  g_string_append_c (out, '}');

  return g_string_free (out, FALSE);
}

/* ';' follows ':', so this is whatever begins with "fra:". */
char *
valise_provision_make_selector (const char *participant)
{
  return g_strdup_printf ("{\"_id\":{\"$gte\":\"%s:\",\"$lt\":\"%s;\"}}", participant, participant);
}

char *
valise_provision_make_bureau_selector (GPtrArray *records)
{
  g_autoptr (GString) out = g_string_new ("{\"type\":{\"$in\":[");
  gboolean            any = FALSE;

  for (guint i = 0; i < records->len; i++)
    {
      const ValiseRecord *record = records->pdata[i];

      if (valise_record_find_place (record, BUREAU) == NULL)
        continue;
      append_word (out, record->type);
      any = TRUE;
    }
  g_string_append (out, "]}}");

  return any ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}
