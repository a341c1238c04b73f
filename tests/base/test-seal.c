/* test-seal.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "valise-canonical.h"
#include "valise-seal.h"

/* A document with oddities that must survive: order, spaces, escapes, unknown members. */
#define MEMBERS                                                                                    \
  "\"_id\":\"text:A/RES/77/37:fr\",\"type\":\"text\",\"title\":\"R\\u00e9solution \\/ 77\","       \
  "\"zeta\":{ \"b\" : 1 , \"a\":[1,2, 3] },\"number\":-0,\"alpha\":null"

typedef struct
{
  ValiseKey       *key;
  ValisePublicKey *public_key;
  ValiseJson      *document; /* not sealed */
} Fixture;

static const ValiseSealScope scope = { "poa", "public", "text:A/RES/77/37:fr" };

static ValiseJson *
scan (const char *text)
{
  g_autoptr (GError) error = NULL;
  ValiseJson        *json = valise_json_scan_text (text, -1, VALISE_JSON_INTEGERS, &error);

  if (json == NULL)
    g_error ("Refused: %s: %s", text, error->message);
  return json;
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->key = valise_key_generate (&error);
  g_assert_no_error (error);
  fixture->public_key = valise_public_key_new (valise_key_get_public (fixture->key), &error);
  g_assert_no_error (error);
  fixture->document = scan ("{" MEMBERS "}");
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  valise_json_unref (fixture->document);
  valise_public_key_unref (fixture->public_key);
  valise_key_unref (fixture->key);
}

static char *
seal (Fixture *fixture)
{
  return valise_seal_apply (&scope, fixture->document, fixture->key, 7);
}

/* @code is that of a refusal, or -1 for none. */
static void
assert_seal (Fixture *fixture, const ValiseSealScope *where, const char *text, int code)
{
  g_autoptr (ValiseJson) json = scan (text);
  g_autoptr (GError)     error = NULL;
  gboolean               good = valise_seal_check (where, json, fixture->public_key, &error);

  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, VALISE_SEAL_ERROR, code);
  g_assert_cmpint (good, ==, code < 0);
}

static char *
replace (const char *text, const char *from, const char *to)
{
  GString *out = g_string_new (text);

  g_assert_cmpuint (g_string_replace (out, from, to, 1), ==, 1);
  return g_string_free (out, FALSE);
}

static void
sealed_document_passes_and_names_its_seal (Fixture *fixture, gconstpointer data)
{
  g_autofree char       *text = seal (fixture);
  g_autoptr (ValiseJson) json = scan (text);
  g_autofree char       *key_id = valise_seal_dup_key_id (json);

  assert_seal (fixture, &scope, text, -1);
  g_assert_cmpstr (key_id, ==, valise_key_get_id (fixture->key));
  g_assert_cmpint (valise_seal_get_issue (json), ==, 7);
}

static void
sealing_changes_no_other_byte (Fixture *fixture, gconstpointer data)
{
  g_autofree char       *text = seal (fixture);
  g_autoptr (ValiseJson) json = scan (text);
  g_autofree char       *before = valise_canonical_digest (fixture->document);
  g_autofree char       *after = valise_canonical_digest (json);

  g_assert_true (g_str_has_prefix (text, "{" MEMBERS ",\"seal\":{\"issue\":7,\"key\":\""));
  g_assert_true (g_str_has_suffix (text, "\"}}"));
  g_assert_cmpstr (before, ==, after);
}

static void
sealing_again_replaces_the_seal (Fixture *fixture, gconstpointer data)
{
  g_autofree char       *text = seal (fixture);
  g_autofree char       *moved = replace (text, "{" MEMBERS ",", "{");
  g_autofree char       *tail = replace (moved, "\"}}", "\"}," MEMBERS "}");
  g_autofree char       *escaped = replace (tail, "\"seal\"", "\"\\u0073eal\"");
  g_autoptr (ValiseJson) json = scan (escaped);
  g_autofree char       *again = valise_seal_apply (&scope, json, fixture->key, 8);
  g_autoptr (ValiseJson) resealed = scan (again);

  assert_seal (fixture, &scope, escaped, -1);
  assert_seal (fixture, &scope, again, -1);
  g_assert_cmpint (valise_seal_get_issue (resealed), ==, 8);
  g_assert_cmpuint (valise_json_count (resealed, 0), ==, 7);
  g_assert_true (g_str_has_prefix (again, "{" MEMBERS ",\"seal\":{\"issue\":8,"));
}

