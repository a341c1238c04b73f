/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-account-verify"

#include "config.h"

#include "valise-account-trust.h"
#include "valise-account-verify.h"
#include "valise-home.h"
#include "valise-verify.h"

typedef struct
{
  ValiseAccountProblemFunc func;
  gpointer                 user_data;
  ValiseTrust             *trust;
  const char              *database; /* the one being read */
  ValiseAccountReport     *report;
} Check;

static void
problem_cb (const char *what, gpointer user_data)
{
  Check           *check = user_data;
  g_autofree char *line =
      check->database != NULL ? g_strdup_printf ("%s: %s", check->database, what) : g_strdup (what);

  check->report->problems++;
  if (check->func != NULL)
    check->func (line, check->user_data);
}

static gboolean
leaf_cb (const ValiseDocument *leaf, const ValiseJson *json, gpointer user_data, GError **error)
{
  Check      *check = user_data;
  ValiseWrite write = {
    .database = check->database, .document = leaf, .json = json, .source = VALISE_SOURCE_SERVER
  };

  check->report->sealed += valise_json_find (json, 0, "seal") != VALISE_JSON_NONE;
  return valise_gate_judge (VALISE_GATE (check->trust), &write, error);
}

static gboolean
verify_database (Check      *check,
                 ValiseHome *home,
                 const char *name,
                 const char *index,
                 GError    **error)
{
  const ValiseVerifier       verifier = { problem_cb, leaf_cb, check };
  g_autoptr (ValiseDatabase) database = valise_home_get_database (home, name, FALSE, error);
  ValiseVerifyReport         found = { 0 };
  gint64                     problems = 0;

  check->database = name;
  if (database == NULL || !valise_verify_database (database, &verifier, &found, error)
      || !valise_verify_index (index, database, &verifier, &check->report->entries, &problems,
                               error))
    return FALSE;

  check->report->databases++;
  check->report->documents += found.documents;
  check->report->leaves += found.leaves;
  check->report->here += found.here;
  check->report->digested += found.digested;
  check->report->unsafe += valise_database_get_unsafe_bytes (database);
  return TRUE;
}

gboolean
valise_account_verify (ValiseAccount           *account,
                       ValiseAccountProblemFunc func,
                       gpointer                 user_data,
                       ValiseAccountReport     *report,
                       GError                 **error)
{
  ValiseHome             *home = valise_account_get_home (account);
  g_autoptr (ValiseTrust) trust = valise_account_make_trust (account, error);
  Check                   check = { func, user_data, trust, NULL, report };
  const ValiseVerifier    verifier = { problem_cb, NULL, &check };
  g_auto (GStrv)          names = valise_home_list_databases (home);
  g_autofree char        *index =
      g_build_filename (valise_home_get_directory (home), "search.sqlite", NULL);
  g_autofree char *files =
      g_build_filename (valise_home_get_directory (home), "files.sqlite", NULL);
  gint64 problems = 0;

  *report = (ValiseAccountReport){ 0 };
  if (trust == NULL)
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GError) failure = NULL;

      if (!verify_database (&check, home, names[i], index, &failure))
        problem_cb (failure->message, &check);
    }
  check.database = NULL;
  return valise_verify_files (files, &verifier, &report->files, &problems, error);
}
