/* valisectl.c - the same engine without a window: for scripts, tests and small machines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <glib-unix.h>
#include <json-glib/json-glib.h>
#include <locale.h>
#include <stdlib.h>

#include "valise-account.h"
#include "valise-clock.h"
#include "valise-home.h"
#include "valise-language.h"
#include "valise-library.h"
#include "valise-paper-list.h"
#include "valise-peer.h"
#include "valise-scheduler.h"

#include "valisectl-print.h"

#define INDEX_PATIENCE_MS (10 * 60 * 1000)

/* What a script can tell apart. */
enum
{
  EXIT_FAILED = 1,
  EXIT_USAGE = 2,
  EXIT_NOT_JOINED = 3,
  EXIT_UNREACHED = 4,
  EXIT_NOT_FOUND = 5,
};

static struct
{
  char    *data;
  char   **languages;
  char   **arguments;
  int      limit;
  gboolean json;
  gboolean once;
  gboolean watch;
  gboolean index;
} options = { .limit = 20 };

/* The one language that was asked for, or %NULL; of several the last. */
static const char *
get_language (void)
{
  guint n = options.languages != NULL ? g_strv_length (options.languages) : 0;

  return n > 0 ? options.languages[n - 1] : NULL;
}

static int
fail (const GError *error)
{
  g_printerr ("valisectl: %s\n", error->message);

  if (g_error_matches (error, VALISE_ACCOUNT_ERROR, VALISE_ACCOUNT_ERROR_NONE))
    return EXIT_NOT_JOINED;
  if (error->domain == VALISE_LIBRARY_ERROR)
    return EXIT_NOT_FOUND;
  if (error->domain == VALISE_PEER_ERROR)
    return EXIT_UNREACHED;
  return EXIT_FAILED;
}

/* The library answers later; a program without a window has nothing else to do meanwhile. */
static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static char *
dup_language (void)
{
  const char *const *names = g_get_language_names ();

  if (get_language () != NULL)
    return g_strdup (get_language ());
  /* "C" is the locale that says nothing, and the letter of Chinese on UN papers. */
  for (guint i = 0; names[i] != NULL; i++)
    if (!g_str_equal (names[i], "C") && valise_language_normalise (names[i]) != NULL)
      return g_strdup (valise_language_normalise (names[i]));
  return g_strdup ("en");
}

static ValiseAccount *
open_account (GError **error)
{
  g_autofree char *fallback = valise_account_default_data_dir ();

  return valise_account_open (options.data != NULL ? options.data : fallback, error);
}

static void
wait_for_index (ValiseAccount *account)
{
  ValiseHome *home = valise_account_get_home (account);

  valise_search_index_catch_up (valise_home_get_index (home), INDEX_PATIENCE_MS);
}

static ValiseLibrary *
open_library (ValiseAccount *account, GError **error)
{
  g_autofree char *language = dup_language ();
  ValiseLibrary *library = valise_library_new (valise_account_get_home (account), language, error);

  if (library != NULL)
    wait_for_index (account);
  return library;
}

static int
run_join (void)
{
  g_autoptr (GError)           error = NULL;
  g_autoptr (ValiseInvitation) invitation = NULL;
  g_autoptr (ValiseAccount)    account = NULL;
  g_autofree char             *fallback = valise_account_default_data_dir ();
  g_autofree char             *text = NULL;
  g_autoptr (GBytes)           bytes = NULL;
  gsize                        length = 0;

  if (!g_file_get_contents (options.arguments[0], &text, &length, &error))
    return fail (error);
  bytes = g_bytes_new (text, length);
  invitation = valise_invitation_parse (bytes, &error);
  if (invitation == NULL)
    return fail (error);
  account = valise_account_join (options.data != NULL ? options.data : fallback, invitation,
                                 (const char *const *) options.languages, NULL, &error);
  if (account == NULL)
    return fail (error);

  g_print ("Joined %s as %s, %s.\n", valise_account_get_programme_name (account),
           valise_account_get_person (account), valise_account_get_role (account));
  if (valise_account_secrets_in_file (account))
    g_print ("No keyring was found: the password is in a file that only you can read.\n");
  valise_account_close (account);
  return EXIT_SUCCESS;
}

