/* valise-verify.h - whether what is kept is what was given
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads everything, changes nothing. Any thread; blocks, in proportion to what is there. What
 * is wrong is told one by one and counted; an error means that reading itself failed. A database
 * that is surely damaged is mended before it is used next (valise-mend.h).
 */

#pragma once

#include "valise-database.h"
#include "valise-file-store.h"
#include "valise-search-index.h"

G_BEGIN_DECLS

/* @what: for a person: names the thing and what is wrong with it. */
typedef void (*ValiseProblemFunc) (const char *what, gpointer user_data);

/* A further check of a leaf whose body is here and is JSON; FALSE with what is wrong. */
typedef gboolean (*ValiseLeafFunc) (const ValiseDocument *leaf,
                                    const ValiseJson     *json,
                                    gpointer              user_data,
                                    GError              **error);

/* Whether something else than its revision proves the leaf, as a seal does. */
typedef gboolean (*ValiseProvesFunc) (const ValiseDocument *leaf,
                                      const ValiseJson     *json,
                                      gpointer              user_data);

/* A file that was whole, and whose bytes make another digest. */
typedef void (*ValiseDamagedFunc) (const char *sha256, gpointer user_data);

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
  ValiseProvesFunc  proves;  /* (nullable): nothing else does */
  ValiseDamagedFunc damaged; /* (nullable) */
} ValiseVerifier;

/* The pages (integrity_check), every revision tree against its rows, every body against its
 * revision's digest, and the counters. A revision that another program made says nothing of its
 * body: it is no problem where something else proves that, or where its parent is not known.
 * Fails with any #ValiseDbError. */
gboolean valise_verify_database (ValiseDatabase       *database,
                                 const ValiseVerifier *verifier,
                                 ValiseVerifyReport   *report,
                                 GError              **error);

/* The pages of the index at @path, and whether what it has of words can be read. */
gboolean valise_verify_index_pages (const char           *path,
                                    const ValiseVerifier *verifier,
                                    gint64               *problems,
                                    GError              **error);

/* Whether the index at @path says of @database's documents what is so: of each that @extract
 * (nullable) would have in it what that says, and of no other anything. @entries: (out): how many
 * it has. An index that is not there yet, or behind, is no problem. */
gboolean valise_verify_index (const char           *path,
                              ValiseDatabase       *database,
                              ValiseIndexFunc       extract,
                              const ValiseVerifier *verifier,
                              gint64               *entries,
                              gint64               *problems,
                              GError              **error);

/* The pages of the file at @path, every complete file in it against its SHA-256, and of the others
 * whether as much is here as is said. */
gboolean valise_verify_files (const char           *path,
                              const ValiseVerifier *verifier,
                              gint64               *files,
                              gint64               *problems,
                              GError              **error);

G_END_DECLS
