/* valise-fake-record.h - what the made-up library shares among its files: papers, meetings, words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-library.h"

G_BEGIN_DECLS

#define PLENARY  "meeting:plenary"
#define THEMATIC "meeting:thematic"

typedef struct
{
  const char *symbol, *title, *french, *arabic, *kind, *date, *meeting, *item, *author;
  const char *here;   /* languages here, by letters of two */
  const char *absent; /* languages known, not here */
} FakePaper;

typedef struct
{
  const char *id, *title, *start, *end, *venue, *zone;
} FakeMeeting;

typedef struct
{
  const char *meeting, *number, *title, *starts;
  int         minutes;
} FakeItem;

/* Words of one language, each with markup. */
typedef struct
{
  const char *language;
  const char *words[4];
} FakeSentences;

#define N_FAKE_PAPERS    7
#define N_FAKE_MEETINGS  3
#define N_FAKE_ITEMS     4
#define N_FAKE_LANGUAGES 6

extern const FakePaper     valise_fake_papers[N_FAKE_PAPERS];
extern const FakeMeeting   valise_fake_meetings[N_FAKE_MEETINGS];
extern const FakeItem      valise_fake_items[N_FAKE_ITEMS];
extern const FakeSentences valise_fake_sentences[N_FAKE_LANGUAGES];

/* The paper at @index, which counts on past those that are written out; @at_once: loaded when it
 * returns, else in a turn of the main loop. A new reference. */
ValisePaper *valise_fake_paper_new (guint index, gboolean at_once);

ValisePaper *valise_fake_heading_new (const char *title);

/* Whether @paper, the one at @index, passes @filter. */
gboolean valise_fake_paper_matches (const FakePaper           *paper,
                                    guint                      index,
                                    const ValiseLibraryFilter *filter);

ValiseText *valise_fake_text_new (const char *symbol, const char *language);

ValiseMeeting *valise_fake_meeting_new (guint index);

/* With the papers that stand under it. */
ValiseAgendaItem *valise_fake_item_new (guint index);

G_END_DECLS