static void
print_figures (ValiseScheduler *scheduler, gint64 started_us, gint64 ended_us, gint64 searchable_us)
{
  guint64 documents, received, sent;
  double  seconds = (double) (ended_us - started_us) / G_USEC_PER_SEC;

  g_object_get (scheduler, "documents-received", &documents, "bytes-received", &received,
                "bytes-sent", &sent, NULL);
  if (options.json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      valisectl_add_int (builder, "documents", (gint64) documents);
      valisectl_add_int (builder, "received", (gint64) received);
      valisectl_add_int (builder, "sent", (gint64) sent);
      valisectl_add_int (builder, "milliseconds", (gint64) (seconds * 1000));
      if (searchable_us > 0)
        valisectl_add_int (builder, "searchable_milliseconds", (searchable_us - started_us) / 1000);
      json_builder_end_object (builder);
      valisectl_print_json (builder);
      return;
    }
  g_print ("%" G_GUINT64_FORMAT " documents; %" G_GUINT64_FORMAT
           " bytes received, %" G_GUINT64_FORMAT " sent; %.1f s\n",
           documents, received, sent, seconds);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
phase_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  static const char *const words[] = { "local",   "stopped", "reaching", "receiving",
                                       "sending", "current", "waiting" };
  ValiseScheduler         *scheduler = VALISE_SCHEDULER (object);
  guint64                  documents, received;

  g_object_get (object, "documents-received", &documents, "bytes-received", &received, NULL);
  g_print ("%s: %" G_GUINT64_FORMAT " documents, %" G_GUINT64_FORMAT " bytes\n",
           words[valise_scheduler_get_phase (scheduler)], documents, received);
}

static int
watch (ValiseScheduler *scheduler)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_signal_connect (scheduler, "notify::phase", G_CALLBACK (phase_cb), NULL);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  valise_scheduler_start (scheduler);
  g_main_loop_run (loop);
  valise_scheduler_stop (scheduler);
  return EXIT_SUCCESS;
}

static int
sync_once (ValiseAccount *account, ValiseScheduler *scheduler)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseLibrary) library = NULL;
  gint64                    started_us, ended_us, searchable_us = 0;

  if (options.index)
    library = open_library (account, &error);
  started_us = g_get_monotonic_time ();
  if (error != NULL || !valise_scheduler_sync_once (scheduler, NULL, &error))
    return fail (error);

  ended_us = g_get_monotonic_time ();
  if (library != NULL)
    {
      wait_for_index (account);
      searchable_us = g_get_monotonic_time ();
    }
  print_figures (scheduler, started_us, ended_us, searchable_us);
  return EXIT_SUCCESS;
}

static int
run_sync (void)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseAccount)   account = open_account (&error);
  g_autoptr (ValiseScheduler) scheduler = NULL;
  int                         status;

  if (account == NULL)
    return fail (error);

  scheduler = valise_scheduler_new (account);
  status = options.watch ? watch (scheduler) : sync_once (account, scheduler);
  valise_account_close (account);
  return status;
}

static gboolean
get_figures (ValiseAccount *account, ValiseDatabaseInfo *info, GError **error)
{
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (valise_account_get_home (account), "public", TRUE, error);

  return database != NULL && valise_database_get_info (database, info, error);
}