static void
another_spelling_of_the_same_document_passes (Fixture *fixture, gconstpointer data)
{
  g_autofree char       *text = seal (fixture);
  g_autoptr (ValiseJson) json = scan (text);
  g_autoptr (GString)    canonical = g_string_new (NULL);

  valise_canonical_append (canonical, json, 0);
  g_assert_cmpstr (canonical->str, !=, text);
  assert_seal (fixture, &scope, canonical->str, -1);
}

static void
transport_members_and_signature_are_not_sealed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = seal (fixture);
  g_autofree char *with_revision = replace (text, "\"type\"", "\"_rev\":\"1-a\",\"type\"");
  g_autofree char *with_signature = replace (text, "\"type\"", "\"signed\":{},\"type\"");

  assert_seal (fixture, &scope, with_revision, -1);
  assert_seal (fixture, &scope, with_signature, -1);
}

static void
every_altered_member_is_forged (Fixture *fixture, gconstpointer data)
{
  static const char *const changes[][2] = {
    { "\"type\":\"text\"", "\"type\":\"texT\"" },
    { "\"type\":\"text\",", "" },
    { "solution", "solutioN" },
    { "\\u00e9", "e" },
    { "\"b\" : 1", "\"b\" : 2" },
    { "[1,2, 3]", "[1,3, 2]" },
    { "[1,2, 3]", "[1,2]" },
    { "[1,2, 3]", "\"[1,2, 3]\"" },
    { "\"number\":-0", "\"number\":1" },
    { "\"number\":-0", "\"number\":\"0\"" },
    { "null", "false" },
    { ",\"alpha\":null", "" },
    { "\"alpha\"", "\"alpha2\"" },
    { "\"alpha\"", "\"extra\":1,\"alpha\"" },
    { "\"issue\":7", "\"issue\":8" },
    { "\"zeta\":{", "\"zeta\":{\"seal\":1," },
    { "\"zeta\":{", "\"zeta\":{\"_c\":1," },
  };
  g_autofree char *text = seal (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *altered = replace (text, changes[i][0], changes[i][1]);

      assert_seal (fixture, &scope, altered, VALISE_SEAL_ERROR_FORGED);
    }
}

static void
seal_holds_in_its_own_place_only (Fixture *fixture, gconstpointer data)
{
  static const ValiseSealScope elsewhere[] = {
    { "other", "public", "text:A/RES/77/37:fr" },
    { "poa", "states", "text:A/RES/77/37:fr" },
    { "poa", "public", "text:A/RES/77/37:en" },
    { "poa", "public", "" },
    { "", "poapublic", "text:A/RES/77/37:fr" },
    { "poa\",\"type\":\"text", "public", "text:A/RES/77/37:fr" },
  };
  g_autofree char *text = seal (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    assert_seal (fixture, &elsewhere[i], text, VALISE_SEAL_ERROR_FORGED);
}

static void
type_of_the_id_counts_where_the_document_names_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseJson) plain = scan ("{\"title\":\"x\"}");
  g_autofree char       *text = valise_seal_apply (&scope, plain, fixture->key, 1);
  g_autofree char       *typed = replace (text, "{\"title\"", "{\"type\":\"text\",\"title\"");

  assert_seal (fixture, &scope, text, -1);
  assert_seal (fixture, &scope, typed, VALISE_SEAL_ERROR_FORGED);
}

