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
  { "sync", "[--once|--watch|--with COLLEAGUE [--connect ADDRESS]] [--index] [--json]", 0,
    "exchange what is new, once or until interrupted", valisectl_run_sync },
  { "status", "[--json]", 0,
    "who this laptop is, when it last reached the server, what is here, and what waits and why",
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
    "fetch a paper's text and its original files, going on where an earlier fetch stopped; or\n"
    "      give up the files' bytes",
    valisectl_run_fetch, TRUE },
  { "bundle",
    "write|read|show|request FILE [--for anyone|secretariat|colleagues] [--database D]…\n"
    "      [--meeting ID] [--language L]… [--since DATE|ISSUE] [--without-originals] [--request "
    "F]\n"
    "      [--passphrase-file F] [--max-size N] [--json]",
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

static const GOptionEntry entries[] = {
  { "data", 'd', 0, G_OPTION_ARG_FILENAME, &valisectl_options.data, "Where the record is kept",
    "DIR" },
  { "language", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &valisectl_options.languages,
    "ar, en, es, fr, ru or zh; where … stands, once for each", "L" },
  { "limit", 'n', 0, G_OPTION_ARG_INT, &valisectl_options.limit, "At most so many papers", "N" },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &valisectl_options.json, "Print JSON", NULL },
  { "once", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.once,
    "Exchange once, then end (the default)", NULL },
  { "index", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.index,
    "Make what arrives searchable meanwhile, and wait for it", NULL },
  { "watch", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.watch, "Stay in step until interrupted",
    NULL },
  { "files", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.files,
    "The original files of the papers, too", NULL },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.dry_run, "Only say what it would cost",
    NULL },
  { "meeting", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.meeting,
    "Nothing that belongs to another meeting", "ID" },
  { "since", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.since,
    "Nothing issued before that day, or under that number", "DATE|ISSUE" },
  { "without-originals", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.without_originals,
    "Leave out the original files of the papers", NULL },
  { "request", 0, 0, G_OPTION_ARG_FILENAME, &valisectl_options.request,
    "What the recipient has already, as bundle request wrote it there", "F" },
  { "evict", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.evict,
    "Give up the bytes that are here instead", NULL },
  { "for", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.recipient,
    "Who reads it: anyone, secretariat or colleagues", "WHOM" },
  { "database", 0, 0, G_OPTION_ARG_STRING_ARRAY, &valisectl_options.databases,
    "bundle: what goes in; left out: what such a one usually gets. files put: desk or team", "D" },
  { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &valisectl_options.passphrase_file,
    "Where its passphrase is, a file's first line; -: standard input", "F" },
  { "max-size", 0, 0, G_OPTION_ARG_INT64, &valisectl_options.max_size,
    "Several files, each of at most so many bytes", "N" },
  { "trust", 0, 0, G_OPTION_ARG_STRING_ARRAY, &valisectl_options.trust,
    "The server has this public key (SHA-256 of its SPKI, in hex); once more for "
    "a second",
    "FINGERPRINT" },
  { "continuous", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.continuous, "Go on until interrupted",
    NULL },
  { "create", 0, 0, G_OPTION_ARG_NONE, &valisectl_options.create,
    "Make the target where it is missing", NULL },
  { "listen", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.listen, "Wait for a colleague here",
    "ADDRESS" },
  { "connect", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.connect, "Where the colleague waits",
    "ADDRESS" },
  { "with", 0, 0, G_OPTION_ARG_STRING, &valisectl_options.with,
    "From a colleague, and not the secretariat", "COLLEAGUE" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &valisectl_options.arguments, NULL,
    NULL },
  G_OPTION_ENTRY_NULL,
};

/* Whether @command's line of usage names the option @name, and not only one that begins so. */
static gboolean
takes_option (const Command *command, const char *name)
{
  g_autofree char *option = g_strconcat ("--", name, NULL);
  const char      *found = strstr (command->arguments, option);

  return found != NULL && strchr (" |]", found[strlen (option)]) != NULL;
}

/* What @command takes: --data, and each option that its usage names. So an option of another
 * command is refused, not ignored. @command: NULL: before one is known. Free with g_free(). */
static GOptionEntry *
dup_entries (const Command *command)
{
  GArray *taken = g_array_new (TRUE, TRUE, sizeof *entries);

  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    if (g_str_equal (entry->long_name, "data") || g_str_equal (entry->long_name, G_OPTION_REMAINING)
        || (command != NULL && takes_option (command, entry->long_name)))
      g_array_append_val (taken, *entry);
  return (GOptionEntry *) (gpointer) g_array_free (taken, FALSE);
}

/* The summary as a sentence. */
static char *
describe_command (const Command *command)
{
  g_auto (GStrv)   lines = g_strsplit (command->summary, "\n      ", -1);
  g_autofree char *text = g_strjoinv ("\n", lines);

  text[0] = g_ascii_toupper (text[0]);
  return g_strconcat (text, ".", NULL);
}

static char *
describe_commands (void)
{
  GString *text = g_string_new ("Commands:\n");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %s %s\n      %s\n", commands[i].name, commands[i].arguments,
                            commands[i].summary);
  g_string_append (
      text,
      "\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 not joined yet, "
      "4 the server was not reached, or did not let us in, 5 not found, 6 done, but some documents "
      "were refused\n"
      "\nvalisectl COMMAND --help tells what its options mean.\n"
      "\nreplicate signs in as VALISE_USER with VALISE_PASSWORD; "
      "VALISE_SOURCE_USER, VALISE_TARGET_USER and the like go before.\n");
  return g_string_free (text, FALSE);
}

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

/* The parser of @command's line, or of all where it is %NULL. */
static GOptionContext *
make_context (const Command *command)
{
  g_autofree GOptionEntry *taken = dup_entries (command);
  g_autofree char         *usage = command != NULL
                                       ? g_strdup_printf ("%s %s", command->name, command->arguments)
                                       : g_strdup ("COMMAND … — Valise without a window");
  g_autofree char *text = command != NULL ? describe_command (command) : describe_commands ();
  GOptionContext  *context = NULL;

  context = g_option_context_new (usage);
  g_option_context_add_main_entries (context, taken, NULL);
  g_option_context_set_description (context, text);
  return context;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError)         error = NULL;
  g_autoptr (GOptionContext) context = NULL;
  const Command             *command = NULL;

  setlocale (LC_ALL, "");
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
  context = make_context (command);
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
