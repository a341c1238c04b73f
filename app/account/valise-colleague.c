/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-colleague"

#include "config.h"

#include <string.h>

#include "valise-canonical.h"
#include "valise-colleague.h"
#include "valise-home.h"
#include "valise-membership.h"
#include "valise-peer-error.h"

#define FILE_NAME      "colleagues.json"
#define MAX_COLLEAGUES 100
#define MAX_WORD       200 /* bytes of a name */

/* The list is read, changed and written by a server's threads and by those of visits. */
static GMutex list_mutex;

static gboolean
is_shown (gunichar character)
{
  switch (g_unichar_type (character))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

gboolean
valise_colleague_is_name (const char *name)
{
  if (name == NULL || *name == '\0' || strlen (name) > MAX_WORD
      || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    if (!is_shown (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

ValiseColleague *
valise_colleague_new (const char *key)
{
  ValiseColleague *self = g_new0 (ValiseColleague, 1);

  self->key = g_strdup (key);
  return self;
}

ValiseColleague *
valise_colleague_copy (const ValiseColleague *self)
{
  ValiseColleague *copy = g_new0 (ValiseColleague, 1);

  *copy = *self;
  copy->key = g_strdup (self->key);
  copy->person = g_strdup (self->person);
  copy->participant = g_strdup (self->participant);
  copy->role = g_strdup (self->role);
  copy->address = g_strdup (self->address);
  return copy;
}

void
valise_colleague_free (ValiseColleague *self)
{
  g_free (self->key);
  g_free (self->person);
  g_free (self->participant);
  g_free (self->role);
  g_free (self->address);
  g_free (self);
}

/* --- the list ------------------------------------------------------------------------------ */

static char *
make_path (ValiseAccount *account)
{
  return g_build_filename (valise_home_get_directory (valise_account_get_home (account)), FILE_NAME,
                           NULL);
}

static void
read_colleague (GPtrArray *list, const ValiseJson *json, guint token)
{
  g_autofree char            *key = valise_json_dup_member (json, token, "key");
  g_autoptr (ValiseColleague) found = NULL;

  if (key == NULL || list->len >= MAX_COLLEAGUES)
    return;
  found = valise_colleague_new (key);
  found->person = valise_json_dup_member (json, token, "person");
  found->participant = valise_json_dup_member (json, token, "participant");
  found->role = valise_json_dup_member (json, token, "role");
  found->address = valise_json_dup_member (json, token, "address");
  found->paired_us = valise_json_get_member_int (json, token, "paired", 0);
  found->reached_us = valise_json_get_member_int (json, token, "reached", 0);
  found->desk_seq = valise_json_get_member_int (json, token, "desk_seq", 0);
  found->team_seq = valise_json_get_member_int (json, token, "team_seq", 0);
  g_ptr_array_add (list, g_steal_pointer (&found));
}

static GPtrArray *
load (ValiseAccount *account)
{
  GPtrArray       *list = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_colleague_free);
  g_autofree char *path = make_path (account);
  g_autofree char *text = NULL;
  g_autoptr (ValiseJson) json = NULL;
  guint                  array = VALISE_JSON_NONE;

  if (g_file_get_contents (path, &text, NULL, NULL))
    json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, NULL);
  if (json != NULL)
    array = valise_json_find (json, 0, "colleagues");
  if (array == VALISE_JSON_NONE)
    return list;
  for (guint token = valise_json_first (json, array); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    read_colleague (list, json, token);
  return list;
}

GPtrArray *
valise_colleagues_load (ValiseAccount *account)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&list_mutex);

  return load (account);
}

ValiseColleague *
valise_colleagues_find (GPtrArray *colleagues, const char *name)
{
  ValiseColleague *found = NULL;
  guint            named = 0;

  for (guint i = 0; name != NULL && i < colleagues->len; i++)
    {
      ValiseColleague *colleague = g_ptr_array_index (colleagues, i);

      if (g_str_equal (colleague->key, name))
        return colleague;
      if (g_strcmp0 (colleague->person, name) != 0)
        continue;
      found = colleague;
      named++;
    }
  return named == 1 ? found : NULL;
}

/* As the eye reads it. */
static char *
dup_folded (const char *name)
{
  g_autofree char *composed = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = composed != NULL ? g_utf8_casefold (composed, -1) : NULL;

  return folded != NULL ? g_strdup (g_strstrip (folded)) : g_strdup ("");
}

static gboolean
is_same_name (const char *folded, const char *name)
{
  g_autofree char *other = name != NULL ? dup_folded (name) : NULL;

  return g_strcmp0 (folded, other) == 0;
}

gboolean
valise_colleagues_is_taken (GPtrArray     *colleagues,
                            ValiseAccount *account,
                            const char    *key,
                            const char    *name)
{
  g_autofree char *folded = dup_folded (name);

  for (guint i = 0; i < colleagues->len; i++)
    {
      const ValiseColleague *colleague = g_ptr_array_index (colleagues, i);

      if (!g_str_equal (colleague->key, key) && is_same_name (folded, colleague->person))
        return TRUE;
    }
  return is_same_name (folded, valise_account_get_person (account));
}

static void
append_member (GString *out, const char *name, const char *value)
{
  if (value == NULL)
    return;
  g_string_append_printf (out, "\"%s\":", name);
  valise_json_append_string (out, value, -1);
  g_string_append_c (out, ',');
}

static gboolean
save (ValiseAccount *account, GPtrArray *list, GError **error)
{
  g_autofree char    *path = make_path (account);
  g_autoptr (GString) out = g_string_new ("{\"colleagues\":[");

  for (guint i = 0; i < list->len; i++)
    {
      const ValiseColleague *colleague = g_ptr_array_index (list, i);

      g_string_append (out, i > 0 ? ",{" : "{");
      append_member (out, "key", colleague->key);
      append_member (out, "person", colleague->person);
      append_member (out, "participant", colleague->participant);
      append_member (out, "role", colleague->role);
      append_member (out, "address", colleague->address);
      g_string_append_printf (
          out,
          "\"paired\":%" G_GINT64_FORMAT ",\"reached\":%" G_GINT64_FORMAT
          ",\"desk_seq\":%" G_GINT64_FORMAT ",\"team_seq\":%" G_GINT64_FORMAT "}",
          colleague->paired_us, colleague->reached_us, colleague->desk_seq, colleague->team_seq);
    }
  g_string_append (out, "]}\n");
  return g_file_set_contents_full (path, out->str, (gssize) out->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static gboolean
take_out (GPtrArray *list, const char *key)
{
  guint before = list->len;

  for (guint i = list->len; i-- > 0;)
    if (g_str_equal (((ValiseColleague *) g_ptr_array_index (list, i))->key, key))
      g_ptr_array_remove_index (list, i);
  return list->len < before;
}

gboolean
valise_colleagues_add (ValiseAccount *account, const ValiseColleague *colleague, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&list_mutex);
  g_autoptr (GPtrArray)    list = load (account);

  take_out (list, colleague->key);
  g_ptr_array_add (list, valise_colleague_copy (colleague));
  return save (account, list, error);
}

gboolean
valise_colleagues_update (ValiseAccount *account, const ValiseColleague *colleague, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&list_mutex);
  g_autoptr (GPtrArray)    list = load (account);

  if (!take_out (list, colleague->key))
    return TRUE;
  g_ptr_array_add (list, valise_colleague_copy (colleague));
  return save (account, list, error);
}

gboolean
valise_colleagues_remove (ValiseAccount *account, const char *key, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&list_mutex);
  g_autoptr (GPtrArray)    list = load (account);

  take_out (list, key);
  return save (account, list, error);
}

/* --- where they listen --------------------------------------------------------------------- */

char *
valise_colleague_dup_url (const char *address, GError **error)
{
  g_autoptr (GError)             failure = NULL;
  g_autoptr (GSocketConnectable) where =
      g_network_address_parse (address, VALISE_COLLEAGUE_PORT, &failure);
  GNetworkAddress *parsed = (GNetworkAddress *) where;

  if (parsed != NULL && *g_network_address_get_hostname (parsed) != '\0')
    return g_uri_join (G_URI_FLAGS_NONE, "https", NULL, g_network_address_get_hostname (parsed),
                       g_network_address_get_port (parsed), "", NULL, NULL);
  g_set_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_NETWORK, "%s is no address%s%s", address,
               failure != NULL ? ": " : "", failure != NULL ? failure->message : "");
  return NULL;
}

