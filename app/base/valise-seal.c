/* valise-seal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-seal"

#include "config.h"

#include "valise-canonical.h"
#include "valise-id.h"
#include "valise-seal.h"

#define MAX_ISSUE (G_GINT64_CONSTANT (1) << 53) /* as in any of our documents */

/* What stands in a document's `seal` or `signed`. */
typedef struct
{
  char  *key; /* the id of the key, or of the device's */
  char  *signature;
  gint64 issue; /* -1 in a signature */
} Proof;

G_DEFINE_QUARK (valise_seal_error, valise_seal_error)

static void
clear_proof (Proof *proof)
{
  g_clear_pointer (&proof->key, g_free);
  g_clear_pointer (&proof->signature, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Proof, clear_proof)

static void
append_member (GString *out, const char *name, const char *value)
{
  valise_json_append_string (out, name, -1);
  g_string_append_c (out, ':');
  valise_json_append_string (out, value, -1);
  g_string_append_c (out, ',');
}

/* The type that the document gives itself, or, where it gives none, that of its id. */
static char *
dup_type (const ValiseSealScope *scope, const ValiseJson *json)
{
  char *type = valise_json_dup_member (json, 0, "type");

  return type != NULL ? type : valise_id_dup_type (scope->id);
}

/* What a seal's signature is over. The members stand in canonical order. */
static GString *
state_seal (const ValiseSealScope *scope, const ValiseJson *json, const char *key, gint64 issue)
{
  GString         *out = g_string_new ("valise-seal-1\n{");
  g_autofree char *body = valise_canonical_digest (json);
  g_autofree char *type = dup_type (scope, json);

  append_member (out, "body", body);
  append_member (out, "database", scope->database);
  append_member (out, "id", scope->id);
  g_string_append_printf (out, "\"issue\":%" G_GINT64_FORMAT ",", issue);
  append_member (out, "key", key);
  append_member (out, "programme", scope->programme);
  append_member (out, "type", type);
  out->str[out->len - 1] = '}'; /* was the last comma */

  return out;
}

/* What a laptop's signature is over. */
static GString *
state_signature (const ValiseSealScope *scope,
                 const ValiseJson      *json,
                 gboolean               deleted,
                 const char            *device)
{
  GString         *out = g_string_new ("valise-signed-1\n{");
  g_autofree char *body = valise_canonical_digest (json);

  append_member (out, "body", body);
  append_member (out, "database", scope->database);
  g_string_append_printf (out, "\"deleted\":%s,", deleted ? "true" : "false");
  append_member (out, "device", device);
  append_member (out, "id", scope->id);
  append_member (out, "programme", scope->programme);
  out->str[out->len - 1] = '}';

  return out;
}

/**
 * valise_seal_apply:
 * @scope: where the document stands
 * @json: a document, scanned with %VALISE_JSON_INTEGERS
 * @key: an issuing key
 * @issue: its issue number, from 0 to 2⁵³, above every one given before
 *
 * Seals a document. Any thread.
 *
 * Returns: (transfer full): the text of the document with its seal
 */
char *
valise_seal_apply (const ValiseSealScope *scope,
                   const ValiseJson      *json,
                   ValiseKey             *key,
                   gint64                 issue)
{
  g_autoptr (GString) statement = NULL;
  g_autofree char    *signature = NULL;
  g_autofree char    *seal = NULL;

  g_return_val_if_fail (valise_json_get_kind (json, 0) == VALISE_JSON_KIND_OBJECT, NULL);
  g_return_val_if_fail (issue >= 0 && issue <= MAX_ISSUE, NULL);

  statement = state_seal (scope, json, valise_key_get_id (key), issue);
  signature = valise_key_sign (key, statement->str, statement->len);
  seal = g_strdup_printf ("{\"issue\":%" G_GINT64_FORMAT ",\"key\":\"%s\",\"signature\":\"%s\"}",
                          issue, valise_key_get_id (key), signature);

  return valise_json_dup_with (json, "seal", seal);
}

char *
valise_seal_dup_key_id (const ValiseJson *json)
{
  return valise_json_dup_member (json, valise_json_find (json, 0, "seal"), "key");
}

gint64
valise_seal_get_issue (const ValiseJson *json)
{
  gint64 issue = valise_json_get_member_int (json, valise_json_find (json, 0, "seal"), "issue", -1);

  return issue >= 0 && issue <= MAX_ISSUE ? issue : -1;
}

static gboolean
fail (GError **error, ValiseSealError code, const ValiseSealScope *scope, const char *what)
{
  g_set_error (error, VALISE_SEAL_ERROR, code, "%s in %s: %s", scope->id, scope->database, what);
  return FALSE;
}

/* Reads member @name, which is to hold a signature, the key's id as member @key_name, and
 * nothing else but, in a seal, the issue: what the signature does not cover has no place. */
static gboolean
read_proof (const ValiseSealScope *scope,
            const ValiseJson      *json,
            const char            *name,
            const char            *key_name,
            Proof                 *proof,
            GError               **error)
{
  guint    token = valise_json_find (json, 0, name);
  gboolean is_seal = g_str_equal (name, "seal");

  if (token == VALISE_JSON_NONE)
    return fail (error, VALISE_SEAL_ERROR_ABSENT, scope, is_seal ? "not sealed" : "not signed");

  proof->key = valise_json_dup_member (json, token, key_name);
  proof->signature = valise_json_dup_member (json, token, "signature");
  proof->issue = is_seal ? valise_seal_get_issue (json) : -1;
  if (proof->key == NULL || proof->signature == NULL || (is_seal && proof->issue < 0)
      || valise_json_count (json, token) != (is_seal ? 3 : 2))
    return fail (error, VALISE_SEAL_ERROR_MALFORMED, scope, "a seal or signature of another form");

  return TRUE;
}

static gboolean
check_proof (const ValiseSealScope *scope,
             const Proof           *proof,
             const GString         *statement,
             ValisePublicKey       *key,
             GError               **error)
{
  g_autoptr (GError) reason = NULL;

  if (valise_public_key_verify (key, statement->str, statement->len, proof->signature, &reason))
    return TRUE;

  return fail (error,
               g_error_matches (reason, VALISE_KEY_ERROR, VALISE_KEY_ERROR_FORMAT)
                   ? VALISE_SEAL_ERROR_MALFORMED
                   : VALISE_SEAL_ERROR_FORGED,
               scope, reason->message);
}

/**
 * valise_seal_check:
 * @scope: where the document was found
 * @json: the document, scanned with %VALISE_JSON_INTEGERS (two texts of other numbers can
 *   have one canonical form)
 * @key: the key that valise_seal_dup_key_id() named
 *
 * Whether the secretariat issued this document, here, with every word of it. Says nothing
 * about its `_` members. Any thread.
 *
 * Fails with any #ValiseSealError.
 */
gboolean
valise_seal_check (const ValiseSealScope *scope,
                   const ValiseJson      *json,
                   ValisePublicKey       *key,
                   GError               **error)
{
  g_auto (Proof)      proof = { 0 };
  g_autoptr (GString) statement = NULL;

  if (!read_proof (scope, json, "seal", "key", &proof, error))
    return FALSE;
  if (!g_str_equal (proof.key, valise_public_key_get_id (key)))
    return fail (error, VALISE_SEAL_ERROR_WRONG_KEY, scope, "sealed by another key");

  statement = state_seal (scope, json, proof.key, proof.issue);
  return check_proof (scope, &proof, statement, key, error);
}

/**
 * valise_signature_apply:
 * @scope: where the document stands
 * @json: a document, scanned with %VALISE_JSON_INTEGERS
 * @deleted: whether its revision is a tombstone
 * @device: this laptop's key
 *
 * Signs a document. Any thread.
 *
 * Returns: (transfer full): the text of the document with its `signed` (re)placed last
 */
char *
valise_signature_apply (const ValiseSealScope *scope,
                        const ValiseJson      *json,
                        gboolean               deleted,
                        ValiseKey             *device)
{
  g_autoptr (GString) statement = NULL;
  g_autofree char    *signature = NULL;
  g_autofree char    *proof = NULL;

  g_return_val_if_fail (valise_json_get_kind (json, 0) == VALISE_JSON_KIND_OBJECT, NULL);

  statement = state_signature (scope, json, deleted, valise_key_get_id (device));
  signature = valise_key_sign (device, statement->str, statement->len);
  proof = g_strdup_printf ("{\"device\":\"%s\",\"signature\":\"%s\"}", valise_key_get_id (device),
                           signature);

  return valise_json_dup_with (json, "signed", proof);
}

/* As valise_seal_check(), of the signature that the device @device made. */
gboolean
valise_signature_check (const ValiseSealScope *scope,
                        const ValiseJson      *json,
                        gboolean               deleted,
                        ValisePublicKey       *device,
                        GError               **error)
{
  g_auto (Proof)      proof = { 0 };
  g_autoptr (GString) statement = NULL;

  if (!read_proof (scope, json, "signed", "device", &proof, error))
    return FALSE;
  if (!g_str_equal (proof.key, valise_public_key_get_id (device)))
    return fail (error, VALISE_SEAL_ERROR_WRONG_KEY, scope, "signed by another device");

  statement = state_signature (scope, json, deleted, proof.key);
  return check_proof (scope, &proof, statement, device, error);
}
