/* valise-symbol.h - document symbols: read, normalise, relate
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *     symbol = organ { "/" component }        A/AC.292/2023/WP.2/Rev.1
 *
 * All languages of a document share one symbol. What people paste differs in case, spaces,
 * dashes, digits and direction marks; the normal form does not. Pure functions, any thread.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VALISE_SYMBOL_MAX 160 /* bytes of a symbol; what is longer is none */

/**
 * ValiseSymbolModifier:
 * @VALISE_SYMBOL_ADDENDUM: Add.n, adds to what stands
 * @VALISE_SYMBOL_AMENDMENT: Amend.n
 * @VALISE_SYMBOL_CORRIGENDUM: Corr.n, may concern some languages only
 * @VALISE_SYMBOL_REVISION: Rev.n, replaces what stood
 * @VALISE_SYMBOL_SUMMARY: Summary, an abridged version
 * @VALISE_SYMBOL_REISSUE: `*`, the same words issued again for technical reasons
 * @VALISE_SYMBOL_PART: in parentheses: (Resumption 1), (Part I), (Supp)
 */
typedef enum
{
  VALISE_SYMBOL_ADDENDUM,
  VALISE_SYMBOL_AMENDMENT,
  VALISE_SYMBOL_CORRIGENDUM,
  VALISE_SYMBOL_REVISION,
  VALISE_SYMBOL_SUMMARY,
  VALISE_SYMBOL_REISSUE,
  VALISE_SYMBOL_PART,
} ValiseSymbolModifier;

/**
 * ValiseSymbol:
 *
 * Read only. What a symbol does not have is NULL or 0.
 */
typedef struct
{
  char *raw;     /* as it came */
  char *text;    /* the normal form: "A/AC.292/2023/WP.2/Rev.1" */
  char *base;    /* without its modifiers: "A/AC.292/2023/WP.2" */
  char *organ;   /* "A" */
  char *body;    /* "AC.292", "C.1", "CONF.192/BMS" */
  char *session; /* "77", "S-32", "ES-11" */
  guint year;    /* 2023, where it stands in a session's place */
  char *nature;  /* "RES", "WP", "L", "PV", "INF" */
  guint number;  /* 2; of "A/RES/48/75 L", 75 */
  char *letter;  /* "L", "A-C" */

  /* The last modifier, which says how this relates to what remains without it. */
  gboolean             modified;
  ValiseSymbolModifier modifier;
  guint                modifier_number; /* 1 of Rev.1; 0 where it has none */
  char                *parent;          /* without the last modifier; NULL where !modified */
} ValiseSymbol;

/**
 * ValiseSymbolRelation:
 * @VALISE_SYMBOL_UNRELATED: different documents
 * @VALISE_SYMBOL_SAME: one document
 * @VALISE_SYMBOL_ADDS_TO: the first is an addendum of the second
 * @VALISE_SYMBOL_AMENDS: the first amends the second
 * @VALISE_SYMBOL_CORRECTS: the first is a corrigendum of the second
 * @VALISE_SYMBOL_REPLACES: the first is a revision or reissue that replaces the second
 * @VALISE_SYMBOL_SUMMARISES: the first is the summary of the second
 * @VALISE_SYMBOL_CONTINUES: the first is a part or resumption of the second
 * @VALISE_SYMBOL_FAMILY: none of these, but of the same base (two addenda of one paper)
 */
typedef enum
{
  VALISE_SYMBOL_UNRELATED,
  VALISE_SYMBOL_SAME,
  VALISE_SYMBOL_ADDS_TO,
  VALISE_SYMBOL_AMENDS,
  VALISE_SYMBOL_CORRECTS,
  VALISE_SYMBOL_REPLACES,
  VALISE_SYMBOL_SUMMARISES,
  VALISE_SYMBOL_CONTINUES,
  VALISE_SYMBOL_FAMILY,
} ValiseSymbolRelation;

/**
 * valise_symbol_parse:
 * @text: one symbol, or "resolution 77/37" as prose has it in the six languages
 *
 * Forgives case, spaces, any dash, Arabic or full-width digits, direction marks and a full
 * stop at the end.
 *
 * Returns: (transfer full) (nullable): %NULL where @text is no symbol
 */
ValiseSymbol *valise_symbol_parse (const char *text) G_GNUC_WARN_UNUSED_RESULT;
void          valise_symbol_free (ValiseSymbol *self);

/* The normal form, or %NULL where @text is no symbol. */
char *valise_symbol_normalise (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* For sorting: numbers by value, so L.9 comes before L.10, and a paper before its addenda. */
int valise_symbol_compare (const ValiseSymbol *a, const ValiseSymbol *b);
/* The same of two strings; what is no symbol comes last. For GCompareFunc. */
int valise_symbol_compare_text (const char *a, const char *b);

ValiseSymbolRelation valise_symbol_relate (const ValiseSymbol *a, const ValiseSymbol *b);

/* A kind of valise-reading.h, or %NULL where the symbol does not tell. */
const char *valise_symbol_get_kind (const ValiseSymbol *self);

/* "https://docs.un.org/fr/A/RES/77/37"; @language is one of the six codes. */
char *valise_symbol_dup_link (const ValiseSymbol *self,
                              const char         *language) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  gsize start; /* bytes from the beginning of the text */
  gsize end;
  char *symbol; /* normal form */
} ValiseSymbolSpan;

void valise_symbol_span_free (ValiseSymbolSpan *self);

/**
 * valise_symbol_find_in_text:
 * @text: prose in any of the six languages
 *
 * Whole symbols, and "resolution 77/37" or "resolutions 43/78 H of 7 December 1988, 53/70 of
 * 4 December 1998 and 54/49", whose spans cover "77/37", "43/78 H"…
 *
 * Returns: (transfer full): an array of #ValiseSymbolSpan in the order of @text
 */
GPtrArray *valise_symbol_find_in_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseSymbol, valise_symbol_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseSymbolSpan, valise_symbol_span_free)

G_END_DECLS
