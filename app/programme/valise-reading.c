/* valise-reading.c - what a reader found in a file, before anybody files it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-reading"

#include "config.h"

#include <string.h>

#include "valise-reading.h"

#define MAX_NESTING 8 /* more than the four tags can usefully nest */

static const char *const TAGS[] = { "i", "b", "u", "sup" };

/* Where @text has an opening or closing tag of the closed set: its length, and which one. */
static gsize
match_tag (const char *text, guint *tag, gboolean *closing)
{
  const char *name = text + 1;

  if (*text != '<')
    return 0;

  *closing = *name == '/';
  if (*closing)
    name++;

  for (guint i = 0; i < G_N_ELEMENTS (TAGS); i++)
    {
      gsize length = strlen (TAGS[i]);

      if (strncmp (name, TAGS[i], length) == 0 && name[length] == '>')
        {
          *tag = i;
          return (gsize) (name + length + 1 - text);
        }
    }

  return 0;
}

/* Where @text has <note ref="…"/>: its length. */
static gsize
match_note (const char *text)
{
  static const char open[] = "<note ref=\"";
  const char       *p = text + sizeof open - 1;

  if (strncmp (text, open, sizeof open - 1) != 0)
    return 0;

  while (g_ascii_isalnum (*p) || *p == '*')
    p++;

  if (p == text + sizeof open - 1 || strncmp (p, "\"/>", 3) != 0)
    return 0;

  return (gsize) (p + 3 - text);
}

/* Where @text has one of the three entities: its length, and the character. */
static gsize
match_entity (const char *text, char *character)
{
  static const struct
  {
    const char *name;
    char        character;
  } entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' } };

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_has_prefix (text, entities[i].name))
      {
        *character = entities[i].character;
        return strlen (entities[i].name);
      }

  return 0;
}

ValiseParagraph *
valise_paragraph_new (const char *key,
                      const char *kind,
                      const char *number,
                      guint       level,
                      const char *text)
{
  ValiseParagraph *self = g_new0 (ValiseParagraph, 1);

  self->key = g_strdup (key);
  self->kind = g_strdup (kind);
  self->number = g_strdup (number);
  self->level = level;
  self->text = g_strdup (text);

  return self;
}

void
valise_paragraph_free (ValiseParagraph *self)
{
  if (self == NULL)
    return;

  g_free (self->key);
  g_free (self->kind);
  g_free (self->number);
  g_free (self->text);
  g_free (self);
}

/**
 * valise_reading_new:
 *
 * Returns: (transfer full): a reading of nothing yet, of kind "paper", its arrays empty
 */
ValiseReading *
valise_reading_new (void)
{
  ValiseReading *self = g_new0 (ValiseReading, 1);

  self->kind = g_strdup (VALISE_READING_PAPER);
  self->agenda_items = g_ptr_array_new_with_free_func (g_free);
  self->sponsors = g_ptr_array_new_with_free_func (g_free);
  self->additional_sponsors = g_ptr_array_new_with_free_func (g_free);
  self->references = g_ptr_array_new_with_free_func (g_free);
  self->paragraphs = g_ptr_array_new_with_free_func ((GDestroyNotify) valise_paragraph_free);
  self->notices = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
valise_reading_free (ValiseReading *self)
{
  if (self == NULL)
    return;

  char *strings[] = {
    self->symbol,         self->kind,          self->language,        self->original_language,
    self->title,          self->short_title,   self->author,          self->date,
    self->published,      self->body,          self->session,         self->meeting,
    self->meeting_symbol, self->agenda_title,  self->agenda_document, self->committee,
    self->draft_symbol,   self->report_symbol, self->job_number,      self->source
  };

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (strings[i]);

  g_ptr_array_unref (self->agenda_items);
  g_ptr_array_unref (self->sponsors);
  g_ptr_array_unref (self->additional_sponsors);
  g_ptr_array_unref (self->references);
  g_ptr_array_unref (self->paragraphs);
  g_ptr_array_unref (self->notices);
  g_free (self);
}

const ValiseParagraph *
valise_reading_find (const ValiseReading *self, const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  for (guint i = 0; i < self->paragraphs->len; i++)
    {
      const ValiseParagraph *paragraph = g_ptr_array_index (self->paragraphs, i);

      if (strcmp (paragraph->key, key) == 0)
        return paragraph;
    }

  return NULL;
}

char *
valise_markup_to_plain (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  while (*text != '\0')
    {
      guint    tag = 0;
      gboolean closing = FALSE;
      char     character = *text;
      gsize    length = strcspn (text, "<&"); /* nearly all of it, and the indexer reads it all */

      if (length > 0)
        {
          g_string_append_len (out, text, (gssize) length);
          text += length;
          continue;
        }

      length = match_tag (text, &tag, &closing);
      if (length == 0)
        length = match_note (text);

      if (length > 0)
        {
          text += length;
          continue;
        }

      length = match_entity (text, &character);
      g_string_append_c (out, character);
      text += MAX (length, 1);
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

void
valise_markup_append_plain (GString *out, const char *text, gssize length)
{
  const char *end = NULL;

  g_return_if_fail (out != NULL && text != NULL);

  for (end = text + (length < 0 ? (gssize) strlen (text) : length); text < end; text++)
    switch (*text)
      {
      case '&':
        g_string_append (out, "&amp;");
        break;
      case '<':
        g_string_append (out, "&lt;");
        break;
      case '>':
        g_string_append (out, "&gt;");
        break;
      default:
        g_string_append_c (out, *text);
      }
}

gboolean
valise_markup_is_valid (const char *text)
{
  guint open[MAX_NESTING];
  guint n_open = 0;

  g_return_val_if_fail (text != NULL, FALSE);

  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;

  while (*text != '\0')
    {
      guint    tag = 0;
      gboolean closing = FALSE;
      char     character = *text;
      gsize    length = match_tag (text, &tag, &closing);

      if (length > 0 && closing)
        {
          if (n_open == 0 || open[--n_open] != tag)
            return FALSE;
        }
      else if (length > 0)
        {
          if (n_open == MAX_NESTING)
            return FALSE;
          open[n_open++] = tag;
        }
      else
        {
          length = MAX (match_note (text), match_entity (text, &character));
          if (length == 0
              && (strchr ("<>&", *text) != NULL || *text == 0x7f
                  || ((guchar) *text < 0x20 && *text != '\t' && *text != '\n')))
            return FALSE;
        }

      text += MAX (length, 1);
    }

  return n_open == 0;
}
