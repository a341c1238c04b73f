/* test-load.c - every delegation at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * So many laptops, each with an account and a database of its own and from an address of its own,
 * sign in and pull at the same moment, over TLS, from one server: in one wave by feed and bulk, as
 * any CouchDB's client, in the next by stream, as ours. Nobody starves, whoever comes meanwhile is
 * answered, and the next wave costs no more memory than the last.
 * VALISE_TEST_COUNT: how many laptops (40; the long form is all 193).
 */

#include "server-fixture.h"

#include "valise-test.h"

#define DOCUMENTS 60 /* of each database, in kB */
#define WAVES     4
#define ANSWER_MS 1000
#define FAIRNESS  3.0
#define GROWTH_KB (12 * 1024)
#define PROBE_US  (100 * 1000)

/* The sanitizers, and the laptops that share these cores with the server, take their time. */
#ifdef __SANITIZE_ADDRESS__
/* As <sanitizer/allocator_interface.h> has it, which comes with another compiler. */
size_t __sanitizer_get_current_allocated_bytes (void);
#define SLOWNESS 4
#else
#define SLOWNESS 1
#endif

typedef struct
{
  Secretariat *secretariat;
  guint        number;
  char        *account;
  char        *password;
  char        *database;
  GThread     *thread;
  gboolean     streams; /* in this wave */
  double       seconds; /* of the last wave */
} Guest;

typedef struct
{
  Secretariat secretariat;
  guint       n;
  Guest      *guests;
} Fixture;

static GMutex   gate_mutex;
static GCond    gate_cond;
static gboolean gate_open;
static gint     waves_left; /* laptops that have not finished; atomic */

/* --- laptops --------------------------------------------------------------------------------- */

/* From 127.A.B.1: the server counts connections by address. */
static Wire *
open_from (guint16 port, guint number)
{
  Wire              *wire = g_new0 (Wire, 1);
  struct sockaddr_in from = { .sin_family = AF_INET };
  struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons (port) };

  from.sin_addr.s_addr = htonl (0x7f000001u + ((number / 200 + 1) << 16) + ((number % 200) << 8));
  where.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  wire->read = g_byte_array_new ();
  wire->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (wire->fd, (struct sockaddr *) &from, sizeof from), ==, 0);
  g_assert_cmpint (connect (wire->fd, (struct sockaddr *) &where, sizeof where), ==, 0);
  g_assert_true (wire_handshake (wire, "NORMAL"));
  return wire;
}

static Reply *
ask (Wire *wire, const char *method, const char *path, const char *headers, const char *body)
{
  g_autofree char *all =
      g_strconcat (headers != NULL ? headers : "",
                   body != NULL ? "Content-Type: application/json\r\n" : "", NULL);
  Reply *reply = NULL;

  g_assert_true (wire_request (wire, method, path, all, body, body != NULL ? strlen (body) : 0));
  reply = wire_read (wire, FALSE);
  g_assert_nonnull (reply);
  g_assert_false (reply->cut);
  return reply;
}

static char *
sign_in (Wire *wire, const Guest *guest)
{
  g_autofree char *body =
      g_strdup_printf ("{\"name\":\"%s\",\"password\":\"%s\"}", guest->account, guest->password);
  g_autoptr (Reply) reply = ask (wire, "POST", "/_session", NULL, body);
  g_auto (GStrv)    parts = NULL;

  g_assert_cmpuint (reply->status, ==, 200);
  parts = g_strsplit (g_hash_table_lookup (reply->headers, "set-cookie"), ";", 2);
  return g_strdup_printf ("Cookie: %s\r\n", parts[0]);
}

static void
pull_stream (const Guest *guest, Wire *wire, const char *cookie)
{
  g_autofree char  *path = g_strdup_printf ("/%s/_valise/stream", guest->database);
  g_autoptr (Reply) documents = ask (wire, "POST", path, cookie, "{}");

  g_assert_cmpuint (documents->status, ==, 200);
  g_assert_cmpuint (documents->body->len, >, DOCUMENTS * 1000);
}

