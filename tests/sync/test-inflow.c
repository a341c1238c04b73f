/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "folder.h"
#include "valise-replicator.h"
#include "valise-store-peer.h"

#define SLOW_US     (50 * 1000)  /* that the gate takes over what it does not know the key of */
#define LATE_US     (500 * 1000) /* before a stream begins, as on a slow line */
#define MAX_STREAMS 5
#define WRITTEN_US  (20 * G_USEC_PER_SEC) /* the longest that what came waits to be written */

/* --- a store that has streams, late ones ------------------------------------------------------ */

#define STREAM_TYPE_PEER (stream_peer_get_type ())
G_DECLARE_FINAL_TYPE (StreamPeer, stream_peer, STREAM, PEER, GObject)

struct _StreamPeer
{
  GObject parent_instance;

  ValisePeer *peer;
  guint       streams;   /* asked for */
  guint       given;     /* rows of them */
  guint       documents; /* given, in streams or by name */

  guint last;                        /* when so many rows are given, … */
  void (*last_func) (gpointer data); /* (nullable): … this is called, and nothing answered then */
  gpointer last_data;
  gboolean dead;
};

static void stream_peer_init_peer (ValisePeerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StreamPeer,
                               stream_peer,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_PEER, stream_peer_init_peer))

static const char *
get_name (ValisePeer *peer)
{
  return "a server with streams";
}

static gboolean
get_info (ValisePeer *peer, ValisePeerInfo *info, GCancellable *cancellable, GError **error)
{
  return valise_peer_get_info (STREAM_PEER (peer)->peer, info, cancellable, error);
}

static char *
get_local (ValisePeer *peer, const char *id, GCancellable *cancellable, GError **error)
{
  return valise_peer_get_local (STREAM_PEER (peer)->peer, id, cancellable, error);
}

static gboolean
put_local (ValisePeer   *peer,
           const char   *id,
           const char   *body,
           GCancellable *cancellable,
           GError      **error)
{
  StreamPeer *self = STREAM_PEER (peer);

  if (self->dead)
    {
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY, "dead");
      return FALSE;
    }
  return valise_peer_put_local (self->peer, id, body, cancellable, error);
}

static gboolean
changes (ValisePeer          *peer,
         const char          *since,
         guint                limit,
         guint                wait_ms,
         ValisePeerChangeFunc func,
         gpointer             user_data,
         char               **last_seq,
         gint64              *pending,
         GCancellable        *cancellable,
         GError             **error)
{
  return valise_peer_changes (STREAM_PEER (peer)->peer, since, limit, wait_ms, func, user_data,
                              last_seq, pending, cancellable, error);
}

static gboolean
gather (ValiseDocument *document, gpointer user_data, GError **error)
{
  g_ptr_array_add (user_data, valise_document_ref (document));
  return TRUE;
}

static gboolean
fetch (ValisePeer            *peer,
       GPtrArray             *wants,
       ValisePeerDocumentFunc func,
       gpointer               user_data,
       GCancellable          *cancellable,
       GError               **error)
{
  StreamPeer           *self = STREAM_PEER (peer);
  g_autoptr (GPtrArray) documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  gboolean ok = valise_peer_fetch (self->peer, wants, gather, documents, cancellable, error);

  for (guint i = 0; ok && i < documents->len; i++)
    ok = func (g_ptr_array_index (documents, i), user_data, error);
  self->documents += documents->len;
  return ok;
}

typedef struct
{
  StreamPeer          *self;
  ValisePeerStreamFunc func;
  gpointer             user_data;
  GCancellable        *cancellable;
  GError             **error;
  gboolean             ok;
} Streaming;

static gboolean
live_on (StreamPeer *self, GError **error)
{
  if (self->last_func == NULL || self->given != self->last)
    return TRUE;
  self->last_func (self->last_data);
  self->dead = TRUE;
  g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY, "dead");
  return FALSE;
}

static gboolean
stream_row (const ValisePeerChange *row, gpointer user_data)
{
  Streaming            *streaming = user_data;
  g_autoptr (GPtrArray) documents =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_document_unref);
  g_autoptr (GPtrArray) wants =
      g_ptr_array_new_with_free_func ((GDestroyNotify) valise_peer_want_free);

  g_ptr_array_add (wants, valise_peer_want_new (row->id, row->revs));
  streaming->ok = valise_peer_fetch (streaming->self->peer, wants, gather, documents,
                                     streaming->cancellable, streaming->error)
                  && streaming->func (row, documents, streaming->user_data, streaming->error);
  streaming->self->given++;
  streaming->self->documents += documents->len;
  streaming->ok = streaming->ok && live_on (streaming->self, streaming->error);
  return streaming->ok;
}

