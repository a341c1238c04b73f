/* valise-tree.h - a document's body as a tree that can be changed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json-glib's objects, made only from text that the strict scanner has read (json-glib would
 * accept more), for those who write documents. One thread at a time.
 */

#pragma once

#include <json-glib/json-glib.h>

#include "valise-json.h"

G_BEGIN_DECLS

/* Of a scanned object without its `seal`; fails with a #ValiseJsonError where it is none. */
JsonObject *valise_tree_parse (const ValiseJson *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Compact JSON text, members in the order in which they were set. */
char *valise_tree_to_text (JsonObject *tree) G_GNUC_WARN_UNUSED_RESULT;

/* Sets, or, with a NULL or empty @text, leaves out. */
void valise_tree_set_string (JsonObject *tree, const char *name, const char *text);

/* Of NULL-terminated @texts; an empty array is left out. */
void valise_tree_set_strings (JsonObject *tree, const char *name, const char *const *texts);

/* The object or array under @name, made where there is none. Lent. */
JsonObject *valise_tree_get_object (JsonObject *tree, const char *name);
JsonArray  *valise_tree_get_array (JsonObject *tree, const char *name);

/* A string member, lent; NULL where there is none. */
const char *valise_tree_get_string (JsonObject *tree, const char *name);

/* Whether an array of strings has @text; and adding it where it has not. */
gboolean valise_tree_contains (JsonArray *array, const char *text);
void     valise_tree_add_once (JsonArray *array, const char *text);

G_END_DECLS
