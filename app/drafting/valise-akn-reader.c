/* valise-akn-reader.c - Akoma Ntoso, as the United Nations writes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The structure in the files is not to be relied on: the same item is a <point> in one language
 * and a <paragraph> in the next, "(i)" after "(h)" opens a <sublist>, numbers stand in <num> or
 * in the words. So only blocks and their order are taken from it; valise-outline numbers them.
 */

#define G_LOG_DOMAIN "valise-akn"

#include "config.h"

#include <string.h>

#include "valise-akn-inline.h"
#include "valise-akn-meta.h"
#include "valise-akn-reader.h"
#include "valise-outline.h"
#include "valise-symbol.h"

#define MAX_REFERENCES 5000

typedef struct
{
  ValiseReading  *reading;
  ValiseOutline  *outline;
  ValiseAknSink   sink;
  GHashTable     *references; /* set of symbols, owned by the reading */
  guint           notes;
  char           *number;  /* a <num> that awaits its words */
  ValiseBlockKind kind;    /* of the paragraphs of this part */
  const char     *heading; /* the class of the paragraph around, where it makes it a heading */
} Walk;

/* Blocks that hold words; all else is looked through. */
static const char *const LEAVES[] = { "p",       "block",  "longTitle", "citation",
                                      "recital", "wrapUp", "docTitle",  NULL };

static const char *const HEADINGS[] = { "heading", "subheading", "crossHeading", NULL };

static void
add_reference (Walk *walk, char *symbol)
{
  if (symbol == NULL || g_strcmp0 (symbol, walk->reading->symbol) == 0
      || walk->reading->references->len >= MAX_REFERENCES
      || g_hash_table_contains (walk->references, symbol))
    {
      g_free (symbol);
      return;
    }

  g_ptr_array_add (walk->reading->references, symbol);
  g_hash_table_add (walk->references, symbol);
}

/* "https://undocs.org/en/A/RES/76/19" */
static void
take_link (const char *href, gpointer user_data)
{
  static const char *const hosts[] = { "//undocs.org/", "//docs.un.org/" };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      const char      *path = strstr (href, hosts[i]);
      g_autofree char *symbol = NULL;

      if (path == NULL)
        continue;

      path += strlen (hosts[i]);
      if (strchr (path, '/') == path + 2) /* the language */
        path += 3;
      symbol = g_uri_unescape_string (path, NULL);
      if (symbol != NULL)
        add_reference (user_data, valise_symbol_normalise (symbol));
    }
}

/* Whole symbols only: those cited by number are links, and the same in every language. */
static void
take_words (Walk *walk, const char *markup)
{
  g_autofree char      *plain = valise_markup_to_plain (markup);
  g_autoptr (GPtrArray) spans = valise_symbol_find_in_text (plain);

  for (guint i = 0; i < spans->len; i++)
    {
      const ValiseSymbolSpan *span = g_ptr_array_index (spans, i);

      if (g_ascii_isalpha (plain[span->start]))
        add_reference (walk, g_strdup (span->symbol));
    }
}

static char *
render (Walk *walk, const xmlNode *node)
{
  char *markup = valise_akn_render (node, &walk->sink);

  take_words (walk, markup);
  if (walk->kind != VALISE_BLOCK_PREAMBLE && strstr (markup, VALISE_AKN_BREAK) != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (markup, VALISE_AKN_BREAK, -1);

      g_free (markup);
      markup = g_strjoinv (" ", parts);
    }

  return markup;
}

/* Its marker in ASCII; where there is none that can be one, its place. */
static char *
read_note_marker (Walk *walk, const xmlNode *note)
{
  g_autofree char    *given = valise_xml_dup_attribute (note, "marker");
  g_autoptr (GString) marker = g_string_new (NULL);

  walk->notes++;
  for (const char *p = given != NULL ? given : ""; *p != '\0' && marker->len < 8;
       p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isdigit (c))
        g_string_append_printf (marker, "%d", g_unichar_digit_value (c));
      else if (c < 0x80 && (g_ascii_isalnum ((char) c) || c == '*'))
        g_string_append_c (marker, (char) c);
    }

  if (marker->len == 0)
    g_string_printf (marker, "%u", walk->notes);

  return g_string_free (g_steal_pointer (&marker), FALSE);
}

static char *
take_note (const xmlNode *note, gpointer user_data)
{
  Walk               *walk = user_data;
  char               *marker = read_note_marker (walk, note);
  ValiseBlockKind     kind = walk->kind;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char    *trimmed = NULL;

  walk->kind = VALISE_BLOCK_BODY;

  /* Its paragraphs, or where it has none, itself. */
  for (const xmlNode *child = note->children; child != NULL; child = child->next)
    if (valise_xml_is (child, "p"))
      {
        g_autofree char *markup = render (walk, child);

        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", markup);
      }
  if (text->len == 0)
    {
      g_autofree char *markup = render (walk, note);

      g_string_assign (text, markup);
    }

  trimmed = valise_akn_trim_note (g_string_free (g_steal_pointer (&text), FALSE), marker);
  valise_outline_add_note (walk->outline, marker, trimmed);
  walk->kind = kind;

  return marker;
}