static gboolean
stream (ValisePeer                  *peer,
        const char                  *since,
        const ValisePeerStreamQuery *query,
        ValisePeerStreamFunc         func,
        gpointer                     user_data,
        char                       **last_seq,
        GCancellable                *cancellable,
        GError                     **error)
{
  StreamPeer *self = STREAM_PEER (peer);
  Streaming   streaming = { self, func, user_data, cancellable, error, TRUE };
  gint64      pending = 0;

  g_usleep (LATE_US);
  if (++self->streams > MAX_STREAMS)
    {
      g_set_error_literal (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY, "asked in vain");
      return FALSE;
    }
  return valise_peer_changes (self->peer, since, 0, 0, stream_row, &streaming, last_seq, &pending,
                              cancellable, error)
         && streaming.ok;
}

static gboolean
can_stream (ValisePeer *peer)
{
  return TRUE;
}

static void
stream_peer_init_peer (ValisePeerInterface *iface)
{
  iface->get_name = get_name;
  iface->get_info = get_info;
  iface->get_local = get_local;
  iface->put_local = put_local;
  iface->changes = changes;
  iface->fetch = fetch;
  iface->stream = stream;
  iface->can_stream = can_stream;
}

static void
stream_peer_finalize (GObject *object)
{
  g_object_unref (STREAM_PEER (object)->peer);

  G_OBJECT_CLASS (stream_peer_parent_class)->finalize (object);
}

static void
stream_peer_class_init (StreamPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stream_peer_finalize;
}

static void
stream_peer_init (StreamPeer *self)
{
}

/* --- a gate that lacks the key of whatever is a secret, and takes its time to find out ---------
 */

#define LACKING_TYPE_GATE (lacking_gate_get_type ())
G_DECLARE_FINAL_TYPE (LackingGate, lacking_gate, LACKING, GATE, GObject)

struct _LackingGate
{
  GObject parent_instance;
};

static void lacking_gate_init_gate (ValiseGateInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LackingGate,
                               lacking_gate,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALISE_TYPE_GATE, lacking_gate_init_gate))

static gboolean
judge (ValiseGate *gate, const ValiseWrite *write, GError **error)
{
  if (!g_str_has_prefix (write->document->id, "secret:"))
    return TRUE;
  g_usleep (SLOW_US);
  g_set_error_literal (error, VALISE_GATE_ERROR, VALISE_GATE_ERROR_UNKNOWN_KEY, "whose key?");
  return FALSE;
}

static void
lacking_gate_init_gate (ValiseGateInterface *iface)
{
  iface->judge = judge;
}

static void
lacking_gate_class_init (LackingGateClass *klass)
{
}

static void
lacking_gate_init (LackingGate *self)
{
}

/* --- the fixture ------------------------------------------------------------------------------ */

typedef struct
{
  char           *root;
  ValiseDatabase *here;
  ValiseDatabase *there;
  gint64          written; /* documents here, at which it is killed */
  StreamPeer     *source;
  ValisePeer     *target;
} Fixture;

static ValiseDatabase *
open_database (Fixture *fixture, const char *file)
{
  g_autofree char   *path = g_build_filename (fixture->root, file, NULL);
  g_autoptr (GError) error = NULL;
  ValiseDatabase    *database = valise_database_open (path, "public", TRUE, &error);

  g_assert_no_error (error);
  return database;
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->root = g_dir_make_tmp ("valise-XXXXXX", NULL);
  fixture->here = open_database (fixture, "here.sqlite");
  fixture->there = open_database (fixture, "there.sqlite");
  fixture->source = g_object_new (STREAM_TYPE_PEER, NULL);
  fixture->source->peer = valise_store_peer_new (fixture->there);
  fixture->target = valise_store_peer_new (fixture->here);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->source);
  g_assert_finalize_object (fixture->target);
  g_assert_finalize_object (fixture->here);
  g_assert_finalize_object (fixture->there);
  remove_folder (fixture->root);
  g_free (fixture->root);
}

static void
put (Fixture *fixture, const char *id)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"n\":1}", strlen ("{\"n\":1}"));
  g_autoptr (GError) error = NULL;
  g_autofree char *rev = valise_database_put (fixture->there, id, NULL, FALSE, body, NULL, &error);

  g_assert_no_error (error);
}

static void
put_many (Fixture *fixture, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *id = g_strdup_printf ("note:%03u", i);

      put (fixture, id);
    }
}

