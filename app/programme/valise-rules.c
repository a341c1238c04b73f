/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-rules"

#include "config.h"

#include "valise-rules.h"

#include <string.h>

#include "valise-canonical.h"

#define MAX_INTEGER (G_GINT64_CONSTANT (1) << 53)

/**
 * ValiseRules:
 *
 * Judges a write by the descriptions of records and the profile's databases. What it refuses,
 * it names: the document, the database, the rule (one word) and the matter, in this order.
 * Nothing changes after construction but by valise_rules_add(), so any thread may ask.
 */
struct _ValiseRules
{
  GObject parent_instance;

  ValiseProfile *profile;
  GHashTable    *records; /* type to ValiseRecord, owned */
};

/* One judgement under way: the write, and what was found out about it. */
typedef struct
{
  ValiseRules             *rules;
  const ValiseWrite       *write;
  const char              *local_id; /* without a desk's prefix */
  const ValiseRecord      *record;
  const ValiseRecordPlace *place;
  ValiseJson              *previous; /* owned; NULL where there is none */
  char                    *state;
  char                    *state_before; /* NULL without @previous */
} Case;

typedef gboolean (*Rule) (Case *c, GError **error);

static void valise_rules_gate_init (ValiseGateInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ValiseRules,
                               valise_rules,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_GATE, valise_rules_gate_init))

G_GNUC_PRINTF (4, 5)
static gboolean
refuse (Case *c, GError **error, const char *rule, const char *format, ...)
{
  g_autofree char *matter = NULL;
  va_list          arguments;

  va_start (arguments, format);
  matter = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error (error, VALISE_GATE_ERROR,
               strcmp (rule, "seal") == 0 ? VALISE_GATE_ERROR_SEAL : VALISE_GATE_ERROR_FORBIDDEN,
               "%s in %s: %s: %s", c->write->document->id, c->write->database, rule, matter);

  return FALSE;
}

/* Whether every number below @token is an integer that any reader keeps whole. */
static gboolean
has_integers_only (const ValiseJson *json, guint token)
{
  ValiseJsonKind kind = valise_json_get_kind (json, token);
  gint64         value = 0;

  if (kind == VALISE_JSON_KIND_NUMBER)
    return valise_json_get_int (json, token, &value) && value >= -MAX_INTEGER
           && value <= MAX_INTEGER;
  if (kind != VALISE_JSON_KIND_OBJECT && kind != VALISE_JSON_KIND_ARRAY)
    return TRUE;

  for (guint i = valise_json_first (json, token); i != VALISE_JSON_NONE;
       i = valise_json_next (json, i))
    if (!has_integers_only (json, i))
      return FALSE;

  return TRUE;
}

/* A body that is an object of integers only; nothing is deleted, only withdrawn. */
static gboolean
judge_shape (Case *c, GError **error)
{
  const ValiseJson *json = c->write->json;

  if (c->write->document->deleted)
    return refuse (c, error, "tombstone", "withdrawing is a state, nothing here is deleted");
  if (json == NULL || valise_json_get_kind (json, 0) != VALISE_JSON_KIND_OBJECT)
    return refuse (c, error, "shape", "not an object");
  if (!has_integers_only (json, 0))
    return refuse (c, error, "integers", "a number is no integer within 2^53");

  return TRUE;
}

static gboolean
judge_prefix (Case *c, GError **error)
{
  if (!valise_profile_check_prefix (c->rules->profile, c->write->database, c->write->document->id,
                                    &c->local_id))
    return refuse (c, error, "prefix", "the id must begin with the participant");

  return TRUE;
}

static gboolean
judge_type (Case *c, GError **error)
{
  g_autofree char *type = valise_json_dup_member (c->write->json, 0, "type");

  c->record = type != NULL ? g_hash_table_lookup (c->rules->records, type) : NULL;
  if (c->record == NULL)
    return refuse (c, error, "type", "no record “%s” is described", type != NULL ? type : "");

  c->place = valise_record_find_place (c->record, c->write->database);
  if (c->place == NULL)
    return refuse (c, error, "database", "a %s does not belong here", type);

  return TRUE;
}

static gboolean
judge_fields (Case *c, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (valise_record_check (c->record, c->write->json,
                           valise_profile_get_languages (c->rules->profile), &wrong))
    return TRUE;

  return refuse (c, error,
                 g_error_matches (wrong, VALISE_RECORD_ERROR, VALISE_RECORD_ERROR_REQUIRED)
                     ? "required"
                     : "field",
                 "%s", wrong->message);
}

