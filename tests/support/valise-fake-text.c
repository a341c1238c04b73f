/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "valise-fake-record.h"
#include "valise-fake.h"
#include "valise-reading.h"

static guint lines_per_text = 0;

void
valise_fake_set_lines (guint n_lines)
{
  lines_per_text = n_lines;
}

struct _ValiseText
{
  GObject    parent_instance;
  char      *symbol;
  char      *language;
  char      *title;
  GPtrArray *lines;
};

G_DEFINE_FINAL_TYPE (ValiseText, valise_text, G_TYPE_OBJECT)

static void
line_free (gpointer data)
{
  ValiseLine *line = data;

  g_free (line->key);
  g_free (line->kind);
  g_free (line->number);
  g_free (line->text);
  g_free (line);
}

static void
valise_text_finalize (GObject *object)
{
  ValiseText *self = VALISE_TEXT (object);

  g_free (self->symbol);
  g_free (self->language);
  g_free (self->title);
  g_ptr_array_unref (self->lines);
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
  self->lines = g_ptr_array_new_with_free_func (line_free);
}

static void
add_line (ValiseText *self, char *key, const char *kind, char *number, const char *text, int level)
{
  ValiseLine *line = g_new0 (ValiseLine, 1);

  line->key = key;
  line->kind = g_strdup (kind);
  line->number = number;
  line->text = g_strdup (text);
  line->level = level;
  g_ptr_array_add (self->lines, line);
}

static void
fill_text (ValiseText *self, const char *const *words)
{
  guint operative = lines_per_text > 0 ? lines_per_text : 9;

  add_line (self, g_strdup ("h1"), VALISE_PARAGRAPH_HEADING, NULL,
            strcmp (self->language, "ar") == 0 ? "مقدمة" : "Introduction", 0);
  for (guint i = 2; i < 5; i++)
    add_line (self, g_strdup_printf ("p%u", i), VALISE_PARAGRAPH_PREAMBLE,
              g_strdup_printf ("PP%u", i), words[i % 2], 0);
  for (guint i = 1; i <= operative; i++)
    {
      add_line (self, g_strdup_printf ("o%u", i), VALISE_PARAGRAPH_OPERATIVE,
                g_strdup_printf ("%u", i), words[2 + i % 2], 0);
      /* The French counts one (a) that the others lack, as real ones sometimes do. */
      if (i % 4 == 3 || (i == 2 && strcmp (self->language, "fr") == 0))
        add_line (self, g_strdup_printf ("o%u.a", i), VALISE_PARAGRAPH_ITEM,
                  g_strdup_printf ("%u (a)", i), words[2], 1);
    }
  add_line (self, g_strdup ("n1"), VALISE_PARAGRAPH_NOTE, g_strdup ("1"), words[3], 0);
}

ValiseText *
valise_fake_text_new (const char *symbol, const char *language)
{
  ValiseText *self = g_object_new (VALISE_TYPE_TEXT, NULL);

  self->symbol = g_strdup (symbol);
  self->language = g_strdup (language);
  self->title = g_strdup (valise_fake_papers[0].title);
  for (guint i = 0; i < N_FAKE_PAPERS; i++)
    if (strcmp (valise_fake_papers[i].symbol, symbol) == 0)
      {
        const char *title = strcmp (language, "fr") == 0   ? valise_fake_papers[i].french
                            : strcmp (language, "ar") == 0 ? valise_fake_papers[i].arabic
                                                           : NULL;

        g_free (self->title);
        self->title = g_strdup (title != NULL ? title : valise_fake_papers[i].title);
      }
  for (guint i = 0; i < N_FAKE_LANGUAGES; i++)
    if (strcmp (valise_fake_sentences[i].language, language) == 0)
      fill_text (self, valise_fake_sentences[i].words);

  return self;
}

const char *
valise_text_get_symbol (ValiseText *self)
{
  return self->symbol;
}

const char *
valise_text_get_language (ValiseText *self)
{
  return self->language;
}

const char *
valise_text_get_title (ValiseText *self)
{
  return self->title;
}

guint
valise_text_get_n_lines (ValiseText *self)
{
  return self->lines->len;
}

const ValiseLine *
valise_text_get_line (ValiseText *self, guint index)
{
  return index < self->lines->len ? self->lines->pdata[index] : NULL;
}

char *
valise_text_dup_reference (ValiseText *self, guint index)
{
  const ValiseLine *line = valise_text_get_line (self, index);

  return line->number != NULL ? g_strdup_printf ("%s, para. %s", self->symbol, line->number)
                              : g_strdup (self->symbol);
}

int
valise_text_pair (ValiseText *self, guint index, ValiseText *other)
{
  const ValiseLine *line = valise_text_get_line (self, index);

  for (guint i = 0; i < other->lines->len; i++)
    if (strcmp (valise_text_get_line (other, i)->key, line->key) == 0)
      return (int) i;

  return -1;
}
