/* valise-xml.c - XML that others wrote, parsed without trusting it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-xml"

#include "config.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "valise-reader.h"
#include "valise-xml.h"

#define MAX_RUN        (1024 * 1024) /* bytes of text without an element in it */
#define MAX_OF_ELEMENT 64            /* attributes; libxml2 compares each with each */
#define MAX_ATTRIBUTES 400000
#define MAX_NAMESPACES 1000 /* declarations; libxml2 searches them one by one */

/* What one parse has cost so far; hangs on the parser context. */
typedef struct
{
  guint   depth;
  guint   elements;
  guint   attributes;
  guint   namespaces;
  gsize   run;
  GError *error;
} Budget;

static xmlParserInputPtr
refuse_entity (const char *url, const char *id, xmlParserCtxtPtr context)
{
  return NULL;
}

static gpointer
prepare_once (gpointer data)
{
  xmlInitParser ();
  xmlSetExternalEntityLoader (refuse_entity);

  return NULL;
}

static void
stop (xmlParserCtxtPtr context, ValiseReaderError code, const char *message)
{
  Budget *budget = context->_private;

  if (budget->error == NULL)
    budget->error = g_error_new_literal (VALISE_READER_ERROR, (int) code, message);
  xmlStopParser (context);
}

static void
refuse_doctype (void *data, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
  stop (data, VALISE_READER_ERROR_UNSAFE, "it declares a document type");
}

static void
count_start (void           *data,
             const xmlChar  *name,
             const xmlChar  *prefix,
             const xmlChar  *uri,
             int             n_namespaces,
             const xmlChar **namespaces,
             int             n_attributes,
             int             n_defaulted,
             const xmlChar **attributes)
{
  xmlParserCtxtPtr context = data;
  Budget          *budget = context->_private;

  budget->run = 0;
  budget->attributes += (guint) n_attributes;
  budget->namespaces += (guint) n_namespaces;
  if (uri != NULL && strstr ((const char *) uri, "XInclude") != NULL)
    stop (context, VALISE_READER_ERROR_UNSAFE, "it includes another file");
  else if (++budget->depth > VALISE_READER_MAX_DEPTH)
    stop (context, VALISE_READER_ERROR_LIMIT, "its elements are nested too deep");
  else if (++budget->elements > VALISE_READER_MAX_ELEMENTS)
    stop (context, VALISE_READER_ERROR_LIMIT, "it has too many elements");
  else if (budget->attributes > MAX_ATTRIBUTES || budget->namespaces > MAX_NAMESPACES)
    stop (context, VALISE_READER_ERROR_LIMIT, "it has too many attributes");
  else
    xmlSAX2StartElementNs (data, name, prefix, uri, n_namespaces, namespaces, n_attributes,
                           n_defaulted, attributes);
}

static void
count_end (void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  xmlParserCtxtPtr context = data;
  Budget          *budget = context->_private;

  budget->run = 0;
  budget->depth--;
  xmlSAX2EndElementNs (data, name, prefix, uri);
}

static void
count_characters (void *data, const xmlChar *text, int length)
{
  xmlParserCtxtPtr context = data;
  Budget          *budget = context->_private;

  budget->run += (gsize) length;
  if (budget->run > MAX_RUN)
    stop (context, VALISE_READER_ERROR_LIMIT, "a run of text in it is too long");
  else
    xmlSAX2Characters (data, text, length);
}

/* Where the markup that begins at @p and is no element ends: a comment, a CDATA section, an
 * instruction; NULL where it is none of them. */
static const char *
skip_other (const char *p, const char *end)
{
  static const struct
  {
    const char *open;
    const char *close;
  } others[] = { { "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<?", "?>" } };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      gsize       length = strlen (others[i].open);
      const char *close = NULL;

      if ((gsize) (end - p) < length || memcmp (p, others[i].open, length) != 0)
        continue;

      close = memmem (p + length, (gsize) (end - p) - length, others[i].close,
                      strlen (others[i].close));
      return close != NULL ? close + strlen (others[i].close) : end;
    }

  return NULL;
}

/* Counts the attributes of each element before libxml2 sees it, which would compare them all
 * with each other before it asks anybody. */
static gboolean
check_attributes (const char *data, gsize length, GError **error)
{
  const char *end = data + length;

  for (const char *p = memchr (data, '<', length); p != NULL && p < end;
       p = memchr (p, '<', (gsize) (end - p)))
    {
      const char *after = skip_other (p, end);
      char        quote = '\0';
      guint       count = 0;

      for (p++; after == NULL && p < end && (quote != '\0' || *p != '>'); p++)
        {
          count += quote == '\0' && *p == '=';
          if (quote == '\0' && (*p == '"' || *p == '\''))
            quote = *p;
          else if (*p == quote)
            quote = '\0';
        }
      if (after != NULL)
        p = after;

      if (count > MAX_OF_ELEMENT)
        {
          g_set_error_literal (error, VALISE_READER_ERROR, VALISE_READER_ERROR_LIMIT,
                               "an element of it has too many attributes");
          return FALSE;
        }
    }

  return TRUE;
}

