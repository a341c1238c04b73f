/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-field"

#include "config.h"

#include "valise-field.h"

#include <stdlib.h>
#include <string.h>

#include "valise-clock.h"
#include "valise-id.h"
#include "valise-language.h"
#include "valise-reading.h"

#define MAX_SYMBOL 160  /* bytes, as valise-symbol.h has it */
#define MAX_ID     4096 /* bytes, as the store has it */

/* What a check needs to know about the programme, and where it stands. */
typedef struct
{
  const ValiseField *field;
  const ValiseJson  *json;
  const char        *path;
  const char *const *languages;
} Check;

typedef gboolean (*CheckFunc) (const Check *check, guint token, GError **error);

static gboolean
refuse (const Check *check, GError **error, const char *expected)
{
  g_set_error (error, VALISE_RECORD_ERROR, VALISE_RECORD_ERROR_FIELD, "“%s” is not %s", check->path,
               expected);

  return FALSE;
}

static gboolean
has_controls (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7f)
      return TRUE;

  return FALSE;
}

static gboolean
check_text (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || *text == '\0' || (gint64) strlen (text) > check->field->max
      || has_controls (text))
    {
      g_autofree char *expected =
          g_strdup_printf ("a line of 1 to %" G_GINT64_FORMAT " bytes", check->field->max);

      return refuse (check, error, expected);
    }

  return TRUE;
}

static gboolean
check_markup (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || (gint64) strlen (text) > check->field->max || !valise_markup_is_valid (text))
    return refuse (check, error, "text with the closed set of inline tags, within its limit");

  return TRUE;
}

static gboolean
check_choice (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || !g_strv_contains ((const char *const *) check->field->choices, text))
    return refuse (check, error, "one of its choices");

  return TRUE;
}

static gboolean
check_integer (const Check *check, guint token, GError **error)
{
  gint64 value = 0;

  if (!valise_json_get_int (check->json, token, &value) || value < check->field->least
      || value > check->field->most)
    return refuse (check, error, "an integer within its limits");

  return TRUE;
}

static gboolean
check_flag (const Check *check, guint token, GError **error)
{
  ValiseJsonKind kind = valise_json_get_kind (check->json, token);

  if (kind != VALISE_JSON_KIND_TRUE && kind != VALISE_JSON_KIND_FALSE)
    return refuse (check, error, "true or false");

  return TRUE;
}

/* Whether @text has the form of @pattern, in which 0 stands for a digit. */
static gboolean
has_form (const char *text, const char *pattern)
{
  for (; *pattern != '\0'; pattern++, text++)
    if (*pattern == '0' ? !g_ascii_isdigit (*text) : *text != *pattern)
      return FALSE;

  return *text == '\0';
}

/* @text begins with "0000-00-00". */
static gboolean
is_date (const char *text)
{
  int year = atoi (text);
  int month = atoi (text + strlen ("0000-"));
  int day = atoi (text + strlen ("0000-00-"));

  return year > 0 && month > 0 && month <= 12
         && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
}

/* @text begins with "00:00". */
static gboolean
is_clock (const char *text)
{
  return atoi (text) < 24 && atoi (text + 3) < 60;
}

static gboolean
check_date (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || !has_form (text, "0000-00-00") || !is_date (text))
    return refuse (check, error, "a day like 2026-07-20");

  return TRUE;
}

static gboolean
check_clock (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || !has_form (text, "00:00") || !is_clock (text))
    return refuse (check, error, "a time of day like 10:00");

  return TRUE;
}

static gboolean
check_time (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || !has_form (text, "0000-00-00T00:00") || !is_date (text)
      || !is_clock (text + strlen ("0000-00-00T")))
    return refuse (check, error, "a time like 2026-07-20T10:00");

  return TRUE;
}

static gboolean
check_moment (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || valise_clock_parse (text) < 0)
    return refuse (check, error, "a moment like 2026-07-20T14:00:00Z");

  return TRUE;
}

static gboolean
check_language (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || !g_strv_contains (check->languages, text))
    return refuse (check, error, "a language of the programme");

  return TRUE;
}

static gboolean
check_symbol (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || *text == '\0' || strlen (text) > MAX_SYMBOL || strchr (text, ':') != NULL
      || has_controls (text))
    return refuse (check, error, "a symbol");

  return TRUE;
}

static gboolean
check_id (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);
  const char      *colon = text != NULL ? strchr (text, ':') : NULL;

  if (colon == NULL || colon == text || colon[1] == '\0' || strlen (text) > MAX_ID
      || has_controls (text))
    return refuse (check, error, "a document's id");

  return TRUE;
}

static gboolean
check_digest (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (!valise_id_is_sha256 (text))
    return refuse (check, error, "64 lower-case hex digits");

  return TRUE;
}