static int
run_status (void)
{
  g_autoptr (GError)          error = NULL;
  g_autoptr (ValiseAccount)   account = open_account (&error);
  g_autoptr (ValiseScheduler) scheduler = NULL;
  g_autoptr (JsonBuilder)     builder = json_builder_new ();
  g_auto (GStrv)              languages = NULL;
  g_autofree char            *reached = NULL;
  ValiseDatabaseInfo          info = { 0 };

  if (account == NULL || !get_figures (account, &info, &error))
    return fail (error);

  scheduler = valise_scheduler_new (account);
  if (valise_scheduler_get_last_reached (scheduler) > 0)
    reached = valise_clock_format (valise_scheduler_get_last_reached (scheduler));
  languages = valise_account_dup_languages (account);

  if (options.json)
    {
      json_builder_begin_object (builder);
      valisectl_add_string (builder, "programme", valise_account_get_programme_name (account));
      valisectl_add_string (builder, "server", valise_account_get_server (account));
      valisectl_add_string (builder, "person", valise_account_get_person (account));
      valisectl_add_string (builder, "participant", valise_account_get_participant (account));
      valisectl_add_string (builder, "role", valise_account_get_role (account));
      valisectl_add_string (builder, "last_reached", reached);
      valisectl_add_int (builder, "documents", info.documents);
      valisectl_add_int (builder, "absent", info.absent);
      valisectl_add_strings (builder, "languages", (const char *const *) languages);
      json_builder_end_object (builder);
      valisectl_print_json (builder);
    }
  else
    {
      g_print ("%s\n%s, %s\n", valise_account_get_programme_name (account),
               valise_account_get_person (account), valise_account_get_role (account));
      g_print ("Last reached: %s\n", reached != NULL ? reached : "never");
      g_print ("Documents here: %" G_GINT64_FORMAT "; known, not here: %" G_GINT64_FORMAT "\n",
               info.documents - info.absent, info.absent);
    }
  valise_account_close (account);
  return EXIT_SUCCESS;
}

static int
run_search (void)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = open_account (&error);
  g_autoptr (ValiseLibrary) library = account != NULL ? open_library (account, &error) : NULL;
  g_autoptr (GAsyncResult)  result = NULL;
  g_autoptr (GPtrArray)     findings = NULL;
  g_autoptr (JsonBuilder)   builder = options.json ? json_builder_new () : NULL;
  ValiseLibraryFilter       filter = { .language = get_language () };

  if (library == NULL)
    return fail (error);

  valise_library_search_async (library, options.arguments[0], &filter, (guint) options.limit, NULL,
                               keep_result, &result);
  wait_for (&result);
  findings = valise_library_search_finish (library, result, NULL, &error);
  if (findings == NULL)
    return fail (error);

  if (builder != NULL)
    json_builder_begin_array (builder);
  for (guint i = 0; i < findings->len; i++)
    valisectl_print_finding (builder, g_ptr_array_index (findings, i));
  if (builder != NULL)
    {
      json_builder_end_array (builder);
      valisectl_print_json (builder);
    }
  return EXIT_SUCCESS;
}

/* The language to show a paper in where none was asked for: the locale's, or one it has here. */
static char *
choose_language (ValiseLibrary *library, const char *symbol, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ValisePaper)  paper = NULL;
  g_autofree char         *chosen = NULL;
  g_autofree char         *wanted = dup_language ();

  valise_library_open_async (library, symbol, NULL, keep_result, &result);
  wait_for (&result);
  paper = valise_library_open_finish (library, result, error);
  if (paper == NULL)
    return NULL;

  for (guint i = 0; i < g_list_model_get_n_items (valise_paper_get_versions (paper)); i++)
    {
      g_autoptr (ValiseVersion) version =
          g_list_model_get_item (valise_paper_get_versions (paper), i);
      const char *language = valise_version_get_language (version);

      if (valise_version_get_here (version) && (chosen == NULL || g_str_equal (language, wanted)))
        {
          g_free (chosen);
          chosen = g_strdup (language);
        }
    }
  return chosen != NULL ? g_steal_pointer (&chosen) : g_steal_pointer (&wanted);
}

static int
run_show (void)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = open_account (&error);
  g_autoptr (ValiseLibrary) library = account != NULL ? open_library (account, &error) : NULL;
  g_autoptr (GAsyncResult)  result = NULL;
  g_autoptr (ValiseText)    text = NULL;
  g_autofree char          *language = g_strdup (get_language ());
  const char               *symbol = options.arguments[0];

  if (library != NULL && language == NULL)
    language = choose_language (library, symbol, &error);
  if (language == NULL || library == NULL)
    return fail (error);

  valise_library_read_async (library, symbol, language, NULL, keep_result, &result);
  wait_for (&result);
  text = valise_library_read_finish (library, result, &error);
  if (text == NULL)
    return fail (error);

  valisectl_print_text (text);
  return EXIT_SUCCESS;
}

