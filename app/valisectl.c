/* valisectl.c - the same engine without a window: for scripts, tests and small machines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "valise-language.h"

#include "valisectl.h"

ValisectlOptions valisectl_options = { .limit = 20 };

typedef struct
{
  const char *name;
  const char *arguments; /* as help prints them */
  guint       n_arguments;
  const char *summary;
  int (*run) (void);
  gboolean more; /* it takes more arguments than that, too */
} Command;

#define ANY_NUMBER G_MAXUINT

static const Command commands[] = {
  { "join", "FILE [--language L]…", 1, "join a programme with the invitation in FILE",
    valisectl_run_join },
  { "sync", "[--once|--watch|--with COLLEAGUE [--connect ADDRESS]]", 0,
    "exchange what is new, once or until interrupted", valisectl_run_sync },
  { "status", "[--json]", 0, "who this laptop is, and when it last reached the server",
    valisectl_run_status },
  { "search", "QUERY [--language L] [--limit N] [--json]", 1, "search the texts here",
    valisectl_run_search },
  { "show", "SYMBOL [--language L]", 1, "print a paper", valisectl_run_show },
  { "list", "[--json]", 0, "list the papers known here", valisectl_run_list },
  { "policy", "[--json] [KEY=VALUE…]", ANY_NUMBER,
    "what the network may cost: languages, metered, budget, after-budget, hours, text-only, rate",
    valisectl_run_policy },
  { "travel", "MEETING [--language L]… [--files] [--dry-run] [--json]", 1,
    "fetch a meeting's papers and what they cite before all else; say first what it costs",
    valisectl_run_travel },
  { "files", "[--json] | put FILE [--database desk|team]", ANY_NUMBER,
    "the original files asked for here, and how they stand; put: attach one to the delegation's\n"
    "      desk, for the secretariat, or to the team's papers, and send it with the next sync",
    valisectl_run_files },
  { "fetch", "SYMBOL|SHA256… [--language L]… [--evict]", 1,
    "fetch original files, going on where an earlier fetch stopped; or give up their bytes",
    valisectl_run_fetch, TRUE },
  { "bundle",
    "write|read|show|request FILE [--for anyone|secretariat|colleagues] [--database D]…\n"
    "      [--meeting ID] [--language L]… [--since DATE|ISSUE] [--without-originals] [--request "
    "F]\n"
    "      [--passphrase-file F] [--max-size N]",
    2,
    "carry documents and originals in a file, by USB stick or e-mail; look into one. request\n"
    "      writes what this laptop has, so that a bundle written with --request holds the rest",
    valisectl_run_bundle },
  { "pair", "--listen ADDRESS | --connect ADDRESS", 0,
    "pair with a colleague on the local network, by six digits on both screens; who listens\n"
    "      then serves colleagues what they may read, until interrupted",
    valisectl_run_pair },
  { "colleagues", "[list | remove NAME|KEY] [--json]", ANY_NUMBER,
    "who is paired with this laptop; or end that with one", valisectl_run_colleagues },
  { "replicate", "SOURCE TARGET [--create] [--continuous] [--trust FINGERPRINT]… [--json]", 2,
    "bring what SOURCE has to TARGET: each DIR/NAME.sqlite or https://HOST/DATABASE",
    valisectl_run_replicate },
  { "backup", "FILE", 1, "write all that is here into FILE, while other programs use it",
    valisectl_run_backup },
  { "restore", "FILE", 1, "put the backup FILE in the place of what is here",
    valisectl_run_restore },
  { "verify", "[--json]", 0, "read everything, and name what is wrong", valisectl_run_verify },
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
                         "4 the server was not reached, 5 not found, 6 done, but some documents "
                         "were refused\n"
                         "\nreplicate signs in as VALISE_USER with VALISE_PASSWORD; "
                         "VALISE_SOURCE_USER, VALISE_TARGET_USER and the like go before.\n");
  return g_string_free (text, FALSE);
}

