/* slow-link.c - a slow, long, lossy line between two network namespaces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: slow-link NAMESPACE-A NAMESPACE-B BITS-PER-SECOND ONE-WAY-MS QUEUE-BYTES LOSS SEED
 *
 * In user space, for kernels without netem: a TUN device "line" in each namespace, and packets
 * carried between the two at a bit rate, through a queue that drops its tail, after a delay.
 * LOSS: of 10,000 packets, pseudo-random by SEED, and for each way by itself, so that the same ones
 * of a way are lost however those of the other come between. A lost packet has used the line.
 *
 * Prints "ready", then answers each line of standard input with one JSON object of counters:
 * "get" alone, "cut" and "mend" after doing so, "zero" after setting them to nothing. Bytes are
 * those of IP packets; a: what A sent. "quiet_ms": since a packet was last delivered. "late_ms":
 * the longest by which one came late since the answer before, because this program did not run: for
 * so long there was no line, and then all at once. Ends with its input.
 */

#include <fcntl.h>
#include <glib.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define PACKET_MAX 65536

typedef struct
{
  gint64 due_us; /* when its last bit arrives */
  gsize  length;
  guint8 bytes[];
} Packet;

typedef struct
{
  int    in, out;
  GQueue packets; /* on the line, in order */
  gint64 free_us; /* when the transmitter has sent what it has */

  guint64 dice;
  guint64 bytes, arrived, carried, dropped, lost;
} Way;

typedef struct
{
  gint64   bits_per_second;
  gint64   delay_us;
  gint64   queue_bytes;
  guint    loss; /* of 10,000 */
  gboolean cut;
  gint64   delivered_us; /* the last packet */
  gint64   late_us;
  Way      ways[2]; /* A to B, B to A */
} Line;

static void G_GNUC_NORETURN
give_up (const char *what)
{
  g_printerr ("slow-link: %s: %s\n", what, g_strerror (errno));
  exit (EXIT_FAILURE);
}