/* Bold is how a heading looks, not what it says. */
static void
drop_bold (char *markup)
{
  char *out = markup;

  for (const char *p = markup; *p != '\0';)
    {
      if (g_str_has_prefix (p, "<b>"))
        p += strlen ("<b>");
      else if (g_str_has_prefix (p, "</b>"))
        p += strlen ("</b>");
      else
        *out++ = *p++;
    }
  *out = '\0';
}

/* The rank of "H1", "H23" and "H4": the first digit tells. */
static guint
heading_level (const char *class)
{
  return class != NULL && g_ascii_isdigit (class[1]) && class[1] > '0' ? (guint) (class[1] - '1')
                                                                       : 0;
}

static void
add_heading (Walk *walk, const char *class, const char *text)
{
  g_autofree char *number = g_steal_pointer (&walk->number);
  g_autofree char *joined = NULL;

  joined = g_strconcat (number != NULL ? number : "", number != NULL && *text != '\0' ? " " : "",
                        text, NULL);
  drop_bold (joined);
  valise_outline_add (walk->outline, VALISE_BLOCK_HEADING, NULL, joined, heading_level (class));
}

static void
add_leaf (Walk *walk, const xmlNode *node)
{
  g_autofree char *text = render (walk, node);
  g_autofree char *number = NULL;
  g_auto (GStrv)   parts = NULL;

  if (walk->heading != NULL)
    {
      add_heading (walk, walk->heading, text);
      return;
    }
  if (*text == '\0')
    return; /* a number waits for words */

  number = g_steal_pointer (&walk->number);
  parts = g_strsplit (text, VALISE_AKN_BREAK, -1);
  for (guint i = 0; parts[i] != NULL; i++)
    valise_outline_add (walk->outline, walk->kind, i == 0 ? number : NULL, parts[i], 0);
  if (g_strv_length (parts) > 1)
    g_ptr_array_add (walk->reading->notices,
                     g_strdup ("two paragraphs of the preamble ran into one, which is parted"));
}

static void
add_row (Walk *walk, const xmlNode *row)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const xmlNode *cell = row->children; cell != NULL; cell = cell->next)
    if (valise_xml_is (cell, "td") || valise_xml_is (cell, "th"))
      {
        g_autofree char *markup = render (walk, cell);

        g_string_append_printf (text, "%s%s", text->len > 0 ? "\t" : "", markup);
      }

  valise_outline_add (walk->outline, VALISE_BLOCK_ROW, NULL, text->str, 0);
}

/* Whether words stand in @node itself, between its elements. */
static gboolean
has_words (const xmlNode *node)
{
  for (const xmlNode *child = node->children; child != NULL; child = child->next)
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
      for (const char *p = (const char *) child->content; *p != '\0'; p++)
        if (!g_ascii_isspace (*p))
          return TRUE;

  return FALSE;
}

static gboolean
is_heading_class (const char *class)
{
  return class != NULL && *class == 'H' && g_ascii_isdigit (class[1]);
}

static void walk_children (Walk *walk, const xmlNode *parent);

/* A paragraph, a list, whatever holds blocks; its number ends with it. */
static void
walk_container (Walk *walk, const xmlNode *node)
{
  g_autofree char *class = valise_xml_dup_attribute (node, "class");
  const char *outer = walk->heading;

  if (is_heading_class (class))
    walk->heading = class;
  walk_children (walk, node);
  if (walk->number != NULL && valise_xml_find (node, "num") != NULL)
    add_heading (walk, class, ""); /* "II" on a line of its own */
  walk->heading = outer;
}

static void
walk_annex (Walk *walk, const xmlNode *node)
{
  valise_outline_begin_annex (walk->outline);
  g_clear_pointer (&walk->number, g_free);
  walk->kind = VALISE_BLOCK_BODY;
  walk_children (walk, node);
}

static void
walk_part (Walk *walk, const xmlNode *node, ValiseBlockKind kind)
{
  ValiseBlockKind outer = walk->kind;

  walk->kind = kind;
  walk_children (walk, node);
  walk->kind = outer;
}

