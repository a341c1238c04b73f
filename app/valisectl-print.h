/* valisectl-print.h - how valisectl prints: for people, or as JSON for scripts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a function takes a builder, NULL means words on standard output instead.
 */

#pragma once

#include <json-glib/json-glib.h>

#include "valise-file-item.h"
#include "valise-library.h"

G_BEGIN_DECLS

/* Prints what @builder holds, which must be whole. */
void valisectl_print_json (JsonBuilder *builder);

void valisectl_add_string (JsonBuilder *builder, const char *name, const char *value);
void valisectl_add_int (JsonBuilder *builder, const char *name, gint64 value);
void valisectl_add_strings (JsonBuilder *builder, const char *name, const char *const *values);

/* How scripts name @state. */
const char *valisectl_state_name (ValiseFileState state);

void valisectl_print_finding (JsonBuilder *builder, const ValiseFinding *finding);
void valisectl_print_paper (JsonBuilder *builder, ValisePaper *paper);
void valisectl_print_text (ValiseText *text);

G_END_DECLS