static gboolean
judge_id (Case *c, GError **error)
{
  g_autofree char *id = valise_record_dup_id (c->record, c->write->json);
  gsize            length = id != NULL ? strlen (id) : 0;
  gboolean         open = length > 0 && id[length - 1] == '*';

  if (length == 0
      || (open ? strncmp (id, c->local_id, length - 1) != 0 || c->local_id[length - 1] == '\0'
               : strcmp (id, c->local_id) != 0))
    return refuse (c, error, "id", "by its fields it is “%s”", id != NULL ? id : "");

  return TRUE;
}

static gboolean
judge_seal (Case *c, GError **error)
{
  guint seal = VALISE_JSON_NONE;

  if (!valise_profile_is_sealed (c->rules->profile, c->write->database))
    return TRUE;

  seal = valise_json_find (c->write->json, 0, "seal");
  if (seal == VALISE_JSON_NONE
      || valise_json_get_kind (c->write->json, seal) != VALISE_JSON_KIND_OBJECT)
    return refuse (c, error, "seal", "everything here carries the secretariat's seal");

  return TRUE;
}

static gboolean
is_in (char **list, const char *word)
{
  return word != NULL && g_strv_contains ((const char *const *) list, word);
}

static gboolean
judge_state (Case *c, GError **error)
{
  char **moves = NULL;

  if (c->record->state == NULL)
    return TRUE;
  if (c->state_before == NULL)
    return is_in (c->record->first, c->state)
               ? TRUE
               : refuse (c, error, "state", "it cannot begin as “%s”", c->state);
  if (is_in (c->record->closed, c->state_before))
    return refuse (c, error, "closed", "it is %s, and changes no more", c->state_before);
  if (strcmp (c->state_before, c->state) == 0)
    return TRUE;

  moves = g_hash_table_lookup (c->record->moves, c->state_before);
  if (moves == NULL || !is_in (moves, c->state))
    return refuse (c, error, "state", "no move from “%s” to “%s”", c->state_before, c->state);

  return TRUE;
}

static gboolean
judge_role (Case *c, GError **error)
{
  const char *act = "create";
  char      **audience = c->place->create;

  /* What comes by another's laptop or a bundle was written by neither: whoever carries it is
   * no author. There the seal or the signature speaks, which another gate judges. */
  if (c->write->source == VALISE_SOURCE_PEER && c->write->user == NULL)
    return TRUE;

  if (c->previous != NULL)
    {
      gboolean withdraws = g_strcmp0 (c->state, "withdrawn") == 0;

      act = withdraws ? "withdraw" : "change";
      audience = withdraws ? c->place->withdraw : c->place->change;
    }
  if (!valise_profile_admits (c->rules->profile, (const char *const *) audience, c->write->database,
                              c->write->participant, c->write->roles))
    return refuse (c, error, "role", "%s may not %s a %s here",
                   c->write->user != NULL ? c->write->user : "who is not signed in", act,
                   c->record->type);

  return TRUE;
}

/* Whether two values are one, however they are spelled. */
static gboolean
is_same (const ValiseJson *a, guint token_a, const ValiseJson *b, guint token_b)
{
  g_autoptr (GString) text_a = g_string_new (NULL);
  g_autoptr (GString) text_b = g_string_new (NULL);

  valise_canonical_append (text_a, a, token_a);
  valise_canonical_append (text_b, b, token_b);

  return g_string_equal (text_a, text_b);
}

static gboolean
judge_final (Case *c, GError **error)
{
  for (guint i = 0; c->previous != NULL && i < c->record->fields->len; i++)
    {
      const ValiseField *field = c->record->fields->pdata[i];
      guint              before = valise_json_find (c->previous, 0, field->name);
      guint              now = valise_json_find (c->write->json, 0, field->name);

      if (field->final && before != VALISE_JSON_NONE
          && (now == VALISE_JSON_NONE || !is_same (c->previous, before, c->write->json, now)))
        return refuse (c, error, "final", "“%s” was set and stays", field->name);
    }

  return TRUE;
}

