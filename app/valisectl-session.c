/* valisectl-session.c - what every command needs: the account, its library, its failures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <stdlib.h>

#include "valise-db.h"
#include "valise-home.h"
#include "valise-language.h"
#include "valise-pdf-words.h"
#include "valise-peer.h"
#include "valise-rules-gate.h"

#include "valisectl.h"

#define INDEX_PATIENCE_MS (10 * 60 * 1000)

/* The one language that was asked for, or %NULL; of several the last. */
const char *
valisectl_get_language (void)
{
  guint n = valisectl_options.languages != NULL ? g_strv_length (valisectl_options.languages) : 0;

  return n > 0 ? valisectl_options.languages[n - 1] : NULL;
}

/* What to do about it, where the message alone does not say. */
static const char *
find_remedy (const GError *error)
{
  static const char full[] = "Free some space; nothing that was here is lost.";
  static const char shut[] = "Have the disk mounted for writing and the folder be yours, or copy "
                             "it to where that is so and name that with --data.";

  if (g_error_matches (error, VALISE_DB_ERROR, VALISE_DB_ERROR_FULL)
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return full;
  if (g_error_matches (error, VALISE_DB_ERROR, VALISE_DB_ERROR_READ_ONLY)
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ROFS)
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES)
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_PERM))
    return shut;
  return NULL;
}

int
valisectl_fail (const GError *error)
{
  const char *remedy = find_remedy (error);

  g_printerr ("valisectl: %s\n", error->message);
  if (remedy != NULL)
    g_printerr ("%s\n", remedy);

  if (g_error_matches (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE))
    return VALISECTL_NOT_JOINED;
  if (error->domain == VALISE_LIBRARY_ERROR)
    return VALISECTL_NOT_FOUND;
  if (error->domain == VALISE_PEER_ERROR)
    return VALISECTL_UNREACHED;
  return VALISECTL_FAILED;
}

/* The library answers later; a program without a window has nothing else to do meanwhile. */
void
valisectl_keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

void
valisectl_wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

char *
valisectl_dup_language (ValiseAccount *account)
{
  const char *const *names = g_get_language_names ();
  g_auto (GStrv)     fetched = NULL;

  if (valisectl_get_language () != NULL)
    return g_strdup (valisectl_get_language ());
  /* "C" is the locale that says nothing, and the letter of Chinese on UN papers. */
  for (guint i = 0; names[i] != NULL; i++)
    if (!g_str_equal (names[i], "C") && valise_language_normalise (names[i]) != NULL)
      return g_strdup (valise_language_normalise (names[i]));
  fetched = valise_account_dup_languages (account);
  /* All six are the default, and no wish for Arabic. */
  if (fetched != NULL && fetched[0] != NULL
      && !g_strv_contains ((const char *const *) fetched, "en"))
    return g_strdup (fetched[0]);
  return g_strdup ("en");
}

ValiseAccount *
valisectl_open_account (GError **error)
{
  g_autofree char *fallback = valise_account_default_data_dir ();

  ValiseAccount *account = valise_account_open (
      valisectl_options.data != NULL ? valisectl_options.data : fallback, error);

  if (account != NULL)
    valise_account_set_rules (account, valise_rules_gate_for_home);
  return account;
}

void
valisectl_wait_for_index (ValiseAccount *account)
{
  ValiseHome *home = valise_account_get_home (account);

  valise_search_index_catch_up (valise_home_get_index (home), INDEX_PATIENCE_MS);
}

ValiseLibrary *
valisectl_open_library (ValiseAccount *account, GError **error)
{
  g_autofree char *language = valisectl_dup_language (account);
  ValiseHome      *home = valise_account_get_home (account);
  ValiseLibrary   *library = NULL;

  valise_pdf_words_read_for (home);
  library = valise_library_new (home, language, error);

  if (library != NULL)
    valisectl_wait_for_index (account);
  return library;
}
