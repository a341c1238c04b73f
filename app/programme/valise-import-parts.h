/* valise-import-parts.h - one file on its way into the record; the importer's own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-import.h"

G_BEGIN_DECLS

#define VALISE_IMPORT_DATABASE  "public"
#define VALISE_IMPORT_MAX_TITLE 4000 /* bytes, as data/records has it */

/* One file on its way into the record. */
typedef struct
{
  ValiseIssuer              *issuer;
  ValiseProfile             *profile;
  ValiseHome                *home;
  const ValiseReading       *reading;
  const ValiseImportOptions *options;
  const char                *language;
  char                      *symbol;
  char                      *title;
  char      *digest; /* of title and paragraphs: by it an unnumbered paper is known */
  gboolean   unnumbered;
  char      *meeting; /* id, or NULL */
  char      *item;    /* the first, or NULL */
  JsonArray *paragraphs;
  gboolean   changed;
} ValiseImportFile;

/* Sets REFUSED. Returns: %FALSE */
gboolean valise_import_refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* One line of at most @max bytes, cut at a character; NULL for nothing. */
char *valise_import_dup_line (const char *text, gsize max);
/* Sets such a line, or, for nothing, leaves it out. */
void valise_import_set_line (JsonObject *tree, const char *name, const char *text);

/* The symbol given or read; without one that under which the paper is known, or the next of
 * its series. */
gboolean valise_import_find_symbol (ValiseImportFile *import, GError **error);

/* The paper from the file that brings it first; and what every file adds to it. */
JsonObject *valise_import_make_paper (ValiseImportFile *import);
void valise_import_complete_paper (ValiseImportFile *import, JsonObject *paper, GPtrArray *items);

G_END_DECLS