/* What a first sync asks elsewhere: the feed, then the documents. */
static void
pull_pages (const Guest *guest, Wire *wire, const char *cookie)
{
  g_autofree char    *feed = g_strdup_printf ("/%s/_changes?style=all_docs", guest->database);
  g_autofree char    *bulk = g_strdup_printf ("/%s/_bulk_get?revs=true", guest->database);
  g_autoptr (GString) wants = g_string_new ("{\"docs\":[");
  g_autoptr (Reply)   changes = ask (wire, "GET", feed, cookie, NULL), documents = NULL;

  g_assert_cmpuint (changes->status, ==, 200);
  for (guint i = 0; i < DOCUMENTS; i++)
    g_string_append_printf (wants, "%s{\"id\":\"doc-%u\"}", i > 0 ? "," : "", i);
  g_string_append (wants, "]}");
  documents = ask (wire, "POST", bulk, cookie, wants->str);
  g_assert_cmpuint (documents->status, ==, 200);
  g_assert_cmpuint (documents->body->len, >, DOCUMENTS * 1000);
}

static void
pull (const Guest *guest)
{
  g_autoptr (Wire) wire = open_from (guest->secretariat->port, guest->number);
  g_autofree char *cookie = sign_in (wire, guest);

  (guest->streams ? pull_stream : pull_pages) (guest, wire, cookie);
}

static gpointer
guest_thread (gpointer data)
{
  Guest *guest = data;
  gint64 start = 0;

  g_mutex_lock (&gate_mutex);
  while (!gate_open)
    g_cond_wait (&gate_cond, &gate_mutex);
  g_mutex_unlock (&gate_mutex);
  start = g_get_monotonic_time ();
  pull (guest);
  guest->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_atomic_int_add (&waves_left, -1);
  return NULL;
}

/* --- the secretariat ------------------------------------------------------------------------- */

/* Joined as by an invitation. */
static void
add_account (Secretariat *secretariat, Guest *guest)
{
  ValiseAccounts *accounts =
      valise_office_get_accounts (valise_server_get_office (secretariat->server));
  g_autoptr (GError)       error = NULL;
  g_autofree char         *token = valise_accounts_invite (accounts, "A Person", "xke", "delegate",
                                                           valise_clock_now () + G_TIME_SPAN_DAY, &error);
  g_autoptr (ValiseKey)    device = valise_key_generate (&error);
  g_autoptr (ValisePerson) person = NULL;

  g_assert_no_error (error);
  person = valise_accounts_join (accounts, token, valise_key_get_public (device), "laptop",
                                 &guest->password, &error);
  g_assert_no_error (error);
  guest->account = g_strdup (person->account);
}

static void
add_database (Secretariat *secretariat, Guest *guest)
{
  static const char   members[] = "{\"members\":{\"names\":[],\"roles\":[\"delegate\"]}}";
  g_autofree char    *path = g_strdup_printf ("/%s", guest->database);
  g_autofree char    *security = g_strdup_printf ("/%s/_security", guest->database);
  g_autofree char    *bulk = g_strdup_printf ("/%s/_bulk_docs", guest->database);
  g_autoptr (GString) docs = g_string_new ("{\"docs\":[");

  for (guint i = 0; i < DOCUMENTS; i++)
    {
      g_string_append_printf (docs, "%s{\"_id\":\"doc-%u\",\"text\":\"", i > 0 ? "," : "", i);
      for (guint j = 0; j < 128; j++)
        g_string_append_printf (docs, "%08x", (guest->number * 7919 + i) * 2654435761u * (j + 1));
      g_string_append (docs, "\"}");
    }
  g_string_append (docs, "]}");
  g_free (secretariat_expect (secretariat, secretariat->admin, "PUT", path, NULL, 201));
  g_free (secretariat_expect (secretariat, secretariat->admin, "PUT", security, members, 200));
  g_free (secretariat_expect (secretariat, secretariat->admin, "POST", bulk, docs->str, 201));
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  secretariat_init (&fixture->secretariat, NULL, NULL);
  fixture->n = valise_test_count (40);
  fixture->guests = g_new0 (Guest, fixture->n);
  for (guint i = 0; i < fixture->n; i++)
    {
      Guest *guest = &fixture->guests[i];

      guest->secretariat = &fixture->secretariat;
      guest->number = i;
      guest->database = g_strdup_printf ("own-%u", i);
      add_account (&fixture->secretariat, guest);
      add_database (&fixture->secretariat, guest);
    }
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < fixture->n; i++)
    {
      g_free (fixture->guests[i].account);
      g_free (fixture->guests[i].password);
      g_free (fixture->guests[i].database);
    }
  g_free (fixture->guests);
  secretariat_clear (&fixture->secretariat);
}

/* --- waves ----------------------------------------------------------------------------------- */

