/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-gate-script"

#include "config.h"

#include "valise-gate-script.h"

#include <string.h>

#include "valise-field.h"
#include "valise-programme-data.h"

#define INTERPRETER     "couchdb/gate.js"
#define MAX_PARTICIPANT 64 /* bytes, as valise-profile.c has it */

/* --- JSON, which is JavaScript but for two characters -------------------------------------- */

static void
begin_member (GString *out, const char *name)
{
  if (out->len > 0 && strchr ("{[", out->str[out->len - 1]) == NULL)
    g_string_append_c (out, ',');
  valise_json_append_string (out, name, -1);
  g_string_append_c (out, ':');
}

static void
append_limit (GString *out, const char *name, gint64 value, gint64 usual)
{
  if (value == usual)
    return;
  begin_member (out, name);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

static void
append_words (GString *out, const char *name, const char *const *words)
{
  begin_member (out, name);
  g_string_append_c (out, '[');
  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      valise_json_append_string (out, words[i], -1);
    }
  g_string_append_c (out, ']');
}

/* --- descriptions ------------------------------------------------------------------------ */

static void
append_fields (GString *out, const GPtrArray *fields)
{
  begin_member (out, "fields");
  g_string_append_c (out, '{');
  for (guint i = 0; i < fields->len; i++)
    {
      const ValiseField *field = fields->pdata[i];

      begin_member (out, field->name);
      g_string_append_c (out, '{');
      valise_json_append_member (out, "kind", valise_field_kind_get_name (field->kind));
      if (field->required)
        append_limit (out, "required", 1, 0);
      if (field->final)
        append_limit (out, "final", 1, 0);
      append_limit (out, "max", field->max, VALISE_FIELD_USUAL_MAX);
      append_limit (out, "least", field->least, 0);
      append_limit (out, "most", field->most, VALISE_FIELD_USUAL_MOST);
      if (field->kind == VALISE_FIELD_CHOICE)
        append_words (out, "choices", (const char *const *) field->choices);
      if (field->fields != NULL)
        append_fields (out, field->fields);
      g_string_append_c (out, '}');
    }
  g_string_append_c (out, '}');
}

static void
append_state (GString *out, const ValiseRecord *record)
{
  g_autoptr (GList) states =
      g_list_sort (g_hash_table_get_keys (record->moves), (GCompareFunc) strcmp);

  begin_member (out, "state");
  g_string_append_c (out, '{');
  valise_json_append_member (out, "field", record->state);
  append_words (out, "first", (const char *const *) record->first);
  append_words (out, "closed", (const char *const *) record->closed);
  begin_member (out, "moves");
  g_string_append_c (out, '{');
  for (GList *l = states; l != NULL; l = l->next)
    append_words (out, l->data, g_hash_table_lookup (record->moves, l->data));
  g_string_append (out, "}}");
}

static void
append_record (GString *out, const ValiseRecord *record, const ValiseRecordPlace *place)
{
  begin_member (out, record->type);
  g_string_append_c (out, '{');
  valise_json_append_member (out, "id", record->id);
  begin_member (out, "place");
  g_string_append_c (out, '{');
  append_words (out, "create", (const char *const *) place->create);
  append_words (out, "change", (const char *const *) place->change);
  append_words (out, "withdraw", (const char *const *) place->withdraw);
  g_string_append_c (out, '}');
  append_fields (out, record->fields);
  if (record->state != NULL)
    append_state (out, record);
  g_string_append_c (out, '}');
}

/* Those that belong into @database in full, of the others their names. */
static void
append_records (GString *out, GPtrArray *records, const char *database)
{
  g_autoptr (GPtrArray) elsewhere = g_ptr_array_new ();

  begin_member (out, "records");
  g_string_append_c (out, '{');
  for (guint i = 0; i < records->len; i++)
    {
      const ValiseRecord      *record = records->pdata[i];
      const ValiseRecordPlace *place = valise_record_find_place (record, database);

      if (place != NULL)
        append_record (out, record, place);
      else
        g_ptr_array_add (elsewhere, record->type);
    }
  g_string_append_c (out, '}');
  g_ptr_array_add (elsewhere, NULL);
  append_words (out, "elsewhere", (const char *const *) elsewhere->pdata);
}

static void
append_rules (GString *out, ValiseProfile *profile, GPtrArray *records, const char *database)
{
  g_autoptr (GString) rules = g_string_new ("{");
  const char         *named = NULL;
  const char         *ids = valise_profile_get_id_rule (profile, database, &named);

  valise_json_append_member (rules, "database", database);
  valise_json_append_member (rules, "ids", ids);
  valise_json_append_member (rules, "participant", named);
  append_limit (rules, "maxParticipant", MAX_PARTICIPANT, 0);
  append_limit (rules, "sealed", valise_profile_is_sealed (profile, database), 0);
  append_words (rules, "languages", valise_profile_get_languages (profile));
  append_words (rules, "roles", valise_profile_get_roles (profile));
  append_records (rules, records, database);
  g_string_append_c (rules, '}');

  /* Ends of lines to JavaScript, and none to JSON. */
  g_string_replace (rules, "\xe2\x80\xa8", "\\u2028", 0);
  g_string_replace (rules, "\xe2\x80\xa9", "\\u2029", 0);
  g_string_append (out, rules->str);
}

char *
valise_gate_script_make (ValiseProfile *profile,
                         GPtrArray     *records,
                         const char    *database,
                         GError       **error)
{
  g_autoptr (GBytes)  interpreter = NULL;
  g_autoptr (GString) out = g_string_new ("function (newDoc, oldDoc, userCtx, secObj) {\n"
                                          "  var RULES = ");

  g_return_val_if_fail (VALISE_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (records != NULL && database != NULL, NULL);

  interpreter = valise_programme_data_read (INTERPRETER, error);
  if (interpreter == NULL)
    return NULL;

  append_rules (out, profile, records, database);
  g_string_append (out, ";\n");
  g_string_append_len (out, g_bytes_get_data (interpreter, NULL),
                       (gssize) g_bytes_get_size (interpreter));
  g_string_append_c (out, '}');

  return g_string_free (g_steal_pointer (&out), FALSE);
}