static int
run_list (void)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = open_account (&error);
  g_autoptr (ValiseLibrary) library = account != NULL ? open_library (account, &error) : NULL;
  g_autoptr (JsonBuilder)   builder = options.json ? json_builder_new () : NULL;
  g_autoptr (GListModel)    papers = NULL;

  if (library == NULL)
    return fail (error);

  papers = valise_library_list_papers (library, NULL);
  while (!valise_paper_list_get_ready (VALISE_PAPER_LIST (papers)))
    g_main_context_iteration (NULL, TRUE);

  if (builder != NULL)
    json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (ValisePaper) paper = g_list_model_get_item (papers, i);

      while (!valise_paper_get_loaded (paper))
        g_main_context_iteration (NULL, TRUE);
      if (!valise_paper_is_heading (paper))
        valisectl_print_paper (builder, paper);
    }
  if (builder != NULL)
    {
      json_builder_end_array (builder);
      valisectl_print_json (builder);
    }
  return EXIT_SUCCESS;
}

typedef struct
{
  const char *name;
  const char *arguments; /* as help prints them */
  guint       n_arguments;
  const char *summary;
  int (*run) (void);
} Command;

static const Command commands[] = {
  { "join", "FILE [--language L]…", 1, "join a programme with the invitation in FILE", run_join },
  { "sync", "[--once|--watch]", 0, "exchange what is new, once or until interrupted", run_sync },
  { "status", "[--json]", 0, "who this laptop is, and when it last reached the server",
    run_status },
  { "search", "QUERY [--language L] [--limit N] [--json]", 1, "search the texts here", run_search },
  { "show", "SYMBOL [--language L]", 1, "print a paper", run_show },
  { "list", "[--json]", 0, "list the papers known here", run_list },
};

static const Command *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  return NULL;
}

static char *
describe_commands (void)
{
  GString *text = g_string_new ("Commands:\n");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %s %s\n      %s\n", commands[i].name, commands[i].arguments,
                            commands[i].summary);
  g_string_append (text, "\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 not joined yet, "
                         "4 the server was not reached, 5 not found\n");
  return g_string_free (text, FALSE);
}

static const GOptionEntry entries[] = {
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &options.data, "Where the record is kept", "DIR" },
  { "language", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &options.languages,
    "ar, en, es, fr, ru or zh; with join, repeat it for each to fetch (left out: all)", "L" },
  { "limit", 'n', 0, G_OPTION_ARG_INT, &options.limit, "At most so many papers", "N" },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &options.json, "Print JSON", NULL },
  { "once", 0, 0, G_OPTION_ARG_NONE, &options.once, "Exchange once, then end (the default)", NULL },
  { "index", 0, 0, G_OPTION_ARG_NONE, &options.index,
    "With sync: make what arrives searchable meanwhile, and wait for it", NULL },
  { "watch", 0, 0, G_OPTION_ARG_NONE, &options.watch, "Stay in step until interrupted", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.arguments, NULL, NULL },
  G_OPTION_ENTRY_NULL,
};

static gboolean
check_usage (const Command *command, GError **error)
{
  guint       given = options.arguments != NULL ? g_strv_length (options.arguments) : 0;
  const char *unknown = NULL;

  for (guint i = 0; options.languages != NULL && options.languages[i] != NULL; i++)
    if (!valise_language_is_known (options.languages[i]))
      unknown = options.languages[i];

  if (given != command->n_arguments)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "usage: valisectl %s %s",
                 command->name, command->arguments);
  else if (unknown != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s is not a language: ar, en, es, fr, ru or zh", unknown);
  else if (options.limit < 1)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         "--limit takes a number from 1");
  else
    return TRUE;
  return FALSE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND — Valise without a window");
  g_autofree char           *description = describe_commands ();
  const Command             *command = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context, description);
  if (argc > 1 && argv[1][0] != '-')
    {
      command = find_command (argv[1]);
      if (command == NULL)
        {
          g_printerr ("valisectl: no command %s; try valisectl --help\n", argv[1]);
          return EXIT_USAGE;
        }
      memmove (&argv[1], &argv[2], (gsize) (argc - 1) * sizeof *argv);
      argc--;
    }
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || (command != NULL && !check_usage (command, &error)))
    {
      g_printerr ("valisectl: %s\n", error->message);
      return EXIT_USAGE;
    }
  if (command == NULL)
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      g_printerr ("%s", help);
      return EXIT_USAGE;
    }
  return command->run ();
}
