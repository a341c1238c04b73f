/* valise-command-provision.c - valise-server provision
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-command-provision"

#include "config.h"

#include <string.h>

#include "valise-command.h"
#include "valise-provision.h"
#include "valise-record.h"

#define LOOPBACK "http://127.0.0.1:5984"

typedef struct
{
  char    *profile;
  char   **participants;
  char    *users;
  char   **trust;
  char    *relay_url;
  gboolean dry;
} Options;

static void
clear_options (Options *options)
{
  g_free (options->profile);
  g_strfreev (options->participants);
  g_free (options->users);
  g_strfreev (options->trust);
  g_free (options->relay_url);
}

/* [{name, password, participant, role}, …]; a user who is there already needs no password. */
static gboolean
read_users (const char *path, ValiseProfile *profile, GPtrArray *users, GError **error)
{
  g_autofree char       *text = NULL;
  gsize                  length = 0;
  g_autoptr (ValiseJson) json = NULL;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;
  json = valise_json_scan_text (text, (gssize) length, VALISE_JSON_ANY, error);
  if (json == NULL)
    return FALSE;

  for (guint i = valise_json_first (json, 0); i != VALISE_JSON_NONE; i = valise_json_next (json, i))
    {
      ValiseProvisionUser *user = g_new0 (ValiseProvisionUser, 1);

      user->name = valise_json_dup_member (json, i, "name");
      user->password = valise_json_dup_member (json, i, "password");
      user->participant = valise_json_dup_member (json, i, "participant");
      user->role = valise_json_dup_member (json, i, "role");
      g_ptr_array_add (users, user);
      if (user->name == NULL || *user->name == '\0' || user->participant == NULL
          || user->role == NULL
          || !g_strv_contains (valise_profile_get_roles (profile), user->role))
        {
          g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                       "%s: user %u lacks a name, a participant or a role of the profile", path,
                       users->len);
          return FALSE;
        }
    }
  return TRUE;
}

/* Those named, and those of the users; the secretariat reads every desk in the inbox. */
static char **
list_participants (const Options *options, ValiseProfile *profile, GPtrArray *users, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray)  all = g_ptr_array_new ();

  for (gsize i = 0; options->participants != NULL && options->participants[i] != NULL; i++)
    g_ptr_array_add (all, options->participants[i]);
  for (guint i = 0; i < users->len; i++)
    g_ptr_array_add (all, ((ValiseProvisionUser *) g_ptr_array_index (users, i))->participant);

  for (guint i = 0; i < all->len;)
    {
      const char      *participant = g_ptr_array_index (all, i);
      g_autofree char *desk = g_strconcat ("desk-", participant, NULL);

      if (!valise_profile_has_database (profile, desk))
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "“%s” is no participant: three letters of a State, or org-NAME",
                       participant);
          return NULL;
        }
      if (strcmp (participant, "secretariat") == 0
          || !g_hash_table_add (seen, (gpointer) participant))
        g_ptr_array_remove_index (all, i);
      else
        i++;
    }
  g_ptr_array_add (all, NULL);
  return g_strdupv ((char **) all->pdata);
}

static void
print_line (const char *done, gpointer user_data)
{
  g_print ("%s\n", done);
}

static gboolean
provision (const char *url, const Options *options, GError **error)
{
  g_autoptr (ValiseProfile) profile =
      valise_profile_load (options->profile != NULL ? options->profile : "poa", error);
  g_autoptr (GPtrArray) records = profile != NULL ? valise_record_load_all (error) : NULL;
  g_autoptr (GPtrArray) users =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_provision_user_free);
  g_auto (GStrv)       participants = NULL;
  ValiseProvision      plan = { 0 };
  ValiseProvisionCount count = { 0 };
  gboolean             ok = FALSE;

  if (records == NULL
      || (options->users != NULL && !read_users (options->users, profile, users, error)))
    return FALSE;
  participants = list_participants (options, profile, users, error);
  if (participants == NULL)
    return FALSE;

  plan.address.url = url;
  plan.address.user = g_getenv ("VALISE_USER");
  plan.address.password = g_getenv ("VALISE_PASSWORD");
  plan.address.pin = options->trust != NULL ? options->trust[0] : NULL;
  plan.address.backup_pin =
      options->trust != NULL && options->trust[0] != NULL ? options->trust[1] : NULL;
  plan.profile = profile;
  plan.records = records;
  plan.participants = (const char *const *) participants;
  plan.users = users;
  plan.relay_url = options->relay_url != NULL ? options->relay_url : LOOPBACK;
  plan.relay_password = g_getenv ("VALISE_RELAY_PASSWORD");
  plan.dry = options->dry;

  ok = valise_provision_run (&plan, print_line, NULL, &count, error);
  g_print ("%u %s, %u as they should be\n", count.changed, plan.dry ? "to change" : "changed",
           count.kept);
  if (ok && plan.relay_password == NULL)
    g_print ("no relay was made: its password goes in VALISE_RELAY_PASSWORD\n");
  return ok;
}

int
valise_command_provision (int argc, char **argv)
{
  Options            options = { 0 };
  int                status = 0;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "profile", 0, 0, G_OPTION_ARG_STRING, &options.profile, "The programme's profile (poa)",
      "NAME" },
    { "participant", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.participants,
      "Who has a desk, repeated; those of users have one anyway", "ISO3|org-NAME" },
    { "users", 0, 0, G_OPTION_ARG_FILENAME, &options.users,
      "A JSON array of {name, password, participant, role}", "FILE" },
    { "trust", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.trust,
      "The server has this public key (SHA-256 of its SPKI, in hex)", "FINGERPRINT" },
    { "relay-url", 0, 0, G_OPTION_ARG_STRING, &options.relay_url,
      "How the server reaches itself (" LOOPBACK ")", "URL" },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry,
      "Tell what would change, and change nothing", NULL },
    { NULL }
  };

  if (valise_command_parse (
          "provision URL [--profile NAME] [--participant P]… [--users FILE] [--dry-run]",
          "Prepares an Apache CouchDB, 3.3 or later, for a programme: databases, members, rules,\n"
          "users and relays. What is as it should be stays, so it may be run again.\n"
          "VALISE_USER and VALISE_PASSWORD are an administrator's, VALISE_RELAY_PASSWORD is for\n"
          "the relay's user.",
          entries, &argc, &argv, 1, 1, &status))
    status = provision (argv[1], &options, &error) ? VALISE_EXIT_OK : valise_command_fail (error);
  clear_options (&options);

  return status;
}