static int
open_device (const char *name)
{
  g_autofree char *path = g_strdup_printf ("/run/netns/%s", name);
  struct ifreq     request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
  int              space = open (path, O_RDONLY | O_CLOEXEC);
  int              device = -1;

  if (space < 0 || setns (space, CLONE_NEWNET) != 0)
    give_up (path);
  close (space);
  device = open ("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  g_strlcpy (request.ifr_name, "line", sizeof request.ifr_name);
  if (device < 0 || ioctl (device, TUNSETIFF, &request) != 0)
    give_up ("/dev/net/tun");
  return device;
}

static gboolean
draw_loss (Way *way, guint loss)
{
  way->dice ^= way->dice << 13;
  way->dice ^= way->dice >> 7;
  way->dice ^= way->dice << 17;
  return way->dice % 10000 < loss;
}

/* Puts @bytes on the line, or drops them where the queue is full. */
static void
send_packet (Line *line, Way *way, const guint8 *bytes, gsize length)
{
  gint64  now = g_get_monotonic_time ();
  gint64  start = MAX (way->free_us, now);
  gint64  waiting = (start - now) * line->bits_per_second / 8 / G_USEC_PER_SEC;
  Packet *packet = NULL;

  if (line->cut)
    return;
  if (waiting + (gint64) length > line->queue_bytes)
    {
      way->dropped++;
      return;
    }
  way->free_us = start + (gint64) length * 8 * G_USEC_PER_SEC / line->bits_per_second;
  way->bytes += length;
  way->carried++;
  if (draw_loss (way, line->loss))
    {
      way->lost++;
      return;
    }
  packet = g_malloc (sizeof *packet + length);
  packet->due_us = way->free_us + line->delay_us;
  packet->length = length;
  memcpy (packet->bytes, bytes, length);
  g_queue_push_tail (&way->packets, packet);
}

static void
take (Line *line, Way *way)
{
  guint8 bytes[PACKET_MAX];
  gssize n = 0;

  while ((n = read (way->in, bytes, sizeof bytes)) > 0)
    send_packet (line, way, bytes, (gsize) n);
}

/* Delivers what has arrived. Returns when the next packet does, or G_MAXINT64. */
static gint64
deliver (Line *line, Way *way)
{
  Packet *packet = NULL;

  while ((packet = g_queue_peek_head (&way->packets)) != NULL
         && packet->due_us <= g_get_monotonic_time ())
    {
      line->late_us = MAX (line->late_us, g_get_monotonic_time () - packet->due_us);
      if (!line->cut && write (way->out, packet->bytes, packet->length) < 0)
        way->lost++;
      way->arrived += packet->length;
      line->delivered_us = g_get_monotonic_time ();
      g_free (g_queue_pop_head (&way->packets));
    }
  return packet != NULL ? packet->due_us : G_MAXINT64;
}

static void
print_counters (Line *line)
{
  const Way *a = &line->ways[0], *b = &line->ways[1];

  g_print ("{\"a_bytes\":%" G_GUINT64_FORMAT ",\"a_arrived\":%" G_GUINT64_FORMAT
           ",\"a_packets\":%" G_GUINT64_FORMAT ",\"a_dropped\":%" G_GUINT64_FORMAT
           ",\"a_lost\":%" G_GUINT64_FORMAT ",\"b_bytes\":%" G_GUINT64_FORMAT
           ",\"b_packets\":%" G_GUINT64_FORMAT ",\"b_dropped\":%" G_GUINT64_FORMAT
           ",\"b_lost\":%" G_GUINT64_FORMAT ",\"on_line\":%u,\"quiet_ms\":%" G_GINT64_FORMAT
           ",\"late_ms\":%" G_GINT64_FORMAT "}\n",
           a->bytes, a->arrived, a->carried, a->dropped, a->lost, b->bytes, b->carried, b->dropped,
           b->lost, a->packets.length + b->packets.length,
           (g_get_monotonic_time () - line->delivered_us) / 1000, line->late_us / 1000);
  line->late_us = 0;
}

static void
obey (Line *line, const char *command)
{
  if (strncmp (command, "cut", 3) == 0)
    line->cut = TRUE;
  else if (strncmp (command, "mend", 4) == 0)
    line->cut = FALSE;
  else if (strncmp (command, "zero", 4) == 0)
    for (guint i = 0; i < 2; i++)
      line->ways[i].bytes = line->ways[i].arrived = line->ways[i].carried = line->ways[i].dropped =
          line->ways[i].lost = 0;
  print_counters (line);
}

/* Waits for a packet, a command, or the time @due_us; FALSE at the end of the input. */
static gboolean
turn (Line *line, gint64 due_us)
{
  struct pollfd   waits[] = { { line->ways[0].in, POLLIN, 0 },
                              { line->ways[1].in, POLLIN, 0 },
                              { STDIN_FILENO, POLLIN, 0 } };
  gint64          wait_us = MAX (due_us == G_MAXINT64 ? 0 : due_us - g_get_monotonic_time (), 0);
  struct timespec wait = { .tv_sec = wait_us / G_USEC_PER_SEC,
                           .tv_nsec = wait_us % G_USEC_PER_SEC * 1000 };

  if (ppoll (waits, G_N_ELEMENTS (waits), due_us == G_MAXINT64 ? NULL : &wait, NULL) < 0)
    give_up ("ppoll");
  for (guint i = 0; i < 2; i++)
    if (waits[i].revents & POLLIN)
      take (line, &line->ways[i]);
  if (waits[2].revents != 0)
    {
      char   command[64] = "";
      gssize n = read (STDIN_FILENO, command, sizeof command - 1);

      if (n <= 0)
        return FALSE;
      obey (line, command);
    }
  return TRUE;
}

int
main (int argc, char *argv[])
{
  Line   line = { 0 };
  gint64 due[2];

  if (argc != 8)
    {
      g_printerr ("usage: slow-link A B BITS-PER-SECOND ONE-WAY-MS QUEUE-BYTES LOSS SEED\n");
      return 2;
    }
  line.bits_per_second = g_ascii_strtoll (argv[3], NULL, 10);
  line.delay_us = g_ascii_strtoll (argv[4], NULL, 10) * 1000;
  line.queue_bytes = g_ascii_strtoll (argv[5], NULL, 10);
  line.loss = (guint) g_ascii_strtoull (argv[6], NULL, 10);
  for (guint i = 0; i < 2; i++)
    line.ways[i].dice = (g_ascii_strtoull (argv[7], NULL, 10) * 2 + i) * 2654435761u + 1;
  line.ways[0].in = line.ways[1].out = open_device (argv[1]);
  line.ways[1].in = line.ways[0].out = open_device (argv[2]);
  g_print ("ready\n");

  do
    for (guint i = 0; i < 2; i++)
      due[i] = deliver (&line, &line.ways[i]);
  while (turn (&line, MIN (due[0], due[1])));
  return EXIT_SUCCESS;
}
