/* valise-akn-inline.c - the inline elements of Akoma Ntoso become markup
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-akn"

#include "config.h"

#include <string.h>

#include "valise-akn-inline.h"
#include "valise-reading.h"

enum
{
  BOLD = 1 << 0,
  ITALIC = 1 << 1,
  UNDERLINED = 1 << 2,
  RAISED = 1 << 3,
};

static const struct
{
  guint       style;
  const char *open;
  const char *close;
} TAGS[] = { { BOLD, "<b>", "</b>" },
             { ITALIC, "<i>", "</i>" },
             { UNDERLINED, "<u>", "</u>" },
             { RAISED, "<sup>", "</sup>" } };

typedef struct
{
  const ValiseAknSink *sink;
  GString             *out;
  guint                wanted;  /* styles of what comes next */
  guint                written; /* styles open in the output */
  gboolean             space;   /* white space was seen since the last character */
  gboolean             line;    /* a line of the file ended in it */
  gboolean             broken;  /* a line of the page ended in it */
  gboolean             tab;     /* it held the tab that begins a paragraph */
  gunichar             last;    /* the character written last */
} Renderer;

static void
close_tags (Renderer *self)
{
  for (guint i = G_N_ELEMENTS (TAGS); i > 0; i--)
    if (self->written & TAGS[i - 1].style)
      g_string_append (self->out, TAGS[i - 1].close);

  self->written = 0;
}

static void
open_tags (Renderer *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (TAGS); i++)
    if (self->wanted & TAGS[i].style)
      g_string_append (self->out, TAGS[i].open);

  self->written = self->wanted;
}

static gboolean
is_point (gunichar c)
{
  return c == ',' || c == '.' || c == ';' || c == ':' || c == 0x060c || c == 0x061b || c == 0xff0c
         || c == 0x3002 || c == 0xff1b;
}

static gboolean
is_comma (gunichar c)
{
  return c == ',' || c == 0x060c || c == 0xff0c;
}

/* Writes the white space that is due before @c, and the tags that change there. */
static void
settle (Renderer *self, gunichar c)
{
  gboolean space =
      self->space && self->out->len > 0 && !(self->line && !self->broken && is_point (c));

  if (self->written != self->wanted)
    close_tags (self);
  if (self->broken && self->out->len > 0)
    g_string_append_c (self->out, '\n');
  else if (self->tab && is_comma (self->last) && (self->wanted & ITALIC) != 0)
    g_string_append (self->out, VALISE_AKN_BREAK);
  else if (space)
    g_string_append_c (self->out, ' ');
  if (self->written != self->wanted)
    open_tags (self);

  self->space = self->line = self->broken = self->tab = FALSE;
  self->last = c;
}

static void
write_text (Renderer *self, const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029)
        {
          self->space = TRUE;
          self->tab = self->tab || c == '\t';
          self->line = self->line || c == '\n';
        }
      else if (c >= 0x20 && c != 0x7f && c != 0xfeff)
        {
          settle (self, c);
          valise_markup_append_plain (self->out, text, g_utf8_next_char (text) - text);
        }
    }
}

/* Elements whose words do not run on from those before them. */
static const char *const BLOCKS[] = {
  "p",    "num", "heading", "subheading", "content", "paragraph",      "point",     "list", "intro",
  "item", "li",  "td",      "th",         "block",   "blockContainer", "container", NULL
};

static guint
style_of (const xmlNode *node)
{
  g_autofree char *class = valise_xml_dup_attribute (node, "class");
  guint style = 0;

  if (valise_xml_is (node, "b"))
    style |= BOLD;
  if (valise_xml_is (node, "i"))
    style |= ITALIC;
  if (valise_xml_is (node, "u"))
    style |= UNDERLINED;
  if (valise_xml_is (node, "sup"))
    style |= RAISED;
  if (class != NULL && strstr (class, "bold") != NULL)
    style |= BOLD;
  if (class != NULL && strstr (class, "italic") != NULL)
    style |= ITALIC;
  if (class != NULL && strstr (class, "underline") != NULL)
    style |= UNDERLINED;

  return style;
}

static void
write_note (Renderer *self, const xmlNode *node)
{
  g_autofree char *marker = self->sink->take_note (node, self->sink->user_data);
  guint            wanted = self->wanted;

  if (marker == NULL)
    return;

  self->wanted = 0;
  settle (self, 0);
  g_string_append_printf (self->out, "<note ref=\"%s\"/>", marker);
  self->wanted = wanted;
}

