/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-trust"

#include "config.h"

#include "valise-canonical.h"
#include "valise-revision.h"
#include "valise-seal.h"
#include "valise-trust.h"

#define KEYS_ID  "keys"
#define MAX_KEYS 64

/* Where every leaf is sealed (DESIGN §4). */
static const char *const sealed_databases[] = { "public", "states", NULL };

/**
 * ValiseTrust:
 *
 * The keys change when a newer `keys` document passes the gate; judging goes on meanwhile
 * with those known before.
 */
struct _ValiseTrust
{
  GObject parent_instance;

  char            *programme;
  ValisePublicKey *root;

  GRWLock     lock;  /* of what follows */
  GHashTable *keys;  /* ValisePublicKey by id: those that issue */
  gint64      issue; /* of the `keys` document that they are from; -1: none yet */
};

static void valise_trust_init_gate (ValiseGateInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ValiseTrust,
                               valise_trust,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_GATE, valise_trust_init_gate))

static gboolean
refuse (GError **error, ValiseGateError code, const ValiseWrite *write, const char *why)
{
  g_set_error (error, VALISE_GATE_ERROR, (int) code, "%s: %s", write->document->id, why);
  return FALSE;
}

static ValisePublicKey *
dup_key (ValiseTrust *self, const char *id)
{
  ValisePublicKey *key = NULL;

  g_rw_lock_reader_lock (&self->lock);
  key = g_hash_table_lookup (self->keys, id);
  if (key != NULL)
    valise_public_key_ref (key);
  g_rw_lock_reader_unlock (&self->lock);
  return key;
}

/* The key that seals @write must be: the root for `keys`, else one that issues. */
static ValisePublicKey *
find_key (ValiseTrust *self, const ValiseWrite *write, GError **error)
{
  g_autofree char *id = NULL;
  ValisePublicKey *key = NULL;

  if (g_str_equal (write->document->id, KEYS_ID))
    return valise_public_key_ref (self->root);

  id = valise_seal_dup_key_id (write->json);
  key = id != NULL ? dup_key (self, id) : NULL;
  if (id == NULL)
    refuse (error, VALISE_GATE_ERROR_SEAL, write, "its seal names no key");
  else if (key == NULL)
    g_set_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_UNKNOWN_KEY,
                 "%s: sealed by a key that nobody vouches for: %s", write->document->id, id);
  return key;
}

static gboolean
check_seal (ValiseTrust *self, const ValiseWrite *write, GError **error)
{
  g_autoptr (ValisePublicKey) key = find_key (self, write, error);
  g_autoptr (GError)          failure = NULL;
  ValiseSealScope             scope = { self->programme, write->database, write->document->id };

  if (key == NULL)
    return FALSE;
  if (!valise_seal_check (&scope, write->json, key, &failure))
    return refuse (error, VALISE_GATE_ERROR_SEAL, write, failure->message);
  return TRUE;
}

/* What an edit of this content on this parent is called, by anybody's reckoning. */
static gboolean
check_revision (const ValiseWrite *write, GError **error)
{
  const ValiseDocument *document = write->document;
  gint64                generation = g_ascii_strtoll (document->rev, NULL, 10);
  g_autofree char      *parent = NULL, *expected = NULL;

  if (generation > 1)
    {
      if (document->ancestors == NULL || document->ancestors[0] == NULL)
        return refuse (error, VALISE_GATE_ERROR_REVISION, write,
                       "its revision does not say what it follows");
      parent = g_strdup_printf ("%" G_GINT64_FORMAT "-%s", generation - 1, document->ancestors[0]);
    }
  expected = valise_canonical_revision (parent, document->deleted, write->json);
  if (g_str_equal (expected, document->rev))
    return TRUE;
  g_set_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_REVISION,
               "%s: is called revision %s, its content makes %s", document->id, document->rev,
               expected);
  return FALSE;
}

/* What the secretariat sealed long ago stays sealed, and whoever has a copy can give it a longer
 * history, so that it wins: issue numbers only rise, so it is known by its own. */
static gboolean
check_issue (const ValiseWrite *write, GError **error)
{
  const ValiseDocument  *previous = write->previous;
  gint64                 issue = valise_seal_get_issue (write->json);
  g_autoptr (ValiseJson) json = NULL;

  if (previous == NULL || previous->body == NULL || previous->rev == NULL
      || valise_revision_compare (write->document->rev, previous->rev) < 0)
    return TRUE;

  json = valise_document_scan (previous, NULL);
  if (json == NULL || valise_seal_get_issue (json) <= issue)
    return TRUE;
  return refuse (error, VALISE_GATE_ERROR_SEAL, write, "it was issued before what is here");
}

/* A tombstone carries no seal, nor do documents that predate it: whether such a thing may be
 * is the word of the account's own server alone. */
static gboolean
is_bare (const ValiseWrite *write)
{
  return write->document->deleted || valise_json_find (write->json, 0, "seal") == VALISE_JSON_NONE;
}

