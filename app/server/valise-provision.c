/* valise-provision.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-provision"

#include "config.h"

#include <string.h>

#include "valise-canonical.h"
#include "valise-gate-script.h"
#include "valise-http-client.h"
#include "valise-provision.h"

#define LEAST_MAJOR 3
#define LEAST_MINOR 3

/* One run. */
typedef struct
{
  const ValiseProvision *plan;
  ValiseHttpClient      *client;
  ValiseProvisionFunc    func;
  gpointer               user_data;
  ValiseProvisionCount  *count;
} Run;

/* Says what is changed, in the words of @verb, and whether to go on and change it. */
static gboolean
announce (Run *run, const char *verb, const char *what)
{
  g_autofree char *line =
      g_strdup_printf ("%s%s %s", run->plan->dry ? "would have " : "", verb, what);

  run->count->changed++;
  run->func (line, run->user_data);
  return !run->plan->dry;
}

/* What is at @path; @found is %NULL, and that no failure, where there is nothing. */
static gboolean
look (Run *run, const char *path, ValiseJson **found, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *found = valise_http_client_exchange (run->client, "GET", path, NULL, &failure);
  if (*found != NULL || g_error_matches (failure, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
put (Run *run, const char *path, const char *body, GError **error)
{
  g_autoptr (ValiseJson) answer =
      valise_http_client_exchange (run->client, "PUT", path, body, error);

  return answer != NULL;
}

/* --- comparing --------------------------------------------------------------------------- */

/* What may not be read back: a password is hashed, a relay's hidden from who is no administrator.
 */
static gboolean
is_secret (const char *name)
{
  return strcmp (name, "password") == 0 || strcmp (name, "auth") == 0;
}

static gboolean
is_same (const ValiseJson *wanted, guint a, const ValiseJson *found, guint b)
{
  g_autoptr (GString) one = g_string_new (NULL);
  g_autoptr (GString) other = g_string_new (NULL);

  if (b == VALISE_JSON_NONE || valise_json_get_kind (wanted, a) != valise_json_get_kind (found, b))
    return FALSE;
  if (valise_json_get_kind (wanted, a) != VALISE_JSON_KIND_OBJECT)
    {
      valise_canonical_append (one, wanted, a);
      valise_canonical_append (other, found, b);
      return g_string_equal (one, other);
    }

  for (guint i = valise_json_first (wanted, a); i != VALISE_JSON_NONE;
       i = valise_json_next (wanted, i))
    {
      g_autofree char *name = valise_json_dup_name (wanted, i);
      guint            there = valise_json_find (found, b, name);

      if (is_secret (name) && there == VALISE_JSON_NONE)
        continue;
      if (!is_same (wanted, i, found, there))
        return FALSE;
    }
  return TRUE;
}

/* @wanted, with those members of @found that it does not name: `_rev`, a user's key. */
static char *
merge (const ValiseJson *wanted, const ValiseJson *found)
{
  g_autoptr (GString) out = g_string_new ("{");
  g_autofree char    *rest = valise_json_dup_raw (wanted, 0);

  for (guint i = valise_json_first (found, 0); i != VALISE_JSON_NONE;
       i = valise_json_next (found, i))
    {
      g_autofree char *name = valise_json_dup_name (found, i);
      g_autofree char *value = valise_json_dup_raw (found, i);

      if (valise_json_find (wanted, 0, name) != VALISE_JSON_NONE)
        continue;
      valise_json_append_string (out, name, -1);
      g_string_append_printf (out, ":%s,", value);
    }
  g_string_append (out, strchr (rest, '{') + 1);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* --- what there must be ------------------------------------------------------------------ */

/* @what: as it is told. */
static gboolean
settle (Run *run, const char *path, const char *wanted, const char *what, GError **error)
{
  g_autoptr (ValiseJson) json = valise_json_scan_text (wanted, -1, VALISE_JSON_ANY, error);
  g_autoptr (ValiseJson) found = NULL;
  g_autofree char       *body = NULL;

  if (json == NULL || !look (run, path, &found, error))
    return FALSE;
  if (found != NULL && is_same (json, 0, found, 0))
    {
      run->count->kept++;
      return TRUE;
    }
  if (!announce (run, "set", what))
    return TRUE;

  body = found != NULL ? merge (json, found) : g_strdup (wanted);
  return put (run, path, body, error);
}

static gboolean
settle_database (Run *run, const char *name, GError **error)
{
  g_autofree char       *path = g_strconcat ("/", name, NULL);
  g_autofree char       *what = g_strconcat ("database ", name, NULL);
  g_autoptr (ValiseJson) found = NULL;

  if (!look (run, path, &found, error))
    return FALSE;
  if (found == NULL)
    return !announce (run, "made", what) || put (run, path, NULL, error);

  run->count->kept++;
  return TRUE;
}

/* The gate goes before the members: at no moment may somebody write what it would refuse. */
static gboolean
settle_rules (Run *run, const char *name, GError **error)
{
  const ValiseProvision *plan = run->plan;
  g_autofree char       *design_path = g_strconcat ("/", name, "/" VALISE_PROVISION_DESIGN, NULL);
  g_autofree char       *security_path = g_strconcat ("/", name, "/_security", NULL);
  g_autofree char       *design_what = g_strconcat ("the rules of ", name, NULL);
  g_autofree char       *security_what = g_strconcat ("the members of ", name, NULL);
  g_autofree char       *security = valise_provision_make_security (plan->profile, name);
  g_autofree char       *design =
      valise_provision_make_design (plan->profile, plan->records, name, error);

  return design != NULL && settle (run, design_path, design, design_what, error)
         && settle (run, security_path, security, security_what, error);
}

static gboolean
settle_databases (Run *run, char **names, GError **error)
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (!settle_database (run, names[i], error) || !settle_rules (run, names[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
settle_user (Run *run, const ValiseProvisionUser *user, GError **error)
{
  g_autofree char       *escaped = g_uri_escape_string (user->name, NULL, FALSE);
  g_autofree char       *path = g_strconcat ("/_users/org.couchdb.user%3A", escaped, NULL);
  g_autofree char       *what = g_strconcat ("user ", user->name, NULL);
  g_autofree char       *wanted = NULL;
  g_autoptr (ValiseJson) found = NULL;
  ValiseProvisionUser    known = *user;

  if (!look (run, path, &found, error))
    return FALSE;
  if (found == NULL && user->password == NULL)
    {
      g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_MISSING,
                   "%s is not a user yet, and no password is given", user->name);
      return FALSE;
    }
  if (found != NULL)
    known.password = NULL; /* the password that somebody uses is not ours to change */
  wanted = valise_provision_make_user (&known);
  return settle (run, path, wanted, what, error);
}

static gboolean
settle_relay (Run        *run,
              const char *source,
              const char *target,
              const char *selector,
              GError    **error)
{
  g_autofree char *path = g_strconcat ("/_replicator/valise%3A", source, "%3A", target, NULL);
  g_autofree char *what = g_strconcat ("relay from ", source, " to ", target, NULL);
  g_autofree char *wanted = valise_provision_make_relay (run->plan->relay_url, source, target,
                                                         selector, run->plan->relay_password);

  return settle (run, path, wanted, what, error);
}

/* The desks with the inbox, and the inbox with the bureau. What a desk brings is its own by id: the
 * desk's rules say so, and the relay does not rely on them. Each names what it takes, also so that
 * no design document is among it, which a relay's user may not write. */
static gboolean
settle_relays (Run *run, GError **error)
{
  g_autofree char *bureau = valise_provision_make_bureau_selector (run->plan->records);

  for (gsize i = 0; run->plan->participants[i] != NULL; i++)
    {
      const char      *participant = run->plan->participants[i];
      g_autofree char *desk = g_strconcat ("desk-", participant, NULL);
      g_autofree char *selector = valise_provision_make_selector (participant);

      if (!settle_relay (run, desk, "inbox", selector, error)
          || !settle_relay (run, "inbox", desk, selector, error))
        return FALSE;
    }
  return bureau == NULL
         || (settle_relay (run, "inbox", "bureau", bureau, error)
             && settle_relay (run, "bureau", "inbox", bureau, error));
}

/* --- a run ------------------------------------------------------------------------------- */

/* Another server that speaks the protocol is for those who know what they do. */
static gboolean
check_version (Run *run, GError **error)
{
  g_autoptr (ValiseJson) root = valise_http_client_exchange (run->client, "GET", "/", NULL, error);
  g_autofree char       *version = NULL;
  g_autofree char       *couchdb = NULL;
  char                  *end = NULL;
  gint64                 major = 0, minor = 0;

  if (root == NULL)
    return FALSE;
  version = valise_json_dup_member (root, 0, "version");
  couchdb = valise_json_dup_member (root, 0, "couchdb");
  if (couchdb == NULL)
    {
      run->func ("note: this is not an Apache CouchDB", run->user_data);
      return TRUE;
    }

  major = version != NULL ? g_ascii_strtoll (version, &end, 10) : 0;
  minor = end != NULL && *end == '.' ? g_ascii_strtoll (end + 1, NULL, 10) : 0;
  if (major > LEAST_MAJOR || (major == LEAST_MAJOR && minor >= LEAST_MINOR))
    return TRUE;
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_PROTOCOL,
               "CouchDB %s is older than %d.%d", version != NULL ? version : "?", LEAST_MAJOR,
               LEAST_MINOR);
  return FALSE;
}

static char **
list_desks (const char *const *participants)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (gsize i = 0; participants[i] != NULL; i++)
    {
      g_autofree char *name = g_strconcat ("desk-", participants[i], NULL);

      g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

static gboolean
settle_users (Run *run, GError **error)
{
  const ValiseProvision    *plan = run->plan;
  const ValiseProvisionUser relay = { (char *) VALISE_PROVISION_RELAY,
                                      (char *) plan->relay_password, NULL,
                                      (char *) VALISE_GATE_SCRIPT_RELAY };

  for (guint i = 0; i < plan->users->len; i++)
    if (!settle_user (run, g_ptr_array_index (plan->users, i), error))
      return FALSE;
  return plan->relay_password == NULL || settle_user (run, &relay, error);
}

gboolean
valise_provision_run (const ValiseProvision *self,
                      ValiseProvisionFunc    func,
                      gpointer               user_data,
                      ValiseProvisionCount  *count,
                      GError               **error)
{
  g_autoptr (ValiseHttpClient) client = valise_http_client_new (&self->address, error);
  g_auto (GStrv)               shared = valise_profile_dup_server_databases (self->profile);
  g_auto (GStrv)               desks = list_desks (self->participants);
  Run                          run = { self, client, func, user_data, count };

  memset (count, 0, sizeof *count);
  return client != NULL && check_version (&run, error) && settle_database (&run, "_users", error)
         && settle_database (&run, "_replicator", error) && settle_databases (&run, shared, error)
         && settle_databases (&run, desks, error) && settle_users (&run, error)
         && (self->relay_password == NULL || settle_relays (&run, error));
}