/* The parser's own complaint, in one line. */
static void
take_parser_error (xmlParserCtxtPtr context, GError **error)
{
  const xmlError  *last = xmlCtxtGetLastError (context);
  g_autofree char *message = g_strdup (last != NULL ? last->message : "no document");

  g_strstrip (message);
  g_set_error (error, VALISE_READER_ERROR, VALISE_READER_ERROR_MALFORMED, "line %d: %s",
               last != NULL ? last->line : 0, message);
}

static void
set_handlers (xmlParserCtxtPtr context, Budget *budget)
{
  context->_private = budget;
  context->sax->internalSubset = refuse_doctype;
  context->sax->startElementNs = count_start;
  context->sax->endElementNs = count_end;
  context->sax->characters = count_characters;
  context->sax->ignorableWhitespace = count_characters;
  context->sax->cdataBlock = count_characters;
  context->sax->comment = NULL;
  context->sax->processingInstruction = NULL;
}

/* What @context makes of the bytes; NULL where they are too much for @budget or no XML. */
static xmlDoc *
build (xmlParserCtxtPtr context, Budget *budget, const char *data, gsize length, GError **error)
{
  xmlDoc *document = NULL;

  set_handlers (context, budget);

  /* Said to be UTF-8, whatever it declares: the caller has checked the bytes. */
  document = xmlCtxtReadMemory (context, data, (int) MIN (length, G_MAXINT), NULL, "UTF-8",
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  if (budget->error != NULL)
    g_propagate_error (error, budget->error);
  else if (document == NULL || !context->wellFormed)
    take_parser_error (context, error);
  if (budget->error != NULL || !context->wellFormed)
    g_clear_pointer (&document, xmlFreeDoc);

  /* A document refused while it was built still hangs on its context. */
  if (document == NULL && context->myDoc != NULL)
    {
      xmlFreeDoc (context->myDoc);
      context->myDoc = NULL;
    }
  return document;
}

xmlDoc *
valise_xml_parse (GBytes *file, GError **error)
{
  static GOnce     once = G_ONCE_INIT;
  Budget           budget = { 0 };
  gsize            length = 0;
  const char      *data = NULL;
  xmlParserCtxtPtr context = NULL;
  xmlDoc          *document = NULL;

  g_return_val_if_fail (file != NULL, NULL);

  g_once (&once, prepare_once, NULL);
  data = g_bytes_get_data (file, &length);
  if (length == 0)
    {
      g_set_error_literal (error, VALISE_READER_ERROR, VALISE_READER_ERROR_MALFORMED,
                           "it is empty");
      return NULL;
    }
  if (!check_attributes (data, length, error))
    return NULL;

  context = xmlNewParserCtxt ();
  if (context == NULL)
    {
      g_set_error_literal (error, VALISE_READER_ERROR, VALISE_READER_ERROR_LIMIT,
                           "no memory to read it");
      return NULL;
    }

  document = build (context, &budget, data, length, error);
  xmlFreeParserCtxt (context);

  return document;
}

gboolean
valise_xml_is (const xmlNode *node, const char *name)
{
  return node != NULL && node->type == XML_ELEMENT_NODE
         && strcmp ((const char *) node->name, name) == 0;
}

xmlNode *
valise_xml_find (const xmlNode *parent, const char *name)
{
  for (xmlNode *child = parent != NULL ? parent->children : NULL; child != NULL;
       child = child->next)
    if (valise_xml_is (child, name))
      return child;

  return NULL;
}

xmlNode *
valise_xml_next (xmlNode *node, const xmlNode *root)
{
  if (node->children != NULL && node->type == XML_ELEMENT_NODE)
    return node->children;

  while (node != root && node->next == NULL)
    node = node->parent;

  return node == root ? NULL : node->next;
}

xmlNode *
valise_xml_search (xmlNode *root, const char *name)
{
  for (xmlNode *node = root; node != NULL; node = valise_xml_next (node, root))
    if (valise_xml_is (node, name))
      return node;

  return NULL;
}

char *
valise_xml_dup_attribute (const xmlNode *node, const char *name)
{
  char *copy = NULL;

  for (const xmlAttr *attribute = node != NULL ? node->properties : NULL; attribute != NULL;
       attribute = attribute->next)
    if (strcmp ((const char *) attribute->name, name) == 0)
      {
        xmlChar *value = xmlNodeListGetString (node->doc, attribute->children, 1);

        if (value != NULL && *value != '\0')
          copy = g_strdup ((const char *) value);
        xmlFree (value);
        break;
      }

  return copy;
}

char *
valise_xml_dup_text (const xmlNode *node)
{
  g_autoptr (GString) out = g_string_new (NULL);
  xmlChar            *content = node != NULL ? xmlNodeGetContent (node) : NULL;

  for (const char *p = content != NULL ? (const char *) content : ""; *p != '\0'; p++)
    {
      if (strchr (" \t\r\n", *p) == NULL)
        g_string_append_c (out, *p);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  xmlFree (content);

  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);

  return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}
