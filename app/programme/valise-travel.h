/* valise-travel.h - what of a meeting's papers is not on this laptop yet, and how much it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A picture of one moment: never changes once made, so any thread may read it.
 */

#pragma once

#include "valise-paper-file.h"

G_BEGIN_DECLS

typedef enum
{
  VALISE_TRAVEL_OWN,    /* texts of the meeting's papers, in the languages asked for */
  VALISE_TRAVEL_CITED,  /* texts of what those name, revise or correct, in the same languages */
  VALISE_TRAVEL_OTHERS, /* texts of the meeting's papers in the other languages */
} ValiseTravelPart;

#define VALISE_TRAVEL_N_PARTS 3

/* A text that is known, and not here. */
typedef struct
{
  char  *database;
  char  *id;
  gint64 size; /* bytes of its document, as announced; 0: unknown */
} ValiseTravelText;

typedef struct
{
  guint      papers;  /* that the part is about */
  guint      here;    /* texts of it that are here already */
  guint64    bytes;   /* of the absent ones, as announced */
  GPtrArray *texts;   /* (element-type ValiseTravelText): the absent ones, in the order of the
                       * agenda */
  GPtrArray *symbols; /* (element-type utf8) of the papers */
} ValiseTravelNeed;

typedef struct
{
  char            *meeting; /* id */
  char            *title;   /* as the library's language prefers */
  char           **languages;
  char           **others; /* those of the six that were not asked for */
  ValiseTravelNeed needs[VALISE_TRAVEL_N_PARTS];
  GPtrArray       *files; /* (element-type ValisePaperFile): of the meeting's papers, in the
                           * languages asked for or in none in particular; whether they are here,
                           * the queue of files knows */
} ValiseTravel;

void valise_travel_free (ValiseTravel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ValiseTravel, valise_travel_free)

G_END_DECLS