/* The winner so far counts where it is here and no tombstone. */
static gboolean
read_previous (Case *c, GError **error)
{
  const ValiseDocument *previous = c->write->previous;
  g_autoptr (GError)    wrong = NULL;

  if (previous != NULL && !previous->deleted && previous->body != NULL)
    {
      c->previous = valise_document_scan (previous, &wrong);
      if (c->previous == NULL)
        return refuse (c, error, "previous", "what stands there cannot be read: %s",
                       wrong->message);
      c->state_before = valise_record_dup_state (c->record, c->previous);
    }
  c->state = valise_record_dup_state (c->record, c->write->json);

  return TRUE;
}

/* What the account's own server holds was judged there. */
static gboolean
is_judged (ValiseRules *self, const char *database, ValiseSource source)
{
  return source != VALISE_SOURCE_SERVER && valise_profile_has_database (self->profile, database);
}

static gboolean
valise_rules_judge (ValiseGate *gate, const ValiseWrite *write, GError **error)
{
  static const Rule rules[] = {
    judge_shape,   judge_prefix, judge_type, judge_fields, judge_id,
    read_previous, judge_role,   judge_seal, judge_state,  judge_final
  };
  ValiseRules *self = VALISE_RULES (gate);
  Case         c = { .rules = self, .write = write };
  gboolean     allowed = TRUE;

  if (!is_judged (self, write->database, write->source))
    return TRUE;

  for (gsize i = 0; allowed && i < G_N_ELEMENTS (rules); i++)
    allowed = rules[i](&c, error);

  g_clear_pointer (&c.previous, valise_json_unref);
  g_free (c.state);
  g_free (c.state_before);

  return allowed;
}

/* See judge_shape(). */
static gboolean
valise_rules_takes_tombstones (ValiseGate *gate, const char *database, ValiseSource source)
{
  return !is_judged (VALISE_RULES (gate), database, source);
}

static void
valise_rules_gate_init (ValiseGateInterface *iface)
{
  iface->judge = valise_rules_judge;
  iface->takes_tombstones = valise_rules_takes_tombstones;
}

static void
valise_rules_dispose (GObject *object)
{
  ValiseRules *self = VALISE_RULES (object);

  g_clear_object (&self->profile);

  G_OBJECT_CLASS (valise_rules_parent_class)->dispose (object);
}

static void
valise_rules_finalize (GObject *object)
{
  ValiseRules *self = VALISE_RULES (object);

  g_clear_pointer (&self->records, g_hash_table_unref);

  G_OBJECT_CLASS (valise_rules_parent_class)->finalize (object);
}

static void
valise_rules_class_init (ValiseRulesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_rules_dispose;
  object_class->finalize = valise_rules_finalize;
}

static void
valise_rules_init (ValiseRules *self)
{
  self->records =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) valise_record_free);
}

ValiseRules *
valise_rules_new (ValiseProfile *profile, GError **error)
{
  g_autoptr (ValiseRules) self = NULL;
  g_autoptr (GPtrArray)   records = NULL;

  g_return_val_if_fail (VALISE_IS_PROFILE (profile), NULL);

  records = valise_record_load_all (error);
  if (records == NULL)
    return NULL;

  self = g_object_new (VALISE_TYPE_RULES, NULL);
  self->profile = g_object_ref (profile);
  while (records->len > 0)
    valise_rules_add (self, g_ptr_array_steal_index_fast (records, records->len - 1));

  return g_steal_pointer (&self);
}

void
valise_rules_add (ValiseRules *self, ValiseRecord *record)
{
  g_return_if_fail (VALISE_IS_RULES (self));
  g_return_if_fail (record != NULL);

  g_hash_table_replace (self->records, record->type, record);
}

ValiseGate *
valise_rules_new_for_home (ValiseHome *home, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (ValiseDatabase) public = valise_home_get_database (home, "public", FALSE, &failure);
  g_autoptr (ValiseDocument) programme = NULL;
  g_autoptr (ValiseProfile)  profile = NULL;
  ValiseRules               *rules = NULL;

  if (public != NULL)
    programme = valise_database_get (public, "programme", NULL, &failure);
  if (failure != NULL
      && !g_error_matches (failure, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE)
      && !g_error_matches (failure, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    g_propagate_error (error, g_steal_pointer (&failure));
  if (programme == NULL || programme->body == NULL)
    return NULL;
  profile = valise_profile_parse (programme->body, error);
  if (profile != NULL)
    rules = valise_rules_new (profile, error);
  return rules != NULL ? VALISE_GATE (rules) : NULL;
}
