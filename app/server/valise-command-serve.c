/* valise-command-serve.c - valise-server serve
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valise-command-serve"

#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "valise-command.h"
#include "valise-keeper.h"
#include "valise-log.h"
#include "valise-server.h"

#define GRACE_MS       10000 /* for requests that are under way when it is told to stop */
#define BACKUP_AFTER_S 300   /* from the start: it has laptops to answer first */

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

/* "127.0.0.1:6985", "[::1]:0", ":8443"; FALSE where it is none of these. */
static gboolean
parse_listen (const char *text, char **address, guint16 *port)
{
  const char *colon = strrchr (text, ':');
  guint64     number = 0;

  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &number, NULL))
    return FALSE;

  *port = (guint16) number;
  if (text[0] == '[' && colon > text + 1 && colon[-1] == ']')
    *address = g_strndup (text + 1, (gsize) (colon - text) - 2);
  else if (colon == text)
    *address = g_strdup ("::");
  else
    *address = g_strndup (text, (gsize) (colon - text));

  return g_hostname_is_ip_address (*address);
}

/* As many descriptors as the system allows: connections, and several a database. And a reader
 * of our log that goes away must not take the server with it. */
static void
prepare_process (void)
{
  struct rlimit limit = { 0 };

  signal (SIGPIPE, SIG_IGN);
  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max)
    {
      limit.rlim_cur = limit.rlim_max;
      if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
        g_message ("The limit of open files stays low: %s", g_strerror (errno));
    }
}

static void
kept_cb (const char *about, gpointer server)
{
  if (about == NULL)
    valise_home_look_for_damage (valise_office_get_home (valise_server_get_office (server)));
}

static int
serve (const char *directory, const ValiseServerOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError)    error = NULL;
  ValiseServer         *server = NULL;
  ValiseKeeper         *keeper = NULL;
  guint                 on_term = g_unix_signal_add (SIGTERM, quit_cb, loop);
  guint                 on_int = g_unix_signal_add (SIGINT, quit_cb, loop);
  int                   status = VALISE_EXIT_OK;

  prepare_process ();
  valise_log_set_fd (STDERR_FILENO);
  valise_log_take_messages ();
  server = valise_server_start (directory, options, &error);
  if (server != NULL)
    {
      g_print ("listening on %s\n", valise_server_get_url (server));
      fflush (stdout);
      keeper = valise_keeper_start (directory, BACKUP_AFTER_S, kept_cb, server);
      g_main_loop_run (loop);
      valise_keeper_stop (keeper);
      valise_server_stop (server, GRACE_MS);
    }
  else
    status = valise_command_fail (error);
  g_source_remove (on_term);
  g_source_remove (on_int);

  return status;
}

int
valise_command_serve (int argc, char **argv, ValiseReadFunc read)
{
  g_autofree char    *listen = NULL;
  g_autofree char    *address = NULL;
  g_autofree char    *certificate = NULL;
  g_autofree char    *key = NULL;
  int                 status = 0;
  ValiseServerOptions options = { .port = VALISE_SERVER_DEFAULT_PORT,
                                  .limits = VALISE_LIMITS_DEFAULT,
                                  .read = read };
  const GOptionEntry  entries[] = {
     { "listen", 0, 0, G_OPTION_ARG_STRING, &listen,
       "Where (127.0.0.1:6985); port 0 takes any that is free", "ADDRESS:PORT" },
     { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate, "PEM (the one init made)", "FILE" },
     { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "PEM, the certificate's key", "FILE" },
     { NULL }
  };

  if (!valise_command_parse ("serve DIR [--listen ADDRESS:PORT] [--certificate FILE --key FILE]",
                             "Serves DIR over HTTPS until SIGTERM or SIGINT; then finishes what "
                             "runs. Requests are logged to standard error, a JSON object a line.",
                             entries, &argc, &argv, 1, 1, &status))
    return status;
  if ((listen != NULL && !parse_listen (listen, &address, &options.port))
      || (certificate == NULL) != (key == NULL))
    {
      g_printerr ("valise-server: --listen takes ADDRESS:PORT (a numeric address); --certificate "
                  "and --key go together\n");
      return VALISE_EXIT_USAGE;
    }

  options.address = address;
  options.certificate = certificate;
  options.key = key;
  return serve (argv[1], &options);
}