/* A run as each start of the application makes it. */
static void
run (Fixture *fixture)
{
  g_autoptr (ValiseReplicator) replicator =
      valise_replicator_new (VALISE_PEER (fixture->source), fixture->target, "device");
  g_autoptr (ValiseGate) gate = g_object_new (LACKING_TYPE_GATE, NULL);
  g_autoptr (GError)     error = NULL;

  valise_replicator_set_one_way (replicator, TRUE);
  valise_replicator_add_gate (replicator, gate, "public", VALISE_SOURCE_SERVER);
  valise_replicator_run (replicator, FALSE, NULL, &error);
  if (fixture->source->dead)
    g_assert_error (error, VALISE_PEER_ERROR, VALISE_PEER_ERROR_IDENTITY);
  else
    g_assert_no_error (error);
}

static void
assert_here (Fixture *fixture, gint64 documents)
{
  ValiseDatabaseInfo info = { 0 };

  g_assert_true (valise_database_get_info (fixture->here, &info, NULL));
  g_assert_cmpint (info.documents, ==, documents);
}

/* --- a kill ----------------------------------------------------------------------------------- */

/* Once all that came is written, what the disk holds is set aside. */
static void
set_aside (gpointer data)
{
  static const char *const endings[] = { "", "-wal" };
  Fixture                 *fixture = data;
  ValiseDatabaseInfo       info = { 0 };
  gint64                   until_us = g_get_monotonic_time () + WRITTEN_US;

  while (info.documents < fixture->written && g_get_monotonic_time () < until_us)
    {
      g_usleep (1000);
      g_assert_true (valise_database_get_info (fixture->here, &info, NULL));
    }
  g_assert_cmpint (info.documents, ==, fixture->written);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char   *from = g_strdup_printf ("%s/here.sqlite%s", fixture->root, endings[i]);
      g_autofree char   *to = g_strdup_printf ("%s/left.sqlite%s", fixture->root, endings[i]);
      g_autoptr (GFile)  file = g_file_new_for_path (from), copy = g_file_new_for_path (to);
      g_autoptr (GError) error = NULL;

      g_file_copy (file, copy, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
    }
}

/* A run that is killed once @rows of its stream are written, which makes @written documents; here
 * is then what that left. */
static void
run_until_killed (Fixture *fixture, guint rows, gint64 written)
{
  fixture->written = written;
  fixture->source->given = 0;
  fixture->source->last = rows;
  fixture->source->last_func = set_aside;
  fixture->source->last_data = fixture;
  run (fixture);
  g_assert_true (fixture->source->dead);

  fixture->source->last_func = NULL;
  fixture->source->dead = FALSE;
  g_assert_finalize_object (fixture->target);
  g_assert_finalize_object (fixture->here);
  fixture->here = open_database (fixture, "left.sqlite");
  fixture->target = valise_store_peer_new (fixture->here);
  assert_here (fixture, written);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void
one_that_waits_for_a_key_since_long_does_not_hold_up_news (Fixture *fixture, gconstpointer data)
{
  g_autofree char *list = NULL;

  put (fixture, "note:a");
  put (fixture, "secret:b");
  run (fixture);
  assert_here (fixture, 1);

  /* It is tried again first, and the gate comes to its end while the stream is asked for. */
  put (fixture, "note:c");
  fixture->source->streams = 0;
  run (fixture);
  assert_here (fixture, 2);
  g_assert_cmpuint (fixture->source->streams, ==, 2); /* one gave way to the question for the key */
  list = valise_database_get_local (fixture->here, "quarantine", NULL, NULL);
  g_assert_nonnull (strstr (list, "secret:b"));
}

/* Small ones that come at once, and then none: what is written before the pause is marked in the
 * same transaction. */
static void
what_was_written_when_it_was_killed_does_not_come_again (Fixture *fixture, gconstpointer data)
{
  put_many (fixture, 0, 20);
  run_until_killed (fixture, 13, 13);

  fixture->source->documents = 0;
  run (fixture);
  g_assert_cmpuint (fixture->source->documents, ==, 7);
  assert_here (fixture, 20);
}

/* Here the source has a log, of an earlier run, which counts where the two differ. */
static void
what_was_written_of_news_does_not_come_again (Fixture *fixture, gconstpointer data)
{
  put_many (fixture, 0, 5);
  run (fixture);
  put_many (fixture, 5, 20);
  run_until_killed (fixture, 13, 5 + 13);

  fixture->source->documents = 0;
  run (fixture);
  g_assert_cmpuint (fixture->source->documents, ==, 7);
  assert_here (fixture, 25);
}

#define ADD(test) g_test_add ("/inflow/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (one_that_waits_for_a_key_since_long_does_not_hold_up_news);
  ADD (what_was_written_when_it_was_killed_does_not_come_again);
  ADD (what_was_written_of_news_does_not_come_again);

  return g_test_run ();
}