/* Recursive as the document is; the parser has limited its depth. */
static void
write_node (Renderer *self, const xmlNode *node)
{
  guint    wanted = self->wanted;
  gboolean block = FALSE;

  if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
    {
      write_text (self, (const char *) node->content);
      return;
    }
  if (node->type != XML_ELEMENT_NODE)
    return;

  if (valise_xml_is (node, "authorialNote"))
    {
      write_note (self, node);
      return;
    }
  if (valise_xml_is (node, "eol") || valise_xml_is (node, "br"))
    self->broken = TRUE;
  if (valise_xml_is (node, "a") || valise_xml_is (node, "ref"))
    {
      g_autofree char *href = valise_xml_dup_attribute (node, "href");

      if (href != NULL)
        self->sink->take_link (href, self->sink->user_data);
    }

  block = g_strv_contains (BLOCKS, (const char *) node->name);
  self->space = self->space || block;
  self->wanted |= style_of (node);
  for (const xmlNode *child = node->children; child != NULL; child = child->next)
    write_node (self, child);
  self->wanted = wanted;
  self->space = self->space || block;
}

static char *
replace (char *text, const char *pattern, const char *replacement)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);
  char              *replaced = g_regex_replace (regex, text, -1, 0, replacement, 0, NULL);

  if (replaced == NULL)
    return text;

  g_free (text);

  return replaced;
}

/* How many parentheses the text before stands in; counted on from match to match. */
typedef struct
{
  gsize counted; /* bytes of the output */
  int   open;
} Nesting;

/* Right-to-left conversion turned "(2016-2025)(39)" into "(2016-2025(" and a raised ")39)": the
 * plain parenthesis closes what is open, or belongs to the mark. */
static gboolean
mend_turned_mark (const GMatchInfo *match, GString *out, gpointer data)
{
  Nesting         *nesting = data;
  g_autofree char *note = g_match_info_fetch (match, 1);

  for (; nesting->counted < out->len; nesting->counted++)
    nesting->open += (out->str[nesting->counted] == '(') - (out->str[nesting->counted] == ')');
  if (nesting->open > 0)
    g_string_append_c (out, ')');
  g_string_append (out, note);

  return FALSE;
}

/* Drops the parentheses that Arabic sets around a note mark. */
static char *
drop_parentheses (char *markup)
{
  g_autoptr (GRegex) turned = g_regex_new (
      "\\(<sup>\\)</sup>(<note ref=\"[A-Za-z0-9*]+\"/>)<sup>\\)</sup>", G_REGEX_OPTIMIZE, 0, NULL);
  Nesting nesting = { 0 };
  char *mended = g_regex_replace_eval (turned, markup, -1, 0, 0, mend_turned_mark, &nesting, NULL);

  if (mended != NULL)
    {
      g_free (markup);
      markup = mended;
    }

  return replace (markup,
                  "(?:<sup>\\(</sup>|\\() ?(<note ref=\"[A-Za-z0-9*]+\"/>) ?"
                  "(?:<sup>\\)</sup>|\\))",
                  "\\1");
}

char *
valise_akn_render (const xmlNode *node, const ValiseAknSink *sink)
{
  Renderer renderer = { sink, g_string_new (NULL), 0 };
  char    *markup = NULL;

  g_return_val_if_fail (node != NULL && sink != NULL, NULL);

  for (const xmlNode *child = node->children; child != NULL; child = child->next)
    write_node (&renderer, child);
  close_tags (&renderer);

  markup = g_string_free (renderer.out, FALSE);
  if (strstr (markup, "<note") != NULL)
    markup = drop_parentheses (markup);

  return markup;
}

char *
valise_akn_trim_note (char *markup, const char *marker)
{
  g_autofree char *raised = g_strdup_printf ("<sup>%s</sup>", marker);
  const char      *rest = NULL;

  markup = replace (markup, "^(?:<[a-z]+>)*\\( ?\\)(?:</[a-z]+>)* ?", "");
  rest = markup;
  if (g_str_has_prefix (rest, raised))
    rest += strlen (raised);
  rest += strspn (rest, " ");
  memmove (markup, rest, strlen (rest) + 1);

  return markup;
}
