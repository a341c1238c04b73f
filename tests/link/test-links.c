/* test-links.c - what a slow, long, lossy line costs: bytes, seconds, round trips
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A real valise-server and a real valisectl in two network namespaces; 64 kbit/s each way, 600 ms
 * there and back, unless a test says otherwise. What is counted are IP packets on the line.
 *
 * The short form takes few texts, and as many seconds more than their share as a connection needs
 * to be made. The long form, with the issue's own limits: VALISE_LINK_TEXTS=200. Other losses than
 * those of always: VALISE_LINK_SEED.
 */

#include "link-fixture.h"
#include "link-papers.h"

#define TEXTS_SHORT 24
#define TEXTS_LONG  200

/* What holds today, so that a rise fails. IDLE_S, CHANGE_S, KILLED_SHARE, KILLED_ON_LINE, PAPERS_S
 * and GOODPUT_SHARE are the issue's own, which also asks for WHOLE_S 75 and START_S 4. */
#define WHOLE_S         74.0
#define START_S         7.0 /* to reach the server, sign in, and learn what is there */
#define IDLE_COLD_S     3.5 /* a connection, its handshake, and the question */
#define IDLE_S          1.3
#define CHANGE_COLD_S   5.0
#define CHANGE_S        2.5
#define COLD_REQUESTS   1
#define IDLE_REQUESTS   1
#define CHANGE_REQUESTS 3     /* the last, of how far it came, when all is here already */
#define KILLED_SHARE    0.02  /* of the whole, more, by what the laptop receives, */
#define KILLED_ON_LINE  0.02  /* and by what is put on the line */
#define KILLED_BYTES    9000  /* in the short form: a connection more, and half a document, */
#define KILLED_LINE     46000 /* and what a line holds */
#define REST_SHARE      0.75  /* of the whole, after half of it had arrived */
#define PAPERS_S        6.0
#define GOODPUT_SHARE   0.85
#define LATE_MS         250 /* the line may stand still; a document takes as long to arrive */
#define TRIES           3
#define FLOWS           3 /* of the short form's few packets, one lost is several per cent of one */

static const LineKind slow_line = { .bits_per_second = 64000, .one_way_ms = 300, .loss = 0 };
static const LineKind lossy_line = { .bits_per_second = 64000, .one_way_ms = 300, .loss = 200 };

static const LineKind better_line = { .bits_per_second = 256000, .one_way_ms = 300, .loss = 0 };

static Link  place;
static guint texts = TEXTS_SHORT;
static char *full_laptop; /* one that has everything */

typedef struct
{
  double  seconds;
  guint64 documents;
  guint64 received, sent; /* at the laptop's socket */
  guint64 down, up;       /* on the line, until it was quiet */
  guint   requests;
} Cost;

static gboolean
is_long (void)
{
  return texts >= TEXTS_LONG;
}

static void
tell (const char *what, const Cost *cost)
{
  double ideal = (double) MAX (cost->down, cost->up) * 8 / (double) place.bits_per_second;

  link_say ("%s: %.2f s (ideal %.2f), %" G_GUINT64_FORMAT " B down, %" G_GUINT64_FORMAT
            " B up on the line, %u requests, %" G_GUINT64_FORMAT " documents",
            what, cost->seconds, ideal, cost->down, cost->up, cost->requests, cost->documents);
}

static void
read_figures (const char *text, Cost *cost)
{
  g_autoptr (JsonObject) json = link_parse (text);

  cost->seconds = (double) json_object_get_int_member (json, "milliseconds") / 1000;
  cost->documents = (guint64) json_object_get_int_member (json, "documents");
  cost->received = (guint64) json_object_get_int_member (json, "received");
  cost->sent = (guint64) json_object_get_int_member (json, "sent");
}

/* Reads the counters when the line is quiet. */
static void
close_account (Cost *cost, guint requests_before)
{
  LineCount count = { 0 };

  link_settle (&place, &count);
  cost->down = count.down;
  cost->up = count.up;
  cost->requests = link_count_requests (&place) - requests_before;
}

/* One sync by a program that is just started. */
static void
sync_cold (const char *laptop, const char *what, Cost *cost)
{
  g_autofree char *ctl = link_find ("valisectl"), *text = NULL;
  guint            before = link_count_requests (&place);

  link_count (&place, "zero", NULL);
  text = link_run (place.spaces[1], ctl, "sync", "--once", "--json", "--data", laptop, NULL);
  g_assert_nonnull (text);
  read_figures (text, cost);
  close_account (cost, before);
  tell (what, cost);
}

