/* valise-extension-handlers.c - what CouchDB has no endpoint for: joining, and one's account
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-extension-handlers"

#include "config.h"

#include <string.h>

#include "valise-access.h"
#include "valise-canonical.h"
#include "valise-clock.h"
#include "valise-handlers.h"
#include "valise-key.h"

#define MAX_NAME 200 /* bytes of a device's name */

void
valise_account_append_databases (GString *out, ValiseProfile *profile, const ValisePerson *person)
{
  g_auto (GStrv) names = valise_profile_dup_databases (profile, person->participant, person->role);

  g_string_append (out, "\"databases\":[");
  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean reads =
          valise_profile_may_read (profile, names[i], person->participant, person->role);
      gboolean writes =
          valise_profile_may_write (profile, names[i], person->participant, person->role);

      g_string_append (out, i > 0 ? ",{\"name\":" : "{\"name\":");
      valise_json_append_string (out, names[i], -1);
      g_string_append_printf (out, ",\"read\":%s,\"write\":%s}", reads ? "true" : "false",
                              writes ? "true" : "false");
    }
  g_string_append_c (out, ']');
}

VALISE_HANDLER (account)
{
  g_string_append_c (answer->text, '{');
  valise_account_append_databases (answer->text, valise_office_get_profile (service->office),
                                   request->person);
  valise_answer_append_member (answer->text, "account", request->person->account);
  valise_answer_append_member (answer->text, "participant", request->person->participant);
  valise_answer_append_member (answer->text, "role", request->person->role);
  g_string_append_printf (answer->text, ",\"time\":%" G_GINT64_FORMAT "}\n", valise_clock_now ());
}

/* --- joining -------------------------------------------------------------------------------- */

/* The certificate: {device, key, participant, person, programme, role} and, over
 * "valise-certificate-1\n" and the canonical JSON of those, the certifying key's signature. */
static gboolean
append_certificate (GString            *out,
                    ValiseRegistry     *registry,
                    const ValisePerson *person,
                    GError            **error)
{
  ValiseKey                  *key = valise_registry_get_certifying_key (registry);
  g_autoptr (ValisePublicKey) device = valise_public_key_new (person->device, error);
  g_autoptr (GString)         text = g_string_new ("{\"device\":");
  g_autoptr (GString)         covered = g_string_new ("valise-certificate-1\n");
  g_autoptr (ValiseJson)      json = NULL;
  g_autofree char            *signature = NULL;

  if (device == NULL)
    return FALSE;

  valise_json_append_string (text, valise_public_key_get_id (device), -1);
  valise_answer_append_member (text, "key", person->device);
  valise_answer_append_member (text, "participant", person->participant);
  valise_answer_append_member (text, "person", person->name);
  valise_answer_append_member (text, "programme", valise_registry_get_programme (registry));
  valise_answer_append_member (text, "role", person->role);
  g_string_append_c (text, '}');
  json = valise_json_scan_text (text->str, (gssize) text->len, VALISE_JSON_ANY, error);
  if (json == NULL)
    return FALSE;
  valise_canonical_append (covered, json, 0);
  signature = valise_key_sign (key, covered->str, covered->len);

  g_string_truncate (text, text->len - 1);
  g_string_append (out, text->str);
  valise_answer_append_member (out, "signer", valise_key_get_id (key));
  valise_answer_append_member (out, "signature", signature);
  g_string_append_c (out, '}');
  return TRUE;
}

static gboolean
append_joined (GString            *out,
               ValiseRegistry     *registry,
               const ValisePerson *person,
               const char         *password,
               GError            **error)
{
  ValiseProfile     *profile = valise_registry_get_profile (registry);
  const char *const *languages = valise_profile_get_languages (profile);

  g_string_append (out, "{\"account\":");
  valise_json_append_string (out, person->account, -1);
  valise_answer_append_member (out, "password", password);
  valise_answer_append_member (out, "participant", person->participant);
  valise_answer_append_member (out, "person", person->name);
  valise_answer_append_member (out, "role", person->role);
  g_string_append (out, ",\"languages\":[");
  for (guint i = 0; languages[i] != NULL; i++)
    g_string_append_printf (out, i > 0 ? ",\"%s\"" : "\"%s\"", languages[i]);
  g_string_append (out, "],");
  valise_account_append_databases (out, profile, person);
  g_string_append (out, ",\"certificate\":");
  if (!append_certificate (out, registry, person, error))
    return FALSE;
  g_string_append_printf (out, ",\"time\":%" G_GINT64_FORMAT "}\n", valise_clock_now ());

  return TRUE;
}

/* The request's members; FALSE with 400 where they are not what a laptop sends. */
static gboolean
read_question (const ValiseRequest *request,
               char               **token,
               char               **device,
               char               **name,
               GError             **error)
{
  g_autoptr (ValiseJson)      json = valise_request_scan (request, error);
  g_autoptr (ValisePublicKey) key = NULL;

  if (json == NULL)
    return FALSE;
  *token = valise_json_dup_member (json, 0, "token");
  *device = valise_json_dup_member (json, 0, "device");
  *name = valise_json_dup_member (json, 0, "name");
  if (*device != NULL)
    key = valise_public_key_new (*device, NULL);
  if (*name == NULL)
    *name = g_strdup ("");
  if (*token != NULL && key != NULL && strlen (*name) <= MAX_NAME)
    return TRUE;

  g_set_error (error, VALISE_HTTP_ERROR, 400,
               "Joining takes {token, device: a public key, name: of at most %d bytes}", MAX_NAME);
  return FALSE;
}

static void
fail_join (ValiseService       *service,
           const ValiseRequest *request,
           ValiseAnswer        *answer,
           const GError        *error)
{
  static const struct
  {
    ValiseAccountsError code;
    const char         *name;
  } failures[] = {
    { VALISE_ACCOUNTS_ERROR_NO_INVITATION, "invitation_unknown" },
    { VALISE_ACCOUNTS_ERROR_USED, "invitation_used" },
    { VALISE_ACCOUNTS_ERROR_EXPIRED, "invitation_expired" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    if (g_error_matches (error, VALISE_ACCOUNTS_ERROR, (int) failures[i].code))
      {
        valise_throttle_note_failure (service->throttle, request->address);
        valise_answer_fail (answer, 403, failures[i].name, error->message);
        return;
      }

  valise_answer_fail_with (answer, error);
}

VALISE_HANDLER (join)
{
  ValiseRegistry          *registry = valise_office_get_registry (service->office);
  g_autofree char         *token = NULL;
  g_autofree char         *device = NULL;
  g_autofree char         *name = NULL;
  g_autofree char         *password = NULL;
  g_autoptr (GError)       error = NULL;
  g_autoptr (ValisePerson) person = NULL;

  if (!valise_access_may_try (service, request, answer))
    return;

  if (read_question (request, &token, &device, &name, &error))
    person = valise_accounts_join (valise_office_get_accounts (service->office), token, device,
                                   name, &password, &error);
  answer->status = 201;
  if (person == NULL || !append_joined (answer->text, registry, person, password, &error))
    fail_join (service, request, answer, error);
}
