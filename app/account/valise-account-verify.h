/* valise-account-verify.h - whether all that an account keeps is what it was given
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See valise-verify.h; to that this adds the seals.
 */

#pragma once

#include "valise-account.h"
#include "valise-search-index.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 databases;
  gint64 documents; /* tombstones included */
  gint64 leaves;
  gint64 here;     /* of the leaves, those whose body is here */
  gint64 digested; /* of these, those whose revision is the digest of what they say */
  gint64 sealed;   /* of these, those whose seal was checked */
  gint64 entries;  /* of the index */
  gint64 files;
  gint64 unsafe; /* bytes of edits that nobody else has */
  gint64 problems;
  gint64 again; /* damaged files that are whole again, or in the queue */
} ValiseAccountReport;

/* @what names the thing and what is wrong with it, untranslated. */
typedef void (*ValiseAccountProblemFunc) (const char *what, gpointer user_data);

/* Reads everything, and tells of each problem by @func. @extract: (nullable): what the index is
 * compared with, see valise_verify_index(). Blocks. FALSE where reading itself
 * failed, with any #ValiseDbError or #ValiseKeyError. */
gboolean valise_account_verify (ValiseAccount           *account,
                                ValiseAccountProblemFunc func,
                                gpointer                 user_data,
                                ValiseIndexFunc          extract,
                                ValiseAccountReport     *report,
                                GError                 **error);

G_END_DECLS
