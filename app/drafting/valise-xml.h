/* valise-xml.h - XML that others wrote, parsed without trusting it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

/**
 * valise_xml_parse:
 * @file: UTF-8, with or without a byte order mark
 *
 * Nothing is loaded from anywhere, nothing is expanded: a document type, an entity of its own
 * or an inclusion ends the parse as UNSAFE. Elements, their depth and the length of a run of
 * text are counted as they come, so a bomb is never built: LIMIT. The rest is MALFORMED.
 *
 * Returns: (transfer full): the document, for xmlFreeDoc()
 */
xmlDoc *valise_xml_parse (GBytes *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @node is the element @name, in whatever namespace. */
gboolean valise_xml_is (const xmlNode *node, const char *name);

/* The first child element of that name, or %NULL. */
xmlNode *valise_xml_find (const xmlNode *parent, const char *name);

/* The first element of that name within @root, itself included, in document order. */
xmlNode *valise_xml_search (xmlNode *root, const char *name);

/* The next node in document order within @root; %NULL past the last. */
xmlNode *valise_xml_next (xmlNode *node, const xmlNode *root);

/* An attribute of @node without its namespace; %NULL where it is missing or empty. */
char *valise_xml_dup_attribute (const xmlNode *node, const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* All text within, runs of white space as one space, none at the ends; %NULL where none. */
char *valise_xml_dup_text (const xmlNode *node) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (xmlDoc, xmlFreeDoc)

G_END_DECLS
