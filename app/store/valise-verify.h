/* valise-verify.h - whether what is kept is what was given
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads everything, changes nothing. Any thread; blocks, in proportion to what is there. What
 * is wrong is told one by one and counted; an error means that reading itself failed.
 */

#pragma once

#include "valise-database.h"
#include "valise-file-store.h"

G_BEGIN_DECLS

/* @what: for a person: names the thing and what is wrong with it. */
typedef void (*ValiseProblemFunc) (const char *what, gpointer user_data);

/* A further check of a leaf whose body is here and is JSON; FALSE with what is wrong. */
typedef gboolean (*ValiseLeafFunc) (const ValiseDocument *leaf,
                                    const ValiseJson     *json,
                                    gpointer              user_data,
                                    GError              **error);

typedef struct
{
  gint64 documents; /* tombstones included */
  gint64 leaves;
  gint64 here;     /* of the leaves, those with a body */
  gint64 digested; /* of these, those whose revision is the digest of what they say */
  gint64 problems;
} ValiseVerifyReport;

typedef struct
{
  ValiseProblemFunc problem; /* (nullable) */
  ValiseLeafFunc    leaf;    /* (nullable) */
  gpointer          user_data;
} ValiseVerifier;

/* The pages (integrity_check), every revision tree against its rows, every body against its
 * revision's digest where the revision is one that Valise makes, and the counters. A revision
 * that another program made says nothing of its body, and is not counted as digested. Fails
 * with any #ValiseDbError. */
gboolean valise_verify_database (ValiseDatabase       *database,
                                 const ValiseVerifier *verifier,
                                 ValiseVerifyReport   *report,
                                 GError              **error);

/* Whether the index at @path says of @database's documents what is so; @entries: (out): how
 * many it has. An index that is not there yet, or behind, is no problem. */
gboolean valise_verify_index (const char           *path,
                              ValiseDatabase       *database,
                              const ValiseVerifier *verifier,
                              gint64               *entries,
                              gint64               *problems,
                              GError              **error);

/* Every complete file at @path against its SHA-256. */
gboolean valise_verify_files (const char           *path,
                              const ValiseVerifier *verifier,
                              gint64               *files,
                              gint64               *problems,
                              GError              **error);

G_END_DECLS