/* A laptop with everything, which it got without the line. */
static const char *
get_full_laptop (void)
{
  g_autofree char *ctl = link_find ("valisectl");

  if (full_laptop == NULL)
    full_laptop = link_add_laptop (&place);
  link_do (link_run (place.spaces[0], ctl, "sync", "--once", "--data", full_laptop, NULL));
  return full_laptop;
}

/* --- a program that stays open --------------------------------------------------------------- */

static GSubprocess *
open_laptop (const char *folder)
{
  g_autofree char *log = g_build_filename (place.root, "laptop-log", NULL);

  return link_spawn (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, log,
                     place.spaces[1], g_getenv ("VALISE_LINK_LAPTOP"), folder, NULL);
}

static void
sync_warm (GSubprocess *laptop, const char *what, Cost *cost)
{
  guint            before = link_count_requests (&place);
  g_autofree char *text = NULL;

  link_count (&place, "zero", NULL);
  g_assert_true (g_output_stream_write_all (g_subprocess_get_stdin_pipe (laptop), "sync\n", 5, NULL,
                                            NULL, NULL));
  text = link_read_line (g_subprocess_get_stdout_pipe (laptop));
  read_figures (text, cost);
  close_account (cost, before);
  tell (what, cost);
}

static void
close_laptop (GSubprocess **laptop)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (*laptop), NULL, NULL);
  g_subprocess_wait (*laptop, NULL, NULL);
  g_assert_true (g_subprocess_get_successful (*laptop));
  g_clear_object (laptop);
}

static void
issue_paper (void)
{
  static guint     issued = 0;
  g_autofree char *text = link_make_paper (++issued);
  g_autofree char *name = g_strdup_printf ("WP-%u.txt", 9000 + issued);
  g_autofree char *path = g_build_filename (place.root, name, NULL);
  const char      *files[] = { path, NULL };

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  link_import (&place, files, NULL);
}

/* Whether what was measured since the last such question is to be measured again: a line that stood
 * still was not the one that is meant, and gives all at once what a laptop then has had no time to
 * keep. 20 kills beside other programs (two cores, load 5 to 13) cost 3,400 to 5,000 bytes each and
 * slow disks cost no more; where the line stood still for a second, 11,300. */
static gboolean
was_late (guint *tries)
{
  gint64 late_ms = place.late_ms;

  place.late_ms = 0;
  if (late_ms <= LATE_MS)
    return FALSE;
  link_say ("the line stood still for %" G_GINT64_FORMAT " ms meanwhile", late_ms);
  return ++*tries < TRIES;
}

/* By a laptop that has nothing yet. */
static void
sync_whole (const char *what, Cost *cost)
{
  guint tries = 0;

  do
    {
      g_autofree char *laptop = link_add_laptop (&place);

      sync_cold (laptop, what, cost);
    }
  while (was_late (&tries));
}

static void
assert_within (const Cost *cost, double seconds, guint requests)
{
  g_assert_cmpfloat (cost->seconds, <=, seconds);
  g_assert_cmpuint (cost->requests, <=, requests);
}

/* --- what is held to ------------------------------------------------------------------------- */

static void
the_whole_record_comes_in_its_time (void)
{
  Cost cost = { 0 };

  link_lay (&place, &slow_line);
  sync_whole ("whole record", &cost);
  g_assert_cmpuint (cost.documents, >=, texts);
  g_assert_cmpfloat (cost.seconds, <=,
                     is_long () ? WHOLE_S : WHOLE_S * texts / TEXTS_LONG + START_S);
  link_lift (&place);
}

/* Until so many have arrived, or nothing has for a minute. Returns: how many had, then */
static guint64
wait_for_bytes (guint64 bytes)
{
  LineCount count = { 0 };

  do
    {
      g_usleep (50000);
      link_count (&place, "get", &count);
    }
  while (count.arrived < bytes && count.quiet_ms < 60000);
  g_assert_cmpuint (count.arrived, >=, bytes);
  return count.arrived;
}

/* What a sync that was killed and taken up again cost more than one that was not. */
typedef struct
{
  double received; /* bytes at the laptop, */
  double on_line;  /* and on the line: what was under way as it died, too, and what the server sent
                      until it was told, a round trip later */
} Excess;