/* Comes anew, asks for the server's greeting; how long it took, in ms. */
static gint64
knock (Secretariat *secretariat)
{
  gint64            start = g_get_monotonic_time ();
  g_autoptr (Wire)  wire = open_from (secretariat->port, 399);
  g_autoptr (Reply) reply = ask (wire, "GET", "/", NULL, NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  return (g_get_monotonic_time () - start) / 1000;
}

/* Lets all go at once, knocking meanwhile; the longest wait at the door, in ms. */
static gint64
run_wave (Fixture *fixture, gboolean streams)
{
  gint64 longest = 0;

  gate_open = FALSE;
  g_atomic_int_set (&waves_left, (gint) fixture->n);
  for (guint i = 0; i < fixture->n; i++)
    {
      fixture->guests[i].streams = streams;
      fixture->guests[i].thread = g_thread_new ("laptop", guest_thread, &fixture->guests[i]);
    }
  g_mutex_lock (&gate_mutex);
  gate_open = TRUE;
  g_cond_broadcast (&gate_cond);
  g_mutex_unlock (&gate_mutex);
  while (g_atomic_int_get (&waves_left) > 0)
    {
      longest = MAX (longest, knock (&fixture->secretariat));
      g_usleep (PROBE_US);
    }
  for (guint i = 0; i < fixture->n; i++)
    g_thread_join (fixture->guests[i].thread);
  return longest;
}

static int
compare_seconds (gconstpointer a, gconstpointer b)
{
  double first = ((const Guest *) a)->seconds, second = ((const Guest *) b)->seconds;

  return (first > second) - (first < second);
}

/* What is resident; with the sanitizer, which keeps what is freed, what is in use. */
static gint64
memory_kb (void)
{
#ifdef __SANITIZE_ADDRESS__
  return (gint64) __sanitizer_get_current_allocated_bytes () / 1024;
#else
  g_autofree char *status = NULL;
  const char      *line = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, "VmRSS:");
  return line != NULL ? g_ascii_strtoll (line + strlen ("VmRSS:"), NULL, 10) : 0;
#endif
}

static void
nobody_starves_and_memory_stays_flat (Fixture *fixture, gconstpointer data)
{
  gint64 before = 0, after = 0;

  for (guint wave = 0; wave < WAVES; wave++)
    {
      gint64 longest = run_wave (fixture, wave % 2 == 1);
      double median = 0, slowest = 0;

      qsort (fixture->guests, fixture->n, sizeof *fixture->guests, compare_seconds);
      median = fixture->guests[fixture->n / 2].seconds;
      slowest = fixture->guests[fixture->n - 1].seconds;
      after = memory_kb ();
      g_test_message (
          "wave %u: %u laptops, median %.2f s, slowest %.2f s; a newcomer waited %" G_GINT64_FORMAT
          " ms at most; %" G_GINT64_FORMAT " kB",
          wave + 1, fixture->n, median, slowest, longest, after);
      g_assert_cmpfloat (slowest, <=, FAIRNESS * median);
      g_assert_cmpint (longest, <=, ANSWER_MS * SLOWNESS);
      if (wave == 1) /* each kind has warmed what it keeps */
        before = after;
    }
  g_assert_cmpint (after - before, <=, GROWTH_KB);
}

/* A flood of wrong passwords from one address neither holds up the rest nor goes on for long. */
static void
wrong_passwords_hold_nobody_up (Fixture *fixture, gconstpointer data)
{
  Secretariat     *secretariat = &fixture->secretariat;
  g_autoptr (Wire) wire = open_from (secretariat->port, 398);
  guint            refused = 0, slowed = 0;
  gint64           longest = 0;
  g_autofree char *body =
      g_strdup_printf ("{\"name\":\"%s\",\"password\":\"wrong\"}", fixture->guests[0].account);

  for (guint i = 0; i < 30; i++)
    {
      g_autoptr (Reply) reply = ask (wire, "POST", "/_session", NULL, body);

      refused += reply->status == 401;
      slowed += reply->status == 429;
      longest = MAX (longest, knock (secretariat));
    }
  g_test_message ("%u refused, %u told to wait; a newcomer waited %" G_GINT64_FORMAT " ms at most",
                  refused, slowed, longest);
  g_assert_cmpuint (refused, <=, 15);
  g_assert_cmpuint (slowed, >=, 15);
  g_assert_cmpint (longest, <=, ANSWER_MS * SLOWNESS);
  pull (&fixture->guests[0]); /* from elsewhere, the account's own still gets in */
}

#define ADD(test) g_test_add ("/load/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (nobody_starves_and_memory_stays_flat);
  ADD (wrong_passwords_hold_nobody_up);

  return g_test_run ();
}
