/* valisectl-colleague.c - the commands that pair with a colleague and sync on the local network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "valisectl"

#include "config.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "valise-colleague-client.h"
#include "valise-neighbour-server.h"
#include "valise-rules-gate.h"

#include "valisectl.h"

/* A laptop that listens, until it is told to stop. */
typedef struct
{
  GMainLoop             *loop;
  ValiseNeighbourServer *server;
} Listening;

/* Whether the person here says yes to what is on the screen. */
static gboolean
ask (const char *question)
{
  char line[16] = { 0 };

  g_print ("%s [y/N] ", question);
  fflush (stdout);
  return fgets (line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y');
}

/* --- listening ------------------------------------------------------------------------------ */

/* A question waits for its answer: so on a thread of its own, not the server's. */
typedef struct
{
  Listening *listening;
  char      *code;
  char      *question;
} Question;

static gpointer
question_thread (gpointer data)
{
  Question *question = data;
  gboolean  same = ask (question->question);

  if (!valise_neighbours_answer (
          valise_neighbour_server_get_neighbours (question->listening->server), question->code,
          same))
    g_printerr ("valisectl: the pairing with code %s is over\n", question->code);
  g_free (question->code);
  g_free (question->question);
  g_free (question);
  return NULL;
}

static void
asked_cb (const char *person,
          const char *participant,
          const char *address,
          const char *code,
          gpointer    user_data)
{
  Question *question = g_new0 (Question, 1);

  question->listening = user_data;
  question->code = g_strdup (code);
  question->question = g_strdup_printf (
      "Code %s: %s (%s) asks to pair. Is the code the same there?", code, person, address);
  g_thread_unref (g_thread_new ("valise-question", question_thread, question));
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

/* "HOST:PORT", "HOST", or the address that takes all. */
static gboolean
parse_address (const char *text, char **host, guint16 *port)
{
  g_autoptr (GSocketConnectable) where =
      g_network_address_parse (text, VALISE_COLLEAGUE_PORT, NULL);

  if (where == NULL)
    return FALSE;
  *host = g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (where)));
  *port = g_network_address_get_port (G_NETWORK_ADDRESS (where));
  return TRUE;
}

static int
listen_until_stopped (ValiseAccount *account, const char *address, gboolean door)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError)    error = NULL;
  g_autofree char      *host = NULL;
  guint16               port = 0;
  Listening             listening = { loop, NULL };

  if (!parse_address (address, &host, &port))
    {
      g_printerr ("valisectl: %s is no address\n", address);
      return VALISECTL_USAGE;
    }
  listening.server =
      valise_neighbour_server_start (account, host, port, asked_cb, &listening, &error);
  if (listening.server == NULL)
    return valisectl_fail (error);
  if (door)
    valise_neighbours_open_door (valise_neighbour_server_get_neighbours (listening.server));
  g_print ("listening on %s:%u\n", host, valise_neighbour_server_get_port (listening.server));
  fflush (stdout);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_main_loop_run (loop);
  valise_neighbour_server_stop (listening.server);
  return EXIT_SUCCESS;
}

/* --- connecting ----------------------------------------------------------------------------- */

static int
connect_to (ValiseAccount *account, const char *address)
{
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseColleagueCall) call = valise_colleague_call_new (account, address, NULL, &error);
  g_autofree char                *question = NULL;

  if (call == NULL)
    return valisectl_fail (error);
  question = g_strdup_printf ("Code %s: %s is there. Is the code the same there?",
                              valise_colleague_call_get_code (call),
                              valise_colleague_call_get_person (call));
  if (!ask (question))
    {
      g_printerr ("valisectl: not paired\n");
      return VALISECTL_FAILED;
    }
  if (!valise_colleague_call_confirm (call, NULL, &error))
    return valisectl_fail (error);
  g_print ("Paired with %s.\n", valise_colleague_call_get_person (call));
  return EXIT_SUCCESS;
}

int
valisectl_run_pair (void)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseAccount) account = NULL;
  int                       status = 0;

  if ((valisectl_options.listen == NULL) == (valisectl_options.connect == NULL))
    {
      g_printerr ("valisectl: pair takes --listen ADDRESS or --connect ADDRESS\n");
      return VALISECTL_USAGE;
    }
  account = valisectl_open_account (&error);
  if (account == NULL)
    return valisectl_fail (error);
  status = valisectl_options.listen != NULL
               ? listen_until_stopped (account, valisectl_options.listen, TRUE)
               : connect_to (account, valisectl_options.connect);
  valise_account_close (account);
  return status;
}

/* --- syncing -------------------------------------------------------------------------------- */

int
valisectl_sync_with (ValiseAccount *account, const char *name)
{
  g_autoptr (GPtrArray)           colleagues = valise_colleagues_load (account);
  ValiseColleague                *colleague = valise_colleagues_find (colleagues, name);
  g_autoptr (ValiseGate)          rules = NULL;
  g_autoptr (ValiseBundleArrival) arrival = NULL;
  g_autoptr (GError)              error = NULL;

  if (colleague == NULL)
    {
      g_printerr ("valisectl: not paired with %s; try valisectl pair\n", name);
      return VALISECTL_NOT_FOUND;
    }
  rules = valise_rules_gate_for_home (valise_account_get_home (account), &error);
  if (error == NULL)
    arrival = valise_colleague_receive (account, colleague, valisectl_options.connect, rules, NULL,
                                        &error);
  if (arrival == NULL)
    return valisectl_fail (error);
  for (guint i = 0; i < arrival->reasons->len; i++)
    g_print ("refused %s\n", (const char *) g_ptr_array_index (arrival->reasons, i));
  g_print ("%" G_GUINT64_FORMAT " came, %" G_GUINT64_FORMAT " refused\n", arrival->stored,
           arrival->refused);
  return arrival->refused == 0 ? EXIT_SUCCESS : VALISECTL_REFUSED;
}