/* Killed when the @share of the bytes of the @whole had arrived. */
static Excess
kill_and_go_on (const Cost *whole, double share)
{
  g_autofree char *laptop = link_add_laptop (&place), *ctl = link_find ("valisectl");
  GSubprocess     *process = NULL;
  Cost             rest = { 0 };
  LineCount        spent = { 0 };
  Excess           excess = { 0 };
  double           arrived = 0, bytes = (double) whole->down;

  link_count (&place, "zero", NULL);
  process = link_spawn (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, place.spaces[1], ctl, "sync",
                        "--once", "--data", laptop, NULL);
  arrived = (double) wait_for_bytes ((guint64) (bytes * share));
  link_end (&process, SIGKILL);
  link_settle (&place, &spent);
  sync_cold (laptop, "the rest, after a kill", &rest);

  excess.received = arrived + (double) rest.down - bytes;
  excess.on_line = (double) (spent.down + rest.down) - bytes;
  link_say ("killed at %.2f: %.0f bytes more at the laptop, %.2f %%, and on the line %.0f, "
            "%.2f %%",
            share, excess.received, 100 * excess.received / bytes, excess.on_line,
            100 * excess.on_line / bytes);
  g_assert_cmpfloat ((double) rest.down, <=, bytes * (REST_SHARE + 0.5 - share));
  return excess;
}

/* In the long form at several places: what a kill costs depends on how much of a document had come,
 * so it is their mean that is held to. */
static void
a_sync_that_was_killed_goes_on_where_it_was (void)
{
  static const double shares[] = { 0.5, 0.25, 0.75, 0.4, 0.6 };
  guint               n = is_long () ? G_N_ELEMENTS (shares) : 1;
  Cost                whole = { 0 };
  Excess              mean = { 0 };

  link_lay (&place, &slow_line);
  sync_whole ("whole record, before a kill", &whole);
  for (guint i = 0; i < n; i++)
    {
      Excess excess = { 0 };
      guint  tries = 0;

      do
        excess = kill_and_go_on (&whole, shares[i]);
      while (was_late (&tries));
      mean.received += excess.received / n;
      mean.on_line += excess.on_line / n;
    }
  link_say ("killed: %.0f bytes more at the laptop, %.2f %%, and on the line %.0f, %.2f %%",
            mean.received, 100 * mean.received / (double) whole.down, mean.on_line,
            100 * mean.on_line / (double) whole.down);
  g_assert_cmpfloat (mean.received, <=,
                     is_long () ? (double) whole.down * KILLED_SHARE : KILLED_BYTES);
  g_assert_cmpfloat (mean.on_line, <=,
                     is_long () ? (double) whole.down * KILLED_ON_LINE : KILLED_LINE);
  link_lift (&place);
}

static void
an_idle_exchange_is_short (void)
{
  const char *folder = get_full_laptop ();
  Cost        cold = { 0 }, warm = { 0 };
  guint       tries = 0;

  link_lay (&place, &slow_line);
  do
    {
      GSubprocess *laptop = NULL;

      sync_cold (folder, "idle, program just started", &cold);
      laptop = open_laptop (folder);
      sync_warm (laptop, "idle, program open, first", &warm);
      sync_warm (laptop, "idle, program open, again", &warm);
      close_laptop (&laptop);
    }
  while (was_late (&tries));
  assert_within (&cold, IDLE_COLD_S, COLD_REQUESTS);
  g_assert_cmpuint (warm.documents, ==, 0);
  assert_within (&warm, IDLE_S, IDLE_REQUESTS);
  link_lift (&place);
}

static void
one_change_comes_quickly (void)
{
  const char *folder = get_full_laptop ();
  Cost        cold = { 0 }, warm = { 0 };
  guint       tries = 0;

  link_lay (&place, &slow_line);
  do
    {
      GSubprocess *laptop = open_laptop (folder);

      sync_warm (laptop, "idle, before a change", &warm);
      issue_paper ();
      sync_warm (laptop, "one paper, program open", &warm);
      close_laptop (&laptop);
      issue_paper ();
      sync_cold (folder, "one paper, program just started", &cold);
    }
  while (was_late (&tries));
  g_assert_cmpuint (warm.documents, >=, 2);
  assert_within (&warm, CHANGE_S, CHANGE_REQUESTS);
  g_assert_cmpuint (cold.documents, >=, 2);
  assert_within (&cold, CHANGE_COLD_S, CHANGE_REQUESTS);
  link_lift (&place);
}

/* Bytes a second that arrive by the line, once the documents have begun to come: between a quarter
 * and nine tenths of @bytes. The sync runs to its end. */