static gboolean
judge (ValiseGate *gate, const ValiseWrite *write, GError **error)
{
  ValiseTrust *self = VALISE_TRUST (gate);
  gboolean     keys = g_str_equal (write->document->id, KEYS_ID);

  if (write->source == VALISE_SOURCE_PEER && !check_revision (write, error))
    return FALSE;
  if (!g_strv_contains (sealed_databases, write->database))
    return TRUE;
  if (is_bare (write))
    {
      if (write->source == VALISE_SOURCE_SERVER && !keys)
        return TRUE;
      return refuse (error, VALISE_GATE_ERROR_SEAL, write,
                     write->document->deleted ? "only the secretariat withdraws here"
                                              : "it carries no seal");
    }
  if (!check_seal (self, write, error)
      || (write->source == VALISE_SOURCE_PEER && !check_issue (write, error)))
    return FALSE;
  return !keys || valise_trust_load_keys (self, write->json, error);
}

/* Withdrawal is a sealed state. */
static gboolean
takes_tombstones (ValiseGate *gate, const char *database, ValiseSource source)
{
  return source == VALISE_SOURCE_SERVER || !g_strv_contains (sealed_databases, database);
}

static void
valise_trust_init_gate (ValiseGateInterface *iface)
{
  iface->judge = judge;
  iface->takes_tombstones = takes_tombstones;
}

static void
valise_trust_finalize (GObject *object)
{
  ValiseTrust *self = VALISE_TRUST (object);

  g_free (self->programme);
  g_clear_pointer (&self->root, valise_public_key_unref);
  g_hash_table_unref (self->keys);
  g_rw_lock_clear (&self->lock);

  G_OBJECT_CLASS (valise_trust_parent_class)->finalize (object);
}

static void
valise_trust_class_init (ValiseTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_trust_finalize;
}

static void
valise_trust_init (ValiseTrust *self)
{
  g_rw_lock_init (&self->lock);
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify) valise_public_key_unref);
  self->issue = -1;
}

/**
 * valise_trust_new:
 * @programme: the programme's id
 * @root: the public key that the invitation pinned
 *
 * Knows no issuing key until a `keys` document is loaded, or passes the gate. Any thread.
 *
 * Returns: (transfer full): a gate, or %NULL with a #ValiseKeyError
 */
ValiseTrust *
valise_trust_new (const char *programme, const char *root, GError **error)
{
  g_autoptr (ValisePublicKey) key = NULL;
  ValiseTrust                *self = NULL;

  g_return_val_if_fail (programme != NULL && root != NULL, NULL);

  key = valise_public_key_new (root, error);
  if (key == NULL)
    return NULL;
  self = g_object_new (VALISE_TYPE_TRUST, NULL);
  self->programme = g_strdup (programme);
  self->root = g_steal_pointer (&key);
  return self;
}

/* The issuing keys that @json lists; those revoked are left out. */
static GHashTable *
read_keys (const ValiseJson *json)
{
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify) valise_public_key_unref);
  guint       list = valise_json_find (json, 0, "keys");

  if (list == VALISE_JSON_NONE)
    return keys;
  for (guint token = valise_json_first (json, list);
       token != VALISE_JSON_NONE && g_hash_table_size (keys) < MAX_KEYS;
       token = valise_json_next (json, token))
    {
      g_autofree char            *use = valise_json_dup_member (json, token, "use");
      g_autofree char            *text = valise_json_dup_member (json, token, "public");
      g_autoptr (ValisePublicKey) key = NULL;

      if (g_strcmp0 (use, "issuing") != 0 || text == NULL
          || valise_json_get_member_true (json, token, "revoked"))
        continue;
      key = valise_public_key_new (text, NULL); /* one that is none can seal nothing */
      if (key != NULL)
        {
          char *id = g_strdup (valise_public_key_get_id (key));

          g_hash_table_replace (keys, id, g_steal_pointer (&key));
        }
    }
  return keys;
}

/**
 * valise_trust_load_keys:
 * @keys: the body of the `keys` document of `public`; untrusted
 *
 * One older than what is known changes nothing: a stolen key must not come back. Any thread.
 *
 * Returns: %FALSE with %VALISE_GATE_ERROR_SEAL where the root key did not seal it
 */
gboolean
valise_trust_load_keys (ValiseTrust *self, const ValiseJson *keys, GError **error)
{
  ValiseSealScope    scope = { NULL, sealed_databases[0], KEYS_ID };
  g_autoptr (GError) failure = NULL;
  gint64             issue = 0;

  g_return_val_if_fail (VALISE_IS_TRUST (self), FALSE);
  g_return_val_if_fail (keys != NULL, FALSE);

  scope.programme = self->programme;
  if (!valise_seal_check (&scope, keys, self->root, &failure))
    {
      g_set_error (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_SEAL,
                   KEYS_ID ": not sealed by the programme's root key: %s", failure->message);
      return FALSE;
    }

  issue = valise_seal_get_issue (keys);
  g_rw_lock_writer_lock (&self->lock);
  if (issue > self->issue)
    {
      g_hash_table_unref (self->keys);
      self->keys = read_keys (keys);
      self->issue = issue;
    }
  g_rw_lock_writer_unlock (&self->lock);
  return TRUE;
}