static void
another_key_is_told_from_a_forgery (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ValiseKey) other = valise_key_generate (NULL);
  g_autofree char      *text = valise_seal_apply (&scope, fixture->document, other, 7);
  g_autofree char      *claimed =
      replace (text, valise_key_get_id (other), valise_key_get_id (fixture->key));

  assert_seal (fixture, &scope, text, VALISE_SEAL_ERROR_WRONG_KEY);
  assert_seal (fixture, &scope, claimed, VALISE_SEAL_ERROR_FORGED);
}

static void
document_without_a_seal_is_absent (Fixture *fixture, gconstpointer data)
{
  g_autofree char       *id = valise_seal_dup_key_id (fixture->document);
  g_autoptr (ValiseJson) array = scan ("[{\"seal\":{}}]");

  assert_seal (fixture, &scope, "{" MEMBERS "}", VALISE_SEAL_ERROR_ABSENT);
  assert_seal (fixture, &scope, "{\"zeta\":{\"seal\":{}}}", VALISE_SEAL_ERROR_ABSENT);
  assert_seal (fixture, &scope, "[]", VALISE_SEAL_ERROR_ABSENT);
  assert_seal (fixture, &scope, "7", VALISE_SEAL_ERROR_ABSENT);
  g_assert_null (id);
  g_assert_cmpint (valise_seal_get_issue (fixture->document), ==, -1);
  g_assert_null (valise_seal_dup_key_id (array));
  g_assert_cmpint (valise_seal_get_issue (array), ==, -1);
}

static void
seal_of_another_form_is_malformed (Fixture *fixture, gconstpointer data)
{
  static const char *const seals[] = {
    "null",
    "true",
    "\"seal\"",
    "[]",
    "{}",
    "{\"key\":1,\"issue\":1,\"signature\":\"x\"}",
    "{\"key\":\"k\",\"issue\":\"1\",\"signature\":\"x\"}",
    "{\"key\":\"k\",\"issue\":-1,\"signature\":\"x\"}",
    "{\"key\":\"k\",\"signature\":\"x\",\"extra\":1}",
    "{\"key\":\"k\",\"issue\":1}",
    "{\"issue\":1,\"signature\":\"x\"}",
    "{\"key\":\"k\",\"issue\":1,\"signature\":null}",
  };
  g_autofree char *good = seal (fixture);
  g_autofree char *wider = replace (good, "\"issue\":7", "\"note\":\"x\",\"issue\":7");
  g_autofree char *short_one = replace (good, "\"}}", "A\"}}");

  for (gsize i = 0; i < G_N_ELEMENTS (seals); i++)
    {
      g_autofree char *text = g_strdup_printf ("{" MEMBERS ",\"seal\":%s}", seals[i]);

      assert_seal (fixture, &scope, text, VALISE_SEAL_ERROR_MALFORMED);
    }
  assert_seal (fixture, &scope, wider, VALISE_SEAL_ERROR_MALFORMED);
  assert_seal (fixture, &scope, short_one, VALISE_SEAL_ERROR_MALFORMED);
}

/* The bytes that are signed are a format of their own: other programs will have to make them,
 * and what was issued must never stop matching. */
static void
statement_is_the_documented_one (Fixture *fixture, gconstpointer data)
{
  static const char  secret[] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"; /* RFC 8032, 7.1 */
  g_autoptr (GError) error = NULL;
  g_autoptr (ValiseKey)  key = valise_key_from_secret (secret, &error);
  g_autoptr (ValiseJson) json = scan ("{\"b\":[2],\"_id\":\"x\",\"a\":1,\"type\":\"text\"}");
  g_autofree char       *sealed = valise_seal_apply (&scope, json, key, 12);
  g_autofree char       *body = g_compute_checksum_for_string (
            G_CHECKSUM_SHA256, "{\"a\":1,\"b\":[2],\"type\":\"text\"}", -1);
  g_autofree char *statement = g_strdup_printf (
      "valise-seal-1\n{\"body\":\"%s\",\"database\":\"public\",\"id\":\"text:A/RES/77/37:fr\","
      "\"issue\":12,\"key\":\"%s\",\"programme\":\"poa\",\"type\":\"text\"}",
      body, valise_key_get_id (key));
  g_autofree char *signature = NULL;

  g_assert_no_error (error);
  signature = valise_key_sign (key, statement, strlen (statement));
  g_assert_nonnull (strstr (sealed, signature));
}

