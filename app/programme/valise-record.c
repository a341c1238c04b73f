/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-record"

#include "config.h"

#include "valise-record.h"

#include <string.h>

#include "valise-field.h"
#include "valise-programme-data.h"

G_DEFINE_QUARK (valise_record_error, valise_record_error)

static GPtrArray *read_fields (const ValiseJson *json, guint object, GError **error);

static void
free_field (gpointer data)
{
  ValiseField *field = data;

  g_free (field->name);
  g_strfreev (field->choices);
  g_clear_pointer (&field->fields, g_ptr_array_unref);
  g_free (field->label);
  g_free (field->help);
  g_free (field);
}

static void
free_place (gpointer data)
{
  ValiseRecordPlace *place = data;

  g_free (place->pattern);
  g_strfreev (place->create);
  g_strfreev (place->change);
  g_strfreev (place->withdraw);
  g_free (place);
}

static char **
dup_member_strings (const ValiseJson *json, guint object, const char *name)
{
  return valise_json_dup_strings (json, valise_json_find (json, object, name));
}

/* The first member of @object, or none where it is no object at all. */
static guint
first_member (const ValiseJson *json, guint object)
{
  if (object == VALISE_JSON_NONE || valise_json_get_kind (json, object) != VALISE_JSON_KIND_OBJECT)
    return VALISE_JSON_NONE;

  return valise_json_first (json, object);
}

static ValiseField *
read_field (const ValiseJson *json, guint token, GError **error)
{
  ValiseField     *field = g_new0 (ValiseField, 1);
  guint            inner = valise_json_find (json, token, "fields");
  g_autofree char *kind = valise_json_dup_member (json, token, "kind");

  field->name = valise_json_dup_name (json, token);
  field->required = valise_json_get_member_true (json, token, "required");
  field->final = valise_json_get_member_true (json, token, "final");
  field->max = valise_json_get_member_int (json, token, "max", VALISE_FIELD_USUAL_MAX);
  field->least = valise_json_get_member_int (json, token, "least", 0);
  field->most = valise_json_get_member_int (json, token, "most", VALISE_FIELD_USUAL_MOST);
  field->choices = dup_member_strings (json, token, "choices");
  field->label = valise_json_dup_member (json, token, "label");
  field->help = valise_json_dup_member (json, token, "help");
  if (!valise_field_kind_parse (kind, &field->kind))
    g_set_error (error, VALISE_RECORD_ERROR, VALISE_RECORD_ERROR_DESCRIPTION,
                 "Field “%s” is of no known kind, “%s”", field->name, kind != NULL ? kind : "");
  else if (inner == VALISE_JSON_NONE || (field->fields = read_fields (json, inner, error)) != NULL)
    return field;

  free_field (field);

  return NULL;
}

static GPtrArray *
read_fields (const ValiseJson *json, guint object, GError **error)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (free_field);

  for (guint i = first_member (json, object); i != VALISE_JSON_NONE; i = valise_json_next (json, i))
    {
      ValiseField *field = read_field (json, i, error);

      if (field == NULL)
        return NULL;
      g_ptr_array_add (fields, field);
    }

  return g_steal_pointer (&fields);
}

static GPtrArray *
read_places (const ValiseJson *json)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (free_place);

  for (guint i = first_member (json, valise_json_find (json, 0, "databases"));
       i != VALISE_JSON_NONE; i = valise_json_next (json, i))
    {
      ValiseRecordPlace *place = g_new0 (ValiseRecordPlace, 1);

      place->pattern = valise_json_dup_name (json, i);
      place->create = dup_member_strings (json, i, "create");
      place->change = dup_member_strings (json, i, "change");
      place->withdraw = dup_member_strings (json, i, "withdraw");
      g_ptr_array_add (places, place);
    }

  return g_steal_pointer (&places);
}

static void
read_state (ValiseRecord *self, const ValiseJson *json)
{
  guint state = valise_json_find (json, 0, "state");

  self->state = valise_json_dup_member (json, state, "field");
  self->first = dup_member_strings (json, state, "first");
  self->closed = dup_member_strings (json, state, "closed");
  for (guint i = first_member (json, valise_json_find (json, state, "moves"));
       i != VALISE_JSON_NONE; i = valise_json_next (json, i))
    g_hash_table_insert (self->moves, valise_json_dup_name (json, i),
                         valise_json_dup_strings (json, i));
}

