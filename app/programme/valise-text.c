/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-text"

#include "config.h"

#include "valise-text.h"

#include <string.h>

#include "valise-reading.h"
#include "valise-words.h"

struct _ValiseText
{
  GObject parent_instance;

  char       *symbol;
  char       *language;
  char       *title;
  GArray     *lines; /* of ValiseLine */
  GHashTable *keys;  /* lent from the lines, to index + 1 */
};

G_DEFINE_FINAL_TYPE (ValiseText, valise_text, G_TYPE_OBJECT)

static void
clear_line (gpointer data)
{
  ValiseLine *line = data;

  g_free (line->key);
  g_free (line->kind);
  g_free (line->number);
  g_free (line->text);
}

static void
valise_text_finalize (GObject *object)
{
  ValiseText *self = VALISE_TEXT (object);

  g_free (self->symbol);
  g_free (self->language);
  g_free (self->title);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->lines, g_array_unref);

  G_OBJECT_CLASS (valise_text_parent_class)->finalize (object);
}

static void
valise_text_class_init (ValiseTextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = valise_text_finalize;
}

static void
valise_text_init (ValiseText *self)
{
  self->lines = g_array_new (FALSE, FALSE, sizeof (ValiseLine));
  g_array_set_clear_func (self->lines, clear_line);
  self->keys = g_hash_table_new (g_str_hash, g_str_equal);
}

static char *
dup_or_empty (const ValiseJson *json, guint object, const char *name)
{
  char *text = valise_json_dup_member (json, object, name);

  return text != NULL ? text : g_strdup ("");
}

ValiseText *
valise_text_new (const ValiseJson *json)
{
  ValiseText *self = NULL;
  guint       list = VALISE_JSON_NONE;

  g_return_val_if_fail (json != NULL, NULL);

  self = g_object_new (VALISE_TYPE_TEXT, NULL);
  self->symbol = dup_or_empty (json, 0, "symbol");
  self->language = dup_or_empty (json, 0, "language");
  self->title = dup_or_empty (json, 0, "title");
  list = valise_json_find (json, 0, "paragraphs");
  if (list == VALISE_JSON_NONE || valise_json_get_kind (json, list) != VALISE_JSON_KIND_ARRAY)
    return self;

  for (guint i = valise_json_first (json, list); i != VALISE_JSON_NONE;
       i = valise_json_next (json, i))
    {
      ValiseLine line = {
        .key = dup_or_empty (json, i, "key"),
        .kind = dup_or_empty (json, i, "kind"),
        .number = valise_json_dup_member (json, i, "number"),
        .text = dup_or_empty (json, i, "text"),
        .level = (int) CLAMP (valise_json_get_member_int (json, i, "level", 0), 0, 16),
      };

      g_array_append_val (self->lines, line);
      if (!g_hash_table_contains (self->keys, line.key))
        g_hash_table_insert (self->keys, line.key, GUINT_TO_POINTER (self->lines->len));
    }

  return self;
}

const char *
valise_text_get_symbol (ValiseText *self)
{
  g_return_val_if_fail (VALISE_IS_TEXT (self), NULL);

  return self->symbol;
}

const char *
valise_text_get_language (ValiseText *self)
{
  g_return_val_if_fail (VALISE_IS_TEXT (self), NULL);

  return self->language;
}

const char *
valise_text_get_title (ValiseText *self)
{
  g_return_val_if_fail (VALISE_IS_TEXT (self), NULL);

  return self->title;
}

guint
valise_text_get_n_lines (ValiseText *self)
{
  g_return_val_if_fail (VALISE_IS_TEXT (self), 0);

  return self->lines->len;
}

const ValiseLine *
valise_text_get_line (ValiseText *self, guint index)
{
  g_return_val_if_fail (VALISE_IS_TEXT (self), NULL);
  g_return_val_if_fail (index < self->lines->len, NULL);

  return &g_array_index (self->lines, ValiseLine, index);
}

/* French and Spanish write "3 a)" where the others write "3 (a)" (UN Editorial Manual). */
static char *
localise_number (const char *number, const char *language)
{
  GString *text = g_string_new (number);

  if (strcmp (language, "fr") == 0 || strcmp (language, "es") == 0)
    g_string_replace (text, "(", "", 0);

  return g_string_free (text, FALSE);
}

static void
append_part (GString *out, const char *language, const char *part)
{
  g_autofree char *comma = valise_words_dup ("comma", language, NULL, NULL);

  g_string_append (out, comma);
  g_string_append (out, part);
}

/* "annex II, 3 (a)" parts into the annex, which is translated, and the paragraph. */
static const char *
append_annex (GString *out, const char *language, const char *number)
{
  const char      *comma = strstr (number, ", ");
  g_autofree char *annex = NULL;

  if (!g_str_has_prefix (number, "annex") || comma == NULL)
    return number;

  annex = g_strndup (number + strlen ("annex"), (gsize) (comma - number) - strlen ("annex"));
  {
    g_autofree char *word = valise_words_dup ("annex", language, NULL, NULL);
    g_autofree char *part = g_strconcat (word, annex, NULL);

    append_part (out, language, part);
  }

  return comma + 2;
}

char *
valise_text_dup_reference (ValiseText *self, guint index)
{
  const ValiseLine   *line = NULL;
  g_autoptr (GString) out = NULL;
  const char         *number = NULL;
  g_autofree char    *local = NULL;
  g_autofree char    *part = NULL;

  g_return_val_if_fail (VALISE_IS_TEXT (self), NULL);
  g_return_val_if_fail (index < self->lines->len, NULL);

  line = &g_array_index (self->lines, ValiseLine, index);
  out = g_string_new (self->symbol);
  if (line->number != NULL)
    {
      number = append_annex (out, self->language, line->number);
      local = localise_number (number, self->language);
      if (g_str_has_prefix (number, "PP"))
        part = g_strdup (number);
      else
        part = valise_words_dup (strcmp (line->kind, VALISE_PARAGRAPH_NOTE) == 0 ? "note" : "para",
                                 self->language, local, NULL);
      append_part (out, self->language, part);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

int
valise_text_find (ValiseText *self, const char *key)
{
  g_return_val_if_fail (VALISE_IS_TEXT (self), -1);
  g_return_val_if_fail (key != NULL, -1);

  return (int) GPOINTER_TO_UINT (g_hash_table_lookup (self->keys, key)) - 1;
}

int
valise_text_pair (ValiseText *self, guint index, ValiseText *other)
{
  g_return_val_if_fail (VALISE_IS_TEXT (self) && VALISE_IS_TEXT (other), -1);
  g_return_val_if_fail (index < self->lines->len, -1);

  return valise_text_find (other, g_array_index (self->lines, ValiseLine, index).key);
}
