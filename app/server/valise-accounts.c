/* valise-accounts.c - who may sign in, and who was invited to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-accounts"

#include "config.h"

#include <string.h>

#include "valise-accounts.h"
#include "valise-clock.h"
#include "valise-database.h"
#include "valise-id.h"

#define SECRET_BYTES 16 /* 128 bits */

/*
 * Documents: account:NAME {name, participant, role, device, deviceName, salt, digest,
 * confirmed, revoked, created} and invitation:DIGEST {name, participant, role, account, expires,
 * device}, where DIGEST is the token's SHA-256 and device is set once it was used.
 */
struct _ValiseAccounts
{
  ValiseDatabase *database;
  char           *uuid;

  GMutex      lock;   /* all below, and the order of writes */
  GHashTable *people; /* account → ValisePerson */
};

G_DEFINE_QUARK (valise_accounts_error, valise_accounts_error)

static void
append_members (GString *out, const char *const *pairs)
{
  for (guint i = 0; pairs[i] != NULL; i += 2)
    {
      g_string_append (out, out->len > 1 ? ",\"" : "\"");
      g_string_append_printf (out, "%s\":", pairs[i]);
      valise_json_append_string (out, pairs[i + 1], -1);
    }
}

/* Writes @text as the next revision of @id. With the lock held. */
static gboolean
put (ValiseAccounts *self, const char *id, const char *text, GError **error)
{
  g_autoptr (GError)         missing = NULL;
  g_autoptr (ValiseDocument) now = valise_database_get (self->database, id, NULL, &missing);
  g_autoptr (GBytes)         body = g_bytes_new (text, strlen (text));
  g_autofree char           *rev = NULL;

  if (now == NULL
      && !g_error_matches (missing, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }

  rev = valise_database_put (self->database, id, now != NULL ? now->rev : NULL, FALSE, body, NULL,
                             error);
  return rev != NULL;
}

static gboolean
put_person (ValiseAccounts *self, ValisePerson *person, GError **error)
{
  g_autofree char *id = g_strconcat ("account:", person->account, NULL);
  g_autofree char *text = valise_person_to_text (person);

  if (!put (self, id, text, error))
    return FALSE;

  g_hash_table_replace (self->people, person->account, valise_person_ref (person));
  return TRUE;
}

static gboolean
load_person (const ValiseChange *change, gpointer user_data)
{
  ValiseAccounts        *self = user_data;
  g_autoptr (ValiseJson) json = valise_document_scan (change->document, NULL);
  const char            *account = change->id + strlen ("account:");
  ValisePerson          *person = json != NULL ? valise_person_read (account, json) : NULL;

  if (person != NULL)
    g_hash_table_replace (self->people, person->account, person);
  else
    g_message ("%s cannot be read and will not sign in", change->id);

  return TRUE;
}

/**
 * valise_accounts_open:
 * @directory: where accounts.sqlite is or shall be
 *
 * Returns: (transfer full): the accounts; %NULL with any #ValiseDbError
 */
ValiseAccounts *
valise_accounts_open (const char *directory, GError **error)
{
  g_autofree char           *path = g_build_filename (directory, "accounts.sqlite", NULL);
  g_autoptr (ValiseAccounts) self = g_new0 (ValiseAccounts, 1);
  ValiseDatabaseInfo         info = { 0 };

  g_mutex_init (&self->lock);
  self->people =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) valise_person_unref);
  self->database = valise_database_open (path, "accounts", TRUE, error);
  if (self->database == NULL || !valise_database_get_info (self->database, &info, error))
    return NULL;
  self->uuid = g_strdup (info.uuid);
  if (!valise_database_list (self->database, "account:", "account:\xf4\x8f\xbf\xbf", 0,
                             VALISE_CHANGES_DOCUMENTS, load_person, self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
valise_accounts_close (ValiseAccounts *self)
{
  if (self == NULL)
    return;

  if (self->database != NULL)
    valise_database_close (self->database);
  g_clear_object (&self->database);
  g_hash_table_unref (self->people);
  g_mutex_clear (&self->lock);
  g_free (self->uuid);
  g_free (self);
}

const char *
valise_accounts_get_uuid (ValiseAccounts *self)
{
  return self->uuid;
}

ValisePerson *
valise_accounts_find (ValiseAccounts *self, const char *account)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  ValisePerson            *person = g_hash_table_lookup (self->people, account);

  return person != NULL && !person->revoked ? valise_person_ref (person) : NULL;
}

static int
compare_people (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(ValisePerson *const *) a)->account, (*(ValisePerson *const *) b)->account);
}