/* --- certificates -------------------------------------------------------------------------- */

/* The certifying key @id that the `keys` document here names, which came under the root's seal. */
static ValisePublicKey *
find_certifier (ValiseAccount *account, const char *id)
{
  g_autoptr (ValiseDatabase) public =
      valise_home_get_database (valise_account_get_home (account), "public", FALSE, NULL);
  g_autoptr (ValiseDocument) keys = NULL;
  g_autoptr (ValiseJson)     json = NULL;
  guint                      list = VALISE_JSON_NONE;

  if (public != NULL)
    keys = valise_database_get (public, "keys", NULL, NULL);
  if (keys != NULL && keys->body != NULL)
    json = valise_document_scan (keys, NULL);
  if (json != NULL)
    list = valise_json_find (json, 0, "keys");
  if (list == VALISE_JSON_NONE)
    return NULL;
  for (guint token = valise_json_first (json, list); token != VALISE_JSON_NONE;
       token = valise_json_next (json, token))
    {
      g_autofree char            *use = valise_json_dup_member (json, token, "use");
      g_autofree char            *text = valise_json_dup_member (json, token, "public");
      g_autoptr (ValisePublicKey) key = text != NULL ? valise_public_key_new (text, NULL) : NULL;

      if (key != NULL && g_strcmp0 (use, "certifying") == 0
          && !valise_json_get_member_true (json, token, "revoked")
          && g_strcmp0 (valise_public_key_get_id (key), id) == 0)
        return g_steal_pointer (&key);
    }
  return NULL;
}