ValiseRecord *
valise_record_parse (const ValiseJson *json, GError **error)
{
  g_autoptr (ValiseRecord) self = g_new0 (ValiseRecord, 1);

  g_return_val_if_fail (json != NULL, NULL);

  self->moves =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  self->type = valise_json_dup_member (json, 0, "type");
  self->label = valise_json_dup_member (json, 0, "label");
  self->help = valise_json_dup_member (json, 0, "help");
  self->id = valise_json_dup_member (json, 0, "id");
  self->places = read_places (json);
  self->search = dup_member_strings (json, 0, "search");
  self->list = dup_member_strings (json, 0, "list");
  if (valise_json_find (json, 0, "state") != VALISE_JSON_NONE)
    read_state (self, json);

  self->fields = read_fields (json, valise_json_find (json, 0, "fields"), error);
  if (self->fields == NULL)
    return NULL;
  if (self->type == NULL || self->id == NULL || self->label == NULL || self->places->len == 0
      || (self->state != NULL && self->first[0] == NULL))
    {
      g_set_error (error, VALISE_RECORD_ERROR, VALISE_RECORD_ERROR_DESCRIPTION,
                   "The description of “%s” lacks its id, label, databases or first state",
                   self->type != NULL ? self->type : "");
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
valise_record_free (ValiseRecord *self)
{
  g_free (self->type);
  g_free (self->label);
  g_free (self->help);
  g_free (self->id);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->places, g_ptr_array_unref);
  g_free (self->state);
  g_strfreev (self->first);
  g_clear_pointer (&self->moves, g_hash_table_unref);
  g_strfreev (self->closed);
  g_strfreev (self->search);
  g_strfreev (self->list);
  g_free (self);
}

GPtrArray *
valise_record_load_all (GError **error)
{
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_record_free);
  g_auto (GStrv) names = valise_programme_data_list ("records");

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char       *path = g_strconcat ("records/", names[i], NULL);
      g_autoptr (ValiseJson) json = valise_programme_data_load (path, error);
      ValiseRecord          *record = json != NULL ? valise_record_parse (json, error) : NULL;

      if (record == NULL)
        {
          g_prefix_error (error, "%s: ", path);
          return NULL;
        }
      g_ptr_array_add (records, record);
    }

  return g_steal_pointer (&records);
}

const ValiseField *
valise_record_find_field (const ValiseRecord *self, const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->fields->len; i++)
    {
      const ValiseField *field = self->fields->pdata[i];

      if (g_strcmp0 (field->name, name) == 0)
        return field;
    }

  return NULL;
}

const ValiseRecordPlace *
valise_record_find_place (const ValiseRecord *self, const char *database)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (database != NULL, NULL);

  for (guint i = 0; i < self->places->len; i++)
    {
      const ValiseRecordPlace *place = self->places->pdata[i];
      gsize                    length = strlen (place->pattern);
      gboolean                 open = length > 0 && place->pattern[length - 1] == '*';

      if (open ? strncmp (place->pattern, database, length - 1) == 0
               : strcmp (place->pattern, database) == 0)
        return place;
    }

  return NULL;
}

/* The value that "{name}" stands for: of "meeting:" the part of the field after its colon. */
static char *
dup_part (const ValiseJson *json, const char *name, gsize length)
{
  gboolean         after_colon = length > 0 && name[length - 1] == ':';
  g_autofree char *field = g_strndup (name, after_colon ? length - 1 : length);
  g_autofree char *value = valise_json_dup_member (json, 0, field);
  const char      *colon = value != NULL ? strchr (value, ':') : NULL;

  if (!after_colon)
    return g_steal_pointer (&value);

  return colon != NULL ? g_strdup (colon + 1) : NULL;
}

char *
valise_record_dup_id (const ValiseRecord *self, const ValiseJson *json)
{
  g_autoptr (GString) id = g_string_new (NULL);
  const char         *p = NULL;

  g_return_val_if_fail (self != NULL && json != NULL, NULL);

  p = self->id;
  while (*p != '\0')
    {
      const char      *close = *p == '{' ? strchr (p, '}') : NULL;
      g_autofree char *part = NULL;

      if (close == NULL)
        {
          g_string_append_c (id, *p++);
          continue;
        }

      part = dup_part (json, p + 1, (gsize) (close - p - 1));
      if (part == NULL)
        return NULL;
      g_string_append (id, part);
      p = close + 1;
    }

  return g_string_free (g_steal_pointer (&id), FALSE);
}

char *
valise_record_dup_state (const ValiseRecord *self, const ValiseJson *json)
{
  char *state = NULL;

  g_return_val_if_fail (self != NULL && json != NULL, NULL);

  if (self->state == NULL)
    return NULL;

  state = valise_json_dup_member (json, 0, self->state);

  return state != NULL ? state : g_strdup (self->first[0]);
}

gboolean
valise_record_check (const ValiseRecord *self,
                     const ValiseJson   *json,
                     const char *const  *languages,
                     GError            **error)
{
  g_return_val_if_fail (self != NULL && json != NULL && languages != NULL, FALSE);

  return valise_field_check_all (self->fields, json, 0, "", languages, error);
}
