/* valise-block.h - a piece of text as a reader found it, before it is numbered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-marker.h"

G_BEGIN_DECLS

/**
 * ValiseBlockKind:
 * @VALISE_BLOCK_TITLE: the title
 * @VALISE_BLOCK_ORGAN: "The General Assembly,"
 * @VALISE_BLOCK_PREAMBLE: a preamble paragraph
 * @VALISE_BLOCK_BODY: numbered or not, as its marker says
 * @VALISE_BLOCK_HEADING: a heading
 * @VALISE_BLOCK_ROW: a row of a table, cells parted by tabs
 * @VALISE_BLOCK_CLOSING: what stands below the text
 */
typedef enum
{
  VALISE_BLOCK_TITLE,
  VALISE_BLOCK_ORGAN,
  VALISE_BLOCK_PREAMBLE,
  VALISE_BLOCK_BODY,
  VALISE_BLOCK_HEADING,
  VALISE_BLOCK_ROW,
  VALISE_BLOCK_CLOSING,
} ValiseBlockKind;

typedef struct
{
  ValiseBlockKind kind;
  char           *number; /* the marker where the file has it apart, or NULL */
  char           *text;   /* markup */
  guint           level;  /* of a heading, its rank from 0 */
  guint           annex;  /* 0: the text itself */
  ValiseMarker    marker; /* once prepared */
} ValiseBlock;

ValiseBlock *valise_block_new (ValiseBlockKind kind,
                               const char     *number,
                               const char     *text,
                               guint           level,
                               guint           annex) G_GNUC_WARN_UNUSED_RESULT;
void         valise_block_free (ValiseBlock *self);

/* Whether it begins with "3." beyond doubt. */
gboolean valise_block_is_numbered (const ValiseBlock *self);

/* The last character of its words; 0 where it has none. */
gunichar valise_block_get_last (const ValiseBlock *self);

/* Takes a doubtful marker for one. */
void valise_block_take_marker (ValiseBlock *self);

/**
 * valise_block_prepare_all:
 * @blocks: (element-type ValiseBlock): in the order of the page
 * @notices: (element-type utf8): takes a sentence for what was mended
 *
 * Reads the markers, from the words where the file's own are missing or wrong; returns to the
 * preamble what stands before paragraph 1 and ends in a comma; joins sentences that were broken
 * in two.
 */
void valise_block_prepare_all (GPtrArray *blocks, GPtrArray *notices);

/* Of the block @from among @blocks, prepared: the number of the next that has one, 0 where none has
 * in the same annex; whether a later one of the annex is numbered @value; whether the next lettered
 * one makes "(i)", @value 1, a numeral: "(ii)" follows it. */
guint    valise_blocks_get_next_number (GPtrArray *blocks, guint from);
gboolean valise_blocks_number_again (GPtrArray *blocks, guint from, guint value);
gboolean valise_blocks_numeral_follows (GPtrArray *blocks, guint from, guint value);

/* The paragraph that stands alone, or NULL: a resolution that decides one thing does not number
 * it. */
const ValiseBlock *valise_blocks_find_only (GPtrArray *blocks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseBlock, valise_block_free)

G_END_DECLS