static void
walk_element (Walk *walk, const xmlNode *node)
{
  const char *name = (const char *) node->name;

  if (strcmp (name, "meta") == 0 || strcmp (name, "coverPage") == 0)
    return;

  if (strcmp (name, "num") == 0)
    {
      g_free (walk->number);
      walk->number = valise_xml_dup_text (node);
    }
  else if (g_strv_contains (HEADINGS, name))
    {
      g_autofree char *class = valise_xml_dup_attribute (node->parent, "class");
      g_autofree char *text = render (walk, node);

      add_heading (walk, class, text);
    }
  else if (strcmp (name, "attachment") == 0 || strcmp (name, "component") == 0)
    walk_annex (walk, node);
  else if (strcmp (name, "preamble") == 0)
    walk_part (walk, node, VALISE_BLOCK_PREAMBLE);
  else if (strcmp (name, "formula") == 0)
    walk_part (walk, node, VALISE_BLOCK_ORGAN);
  else if (strcmp (name, "conclusions") == 0)
    walk_part (walk, node, VALISE_BLOCK_CLOSING);
  else if (strcmp (name, "tr") == 0)
    add_row (walk, node);
  else if ((g_strv_contains (LEAVES, name) && valise_xml_find (node, "p") == NULL)
           || has_words (node))
    add_leaf (walk, node);
  else
    walk_container (walk, node);
}

/* Recursive as the document is; the parser has limited its depth. */
static void
walk_children (Walk *walk, const xmlNode *parent)
{
  for (const xmlNode *child = parent->children; child != NULL; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      walk_element (walk, child);
}

/* The title: the one marked so, or the first that there is. The cover page's says "Resolution
 * adopted by …", so it comes last. */
static xmlNode *
find_title (xmlNode *statement)
{
  xmlNode *preface = valise_xml_find (statement, "preface");
  xmlNode *cover = valise_xml_find (statement, "coverPage");
  xmlNode *title = preface != NULL ? valise_xml_search (preface, "docTitle") : NULL;

  if (title == NULL && preface != NULL)
    title = valise_xml_search (preface, "p");
  if (title == NULL && cover != NULL)
    title = valise_xml_search (cover, "docTitle");

  return title;
}

static void
read_title (Walk *walk, xmlNode *statement)
{
  xmlNode         *title = find_title (statement);
  g_autofree char *markup = NULL;
  const char      *words = NULL;

  if (title == NULL)
    return;

  markup = render (walk, title);
  drop_bold (markup);

  /* "75/32. - …": the dash that follows the number in Arabic stayed with the title. */
  words = markup + strspn (markup, "- ");
  if (*words == '\0')
    return;

  valise_outline_add (walk->outline, VALISE_BLOCK_TITLE, NULL, words, 0);
  walk->reading->title = valise_markup_to_plain (words);
  g_strdelimit (walk->reading->title, "\n", ' ');
}

static void
read_statement (Walk *walk, xmlNode *statement)
{
  valise_akn_read_meta (statement, walk->reading);
  read_title (walk, statement);

  for (const xmlNode *part = statement->children; part != NULL; part = part->next)
    if (part->type == XML_ELEMENT_NODE && !valise_xml_is (part, "preface"))
      walk_element (walk, part);
}

/* <akomaNtoso><statement>…, whatever the document's kind is called. */
static xmlNode *
find_statement (xmlDoc *document, GError **error)
{
  xmlNode *root = xmlDocGetRootElement (document);

  if (!valise_xml_is (root, "akomaNtoso"))
    {
      g_set_error (error, VALISE_READER_ERROR, VALISE_READER_ERROR_FORMAT,
                   "it is XML, but not Akoma Ntoso: its root is <%.40s>",
                   root != NULL ? (const char *) root->name : "");
      return NULL;
    }

  for (xmlNode *child = root->children; child != NULL; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      return child;

  g_set_error_literal (error, VALISE_READER_ERROR, VALISE_READER_ERROR_MALFORMED,
                       "it has no document in it");

  return NULL;
}

ValiseReading *
valise_akn_reader_read (GBytes *file, GError **error)
{
  g_autoptr (xmlDoc)        document = valise_xml_parse (file, error);
  g_autoptr (ValiseReading) reading = valise_reading_new ();
  g_autoptr (ValiseOutline) outline = valise_outline_new ();
  g_autoptr (GHashTable)    references = g_hash_table_new (g_str_hash, g_str_equal);
  Walk walk = { reading, outline, { take_note, take_link, NULL }, references, 0, NULL, 0, NULL };
  xmlNode *statement = NULL;

  if (document == NULL)
    return NULL;

  statement = find_statement (document, error);
  if (statement == NULL)
    return NULL;

  walk.sink.user_data = &walk;
  walk.kind = VALISE_BLOCK_BODY;
  read_statement (&walk, statement);
  g_free (walk.number);

  if (!valise_outline_finish (outline, reading, error))
    return NULL;
  if (reading->paragraphs->len == 0)
    {
      g_set_error_literal (error, VALISE_READER_ERROR, VALISE_READER_ERROR_MALFORMED,
                           "it has no words in it");
      return NULL;
    }

  return g_steal_pointer (&reading);
}