GPtrArray *
valise_accounts_list (ValiseAccounts *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray     *list = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_person_unref);
  GHashTableIter iter;
  gpointer       person = NULL;

  g_hash_table_iter_init (&iter, self->people);
  while (g_hash_table_iter_next (&iter, NULL, &person))
    if (!((ValisePerson *) person)->revoked)
      g_ptr_array_add (list, valise_person_ref (person));
  g_ptr_array_sort (list, compare_people);

  return list;
}

gboolean
valise_accounts_revoke (ValiseAccounts *self, const char *account, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  ValisePerson            *person = g_hash_table_lookup (self->people, account);
  g_autoptr (ValisePerson) revoked = NULL;

  if (person == NULL || person->revoked)
    {
      g_set_error (error, VALISE_ACCOUNTS_ERROR, VALISE_ACCOUNTS_ERROR_UNKNOWN,
                   "There is no account “%s”.", account);
      return FALSE;
    }

  revoked = valise_person_renew (person, NULL);
  revoked->revoked = TRUE;
  return put_person (self, revoked, error);
}

gboolean
valise_accounts_confirm (ValiseAccounts *self, ValisePerson *person, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  ValisePerson            *now = g_hash_table_lookup (self->people, person->account);
  g_autoptr (ValisePerson) confirmed = NULL;

  if (now != person || person->confirmed)
    return TRUE; /* where it was renewed meanwhile, the next sign-in confirms */

  confirmed = valise_person_renew (person, NULL);
  confirmed->confirmed = TRUE;
  return put_person (self, confirmed, error);
}

ValisePerson *
valise_accounts_check (ValiseAccounts *self,
                       const char     *account,
                       const char     *password,
                       GError        **error)
{
  g_autoptr (ValisePerson) person = valise_accounts_find (self, account);

  if (!valise_person_knows (person, password))
    {
      g_set_error (error, VALISE_ACCOUNTS_ERROR, VALISE_ACCOUNTS_ERROR_UNKNOWN,
                   "Name or password is incorrect.");
      return NULL;
    }

  return g_steal_pointer (&person);
}

static char *
invitation_id (const char *token)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);

  return g_strconcat ("invitation:", digest, NULL);
}

/**
 * valise_accounts_invite:
 * @participant: whose person it is
 * @expires_us: when it ends, in µs since 1970
 *
 * Returns: (transfer full): the token; %NULL with any #ValiseDbError
 */
char *
valise_accounts_invite (ValiseAccounts *self,
                        const char     *name,
                        const char     *participant,
                        const char     *role,
                        gint64          expires_us,
                        GError        **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char         *token = valise_random_token (SECRET_BYTES);
  g_autofree char         *id = invitation_id (token);
  g_autofree char         *suffix = valise_random_hex (5);
  g_autofree char         *account = g_strconcat (participant, "-", suffix, NULL);
  const char *const        pairs[] = { "name", name,      "participant", participant, "role",
                                       role,   "account", account,       NULL };
  g_autoptr (GString)      text = g_string_new ("{");

  append_members (text, pairs);
  g_string_append_printf (text, ",\"expires\":%" G_GINT64_FORMAT "}", expires_us);

  return put (self, id, text->str, error) ? g_steal_pointer (&token) : NULL;
}

