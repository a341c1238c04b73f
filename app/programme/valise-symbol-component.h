/* valise-symbol-component.h - what stands between two slashes of a symbol
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-symbol.h"

G_BEGIN_DECLS

typedef enum
{
  VALISE_SHAPE_NOTHING,
  VALISE_SHAPE_NUMBER,   /* 37; 78 H; 217 A (III); 1325(2000) */
  VALISE_SHAPE_SESSION,  /* S-32 */
  VALISE_SHAPE_NUMBERED, /* L.73, AC.292, CONF.IX */
  VALISE_SHAPE_WORD,     /* RES, HRC, EX(70) */
  VALISE_SHAPE_MODIFIER, /* Rev.1 */
} ValiseSymbolShape;

typedef struct
{
  ValiseSymbolShape    shape;
  char                *text; /* normal form */
  char                *name; /* of NUMBERED: "L" */
  guint                number;
  char                *letter;
  gboolean             marked; /* of NUMBER: with (III) or (2000) */
  char                *part;   /* "(Resumption 1)", or NULL */
  ValiseSymbolModifier modifier;
} ValiseSymbolComponent;

/**
 * valise_symbol_component_read:
 * @text: folded to ASCII, in any case
 * @component: (out caller-allocates): zeroed before
 *
 * Returns: whether @text has the shape of a component; @component is to be cleared either way
 */
gboolean valise_symbol_component_read (const char *text, ValiseSymbolComponent *component);
void     valise_symbol_component_clear (ValiseSymbolComponent *self);

G_END_DECLS