/* What the signature covers: the certificate without the two members that make it one. */
static char *
dup_covered (const ValiseJson *json)
{
  static const char *const names[] = {
    "device", "key", "participant", "person", "programme", "role"
  };
  g_autoptr (GString)    text = g_string_new ("{");
  g_autoptr (GString)    covered = g_string_new ("valise-certificate-1\n");
  g_autoptr (ValiseJson) bare = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *value = valise_json_dup_member (json, 0, names[i]);

      if (value == NULL || strlen (value) > MAX_WORD)
        return NULL;
      g_string_append_printf (text, "%s\"%s\":", i > 0 ? "," : "", names[i]);
      valise_json_append_string (text, value, -1);
    }
  g_string_append_c (text, '}');
  bare = valise_json_scan_text (text->str, (gssize) text->len, VALISE_JSON_ANY, NULL);
  if (bare == NULL)
    return NULL;
  valise_canonical_append (covered, bare, 0);
  return g_string_free (g_steal_pointer (&covered), FALSE);
}

static gboolean
is_certified (ValiseColleague *self, ValiseAccount *account, const ValiseJson *json)
{
  g_autofree char            *key = valise_json_dup_member (json, 0, "key");
  g_autofree char            *programme = valise_json_dup_member (json, 0, "programme");
  g_autofree char            *signer = valise_json_dup_member (json, 0, "signer");
  g_autofree char            *signature = valise_json_dup_member (json, 0, "signature");
  g_autofree char            *covered = dup_covered (json);
  g_autoptr (ValisePublicKey) certifier = NULL;

  if (signer == NULL || signature == NULL || covered == NULL || g_strcmp0 (key, self->key) != 0
      || g_strcmp0 (programme, valise_account_get_programme (account)) != 0)
    return FALSE;
  certifier = find_certifier (account, signer);
  return certifier != NULL
         && valise_public_key_verify (certifier, covered, strlen (covered), signature, NULL);
}

gboolean
valise_colleague_take_certificate (ValiseColleague *self, ValiseAccount *account, const char *text)
{
  g_autoptr (ValiseJson) json =
      text != NULL ? valise_json_scan_text (text, -1, VALISE_JSON_ANY, NULL) : NULL;

  if (json == NULL || !is_certified (self, account, json))
    return FALSE;
  g_free (self->person);
  g_free (self->participant);
  g_free (self->role);
  self->person = valise_json_dup_member (json, 0, "person");
  self->participant = valise_json_dup_member (json, 0, "participant");
  self->role = valise_json_dup_member (json, 0, "role");
  return TRUE;
}

char *
valise_account_dup_introduction (ValiseAccount *account)
{
  g_autoptr (ValiseMembership) membership = valise_account_dup_membership (account);
  GString                     *out = g_string_new ("{\"person\":");

  valise_json_append_string (out, membership->person != NULL ? membership->person : "", -1);
  if (membership->certificate != NULL)
    g_string_append_printf (out, ",\"certificate\":%s", membership->certificate);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}