static const GOptionEntry entries[] = {
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &valisectl_options.data, "Where the record is kept",
    "DIR" },
  { "language", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &valisectl_options.languages,
    "ar, en, es, fr, ru or zh; with join, repeat it for each to fetch (left out: all)", "L" },
  { "limit", 'n', 0, G_OPTION_ARG_INT, &valisectl_options.limit, "At most so many papers", "N" },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &valisectl_options.json, "Print JSON", NULL },
  { "once", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.once,
    "Exchange once, then end (the default)", NULL },
  { "index", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.index,
    "With sync: make what arrives searchable meanwhile, and wait for it", NULL },
  { "watch", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.watch, "Stay in step until interrupted",
    NULL },
  { "files", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.files,
    "With travel: the original files of the papers, too", NULL },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.dry_run,
    "With travel: only say what it would cost", NULL },
  { "meeting", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.meeting,
    "With bundle: nothing that belongs to another meeting", "ID" },
  { "since", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.since,
    "With bundle: nothing issued before that day, or under that number", "DATE|ISSUE" },
  { "without-originals", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.without_originals,
    "With bundle: leave out the original files of the papers", NULL },
  { "request", 0, 0, G_OPTION_ARG_FILENAME, &valisectl_options.request,
    "With bundle: what the recipient has already, as bundle request wrote it there", "F" },
  { "evict", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.evict,
    "With fetch: give up the bytes that are here instead", NULL },
  { "for", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.recipient,
    "With bundle: anyone, secretariat or colleagues", "WHOM" },
  { "database", 0, 0, G_OPTION_ARG_STRING_ARRAY, &valisectl_options.databases,
    "With bundle: what goes in; left out: what such a one usually gets. With files put: desk or "
    "team",
    "D" },
  { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &valisectl_options.passphrase_file,
    "With bundle: where its passphrase is, a file's first line; -: standard input", "F" },
  { "max-size", 0, 0, G_OPTION_ARG_INT64, &valisectl_options.max_size,
    "With bundle: several files, each of at most so many bytes", "N" },
  { "trust", 0, 0, G_OPTION_ARG_STRING_ARRAY, &valisectl_options.trust,
    "With replicate: the server has this public key (SHA-256 of its SPKI, in hex); once more for "
    "a second",
    "FINGERPRINT" },
  { "continuous", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.continuous,
    "With replicate: go on until interrupted", NULL },
  { "create", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.create,
    "With replicate: make the target where it is missing", NULL },
  { "listen", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.listen,
    "With pair: wait for a colleague here", "ADDRESS" },
  { "connect", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.connect,
    "With pair or sync: where the colleague waits", "ADDRESS" },
  { "with", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.with,
    "With sync: from a colleague, and not the secretariat", "COLLEAGUE" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &valisectl_options.arguments, NULL,
    NULL },
  G_OPTION_ENTRY_NULL,
};

static gboolean
check_usage (const Command *command, GError **error)
{
  guint given =
      valisectl_options.arguments != NULL ? g_strv_length (valisectl_options.arguments) : 0;
  const char *unknown = NULL;

  for (guint i = 0; valisectl_options.languages != NULL && valisectl_options.languages[i] != NULL;
       i++)
    if (!valise_language_is_known (valisectl_options.languages[i]))
      unknown = valisectl_options.languages[i];

  if (command->n_arguments != ANY_NUMBER
      && (given < command->n_arguments || (given > command->n_arguments && !command->more)))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "usage: valisectl %s %s",
                 command->name, command->arguments);
  else if (unknown != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "%s is not a language: ar, en, es, fr, ru or zh", unknown);
  else if (valisectl_options.limit < 1)
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
          return VALISECTL_USAGE;
        }
      memmove (&argv[1], &argv[2], (gsize) (argc - 1) * sizeof *argv);
      argc--;
    }
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || (command != NULL && !check_usage (command, &error)))
    {
      g_printerr ("valisectl: %s\n", error->message);
      return VALISECTL_USAGE;
    }
  if (command == NULL)
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      g_printerr ("%s", help);
      return VALISECTL_USAGE;
    }
  return command->run ();
}