static void
assert_signature (Fixture *fixture, const char *text, gboolean deleted, int code)
{
  g_autoptr (ValiseJson) json = scan (text);
  g_autoptr (GError)     error = NULL;
  gboolean good = valise_signature_check (&scope, json, deleted, fixture->public_key, &error);

  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, VALISE_SEAL_ERROR, code);
  g_assert_cmpint (good, ==, code < 0);
}

static void
signed_document_passes_as_it_was_signed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *live = valise_signature_apply (&scope, fixture->document, FALSE, fixture->key);
  g_autofree char *dead = valise_signature_apply (&scope, fixture->document, TRUE, fixture->key);
  g_autofree char *altered = replace (live, "null", "true");
  g_autofree char *wider = replace (live, "\"device\"", "\"issue\":1,\"device\"");
  g_autoptr (ValiseKey) other = valise_key_generate (NULL);
  g_autofree char      *stranger = valise_signature_apply (&scope, fixture->document, FALSE, other);

  g_assert_true (g_str_has_prefix (live, "{" MEMBERS ",\"signed\":{\"device\":\""));
  assert_signature (fixture, live, FALSE, -1);
  assert_signature (fixture, dead, TRUE, -1);
  assert_signature (fixture, live, TRUE, VALISE_SEAL_ERROR_FORGED);
  assert_signature (fixture, dead, FALSE, VALISE_SEAL_ERROR_FORGED);
  assert_signature (fixture, altered, FALSE, VALISE_SEAL_ERROR_FORGED);
  assert_signature (fixture, stranger, FALSE, VALISE_SEAL_ERROR_WRONG_KEY);
  assert_signature (fixture, wider, FALSE, VALISE_SEAL_ERROR_MALFORMED);
  assert_signature (fixture, "{" MEMBERS "}", FALSE, VALISE_SEAL_ERROR_ABSENT);
}

static void
seal_and_signature_stand_side_by_side (Fixture *fixture, gconstpointer data)
{
  g_autofree char *live = valise_signature_apply (&scope, fixture->document, FALSE, fixture->key);
  g_autoptr (ValiseJson) json = scan (live);
  g_autofree char       *both = valise_seal_apply (&scope, json, fixture->key, 1);

  assert_signature (fixture, both, FALSE, -1);
  assert_seal (fixture, &scope, both, -1);
}

static void
signature_is_no_seal (Fixture *fixture, gconstpointer data)
{
  g_autofree char *live = valise_signature_apply (&scope, fixture->document, FALSE, fixture->key);
  g_autofree char *claimed =
      replace (live, "\"signed\":{\"device\"", "\"seal\":{\"issue\":0,\"key\"");

  assert_seal (fixture, &scope, claimed, VALISE_SEAL_ERROR_FORGED);
}

#define ADD(test) g_test_add ("/seal/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (sealed_document_passes_and_names_its_seal);
  ADD (sealing_changes_no_other_byte);
  ADD (sealing_again_replaces_the_seal);
  ADD (another_spelling_of_the_same_document_passes);
  ADD (transport_members_and_signature_are_not_sealed);
  ADD (every_altered_member_is_forged);
  ADD (seal_holds_in_its_own_place_only);
  ADD (type_of_the_id_counts_where_the_document_names_none);
  ADD (another_key_is_told_from_a_forgery);
  ADD (document_without_a_seal_is_absent);
  ADD (seal_of_another_form_is_malformed);
  ADD (statement_is_the_documented_one);
  ADD (signed_document_passes_as_it_was_signed);
  ADD (seal_and_signature_stand_side_by_side);
  ADD (signature_is_no_seal);

  return g_test_run ();
}
