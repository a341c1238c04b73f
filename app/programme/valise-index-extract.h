/* valise-index-extract.h - what the search index keeps of our documents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     paper    group: its symbol; summary: titles, authors, languages, seal…: what a row shows;
 *              its PDFs, whose words are read where they are here; summary of each: {name, length}
 *     text     group: its symbol; its paragraphs, in plain words
 *     meeting  summary: the document
 *     agenda   meeting: its meeting; summary: the document
 */

#pragma once

#include "valise-search-index.h"

G_BEGIN_DECLS

/* Raised whenever the extractor's meaning changes, so that indexes are made anew. */
#define VALISE_INDEX_EXTRACT_VERSION 5

/* A #ValiseIndexFunc. */
gboolean valise_index_extract (const char           *database,
                               const ValiseDocument *document,
                               const ValiseJson     *json,
                               ValiseIndexEntry     *entry,
                               gpointer              user_data);

G_END_DECLS