static double
measure_flow (guint64 bytes)
{
  g_autofree char *laptop = link_add_laptop (&place), *ctl = link_find ("valisectl");
  GSubprocess     *process = NULL;
  gint64           start_us = 0, end_us = 0;
  guint64          from = 0, to = 0;
  double           flow = 0;

  link_count (&place, "zero", NULL);
  process = link_spawn (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, place.spaces[1], ctl, "sync",
                        "--once", "--data", laptop, NULL);
  from = wait_for_bytes (bytes / 4);
  start_us = g_get_monotonic_time ();
  to = wait_for_bytes (bytes * 9 / 10);
  end_us = g_get_monotonic_time ();
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  g_object_unref (process);
  flow = (double) (to - from) * G_USEC_PER_SEC / (double) (end_us - start_us);
  link_say ("documents fill %.1f %% of the line", 800 * flow / (double) place.bits_per_second);
  return flow;
}

/* Documents fill the line, whatever the short form, which has few of them, pays for the start. Of
 * the whole sync the long form takes off what an exchange costs that brings nothing. */
static void
loss_leaves_most_of_the_line_to_use (void)
{
  Cost   cost = { 0 }, idle = { 0 };
  double line = (double) lossy_line.bits_per_second / 8, whole = 0, flow = 0;
  guint  tries = 0;

  link_lay (&place, &lossy_line);
  do
    {
      g_autofree char *laptop = link_add_laptop (&place);

      sync_cold (laptop, "whole record, 2 % loss", &cost);
      sync_cold (laptop, "idle, 2 % loss", &idle);
    }
  while (was_late (&tries));
  for (guint i = 0; i < FLOWS; i++)
    {
      double one = 0;

      tries = 0;
      do
        one = measure_flow (cost.down);
      while (was_late (&tries));
      flow += one / FLOWS;
    }
  whole = (double) (cost.received - idle.received) / (cost.seconds - idle.seconds);
  link_say ("documents fill %.1f %% of the line; the sync %.1f %% without an idle exchange, "
            "%.1f %% with it",
            100 * flow / line, 100 * whole / line,
            100 * (double) cost.received / cost.seconds / line);
  g_assert_cmpfloat (flow, >=, line * GOODPUT_SHARE);
  if (is_long ())
    g_assert_cmpfloat (whole, >=, line * GOODPUT_SHARE);
  link_lift (&place);
}

/* An ordinary morning: the agenda, and the two papers it now names. */
static void
two_papers_and_their_agenda_come_while_one_waits (void)
{
  g_autofree char *first = NULL, *second = NULL, *agenda = link_write_agenda (place.root);
  const char      *folder = NULL, *files[4] = { agenda };
  GSubprocess     *laptop = NULL;
  Cost             cost = { 0 };

  if (!link_find_seeds (&first, &second))
    {
      g_test_skip ("the two papers are not beside this source");
      return;
    }
  files[1] = first;
  files[2] = second;
  link_change_to_sample (&place);
  g_clear_pointer (&full_laptop, g_free);
  folder = get_full_laptop ();

  link_lay (&place, &better_line);
  laptop = open_laptop (folder);
  sync_warm (laptop, "256 kbit/s, idle", &cost);
  link_import (&place, files, "meeting:poa-2026");
  sync_warm (laptop, "256 kbit/s, two papers and an agenda", &cost);
  g_assert_cmpuint (cost.documents, ==, 6);
  g_assert_cmpfloat (cost.seconds, <=, PAPERS_S);
  close_laptop (&laptop);
  link_lift (&place);
}

#define ADD(test) g_test_add_func ("/links/" #test, test)

int
main (int argc, char *argv[])
{
  const char *count = g_getenv ("VALISE_LINK_TEXTS");
  int         status = 0;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "disabled:", TRUE); /* no keyring */
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions (); /* a limit that is missed ends neither the table nor the line
                                      */
  if (count != NULL)
    texts = MAX ((guint) g_ascii_strtoull (count, NULL, 10), 2);
  if (!link_make_spaces (&place))
    {
      link_remove_spaces (&place);
      g_print ("1..0 # SKIP no network namespaces or TUN devices on this machine, or not for us\n");
      return 0;
    }
  link_open (&place, texts);

  ADD (the_whole_record_comes_in_its_time);
  ADD (a_sync_that_was_killed_goes_on_where_it_was);
  ADD (an_idle_exchange_is_short);
  ADD (one_change_comes_quickly);
  ADD (loss_leaves_most_of_the_line_to_use);
  ADD (two_papers_and_their_agenda_come_while_one_waits);

  status = g_test_run ();
  if (status != 0 && link_story != NULL)
    g_printerr ("%s", link_story->str);
  link_close (&place);
  link_remove_spaces (&place);
  g_free (full_laptop);
  return status;
}
