/* valise-reading.h - what a reader found in a file, before anybody files it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Readers live in drafting; the registry and the server, which take what they found, do not
 * see drafting. So the plain record that passes between them is declared here.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ValiseParagraph:
 *
 * One paragraph of a text, as DESIGN §4 "Text" has it.
 *
 * @key: says where the paragraph stands, so it is the same in all six languages. A second
 * paragraph of the same place ends in "~2", a third in "~3".
 *
 *     t            title                     h2           second heading
 *     p1           organ line                p3           third preamble paragraph (PP3)
 *     o3           operative paragraph 3     o3.a.i       its (a) (i)
 *     o3.t1        unnumbered text under 3   x4           fourth unnumbered paragraph
 *     n1           footnote 1                b2           second table row
 *     c1           closing line              a1.o3, a1.h1 the same in the first annex
 *
 * @number: as a reference cites it: "PP3", "3", "3 (a)", "3 (a) (i)", "6 (1)", "annex, 3",
 * "annex II, 3 (a)"; of a note its marker, "1"; NULL where a paragraph has none. ASCII digits
 * and Latin letters in every language. Two paragraphs can share one where their author did so.
 */
typedef struct
{
  char *key;
  char *kind;   /* one of the VALISE_PARAGRAPH_ names below */
  char *number; /* or NULL */
  guint level;  /* 0 for a paragraph, 1 for its (a), 2 for its (i)… */
  char *text;   /* markup: Unicode with <i> <b> <u> <sup> <note ref="1"/>; & < > escaped */
} ValiseParagraph;

#define VALISE_PARAGRAPH_TITLE     "title"
#define VALISE_PARAGRAPH_ORGAN     "organ" /* "The General Assembly," */
#define VALISE_PARAGRAPH_HEADING   "heading"
#define VALISE_PARAGRAPH_PREAMBLE  "preamble"
#define VALISE_PARAGRAPH_OPERATIVE "operative" /* numbered: 1, 2, 3 */
#define VALISE_PARAGRAPH_ITEM      "item"      /* numbered under another: (a), (i), 1) */
#define VALISE_PARAGRAPH_TEXT      "text"      /* neither numbered nor any of the others */
#define VALISE_PARAGRAPH_NOTE      "note"    /* a footnote; <note ref> in texts names its number */
#define VALISE_PARAGRAPH_CLOSING   "closing" /* "46th plenary meeting, 7 December 2022" */
#define VALISE_PARAGRAPH_TABLE     "table"   /* a row of a table, cells parted by tabs */

/* The kinds of paper, as `kind` of a paper document has them. */
#define VALISE_READING_RESOLUTION     "resolution"
#define VALISE_READING_DECISION       "decision"
#define VALISE_READING_WORKING_PAPER  "working-paper"
#define VALISE_READING_NATIONAL_VIEWS "national-views"
#define VALISE_READING_REPORT         "report"
#define VALISE_READING_NOTE           "note"
#define VALISE_READING_LETTER         "letter"
#define VALISE_READING_PAPER          "paper" /* none of the above */

/* The vote on a resolution; all 0 with @recorded FALSE where there was none or it is not told. */
typedef struct
{
  gboolean recorded;
  guint    in_favour;
  guint    against;
  guint    abstaining;
} ValiseReadingVote;

/**
 * ValiseReading:
 *
 * Every string may be NULL where the file does not say, except @kind; every array is there,
 * though it may be empty. Dates are "YYYY-MM-DD". Plain text, but for the paragraphs' markup.
 * Whoever holds it owns it whole; it is not shared between threads.
 */
typedef struct
{
  char *symbol;            /* normalised, "A/RES/77/37" */
  char *kind;              /* VALISE_READING_ */
  char *language;          /* "en"; NULL where it cannot be told */
  char *original_language; /* "fr", where the file says it */
  char *title;
  char *short_title; /* where it differs from the title */
  char *author;      /* of a paper: "Republic of Korea"; of a resolution its body's name */

  char *date;      /* of adoption or of the paper */
  char *published; /* of issue */

  char *body;           /* key: "ga", "sc", "ecosoc" */
  char *session;        /* "77" */
  char *meeting;        /* as printed: "46th plenary meeting" */
  char *meeting_symbol; /* "A/77/PV.46" */

  GPtrArray *agenda_items;    /* "94"; "74 (b)"; "26 (a)" */
  char      *agenda_title;    /* "Developments in the field of …" */
  char      *agenda_document; /* "A/77/251" */
  char      *committee;       /* "First Committee" */
  char      *draft_symbol;    /* "A/C.1/77/L.73" */
  char      *report_symbol;   /* "A/77/380" */
  char      *job_number;      /* "22-28102 (E)" */
  char      *source;          /* whom to name when it is shown, and that it is unofficial */

  GPtrArray        *sponsors;            /* names as printed */
  GPtrArray        *additional_sponsors; /* those who joined later */
  ValiseReadingVote vote;

  GPtrArray *references; /* normalised symbols that the words cite, each once, as they come */
  GPtrArray *paragraphs; /* of #ValiseParagraph, in the order of the page, notes last */
  GPtrArray *notices;    /* sentences in English: oddities kept as they stood */
} ValiseReading;

ValiseReading   *valise_reading_new (void) G_GNUC_WARN_UNUSED_RESULT;
void             valise_reading_free (ValiseReading *self);
ValiseParagraph *valise_paragraph_new (const char *key,
                                       const char *kind,
                                       const char *number,
                                       guint       level,
                                       const char *text) G_GNUC_WARN_UNUSED_RESULT;
void             valise_paragraph_free (ValiseParagraph *self);

/* The first paragraph of that key, or NULL. */
const ValiseParagraph *valise_reading_find (const ValiseReading *self, const char *key);

/**
 * valise_markup_to_plain:
 * @text: a paragraph's markup
 *
 * The words alone: tags and note marks dropped, entities resolved. What is no tag of the
 * closed set stays as it stands, so no text is lost to a stray "<".
 */
char *valise_markup_to_plain (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Appends @length bytes of plain text (-1: terminated) to @out, with & < > escaped. */
void valise_markup_append_plain (GString *out, const char *text, gssize length);

/**
 * valise_markup_is_valid:
 *
 * Whether @text is markup of the closed set: tags known, nested and closed; every & one of
 * &amp; &lt; &gt;; <note ref="…"/> with a marker of letters, digits and `*`; valid UTF-8
 * without control characters but tab and newline. For what arrives from elsewhere.
 */
gboolean valise_markup_is_valid (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseReading, valise_reading_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseParagraph, valise_paragraph_free)

G_END_DECLS
