/* valise-document-name.h - a document by what its id says, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "A/AC.292/2026/WP.17" of the id of a paper or a text, isolated; "Submission" of one written
 * here; "Document" of what is neither. The caller's. */
char *valise_document_name (const char *id);

/* The same of a line "ID: REASON", as the log has it: the reason is in English and for the log. */
char *valise_document_name_of_reason (const char *line);

G_END_DECLS