static gboolean
check_key (const Check *check, guint token, GError **error)
{
  g_autofree char *text = valise_json_dup_string (check->json, token);

  if (text == NULL || strlen (text) != 43
      || strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_") != 43)
    return refuse (check, error, "a public key");

  return TRUE;
}

/* Each element by @func, under "path[0]", "path[1]"…; @distinct: no two alike. */
static gboolean
check_elements (const Check *check, guint token, CheckFunc func, gboolean distinct, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Check                  element = *check;
  gint64                 index = 0;

  if (valise_json_get_kind (check->json, token) != VALISE_JSON_KIND_ARRAY)
    return refuse (check, error, "a list");
  if ((gint64) valise_json_count (check->json, token) > check->field->most)
    return refuse (check, error, "a list of at most its number");

  for (guint i = valise_json_first (check->json, token); i != VALISE_JSON_NONE;
       i = valise_json_next (check->json, i), index++)
    {
      g_autofree char *path = g_strdup_printf ("%s[%" G_GINT64_FORMAT "]", check->path, index);

      element.path = path;
      if (!func (&element, i, error))
        return FALSE;
      if (distinct && !g_hash_table_add (seen, valise_json_dup_raw (check->json, i)))
        return refuse (&element, error, "there once only");
    }

  return TRUE;
}

static gboolean
check_strings (const Check *check, guint token, GError **error)
{
  return check_elements (check, token, check_text, FALSE, error);
}

static gboolean
check_languages (const Check *check, guint token, GError **error)
{
  return check_elements (check, token, check_language, TRUE, error);
}

static gboolean
check_symbols (const Check *check, guint token, GError **error)
{
  return check_elements (check, token, check_symbol, FALSE, error);
}

static gboolean
check_texts (const Check *check, guint token, GError **error)
{
  Check member = *check;

  if (valise_json_get_kind (check->json, token) != VALISE_JSON_KIND_OBJECT
      || valise_json_count (check->json, token) == 0)
    return refuse (check, error, "texts by language");

  for (guint i = valise_json_first (check->json, token); i != VALISE_JSON_NONE;
       i = valise_json_next (check->json, i))
    {
      g_autofree char *language = valise_json_dup_name (check->json, i);
      g_autofree char *path = g_strdup_printf ("%s.%s", check->path, language);

      member.path = path;
      if (!g_strv_contains (check->languages, language))
        return refuse (&member, error, "in a language of the programme");
      if (!check_text (&member, i, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_object (const Check *check, guint token, GError **error)
{
  if (valise_json_get_kind (check->json, token) != VALISE_JSON_KIND_OBJECT)
    return refuse (check, error, "an object");
  if (check->field->fields == NULL)
    return TRUE;

  return valise_field_check_all (check->field->fields, check->json, token, check->path,
                                 check->languages, error);
}

static gboolean
check_list (const Check *check, guint token, GError **error)
{
  return check_elements (check, token, check_object, FALSE, error);
}

static const struct
{
  const char *name;
  CheckFunc   func;
} kinds[] = {
  [VALISE_FIELD_TEXT] = { "text", check_text },
  [VALISE_FIELD_MARKUP] = { "markup", check_markup },
  [VALISE_FIELD_TEXTS] = { "texts", check_texts },
  [VALISE_FIELD_STRINGS] = { "strings", check_strings },
  [VALISE_FIELD_CHOICE] = { "choice", check_choice },
  [VALISE_FIELD_INTEGER] = { "integer", check_integer },
  [VALISE_FIELD_FLAG] = { "flag", check_flag },
  [VALISE_FIELD_DATE] = { "date", check_date },
  [VALISE_FIELD_CLOCK] = { "clock", check_clock },
  [VALISE_FIELD_TIME] = { "time", check_time },
  [VALISE_FIELD_MOMENT] = { "moment", check_moment },
  [VALISE_FIELD_LANGUAGE] = { "language", check_language },
  [VALISE_FIELD_LANGUAGES] = { "languages", check_languages },
  [VALISE_FIELD_SYMBOL] = { "symbol", check_symbol },
  [VALISE_FIELD_SYMBOLS] = { "symbols", check_symbols },
  [VALISE_FIELD_ID] = { "id", check_id },
  [VALISE_FIELD_DIGEST] = { "digest", check_digest },
  [VALISE_FIELD_KEY] = { "key", check_key },
  [VALISE_FIELD_OBJECT] = { "object", check_object },
  [VALISE_FIELD_LIST] = { "list", check_list },
};

gboolean
valise_field_kind_parse (const char *name, ValiseFieldKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].name, name) == 0)
      {
        *kind = i;
        return TRUE;
      }

  return FALSE;
}

const char *
valise_field_kind_get_name (ValiseFieldKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (kinds), NULL);

  return kinds[kind].name;
}

gboolean
valise_field_check_all (const GPtrArray   *fields,
                        const ValiseJson  *json,
                        guint              object,
                        const char        *path,
                        const char *const *languages,
                        GError           **error)
{
  for (guint i = 0; i < fields->len; i++)
    {
      const ValiseField *field = fields->pdata[i];
      guint              token = valise_json_find (json, object, field->name);
      g_autofree char   *full =
          g_strdup_printf ("%s%s%s", path, *path != '\0' ? "." : "", field->name);
      Check check = { field, json, full, languages };

      if (token == VALISE_JSON_NONE && field->required)
        {
          g_set_error (error, VALISE_RECORD_ERROR, VALISE_RECORD_ERROR_REQUIRED, "“%s” is required",
                       full);
          return FALSE;
        }
      if (token != VALISE_JSON_NONE && !kinds[field->kind].func (&check, token, error))
        return FALSE;
    }

  return TRUE;
}