/* Notes in the invitation which device used it. With the lock held. */
static gboolean
mark_used (ValiseAccounts   *self,
           const char       *id,
           const ValiseJson *json,
           const char       *device,
           const char       *device_name,
           GError          **error)
{
  g_autofree char    *raw = valise_json_dup_raw (json, 0);
  g_autoptr (GString) text = g_string_new (raw);

  g_string_truncate (text, text->len - 1);
  g_string_append (text, ",\"device\":");
  valise_json_append_string (text, device, -1);
  g_string_append (text, ",\"deviceName\":");
  valise_json_append_string (text, device_name, -1);
  g_string_append_c (text, '}');

  return put (self, id, text->str, error);
}

/* Whether the invitation still serves @device. With the lock held. */
static gboolean
check_invitation (ValiseAccounts *self, const ValiseJson *json, const char *device, GError **error)
{
  g_autofree char *used_by = valise_json_dup_member (json, 0, "device");
  g_autofree char *account = valise_json_dup_member (json, 0, "account");
  ValisePerson    *person = account != NULL ? g_hash_table_lookup (self->people, account) : NULL;

  if ((used_by != NULL && g_strcmp0 (used_by, device) != 0)
      || (person != NULL && (person->confirmed || person->revoked)))
    {
      g_set_error (error, VALISE_ACCOUNTS_ERROR, VALISE_ACCOUNTS_ERROR_USED,
                   "This invitation was used already. Ask the secretariat for another.");
      return FALSE;
    }
  if (valise_clock_now () >= valise_json_get_member_int (json, 0, "expires", 0))
    {
      g_set_error (error, VALISE_ACCOUNTS_ERROR, VALISE_ACCOUNTS_ERROR_EXPIRED,
                   "This invitation was good for seven days. Ask the secretariat for another.");
      return FALSE;
    }

  return TRUE;
}

/* The account that the invitation @json makes. */
static ValisePerson *
create_person (const ValiseJson *json, const char *device, const char *secret)
{
  g_autofree char         *account = valise_json_dup_member (json, 0, "account");
  g_autofree char         *name = valise_json_dup_member (json, 0, "name");
  g_autofree char         *participant = valise_json_dup_member (json, 0, "participant");
  g_autofree char         *role = valise_json_dup_member (json, 0, "role");
  g_autoptr (ValisePerson) invited = valise_person_new (account, name, participant, role);
  ValisePerson            *person = valise_person_renew (invited, secret);

  g_free (person->device);
  person->device = g_strdup (device);

  return person;
}

/* The invitation's text; fails with NO_INVITATION. */
static ValiseJson *
read_invitation (ValiseAccounts *self, const char *id, GError **error)
{
  g_autoptr (GError)         local = NULL;
  g_autoptr (ValiseDocument) document = valise_database_get (self->database, id, NULL, &local);

  if (document != NULL)
    return valise_document_scan (document, error);

  if (g_error_matches (local, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    g_set_error (error, VALISE_ACCOUNTS_ERROR, VALISE_ACCOUNTS_ERROR_NO_INVITATION,
                 "No invitation has this token.");
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/**
 * valise_accounts_join:
 * @device: public key of the laptop
 * @device_name: as its user calls it
 * @password: (out): never written down here
 *
 * The invitation is marked before the account exists, so that whatever fails in between, the
 * same laptop can ask again and no other one can.
 *
 * Returns: (transfer full): the account; %NULL with any #ValiseAccountsError but UNKNOWN, or
 *   any #ValiseDbError
 */
ValisePerson *
valise_accounts_join (ValiseAccounts *self,
                      const char     *token,
                      const char     *device,
                      const char     *device_name,
                      char          **password,
                      GError        **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char         *id = invitation_id (token);
  g_autofree char         *secret = valise_random_token (SECRET_BYTES);
  g_autoptr (ValiseJson)   json = read_invitation (self, id, error);
  g_autoptr (ValisePerson) person = NULL;

  if (json == NULL || !check_invitation (self, json, device, error))
    return NULL;
  if (valise_json_find (json, 0, "device") == VALISE_JSON_NONE
      && !mark_used (self, id, json, device, device_name, error))
    return NULL;

  person = create_person (json, device, secret);
  if (!put_person (self, person, error))
    return NULL;

  *password = g_steal_pointer (&secret);
  return g_steal_pointer (&person);
}
